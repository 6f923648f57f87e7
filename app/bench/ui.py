"""`bench ui`: the whole running tower, measured: pictures, delays, shake, bus cycle, UI thread, memory, start."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.arguments import positive_seconds
from app.bench import memory
from app.config import Config, demo_config

if TYPE_CHECKING:  # Qt and the nets' libraries are loaded when the bench runs: `bench codec` does not wait for them
    from PySide6.QtCore import QTimer

    from app.bench.heartbeat import Heartbeat
    from app.session import TowerSession
    from app.stats import FrameCounts
    from ui.main_window import MainWindow

WARM_UP_S = 8.0
READY_WITHIN_S = 60.0  # the enhanced view; measuring itself on a busy machine takes it a while
SAMPLE_S = 0.5
PROGRESS_S = 60.0
FIRST_PICTURE_GOAL_S = 5.0  # from the start of the process, its libraries' loading included


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench ui`."""
    parser.add_argument(
        "--seconds",
        type=positive_seconds,
        default=60.0,
        help="measured time after at least 8 s of warm-up (default 60; 1800 for half an hour); a line each minute",
    )
    parser.add_argument("--no-recording", action="store_true", help="leave the recorder off")
    parser.add_argument("--video", default="phantom", metavar="SOURCE", help="another source than the phantom")
    parser.add_argument(
        "--burst-every",
        type=positive_seconds,
        default=3.0,
        metavar="S",
        help="seconds between the phantom's bursts of 1 to 12 shaken frames (default 3)",
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Run the demonstration with everything on.  Raises `RuntimeError` when the run fails."""
    from app.run import RunOptions, run_tower
    from app.started import process_started_s

    probe = _Probe(args.seconds)
    with tempfile.TemporaryDirectory(prefix="limpid-bench-") as folder:
        config = _config(_source(args.video, args.burst_every), Path(folder))
        at_most_s = WARM_UP_S + READY_WITHIN_S + args.seconds
        options = RunOptions(
            demo=True, seconds=at_most_s, autostart=True, record=not args.no_recording, started_s=process_started_s()
        )
        outcome = run_tower(config, options, on_started=probe.attach)
    if not outcome.report:
        raise RuntimeError("the tower did not start; see the message above")
    figures = outcome.report | probe.figures() | {"measured_s": args.seconds, "recording": not args.no_recording}
    return figures | {"first_picture_goal": first_picture_goal(outcome.report.get("first_picture_s"))}


def first_picture_goal(first_picture_s: float | None) -> dict[str, Any]:
    """The goal beside the report's `first_picture_s`; never met by a picture that did not come."""
    met = first_picture_s is not None and first_picture_s <= FIRST_PICTURE_GOAL_S
    return {"s": FIRST_PICTURE_GOAL_S, "met": met}


def _source(video: str, burst_every_s: float) -> str:
    return f"{video},burst={burst_every_s:g}" if video.startswith("phantom") and ",burst=" not in video else video


def _config(video: str, folder: Path) -> Config:
    config = demo_config(video)
    return config.model_copy(update={"recording": config.recording.model_copy(update={"directory": folder})})


class _Probe:
    """Begins and ends the measured time, and takes the figures that the report does not have."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._session: TowerSession | None = None
        self._window: MainWindow | None = None
        self._attached_s = self._began_s = 0.0
        self._memory_mb: list[float] = []
        self._phantom_ms: list[float] = []
        self._shaken_before = (0, 0.0)  # frames, and the lengths of their shake in px
        self._timer: QTimer | None = None
        self._minutes: QTimer | None = None
        self._heartbeat: Heartbeat | None = None
        self._ticks: list[int] | None = None  # of the processor, at the first and at the last sample
        self._last_ticks: list[int] | None = None
        self.warm_up_s: float | None = None

    def attach(self, session: TowerSession, window: MainWindow) -> None:
        from PySide6.QtCore import QTimer

        from app.bench.heartbeat import Heartbeat

        self._session, self._window, self._attached_s = session, window, time.monotonic()
        self._heartbeat = Heartbeat(window)
        self._timer, self._minutes = QTimer(window), QTimer(window)
        self._timer.setInterval(round(SAMPLE_S * 1e3))
        self._timer.timeout.connect(self._sample)
        self._minutes.setInterval(round(PROGRESS_S * 1e3))
        self._minutes.timeout.connect(self._tell)
        window.close_requested.connect(self._end)
        QTimer.singleShot(round(WARM_UP_S * 1e3), self._begin)

    def _begin(self) -> None:
        from PySide6.QtCore import QTimer

        session, window, timer = self._session, self._window, self._timer
        if session is None or window is None or timer is None or self._minutes is None or self._heartbeat is None:
            return  # `attach` sets them before it asks for this
        waited_s = time.monotonic() - self._attached_s
        if not session.enhancer_ready and waited_s < WARM_UP_S + READY_WITHIN_S:
            QTimer.singleShot(500, self._begin)
            return
        self.warm_up_s = round(waited_s, 1)
        session.reset_figures()
        self._shaken_before = self._shaken()
        self._began_s = time.monotonic()
        self._sample()
        timer.start()
        self._minutes.start()
        self._heartbeat.begin()
        QTimer.singleShot(round(self._seconds * 1e3), self._finish)

    def _finish(self) -> None:
        self._end()  # before the report is made, which takes the thread for a while
        if self._window is not None:
            self._window.close()

    def _end(self) -> None:
        """The measured time is over, also when a person closes the window before."""
        for timer in (self._timer, self._minutes):
            if timer is not None:
                timer.stop()
        if self._heartbeat is not None:
            self._heartbeat.end()

    def _tell(self) -> None:
        """A line for whoever waits: half an hour is long."""
        if self._session is None or self._heartbeat is None:
            return
        counts = self._session.counts()
        growth = memory.growth_mb(self._memory_mb, SAMPLE_S)
        silent = self._heartbeat.longest_ms, self._heartbeat.above_goal
        line = progress_line(time.monotonic() - self._began_s, self._seconds, counts, growth, silent)
        print(line, file=sys.stderr, flush=True)

    def _shaken(self) -> tuple[int, float]:
        phantom = self._session.phantom if self._session is not None else None
        return (phantom.shaken_frames, phantom.shake_px) if phantom is not None else (0, 0.0)

    def _sample(self) -> None:
        self._memory_mb.append(memory.resident_mb())
        self._last_ticks = processor_ticks()
        if self._ticks is None:
            self._ticks = self._last_ticks
        phantom = self._session.phantom if self._session is not None else None
        if phantom is not None:
            self._phantom_ms.append(phantom.render_cost.last_ms)

    def _processor(self) -> dict[str, float]:
        """How busy all cores were, and what share of them went to other guests of the same host."""
        if self._ticks is None or self._last_ticks is None:
            return {}
        spent = [now - then for now, then in zip(self._last_ticks, self._ticks, strict=True)]
        total = sum(spent) or 1
        idle, stolen = spent[3] + spent[4], spent[7]
        return {
            "busy_percent": round(100 * (total - idle - stolen) / total, 1),
            "stolen_percent": round(100 * stolen / total, 1),
        }

    def _bursts(self) -> dict[str, Any]:
        """What was shaken, and how much of it came out deblurred; a short exposure leaves many of them clear."""
        frames, path_px = (now - then for now, then in zip(self._shaken(), self._shaken_before, strict=True))
        deblurred = self._session.counts().deblurred if self._session is not None else 0
        return {
            "shaken_frames": frames,
            "mean_shake_px": round(path_px / frames, 1) if frames else None,
            "deblurred_share": round(deblurred / frames, 3) if frames else None,
        }

    def figures(self) -> dict[str, Any]:
        return {
            "memory_mb": memory.figures(self._memory_mb, SAMPLE_S),
            "ui_thread_ms": self._heartbeat.figures() if self._heartbeat is not None else {},
            "phantom_ms": {
                "median": round(statistics.median(self._phantom_ms), 3) if self._phantom_ms else None,
            },
            "bursts": self._bursts(),
            "warm_up_s": self.warm_up_s,
            "machine": {"cores": os.cpu_count()} | self._processor(),
        }


def progress_line(
    passed_s: float, of_s: float, counts: FrameCounts, growth_mb: float | None, silent: tuple[float, int]
) -> str:
    """How the measured time stands, in one line.  `silent`: the UI thread's longest gap in ms, and gaps above 50 ms."""
    grown = "---" if growth_mb is None else f"{growth_mb:+.1f} MiB"
    return (
        f"{passed_s / 60:.0f} of {of_s / 60:g} min: {counts.shown_raw} of {counts.grabbed} raw frames shown, memory "
        f"{grown}, UI thread silent for {silent[0]:.0f} ms at most, {silent[1]} times above 50 ms"
    )


def processor_ticks() -> list[int] | None:
    """Ticks of all cores: user, nice, system, idle, iowait, irq, softirq, steal (Linux; elsewhere None)."""
    try:
        first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    except OSError:
        return None
    return [int(field) for field in first.split()[1:9]]
