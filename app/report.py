"""The JSON report of a run, as promised to scripts: see docs/report.md for each field."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import __version__
from app.adapters import measured
from app.stats import AddedDelay, FeedStatistics, FrameCounts, median_p95, median_p99, percentile
from app.status import TowerStatus
from hardware.quantities import PRESSURE
from ui.viewstate import MeasuredView, Validity

if TYPE_CHECKING:  # the parts bring Qt and the nets along
    from app.bootstrap import Parts
    from app.pictures import PictureDesk


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Everything the report says, as measured."""

    counts: FrameCounts
    raw: FeedStatistics
    enhanced: FeedStatistics
    added: AddedDelay
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
    first_picture_s: float | None = None  # from the start of the program to the first raw picture on the screen
    self_test: Sequence[dict[str, Any]] = ()  # one entry a check


class RunMeter:
    """Counts frames and seconds since the start, or since the last reset."""

    def __init__(self, parts: Parts, pictures: PictureDesk) -> None:
        self._parts = parts
        self._pictures = pictures
        self._before = FrameCounts(0, 0, 0, 0)  # before the figures began
        self._began_s = 0.0

    def begin(self, now_s: float) -> None:
        """The run begins at `now_s` (monotonic)."""
        self._began_s = now_s

    def reset(self, now_s: float) -> None:
        """Forget the figures so far: what follows is measured without the warm-up."""
        self._before = self._totals()
        self._began_s = now_s
        self._parts.bus.forget_lateness()
        self._pictures.reset(first_id=self._before.grabbed)

    def counts(self) -> FrameCounts:
        """Frames since the start or the last reset."""
        now, then = self._totals(), self._before
        return FrameCounts(
            now.grabbed - then.grabbed,
            self._pictures.raw.shown,
            now.enhanced - then.enhanced,
            now.deblurred - then.deblurred,
            {rung: count - then.rungs.get(rung, 0) for rung, count in now.rungs.items()},
        )

    def figures(
        self,
        status: TowerStatus,
        now_s: float,
        *,
        alarms: Sequence[str],
        simulation: bool,
        source: str,
        safe: bool | None,
        errors: Sequence[str],
        first_picture_s: float | None = None,
        self_test: Sequence[dict[str, Any]] = (),
    ) -> RunFigures:
        """What the report says of the tower's `status` at `now_s` (monotonic)."""
        gas = status.insufflator
        pressure = measured(PRESSURE, gas.pressure_mmhg, gas.time_s, now_s) if gas else MeasuredView()
        setpoint = status.setpoints.get("pressure_setpoint")
        return RunFigures(
            counts=self.counts(),
            raw=self._pictures.raw,
            enhanced=self._pictures.enhanced,
            added=self._pictures.added,
            bus_lateness_ms=self._parts.bus.lateness_ms,
            bus_cycles_missed=self._parts.bus.missed,
            pressure_setpoint_active=setpoint.active if setpoint else None,
            pressure_measured=pressure.value if pressure.validity is Validity.GOOD else None,
            alarms=alarms,
            simulation=simulation,
            seconds=now_s - self._began_s,
            source=source,
            safe=safe,
            errors=errors,
            first_picture_s=first_picture_s,
            self_test=self_test,
        )

    def _totals(self) -> FrameCounts:
        enhancer = self._parts.enhancer
        rungs = {str(rung): count for rung, count in enhancer.rungs.items()}
        return FrameCounts(self._parts.camera.grabbed, 0, enhancer.enhanced, enhancer.deblurred, rungs)


def report(run: RunFigures) -> dict[str, Any]:
    """The report as a JSON-ready dictionary.  What was not measured is null, never zero."""
    counts = run.counts
    lateness = list(run.bus_lateness_ms)
    return {
        "version": __version__,
        "simulation": run.simulation,
        "source": run.source,
        "seconds": round(run.seconds, 3),
        "first_picture_s": None if run.first_picture_s is None else round(run.first_picture_s, 3),
        "frames": {
            "grabbed": counts.grabbed,
            "shown_raw": counts.shown_raw,
            "dropped_raw": counts.dropped_raw,
            "enhanced": counts.enhanced,
            "shown_enhanced": run.enhanced.shown,
            "deblurred": counts.deblurred,
            "dropped_enhanced": counts.dropped_enhanced,
            "blurred_got": dict(counts.rungs),
        },
        "raw_fps": run.raw.fps,
        "enhanced_fps": run.enhanced.fps,
        "grab_to_paint_ms": median_p99(run.raw.delays_ms),
        "enhanced_delay_ms": median_p99(run.enhanced.delays_ms),
        "enhanced_added_ms": median_p95(run.added.all_ms),
        "deblurred_added_ms": median_p95(run.added.deblurred_ms),
        "bus_lateness_ms": {
            "p99": percentile(lateness, 99),
            "max": round(max(lateness), 3) if lateness else None,
            "cycles": len(lateness),
            "missed": run.bus_cycles_missed,
        },
        "pressure_mmhg": {"setpoint_active": run.pressure_setpoint_active, "measured": run.pressure_measured},
        "alarms": list(run.alarms),
        "self_test": list(run.self_test),
        "safe_shutdown": run.safe,
        "errors": list(run.errors),
    }


def write_report(path: Path, figures: dict[str, Any]) -> None:
    """Write `figures` as JSON; whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)
