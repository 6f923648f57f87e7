"""Leaving the tower: the window closes when the patient is safe, and whoever waits for that always gets an answer."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from app import session as session_module
from app import threads
from app.adapters import quantity_specs, setpoint_specs
from app.bootstrap import Parts, build
from app.config import Config
from app.control import SafeState
from app.modules import ModuleRoll
from app.session import RunOptions, TowerSession
from app.status import TowerStatus
from app.workers.bus import BusWorker
from app.workers.camera import CameraWorker
from app.workers.enhance import EnhanceWorker
from app.workers.feed import Feed
from app.workers.mailbox import Mailbox
from app.workers.record import RecordWorker
from hardware.protocol import PROTOCOL_VERSION, Identity, ModuleKind
from hardware.quantities import SETPOINTS
from hardware.readings import MODULES, Address
from hardware.simulator.slave import Slave
from ui.intents import EmergencyStop, StartGas
from ui.main_window import MainWindow
from ui.viewstate import LinkState, PictureView, Priority, SetpointState, SetpointView
from vision.frames import Action, EnhancedFrame, SourceInfo, SourceLost
from vision.opencv import cv2

WAIT_MS = 20_000


class Control:
    """In the place of the control: says what was asked of it, and can stand still."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.confirms = True
        self.cycled = 0
        self.fault: Exception | None = None
        self.simulated_modules = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def cycle(self, now_s: float) -> TowerStatus:
        self.may_go_on.wait()
        self.cycled += 1
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault
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

    def warm_up(self, width, height) -> None:
        pass

    def reset(self) -> None:
        pass

    def close(self) -> None:
        pass

    def process(self, frame):
        self.may_go_on.wait()
        return EnhancedFrame(frame, frame.image, Action.PASSED, 0.9, "liver", 0.9, timings_ms={"sharpness": 1.0})


class Tower:
    """A session on a real window and real threads; its control, camera and nets are the test's."""

    def __init__(self, *, unattended: bool) -> None:
        self.control, self.source, self.nets = Control(), Source(), Nets()
        to_enhancer, to_recorder, results = Mailbox(), Mailbox(), Mailbox()
        raw, enhanced = Feed(), Feed()
        self.parts = Parts(
            source=self.source,
            raw_feed=raw,
            enhanced_feed=enhanced,
            camera=CameraWorker(self.source, raw, (to_enhancer, to_recorder), simulation=False),
            enhancer=EnhanceWorker(lambda: self.nets, to_enhancer, enhanced, results, simulation=False),
            recorder=RecordWorker(lambda _name: None, lambda *_: "", to_recorder, results),
            bus=BusWorker(lambda: (self.control, lambda: None)),
            simulation=False,
        )
        self.window = MainWindow(setpoint_specs(SETPOINTS), quantity_specs())
        options = RunOptions(seconds=1000.0 if unattended else None)
        self.session = TowerSession(self.parts, self.window, options, simulator=None, enhanced_on=True)
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
        self.session.force_quit()
        for thread in self.session._threads.values():
            assert thread.wait(WAIT_MS)
        threads._abandoned.clear()
        self.window.deleteLater()


@pytest.fixture
def start(qtbot, monkeypatch):
    monkeypatch.setattr(threads, "STOP_WITHIN_MS", 2000)
    started: list[Tower] = []

    def start(*, unattended: bool = False) -> Tower:
        tower = Tower(unattended=unattended)
        started.append(tower)
        qtbot.waitUntil(lambda: tower.control.cycled > 0 and tower.parts.camera.grabbed > 2, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: tower.window._view is not None and bool(tower.session.status.links), timeout=WAIT_MS)
        return tower

    yield start
    for tower in started:
        tower.leave()


def test_the_window_stays_until_the_safe_state_is_read_back(start, qtbot):
    tower = start()
    tower.window.close()
    assert tower.window.isVisible()
    qtbot.waitUntil(lambda: tower.ended == [True], timeout=WAIT_MS)
    assert not tower.window.isVisible()
    assert tower.control.asked == ["safe"]
    tower.window.close()
    tower.session.begin_close()
    assert tower.ended == [True], "it ends once"


def test_unconfirmed_a_person_decides_and_the_tower_can_go_on(start, qtbot, monkeypatch):
    from app.workers import bus

    monkeypatch.setattr(bus, "SAFE_WITHIN_S", 0.1)
    tower = start()
    tower.control.confirms = False
    tower.window.close()
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    assert "the light is not in standby" in tower.window.closing.text.text()
    assert not tower.ended
    tower.window.closing.back_key.click()
    tower.session.obey(StartGas())
    qtbot.waitUntil(lambda: StartGas() in tower.control.asked, timeout=WAIT_MS)
    tower.control.confirms = True
    tower.window.close()
    qtbot.waitUntil(lambda: tower.ended == [True], timeout=WAIT_MS)


