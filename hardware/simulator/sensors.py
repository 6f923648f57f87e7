"""One simulated sensor: offset, noise, drift, quantisation, and the ways in which it fails."""

from __future__ import annotations

import math
import random
from enum import StrEnum


class SensorMode(StrEnum):
    """How a sensor behaves.  Every mode but `OK` is a fault that the module itself may not see."""

    OK = "ok"
    FROZEN = "frozen"  # keeps its last value
    DRIFTING = "drifting"  # runs away at `drift_per_s`
    OUT_OF_RANGE = "out_of_range"  # pinned far above anything plausible
    NAN = "nan"  # converter gives no number; the module notices and reports it


class Sensor:
    """Turns a true value into what the converter reports, in the same unit.

    `noise` is the standard deviation of one conversion, `quantum` the converter's step, `rail` what a broken
    wire reads.
    """

    __slots__ = ("_drifted", "drift_per_s", "mode", "noise", "offset", "quantum", "rail", "value")

    def __init__(self, *, noise: float, quantum: float, rail: float, offset: float = 0.0, value: float = 0.0) -> None:
        self.noise = noise
        self.quantum = quantum
        self.rail = rail
        self.offset = offset
        self.mode = SensorMode.OK
        self.drift_per_s = 0.0
        self._drifted = 0.0
        self.value = value

    def repair(self) -> None:
        """Behave again, without drift."""
        self.mode = SensorMode.OK
        self._drifted = 0.0

    @property
    def broken(self) -> bool:
        """True when the module's own electronics can tell that there is no number."""
        return math.isnan(self.value)

    def convert(self, true_value: float, dt_s: float, rng: random.Random) -> float:
        """One conversion of `true_value`, `dt_s` after the last one."""
        if self.mode is SensorMode.OK:
            self.value = round((true_value + self.offset + rng.gauss(0.0, self.noise)) / self.quantum) * self.quantum
            return self.value
        if self.mode is SensorMode.FROZEN:
            return self.value
        if self.mode is SensorMode.NAN:
            self.value = math.nan
            return self.value
        if self.mode is SensorMode.OUT_OF_RANGE:
            self.value = self.rail
            return self.value
        self._drifted += self.drift_per_s * dt_s
        measured = true_value + self.offset + self._drifted + rng.gauss(0.0, self.noise)
        self.value = round(measured / self.quantum) * self.quantum
        return self.value
