"""The JSON report of a run, as promised to scripts: see docs/report.md for each field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import __version__
from app.stats import FeedStatistics, FrameCounts, median_p99, percentile


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Everything the report says, as measured."""

    counts: FrameCounts
    raw: FeedStatistics
    enhanced: FeedStatistics
    bus_lateness_ms: Iterable[float]
    bus_cycles_missed: int
    pressure_setpoint_active: float | None
    pressure_measured: float | None
    alarms: Sequence[str]
    simulation: bool
    seconds: float
    source: str
    safe: bool | None  # was the safe state confirmed at the end; None: not asked for
    errors: Sequence[str]


def report(run: RunFigures) -> dict[str, Any]:
    """The report as a JSON-ready dictionary.  What was not measured is null, never zero."""
    counts = run.counts
    lateness = list(run.bus_lateness_ms)
    return {
        "version": __version__,
        "simulation": run.simulation,
        "source": run.source,
        "seconds": round(run.seconds, 3),
        "frames": {
            "grabbed": counts.grabbed,
            "shown_raw": counts.shown_raw,
            "dropped_raw": counts.dropped_raw,
            "enhanced": counts.enhanced,
            "shown_enhanced": run.enhanced.shown,
            "deblurred": counts.deblurred,
            "dropped_enhanced": counts.dropped_enhanced,
        },
        "raw_fps": run.raw.fps,
        "enhanced_fps": run.enhanced.fps,
        "grab_to_paint_ms": median_p99(run.raw.delays_ms),
        "enhanced_delay_ms": median_p99(run.enhanced.delays_ms),
        "bus_lateness_ms": {
            "p99": percentile(lateness, 99),
            "max": round(max(lateness), 3) if lateness else None,
            "cycles": len(lateness),
            "missed": run.bus_cycles_missed,
        },
        "pressure_mmhg": {"setpoint_active": run.pressure_setpoint_active, "measured": run.pressure_measured},
        "alarms": list(run.alarms),
        "safe_shutdown": run.safe,
        "errors": list(run.errors),
    }


def write_report(path: Path, figures: dict[str, Any]) -> None:
    """Write `figures` as JSON; whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)
