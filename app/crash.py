"""What happens to an exception nobody caught: logged, told to the control unit; the user reads a sentence."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TextIO

log = logging.getLogger(__name__)

CRASH_LOG_NAME = "crash.log"  # only what kills the interpreter itself: segmentation faults and the like
_SAY_AGAIN_AFTER_S = 5.0


class CrashHook:
    """Catches what reaches the top of any thread, slots of Qt among them.

    The first time an exception comes from a place, its traceback goes to the log and `on_crash` is called with a
    sentence and False, in the thread that failed.  A slot of a 50 Hz timer fails 50 times a second: repeats are
    counted, and told again after 5 s, with True.
    """

    def __init__(self, log_directory: Path, on_crash: Callable[[str, bool], None] | None = None) -> None:
        self.on_crash = on_crash  # may be set later, when there is a tower to make safe
        self._directory = log_directory
        self._lock = threading.Lock()
        self._said_s: dict[str, float] = {}
        self._repeats: dict[str, int] = {}
        self._fault_file: TextIO | None = None

    def install(self) -> None:
        """Take over the hooks of Python; `faulthandler` writes to crash.log in the log's folder."""
        sys.excepthook = self._main_hook
        threading.excepthook = self._thread_hook
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._fault_file = (self._directory / CRASH_LOG_NAME).open("a", encoding="utf-8")
        except OSError as error:
            log.warning("no crash log is written: %s: %s", self._directory, error.strerror or error)
            return
        faulthandler.enable(self._fault_file)

    def uninstall(self) -> None:
        """Give the hooks back to Python."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None

    def _main_hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.stderr.write("limpid: interrupted\n")
            return
        self._handle(error, trace, threading.current_thread().name)

    def _thread_hook(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is None or issubclass(args.exc_type, SystemExit):
            return
        self._handle(args.exc_value, args.exc_traceback, args.thread.name if args.thread else "unknown")

    def _handle(self, error: BaseException, trace: TracebackType | None, thread: str) -> None:
        frames = traceback.extract_tb(trace)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
        signature = f"{type(error).__name__} at {place}"
        now_s = time.monotonic()
        with self._lock:
            said_s = self._said_s.get(signature)
            if said_s is not None and now_s - said_s < _SAY_AGAIN_AFTER_S:
                self._repeats[signature] = self._repeats.get(signature, 0) + 1
                return
            self._said_s[signature] = now_s
            repeats = self._repeats.pop(signature, 0)
        text = f"Fault in the program ({signature}, thread {thread})"
        if repeats:
            text += f", {repeats} more times since it was last told"
        log.critical("%s; what led to it stands in %s", text, self._directory, exc_info=(type(error), error, trace))
        if self.on_crash is None:
            return
        try:
            self.on_crash(text, said_s is not None)
        except Exception:  # the last line of defence: a fault in telling must not hide the fault itself
            log.critical("the fault could not be told to the tower", exc_info=True)
