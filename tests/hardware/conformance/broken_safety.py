"""Simulated slaves with one fault each in watchdog, lapse, all-stop and valves."""

from __future__ import annotations

from hardware.protocol import (
    AllStop,
    Frame,
    Reply,
    Request,
    SetGas,
)
from hardware.simulator.camera import Camera
from hardware.simulator.insufflator import Insufflator
from hardware.simulator.light import Light


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


class AllStopWaitsForADrive(Light):
    """Sets `on` to 0, and leaves LED and fan as they are until the next drive."""

    def _obey(self, request: Request) -> Reply | None:
        if isinstance(request, AllStop):
            self.on = False
            return None
        return super()._obey(request)

    def _guard(self, dt_s: float) -> None:
        drive, fan = self.plant.drive, self.plant.fan
        super()._guard(dt_s)
        if not self.on and not self._silent:
            self.plant.drive, self.plant.fan = drive, fan


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
