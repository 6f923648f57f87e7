"""Simulated slaves with one fault each in how they obey, refuse and remember."""

from __future__ import annotations

from hardware.protocol import (
    MESSAGES_BY_COMMAND,
    PROTOCOL_VERSION,
    REQUEST_HEADER,
    Applied,
    Frame,
    Identify,
    Identity,
    Reason,
    Reply,
    Request,
    SetFlow,
    SetIntensity,
    SetMode,
    encode_refusal,
)
from hardware.simulator.camera import Camera
from hardware.simulator.insufflator import Insufflator
from hardware.simulator.light import Light
from hardware.simulator.slave import SlaveRefusalError
from tests.hardware.conformance.reframe import reframed


class ClipsPressure(Insufflator):
    """Takes 40 mmHg for 30."""

    def _take(self, frame: Frame) -> bytes:
        if frame.address == self.address and frame.command == 0x11 and len(frame.data) == 3:
            wire = min(3000, max(100, int.from_bytes(frame.data[1:], "little")))
            frame = frame._replace(data=frame.data[:1] + wire.to_bytes(2, "little"))
        return super()._take(frame)


class IgnoresModeRange(Insufflator):
    """Takes in every mode what the wire can carry."""

    def _apply(self, request: Request) -> Reply:
        if isinstance(request, SetFlow):
            self.flow_setpoint_l_min = request.flow_l_min
            return Applied(self._now_s, request.flow_l_min)
        return super()._apply(request)


class KeepsFlowOfOldMode(Insufflator):
    def _apply(self, request: Request) -> Reply:
        flow = self.flow_setpoint_l_min
        reply = super()._apply(request)
        if isinstance(request, SetMode):
            self.flow_setpoint_l_min = flow
        return reply


class StopsAtModeChange(Insufflator):
    def _apply(self, request: Request) -> Reply:
        if isinstance(request, SetMode):
            self.running = False
        return super()._apply(request)


class RangeBeforeLength(Insufflator):
    """Looks at the fields first."""

    def _take(self, frame: Frame) -> bytes:
        message = MESSAGES_BY_COMMAND.get(frame.command)
        if frame.address == self.address and message is not None and 0xFF in frame.data[1:]:
            return encode_refusal(frame, Reason.OUT_OF_RANGE)
        return super()._take(frame)


class UnknownIsNotNow(Light):
    def _take(self, frame: Frame) -> bytes:
        if frame.address == self.address and frame.command not in MESSAGES_BY_COMMAND:
            return encode_refusal(frame, Reason.NOT_NOW)
        return super()._take(frame)


class TakesLongFrames(Light):
    """Ignores what lies behind the bytes it knows."""

    def _take(self, frame: Frame) -> bytes:
        message = MESSAGES_BY_COMMAND.get(frame.command)
        if message is not None and frame.address == self.address:
            frame = frame._replace(data=frame.data[: message.request_layout.size])
        return super()._take(frame)


class TakesReservedBits(Insufflator):
    def _take(self, frame: Frame) -> bytes:
        if frame.address == self.address and frame.command == 0x13 and len(frame.data) == 2:
            frame = frame._replace(data=bytes((frame.data[0], frame.data[1] & 1)))
        return super()._take(frame)


class SpeaksAnyVersion(Light):
    def _obey(self, request: Request) -> Reply | None:
        if isinstance(request, Identify):
            return Identity(self._now_s, self.kind, PROTOCOL_VERSION, self.firmware, self.serial_number)
        return super()._obey(request)


class OldVersion(Insufflator):
    """Firmware of version 1: it refuses Identify of version 2, and its status lacks mode and supply time."""

    def receive(self, data: bytes) -> bytes:
        return reframed(
            super().receive(data),
            lambda f: (f.header, f.address, f.command, f.data[:22] if f.command == 0x90 else f.data),
        )

    def _obey(self, request: Request) -> Reply | None:
        if isinstance(request, Identify):
            if request.protocol_version != 1:
                raise SlaveRefusalError(Reason.PROTOCOL_VERSION)
            return Identity(self._now_s, self.kind, 1, self.firmware, self.serial_number)
        return super()._obey(request)


class ForgetsSetpoint(Light):
    """Answers with the new intensity and keeps the old."""

    def _apply(self, request: Request) -> Reply:
        kept = self.intensity_percent
        reply = super()._apply(request)
        if isinstance(request, SetIntensity):
            self.intensity_percent = kept
        return reply


class AppliesRepeats(Insufflator):
    """Remembers nothing: a repeated request is a new one."""

    def _take(self, frame: Frame) -> bytes:
        self._memory.clear()
        return super()._take(frame)


class RemembersForEver(Insufflator):
    """The memory of the last setpoint has no end."""

    def _take(self, frame: Frame) -> bytes:
        self._memory._time_s = self._now_s
        return super()._take(frame)


class RepeatsDiffer(Camera):
    """A repetition is refused as a nuisance."""

    last = b""

    def receive(self, data: bytes) -> bytes:
        wire = super().receive(data)
        if not wire or wire[3] in (0xB0, 0x81, 0xFF):
            return wire
        repeated, self.last = wire == self.last, wire
        if repeated:
            return encode_refusal(Frame(REQUEST_HEADER, self.address, wire[3] & 0x7F, wire[4:-2]), Reason.NOT_NOW)
        return wire
