"""What the tower and the process of the enhanced view hand each other: short messages, and pictures in shared memory.

A message is JSON behind its length in bytes (4, little-endian).  The tower asks, the process answers, one at a time:

    tower    {"width": W, "height": H}                                   warm up at this size
    process  {"ready": true} or {"unusable": TEXT}
    tower    {"frame": ID, "captured_s": S, "shape": [H, W, 3], "slot": BYTES, "anew": BOOL, "exposure_share": SHARE}
    process  {"action": ..., "made": BOOL, ...} (`told`) or {"error": TEXT}

The grabbed picture lies in the first slot of the shared memory before the tower asks; where `made` is true, the
enhanced one lies in the second when the process has answered.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import struct
import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from vision.frames import Action, EnhancedFrame, Fault, Frame, Picture, Rung

Message = dict[str, Any]

_LENGTH = struct.Struct("<I")
_LONGEST = 1 << 20  # bytes of a message; the longest that is sent has some hundred
_IN_MEMORY = Path("/dev/shm")  # where files never see a disk; elsewhere the system's folder for temporary files
GRABBED, ENHANCED = 0, 1  # slots


class WireError(Exception):
    """What came is no message of the other side."""


def send(stream: IO[bytes], message: Message) -> None:
    """Write one message.  Raises `OSError` when the other side has gone."""
    data = json.dumps(message, separators=(",", ":")).encode()
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Wait for one message; None when the other side has gone.  Raises `WireError`."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LONGEST:
        raise WireError(f"expected a message of at most {_LONGEST} bytes, one of {length} is announced")
    data = stream.read(length)
    if len(data) < length:
        return None
    try:
        message = json.loads(data)
    except ValueError as error:
        raise WireError(f"expected JSON, came {data[:80]!r}") from error
    if not isinstance(message, dict):
        raise WireError(f"expected an object, came {data[:80]!r}")
    return message


class SharedPictures:
    """Two slots of memory that both processes see, as a file that only exists in memory where the system has such."""

    def __init__(self, path: Path | None = None) -> None:
        """`path`: the file that the other process has made; None: make one.  Raises `OSError`."""
        self._owner = path is None
        if path is None:
            handle, name = tempfile.mkstemp(
                prefix=f"limpid-{os.getpid()}-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None
            )
            self._file, path = os.fdopen(handle, "r+b"), Path(name)
        else:
            self._file = path.open("r+b")
        self.path = path
        self.slot = 0  # bytes of one
        self._map: mmap.mmap | None = None

    def hold(self, slot: int) -> None:
        """Have room for pictures of `slot` bytes.  Raises `OSError` where there is no memory for them."""
        if slot == self.slot:
            return
        if self._owner:
            self._reserve(2 * slot)
        self._map = mmap.mmap(self._file.fileno(), 2 * slot)
        self.slot = slot

    def picture(self, number: int, shape: tuple[int, ...]) -> Picture:
        """The picture in slot `GRABBED` or `ENHANCED`, not copied.  Call `hold` before."""
        if self._map is None:
            raise ValueError("the shared memory has no room yet: call hold() first")
        count = int(np.prod(shape))
        return np.frombuffer(self._map, np.uint8, count, number * self.slot).reshape(shape)

    def unlink(self) -> None:
        """Take the file away, once both have opened it: nothing is left then, however the two end.

        Both go on with what they have opened, where the system allows that; else `close` takes it away.
        """
        with contextlib.suppress(PermissionError):
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of it; its maker also takes the file away.  Safe to call twice."""
        self._map = None
        self._file.close()
        if self._owner:
            self.unlink()

    def _reserve(self, size: int) -> None:
        """Memory that turned out to be missing at a write would end the process: it is asked for here."""
        number = self._file.fileno()
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(number, 0, size)
        else:
            os.ftruncate(number, size)


def told(result: EnhancedFrame) -> Message:
    """What the process says of a frame; its picture goes the other way."""
    return {
        "action": str(result.action),
        "made": result.image is not result.source.image,
        "p_clear": result.p_clear,
        "region": result.region,
        "region_similarity": result.region_similarity,
        "reason": result.reason,
        "memory_age": result.memory_age,
        "timings_ms": dict(result.timings_ms),
        "rung": None if result.rung is None else str(result.rung),
        "fault": None if result.fault is None else str(result.fault),
        "memory_clear": result.memory_clear,
    }


def heard(message: Message, frame: Frame, image: Picture) -> EnhancedFrame:
    """The other way round: the frame that was sent, with the picture that came of it.  Raises `WireError`."""
    try:
        return EnhancedFrame(
            source=frame,
            image=image,
            action=Action(message["action"]),
            p_clear=message["p_clear"],
            region=message["region"],
            region_similarity=message["region_similarity"],
            reason=message["reason"],
            memory_age=message["memory_age"],
            timings_ms=message["timings_ms"],
            rung=None if message["rung"] is None else Rung(message["rung"]),
            fault=None if message["fault"] is None else Fault(message["fault"]),
            memory_clear=message["memory_clear"],
        )
    except (KeyError, ValueError) as error:
        raise WireError(f"expected the answer for a frame, came {str(message)[:80]}") from error
