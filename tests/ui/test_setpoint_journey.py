"""From the touched number to the confirmed value: what the nurse sees at each step."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from ui import samples
from ui.intents import SetSetpoint, StopGas
from ui.viewstate import SetpointState, SetpointView
from ui.widgets import setpoint_pad


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
