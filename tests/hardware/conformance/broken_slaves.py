"""Simulated slaves with one fault of firmware each, as such faults are made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from hardware.gas_modes import InsufflationMode
from hardware.protocol import (
    MESSAGES_BY_COMMAND,
    PROTOCOL_VERSION,
    REPLY_HEADER,
    REQUEST_HEADER,
    AllStop,
    Applied,
    Frame,
    FrameDecoder,
    Identify,
    Identity,
    Reason,
    Reply,
    Request,
    SetExposure,
    SetFlow,
    SetGas,
    SetIntensity,
    SetMode,
    SetPressure,
    crc16,
    encode_frame,
    encode_refusal,
)
from hardware.readings import Address, InsufflatorDrive, InsufflatorFault, InsufflatorReading
from hardware.simulator.camera import Camera
from hardware.simulator.insufflator import Insufflator
from hardware.simulator.light import Light
from hardware.simulator.slave import Slave, SlaveRefusalError


def reframed(wire: bytes, change: Callable[[Frame], tuple[int, int, int, bytes]]) -> bytes:
    """The frames in `wire`, each changed, with CRCs that fit."""
    return b"".join(encode_frame(*change(frame)) for frame in FrameDecoder(REPLY_HEADER).feed(wire))


# -- framing -----------------------------------------------------------------------------------------------------------


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


# -- requests ----------------------------------------------------------------------------------------------------------


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


# -- safety ------------------------------------------------------------------------------------------------------------


class NoWatchdog(Insufflator):
    def advance(self, dt_s: float) -> None:
        self._heard_s = None
        super().advance(dt_s)


class SlowWatchdog(Light):
    """1 s instead of 500 ms."""

    extra_s = 0.0

    def advance(self, dt_s: float) -> None:
        # Half of the silence does not count.
        if self._heard_s is not None:
            self._heard_s += dt_s / 2.0
        super().advance(dt_s)


class HastyWatchdog(Light):
    """250 ms instead of 500 ms."""

    def advance(self, dt_s: float) -> None:
        if self._heard_s is not None:
            self._heard_s -= dt_s
        super().advance(dt_s)


class WatchdogOnlyTells(Insufflator):
    """Sets the bit, and leaves the supply running."""

    def _make_safe(self) -> None:
        if not self.watchdog_tripped:
            super()._make_safe()


class WatchdogLeavesValveOpen(Insufflator):
    """Sets `running` to 0, and leaves the valves as they are until the next drive."""

    stuck = False

    def _make_safe(self) -> None:
        if not self.watchdog_tripped:
            return super()._make_safe()
        self.stuck, self.running = True, False
        return None

    def _apply(self, request: Request) -> Reply:
        self.stuck = False
        return super()._apply(request)

    def _drive_valves(self) -> None:
        if not self.stuck:
            super()._drive_valves()


class WatchdogFedByNoise(Camera):
    def receive(self, data: bytes) -> bytes:
        self._heard_s = self._now_s
        return super().receive(data)


class WatchdogFedByOwnFramesOnly(Camera):
    def _take(self, frame: Frame) -> bytes:
        heard_s = self._heard_s
        answer = super()._take(frame)
        if frame.address != self.address:
            self._heard_s = heard_s
        return answer


class WatchdogBitClearsItself(Light):
    def _take(self, frame: Frame) -> bytes:
        answer = super()._take(frame)
        self.watchdog_tripped = False
        return answer


class DriveDoesNotLapse(Insufflator):
    def _guard(self, dt_s: float) -> None:
        self._ordered_s = 0.0
        super()._guard(dt_s)


class LapseEndsSupply(Insufflator):
    def _guard(self, dt_s: float) -> None:
        super()._guard(dt_s)
        if self._ordered_s >= 0.5:
            self.running = False


class IgnoresAllStop(Light):
    def _obey(self, request: Request) -> Reply | None:
        return None if isinstance(request, AllStop) else super()._obey(request)


class RestartsAfterAllStop(Insufflator):
    """Remembers that gas was wanted, and starts it again with the next drive."""

    wanted = False

    def _apply(self, request: Request) -> Reply:
        if isinstance(request, SetGas):
            self.wanted = request.running
        self.running = self.wanted or self.running
        return super()._apply(request)


class ObeysWithoutRunning(Insufflator):
    def _drive_valves(self) -> None:
        super()._drive_valves()
        self.plant.solenoid_open, self.plant.duty = self._ordered.solenoid_open, self._ordered.duty


class ReliefNeedsRunning(Insufflator):
    def _drive_valves(self) -> None:
        super()._drive_valves()
        self.plant.relief_open = self.plant.relief_open and self.running


class BrightStandby(Light):
    """Standby is only a name."""

    def _drive_lamp(self) -> None:
        super()._drive_lamp()
        self.plant.drive = self._ordered.drive


# -- status ------------------------------------------------------------------------------------------------------------


class WrongNoValue(Insufflator):
    """A broken sensor is sent as 0x7FFF."""

    def reading(self) -> InsufflatorReading:
        reading = super().reading()
        return dataclasses.replace(
            reading, pressure2_mmhg=327.67, faults=reading.faults | InsufflatorFault.PRESSURE_SENSOR_2
        )


class HidesBrokenSensor(Insufflator):
    """No value, and no fault bit."""

    def reading(self) -> InsufflatorReading:
        return dataclasses.replace(super().reading(), pressure2_mmhg=float("nan"))


class ReportsTheOrder(Insufflator):
    """Shows what was ordered in place of what is driven."""

    def reading(self) -> InsufflatorReading:
        drive: InsufflatorDrive = self._ordered
        return dataclasses.replace(super().reading(), duty=drive.duty, solenoid_open=drive.solenoid_open)


class CountsAtRest(Insufflator):
    def _guard(self, dt_s: float) -> None:
        super()._guard(dt_s)
        if not self.running:
            self.supply_s += dt_s


class CountsDouble(Insufflator):
    def _guard(self, dt_s: float) -> None:
        super()._guard(dt_s)
        if self.running:
            self.supply_s += dt_s


class ResetsGasAlone(Insufflator):
    def _apply(self, request: Request) -> Reply:
        kept = self.supply_s
        reply = super()._apply(request)
        self.supply_s = kept
        return reply


class StartsHigh(Insufflator):
    """Powers on with 20 mmHg."""

    def _power_on(self) -> None:
        super()._power_on()
        self.pressure_setpoint_mmhg = 20.0


class StaysAutomatic(Camera):
    def _apply(self, request: Request) -> Reply:
        reply = super()._apply(request)
        if isinstance(request, SetExposure):
            self._set_automatic(True)
        return reply


class WrongKind(Light):
    """Built for the light source's board, and tells that it is a camera."""

    def receive(self, data: bytes) -> bytes:
        return reframed(
            super().receive(data),
            lambda f: (
                f.header,
                f.address,
                f.command,
                f.data[:1] + b"\3" + f.data[2:] if f.command == 0x81 else f.data,
            ),
        )


