"""The simulated camera head's control side: status, exposure, gain, white balance; the picture goes another way."""

from __future__ import annotations

import math

from hardware.limits import LED_COLOUR_K
from hardware.protocol import (
    Applied,
    MeasureWhiteBalance,
    ModuleKind,
    PollCamera,
    Reason,
    Reply,
    Request,
    SetExposure,
    SetExposureControl,
    SetGain,
    SetWhiteBalance,
)
from hardware.quantities import CAMERA_EXPOSURE, CAMERA_GAIN, CAMERA_WHITE_BALANCE
from hardware.readings import CameraFault, CameraReading
from hardware.simulator.lamp import Lamp
from hardware.simulator.slave import Slave, SlaveRefusalError

WIDTH, HEIGHT, FRAME_RATE = 1280, 720, 30.0
FULL_LIGHT_EXPOSURE_MS = 11.2  # what the automatic takes at 100 % light: the longest one just does at 70 %
LEAST_LIGHT_PERCENT = 5.0  # less does not do to find white by
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
        self.extra_c = 0.0  # a head that runs hot: a fault
        self._warmth_c = 0.0
        self._power_on()

    def _power_on(self) -> None:
        self._told_s = 0.0
        self._exposure_ms: float | None = None  # as set; None: by the automatic
        self._gain_db = CAMERA_GAIN.default
        self._white_balance_k = CAMERA_WHITE_BALANCE.default

    def reset(self) -> None:
        super().reset()
        self._power_on()

    def _apply(self, request: Request) -> Reply:
        match request:
            case PollCamera():
                return self.reading()
            case SetExposureControl(automatic=automatic):
                self._set_automatic(automatic)
                return Applied(self._now_s, automatic)
            case SetExposure(exposure_ms=exposure_ms):
                self._set_automatic(False)
                self._exposure_ms = exposure_ms
                return Applied(self._now_s, exposure_ms)
            case SetGain(gain_db=gain_db):
                self._set_automatic(False)
                self._gain_db = gain_db
                return Applied(self._now_s, gain_db)
            case SetWhiteBalance(white_balance_k=kelvin):
                self._white_balance_k = kelvin
                return Applied(self._now_s, kelvin)
            case MeasureWhiteBalance():
                if self.no_signal or self._lamp.light_percent < LEAST_LIGHT_PERCENT:
                    raise SlaveRefusalError(Reason.NOT_NOW)
                self._white_balance_k = LED_COLOUR_K
                return Applied(self._now_s, LED_COLOUR_K)
        raise SlaveRefusalError(Reason.UNKNOWN_COMMAND)

    def _set_automatic(self, automatic: bool) -> None:
        """What the automatic has chosen last stands when it is switched off."""
        if automatic:
            self._exposure_ms = None
        elif self._exposure_ms is None:
            self._exposure_ms, self._gain_db = self._by_light()

    def _by_light(self) -> tuple[float, float]:
        """Exposure (ms) and gain (dB) of the automatic: the exposure first, gain for what it cannot make up."""
        needed_ms = FULL_LIGHT_EXPOSURE_MS / (max(1.0, self._lamp.light_percent) / 100.0)
        exposure_ms = min(CAMERA_EXPOSURE.maximum, needed_ms)
        return exposure_ms, min(CAMERA_GAIN.maximum, 20.0 * math.log10(needed_ms / exposure_ms))

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
        return self._lamp.ambient_c + self._warmth_c + self.extra_c

    def reading(self) -> CameraReading:
        """The status, as the slave reports it."""
        automatic = self._exposure_ms is None
        exposure_ms, gain_db = self._by_light() if self._exposure_ms is None else (self._exposure_ms, self._gain_db)
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
            exposure_us=round(1000.0 * exposure_ms),
            gain_db=gain_db,
            temperature_c=self.temperature_c,
            faults=faults,
            white_balance_k=self._white_balance_k,
            automatic=automatic,
        )
