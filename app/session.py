"""One run of the tower: start, the screen's cycle, safe shutdown."""

from __future__ import annotations

import logging
import time

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from app import autostart
from app.adapters import tower_view
from app.alarms.desk import AlarmDesk
from app.bootstrap import Parts
from app.enhancer.starter import EnhancerStatus
from app.exposure import exposure_share
from app.leaving import Leaving
from app.options import RunOptions
from app.pictures import PictureDesk
from app.report import RunFigures, RunMeter
from app.scene import phantom_scene
from app.selftest.desk import SelfTest
from app.service_desk import ServiceDesk
from app.simulation import SimulatorProcess
from app.stats import FrameCounts
from app.status import TowerStatus
from app.threads import join, thread_for
from app.watch import TowerWatch
from app.workers.bus import BusWorker
from app.workers.camera import CameraStatus
from app.workers.record import RecorderStatus
from ui.intents import (
    AcceptSelfTest,
    AcknowledgeAlarm,
    RunSelfTest,
    SetAppearance,
    SetAudioPaused,
    SetEnhanced,
    SetFrozen,
    SetRecording,
    StartGas,
    StopGas,
    TakeSnapshot,
)
from ui.main_window import MainWindow
from vision.sources.phantom import PhantomSource

log = logging.getLogger(__name__)

SCREEN_PERIOD_MS = 100
NOTICE_S = 8.0
AFTER_FILM_MS = 1500


