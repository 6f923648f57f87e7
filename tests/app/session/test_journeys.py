"""The journeys of an operation by touch on a whole tower: no dialog is bypassed, and the modules do what was meant."""

from __future__ import annotations

import pytest

from app import access
from hardware.gas_modes import InsufflationMode
from hardware.protocol import SetPressure
from tests.app.conftest import refuse
from tests.app.session.journeys import Journey
from ui.serviceview import Role
from ui.viewstate import SetpointState

CODE, WRONG = "271828", "314159"


@pytest.fixture
def nurse(start, qtbot, tmp_path):
    made = Journey(start, qtbot, tmp_path)
    yield made
    made.tower.leave()
    made.leaves()


def test_a_pressure_is_set_confirmed_refused_and_kept_over_a_lost_link(nurse, monkeypatch):
    gas, pad = nurse.window.insufflator, nurse.window.pad
    nurse.sets_pressure("9")
    nurse.sees("9 confirmed", lambda: nurse.active(9.0) and gas.set_pressure.face.value == "9")
    with monkeypatch.context() as stubborn:
        refuse(stubborn, nurse.rig.insufflator, SetPressure)
        nurse.sets_pressure("14")
        nurse.sees("refused", lambda: nurse.pressure().state is SetpointState.REJECTED)
        nurse.sees("that on the key", lambda: "refused" in gas.set_pressure.face.state)
        nurse.taps(gas.set_pressure)
        nurse.sees("why", lambda: pad.message.text().startswith("14 refused: "))
        assert "interlock" in pad.message.text()
        assert pad.value.text() == "9", "the value in force, not the refused one"
    nurse.types("7")
    nurse.rig.taps["insufflator"].mute = True
    nurse.sees("the loss", lambda: pad.message.text() == "Insufflator does not answer. What is typed is kept.")
    nurse.taps(pad.apply)
    nurse.rig.taps["insufflator"].mute = False
    nurse.sees("Apply again", pad.apply.isEnabled)
    assert nurse.rig.insufflator.pressure_setpoint_mmhg == 9.0, "not sent by itself"
    nurse.taps(pad.apply)
    nurse.sees("7 confirmed", lambda: nurse.active(7.0))


def test_gas_starts_by_a_hold_and_stops_at_the_touch(nurse):
    gas = nurse.window.insufflator
    nurse.taps(gas.start)
    nurse.waits(300)
    assert not nurse.rig.insufflator.running
    nurse.holds(gas.start, lambda: nurse.rig.insufflator.running and gas.start.text() == "PAUSE")
    nurse.sees("gas", lambda: nurse.rig.gas.solenoid_open)
    nurse.presses(gas.stop)
    nurse.sees("the end of it", lambda: not nurse.rig.insufflator.running and not nurse.rig.gas.solenoid_open)
    nurse.sees("START again", lambda: gas.start.text() == "START")


def test_an_alarm_is_acknowledged_and_its_sound_paused_with_a_countdown(nurse):
    bar = nurse.window.alarm_bar
    nurse.rig.taps["light"].mute = True
    nurse.sees("the alarm", lambda: bar.shown() is not None and bar.shown().name == "link_light")
    nurse.sees("it sounding", lambda: nurse.tower.speaker.told and nurse.tower.speaker.told[-1] is not None)
    nurse.taps(bar.sound)
    nurse.sees("the pause", lambda: bar.sound.on)
    first = bar.sound.text(), bar.sound.hint
    nurse.sees("it counting down", lambda: (bar.sound.text(), bar.sound.hint) != first)
    assert nurse.tower.speaker.told[-1] is None
    nurse.taps(bar.acknowledge)
    nurse.sees("that it was seen", lambda: "acknowledged" in bar.state.text())
    assert not bar.acknowledge.isEnabled()
    nurse.rig.taps["light"].mute = False
    nurse.sees("calm again", lambda: bar.text.text() == "No alarms")


