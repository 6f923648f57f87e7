"""Resident memory over a measured run: what it grew by since the warm-up, and how that stands to its goal."""

from __future__ import annotations

import contextlib
import resource
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

GROWTH_GOAL_MB = 20.0
ENDS_S = 10.0  # a single sample may lie on a peak: means of this long at both ends are compared


def resident_mb() -> float:
    """Resident memory in MiB of this process and of those that it has started: the enhanced view, the sound, and in a
    demonstration the simulated modules (Linux; elsewhere the peak so far of this process alone)."""
    own = _resident_mb("self")
    if own is None:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return own + sum(_resident_mb(number) or 0.0 for number in _started_by_this())


def _resident_mb(process: str) -> float | None:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except OSError:  # it has ended meanwhile, or this is no Linux
        return None
    return pages * resource.getpagesize() / 2**20


def _started_by_this() -> list[str]:
    """Numbers of the processes that any thread of this one has started and that still run."""
    found: list[str] = []
    for thread in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has ended meanwhile
            found += thread.read_text(encoding="ascii").split()
    return found


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
        "peak": round(max(samples), 1) if samples else None,
        "growth": None if growth is None else round(growth, 1),
        "goal": {"growth": GROWTH_GOAL_MB, "met": growth is not None and growth < GROWTH_GOAL_MB},
    }
