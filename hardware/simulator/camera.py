"""The simulated camera head's control side: status, exposure by light, warmth; the picture goes another way."""

from __future__ import annotations

import math

from hardware.protocol import ModuleKind, PollCamera, Reason, Reply, Request
from hardware.readings import CameraFault, CameraReading
from hardware.simulator.lamp import Lamp
from hardware.simulator.slave import Slave, SlaveRefusalError

WIDTH, HEIGHT, FRAME_RATE = 1280, 720, 30.0
LONGEST_EXPOSURE_US = 16_000
FULL_LIGHT_EXPOSURE_US = 2_500  # at 100 % light and no gain
GAIN_MAX_DB = 24.0
WARMTH_C, WARM_TAU_S = 16.0, 240.0  # above ambient once warm, and how fast
HOT_C = 60.0
# A silence is told for this long after the master has come back, so that its next polls see it.
TELL_SILENCE_S = 2.0


class Camera(Slave):
    """Goes on streaming whatever happens on the bus: a picture without a master is better than none."""

    kind = ModuleKind.CAMERA
    serial_number = "SIM-CAM-0001"

    def __init__(self, lamp: Lamp) -> None:
        super().__init__()
        self._lamp = lamp  # automatic exposure sees its light
        self.no_signal = False
        self._warmth_c = 0.0
        self._told_s = 0.0

    def reset(self) -> None:
        super().reset()
        self._told_s = 0.0

    def _apply(self, request: Request) -> Reply:
        if isinstance(request, PollCamera):
            return self.reading()
        raise SlaveRefusalError(Reason.UNKNOWN_COMMAND)

    def _make_safe(self) -> None:
        """Nothing of the camera's can hurt."""

    def _guard(self, dt_s: float) -> None:
        self._warmth_c += (WARMTH_C - self._warmth_c) * -math.expm1(-dt_s / WARM_TAU_S)
        if self.watchdog_tripped and self._heard_s is not None:
            self._told_s += dt_s
            self.watchdog_tripped = self._told_s < TELL_SILENCE_S
        else:
            self._told_s = 0.0

    @property
    def temperature_c(self) -> float:
        """Of the head, degC."""
        return self._lamp.ambient_c + self._warmth_c

    def reading(self) -> CameraReading:
        """The status, as the slave reports it."""
        light = max(1.0, self._lamp.light_percent) / 100.0
        exposure_us = min(LONGEST_EXPOSURE_US, round(FULL_LIGHT_EXPOSURE_US / light))
        lacking = FULL_LIGHT_EXPOSURE_US / light / exposure_us
        faults = CameraFault.NONE
        if self.watchdog_tripped:
            faults |= CameraFault.WATCHDOG
        if self.no_signal:
            faults |= CameraFault.NO_SIGNAL
        if self.temperature_c >= HOT_C:
            faults |= CameraFault.OVER_TEMPERATURE
        return CameraReading(
            time_s=self._now_s,
            streaming=not self.no_signal,
            width=WIDTH,
            height=HEIGHT,
            frame_rate=0.0 if self.no_signal else FRAME_RATE,
            exposure_us=exposure_us,
            gain_db=min(GAIN_MAX_DB, max(0.0, 20.0 * math.log10(lacking))),
            temperature_c=self.temperature_c,
            faults=faults,
        )
