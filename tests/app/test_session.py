"""Leaving the tower: the window closes when the patient is safe, and whoever waits for that always gets an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app import leaving, threads
from app.adapters import quantity_specs, setpoint_specs
from app.alarms.desk import AlarmDesk
from app.alarms.log import read_entries
from app.alarms.schedule import Sounding
from app.alarms.speaker import Audio, SpeakerState
from app.bootstrap import Parts, build
from app.config import Config
from app.control import SafeState
from app.modules import ModuleRoll
from app.options import RunOptions
from app.session import TowerSession
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
from ui.intents import AcknowledgeAlarm, EmergencyStop, SetAudioPaused, StartGas, StopGas
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

    def __init__(self, folder: Path, *, unattended: bool) -> None:
        self.control, self.source, self.nets, self.speaker = Control(), Source(), Nets(), Loudspeaker()
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
        alarms = AlarmDesk(folder, self.speaker)
        self.session = TowerSession(self.parts, self.window, options, alarms=alarms, simulator=None, enhanced_on=True)
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

    def start(*, unattended: bool = False) -> Tower:
        tower = Tower(tmp_path, unattended=unattended)
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
    tower.session.leaving.begin()
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
    monkeypatch.setattr(leaving, "SAFE_ANSWER_MS", 300)
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
    monkeypatch.setattr(leaving, "SAFE_ANSWER_MS", 300)
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
    tower.session.leaving.on_safe(SafeState(True, "of the all-stop before", 0.0))
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    tower.window.force_quit.emit()
    assert tower.ended == [False]


FAULT = "Fault in the program (KeyError at x.py:1)"


def test_a_fault_outside_the_control_stops_the_gas_once_and_leaves_the_light_burning(start, qtbot):
    tower = start()
    tellers = [threading.Thread(target=tower.session.report_crash, args=(FAULT, again)) for again in (False, True)]
    for teller in tellers:
        teller.start()
        teller.join()
    tower.session.report_crash("Fault in the program (ValueError at screen.py:7)")  # by the screen's own thread
    qtbot.waitUntil(lambda: tower.control.asked.count(StopGas()) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "control_unit_fault" in tower.alarms(), timeout=WAIT_MS)
    assert tower.control.asked == [StopGas(), StopGas()], "the light is not touched, and a repeat stops nothing again"
    assert tower.session.errors[0] == FAULT
    assert not tower.ended, "the picture goes on"


def test_a_fault_in_the_control_thread_asks_for_the_whole_safe_state(start, qtbot):
    tower = start()
    tower.control.in_cycle = lambda: tower.session.report_crash(FAULT)
    qtbot.waitUntil(lambda: "safe" in tower.control.asked, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "control_unit_fault" in tower.alarms(), timeout=WAIT_MS)


def test_a_further_fault_is_heard_again_although_the_first_was_acknowledged(start, qtbot):
    tower = start()
    tower.session.report_crash(FAULT)
    qtbot.waitUntil(lambda: "control_unit_fault" in tower.alarms(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: tower.speaker.told[-1] is not None, timeout=WAIT_MS)
    tower.session.obey(AcknowledgeAlarm("control_unit_fault"))
    qtbot.waitUntil(lambda: tower.speaker.told[-1] is None, timeout=WAIT_MS)
    assert "control_unit_fault" in tower.alarms(), "it is not over before the program is"
    tower.session.report_crash("Fault in the program (ValueError at y.py:2)")
    qtbot.waitUntil(lambda: tower.speaker.told[-1] is not None, timeout=WAIT_MS)


def test_a_screen_that_cannot_draw_hides_no_alarm_from_the_ear(start, qtbot, monkeypatch):
    tower = start()

    def broken(view: object) -> None:
        raise ValueError("cannot draw")

    with qtbot.captureExceptions() as caught:
        monkeypatch.setattr(tower.window, "show_tower", broken)
        tower.source.plugged = False
        qtbot.waitUntil(lambda: tower.speaker.told[-1] is not None, timeout=WAIT_MS)
    assert tower.speaker.told[-1].priority is Priority.HIGH
    assert "cannot draw" in str(caught[0][1])
    monkeypatch.undo()


def test_alarms_are_acknowledged_paused_and_kept_over_the_end_of_the_run(start, qtbot, tmp_path):
    tower = start()
    tower.session.obey(SetAudioPaused(True))
    assert "nothing to pause" in tower.window._view.notice
    tower.source.plugged = False
    qtbot.waitUntil(lambda: tower.speaker.told[-1] is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: tower.window._view.audio.sounding is Priority.HIGH, timeout=WAIT_MS)
    tower.session.obey(SetAudioPaused(True))
    assert tower.speaker.told[-1] is None
    assert tower.speaker.silenced == 1
    assert 119 < tower.window._view.audio.paused_s <= 120
    tower.session.obey(SetAudioPaused(False))
    assert tower.window._view.audio.paused_s is None
    assert tower.speaker.told[-1].priority is Priority.HIGH
    tower.session.obey(AcknowledgeAlarm("camera_lost"))
    assert tower.speaker.told[-1] is None
    tower.window.close()
    qtbot.waitUntil(lambda: tower.ended == [True], timeout=WAIT_MS)
    assert tower.speaker.stopped
    changes = [(entry.name, entry.change) for entry in read_entries(tmp_path)]
    assert changes[0] == ("program", "run started")
    assert changes[-1] == ("program", "run ended")
    expected = ["raised", "audio paused", "audio resumed", "acknowledged"]
    assert [change for name, change in changes if name in ("camera_lost", "audio")][:4] == expected


def test_told_to_end_by_the_system_it_asks_nobody_and_leaves_in_time(start, qtbot, monkeypatch):
    from app.workers import bus

    monkeypatch.setattr(bus, "SAFE_WITHIN_S", 0.1)
    tower = start()
    tower.control.confirms = False
    tower.session.leaving.by_system()
    qtbot.waitUntil(lambda: tower.ended == [False], timeout=WAIT_MS)
    assert tower.control.asked == ["safe"]
    assert any("Not confirmed" in error for error in tower.session.errors)


def test_told_to_end_by_the_system_the_card_that_waits_for_a_person_is_left_too(start, qtbot, monkeypatch):
    from app.workers import bus

    monkeypatch.setattr(bus, "SAFE_WITHIN_S", 0.1)
    tower = start()
    tower.control.confirms = False
    tower.window.close()
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    tower.session.leaving.by_system()
    qtbot.waitUntil(lambda: tower.ended == [False], timeout=WAIT_MS)


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
