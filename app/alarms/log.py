"""The alarm log that survives a restart: JSON lines in the log's folder, one for each change of an alarm.

Each line goes to the system in one write, so that a killed program loses at most the line it was writing; a thread
brings what was written to the disk, so that a power cut loses little more, and nobody waits for it.  Two files take
turns: when one is full the other is given up, so that at least `KEPT` entries are always there.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import threading
import time
import uuid
from collections import deque
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from app import __version__

log = logging.getLogger(__name__)

FILE_NAME = "alarms.jsonl"
OLDER_NAME = "alarms.1.jsonl"
KEPT = 5000  # entries a file; clinical.md asks for 1000 or more
RUN_STARTED = "run started"
RUN_ENDED = "run ended"
PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class AlarmEntry:
    """One line.  `wall` is local time with its offset, ISO 8601; `monotonic_s` tells durations within one run."""

    wall: str
    monotonic_s: float
    run: str  # the same for all entries of one run of the program
    version: str
    name: str
    priority: str  # empty where no one alarm is meant
    change: str
    note: str = ""


_TYPES: dict[str, type | tuple[type, ...]] = {
    field.name: (int, float) if field.name == "monotonic_s" else str for field in fields(AlarmEntry)
}


class AlarmLog:
    """Opened once a run.  A folder or file that cannot be used is said by `failed`, never raised: alarms go on."""

    def __init__(self, directory: Path, *, kept: int = KEPT) -> None:
        """Read what is there, set damaged files aside, and write the line of this run's start."""
        self._path, self._older = directory / FILE_NAME, directory / OLDER_NAME
        self._kept = kept
        self.run = uuid.uuid4().hex[:12]
        self.failed = ""  # why it cannot be written; empty when it can
        self.notices: list[str] = []  # what the people at the screen should know of the log itself
        self._file: int | None = None
        self._lock = threading.Lock()  # over the file's number: the syncing thread uses it as well
        self._to_sync = threading.Event()
        self._ending = False
        older, newer = self._read(self._older), self._read(self._path)
        self._in_file = len(newer)
        self._entries: deque[AlarmEntry] = deque([*older, *newer], maxlen=2 * kept)
        unended = bool(self._entries) and self._entries[-1].change != RUN_ENDED
        self._syncer = threading.Thread(target=self._sync, name="alarm-log", daemon=True)
        self._syncer.start()
        self.write(time.monotonic(), PROGRAM, "", RUN_STARTED, "the run before was not ended" if unended else "")

    @property
    def path(self) -> Path:
        """The file that is written now."""
        return self._path

    def entries(self, limit: int = 1000) -> tuple[AlarmEntry, ...]:
        """The latest entries, newest first, of this and earlier runs."""
        count = max(0, min(limit, len(self._entries)))
        return tuple(self._entries[-1 - at] for at in range(count))

    def write(self, time_s: float, name: str, priority: str, change: str, note: str = "") -> AlarmEntry:
        """Add an entry that happened at `time_s` (monotonic), and return it."""
        wall = datetime.now(UTC).astimezone().isoformat(timespec="milliseconds")
        entry = AlarmEntry(wall, round(time_s, 3), self.run, __version__, name, priority, change, note)
        self._entries.append(entry)
        try:
            self._append(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
            self.failed = ""
        except OSError as error:
            if not self.failed:
                log.error("the alarm log %s cannot be written: %s", self._path, error.strerror or error)
            self.failed = error.strerror or str(error)
        return entry

    def close(self) -> None:
        """Write the line of this run's end and bring all to the disk."""
        if self._ending:
            return
        self.write(time.monotonic(), PROGRAM, "", RUN_ENDED)
        self._ending = True
        self._to_sync.set()
        self._syncer.join(5.0)
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _append(self, line: str) -> None:
        with self._lock:
            if self._file is not None and self._in_file >= self._kept:
                os.close(self._file)
                self._file = None
                self._path.replace(self._older)
                self._in_file = 0
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            data, size = line.encode(), os.fstat(self._file).st_size
            if os.write(self._file, data) != len(data):
                os.ftruncate(self._file, size)  # half a line is none
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._in_file += 1
        self._to_sync.set()

    def _sync(self) -> None:
        """Bring what was written to the disk, in a thread of its own: a slow disk takes its time."""
        while not self._ending:
            self._to_sync.wait()
            self._to_sync.clear()
            with self._lock:
                copy = os.dup(self._file) if self._file is not None else None
            if copy is None:
                continue
            try:
                os.fsync(copy)
            except OSError as error:
                log.error("the alarm log %s does not reach the disk: %s", self._path, error.strerror)
            finally:
                os.close(copy)

    def _read(self, path: Path) -> list[AlarmEntry]:
        """The entries of one file.  A torn last line is what a killed program leaves; other damage sets it aside."""
        if not path.is_file():  # not there; or a folder or a device, which writing will tell
            return []
        try:
            data = path.read_bytes()
        except OSError as error:
            log.error("the alarm log %s cannot be read: %s", path, error.strerror)
            return []
        entries, bad, torn = parse(data)
        if not bad:
            if torn:
                with contextlib.suppress(OSError):  # not writable: the first entry says so
                    os.truncate(path, len(data) - torn)
            return entries
        aside = path.with_name(f"{path.stem}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{path.suffix}")
        try:
            path.replace(aside)
            rescued = b"".join(_line(entry) for entry in entries)
            part = path.with_suffix(".part")
            part.write_bytes(rescued)
            part.replace(path)
        except OSError as error:
            log.error("the damaged alarm log %s cannot be set aside: %s", path, error.strerror)
            return entries
        text = f"Alarm log: {bad} lines of {path.name} were damaged; the file was kept as {aside.name}"
        log.warning("%s; its %d good lines go on in a new one", text, len(entries))
        self.notices.append(text)
        return entries


def parse(data: bytes) -> tuple[list[AlarmEntry], int, int]:
    """(entries, damaged lines, bytes of a torn last line) of a file."""
    *whole, last = data.split(b"\n")
    entries: list[AlarmEntry] = []
    bad = 0
    for line in whole:
        try:
            entry = AlarmEntry(**json.loads(line))
        except (ValueError, TypeError):
            bad += 1
            continue
        if all(isinstance(value, _TYPES[name]) for name, value in asdict(entry).items()):
            entries.append(entry)
        else:
            bad += 1
    return entries, bad, len(last)


def read_entries(directory: Path) -> list[AlarmEntry]:
    """All entries in `directory`, oldest first, changing nothing.  Raises `OSError` where a file cannot be read."""
    entries: list[AlarmEntry] = []
    for name in (OLDER_NAME, FILE_NAME):
        path = directory / name
        if path.is_file():
            entries += parse(path.read_bytes())[0]
    return entries


def _line(entry: AlarmEntry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n"
