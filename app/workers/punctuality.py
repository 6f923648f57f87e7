"""Whether the control cycle runs too late for the control law: often, much, or once by far."""

from __future__ import annotations

from collections import deque

LATE_S = 0.020  # a cycle later than this is late
LATE_WINDOW, LATE_COUNT = 50, 10  # so many of the last cycles
MISSED_WINDOW_S = 10.0
MISSED_SHARE, MISSED_ENDS_SHARE = 0.03, 0.01  # of the cycles due in the window; between the two it stays as it is
FAR_S = 0.200  # once: for ten cycles the valves stood as they were last told
FAR_HOLD_S = 10.0  # so that it is heard and read, and one a few seconds later is the same trouble
SETTLE_S = 3.0  # while the program starts, and gas and light are off, it may be late


class Punctuality:
    """Give it every beat.  Times are monotonic seconds."""

    def __init__(self, period_s: float) -> None:
        self._due = MISSED_WINDOW_S / period_s  # beats in the window
        self._recent_late: deque[bool] = deque(maxlen=LATE_WINDOW)
        self._missed: deque[tuple[float, int]] = deque()  # when, how many at once
        self._missing = False
        self._far_until_s = float("-inf")
        self._first_s: float | None = None

    def beat(self, now_s: float, late_s: float, skipped: int) -> bool:
        """A beat came `late_s` after it was due, and `skipped` of those due since the last were left out.

        True while the cycle runs late.
        """
        self._first_s = now_s if self._first_s is None else self._first_s
        self._recent_late.append(late_s > LATE_S)
        if now_s - self._first_s >= SETTLE_S:
            if skipped:
                self._missed.append((now_s, skipped))
            if late_s >= FAR_S:
                self._far_until_s = now_s + FAR_HOLD_S
        while self._missed and now_s - self._missed[0][0] > MISSED_WINDOW_S:
            self._missed.popleft()
        share = sum(count for _, count in self._missed) / self._due
        self._missing = share >= (MISSED_ENDS_SHARE if self._missing else MISSED_SHARE)
        often = sum(self._recent_late) >= LATE_COUNT
        return often or self._missing or now_s < self._far_until_s
