"""Every physical quantity of the tower, declared once: unit, ranges, decimals, plot, age limit."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measured or commanded quantity.

    `absolute_*` bounds what a healthy sensor can report: outside it a reading is a fault, not a value.
    `safe_*` bounds what may be set without a further question.  All bounds are in `unit`.
    """

    key: str
    label: str
    unit: str
    absolute_min: float
    absolute_max: float
    safe_min: float
    safe_max: float
    decimals: int
    plot_min: float
    plot_max: float
    stale_after_s: float

    def plausible(self, value: float) -> bool:
        """True for a finite value inside the absolute range."""
        return math.isfinite(value) and self.absolute_min <= value <= self.absolute_max


@dataclass(frozen=True, slots=True)
class SetpointRange:
    """What a setpoint may be.  A value outside is rejected with the range, never clipped."""

    key: str
    label: str
    unit: str
    minimum: float
    maximum: float
    step: float
    decimals: int
    default: float

    def check(self, value: float) -> None:
        """Raise `ValueError` naming the range when `value` (in `unit`) may not be set."""
        if not math.isfinite(value) or not self.minimum <= value <= self.maximum:
            low, high = f"{self.minimum:.{self.decimals}f}", f"{self.maximum:.{self.decimals}f}"
            raise ValueError(f"{self.label} must be {low} to {high} {self.unit}, got {value:g}")


# Stale at 300 ms: clinical.md, Bus.  Ranges of pressure and flow: makers' manuals, clinical.md, Gas.
PRESSURE = Quantity("pressure", "Pressure", "mmHg", -5.0, 100.0, 0.0, 25.0, 1, 0.0, 35.0, 0.3)
FLOW = Quantity("flow", "Flow", "l/min", -1.0, 60.0, 0.0, 45.0, 1, 0.0, 45.0, 0.3)
CYLINDER = Quantity("cylinder", "Cylinder", "bar", -1.0, 250.0, 15.0, 80.0, 0, 0.0, 80.0, 0.3)
GAS_USED = Quantity("gas_used", "Gas used", "l", 0.0, 1e6, 0.0, 1e6, 1, 0.0, 200.0, 0.3)
LIGHT_CURRENT = Quantity("light_current", "LED current", "mA", -50.0, 6000.0, 0.0, 4000.0, 0, 0.0, 4000.0, 1.0)
LIGHT_TEMPERATURE = Quantity(
    "light_temperature", "Light temperature", "°C", -20.0, 150.0, 10.0, 70.0, 1, 15.0, 90.0, 1.0
)
# A fan at full speed turns a little above its nominal one, or reads so.
LIGHT_FAN = Quantity("light_fan", "Fan", "%", 0.0, 120.0, 0.0, 120.0, 0, 0.0, 100.0, 1.0)

PRESSURE_SETPOINT = SetpointRange("pressure_setpoint", "Set pressure", "mmHg", 1.0, 30.0, 1.0, 0, 12.0)
FLOW_SETPOINT = SetpointRange("flow_setpoint", "Set flow", "l/min", 0.1, 40.0, 0.5, 1, 10.0)
LIGHT_INTENSITY = SetpointRange("light_intensity", "Light intensity", "%", 0.0, 100.0, 5.0, 0, 30.0)
# The camera head.  An exposure that is set ends the automatic; the longest is that of 60 frames/s.
CAMERA_EXPOSURE = SetpointRange("camera_exposure", "Exposure", "ms", 0.1, 16.0, 0.5, 1, 4.0)
CAMERA_GAIN = SetpointRange("camera_gain", "Gain", "dB", 0.0, 24.0, 1.0, 0, 0.0)
CAMERA_WHITE_BALANCE = SetpointRange("camera_white_balance", "White balance", "K", 2500.0, 9500.0, 100.0, 0, 5600.0)

_SETPOINTS = (
    PRESSURE_SETPOINT,
    FLOW_SETPOINT,
    LIGHT_INTENSITY,
    CAMERA_EXPOSURE,
    CAMERA_GAIN,
    CAMERA_WHITE_BALANCE,
)
SETPOINTS: dict[str, SetpointRange] = {s.key: s for s in _SETPOINTS}
QUANTITIES: dict[str, Quantity] = {
    q.key: q for q in (PRESSURE, FLOW, CYLINDER, GAS_USED, LIGHT_CURRENT, LIGHT_TEMPERATURE, LIGHT_FAN)
}
