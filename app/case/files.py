"""Files of a case: their names in UTC, whole or not at all, and errors in words."""

from __future__ import annotations

import contextlib
import errno
import os
from datetime import UTC, datetime
from pathlib import Path

STOP_FREE_MB = 100  # a recording ends here, while there is room to close its films well, and for the log

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}
_NO_RIGHT = {errno.EACCES, errno.EPERM, errno.EROFS}


class CaseError(Exception):
    """Something of the case could not be kept.  The text says what, why, and what to do."""


def stamp(now: datetime) -> str:
    """A time as it stands in file names: 20261122T081519.123Z.  `now` must know its time zone."""
    if now.tzinfo is None:
        raise ValueError("a time with its zone is needed, so that names are in UTC")
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f")[:-3] + "Z"


def explain(error: OSError, path: Path) -> str:
    """What went wrong with `path` and what to do."""
    if error.errno in _NO_SPACE:
        return f"no space left for {path}: delete or move old recordings, then try again"
    if error.errno in _NO_RIGHT:
        return f"no right to write {path}: give this user the right, or set another [recording] directory"
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return f"{path} cannot be made, because a file stands in a folder's place: set another [recording] directory"
    return f"cannot write {path}: {error.strerror or error}; check the disk or set another [recording] directory"


def make_directory(path: Path) -> None:
    """Make the folder, with its parents.  Raises `OSError`."""
    path.mkdir(parents=True, exist_ok=True)


def free_name(path: Path) -> Path:
    """`path`, or with -2, -3... before its suffix when that is taken: nothing is ever overwritten."""
    candidate, count = path, 1
    while candidate.exists() or candidate.is_symlink():
        count += 1
        candidate = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return candidate


def write_whole(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write `data` so that `path` holds all of it or is not there (or is as before), also after a power cut.

    `mode`: the new file's rights, as far as the user's mask leaves them.  Raises `OSError`; then no part is left
    behind.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)  # left by a power cut; its rights would be kept
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):  # the first error is the one to report
            part.unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    """Put the new name itself on the disk.  Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot sync folders, such as some network ones
            raise
    finally:
        os.close(descriptor)
