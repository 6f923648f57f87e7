"""Every row of the table walks its way: raised, shown in the window, heard, acknowledged, cleared, escalated."""

from __future__ import annotations

import json
import time

import pytest

from app.adapters import quantity_specs, setpoint_specs, tower_view
from app.alarms.desk import AlarmDesk
from app.alarms.engine import SAME_WITHIN_S
from app.alarms.log import read_entries
from app.alarms.schedule import Sounding
from app.alarms.sounder import Sounder
from app.alarms.speaker import Audio, SpeakerState
from app.alarms.table import ACTION_CHARACTERS, RULES, TEXT_CHARACTERS, AlarmRule, rule_of_unknown
from app.control.gas import ENDED_CONDITION as GAS_ENDED
from app.control.light import ENDED_CONDITION as LIGHT_ENDED
from app.modules import LINK_CONDITIONS, UNFIT_CONDITION, WATCHDOG_CONDITIONS
from app.status import TowerStatus
from hardware.ccu import Condition
from hardware.quantities import SETPOINTS
from ui.main_window import MainWindow
from ui.viewstate import AlarmView, Priority, TowerView

PASSED_S = 0.1  # one cycle of the screen

# What issue 3 asks for by its clinical meaning, and this program's name of it.
ASKED_FOR = {
    "over-pressure": "over_pressure",
    "relief open": "relief_open",
    "pressure not reached": "pressure_not_reached",
    "leak": "gas_leak",
    "occlusion": "occlusion",
    "disconnection": "disconnection",
    "misplacement": "misplacement",
    "sensor disagreement": "sensor_disagreement",
    "sensor fault": "sensor_fault",
    "cylinder low": "cylinder_low",
    "cylinder empty": "cylinder_empty",
    "valve fault": "valve_fault",
    "light hot": "light_hot",
    "light derated": "light_derated",
    "light off": "light_off",
    "fan": "light_fan_fault",
    "LED": "light_led_fault",
    "camera lost": "camera_lost",
    "picture frozen": "picture_frozen",
    "enhanced view fallen back": "enhanced_fallen_back",
    "bus cycle late": "bus_cycle_late",
    "control unit fault": "control_unit_fault",
    "no audio device": "no_audio_device",
    "disk low": "disk_low",
    "clock jump": "clock_jump",
}


class Player:
    """At the seam to the loudspeaker."""

    outputs = ("Loudspeaker",)
    fault = ""
    tried = True

    def __init__(self) -> None:
        self.played: list[Priority] = []
        self.stopped = 0

    def play(self, priority: Priority) -> None:
        self.played.append(priority)

    def stop(self) -> None:
        self.stopped += 1


class NearSpeaker:
    """The sound process's own logic, in this process and in the test's time."""

    def __init__(self) -> None:
        self.player = Player()
        self.state = SpeakerState(Audio.WELL)
        self._sounder = Sounder(self.player, lambda _text: None)
        self._now_s = 0.0

    def tell(self, sounding: Sounding | None, now_s: float) -> None:
        self._now_s = now_s
        wanted = {"sounding": None}
        if sounding is not None:
            wanted = {"sounding": sounding.priority.value, "occurrence": sounding.occurrence}
        self._sounder.hear(json.dumps(wanted), now_s)
        self._sounder.step(now_s)

    def silence(self) -> None:
        self._sounder.hear('{"silence": true}', self._now_s)

    def stop(self) -> None:
        self._sounder.hear('{"end": true}', self._now_s)


