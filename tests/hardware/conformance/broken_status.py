"""Simulated slaves with one fault each in what they report."""

from __future__ import annotations

import dataclasses

from hardware.gas_modes import InsufflationMode
from hardware.protocol import (
    Applied,
    Frame,
    Reply,
    Request,
    SetExposure,
    SetPressure,
)
from hardware.readings import InsufflatorDrive, InsufflatorFault, InsufflatorReading
from hardware.simulator.camera import Camera
from hardware.simulator.insufflator import Insufflator
from hardware.simulator.light import Light
from tests.hardware.conformance.reframe import reframed


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