class TowerSession(QObject):
    """Owns the workers' threads and the screen's cycle.  Lives in the UI thread."""

    to_bus = Signal(object)  # intents
    ask_safe = Signal()  # any thread
    ended = Signal(bool)  # was the safe state confirmed

    def __init__(
        self,
        parts: Parts,
        window: MainWindow,
        options: RunOptions,
        *,
        alarms: AlarmDesk,
        simulator: SimulatorProcess | None,
        enhanced_on: bool,
        self_test: SelfTest | None = None,
        service: ServiceDesk | None = None,
    ) -> None:
        super().__init__()
        self._self_test, self._service = self_test, service
        self._test_shown = not options.unattended  # nobody is there to read it; log and report have it
        self._parts = parts
        self._window = window
        self._options = options
        self._simulator = simulator
        self._simulation = parts.simulation
        self._phantom = parts.source if isinstance(parts.source, PhantomSource) else None
        self._alarms = alarms
        second = (parts.second_raw.feed, parts.second_enhanced.feed)
        self._pictures = PictureDesk(parts.raw_feed, parts.enhanced_feed, window, *second, parts.refit)
        self._meter = RunMeter(parts, self._pictures)
        self._status = TowerStatus(time.monotonic())
        self._watch = TowerWatch(simulator)
        self._enhanced_on = enhanced_on
        self._frozen = False
        self._notice = ("", 0.0)
        self._to_autostart = options.autostart
        self.leaving = Leaving(window, self.say, unattended=options.unattended)
        self._over = False
        self._started_s = 0.0
        self._source_name = ""
        self.errors: list[str] = []

        self._threads = {
            "bus": thread_for(parts.bus, "bus"),
            "camera": thread_for(parts.camera, "camera"),
            "enhancer": thread_for(parts.enhancer, "enhancer"),
            "recorder": thread_for(parts.recorder, "recorder"),
            "refit": thread_for(parts.refit, "refit"),
        }
        self._timer = QTimer(self)
        self._timer.setInterval(SCREEN_PERIOD_MS)
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
        parts.bus.safe.connect(self.leaving.on_safe)
        self.leaving.ask_safe.connect(parts.bus.make_safe)
        self.leaving.over.connect(self._end)
        parts.camera.status.connect(self._on_camera)
        parts.enhancer.status.connect(self._on_enhancer)
        parts.recorder.status.connect(self._on_recorder)
        window.intent.connect(self.obey)
        self._timer.timeout.connect(self.refresh)

    @property
    def status(self) -> TowerStatus:
        """The tower as of the last bus cycle."""
        return self._status

    @property
    def bus(self) -> BusWorker:
        """The bus's worker, for those who measure it."""
        return self._parts.bus

    @property
    def simulator(self) -> SimulatorProcess | None:
        """The simulator's process, None with real modules."""
        return self._simulator

    @property
    def phantom(self) -> PhantomSource | None:
        """The drawn source, None for real ones."""
        return self._phantom

    @property
    def enhancer_ready(self) -> bool:
        """Whether the enhanced view has answered for a first frame."""
        return self._pictures.enhancer_ready

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start all threads and the screen's cycle."""
        self._started_s = time.monotonic()
        self._meter.begin(self._started_s)
        self._parts.enhancer.set_enabled(self._enhanced_on)
        self._pictures.set_enhanced(self._enhanced_on)
        for thread in self._threads.values():
            thread.start()
        self._timer.start()
        if self._self_test is not None:
            self._self_test.start(self._started_s)
        if self._options.record:
            self._parts.recorder.ask_recording(True)

    def report_crash(self, text: str, again: bool = False) -> None:
        """An exception reached the top of a thread: alarm.  Called in the thread that failed.

        A control thread that fails has gas and light made safe.  Where the screen or the picture fails, control goes
        on: the gas is stopped, once for each fault, and the light stays, because darkness during surgery is harm too.
        """
        self._watch.crashed()
        self.errors.append(text)
        if QThread.currentThread() == self._threads["bus"]:
            self.ask_safe.emit()
        elif not again:
            self.to_bus.emit(StopGas())

    @Slot()
    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self._timer.stop()
        if self.leaving.problem:
            self.errors.append(self.leaving.problem)
        for worker in (self._parts.camera, self._parts.enhancer, self._parts.recorder):
            worker.request_stop()
        for name, thread in self._threads.items():
            if not join(thread):
                self.errors.append(f"the {name} thread did not end")
        if self._simulator is not None:
            self._simulator.stop()
        self._alarms.close()
        for desk in (self._self_test, self._service):
            if desk is not None:
                desk.close()
        self._window.allow_close()
        self.ended.emit(self.leaving.confirmed)

    # -- from the screen -------------------------------------------------------------------------------------------

    @Slot(object)
    def obey(self, intent: object) -> None:
        """Do what a person at the screen asked, or send it to the bus."""
        match intent:
            case SetEnhanced(on=on):
                self._enhanced_on = on
                if not on:
                    self._watch.enhanced_off()
                self._parts.enhancer.set_enabled(on)
                self._pictures.set_enhanced(on)
            case SetFrozen(on=on):
                self._frozen = on
                self._pictures.set_frozen(on)
            case TakeSnapshot():
                self._parts.recorder.ask_snapshot()
            case SetRecording(on=on):
                self._parts.recorder.ask_recording(on)
            case StartGas() if held := self._gas_held():
                self.say(held)
            case RunSelfTest() | AcceptSelfTest():
                self._obey_self_test(intent)
            case AcknowledgeAlarm(name=name):
                self._watch.acknowledged(name)
                self._alarms.acknowledge(name, time.monotonic())
            case SetAppearance():
                pass  # app.appearance obeys
            case SetAudioPaused(on=on):
                if text := self._alarms.pause_audio(on, time.monotonic()):
                    self.say(text)
            case _ if self._service is not None and self._service.obeys(intent, self.say):
                pass  # of the service page
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
        share = exposure_share(status.camera, self._watch.camera.info, time.monotonic())
        self._parts.enhancer.set_exposure_share(share)

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
        if self._self_test is not None:
            self._self_test.on_enhancer(status)
        self._watch.on_enhancer(status)
        if status.fault:
            self.say(f"Enhanced view: {status.fault}")

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
        self._judge(now_s)  # first, so that a fault further down hides no alarm
        if not self.leaving.closing:
            self._watch.look_after_simulator(now_s)
        self._cycle_self_test(now_s)
        self._autostart(now_s)
        said, since_s = self._notice
        said = said if now_s - since_s < NOTICE_S else ""
        view = tower_view(
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
            audio=self._alarms.audio(now_s),
            past_alarms=self._alarms.past(),
            snapshots=self._watch.recorder.snapshots,
        )
        if self._service is not None:
            view = self._service.complete(view, self._status, now_s)
        self._window.show_tower(view)
        if self._phantom is not None:
            self._phantom.set_scene(phantom_scene(self._status, now_s))

    def _judge(self, now_s: float) -> None:
        conditions = self._watch.conditions(
            self._status,
            now_s,
            wall_s=time.time(),
            grabbed=self._parts.camera.grabbed,
            bus_late=self._parts.bus.running_late,
            enhancer_late=self._parts.enhancer.fallen_back or self._pictures.enhanced_stands,
        )
        self._alarms.cycle(conditions, now_s)
        for notice in self._alarms.take_notices():
            self.say(notice)

    def _autostart(self, now_s: float) -> None:
        if self._to_autostart and not self._gas_held() and autostart.may_start(self._status, now_s - self._started_s):
            self._to_autostart = False
            for order in autostart.ORDERS:
                self.to_bus.emit(order)
            self.say(autostart.NOTICE)

    # -- self-test -------------------------------------------------------------------------------------------------

    def _cycle_self_test(self, now_s: float) -> None:
        if self._self_test is None:
            return
        view = self._self_test.cycle(self._status, self._watch.camera, self._parts.camera.grabbed, now_s)
        self._window.show_selftest(view if self._test_shown else None)

    def _obey_self_test(self, intent: RunSelfTest | AcceptSelfTest) -> None:
        if self._self_test is None:
            return
        if isinstance(intent, RunSelfTest):
            self._test_shown = True
            self._self_test.start(time.monotonic())
        else:
            self._self_test.accept()

    def _gas_held(self) -> str:
        """Why the self-test lets no gas start; empty when it may, and for gas that is on or paused already."""
        gas = self._status.insufflator
        if self._self_test is None or (gas is not None and gas.running):
            return ""
        return self._self_test.gas_held

    # -- figures ---------------------------------------------------------------------------------------------------

    def reset_figures(self) -> None:
        """Forget the figures so far: what follows is measured without the warm-up."""
        self._started_s = time.monotonic()
        self._meter.reset(self._started_s)

    def counts(self) -> FrameCounts:
        """Frames since the start or the last reset."""
        return self._meter.counts()

    @property
    def missing_picture(self) -> str:
        """Why not one frame has come so far; empty when one has, or the source is still being opened."""
        return "" if self._parts.camera.grabbed else self._watch.camera.error

    def figures(self) -> RunFigures:
        """What the report says, as of now."""
        return self._meter.figures(
            self._status,
            time.monotonic(),
            alarms=self._alarms.raised_names,
            simulation=self._simulation,
            source=self._source_name,
            safe=self.leaving.safe.confirmed if self.leaving.safe else None,
            errors=self.errors,
            first_picture_s=self._first_picture_s(),
            self_test=self._self_test.report() if self._self_test is not None else (),
        )

    def _first_picture_s(self) -> float | None:
        first_s, began_s = self._pictures.first_painted_s, self._options.started_s
        return None if first_s is None or began_s is None else first_s - began_s
