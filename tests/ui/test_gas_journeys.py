"""Gas by touch: mode, supply, pause, vent, and what the screen says the gas is doing."""

from dataclasses import replace

import pytest

from ui import samples, viewmodels
from ui.intents import PauseGas, SetGasMode, SetSetpoint, StartGas, StopGas, VentGas
from ui.viewstate import LinkState, ModuleView
from ui.widgets import mode_card, supply_key


def shown(window, **changes):
    window.show_tower(replace(samples.tower(), **changes))


def settled(window):
    """Numbers follow at 5 Hz: the pending timer is run out."""
    window._number_timer.stop()
    window._show_numbers()


@pytest.fixture
def at_once(monkeypatch):
    """Keys that have just changed their meaning are obeyed at once."""
    monkeypatch.setattr(supply_key, "SETTLED_S", 0.0)


def test_choosing_a_mode_tells_its_ranges_and_effect_and_asks_for_it_on_apply(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.mode)
    card = window.mode_card
    assert [option.text() for option in card.options.values()] == ["Veress", "Adult", "High flow", "Paediatric"]
    assert card.options["paediatric"].ranges == ["1–15 mmHg", "0.1–15.0 l/min"]
    assert card.options["adult"].caption() == "Adult · now"
    assert not card.apply.isEnabled()
    fingers.tap(card.options["veress"])
    assert card.effect.text() == "Flow becomes 1.0 l/min. Pressure stays 12 mmHg."
    assert intents == []
    fingers.tap(card.apply)
    assert intents == [SetGasMode("veress")]
    assert not card.isVisible()


def test_a_pressure_outside_the_new_mode_is_said_to_change(window, fingers):
    shown(window, pressure_setpoint=samples.active(18))
    fingers.tap(window.insufflator.mode)
    fingers.tap(window.mode_card.options["paediatric"])
    assert window.mode_card.effect.text() == "Flow becomes 1.5 l/min. Pressure becomes 8 mmHg."


def test_the_mode_under_way_is_not_drawn_as_active(window):
    key = window.insufflator.mode
    shown(window)
    calm = key.grab().toImage()
    shown(window, gas_mode_pending="veress")
    assert (key.active, key.pending) == ("Adult", "Veress")
    assert key.grab().toImage() != calm
    shown(window, gas_mode="veress")
    assert (key.active, key.pending) == ("Veress", "")


def test_a_cancelled_choice_sends_nothing(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.mode)
    fingers.tap(window.mode_card.options["high_flow"])
    fingers.tap(window.mode_card.cancel)
    assert intents == []
    assert not window.mode_card.isVisible()


def test_an_unconfirmed_choice_counts_down_and_expires(window, intents, fingers, qtbot, monkeypatch):
    monkeypatch.setattr(mode_card, "EXPIRY_S", 0.5)
    shown(window)
    fingers.tap(window.insufflator.mode)
    fingers.tap(window.mode_card.options["high_flow"])
    assert window.mode_card.left.text() == "closes unchanged in 1 s"
    qtbot.waitUntil(lambda: not window.mode_card.isVisible(), timeout=3000)
    assert intents == []
    assert window.status.notice.text() == "Gas mode: not confirmed in time, nothing was changed"


def test_stop_works_while_the_chooser_is_open(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.mode)
    fingers.press(window.insufflator.stop)
    assert intents == [StopGas()]


def test_range_and_step_of_the_pad_follow_the_active_mode(window, intents, fingers):
    shown(window, gas_mode="paediatric", flow_setpoint=samples.active(1.5))
    fingers.tap(window.insufflator.set_flow)
    assert window.pad.range.text() == "0.1 to 15.0 l/min"
    fingers.tap(window.pad.plus)
    fingers.tap(window.pad.apply)
    assert intents == [SetSetpoint("flow_setpoint", 1.6)]
    fingers.tap(window.insufflator.set_pressure)
    fingers.tap(window.pad.digits["1"])
    fingers.tap(window.pad.digits["8"])
    assert window.pad.message.text() == "18 is outside 1 to 15 mmHg"


def test_a_mode_that_changes_under_an_open_pad_changes_its_range(window, intents, fingers):
    shown(window, gas_mode="adult")
    fingers.tap(window.insufflator.set_pressure)
    for digit in "18":
        fingers.tap(window.pad.digits[digit])
    assert window.pad.message.text() == ""
    shown(window, gas_mode="paediatric")
    assert window.pad.message.text() == "18 is outside 1 to 15 mmHg"
    fingers.tap(window.pad.apply)
    assert intents == []


