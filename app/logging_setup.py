"""The program's own log: a rotating file with everything, standard error with warnings in one line each."""

from __future__ import annotations

import contextlib
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_NAME = "limpid.log"
_FILE_BYTES = 2_000_000
_FILES_KEPT = 5


class _OneLine(logging.Formatter):
    """What a person at a terminal reads: a sentence, never a traceback.  The file has the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return f"limpid: {record.levelname.lower()}: {record.getMessage()}"


class _Screen(logging.Handler):
    """Writes to what is standard error at the time; a windowed bundle on Windows has none."""

    def emit(self, record: logging.LogRecord) -> None:
        if sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):  # closed or gone: there is nobody left to tell
                sys.stderr.write(self.format(record) + "\n")


class _File(RotatingFileHandler):
    """A rotating file; when it takes no more, that is said in a sentence, once."""

    _said = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - the base class names it
        if not self._said:
            self._said = True
            reason = sys.exc_info()[1]
            if sys.stderr is not None:
                with contextlib.suppress(OSError, ValueError):
                    sys.stderr.write(f"limpid: warning: the log {self.baseFilename} takes no more lines: {reason}\n")


def set_up_logging(directory: Path, level: str = "info") -> Path | None:
    """Log to `directory`/limpid.log from `level` on, and warnings to standard error.

    Returns the file, or None with a warning when it cannot be written: a full disk does not stop the tower.  Calling
    it again replaces what an earlier call set up.
    """
    root = logging.getLogger()
    shut_down_logging()
    root.setLevel(min(logging.getLevelName(level.upper()), logging.WARNING))
    screen = _Screen(logging.WARNING)
    screen.setFormatter(_OneLine())
    _own(screen)
    path = directory / LOG_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file = _File(path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT - 1, encoding="utf-8")
    except OSError as error:
        logging.getLogger(__name__).warning(
            "no log is written: %s: %s; set another [log] directory", path, error.strerror or error
        )
        return None
    file.setLevel(level.upper())
    file.setFormatter(
        logging.Formatter(
            "%(asctime)s.%(msecs)03d %(levelname)s %(threadName)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
        )
    )
    _own(file)
    return path


def shut_down_logging() -> None:
    """Close what `set_up_logging` opened."""
    root = logging.getLogger()
    while _handlers:
        handler = _handlers.pop()
        root.removeHandler(handler)
        with contextlib.suppress(OSError):  # a full disk refuses the last lines; that was said when it began
            handler.close()


_handlers: list[logging.Handler] = []


def _own(handler: logging.Handler) -> None:
    _handlers.append(handler)
    logging.getLogger().addHandler(handler)