class Tower:
    """Alarm desk and window, without bus and pictures; time is the test's."""

    def __init__(self, folder, window: MainWindow) -> None:
        self.speaker, self.window = NearSpeaker(), window
        self.desk = AlarmDesk(folder, self.speaker)
        self.now_s = 100.0

    def cycle(self, *conditions: str, seconds: float = PASSED_S) -> TowerView:
        """Go on by `seconds` with these conditions, drawing the window at the end."""
        end_s = self.now_s + seconds
        while self.now_s < end_s - 1e-9:
            self.now_s += PASSED_S
            self.desk.cycle(conditions, self.now_s)
        view = tower_view(
            TowerStatus(self.now_s),
            self.desk.views(self.now_s),
            self.now_s,
            simulation=False,
            recording=False,
            recording_s=0.0,
            recording_detail="",
            frozen=False,
            enhanced_on=True,
            notice="",
            audio=self.desk.audio(self.now_s),
        )
        self.window.show_tower(view)
        return view

    @property
    def shown(self) -> tuple[str, str]:
        bar = self.window.alarm_bar
        return bar.text.shown_text(), bar.action.shown_text()


@pytest.fixture(scope="module")
def shared_window(qapp):
    window = MainWindow(setpoint_specs(SETPOINTS), quantity_specs())
    window.resize(1920, 1080)
    window.show()
    yield window
    window.allow_close()
    window.deleteLater()


@pytest.fixture
def tower(shared_window, tmp_path):
    tower = Tower(tmp_path, shared_window)
    tower.cycle()
    yield tower
    tower.desk.close()


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_row_is_raised_shown_heard_acknowledged_and_cleared(tower: Tower, rule: AlarmRule, tmp_path) -> None:
    assert tower.shown[0] == "No alarms"
    if rule.delay_s:
        tower.cycle(rule.name, seconds=rule.delay_s)
        assert tower.shown[0] == "No alarms"
    view = tower.cycle(rule.name, seconds=2 * PASSED_S)
    assert tower.shown == (rule.text, rule.action), "whole, not cut short"
    assert tower.window.alarm_bar.lamp.isVisible()
    assert tower.speaker.player.played == [rule.priority]
    assert view.audio.sounding is rule.priority

    tower.desk.acknowledge(rule.name, tower.now_s)
    assert tower.speaker.player.stopped == 1
    tower.cycle(rule.name, seconds=30.0)
    assert tower.shown == (rule.text, rule.action), "it stays visible while its condition holds"
    assert tower.speaker.player.played == [rule.priority], "and is not heard"

    tower.cycle(seconds=SAME_WITHIN_S + PASSED_S)
    assert tower.shown[0] == "No alarms"
    tower.cycle(rule.name, seconds=rule.delay_s + 3 * PASSED_S)
    assert tower.speaker.player.played == [rule.priority] * 2, "a new occurrence is heard"
    tower.cycle(seconds=40.0)
    stays = tower.shown == (rule.text, rule.action)
    assert stays == rule.latching
    assert (len(tower.speaker.player.played) > 2) == rule.latching
    changes = [entry.change for entry in read_entries(tmp_path) if entry.name == rule.name]
    assert changes == ["raised", "acknowledged", "cleared", "raised", "condition gone" if rule.latching else "cleared"]


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if rule.escalates_after_s], ids=lambda rule: rule.name
)
def test_every_row_that_escalates_does_so_on_the_screen_and_in_the_ear(tower: Tower, rule: AlarmRule) -> None:
    assert rule.escalates_after_s is not None
    assert rule.priority is not Priority.HIGH
    tower.cycle(rule.name, seconds=rule.delay_s + rule.escalates_after_s - PASSED_S)
    assert set(tower.speaker.player.played) == {rule.priority}
    view = tower.cycle(rule.name, seconds=5 * PASSED_S)
    assert view.alarms[0].priority is rule.escalates_to
    assert tower.speaker.player.played[-1] is rule.escalates_to


def test_a_loudspeaker_that_is_not_there_alarms_by_itself(tower: Tower) -> None:
    for audio in (Audio.NO_DEVICE, Audio.FAILED):
        tower.speaker.state = SpeakerState(audio, "why")
        view = tower.cycle("over_pressure")
        assert [alarm.name for alarm in view.alarms] == ["over_pressure", audio.value]
        assert (view.audio.available, view.audio.sounding) == (False, None)
    tower.speaker.state = SpeakerState(Audio.WELL)
    view = tower.cycle("over_pressure")
    assert [alarm.name for alarm in view.alarms] == ["over_pressure"]
    assert view.audio.sounding is Priority.HIGH


