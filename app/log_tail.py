"""The last lines of the program's log, for the service page."""

from __future__ import annotations

import re
from pathlib import Path

from app.logging_setup import LOG_NAME
from ui.serviceview import LogLine

_BYTES = 64 * 1024  # some 500 lines
_LINE = re.compile(r"^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)\.\d{3} (\w+) \S+ (.*)$")
LEVELS = ("debug", "info", "warning", "error")


def last_lines(directory: Path, most: int = 300) -> tuple[LogLine, ...]:
    """The last lines of the log in `directory`, oldest first; none when there is no log.

    Lines of a traceback go with the line that they belong to.  Raises `OSError` when it is there and cannot be read.
    """
    path = directory / LOG_NAME
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            start = max(0, file.tell() - _BYTES)
            file.seek(start)
            text = file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ()
    lines = text.splitlines()
    found: list[LogLine] = []
    for line in lines[1:] if start else lines:
        if (parts := _LINE.match(line)) is not None:
            level = parts[2].lower()
            found.append(LogLine(parts[1], level if level in LEVELS else "error", parts[3]))
        elif found and (said := line.strip()):
            last = found[-1]
            found[-1] = LogLine(last.time, last.level, f"{last.text} | {said}")
    return tuple(found[-most:])