def test_nobody_waits_for_ever_for_a_control_cycle_that_stands_still(start, qtbot, monkeypatch):
    monkeypatch.setattr(session_module, "SAFE_ANSWER_MS", 300)
    tower = start()
    tower.control.may_go_on.clear()
    qtbot.waitUntil(lambda: "control_cycle_stopped" in tower.alarms(), timeout=WAIT_MS)
    assert tower.alarms()["control_cycle_stopped"] is Priority.HIGH
    tower.window.close()
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    assert "control cycle does not answer" in tower.window.closing.text.text()
    monkeypatch.setattr(threads, "STOP_WITHIN_MS", 200)
    tower.window.force_quit.emit()
    assert tower.ended == [False], "leaving unconfirmed is no good end"
    assert "the bus thread did not end" in tower.session.errors
    assert threads.any_left()


def test_unattended_it_ends_unconfirmed_with_an_error(start, qtbot, monkeypatch):
    monkeypatch.setattr(session_module, "SAFE_ANSWER_MS", 300)
    monkeypatch.setattr(threads, "STOP_WITHIN_MS", 200)
    tower = start(unattended=True)
    tower.control.may_go_on.clear()
    tower.window.close()
    qtbot.waitUntil(lambda: tower.ended == [False], timeout=WAIT_MS)
    assert any("Not confirmed" in error for error in tower.session.errors)


def test_a_safe_state_of_before_does_not_count_for_leaving(start, qtbot, monkeypatch):
    from app.workers import bus

    monkeypatch.setattr(bus, "SAFE_WITHIN_S", 0.1)
    tower = start()
    tower.session.obey(EmergencyStop())
    qtbot.waitUntil(lambda: "confirmed" in tower.window._view.notice, timeout=WAIT_MS)
    tower.control.confirms = False
    tower.window.close()
    tower.session._on_safe(SafeState(True, "of the all-stop before", 0.0))
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    tower.window.force_quit.emit()
    assert tower.ended == [False]


def test_a_crash_told_by_any_thread_makes_the_tower_safe_and_alarms(start, qtbot):
    tower = start()
    teller = threading.Thread(target=lambda: tower.session.report_crash("Fault in the program (KeyError at x.py:1)"))
    teller.start()
    teller.join()
    qtbot.waitUntil(lambda: "safe" in tower.control.asked, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "control_unit_fault" in tower.alarms(), timeout=WAIT_MS)
    assert tower.session.errors == ["Fault in the program (KeyError at x.py:1)"]
    assert not tower.ended, "the picture goes on"


