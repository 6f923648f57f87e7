"""Runs a tower from the command line's options: process-wide set-up, the Qt application, screenshot and report."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.adapters import gas_mode_specs, quantity_specs, setpoint_specs
from app.alarms.desk import AlarmDesk
from app.appearance import AppearanceDesk
from app.bootstrap import build
from app.checks import recordings
from app.config import Config
from app.crash import CrashHook
from app.display import NO_SCREEN, has_display
from app.logging_setup import set_up_logging
from app.look import appearance_of
from app.options import RunOptions
from app.paths import access_file, appearance_file
from app.plant import PlantDesk
from app.presets import load_presets, log_lines
from app.report import report, write_report
from app.selftest.desk import SelfTest
from app.service_desk import ServiceDesk, ServicePlaces
from app.session import TowerSession
from app.simulation import SimulatorError, SimulatorProcess
from app.workers.priority import run_before_other_programs
from ui.main_window import MainWindow
from vision.frames import SourceError
from vision.opencv import cv2

__all__ = ["Outcome", "RunOptions", "run_tower"]

log = logging.getLogger(__name__)

# The interpreter hands over between threads at least this often.  Its default of 5 ms is a quarter of a bus cycle.
SWITCH_INTERVAL_S = 0.0005


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    exit_code: int
    report: dict[str, Any]


def run_tower(
    config: Config,
    options: RunOptions,
    *,
    on_started: Callable[[TowerSession, MainWindow], None] | None = None,
) -> Outcome:
    """Run one tower to its end.  `on_started` is called once everything runs (a bench hooks itself in there)."""
    if not has_display():
        print(f"main.py: {NO_SCREEN}", file=sys.stderr)
        return Outcome(1, {})
    set_up_logging(config.log.directory, config.log.level)
    hook = CrashHook(config.log.directory)
    hook.install()
    run_before_other_programs()
    try:
        return _run(config, options, hook, on_started)
    finally:
        hook.uninstall()


def _run(
    config: Config,
    options: RunOptions,
    hook: CrashHook,
    on_started: Callable[[TowerSession, MainWindow], None] | None,
) -> Outcome:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Limpid")
    # The session ends the event loop, once; a second end by the closing window would hit whatever loop runs next.
    application.setQuitOnLastWindowClosed(False)

    simulator: SimulatorProcess | None = None
    if config.bus.mode == "simulated":
        simulator = SimulatorProcess(["--scenario", options.scenario] if options.scenario else [])
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
        print(f"main.py: {error}", file=sys.stderr)
        if simulator is not None:
            simulator.stop()
        return Outcome(2, {})

    ranges = config.setpoint_ranges()
    pixels = application.primaryScreen().size()
    specs = setpoint_specs(ranges), quantity_specs(), gas_mode_specs(ranges)
    appearance = AppearanceDesk(
        appearance_of(config.screen, pixels.width(), pixels.height()),
        specs,
        None if options.unattended else appearance_file(),
    )
    presets = load_presets(config.presets.directory, ranges)
    for line in log_lines(presets):
        log.info("%s", line)
    window = MainWindow(
        specs[0],
        specs[1],
        gas_modes=specs[2],
        appearance=appearance.now,
        presets=presets.presets,
        presets_left_out=presets.problems,
        habits=config.habits(),
    )
    outcome: dict[str, Any] = {}
    safe: list[bool] = []

    def finish() -> None:
        """The end of the run, as far as known: figures and picture are taken while everything still works."""
        if session.leaving.closing or window.closing.isVisible():
            return
        outcome.clear()
        if options.unattended and session.missing_picture:
            session.errors.append(f"not one picture came: {session.missing_picture}")
        outcome.update(report(session.figures()))
        if options.screenshot is not None and not window.grab().save(str(options.screenshot), "PNG"):
            session.errors.append(f"the screenshot could not be written to {options.screenshot}")

    window.close_requested.connect(finish)  # before the session hears of it, and covers the picture
    alarms = AlarmDesk(config.log.directory)
    recording = config.recording
    session = TowerSession(
        parts,
        window,
        options,
        alarms=alarms,
        simulator=simulator,
        enhanced_on=config.enhance.enabled,
        self_test=SelfTest(alarms.speaker, lambda: recordings(recording.directory, recording.min_free_mb)),
        service=ServiceDesk(
            ServicePlaces(access_file(), config.log.directory, recording.directory),
            parts.tap,
            plant=PlantDesk(simulator) if simulator is not None else None,
            open_to_all=options.demo,
        ),
    )
    appearance.serve(window, session.say)
    hook.on_crash = session.report_crash
    _leave_on_signal(session)
    _show(window, config, options)

    def ended(confirmed: bool) -> None:
        safe.append(confirmed)
        application.quit()

    session.ended.connect(ended)
    if options.seconds is not None:
        QTimer.singleShot(round(options.seconds * 1e3), window.close)

    sys.setswitchinterval(SWITCH_INTERVAL_S)
    # Camera, enhancer and recorder each have a thread: OpenCV's own would only make them wait for one another.
    cv2.setNumThreads(1)
    gc.collect()
    gc.freeze()  # what start-up built is there to stay: later collections need not look at it
    session.start()
    if on_started is not None:
        on_started(session, window)
    application.exec()

    confirmed = bool(safe and safe[-1])
    outcome |= {"safe_shutdown": confirmed, "errors": list(session.errors)}
    if options.report is not None:
        try:
            write_report(options.report, outcome)
        except OSError as error:
            session.errors.append(f"the report {options.report} could not be written: {error.strerror}")
    for error in session.errors:
        print(f"main.py: {error}", file=sys.stderr)
    return Outcome(0 if confirmed and not session.errors else 1, outcome)


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


def _leave_on_signal(session: TowerSession) -> None:
    """Ctrl-C and a service manager's stop make the patient safe as a hand would, but ask nobody and end in time."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, session.leaving.by_system))
