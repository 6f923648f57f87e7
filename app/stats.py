"""What a run was like: frames, delays, lateness; the figures of `--report` and `bench ui`."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

LATEST = 200_000  # delays are kept of so many events, more than an hour's: a tower runs for days


@dataclass(frozen=True, slots=True)
class FrameCounts:
    """Every grabbed frame is in exactly one of shown and dropped, for each view."""

    grabbed: int
    shown_raw: int
    enhanced: int
    deblurred: int
    rungs: Mapping[str, int] = field(default_factory=dict)  # blurred frames by how much of the method they got

    @property
    def dropped_raw(self) -> int:
        return self.grabbed - self.shown_raw

    @property
    def dropped_enhanced(self) -> int:
        return self.grabbed - self.enhanced


@dataclass(slots=True)
class FeedStatistics:
    """Painted frames of one feed.  Times are monotonic seconds."""

    shown: int = 0
    delays_ms: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST))
    first_s: float | None = None
    last_s: float | None = None
    last_id: int = -1

    def painted(self, frame_id: int, captured_s: float, painted_s: float) -> bool:
        """Count a frame once, when its pixels first reached the window.  False: it had been counted."""
        if frame_id == self.last_id:
            return False
        self.last_id = frame_id
        self.shown += 1
        self.delays_ms.append((painted_s - captured_s) * 1e3)
        if self.first_s is None:
            self.first_s = painted_s
        self.last_s = painted_s
        return True

    @property
    def fps(self) -> float | None:
        """Painted frames a second between the first and the last; None when fewer than two were painted."""
        if self.first_s is None or self.last_s is None or self.last_s <= self.first_s:
            return None
        return round((self.shown - 1) / (self.last_s - self.first_s), 3)


REMEMBERED = 300  # raw frames, 10 s: the enhanced view is never further behind


@dataclass(slots=True)
class AddedDelay:
    """How much later a frame is painted on the enhanced side than on the raw one, ms.  Times are monotonic seconds."""

    all_ms: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST))
    deblurred_ms: deque[float] = field(default_factory=lambda: deque(maxlen=LATEST))
    _raw: dict[int, float] = field(default_factory=dict)

    def raw_painted(self, frame_id: int, painted_s: float) -> None:
        """A frame reached the raw view."""
        self._raw[frame_id] = painted_s
        if len(self._raw) > REMEMBERED:
            del self._raw[next(iter(self._raw))]

    def enhanced_painted(self, frame_id: int, painted_s: float, *, deblurred: bool) -> None:
        """The same frame reached the enhanced view; one that the raw view left out says nothing."""
        raw_s = self._raw.get(frame_id)
        if raw_s is None:
            return
        self.all_ms.append((painted_s - raw_s) * 1e3)
        if deblurred:
            self.deblurred_ms.append(self.all_ms[-1])


def percentile(values: Iterable[float], percent: float) -> float | None:
    """Percentile of the finite values, None when there are none (never a made-up zero)."""
    finite = [v for v in values if math.isfinite(v)]
    return round(float(np.percentile(finite, percent)), 3) if finite else None


def median_p95(values: Iterable[float]) -> dict[str, float | None]:
    """{"median", "p95"} of `values`."""
    values = list(values)
    return {"median": percentile(values, 50), "p95": percentile(values, 95)}


def median_p99(values: Iterable[float]) -> dict[str, float | None]:
    """{"median", "p99"} of `values`."""
    return {"median": percentile(values, 50), "p99": percentile(values, 99)}
