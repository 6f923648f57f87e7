"""Simulated slaves with one fault each in how they make and find frames."""

from __future__ import annotations

from hardware.protocol import (
    REPLY_HEADER,
    REQUEST_HEADER,
    Frame,
    crc16,
    encode_frame,
)
from hardware.readings import Address
from hardware.simulator.camera import Camera
from hardware.simulator.light import Light
from tests.hardware.conformance.reframe import reframed


class SwapsCrc(Camera):
    def receive(self, data: bytes) -> bytes:
        wire = super().receive(data)
        return wire[:-2] + wire[:-3:-1]


class WrongCrcStart(Camera):
    """Begins the CRC with 0 instead of 0xFFFF, in what it sends."""

    def receive(self, data: bytes) -> bytes:
        wire = super().receive(data)
        return wire and wire[:-2] + crc16(wire[:-2], 0).to_bytes(2, "little")


class IgnoresCrc(Camera):
    """Mends the CRC of whatever comes, and so answers everything that has a length."""

    def receive(self, data: bytes) -> bytes:
        if len(data) > 6 and data[0] == REQUEST_HEADER and len(data) == data[2] + 6:
            data = data[:-2] + crc16(data[:-2]).to_bytes(2, "little")
        return super().receive(data)


class AnswersEveryAddress(Camera):
    def _take(self, frame: Frame) -> bytes:
        if frame.address not in (Address.BROADCAST, self.address):
            frame = frame._replace(address=self.address)
        return super()._take(frame)


class AnswersBroadcasts(Camera):
    def _take(self, frame: Frame) -> bytes:
        answer = super()._take(frame)
        return answer or (
            encode_frame(REPLY_HEADER, self.address, frame.command | 0x80, frame.data[:1])
            if frame.address == Address.BROADCAST
            else b""
        )


class LostAfterJunk(Camera):
    """Looks for a header at the first byte alone, and throws the rest away."""

    def receive(self, data: bytes) -> bytes:
        return super().receive(data) if data[0] == REQUEST_HEADER else b""


class ThrowsAwayAll(Camera):
    """After a wrong CRC the whole buffer is dropped, with the good frame in it."""

    def receive(self, data: bytes) -> bytes:
        before = self._decoder.counts.crc_errors
        answer = super().receive(data)
        return b"" if self._decoder.counts.crc_errors > before else answer


class KeepsHalfFrames(Camera):
    """No gap timer: half a frame is waited for for ever."""

    def advance(self, dt_s: float) -> None:
        self._received_s = self._now_s + dt_s
        super().advance(dt_s)


class BelievesAnyLength(Camera):
    """Waits for 255 bytes when the length byte says so."""

    def receive(self, data: bytes) -> bytes:
        if len(data) > 2 and data[0] == REQUEST_HEADER and not 0 < data[2] <= 64:
            return b""
        return super().receive(data)


class ForgetsSequence(Light):
    """Numbers its replies itself."""

    count = 0

    def receive(self, data: bytes) -> bytes:
        self.count = (self.count + 1) & 0xFF
        return reframed(
            super().receive(data), lambda f: (f.header, f.address, f.command, bytes((self.count,)) + f.data[1:])
        )


class PlainCommand(Camera):
    """Forgets bit 7 of the reply's command."""

    def receive(self, data: bytes) -> bytes:
        return reframed(super().receive(data), lambda f: (f.header, f.address, f.command & 0x7F, f.data))


class WrongLengthByte(Camera):
    """Counts the command as a data byte."""

    def receive(self, data: bytes) -> bytes:
        wire = super().receive(data)
        if not wire:
            return wire
        body = bytes((*wire[:2], wire[2] + 1)) + wire[3:-2]
        return body + crc16(body).to_bytes(2, "little")


class SpeaksTwice(Camera):
    def receive(self, data: bytes) -> bytes:
        return super().receive(data) * 2
