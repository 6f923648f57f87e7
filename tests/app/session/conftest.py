"""A session on a real window and real threads; control, camera, nets and loudspeaker are the tests'."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import threads
from app.adapters import quantity_specs, setpoint_specs
from app.alarms.desk import AlarmDesk
from app.alarms.schedule import Sounding
from app.alarms.speaker import Audio, SpeakerState
from app.bootstrap import Parts
from app.control import SafeState
from app.options import RunOptions
from app.service_desk import ServiceDesk
from app.session import TowerSession
from app.status import TowerStatus
from app.workers.bus import BusWorker
from app.workers.camera import CameraWorker
from app.workers.enhance import EnhanceWorker
from app.workers.feed import Feed
from app.workers.mailbox import Mailbox
from app.workers.record import RecordWorker
from hardware.quantities import SETPOINTS
from hardware.readings import MODULES
from ui.main_window import MainWindow
from ui.viewstate import LinkState, Priority, SetpointState, SetpointView
from vision.frames import Action, EnhancedFrame, Fault, SourceInfo, SourceLost
from vision.settings import Settings

WAIT_MS = 20_000


class Control:
    """In the place of the control: says what was asked of it, and can stand still."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.confirms = True
        self.cycled = 0
        self.in_cycle: Callable[[], None] | None = None  # called once, in the control's thread
        self.simulated_modules = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def cycle(self, now_s: float) -> TowerStatus:
        self.may_go_on.wait()
        self.cycled += 1
        if self.in_cycle is not None:
            call, self.in_cycle = self.in_cycle, None
            call()
        active = SetpointView(12.0, None, SetpointState.ACTIVE)
        links = dict.fromkeys(MODULES, LinkState.UP)
        return TowerStatus(
            now_s, links=links, simulated_modules=self.simulated_modules, setpoints={"pressure_setpoint": active}
        )

    def take_notices(self) -> list[str]:
        return []

    def obey(self, intent: object, now_s: float) -> None:
        self.asked.append(intent)

    def make_safe(self, now_s: float) -> None:
        self.asked.append("safe")

    def close(self) -> None:
        pass

    def safe_state(self, since_s: float) -> SafeState:
        text = "Gas off, light in standby: confirmed" if self.confirms else "Not confirmed: the light is not in standby"
        return SafeState(self.confirms, text, since_s)


class Source:
    """A camera that runs until it is pulled."""

    def __init__(self) -> None:
        self.plugged = True

    def open(self) -> SourceInfo:
        return SourceInfo("test", 64, 48, 50.0, live=True, frame_count=None)

    def read(self):
        threading.Event().wait(0.02)
        if not self.plugged:
            raise SourceLost("the cable is out; plug it in")
        return np.full((48, 64, 3), 90, np.uint8), None

    def close(self) -> None:
        pass


class Nets:
    """In the place of the nets; can be held still."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.deblurs = False
        self.fault: Fault | None = None
        self.settings = Settings()

    def set_exposure_share(self, share: float) -> None:
        self.settings = replace(self.settings, exposure_share=share)

    def warm_up(self, width, height) -> None:
        pass

    def reset(self) -> None:
        pass

    def close(self) -> None:
        pass

    def process(self, frame):
        self.may_go_on.wait()
        image, action, reason = frame.image, Action.PASSED, ""
        if self.fault is not None:
            action, reason = Action.RAW, f"made to be {self.fault}"
        elif self.deblurs:
            image, action = 255 - image, Action.DEBLURRED
        cost = {"sharpness": 1.0}
        return EnhancedFrame(frame, image, action, 0.1, "liver", 0.9, reason, timings_ms=cost, fault=self.fault)


class Loudspeaker:
    """In the place of the sound process: keeps what it was told."""

    def __init__(self) -> None:
        self.state = SpeakerState(Audio.WELL, "test")
        self.told: list[Sounding | None] = []
        self.silenced = 0
        self.stopped = False

    def tell(self, sounding: Sounding | None, now_s: float) -> None:
        self.told.append(sounding)

    def silence(self) -> None:
        self.silenced += 1

    def stop(self) -> None:
        self.stopped = True


class Tower:
    """A session on a real window and real threads; its control, camera and nets are the test's."""

    def __init__(
        self,
        folder: Path,
        *,
        unattended: bool,
        control: Control | None = None,
        window: MainWindow | None = None,
        service: ServiceDesk | None = None,
    ) -> None:
        self.control, self.source, self.nets, self.speaker = control or Control(), Source(), Nets(), Loudspeaker()
        to_enhancer, to_recorder, results = Mailbox(), Mailbox(), Mailbox()
        raw, enhanced = Feed(), Feed()
        self.parts = Parts(
            source=self.source,
            raw_feed=raw,
            enhanced_feed=enhanced,
            camera=CameraWorker(self.source, raw, (to_enhancer, to_recorder), simulation=False),
            enhancer=EnhanceWorker(lambda: self.nets, to_enhancer, enhanced, results, simulation=False),
            recorder=RecordWorker(lambda _name: None, lambda *_: "", to_recorder, results),
            bus=BusWorker(lambda: (self.control, self.control.close)),
            simulation=False,
        )
        self.window = window or MainWindow(setpoint_specs(SETPOINTS), quantity_specs())
        options = RunOptions(seconds=1000.0 if unattended else None)
        alarms = AlarmDesk(folder, self.speaker)
        self.session = TowerSession(
            self.parts, self.window, options, alarms=alarms, simulator=None, enhanced_on=True, service=service
        )
        self.ended: list[bool] = []
        self.session.ended.connect(self.ended.append)
        self.window.show()
        self.session.start()

    def alarms(self) -> dict[str, Priority]:
        return {alarm.name: alarm.priority for alarm in self.window._view.alarms}

    def leave(self) -> None:
        """However the test went: let everything go on, and end it."""
        self.control.may_go_on.set()
        self.nets.may_go_on.set()
        self.session.leaving.force()
        for thread in self.session._threads.values():
            assert thread.wait(WAIT_MS)
        threads._abandoned.clear()
        self.window.deleteLater()


@pytest.fixture
def start(qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(threads, "STOP_WITHIN_MS", 2000)
    started: list[Tower] = []

    def start(*, unattended: bool = False, **parts: Any) -> Tower:
        """`parts`: control, window and service desk in the place of the tests' own."""
        tower = Tower(tmp_path, unattended=unattended, **parts)
        started.append(tower)
        qtbot.waitUntil(lambda: tower.control.cycled > 0 and tower.parts.camera.grabbed > 2, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: tower.window._view is not None and bool(tower.session.status.links), timeout=WAIT_MS)
        return tower

    yield start
    for tower in started:
        tower.leave()
