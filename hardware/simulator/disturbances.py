"""What is done to the simulated abdomen for a while: coughs, hands that press, passing leaks, suction."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cough:
    """A fast volume step: half a sine."""

    volume_ml: float
    start_s: float
    duration_s: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.duration_s

    def displaced_ml(self, time_s: float) -> float:
        """Volume taken from the abdomen, ml, at `time_s`."""
        phase = (time_s - self.start_s) / self.duration_s
        return self.volume_ml * math.sin(math.pi * phase) if 0.0 < phase < 1.0 else 0.0


@dataclass(frozen=True, slots=True)
class Press:
    """A hand, or a change of posture: comes over `ramp_s`, stays, goes over `ramp_s`; `duration_s` in all.

    Shorter than two ramps it turns back half-way.
    """

    volume_ml: float
    ramp_s: float
    start_s: float
    duration_s: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.duration_s

    def displaced_ml(self, time_s: float) -> float:
        """Volume taken from the abdomen, ml, at `time_s`; it comes and goes without a jerk."""
        into_s = min(time_s - self.start_s, self.end_s - time_s)
        if into_s <= 0.0:
            return 0.0
        return self.volume_ml * 0.5 * (1.0 - math.cos(math.pi * min(1.0, into_s / self.ramp_s)))


@dataclass(frozen=True, slots=True)
class Flow:
    """A passing leak (an orifice: `l_min` at the plant's reference pressure) or suction (`l_min` whatever it is)."""

    l_min: float
    end_s: float


class Disturbances:
    """Those in force; what is over is forgotten."""

    __slots__ = ("_displacing", "_leaks", "_suctions")

    def __init__(self) -> None:
        self._displacing: list[Cough | Press] = []
        self._leaks: list[Flow] = []
        self._suctions: list[Flow] = []

    def cough(self, volume_ml: float, start_s: float, duration_s: float) -> None:
        self._displacing.append(Cough(volume_ml, start_s, duration_s))

    def press(self, volume_ml: float, ramp_s: float, start_s: float, duration_s: float) -> None:
        self._displacing.append(Press(volume_ml, ramp_s, start_s, duration_s))

    def leak(self, l_min: float, start_s: float, duration_s: float) -> None:
        self._leaks.append(Flow(l_min, start_s + duration_s))

    def suction(self, l_min: float, start_s: float, duration_s: float) -> None:
        self._suctions.append(Flow(l_min, start_s + duration_s))

    def displaced_ml(self, time_s: float) -> float:
        """Sum of what coughs and hands displace, ml."""
        if not self._displacing:
            return 0.0
        self._displacing = [each for each in self._displacing if time_s < each.end_s]
        return sum(each.displaced_ml(time_s) for each in self._displacing)

    def leak_l_min(self, time_s: float) -> float:
        """Sum of the passing leaks, l/min at the reference pressure."""
        if not self._leaks:
            return 0.0
        self._leaks = [each for each in self._leaks if time_s < each.end_s - 1e-9]
        return sum(each.l_min for each in self._leaks)

    def suction_l_min(self, time_s: float) -> float:
        """Sum of what is sucked off, l/min."""
        if not self._suctions:
            return 0.0
        self._suctions = [each for each in self._suctions if time_s < each.end_s - 1e-9]
        return sum(each.l_min for each in self._suctions)
