"""Hysteresis in time for a condition that comes and goes: it counts when it lasts or returns, and ends after a calm."""

from __future__ import annotations

from collections import deque


class Sustained:
    """Pure; time comes in.  What passes at once is nothing to alarm about, what keeps returning is one thing."""

    def __init__(self, *, after_s: float, times: int, within_s: float, calm_s: float) -> None:
        """It counts when it has held for `after_s` without a break, or has begun `times` times within `within_s`; and
        until it has been away for `calm_s`."""
        self._after_s, self._times, self._within_s, self._calm_s = after_s, times, within_s, calm_s
        self._onsets: deque[float] = deque(maxlen=times)
        self._since_s: float | None = None  # it holds, since when
        self._last_s = float("-inf")  # when it held last
        self.counts = False

    def step(self, holds: bool, now_s: float, *, at_once: bool = False) -> bool:
        """Take whether the condition holds at `now_s` (monotonic); `at_once`: it counts without waiting.

        Returns whether it counts.
        """
        if holds or at_once:
            if self._since_s is None:
                self._since_s = now_s
                self._onsets.append(now_s)
            self._last_s = now_s
            returned = len(self._onsets) == self._times and now_s - self._onsets[0] <= self._within_s
            self.counts = self.counts or at_once or returned or now_s - self._since_s >= self._after_s
        else:
            self._since_s = None
            self.counts = self.counts and now_s - self._last_s < self._calm_s
        return self.counts

    def forget(self) -> None:
        """Begin anew: what was watched is switched off."""
        self._onsets.clear()
        self._since_s, self._last_s, self.counts = None, float("-inf"), False
