"""Resident memory over a measured run: what it grew by since the warm-up, and how that stands to its goal."""

from __future__ import annotations

import resource
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

GROWTH_GOAL_MB = 20.0
ENDS_S = 10.0  # a single sample may lie on a peak: means of this long at both ends are compared


def resident_mb() -> float:
    """Resident memory of this process in MiB (Linux; elsewhere the peak so far)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 2**20


def growth_mb(samples: Sequence[float], period_s: float) -> float | None:
    """Mean of the last `ENDS_S` minus mean of the first, of MiB taken every `period_s`.

    Of a short run the outer thirds are compared; None below three samples.
    """
    if len(samples) < 3:
        return None
    ends = max(1, min(round(ENDS_S / period_s), len(samples) // 3))
    return statistics.fmean(samples[-ends:]) - statistics.fmean(samples[:ends])


def figures(samples: Sequence[float], period_s: float) -> dict[str, Any]:
    """MiB taken every `period_s` after the warm-up."""
    growth = growth_mb(samples, period_s)
    return {
        "first": round(samples[0], 1) if samples else None,
        "last": round(samples[-1], 1) if samples else None,
        "peak": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "growth": None if growth is None else round(growth, 1),
        "goal": {"growth": GROWTH_GOAL_MB, "met": growth is not None and growth < GROWTH_GOAL_MB},
    }
