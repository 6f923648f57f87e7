"""A read-only tap on the line: what was sent and what came, with its time, and the frames found in it.  Sans-IO."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from hardware.protocol import MAX_DATA, REPLY_HEADER, REQUEST_HEADER, crc16
from hardware.protocol.frame import OVERHEAD

_CHUNKS = 2048  # some 10 s of a busy line, where nobody drains the tap


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes as they went over the port in one call.  `time_s` is the clock of whoever told it."""

    time_s: float
    sent: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class TappedFrame:
    """A frame, or what looked like one and was none: then `good` is False.

    Time is that of its first byte's chunk.
    """

    time_s: float
    sent: bool
    data: bytes
    good: bool  # whole, and its CRC is right

    @property
    def address(self) -> int | None:
        """Its address byte; None where it ends before."""
        return self.data[1] if len(self.data) > 1 else None

    @property
    def command(self) -> int | None:
        """Its command byte; None where it ends before."""
        return self.data[3] if len(self.data) > 3 else None


class FrameTap:
    """One thread tells it, another drains it; neither waits for the other.  Nothing is kept while it is not `on`."""

    def __init__(self) -> None:
        self.on = False
        self._chunks: deque[Chunk] = deque(maxlen=_CHUNKS)

    def take(self, time_s: float, sent: bool, data: bytes) -> None:
        """Bytes went over the line."""
        if self.on and data:
            self._chunks.append(Chunk(time_s, sent, bytes(data)))

    def drain(self) -> list[Chunk]:
        """What has come since the last call, oldest first; the oldest are lost when it was not called in time."""
        taken: list[Chunk] = []
        while True:
            try:
                taken.append(self._chunks.popleft())
            except IndexError:  # the deque's own way to say that it is empty, safe against the other thread
                return taken


class FrameSplitter:
    """Finds frames in chunks, good ones and damaged ones alike.

    Where the decoder of the master looks for good frames behind damage, this one shows the damage: a frame with a wrong
    CRC stays one piece as long as its length byte says, and what is left over when the next request goes out, or is no
    frame at all, is one piece without a CRC.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._since_s = 0.0

    def feed(self, chunks: Iterable[Chunk]) -> list[TappedFrame]:
        """The frames that these chunks complete, in order."""
        found: list[TappedFrame] = []
        for chunk in chunks:
            if chunk.sent:
                self._flush(found)
                found.append(TappedFrame(chunk.time_s, True, chunk.data, _is_frame(chunk.data)))
                continue
            if not self._rest:
                self._since_s = chunk.time_s
            self._rest += chunk.data
            self._split(found, chunk.time_s)
        return found

    def _split(self, found: list[TappedFrame], time_s: float) -> None:
        while self._rest:
            if self._rest[0] not in (REPLY_HEADER, REQUEST_HEADER):
                heads = [at for head in (REPLY_HEADER, REQUEST_HEADER) if (at := self._rest.find(head)) > 0]
                if not heads:
                    return
                self._cut(found, min(heads), time_s)
                continue
            if len(self._rest) < 3:
                return
            length = self._rest[2]
            possible = 0 < length <= MAX_DATA
            if possible and len(self._rest) < length + OVERHEAD:
                return
            self._cut(found, length + OVERHEAD if possible else 1, time_s)

    def _cut(self, found: list[TappedFrame], size: int, time_s: float) -> None:
        data, self._rest = self._rest[:size], self._rest[size:]
        found.append(TappedFrame(self._since_s, False, data, _is_frame(data)))
        self._since_s = time_s

    def _flush(self, found: list[TappedFrame]) -> None:
        if self._rest:
            self._cut(found, len(self._rest), self._since_s)


def _is_frame(data: bytes) -> bool:
    # The CRC over a whole frame, its own CRC included, is zero.
    return (
        len(data) > OVERHEAD
        and data[0] in (REPLY_HEADER, REQUEST_HEADER)
        and len(data) == data[2] + OVERHEAD
        and crc16(data) == 0
    )
