"""Runs a tower from the command line's options: process-wide set-up, the Qt application, screenshot and report."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.adapters import quantity_specs, setpoint_specs
from app.bootstrap import build
from app.config import Config, demo_config, load_config
from app.crash import CrashHook
from app.logging_setup import set_up_logging
from app.report import report, write_report
from app.session import RunOptions, TowerSession
from app.simulation import SimulatorError, SimulatorProcess
from ui.main_window import MainWindow
from vision.frames import SourceError

__all__ = ["Outcome", "RunOptions", "run", "run_tower"]

log = logging.getLogger(__name__)

# The interpreter hands over between threads at least this often.  Its default of 5 ms is a quarter of a bus cycle.
SWITCH_INTERVAL_S = 0.0005
NO_SCREEN = (
    "no screen found: neither DISPLAY nor WAYLAND_DISPLAY is set. Start from a desktop session, or set"
    " QT_QPA_PLATFORM=offscreen to run without one (then --seconds, --screenshot and --report show the result)"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    exit_code: int
    report: dict[str, Any]


def run(config_path: Path | None, options: RunOptions) -> int:
    """Run the tower of `config_path`, or the demonstration, and return the exit code.

    Raises `ConfigError` for a configuration that cannot be used.
    """
    if config_path is None:
        config = demo_config(options.video)
    else:
        config = load_config(config_path)
        if options.video is not None:
            config = config.model_copy(
                update={"video": config.video.model_copy(update={"source": options.video, "frame_rate": None})}
            )
    return run_tower(config, options).exit_code


def run_tower(
    config: Config,
    options: RunOptions,
    *,
    on_started: Callable[[TowerSession, MainWindow], None] | None = None,
) -> Outcome:
    """Run one tower to its end.  `on_started` is called once everything runs (a bench hooks itself in there)."""
    if not _has_screen():
        print(f"main.py: {NO_SCREEN}", file=sys.stderr)
        return Outcome(1, {})
    set_up_logging(config.log.directory, config.log.level)
    hook = CrashHook(config.log.directory)
    hook.install()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Limpid")

    simulator: SimulatorProcess | None = None
    if config.bus.mode == "simulated":
        simulator = SimulatorProcess()
        try:
            simulator.start()
        except SimulatorError as error:
            print(f"main.py: {error}", file=sys.stderr)
            return Outcome(1, {})
    try:
        port = simulator.url if simulator is not None else config.bus.port
        assert port is not None, "a real configuration has a port: checked by app.config"
        parts = build(config, port)
    except SourceError as error:
        print(f"main.py: --video: {error}", file=sys.stderr)
        if simulator is not None:
            simulator.stop()
        return Outcome(2, {})

    window = MainWindow(setpoint_specs(config.setpoint_ranges()), quantity_specs())
    outcome: dict[str, Any] = {}
    safe: list[bool] = []

    def finish() -> None:
        """The end of the run: figures and picture are taken while everything still works."""
        if not outcome:
            outcome.update(report(session.figures()))
            if options.screenshot is not None and not window.grab().save(str(options.screenshot), "PNG"):
                session.errors.append(f"the screenshot could not be written to {options.screenshot}")

    window.close_requested.connect(finish)  # before the session hears of it, and covers the picture
    session = TowerSession(parts, window, options, simulator=simulator, enhanced_on=config.enhance.enabled)
    hook.on_crash = session.report_crash
    _close_on_signal(window)
    _show(window, config, options)

    def ended(confirmed: bool) -> None:
        safe.append(confirmed)
        application.quit()

    session.ended.connect(ended)
    if options.seconds is not None:
        QTimer.singleShot(round(options.seconds * 1e3), window.close)

    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()  # what start-up built is there to stay: later collections need not look at it
    session.start()
    if on_started is not None:
        on_started(session, window)
    application.exec()

    hook.uninstall()
    confirmed = bool(safe and safe[-1])
    outcome |= {"safe_shutdown": confirmed, "errors": list(session.errors)}
    if options.report is not None:
        write_report(options.report, outcome)
    for error in session.errors:
        print(f"main.py: {error}", file=sys.stderr)
    return Outcome(0 if confirmed and not session.errors else 1, outcome)


def _has_screen() -> bool:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _show(window: MainWindow, config: Config, options: RunOptions) -> None:
    screen = window.screen().availableSize()
    if config.screen.fullscreen:
        window.showFullScreen()
        return
    width, height = options.size or (min(1920, screen.width()), min(1080, screen.height()))
    if QApplication.platformName() == "offscreen":
        width, height = options.size or (1920, 1080)  # the offscreen platform's own screen is a mere 800x800
    window.resize(width, height)
    window.show()


def _close_on_signal(window: MainWindow) -> None:
    """Ctrl-C and a service manager's stop close the window as a hand would: the patient is made safe first."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, window.close))
