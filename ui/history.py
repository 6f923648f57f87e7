"""A whole case of one quantity in bounded memory, with gaps where nothing was known; each range at its resolution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.history_bins import HIGH, LOW, Bins, outline

SAMPLES_PER_S = 25
# Where the screen was told nothing for this long the curve is broken, never bridged.
GAP_S = 0.5
# What can be looked at: 1, 5, 30 minutes, and None for the whole case.
SPANS_S: tuple[float | None, ...] = (60.0, 300.0, 1800.0, None)
# The axis of a whole case is one of these, so that it seldom moves.
CASE_SPANS_S = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 28800, 43200, 86400)
BINS = 600  # of a range: about one for each pixel or two
CASE_BINS = 1024
VALUE, SETPOINT, SECOND = 0, 1, 2

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curves:
    """What is drawn: ages (s, negative, ascending) and values of each curve; NaN is a gap."""

    value: tuple[Values, Values]
    setpoint: tuple[Values, Values]
    second: tuple[Values, Values]


class History:
    """Measured value, active setpoint and a second value drawn behind the first.

    The last minute is kept as it came; longer ranges in bins with their lowest and highest value, so that a peak of one
    sample is seen in every range; what is drawn never grows with the case.
    """

    def __init__(self) -> None:
        self.began_s: float | None = None  # first sample
        self._levels = {
            60.0: Bins(0.0, 60 * SAMPLES_PER_S + 2),
            300.0: Bins(300.0 / BINS, BINS + 2),
            1800.0: Bins(1800.0 / BINS, BINS + 2),
            None: Bins(1.0, CASE_BINS, widen=True),
        }
        self._last_s = -math.inf

    def append(self, time_s: float, value: float | None, setpoint: float | None, second: float | None = None) -> None:
        """Take a sample; None is a gap.  Samples closer than 1/25 s, or from the past, are left out."""
        since_s = time_s - self._last_s
        if since_s < 0.8 / SAMPLES_PER_S:
            return
        if self.began_s is None:
            self.began_s = time_s
        elif since_s > GAP_S:
            self._write(self._last_s + since_s / 2, None, None, None)
        self._write(time_s, value, setpoint, second)
        self._last_s = time_s

    def span_s(self, chosen_s: float | None, now_s: float) -> float:
        """Length of the time axis, s: the range chosen, or for the whole case (None) the next round length."""
        if chosen_s is not None:
            return chosen_s
        length_s = 0.0 if self.began_s is None else now_s - self.began_s
        return float(next((span for span in CASE_SPANS_S if span >= length_s), math.ceil(length_s / 86400) * 86400))

    def curves(self, now_s: float, chosen_s: float | None = SPANS_S[0]) -> Curves:
        """The curves of a range of `SPANS_S` up to `now_s`."""
        level = self._levels[chosen_s]
        bins = level.since(now_s - self.span_s(chosen_s, now_s))
        drawn = [outline(bins, kind, level.width_s) for kind in (VALUE, SETPOINT, SECOND)]
        value, setpoint, second = ((times - now_s, values) for times, values in drawn)
        return Curves(value, setpoint if level.width_s else steps(*setpoint), second)

    def at(self, time_s: float, chosen_s: float | None = SPANS_S[0]) -> tuple[tuple[float, float] | None, ...]:
        """(lowest, highest) of value, setpoint and second value at `time_s`, at the resolution of the range; None where
        nothing was known."""
        level = self._levels[chosen_s]
        reach_s = level.width_s or GAP_S
        bins = level.since(time_s - reach_s)
        at = int(np.searchsorted(bins[0], time_s, side="right")) - 1
        if at < 0 or time_s - bins[0, at] > reach_s:
            return (None, None, None)
        pairs = ((float(bins[LOW + kind, at]), float(bins[HIGH + kind, at])) for kind in (VALUE, SETPOINT, SECOND))
        return tuple(None if math.isnan(low) else (low, high) for low, high in pairs)

    def _write(self, time_s: float, *values: float | None) -> None:
        known = np.array([np.nan if value is None else value for value in values])
        for level in self._levels.values():
            level.add(time_s, known)


def steps(times: Values, values: Values) -> tuple[Values, Values]:
    """A piecewise constant curve as few points: two for each run of equal values, NaN kept as gaps."""
    if len(times) == 0:
        return times, values
    plain = np.where(np.isnan(values), -np.inf, values)
    starts = np.flatnonzero(np.concatenate(([True], plain[1:] != plain[:-1])))
    ends = np.concatenate((times[starts[1:]], times[-1:]))
    return np.column_stack((times[starts], ends)).ravel(), np.repeat(values[starts], 2)


def plot_top(highest: float, bottom: float, top: float) -> float:
    """Upper end of a plot's scale: a third, two thirds or all of the declared span, or twice it, so that `highest`
    stays visible without the scale moving with every sample."""
    for share in (1 / 3, 2 / 3, 1.0):
        candidate = bottom + share * (top - bottom)
        if highest <= bottom + 0.94 * (candidate - bottom):
            return candidate
    return top if highest <= top else bottom + 2 * (top - bottom)
