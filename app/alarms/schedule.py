"""When a burst sounds: the highest priority wins, and its burst is repeated at its interval.  Pure; time comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.alarms.tones import LEAST_GAP_S, TONES, Tone
from ui.viewstate import Priority

RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}


@dataclass(frozen=True, slots=True)
class Sounding:
    """What ought to be heard.  `occurrence` grows with each new one, so that a new alarm of the same priority is
    heard before the interval is over."""

    priority: Priority
    occurrence: int = 0


class BurstSchedule:
    """Ask it often; it says when to begin a burst.  A burst that has begun is finished, so that an alarm that lasts
    a moment is heard too, unless a higher one cuts in or a person silences it."""

    def __init__(self, tones: Mapping[Priority, Tone] = TONES) -> None:
        self._tones = tones
        self._last: Sounding | None = None
        self._ended_s = float("-inf")  # when the last burst ends or ended

    def step(self, wanted: Sounding | None, now_s: float) -> Priority | None:
        """The priority whose burst begins at `now_s` (monotonic); None: nothing new begins."""
        if wanted is None:
            return None
        last = self._last
        if last is not None and RANK[wanted.priority] >= RANK[last.priority]:
            same = wanted == last
            gap_s = self._tones[wanted.priority].interval_s if same else LEAST_GAP_S
            if now_s < self._ended_s + gap_s:
                return None
        # A higher one waits for nothing: its burst replaces the one that sounds.
        self._last = wanted
        self._ended_s = now_s + self._tones[wanted.priority].burst_s
        return wanted.priority

    def silenced(self) -> None:
        """A person acknowledged or paused: what is left to be heard need not wait for the old rhythm."""
        self._last = None
        self._ended_s = float("-inf")