def test_pause_and_resume_are_one_touch_each(window, intents, fingers, at_once):
    start = window.insufflator.start
    shown(window)
    assert start.text() == "PAUSE"
    fingers.tap(start)
    assert intents == [PauseGas()]
    shown(window, gas_paused=True, gas_state="Paused")
    assert start.text() == "RESUME"
    assert window.insufflator.gas_state.text() == "Paused"
    fingers.tap(start)
    assert intents == [PauseGas(), StartGas()]


def test_the_finger_that_started_gas_does_not_pause_it_when_lifted(window, intents, fingers, qtbot, at_once):
    shown(window, gas_running=False, gas_state="Stopped")
    start = window.insufflator.start
    fingers.press(start)
    qtbot.waitUntil(lambda: intents == [StartGas()], timeout=3000)
    shown(window)
    assert start.text() == "PAUSE"
    fingers.release(start)
    assert intents == [StartGas()]


def test_the_second_tap_of_a_double_tap_does_not_resume(window, intents, fingers, monkeypatch):
    monkeypatch.setattr(supply_key, "SETTLED_S", 0.0)
    shown(window)
    fingers.tap(window.insufflator.start)
    monkeypatch.setattr(supply_key, "SETTLED_S", 60.0)
    shown(window, gas_paused=True)
    fingers.tap(window.insufflator.start)
    assert intents == [PauseGas()]


def test_venting_takes_a_hold_and_ends_by_stop(window, intents, fingers, qtbot):
    shown(window, gas_running=False, gas_state="Stopped")
    vent = window.insufflator.vent
    fingers.tap(vent)
    assert intents == []
    fingers.press(vent)
    qtbot.waitUntil(lambda: intents == [VentGas()], timeout=3000)
    fingers.release(vent)
    window.show_tower(samples.venting(samples.tower()))
    assert (vent.text(), vent.hint, vent.on) == ("VENTING", "STOP ends it", True)
    assert window.insufflator.gas_state.text() == "Venting"
    assert not window.insufflator.start.isEnabled()
    assert window.insufflator.start.hint == "STOP first"
    fingers.press(window.insufflator.stop)
    assert intents == [VentGas(), StopGas()]


def test_start_and_vent_are_off_with_the_reason_while_the_gas_state_is_unknown(window, intents, fingers, qtbot):
    lost = ModuleView("Insufflator", LinkState.DOWN)
    shown(window, gas_running=None, modules=(lost, *samples.MODULES[1:]))
    settled(window)
    gas = window.insufflator
    assert (gas.start.text(), gas.start.hint, gas.start.isEnabled()) == ("START", "not known", False)
    assert (gas.vent.hint, gas.vent.isEnabled()) == ("not known", False)
    assert gas.gas_state.text() == "State not known"
    assert gas.flow.state.text() == "START is off until the insufflator says what the gas is doing"
    fingers.press(gas.start)
    qtbot.wait(1200)
    assert intents == []


def test_a_hold_ends_when_its_key_goes_off_under_the_finger(window, intents, fingers, qtbot):
    shown(window, gas_running=False, gas_state="Stopped")
    fingers.press(window.insufflator.start)
    qtbot.waitUntil(lambda: window.insufflator.start.progress > 0.3)
    shown(window, gas_running=None)
    qtbot.wait(900)
    assert intents == []


@pytest.mark.parametrize("words", ["Supplying", "At set pressure", "Relief open", "Paused", "Held"])
def test_each_state_has_its_own_icon_and_word(words):
    faces = {state: viewmodels.gas_state(replace(samples.tower(), gas_state=state))[1] for state in STATES}
    assert viewmodels.gas_state(replace(samples.tower(), gas_state=words))[0] == words
    assert len(set(faces.values())) == len(STATES)


STATES = ("Supplying", "At set pressure", "Relief open", "Paused", "Held")


def test_counts_of_this_patient_are_shown_and_unknown_ones_are_dashes(window):
    shown(window, supply_s=3 * 3600 + 125.0)
    settled(window)
    assert window.insufflator.gas.supply_time.text() == "3:02:05"
    assert window.insufflator.gas_used.text() == "23.4"
    assert window.insufflator.cylinder.text() == "52"
    shown(window, supply_s=None)
    settled(window)
    assert window.insufflator.gas.supply_time.text() == "---"