def test_a_log_that_cannot_be_written_alarms(shared_window, tmp_path) -> None:
    (tmp_path / "file").write_text("in the way")
    tower = Tower(tmp_path / "file", shared_window)
    assert [alarm.name for alarm in tower.cycle().alarms] == ["alarm_log_failed"]
    assert tower.desk.history(10)[0].name == "alarm_log_failed"
    tower.desk.close()


def test_all_alarms_at_once_keep_the_cycle_short(tower: Tower) -> None:
    tower.cycle(*RULES, seconds=2.0)
    assert len(tower.window.alarm_bar.alarms) == len(RULES)
    assert tower.window.alarm_bar.alarms[0].priority is Priority.HIGH
    engine_s, screen_s = [], []
    for step in range(60):
        conditions = list(RULES) if step % 20 else []  # all go and come back, too
        tower.now_s += PASSED_S
        began_s = time.perf_counter()
        tower.desk.cycle(conditions, tower.now_s)
        engine_s.append(time.perf_counter() - began_s)
        views = tower.desk.views(tower.now_s)
        began_s = time.perf_counter()
        tower.window.alarm_bar.show_alarms(views)
        screen_s.append(time.perf_counter() - began_s)
    assert sorted(engine_s)[30] < 0.005
    assert sorted(screen_s)[30] < 0.005


def test_no_text_is_cut_where_several_alarms_are_shown(tower: Tower, qtbot) -> None:
    """Each row first and beside others, marked as acknowledged or past: with an icon, and risen where it can."""
    views = []
    for rule in RULES.values():
        priority = rule.escalates_to if rule.escalates_after_s else rule.priority
        views.append(AlarmView(rule.name, priority, rule.text, rule.action, True, False, 6000.0))
    bar = tower.window.alarm_bar
    assert tower.window.width() == 1920
    for at in range(len(views)):
        bar.show_alarms(tuple((views + views)[at : at + 5]))
        qtbot.waitUntil(lambda: all(line.isVisible() for line in bar.others))
        for line in (bar.text, bar.action, bar.state, *bar.others):
            assert line.shown_text() == line.text()


def test_every_condition_that_anybody_can_find_has_its_row() -> None:
    found = {str(condition) for condition in Condition}
    found |= {
        *LINK_CONDITIONS.values(),
        *WATCHDOG_CONDITIONS.values(),
        UNFIT_CONDITION,
        "bus_port_lost",
        GAS_ENDED,
        LIGHT_ENDED,
    }
    found |= {*ASKED_FOR.values(), Audio.NO_DEVICE.value, Audio.FAILED.value}
    assert found <= set(RULES)


def test_every_row_says_shortly_what_is_wrong_and_what_to_do() -> None:
    for name, rule in RULES.items():
        assert name == rule.name
        assert 5 < len(rule.text) <= TEXT_CHARACTERS, rule
        assert 10 < len(rule.action) <= ACTION_CHARACTERS, rule
        assert rule.text[0].isupper()
        assert not rule.text.endswith(".")
        assert rule.delay_s >= 0
    assert len(rule_of_unknown("x" * 200).text) <= TEXT_CHARACTERS


def test_texts_tell_the_alarms_apart() -> None:
    assert len({rule.text for rule in RULES.values()}) == len(RULES)


def test_a_dead_link_is_shown_in_time() -> None:
    # 500 ms until the master calls it down; 1 s from the kill to the screen.
    for name in ("link_insufflator", "link_light", "link_camera", "bus_port_lost"):
        assert RULES[name].delay_s + 0.5 < 0.8


def test_what_harms_at_once_is_high() -> None:
    for name in ("over_pressure", "sensor_disagreement", "valve_fault", "cylinder_empty", "light_off", "camera_lost"):
        assert RULES[name].priority is Priority.HIGH
