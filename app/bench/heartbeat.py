"""The heartbeat of the UI thread: how long it could not answer, from the gaps between the beats of a short timer."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from app.stats import percentile

BEAT_MS = 10
GOAL_MS = 50.0  # a gap never above this: a touch is answered within one beat of the screen's own cycle


class Heartbeat(QObject):
    """Beats in the thread that made it.  A gap is the time between two beats: `BEAT_MS` while the thread is free, and
    that much longer than the thread was busy, or than the system gave the processor to others."""

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.perf_counter) -> None:
        """`clock`: seconds that only go forward."""
        super().__init__(parent)
        self._clock = clock
        self._last_s: float | None = None
        # Half an hour has 180,000: as objects of their own they would weigh on the memory that is measured beside.
        self._gaps_ms = array("d")
        self.longest_ms = 0.0
        self.above_goal = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)

        self._timer.timeout.connect(self.beat)

    def begin(self) -> None:
        """Begin to measure; what was measured before is forgotten."""
        self._gaps_ms = array("d")
        self.longest_ms, self.above_goal = 0.0, 0
        self._last_s = self._clock()
        self._timer.start()

    def end(self) -> None:
        """Measure no longer; a gap that is still open counts as it stands."""
        if self._timer.isActive():
            self.beat()
            self._timer.stop()

    @Slot()
    def beat(self) -> None:
        """The thread is free."""
        now_s = self._clock()
        if self._last_s is not None:
            gap_ms = (now_s - self._last_s) * 1e3
            self._gaps_ms.append(gap_ms)
            self.longest_ms = max(self.longest_ms, gap_ms)
            self.above_goal += gap_ms > GOAL_MS
        self._last_s = now_s

    def figures(self) -> dict[str, Any]:
        """Gaps in ms; null where nothing was measured, and the goal is then not met.  Takes a while: ask at the end."""
        any_beat = bool(self._gaps_ms)
        return {
            "beats": len(self._gaps_ms),
            "p99": percentile(self._gaps_ms, 99),
            "max": round(self.longest_ms, 3) if any_beat else None,
            "above_50": self.above_goal if any_beat else None,
            "goal": {"max": GOAL_MS, "above_50": 0, "met": any_beat and not self.above_goal},
        }
