"""The last minute of one quantity in preallocated memory, with gaps where nothing was known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

SAMPLES_PER_S = 25
# Where the screen was told nothing for this long the curve is broken, never bridged.
GAP_S = 0.5


class History:
    """Measured value, active setpoint and a second value drawn behind the first, over the last `window_s` seconds.

    Each sample is written twice, `capacity` apart, so that the window is always one contiguous slice.
    """

    def __init__(self, window_s: float) -> None:
        self.window_s = window_s
        self.capacity = int(window_s * SAMPLES_PER_S) + 2
        self._columns = np.full((4, 2 * self.capacity), np.nan)  # time_s, value, setpoint, second
        self._next = 0
        self._count = 0
        self._last_s = -math.inf

    def append(self, time_s: float, value: float | None, setpoint: float | None, second: float | None = None) -> None:
        """Take a sample; None is a gap.  Samples closer than 1/25 s, or from the past, are left out."""
        since_s = time_s - self._last_s
        if since_s < 0.8 / SAMPLES_PER_S:
            return
        if math.isfinite(self._last_s) and since_s > GAP_S:
            self._write(self._last_s + since_s / 2, None, None, None)
        self._write(time_s, value, setpoint, second)
        self._last_s = time_s

    def window(self, now_s: float) -> tuple[NDArray[np.float64], ...]:
        """Four arrays (N,): ages (s, negative, ascending), values, setpoints, second values; NaN is a gap."""
        start = self._next - self._count + (self.capacity if self._count > self._next else 0)
        columns = self._columns[:, start : start + self._count]
        first = int(np.searchsorted(columns[0], now_s - self.window_s))
        return columns[0, first:] - now_s, columns[1, first:], columns[2, first:], columns[3, first:]

    def _write(self, time_s: float, *values: float | None) -> None:
        row = (time_s, *(np.nan if value is None else value for value in values))
        self._columns[:, self._next] = row
        self._columns[:, self._next + self.capacity] = row
        self._next = (self._next + 1) % self.capacity
        self._count = min(self._count + 1, self.capacity)


def steps(times: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
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