def test_without_a_camera_neither_side_keeps_an_old_picture(start, qtbot):
    tower = start()
    raw, enhanced = tower.window.raw.view, tower.window.enhanced.view
    qtbot.waitUntil(lambda: raw.picture is not None and enhanced.picture is not None, timeout=WAIT_MS)
    tower.nets.may_go_on.clear()
    given = tower.parts.camera.grabbed
    qtbot.waitUntil(lambda: tower.parts.camera.grabbed > given + 3, timeout=WAIT_MS)
    tower.source.plugged = False
    qtbot.waitUntil(lambda: raw.picture is None and enhanced.picture is None, timeout=WAIT_MS)
    done = tower.parts.enhancer.enhanced
    tower.nets.may_go_on.set()
    qtbot.waitUntil(lambda: "camera_lost" in tower.alarms(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: tower.parts.enhancer.enhanced > done, timeout=WAIT_MS)
    qtbot.wait(100)  # it has been offered: the screen's loop takes it, or leaves it
    assert enhanced.picture is None, "nor does a frame that was still under way bring one back"
    tower.source.plugged = True
    qtbot.waitUntil(lambda: raw.picture is not None and enhanced.picture is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "camera_lost" not in tower.alarms(), timeout=WAIT_MS)


def test_while_the_nets_do_not_answer_the_enhanced_side_shows_the_raw_picture_and_says_so(start, qtbot):
    tower = start()
    view = tower.window.enhanced.view
    qtbot.waitUntil(lambda: view.picture is not None and view.picture.action == "passed through", timeout=WAIT_MS)
    tower.nets.may_go_on.clear()
    qtbot.waitUntil(lambda: view.picture.action == "raw", timeout=WAIT_MS)
    assert view.picture.reason == "the enhanced view does not answer"
    qtbot.waitUntil(lambda: "enhanced_fallen_back" in tower.alarms(), timeout=WAIT_MS)
    counts = tower.session.counts()
    assert counts.enhanced + counts.dropped_enhanced == counts.grabbed
    tower.nets.may_go_on.set()
    qtbot.waitUntil(lambda: view.picture.action == "passed through", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "enhanced_fallen_back" not in tower.alarms(), timeout=WAIT_MS)


def test_when_the_cycle_stands_still_nothing_is_said_to_be_connected_or_active(start, qtbot):
    tower = start()
    qtbot.waitUntil(lambda: tower.window._view.pressure_setpoint.active == 12.0, timeout=WAIT_MS)
    assert all(module.link is LinkState.UP for module in tower.window._view.modules)
    tower.control.may_go_on.clear()
    qtbot.waitUntil(lambda: "control_cycle_stopped" in tower.alarms(), timeout=WAIT_MS)
    view = tower.window._view
    assert all(module.link is LinkState.DOWN for module in view.modules)
    assert view.pressure_setpoint.active is None


# -- the mark SIMULATION -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "source", "marked"),
    [
        ("real", "phantom", True),
        ("simulated", "FOLDER", True),
        ("simulated", "phantom", True),
        ("real", "FOLDER", False),
    ],
)
def test_a_drawn_picture_or_simulated_modules_are_marked_in_the_picture_the_snapshot_and_the_recording(
    tmp_path, qtbot, mode, source, marked
):
    pictures, files = tmp_path / "pictures", tmp_path / "files"
    pictures.mkdir()
    cv2.imwrite(str(pictures / "1.png"), np.full((120, 160, 3), 90, np.uint8))
    bus = {"mode": mode} | ({"port": str(tmp_path / "none")} if mode == "real" else {})
    video = {"source": str(pictures) if source == "FOLDER" else source}
    config = Config.model_validate({"bus": bus, "video": video, "recording": {"directory": str(files)}})
    parts = build(config, str(tmp_path / "none"))
    assert parts.simulation is marked
    parts.raw_feed.set_size(160, 120)
    camera = threading.Thread(target=parts.camera.run)
    recorder = threading.Thread(target=parts.recorder.run)
    camera.start()
    recorder.start()
    try:
        picture = parts.raw_feed.mailbox.take(10)
        qtbot.waitUntil(lambda: parts.recorder._last_raw is not None, timeout=WAIT_MS)
        parts.recorder.ask_recording(True)
        parts.recorder.ask_snapshot()
        qtbot.waitUntil(lambda: any(files.rglob("snapshot_*.json")), timeout=WAIT_MS)
    finally:
        for worker in (parts.camera, parts.recorder):
            worker.request_stop()
        camera.join(WAIT_MS / 1e3)
        recorder.join(WAIT_MS / 1e3)
    assert isinstance(picture, PictureView)
    assert picture.simulation is marked
    names = [path.name for path in files.rglob("*")]
    stored = [name for name in names if name.startswith(("snapshot_", "recording_"))]
    assert {name.split("_")[0] for name in stored} == {"snapshot", "recording"}
    assert all(("SIMULATION" in name) is marked for name in stored), stored


def test_a_simulator_behind_a_real_port_raises_the_mark_for_the_rest_of_the_run(start, qtbot):
    tower = start()
    assert not tower.window._view.simulation
    roll = ModuleRoll()
    roll.identified(Address.LIGHT, Identity(0.0, ModuleKind.LIGHT, PROTOCOL_VERSION, "2.1", "LS-SIM-7"))
    tower.control.simulated_modules = roll.simulated
    done = tower.control.cycled
    qtbot.waitUntil(lambda: tower.control.cycled > done + 20, timeout=WAIT_MS)
    assert not tower.window._view.simulation, "a real module, whatever its serial number"
    roll.identified(Address.LIGHT, Identity(0.0, ModuleKind.LIGHT, PROTOCOL_VERSION, Slave.firmware, "LS-7"))
    tower.control.simulated_modules = roll.simulated
    qtbot.waitUntil(lambda: tower.window._view.simulation, timeout=WAIT_MS)
    tower.control.simulated_modules = False
    done = tower.control.cycled
    qtbot.waitUntil(lambda: tower.control.cycled > done + 20, timeout=WAIT_MS)
    assert tower.window._view.simulation
    assert tower.session.figures().simulation
