"""One run of the tower: start, the screen's cycle, safe shutdown."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.adapters import measured, scene_levels, tower_view
from app.alarms.engine import AlarmEngine, AlarmEvent
from app.bootstrap import Parts
from app.control import SafeState
from app.pictures import PictureDesk
from app.report import RunFigures
from app.simulation import SimulatorProcess
from app.stats import FrameCounts
from app.status import TowerStatus
from app.threads import join, thread_for
from app.watch import TowerWatch
from app.workers.camera import CameraStatus
from app.workers.enhance import EnhancerStatus
from app.workers.record import RecorderStatus
from hardware.quantities import PRESSURE
from ui.intents import (
    AcknowledgeAlarm,
    SetEnhanced,
    SetFrozen,
    SetLight,
    SetRecording,
    StartGas,
    TakeSnapshot,
)
from ui.main_window import MainWindow
from ui.viewstate import LinkState, MeasuredView, SetpointState, Validity
from vision.sources.phantom import PhantomSource, SceneState

log = logging.getLogger(__name__)

SCREEN_PERIOD_MS = 100
NOTICE_S = 8.0
AFTER_FILM_MS = 1500
SAFE_ANSWER_MS = 4000  # the bus thread itself gives up after 2 s; one that says nothing at all stands still


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How this run differs from an everyday one."""

    demo: bool = False
    seconds: float | None = None
    screenshot: Path | None = None
    report: Path | None = None
    size: tuple[int, int] | None = None
    autostart: bool = False  # light on and gas started by the program: demonstrations only
    record: bool = False  # start recording at once: measurements only

    @property
    def unattended(self) -> bool:
        """True when nobody need be there to answer a question at the end."""
        return self.seconds is not None or self.report is not None or self.screenshot is not None


def _log_alarm(event: AlarmEvent) -> None:
    log.info("alarm %s (%s): %s", event.name, event.priority, event.change)


