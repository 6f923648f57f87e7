"""`bench bus`: how punctual the bus cycle is: idle, with a mute slave, with line noise, and with video at full load."""

from __future__ import annotations

import argparse
import itertools
import math
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.arguments import positive_seconds
from app.bench.ui import WARM_UP_S, processor_ticks
from app.config import demo_config

if TYPE_CHECKING:  # Qt is loaded when the bench runs: `bench codec` does not wait for it
    from PySide6.QtCore import QTimer

    from app.session import TowerSession
    from app.status import TowerStatus
    from app.workers.bus import BusWorker
    from ui.main_window import MainWindow

SETTLE_S = 3.0  # after the modules are found, and after each command to the simulator
GOAL_IDLE_P99_MS, GOAL_LOAD_P99_MS, GOAL_MAX_MS = 2.0, 5.0, 20.0
# Name of the run, the simulator's command that begins it, and the one that ends it (docs/simulator.md).
RUNS: tuple[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None], ...] = (
    ("idle", None, None),
    ("light_mute", {"fault": "light.mute"}, {"repair": "light.mute"}),
    ("noise_1e-4", {"fault": {"name": "line.noise", "value": 1e-4}}, {"repair": "line.noise"}),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench bus`."""
    parser.add_argument(
        "--seconds", type=positive_seconds, default=60.0, help="measured time of each run (default 60; goal runs: 600)"
    )
    parser.add_argument(
        "--load",
        action="store_true",
        help="measure the running tower instead: both views, recording, gas and light on, in a real window",
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure.  Raises `RuntimeError` when a run fails."""
    figures = _with_video(args.seconds) if args.load else _alone(args.seconds)
    goals = {"idle_p99_ms": GOAL_IDLE_P99_MS, "video_p99_ms": GOAL_LOAD_P99_MS, "max_ms": GOAL_MAX_MS}
    return {"seconds_each": args.seconds, "cores": os.cpu_count(), "goals": goals} | figures


class BusProbe:
    """Takes the figures of one run.  `take` runs in the bus thread, at the end of each of its cycles."""

    def __init__(self, worker: BusWorker) -> None:
        from PySide6.QtCore import Qt

        self._worker = worker
        self._times_s: list[float] = []
        self._status: TowerStatus | None = None
        self._counts: dict[str, int] = {}
        self._ticks: list[int] | None = None
        self._active = False
        worker.status.connect(self.take, Qt.ConnectionType.DirectConnection)

    def begin(self) -> None:
        """Forget what was before."""
        self._worker.forget_lateness()
        self._times_s = []
        self._counts = self._count()
        self._ticks = processor_ticks()
        self._active = True

    def take(self, status: TowerStatus) -> None:
        """One cycle's status.  A reading's time is that of its reply, so their distances are the period."""
        self._status = status
        reading = status.insufflator
        if self._active and reading is not None and (not self._times_s or reading.time_s > self._times_s[-1]):
            self._times_s.append(reading.time_s)

    def links(self) -> int:
        """How many modules answer."""
        return 0 if self._status is None else sum(str(link) == "connected" for link in self._status.links.values())

    def figures(self) -> dict[str, Any]:
        """What was measured since `begin`.  Lateness is against the 20 ms grid."""
        self._active = False
        late_ms = list(self._worker.lateness_ms)
        times_s = list(self._times_s)
        periods_ms = [(b - a) * 1e3 for a, b in itertools.pairwise(times_s)]
        grown = {name: now - self._counts.get(name, 0) for name, now in self._count().items()}
        rows = self._status.bus.rows if self._status is not None else ()
        return {
            "cycles": len(late_ms),
            "cycles_missed": self._worker.missed,
            "lateness_ms": {"p50": _at(late_ms, 50), "p99": _at(late_ms, 99), "max": _at(late_ms, 100)},
            "insufflator_period_ms": {
                "p50": _at(periods_ms, 50),
                "p99": _at(periods_ms, 99),
                "max": _at(periods_ms, 100),
            },
            "insufflator_hz": round(len(periods_ms) / (times_s[-1] - times_s[0]), 2) if len(times_s) > 1 else None,
            "round_trip_ms": {
                row.name.lower(): {"median": _rounded(row.round_trip_median_ms), "p99": _rounded(row.round_trip_p99_ms)}
                for row in rows
            },
            "counts": grown,
            "stolen_percent": _stolen_percent(self._ticks, processor_ticks()),
        }

    def _count(self) -> dict[str, int]:
        """Counts since the start, as of the last second."""
        rows = self._status.bus.rows if self._status is not None else ()
        names = ("requests", "replies", "retries", "timeouts", "crc_errors")
        return {name: sum(getattr(row, name) for row in rows) for name in names}


def _alone(seconds: float) -> dict[str, Any]:
    """The bus worker in its thread and the simulator's process on a pty; no window, no video."""
    from PySide6.QtCore import QCoreApplication

    from app.bootstrap import make_control
    from app.simulation import SimulatorError, SimulatorProcess
    from app.threads import join, thread_for
    from app.workers.bus import BusWorker
    from app.workers.priority import run_before_other_programs

    run_before_other_programs()  # as the tower does
    application = QCoreApplication.instance() or QCoreApplication(["bench"])
    figures: dict[str, Any] = {}
    try:
        with SimulatorProcess() as simulator:
            worker = BusWorker(lambda: make_control(demo_config(), simulator.url))
            probe = BusProbe(worker)
            thread = thread_for(worker, "bus")
            thread.started.connect(worker.start)
            thread.finished.connect(worker.stop)
            thread.start()
            try:
                if not _wait(application, 10.0, lambda: probe.links() == 3):
                    raise RuntimeError("the simulated modules were not found within 10 s")
                for name, begin, end in RUNS:
                    if begin is not None:
                        simulator.tell(begin)
                    _wait(application, SETTLE_S)
                    probe.begin()
                    _wait(application, seconds)
                    figures[name] = probe.figures()
                    counts = figures[name]["counts"]
                    trouble = counts["timeouts"] + counts["retries"] + counts["crc_errors"]
                    if begin is not None and not trouble:
                        raise RuntimeError(f"{name}: no trouble was seen on the line: did the simulator take {begin}?")
                    if end is not None:
                        simulator.tell(end)
            finally:
                join(thread)
    except SimulatorError as error:
        raise RuntimeError(str(error)) from error
    return figures


def _with_video(seconds: float) -> dict[str, Any]:
    """The demonstration in a real window, everything on, as in `bench ui`."""
    from PySide6.QtCore import QTimer

    from app.run import RunOptions, run_tower

    figures: dict[str, Any] = {}
    kept: list[QTimer | BusProbe] = []

    def attach(session: TowerSession, window: MainWindow) -> None:
        probe = BusProbe(session.bus)

        def begin() -> None:
            session.reset_figures()
            probe.begin()

        end = QTimer(window)
        end.setSingleShot(True)
        end.timeout.connect(lambda: figures.update(video=probe.figures()))
        QTimer.singleShot(round(WARM_UP_S * 1e3), begin)
        end.start(round((WARM_UP_S + seconds) * 1e3))
        kept.extend((end, probe))

    with tempfile.TemporaryDirectory(prefix="limpid-bench-") as folder:
        config = demo_config()
        recording = config.recording.model_copy(update={"directory": Path(folder)})
        config = config.model_copy(update={"recording": recording})
        options = RunOptions(demo=True, seconds=WARM_UP_S + seconds + 1.0, autostart=True, record=True)
        outcome = run_tower(config, options, on_started=attach)
    if not figures:
        raise RuntimeError("the tower did not run to the end of the measurement; see the message above")
    counts = ("raw_fps", "frames_grabbed", "raw_dropped", "enhanced_fps")
    figures["video"] |= {key: outcome.report[key] for key in counts if key in outcome.report}
    return figures


def _wait(application: Any, seconds: float, done: Callable[[], bool] = lambda: False) -> bool:
    """Let this thread's events run for `seconds`, or until `done`; True when it was done."""
    from PySide6.QtCore import QEventLoop, QTimer

    end_s = time.monotonic() + seconds
    while (left_s := end_s - time.monotonic()) > 0 and not done():
        loop = QEventLoop(application)
        QTimer.singleShot(math.ceil(min(left_s, 0.2) * 1e3), loop.quit)
        loop.exec()
    return done()


def _at(values: Sequence[float], percent: float) -> float | None:
    """The value that `percent` of the values don't exceed; None without values."""
    ordered = sorted(values)
    return round(ordered[math.ceil(percent / 100 * len(ordered)) - 1], 3) if ordered else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _stolen_percent(before: list[int] | None, after: list[int] | None) -> float | None:
    """Share of the processor's time that went to other guests of the same host; None where it isn't told."""
    if before is None or after is None:
        return None
    spent = [now - then for now, then in zip(after, before, strict=True)]
    return round(100 * spent[7] / (sum(spent) or 1), 1)
