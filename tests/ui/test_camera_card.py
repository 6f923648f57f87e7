"""The camera's settings by touch."""

from dataclasses import replace

import pytest

from ui import samples
from ui.intents import MeasureWhiteBalance, SetCameraAutomatic, SetSetpoint
from ui.main_window import MainWindow
from ui.viewstate import SetpointState, SetpointView


def shown(window, **changes):
    window.show_tower(replace(samples.tower(), **changes))


def test_an_exposure_is_typed_on_the_pad_and_the_card_stays_below(window, intents, fingers):
    shown(window)
    fingers.tap(window.camera.settings)
    card = window.camera_card
    assert card.keys["camera_exposure"].face.value == "4.0"
    fingers.tap(card.keys["camera_exposure"])
    assert window.pad.range.text() == "0.1 to 16.0 ms"
    for character in "8.5":
        fingers.tap(window.pad.digits[character])
    fingers.tap(window.pad.apply)
    assert intents == [SetSetpoint("camera_exposure", 8.5)]
    assert card.isVisible()
    shown(window, camera_exposure=SetpointView(4.0, 8.5, SetpointState.SENT))
    assert card.keys["camera_exposure"].face.value == "4.0 → 8.5"


@pytest.mark.parametrize("automatic", [True, False])
def test_automatic_is_switched_from_what_was_read_back(window, intents, fingers, automatic):
    shown(window, camera_automatic=automatic)
    fingers.tap(window.camera.settings)
    assert window.camera_card.automatic.on is automatic
    assert window.camera.settings.hint == ("automatic" if automatic else "manual")
    fingers.tap(window.camera_card.automatic)
    assert intents == [SetCameraAutomatic(not automatic)]


def test_automatic_cannot_be_asked_for_while_unknown(window, intents, fingers):
    shown(window, camera_automatic=None)
    fingers.tap(window.camera.settings)
    assert not window.camera_card.automatic.isEnabled()
    fingers.tap(window.camera_card.automatic)
    assert intents == []


def test_white_balance_is_measured_at_a_touch_and_says_what_to_point_at(window, intents, fingers):
    shown(window)
    fingers.tap(window.camera.settings)
    assert "white swab" in window.camera_card.white.hint
    fingers.tap(window.camera_card.white)
    assert intents == [MeasureWhiteBalance()]


def test_why_a_camera_setting_is_refused_is_said_on_the_card(window, fingers):
    fingers.tap(window.camera.settings)
    shown(window, camera_gain=SetpointView(6, 20, SetpointState.REJECTED, "the head is too warm"))
    assert window.camera_card.reason.text() == "20 refused: the head is too warm"


def test_a_second_touch_or_close_takes_the_card_away(window, fingers):
    shown(window)
    fingers.tap(window.camera.settings)
    fingers.tap(window.camera.settings)
    assert not window.camera_card.isVisible()
    fingers.tap(window.camera.settings)
    fingers.tap(window.camera_card.close_key)
    assert not window.camera_card.isVisible()


def test_a_tower_without_camera_setpoints_has_a_card_without_their_keys(qtbot):
    window = MainWindow(samples.SETPOINTS[:3], samples.QUANTITIES)
    qtbot.addWidget(window, before_close_func=lambda w: w.allow_close())
    window.show()
    window.show_tower(samples.tower())
    window.cards.toggle_camera()
    assert window.camera_card.keys == {}
    assert not window.insufflator.mode.isEnabled()