def test_a_preset_is_reviewed_and_its_changes_become_active_one_by_one(nurse):
    window, card = nurse.window, nurse.window.cards.preset
    nurse.taps(window.status.presets)
    nurse.taps(next(key for key in card.keys if key.text() == "Paediatric"))
    assert nurse.rig.insufflator.mode is not InsufflationMode.PAEDIATRIC, "nothing is sent by looking"
    lines = {line.key for line in card.lines if line.sent}
    assert {"gas_mode", "pressure_setpoint"} <= lines
    nurse.holds(card.apply, lambda: not card.apply.isVisible())
    nurse.sees("all of it", lambda: card.warning.text() == "All changes are active.")
    assert nurse.rig.insufflator.mode is InsufflationMode.PAEDIATRIC
    assert not nurse.rig.insufflator.running
    assert not nurse.rig.light.on
    assert nurse.rig.insufflator.pressure_setpoint_mmhg == nurse.pressure().active < 12.0


def test_a_locked_tower_takes_nothing_but_what_is_safe_until_it_is_unlocked(nurse):
    window, gas = nurse.window, nurse.window.insufflator
    nurse.holds(gas.start, lambda: nurse.rig.insufflator.running)
    nurse.taps(window.status.lock)
    nurse.sees("the lock", window.guard.lock.card.isVisible)
    nurse.taps(gas.set_pressure)
    nurse.taps(gas.mode)
    assert not window.pad.isVisible()
    assert not window.mode_card.isVisible()
    nurse.presses(gas.stop)
    nurse.sees("the gas stopped", lambda: not nurse.rig.insufflator.running)
    nurse.holds(window.guard.lock.card.unlock, lambda: not window.guard.lock.card.isVisible())
    nurse.sets_pressure("11")
    nurse.sees("11 confirmed", lambda: nurse.active(11.0))


def test_language_and_unit_are_changed_while_it_runs_and_the_next_pressure_is_set_in_them(nurse):
    window = nurse.window
    nurse.holds(window.insufflator.start, lambda: nurse.rig.insufflator.running)
    nurse.taps(window.status.appearance)
    nurse.taps(window.cards.appearance.languages["zh"])
    nurse.sees("Chinese", lambda: window.insufflator.stop.text() == "停止")
    nurse.taps(window.cards.appearance.units["kPa"])
    nurse.sees("kPa", lambda: window.insufflator.pressure.unit.text() == "kPa")
    assert nurse.rig.insufflator.running, "the gas goes on"
    nurse.sets_pressure("1.2")
    nurse.sees("9.00 mmHg in the module", lambda: nurse.active(9.0))
    nurse.sees("1.20 on the key", lambda: window.insufflator.set_pressure.face.value == "1.20")
    nurse.taps(window.cards.appearance.languages["en"])
    nurse.sees("English", lambda: window.insufflator.stop.text() == "STOP")
    nurse.presses(window.insufflator.stop)
    nurse.sees("the gas stopped", lambda: not nurse.rig.insufflator.running)


def test_the_enhanced_view_goes_off_and_on_by_a_touch(nurse):
    window = nurse.window
    nurse.sees("pictures", lambda: window.enhanced.view.picture is not None and window.enhanced.view.picture.processed)
    nurse.taps(window.camera.enhanced)
    nurse.sees("raw in its place", lambda: window.enhanced.title.text() == "RAW · enhanced view is off")
    nurse.taps(window.camera.enhanced)
    nurse.sees("it again", lambda: window.enhanced.title.text().startswith("ENHANCED"))


def test_five_wrong_codes_lock_even_the_right_one_out(nurse, monkeypatch):
    quick = access.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(access, "_HASHER", quick)
    access.CodeBook(nurse.codes).set(Role.SERVICE, CODE)
    window, pad = nurse.window, nurse.window.cards.code
    nurse.taps(window.status.service)
    nurse.taps(window.service.access_key)
    nurse.taps(window.service.access.enter[Role.SERVICE])
    nurse.sees("the code pad", pad.digits["1"].isEnabled)
    answers = [f"Wrong code. {left} left." for left in ("4 tries", "3 tries", "2 tries", "1 try")]
    answers += ["Wrong code. Wait 30 s before the next try.", "Too many wrong codes. Wait "]
    for digits, answer in zip((*[WRONG] * 5, CODE), answers, strict=True):
        for digit in digits:
            nurse.taps(pad.digits[digit])
        nurse.taps(pad.enter)
        nurse.sees(answer, lambda said=answer: pad.message.text().startswith(said))
    assert not window.service.access.enter[Role.SERVICE].on
