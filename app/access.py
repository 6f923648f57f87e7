"""The codes of service and administration: hashes in a file, wrong tries counted there, growing waits."""

from __future__ import annotations

import json
import logging
import math
import os
import stat
import sys
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.case.files import write_whole
from ui.serviceview import Role

log = logging.getLogger(__name__)

CODED = (Role.SERVICE, Role.ADMINISTRATION)  # clinical needs none
SHORTEST, LONGEST = 6, 12
TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 3600.0
# One lane: more would take processor cores from the bus and the picture.  The rest are the library's own figures.
_HASHER = PasswordHasher(parallelism=1)
_FILE_VERSION = 1


class AccessError(Exception):
    """A code was not taken or not set.  The text is fit for the user as it stands."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is kept of one role: its code's hash, the wrong tries since the last right one, the last one's time."""

    hash: str
    failed: int = 0
    failed_at_s: float = 0.0  # seconds since 1970; a wait must survive a restart


def wait_after(failed: int) -> float:
    """Seconds to wait after so many wrong tries in a row: none before the fifth, then 30 s, doubled to an hour."""
    if failed < TRIES:
        return 0.0
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failed - TRIES, 16))


def wrong_code(code: str) -> str:
    """Why `code` cannot be a code; empty when it can."""
    if not (code.isascii() and code.isdecimal() and SHORTEST <= len(code) <= LONGEST):
        return f"A code has {SHORTEST} to {LONGEST} digits and nothing else."
    if code in "01234567890123456789" or code in "98765432109876543210" or len(set(code)) == 1:
        return "This code is guessed first. Take one without a row or a single digit."
    return ""


class CodeBook:
    """The file of codes.  Read anew at each use: the command line may change it while a tower runs.

    A try is counted on the disk before it is judged, so that neither a restart nor a kill gives another one free.
    Times are seconds since 1970 and come in.  Calls may come from several threads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def roles(self) -> frozenset[Role]:
        """The roles that have a code.  Raises `AccessError` when the file cannot be read."""
        return frozenset(self._read())

    def wait_s(self, role: Role, now_s: float) -> float:
        """Seconds until the next try for `role` is taken; 0 when it is taken now.  Raises `AccessError`."""
        entry = self._read().get(role)
        if entry is None:
            return 0.0
        wait_s = wait_after(entry.failed)
        passed_s = now_s - entry.failed_at_s
        # A clock that was set back must neither free the tries nor bar them for longer than meant.
        return wait_s if passed_s < 0 else max(0.0, wait_s - passed_s)

    def check(self, role: Role, code: str, now_s: float) -> None:
        """Take the code as this role's.  Raises `AccessError`, which says why not and what to do."""
        with self._lock:
            entries = self._read()
            if role not in entries:
                raise AccessError(no_code(role))
            if (left_s := self.wait_s(role, now_s)) > 0:
                raise AccessError(f"Too many wrong codes. Wait {wait_text(left_s)}.")
            entry = entries[role]
            tried = replace(entry, failed=entry.failed + 1, failed_at_s=now_s)
            self._write(entries | {role: tried})
            try:
                _HASHER.verify(entry.hash, code)
            except VerificationError:
                log.warning("access: wrong code for %s, %d in a row", role, tried.failed)
                raise AccessError(_wrong(tried.failed)) from None
            except InvalidHashError:
                raise self._damaged(f"the hash of {role} is none") from None
            self._write(entries | {role: replace(entry, failed=0, failed_at_s=0.0)})
            log.info("access: code for %s taken", role)

    def set(self, role: Role, code: str) -> None:
        """Give the role this code; its wrong tries are forgotten.  Raises `AccessError`."""
        if problem := wrong_code(code):
            raise AccessError(problem)
        with self._lock:
            self._write(self._read() | {role: _Entry(_HASHER.hash(code))})
        log.info("access: new code for %s", role)

    def _read(self) -> dict[Role, _Entry]:
        try:
            text = self._path.read_text(encoding="utf-8")
            self._tighten()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise AccessError(f"The codes in {self._path} cannot be read: {error}. No code is taken.") from None
        try:
            data = json.loads(text)
            return {Role(name): _entry(found) for name, found in data["roles"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(str(error)) from None

    def _write(self, entries: dict[Role, _Entry]) -> None:
        roles = {str(role): asdict(entry) for role, entry in sorted(entries.items())}
        data = json.dumps({"version": _FILE_VERSION, "roles": roles}, indent=1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._path, data.encode(), 0o600)
        except OSError as error:
            raise AccessError(
                f"The codes in {self._path} cannot be written: {error.strerror or error}. No code is taken;"
                " give this user the right to the folder."
            ) from None

    def _tighten(self) -> None:
        """Rights that others were given are taken back; whoever could read the hashes can try codes elsewhere."""
        if sys.platform == "win32":
            return
        mode = stat.S_IMODE(self._path.stat().st_mode)
        if mode & 0o077:
            log.warning("access: %s could be read by others (%o); its rights are corrected", self._path, mode)
            os.chmod(self._path, 0o600)  # noqa: PTH101 - beside the stat above

    def _damaged(self, why: str) -> AccessError:
        return AccessError(
            f"The codes in {self._path} are damaged ({why}). No code is taken; remove the file and set the codes again."
        )


def no_code(role: Role) -> str:
    """What is to be done when a role has no code."""
    return f"No code is set. On this machine: main.py access set-code {role}"


def wait_text(seconds: float) -> str:
    """A time to wait, rounded up: "30 s", "8 min"."""
    return f"{math.ceil(seconds)} s" if seconds <= 90 else f"{math.ceil(seconds / 60)} min"


def _wrong(failed: int) -> str:
    if (wait_s := wait_after(failed)) > 0:
        return f"Wrong code. Wait {wait_text(wait_s)} before the next try."
    left = TRIES - failed
    return f"Wrong code. {left} {'try' if left == 1 else 'tries'} left."


def _entry(found: object) -> _Entry:
    if not isinstance(found, dict) or set(found) != {"hash", "failed", "failed_at_s"}:
        raise ValueError("an entry is not built as it should be")
    values = found["hash"], found["failed"], found["failed_at_s"]
    if not (isinstance(values[0], str) and type(values[1]) is int and isinstance(values[2], int | float)):
        raise ValueError("an entry holds values of another kind")
    if values[1] < 0 or not math.isfinite(values[2]):
        raise ValueError("an entry holds impossible figures")
    return _Entry(values[0], values[1], float(values[2]))