class TowerSession(QObject):
    """Owns the workers' threads and the screen's cycle.  Lives in the UI thread."""

    to_bus = Signal(object)  # intents
    ask_safe = Signal()
    ended = Signal(bool)  # was the safe state confirmed

    def __init__(
        self,
        parts: Parts,
        window: MainWindow,
        options: RunOptions,
        *,
        simulator: SimulatorProcess | None,
        enhanced_on: bool,
    ) -> None:
        super().__init__()
        self._parts = parts
        self._window = window
        self._options = options
        self._simulator = simulator
        self._simulation = parts.simulation
        self._phantom = parts.source if isinstance(parts.source, PhantomSource) else None
        self._alarms = AlarmEngine(on_event=_log_alarm)
        self.desk = PictureDesk(parts.raw_feed, parts.enhanced_feed, window)
        self._status = TowerStatus(time.monotonic())
        self._watch = TowerWatch(simulator)
        self._enhanced_on = enhanced_on
        self._frozen = False
        self._notice = ("", 0.0)
        self._to_autostart = options.autostart
        self._closing = False
        self._closing_since_s = 0.0
        self._over = False
        self._safe: SafeState | None = None
        self._started_s = 0.0
        self._source_name = ""
        self._before = (0, 0, 0)  # frames grabbed, enhanced, deblurred before the figures began
        self.errors: list[str] = []

        self._threads = {
            "bus": thread_for(parts.bus, "bus"),
            "camera": thread_for(parts.camera, "camera"),
            "enhancer": thread_for(parts.enhancer, "enhancer"),
            "recorder": thread_for(parts.recorder, "recorder"),
        }
        self._timer = QTimer(self)
        self._timer.setInterval(SCREEN_PERIOD_MS)
        self._no_answer = QTimer(self)
        self._no_answer.setInterval(SAFE_ANSWER_MS)
        self._no_answer.setSingleShot(True)
        self._connect()

    def _connect(self) -> None:
        parts, window = self._parts, self._window
        self._threads["bus"].started.connect(parts.bus.start)
        self._threads["bus"].finished.connect(parts.bus.stop)  # the port is closed however the thread ends
        self._threads["camera"].started.connect(parts.camera.run)
        self._threads["enhancer"].started.connect(parts.enhancer.run)
        self._threads["recorder"].started.connect(parts.recorder.run)
        self.to_bus.connect(parts.bus.obey)
        self.ask_safe.connect(parts.bus.make_safe)
        parts.bus.status.connect(self._on_status)
        parts.bus.notice.connect(self.say)
        parts.bus.safe.connect(self._on_safe)
        parts.camera.status.connect(self._on_camera)
        parts.enhancer.status.connect(self._on_enhancer)
        parts.recorder.status.connect(self._on_recorder)
        window.intent.connect(self.obey)
        window.close_requested.connect(self.begin_close)
        window.force_quit.connect(self.force_quit)
        self._timer.timeout.connect(self.refresh)
        self._no_answer.timeout.connect(self._on_no_answer)

    @property
    def status(self) -> TowerStatus:
        """The tower as of the last bus cycle."""
        return self._status

    @property
    def simulator(self) -> SimulatorProcess | None:
        """The simulator's process, None with real modules."""
        return self._simulator

    @property
    def closing(self) -> bool:
        """True while the safe state is waited for before the window closes."""
        return self._closing

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start all threads and the screen's cycle."""
        self._started_s = time.monotonic()
        self._parts.enhancer.set_enabled(self._enhanced_on)
        for thread in self._threads.values():
            thread.start()
        self._timer.start()
        if self._options.record:
            self._parts.recorder.ask_recording(True)

    @Slot()
    def begin_close(self) -> None:
        """Make the patient safe first; the window closes when that was read back, or a person insists."""
        if self._closing or self._over:
            return
        self._closing, self._closing_since_s, self._safe = True, time.monotonic(), None
        self._window.show_closing("Making the patient safe: gas off, light to standby")
        self._no_answer.start()
        self.ask_safe.emit()

    @Slot()
    def force_quit(self) -> None:
        """A person insists on leaving although the safe state was not confirmed."""
        self._end()

    def report_crash(self, text: str) -> None:
        """An exception reached the top of a thread: alarm, and ask for the safe state.  Any thread."""
        self._watch.crashed = True
        self.errors.append(text)
        self.ask_safe.emit()

    @Slot(object)
    def _on_safe(self, state: SafeState) -> None:
        if self._over:
            return
        if not self._closing or state.asked_s < self._closing_since_s:
            self.say(state.text)
            return
        self._no_answer.stop()
        self._safe = state
        if state.confirmed or self._options.unattended:
            if not state.confirmed:
                log.error("leaving without the safe state: %s", state.text)
                self.errors.append(state.text)
            self._end()
        else:
            self._window.show_closing_failed(
                f"{state.text}. Each module makes itself safe 0.5 s after the program is gone. "
                "Close the gas cylinder and look at the patient before leaving."
            )
            self._closing = False

    @Slot()
    def _on_no_answer(self) -> None:
        self._on_safe(SafeState(False, "Not confirmed: the control cycle does not answer", time.monotonic()))

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self._timer.stop()
        self._no_answer.stop()
        for worker in (self._parts.camera, self._parts.enhancer, self._parts.recorder):
            worker.request_stop()
        for name, thread in self._threads.items():
            if not join(thread):
                self.errors.append(f"the {name} thread did not end")
        if self._simulator is not None:
            self._simulator.stop()
        self._window.allow_close()
        self.ended.emit(self._safe is not None and self._safe.confirmed)

    # -- from the screen -------------------------------------------------------------------------------------------

    @Slot(object)
    def obey(self, intent: object) -> None:
        """Do what a person at the screen asked, or send it to the bus."""
        match intent:
            case SetEnhanced(on=on):
                self._enhanced_on = on
                self._parts.enhancer.set_enabled(on)
            case SetFrozen(on=on):
                self._frozen = on
                self.desk.set_frozen(on)
            case TakeSnapshot():
                self._parts.recorder.ask_snapshot()
            case SetRecording(on=on):
                self._parts.recorder.ask_recording(on)
            case AcknowledgeAlarm(name=name):
                self._watch.acknowledged(name)
                self._alarms.acknowledge(name, time.monotonic())
            case _:
                self.to_bus.emit(intent)
        self.refresh()

    @Slot(str)
    def say(self, text: str) -> None:
        """Show `text` in the status line for a while."""
        log.info("notice: %s", text)
        self._notice = (text, time.monotonic())

    # -- from the workers ------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_status(self, status: TowerStatus) -> None:
        self._status = status
        if not self._simulation and status.simulated_modules:
            log.warning("a module on the bus is a simulated one: SIMULATION is shown until the end of this run")
            self._simulation = True

    @Slot(object)
    def _on_camera(self, status: CameraStatus) -> None:
        self._watch.on_camera(status, self._parts.camera.grabbed)
        if status.info is not None:
            self._source_name = status.info.name
            self._parts.enhancer.source_name = status.info.name
            self._parts.recorder.source_name = status.info.name
        if status.ended:
            self.say(status.ended)
            if self._options.unattended and self._options.seconds is None:
                # Let the last frame pass through enhancer and screen before the figures are taken.
                QTimer.singleShot(AFTER_FILM_MS, self._window.close)

    @Slot(object)
    def _on_enhancer(self, status: EnhancerStatus) -> None:
        self._watch.on_enhancer(status)

    @Slot(object)
    def _on_recorder(self, status: RecorderStatus) -> None:
        self._watch.on_recorder(status)
        text = status.error or status.snapshot_error or status.notice
        if text:
            self.say(text)

    # -- the screen's cycle ----------------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Ten times a second: judge the conditions, draw the tower, tell the phantom what it is lit with."""
        now_s = time.monotonic()
        if not self._closing:
            self._watch.look_after_simulator(now_s)
        self._autostart(now_s)
        parts = self._parts
        conditions = self._watch.conditions(
            self._status,
            now_s,
            grabbed=parts.camera.grabbed,
            bus_late=parts.bus.running_late,
            enhancer_late=parts.enhancer.running_late or self.desk.enhanced_stands,
        )
        self._alarms.update(conditions, now_s)
        said, since_s = self._notice
        said = said if now_s - since_s < NOTICE_S else ""
        self._window.show_tower(
            tower_view(
                self._status,
                self._alarms.views(now_s),
                now_s,
                simulation=self._simulation,
                recording=self._watch.recorder.recording,
                recording_s=self._watch.recorder.seconds,
                recording_detail=self._watch.recording_text(),
                frozen=self._frozen,
                enhanced_on=self._enhanced_on,
                notice=said or self._status.port_error or self._status.diagnosis,
            )
        )
        if self._phantom is not None:
            light, room = scene_levels(self._status, now_s)
            self._phantom.set_scene(SceneState(light_fraction=light, insufflation=room))

    def _autostart(self, now_s: float) -> None:
        if not self._to_autostart or now_s - self._started_s < 1.0:
            return
        links, setpoints = self._status.links.values(), self._status.setpoints.values()
        known = all(setpoint.state is SetpointState.ACTIVE for setpoint in setpoints)
        if links and known and all(link is LinkState.UP for link in links):
            self._to_autostart = False
            self.to_bus.emit(SetLight(True))
            self.to_bus.emit(StartGas())
            self.say("Demonstration: light switched on and gas started by the program")

    # -- figures ---------------------------------------------------------------------------------------------------

    def reset_figures(self) -> None:
        """Forget the figures so far: what follows is measured without the warm-up."""
        self._before = self._totals()
        self._started_s = time.monotonic()
        self._parts.bus.forget_lateness()
        self.desk.reset(first_id=self._before[0])

    def source_cost_ms(self) -> float | None:
        """What the phantom's last frame cost to render; None for real sources."""
        return self._phantom.render_cost.last_ms if self._phantom is not None else None

    def _totals(self) -> tuple[int, int, int]:
        return self._parts.camera.grabbed, self._parts.enhancer.enhanced, self._parts.enhancer.deblurred

    def counts(self) -> FrameCounts:
        """Frames since the start or the last reset."""
        grabbed, enhanced, deblurred = (now - then for now, then in zip(self._totals(), self._before, strict=True))
        return FrameCounts(grabbed, self.desk.raw.shown, enhanced, deblurred)

    @property
    def missing_picture(self) -> str:
        """Why not one frame has come so far; empty when one has, or the source is still being opened."""
        return "" if self._parts.camera.grabbed else self._watch.camera.error

    def figures(self) -> RunFigures:
        """What the report says, as of now."""
        now_s = time.monotonic()
        gas = self._status.insufflator
        pressure = measured(PRESSURE, gas.pressure_mmhg, gas.time_s, now_s) if gas else MeasuredView()
        setpoint = self._status.setpoints.get("pressure_setpoint")
        return RunFigures(
            counts=self.counts(),
            raw=self.desk.raw,
            enhanced=self.desk.enhanced,
            bus_lateness_ms=self._parts.bus.lateness_ms,
            bus_cycles_missed=self._parts.bus.missed,
            pressure_setpoint_active=setpoint.active if setpoint else None,
            pressure_measured=pressure.value if pressure.validity is Validity.GOOD else None,
            alarms=self._alarms.raised_names,
            simulation=self._simulation,
            seconds=now_s - self._started_s,
            source=self._source_name,
            safe=self._safe.confirmed if self._safe else None,
            errors=self.errors,
        )
