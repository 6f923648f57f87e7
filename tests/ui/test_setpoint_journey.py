"""From the touched number to the confirmed value: what the nurse sees at each step."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from ui import samples, units
from ui.intents import SeenSetpoint, SetSetpoint, StopGas
from ui.viewstate import LinkState, SetpointState, SetpointView
from ui.widgets import mode_card, setpoint_pad


def shown(window, **changes):
    window.show_tower(replace(samples.tower(), **changes))


def type_on(fingers, pad, text):
    for character in text:
        fingers.tap(pad.digits[character])


def area(widget, window):
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def test_touching_set_pressure_typing_and_applying_asks_for_the_value(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    assert window.pad.isVisible()
    assert window.pad.range.text() == "1 to 30 mmHg"
    type_on(fingers, window.pad, "14")
    assert intents == []
    fingers.tap(window.pad.apply)
    assert intents == [SetSetpoint("pressure_setpoint", 14.0)]
    assert not window.pad.isVisible()


def test_a_requested_value_is_not_drawn_as_active_before_it_is_confirmed(window, fingers):
    key = window.insufflator.set_pressure
    shown(window)
    fingers.tap(key)
    type_on(fingers, window.pad, "14")
    fingers.tap(window.pad.apply)
    assert key.face.value == "12"
    shown(window, pressure_setpoint=SetpointView(12, 14, SetpointState.SENT))
    assert (key.face.value, key.face.state) == ("12 → 14", "pending")
    shown(window, pressure_setpoint=SetpointView(14, 14, SetpointState.ACTIVE))
    assert (key.face.value, key.face.state) == ("14", "")


@pytest.mark.parametrize(("state", "word"), [(SetpointState.REJECTED, "14 refused"), (SetpointState.LOST, "14 lost")])
def test_refused_and_lost_keep_the_active_value_and_say_why(window, qtbot, state, word):
    shown(window, pressure_setpoint=SetpointView(12, 14, state, "the sensor is faulty"))
    key = window.insufflator.set_pressure
    assert (key.face.value, key.face.state) == ("12", word)
    qtbot.waitUntil(lambda: window.insufflator.pressure.state.text() == f"{word}: the sensor is faulty")


def test_the_states_of_a_setpoint_look_different_without_colour(window):
    """Compared as grey pictures of the key: pending, refused and lost differ from active and from each other."""
    key = window.insufflator.set_pressure
    pictures = set()
    for state in (SetpointState.ACTIVE, SetpointState.SENT, SetpointState.REJECTED, SetpointState.LOST):
        shown(window, pressure_setpoint=SetpointView(12, 12, state))
        grey = key.grab().toImage().convertToFormat(key.grab().toImage().Format.Format_Grayscale8)
        pictures.add(bytes(grey.constBits()))
    assert len(pictures) == 4


def test_a_value_out_of_range_is_answered_with_the_range_and_not_sent(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    type_on(fingers, window.pad, "31")
    assert "1 to 30 mmHg" in window.pad.message.text()
    fingers.tap(window.pad.apply)
    assert intents == []
    assert window.pad.isVisible()
    assert window.pad.message.text() == "31 is outside 1 to 30 mmHg"


def test_an_unconfirmed_edit_counts_down_and_expires_unsent(window, intents, fingers, qtbot, monkeypatch):
    monkeypatch.setattr(setpoint_pad, "EXPIRY_S", 0.6)
    shown(window)
    fingers.tap(window.insufflator.set_flow)
    type_on(fingers, window.pad, "20")
    assert "closes unchanged in 1 s" in window.pad.left.text()
    qtbot.waitUntil(lambda: not window.pad.isVisible(), timeout=3000)
    assert intents == []
    assert "Set flow" in window.status.notice.text()
    assert "nothing was changed" in window.status.notice.text()


def test_every_touch_on_the_pad_starts_its_time_again(window, fingers, qtbot, monkeypatch):
    monkeypatch.setattr(setpoint_pad, "EXPIRY_S", 0.8)
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    for _ in range(6):
        qtbot.wait(250)
        fingers.tap(window.pad.plus)
    assert window.pad.isVisible()


def test_cancel_sends_nothing(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    type_on(fingers, window.pad, "9")
    fingers.tap(window.pad.cancel)
    assert intents == []
    assert not window.pad.isVisible()


def test_step_keys_go_by_the_step_and_stop_at_the_ends(window, intents, fingers):
    shown(window, gas_mode="high_flow", flow_setpoint=samples.active(39.2))
    fingers.tap(window.insufflator.set_flow)
    for _ in range(3):
        fingers.tap(window.pad.plus)
    fingers.tap(window.pad.apply)
    fingers.tap(window.light.set_intensity)
    fingers.tap(window.pad.minus)
    fingers.tap(window.pad.apply)
    assert intents == [SetSetpoint("flow_setpoint", 40.0), SetSetpoint("light_intensity", 40.0)]


def test_with_no_known_value_the_pad_starts_empty_and_sends_nothing_empty(window, intents, fingers):
    window.show_tower(samples.unknown(samples.tower()))
    fingers.tap(window.insufflator.set_pressure)
    assert window.pad.value.text() == "---"
    fingers.tap(window.pad.apply)
    assert intents == []
    assert window.pad.message.text() == "Type a value first."


def test_digits_on_a_keyboard_work_too(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.set_flow)
    QTest.keyClicks(window.pad, "7.5")
    QTest.keyClick(window.pad, Qt.Key.Key_Return)
    assert intents == [SetSetpoint("flow_setpoint", 7.5)]


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_the_pad_covers_neither_raw_picture_nor_numbers_nor_alarms_and_stop_stays_alive(window, intents, fingers, size):
    window.resize(*size)
    window.show_tower(samples.with_alarms(samples.tower()))
    fingers.tap(window.insufflator.set_pressure)
    pad = area(window.pad, window)
    for part in (window.raw, window.alarm_bar, window.insufflator, window.light, window.camera):
        assert not pad.intersects(area(part, window))
    assert window.rect().contains(pad)
    fingers.press(window.insufflator.stop)
    fingers.release(window.insufflator.stop)
    assert intents == [StopGas()]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taps=st.lists(st.sampled_from([*"0123456789.", "back", "plus", "minus", "apply"]), max_size=14))
def test_whatever_is_tapped_only_values_in_range_come_out(window, intents, taps):
    intents.clear()
    spec, pad = samples.SETPOINTS[1], window.pad
    pad.open_for(spec, 10.0)
    named = {"back": pad.backspace, "plus": pad.plus, "minus": pad.minus, "apply": pad.apply}
    for tap in taps:
        if pad.isVisible():
            (named.get(tap) or pad.digits[tap]).click()
    pad.dismiss()
    assert all(spec.minimum <= intent.value <= spec.maximum for intent in intents)
    assert all(round(intent.value, spec.decimals) == intent.value for intent in intents)


def silent(view, *names):
    return replace(view, modules=tuple(replace(m, link=LinkState.DOWN) if m.name in names else m for m in view.modules))


def ask_for_18(window, fingers):
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    type_on(fingers, window.pad, "18")
    fingers.tap(window.pad.apply)


def test_larger_steps_go_to_the_next_multiple_and_stop_at_the_ends(window, intents, fingers):
    shown(window, pressure_setpoint=samples.active(12))
    fingers.tap(window.insufflator.set_pressure)
    assert [key.text() for key in window.pad.steps.values()] == ["+5", "+1", "−1", "−5"]
    fingers.tap(window.pad.steps[-5])
    assert window.pad.value.text() == "10"
    for _ in range(3):
        fingers.tap(window.pad.steps[-5])
    assert window.pad.value.text() == "1"
    for _ in range(9):
        fingers.tap(window.pad.steps[5])
    assert window.pad.value.text() == "30"


def test_an_unconfirmed_edit_has_five_seconds():
    """clinical.md, Touch: a changed but unconfirmed value times out visibly after 5 s."""
    assert setpoint_pad.EXPIRY_S == 5.0
    assert mode_card.EXPIRY_S == 5.0


def test_a_value_out_of_range_finds_no_apply(window, fingers):
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    type_on(fingers, window.pad, "31")
    assert not window.pad.apply.isEnabled()
    fingers.tap(window.pad.backspace)
    assert window.pad.apply.isEnabled()


def test_a_pressure_above_15_in_an_adult_asks_again_and_names_the_risk(window, intents, fingers, qtbot):
    ask_for_18(window, fingers)
    pad = window.pad
    assert pad.asking
    assert intents == []
    assert pad.question.risk.text() == "Above 15 mmHg the gas loads heart, lungs and veins more."
    assert pad.question.sure_key.text() == "Set 18 mmHg"
    fingers.tap(pad.question.sure_key)
    assert intents == []
    fingers.press(pad.question.sure_key)
    qtbot.waitUntil(lambda: intents == [SetSetpoint("pressure_setpoint", 18.0)], timeout=4000)
    fingers.release(window.raw)
    assert not pad.isVisible()


def test_15_in_an_adult_does_not_ask_again(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    type_on(fingers, window.pad, "15")
    fingers.tap(window.pad.apply)
    assert intents == [SetSetpoint("pressure_setpoint", 15.0)]


@pytest.mark.parametrize(
    ("mode", "key", "typed", "risk"),
    [
        ("paediatric", "set_pressure", "13", "Above 12 mmHg the gas loads a child's heart and lungs more."),
        ("paediatric", "set_flow", "6", "Above 5.0 l/min a child's small abdomen overfills quickly."),
        ("adult", "set_flow", "12", "Above 10.0 l/min the abdomen is stretched fast, and the heart may slow down."),
        ("veress", "set_flow", "2", "Above 1.0 l/min through the needle, a misplaced tip is noticed later."),
    ],
)
def test_each_mode_has_its_own_safe_practice(window, intents, fingers, mode, key, typed, risk):
    shown(window, gas_mode=mode)
    fingers.tap(getattr(window.insufflator, key))
    type_on(fingers, window.pad, typed)
    fingers.tap(window.pad.apply)
    assert window.pad.question.risk.text() == risk
    assert intents == []


def test_bright_light_asks_again(window, fingers):
    shown(window)
    fingers.tap(window.light.set_intensity)
    type_on(fingers, window.pad, "80")
    fingers.tap(window.pad.apply)
    risk = "Above 70 % the endoscope's tip may burn tissue or drapes within seconds."
    assert window.pad.question.risk.text() == risk


def test_from_the_question_back_to_the_value(window, intents, fingers):
    ask_for_18(window, fingers)
    fingers.tap(window.pad.question.back_key)
    assert not window.pad.asking
    assert window.pad.value.text() == "18"
    fingers.tap(window.pad.steps[-5])
    fingers.tap(window.pad.apply)
    assert intents == [SetSetpoint("pressure_setpoint", 15.0)]


def test_the_second_tap_of_a_double_tap_on_apply_does_not_answer_the_question(window, intents, fingers):
    ask_for_18(window, fingers)
    fingers.tap(window.pad.apply)
    assert window.pad.asking
    assert intents == []


def test_a_mode_that_changes_under_the_hold_ends_it(window, intents, fingers, qtbot):
    ask_for_18(window, fingers)
    sure = window.pad.question.sure_key
    fingers.press(sure)
    qtbot.waitUntil(lambda: sure.progress > 0.3)
    shown(window, gas_mode="paediatric")
    assert not window.pad.asking
    qtbot.wait(1200)
    fingers.release(window.pad.digits["1"])
    assert intents == []
    assert window.pad.message.text() == "18 is outside 1 to 15 mmHg"
    assert not window.pad.apply.isEnabled()


def test_without_link_the_pad_keeps_what_is_typed_says_so_and_never_sends_it_by_itself(
    window, intents, fingers, qtbot, monkeypatch
):
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    window.show_tower(silent(samples.tower(), "Insufflator"))
    monkeypatch.setattr(setpoint_pad, "EXPIRY_S", 0.6)
    type_on(fingers, window.pad, "9")
    assert window.pad.left.text() == "nothing can be sent now"
    assert window.pad.message.text() == "Insufflator does not answer. What is typed is kept."
    assert not window.pad.apply.isEnabled()
    fingers.tap(window.pad.apply)
    qtbot.wait(900)  # longer than the pad's time
    assert window.pad.isVisible()
    assert window.pad.value.text() == "9"
    shown(window)
    assert intents == []
    assert window.pad.apply.isEnabled()
    qtbot.waitUntil(lambda: not window.pad.isVisible(), timeout=3000)
    assert intents == []


def test_another_modules_silence_does_not_hold_an_edit_back(window, intents, fingers):
    window.show_tower(silent(samples.tower(), "Light", "Camera"))
    fingers.tap(window.insufflator.set_pressure)
    type_on(fingers, window.pad, "9")
    fingers.tap(window.pad.apply)
    assert intents == [SetSetpoint("pressure_setpoint", 9.0)]


def test_touching_a_refused_setpoint_shows_why_and_settles_it(window, intents, fingers):
    shown(window, pressure_setpoint=SetpointView(12, 14, SetpointState.REJECTED, "the sensor is faulty"))
    fingers.tap(window.insufflator.set_pressure)
    assert window.pad.message.text() == "14 refused: the sensor is faulty"
    assert intents == [SeenSetpoint("pressure_setpoint")]
    type_on(fingers, window.pad, "13")
    assert window.pad.message.text() == ""


def test_frantic_tapping_with_two_fingers_sends_only_what_stands_on_the_pad(window, intents, fingers):
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    pad = window.pad
    for digit in "134":
        fingers.press(pad.digits[digit])
        fingers.press_beside(pad.digits[digit], pad.digits["0"])
        fingers.release(pad.digits[digit])
        fingers.release(pad.digits["0"], finger=1)
    for _ in range(20):
        fingers.tap(pad.backspace)
    assert pad.value.text() == "---"
    fingers.press(pad.digits["8"])
    fingers.press_beside(pad.digits["8"], pad.apply)
    fingers.release(pad.apply, finger=1)
    assert intents == []
    fingers.release(pad.digits["8"])
    for _ in range(5):
        if pad.isVisible():
            fingers.tap(pad.apply)
    assert intents == [SetSetpoint("pressure_setpoint", 8.0)]


def test_another_setpoint_touched_while_the_question_stands_starts_afresh(window, intents, fingers):
    ask_for_18(window, fingers)
    fingers.tap(window.light.set_intensity)
    assert not window.pad.asking
    assert window.pad.title.text() == "Light intensity"
    fingers.tap(window.pad.apply)
    assert intents == [SetSetpoint("light_intensity", 45.0)]


def test_in_kilopascal_the_same_pressure_asks_again_in_kilopascal(window, fingers, monkeypatch):
    monkeypatch.setattr(units, "_scale", units.SCALES["kPa"])
    shown(window)
    fingers.tap(window.insufflator.set_pressure)
    type_on(fingers, window.pad, "2.10")
    fingers.tap(window.pad.apply)
    assert window.pad.question.risk.text() == "Above 2.00 kPa the gas loads heart, lungs and veins more."
    assert window.pad.question.sure_key.text() == "Set 2.10 kPa"
