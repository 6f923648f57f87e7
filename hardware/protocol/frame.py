"""The frame of the bus: header, address, length, command, data, CRC; built, and found again in a stream of bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from struct import Struct
from struct import error as StructError
from typing import NamedTuple

from hardware.protocol.crc import crc16

REQUEST_HEADER = 0x5A  # master to slave
REPLY_HEADER = 0xA5  # slave to master: another byte, so that an adapter's echo is never taken for a reply
MAX_DATA = 64  # bounds how long a damaged length byte can hide the frames behind it: 70 bytes, 6.1 ms
OVERHEAD = 6  # header, address, length, command, CRC
MAX_FRAME = MAX_DATA + OVERHEAD

# A frame's parts, by the number of its data bytes and by the size of the whole.
_JOIN = [Struct(f"4B{length}s").pack for length in range(MAX_DATA + 1)]
_SPLIT = [Struct(f"4B{max(0, size - OVERHEAD)}s2x").unpack for size in range(MAX_FRAME + 1)]
_pack_crc = Struct("<H").pack
_HEADERS = re.compile(b"[\x5a\xa5]")


class Frame(NamedTuple):
    """One frame with a good CRC.  (A named tuple, made twice as fast as a frozen dataclass.)

    `data` is 1 to 64 bytes; its first one is the sequence number.
    """

    header: int
    address: int
    command: int
    data: bytes

    @property
    def sequence(self) -> int:
        """The number that ties a reply to its request, 0..255."""
        return self.data[0]


def encode_frame(header: int, address: int, command: int, data: bytes) -> bytes:
    """The bytes of one frame.

    Raises `ValueError` when `data` is not 1 to 64 bytes long, or another field is no byte.
    """
    length = len(data)
    if not 0 < length <= MAX_DATA:
        raise ValueError(f"a frame carries 1 to {MAX_DATA} data bytes, got {length}")
    try:
        body = _JOIN[length](header, address, length, command, data)
    except StructError as error:
        raise ValueError(f"header, address and command are bytes, got {header}, {address}, {command}") from error
    return body + _pack_crc(crc16(body))


_new_frame = tuple.__new__  # what Frame(...) comes to, without a Python call


@dataclass(slots=True)
class DecoderCounts:
    """What a decoder has met so far."""

    frames: int = 0  # good ones, of the wanted direction
    other_direction: int = 0  # good ones of the other direction: an echo, or other slaves' talk
    crc_errors: int = 0  # whole frames in look and length whose CRC was wrong
    discarded_bytes: int = 0  # bytes that belong to no good frame


class FrameDecoder:
    """Finds frames in a stream of bytes, however it is cut up.

    It follows the frames of both directions, so that a payload byte which looks like a header is never taken for one
    while the line is clean, and returns those that begin with `header`.  After damage it looks again from the byte
    behind the failed header.  So no good frame behind damage is lost, but one that a damaged header or length promises
    to contain is found only when the promise is over: at the latest `MAX_FRAME - 1` bytes behind the damage, or by
    `rescan` when the line falls silent.  (But for damage that has a good CRC: once in 65,536 tries, tests/fuzz.)
    """

    def __init__(self, header: int) -> None:
        if header not in (REQUEST_HEADER, REPLY_HEADER):
            raise ValueError(f"a frame begins with 0x{REQUEST_HEADER:02X} or 0x{REPLY_HEADER:02X}, not 0x{header:02X}")
        self._header = header
        self._buffer = b""
        self.counts = DecoderCounts()

    @property
    def pending(self) -> int:
        """Bytes of a frame that is not whole yet."""
        return len(self._buffer)

    @property
    def missing(self) -> int:
        """The least number of further bytes that can complete a frame, at least 1."""
        size = len(self._buffer)
        whole = self._buffer[2] + OVERHEAD if size > 2 else OVERHEAD + 1
        return whole - size

    def feed(self, data: bytes) -> list[Frame]:
        """Take bytes as they came; return the frames they complete, in order."""
        size = len(data)
        if self._buffer:
            data = self._buffer + data
        elif OVERHEAD < size <= MAX_FRAME:
            # Most often exactly one good frame comes: the same result as by _scan, in two thirds of the time.
            header, address, length, command, payload = _SPLIT[size](data)
            if header == self._header and length + OVERHEAD == size and not crc16(data):
                self.counts.frames += 1
                return [_new_frame(Frame, (header, address, command, payload))]
        frames, self._buffer = self._scan(data)
        return frames

    def rescan(self) -> list[Frame]:
        """The line has fallen silent: return good frames that hide behind a header that was none.

        A damaged length byte makes the decoder wait for bytes that never come; the frames behind it are found here.
        Where there are none, what is pending stays, for it may be half a frame that a slow adapter completes later.
        """
        frames: list[Frame] = []
        while (found := self._rescan_once()) is not None:
            frames += found
        return frames

    def _rescan_once(self) -> list[Frame] | None:
        """One header given up, and the frames behind it; None when no good frame of either direction is there."""
        buffer, counts = self._buffer, self.counts
        before = counts.crc_errors, counts.discarded_bytes
        for start in range(1, len(buffer) - OVERHEAD):
            if buffer[start] == REQUEST_HEADER or buffer[start] == REPLY_HEADER:
                counts.crc_errors, counts.discarded_bytes = before[0], before[1] + start
                good = counts.frames + counts.other_direction
                frames, rest = self._scan(buffer[start:])
                if counts.frames + counts.other_direction > good:
                    counts.crc_errors += 1  # the header that was none
                    self._buffer = rest
                    return frames
        counts.crc_errors, counts.discarded_bytes = before
        return None

    def reset(self) -> int:
        """Drop half a frame: the line was silent too long, or a new exchange begins.  Returns the bytes dropped."""
        dropped = len(self._buffer)
        self.counts.discarded_bytes += dropped
        self._buffer = b""
        return dropped

    def _scan(self, buffer: bytes) -> tuple[list[Frame], bytes]:
        """Frames of the wanted direction in `buffer`, and the bytes that may yet become one."""
        frames: list[Frame] = []
        start, end, counts = 0, len(buffer), self.counts
        while start < end:
            header = buffer[start]
            if header != REPLY_HEADER and header != REQUEST_HEADER:
                found = _HEADERS.search(buffer, start)
                stop = found.start() if found else end
                counts.discarded_bytes += stop - start
                start = stop
                continue
            if end - start < 3:
                break
            length = buffer[start + 2]
            if not 0 < length <= MAX_DATA:
                counts.discarded_bytes += 1
                start += 1
                continue
            after = start + length + OVERHEAD
            if after > end:
                break
            # The CRC over a whole frame, its own CRC included, is zero.
            if crc16(buffer[start:after]):
                counts.crc_errors += 1
                counts.discarded_bytes += 1
                start += 1
                continue
            if header == self._header:
                counts.frames += 1
                frames.append(Frame(header, buffer[start + 1], buffer[start + 3], buffer[start + 4 : after - 2]))
            else:
                counts.other_direction += 1
            start = after
        return frames, buffer[start:]