class EntersModeZero(Insufflator):
    """Reads reserved mode numbers as adult."""

    def _take(self, frame: Frame) -> bytes:
        if (
            frame.address == self.address
            and frame.command == 0x15
            and frame.data[1:] not in (b"", b"\1", b"\2", b"\3", b"\4")
        ):
            frame = frame._replace(data=bytes((frame.data[0], InsufflationMode.ADULT)))
        return super()._take(frame)


class PressureOfAnotherUnit(Insufflator):
    """Takes hPa for mmHg on the way in."""

    def _apply(self, request: Request) -> Reply:
        if isinstance(request, SetPressure):
            self.pressure_setpoint_mmhg = round(request.pressure_mmhg * 0.75, 2)
            return Applied(self._now_s, request.pressure_mmhg)
        return super()._apply(request)


BROKEN: dict[type[Slave], set[str]] = {
    # fault -> clauses, one of which at least must name it
    SwapsCrc: {"F2"},
    WrongCrcStart: {"F2"},
    IgnoresCrc: {"F3"},
    AnswersEveryAddress: {"F4"},
    AnswersBroadcasts: {"B1"},
    LostAfterJunk: {"F6"},
    ThrowsAwayAll: {"F7"},
    KeepsHalfFrames: {"L3"},
    BelievesAnyLength: {"F8"},
    ForgetsSequence: {"E2"},
    PlainCommand: {"E1"},
    WrongLengthByte: {"F1"},
    SpeaksTwice: {"L1"},
    ClipsPressure: {"R3"},
    EntersModeZero: {"R3"},
    IgnoresModeRange: {"M3"},
    KeepsFlowOfOldMode: {"M1"},
    StopsAtModeChange: {"M4"},
    RangeBeforeLength: {"R5"},
    UnknownIsNotNow: {"R1"},
    TakesLongFrames: {"R2"},
    TakesReservedBits: {"R4"},
    SpeaksAnyVersion: {"V3"},
    OldVersion: {"V1"},
    WrongKind: {"V1"},
    ForgetsSetpoint: {"S2"},
    PressureOfAnotherUnit: {"S2"},
    AppliesRepeats: {"S4"},
    RemembersForEver: {"S5"},
    RepeatsDiffer: {"S3"},
    NoWatchdog: {"W1"},
    SlowWatchdog: {"W1"},
    HastyWatchdog: {"W2"},
    WatchdogOnlyTells: {"W3"},
    WatchdogLeavesValveOpen: {"W4"},
    WatchdogFedByNoise: {"W7"},
    WatchdogFedByOwnFramesOnly: {"W6"},
    WatchdogBitClearsItself: {"W8"},
    DriveDoesNotLapse: {"D1"},
    LapseEndsSupply: {"D2"},
    IgnoresAllStop: {"B2"},
    RestartsAfterAllStop: {"B2", "B3"},
    ObeysWithoutRunning: {"G1"},
    ReliefNeedsRunning: {"G2"},
    ReportsTheOrder: {"G1"},
    BrightStandby: {"H1"},
    WrongNoValue: {"T2"},
    HidesBrokenSensor: {"T3"},
    CountsAtRest: {"G5"},
    CountsDouble: {"G6"},
    ResetsGasAlone: {"G7"},
    StartsHigh: {"P1"},
    StaysAutomatic: {"C1"},
}
