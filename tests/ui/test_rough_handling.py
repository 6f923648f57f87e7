"""Palms, several fingers, a window that changes its size or language under them: keys act once, and only as meant."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import shown_window
from tests.ui.walking import area, clipped
from ui import samples, samples_presets
from ui.appearance import Appearance
from ui.arrangement import Layout
from ui.intents import SetLight, SetSetpoint, StartGas, StopGas
from ui.widgets.key import Key

SIZES = ((1280, 800), (3840, 2160), (1300, 1000), (1600, 900), (1280, 800), (1920, 1080))


@pytest.fixture
def window(qtbot):
    return shown_window(qtbot, samples_presets.PRESETS)


@pytest.fixture
def at_rest(window):
    window.show_tower(samples.at_rest(samples.tower()))
    return window


def middle(widget) -> QPoint:
    return area(widget, widget.window()).center()


class Two:
    """Two fingers, each with its own fate."""

    def __init__(self, window, device) -> None:
        self._window, self._device = window, device

    def _event(self):
        return QTest.touchEvent(self._window, self._device)

    def first_down(self, at: QPoint) -> None:
        self._event().press(0, at, self._window).commit()

    def second_down(self, at: QPoint) -> None:
        self._event().stationary(0).press(1, at, self._window).commit()

    def first_up(self, at: QPoint) -> None:
        self._event().release(0, at, self._window).stationary(1).commit()

    def second_up(self, at: QPoint) -> None:
        """While the first stays."""
        self._event().stationary(0).release(1, at, self._window).commit()

    def last_up(self, finger: int, at: QPoint) -> None:
        self._event().release(finger, at, self._window).commit()


@pytest.fixture
def two(window, fingers):
    return Two(window, fingers.device)


def test_two_hold_keys_at_once_are_two_holds(at_rest, two, intents, qtbot):
    gas, light = at_rest.insufflator.start, at_rest.light.on_key
    two.first_down(middle(gas))
    two.second_down(middle(light))
    qtbot.waitUntil(lambda: gas.progress > 0.2 and light.progress > 0.2, timeout=3000)
    two.first_up(middle(gas))
    assert gas.progress == 0
    qtbot.waitUntil(lambda: intents == [SetLight(True)], timeout=3000)
    two.last_up(1, middle(light))
    assert intents == [SetLight(True)]


def test_a_second_finger_on_a_held_key_neither_ends_nor_doubles_the_hold(at_rest, two, intents, qtbot):
    gas = at_rest.insufflator.start
    beside = middle(gas) + QPoint(20, 0)
    two.first_down(middle(gas))
    qtbot.waitUntil(lambda: gas.progress > 0.2, timeout=3000)
    two.second_down(beside)
    two.first_up(middle(gas))
    qtbot.waitUntil(lambda: intents == [StartGas()], timeout=3000)
    qtbot.wait(1200)
    two.last_up(1, beside)
    assert intents == [StartGas()]


@pytest.mark.parametrize("layout", list(Layout), ids=lambda layout: layout.name.lower())
def test_every_key_answers_while_a_hand_rests_on_the_picture(window, two, fingers, layout):
    window.show_tower(samples.with_alarms(samples.tower()))
    fingers.tap(window.status.layouts.keys[layout])
    QApplication.processEvents()
    picture = window.raw if window.raw.isVisible() else window.enhanced
    hand, away = middle(picture) + QPoint(37, 11), QPoint(1, 1)
    keys = [key for key in window.findChildren(Key) if key.isVisible() and key.isEnabled()]
    keys = [key for key in keys if window.childAt(middle(key)) is key and not area(key, window).contains(hand)]
    assert len(keys) > 15
    dead = []
    for key in keys:
        two.first_down(hand)
        two.second_down(middle(key))
        if not key.isDown():
            dead.append(key.accessibleName() or key.text())
        QTest.touchEvent(window, fingers.device).stationary(0).move(1, away, window).commit()
        two.second_up(away)
        two.last_up(0, hand)
    assert dead == []


def test_stop_works_on_a_locked_screen_under_a_resting_palm(window, two, fingers, intents):
    window.show_tower(samples.tower())
    fingers.tap(window.status.lock)
    two.first_down(middle(window.raw))
    two.second_down(middle(window.insufflator.stop))
    assert intents == [StopGas()]
    two.second_up(middle(window.insufflator.stop))
    two.last_up(0, middle(window.raw))


def test_a_touch_that_the_system_takes_back_is_none(window, fingers, intents):
    window.show_tower(samples.tower())
    key = window.camera.snapshot
    fingers.press(key)
    assert key.isDown()
    QApplication.sendEvent(key, QTouchEvent(QEvent.Type.TouchCancel, fingers.device))
    assert not key.isDown()
    assert intents == []


def test_a_hold_ends_when_the_screen_is_built_anew_under_the_finger(at_rest, fingers, intents, qtbot):
    start = at_rest.insufflator.start
    fingers.press(start)
    qtbot.waitUntil(lambda: start.progress > 0.2, timeout=3000)
    at_rest.show_appearance(Appearance(theme="daylight"), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
    qtbot.wait(1300)
    fingers.release(at_rest.insufflator.start)
    assert intents == []
    fingers.press(at_rest.insufflator.stop)
    assert intents == [StopGas()]
    fingers.release(at_rest.insufflator.stop)


def _typed(window, fingers):
    fingers.tap(window.insufflator.set_pressure)
    for digit in "14":
        fingers.tap(window.pad.digits[digit])
    return window.pad


def _mode(window, fingers):
    fingers.tap(window.insufflator.mode)
    fingers.tap(window.mode_card.options["veress"])
    return window.mode_card


def _preset(window, fingers):
    fingers.tap(window.status.presets)
    fingers.tap(window.cards.preset.keys[0])
    return window.cards.preset


def _camera(window, fingers):
    fingers.tap(window.camera.settings)
    return window.camera_card


@pytest.mark.parametrize("opened", [_typed, _mode, _preset, _camera])
def test_a_card_stays_whole_and_off_the_keys_of_the_gas_whatever_becomes_of_the_window(
    window, fingers, intents, opened
):
    window.show_tower(samples.tower())
    card = opened(window, fingers)
    for size in SIZES:
        window.resize(*size)
        for _ in range(2):
            QApplication.processEvents()
        place = area(card, window)
        assert card.isVisible()
        assert window.rect().contains(place), size
        for key in (window.insufflator.start, window.insufflator.stop, window.all_stop, window.light.standby_key):
            assert not place.intersects(area(key, window)), size
        assert clipped(card) == [], size
    assert intents == []
    if opened is _typed:
        fingers.tap(window.pad.apply)
        assert intents == [SetSetpoint("pressure_setpoint", 14.0)]


def test_a_storm_of_alarms_leaves_an_open_pad_as_it_is(window, fingers, intents):
    window.show_tower(samples.tower())
    pad = _typed(window, fingers)
    place = area(pad, window)
    for at in range(20):
        window.show_tower(samples.with_alarms(samples.tower(at / 10)) if at % 2 else samples.tower(at / 10))
    assert (area(pad, window), pad.value.text()) == (place, "14")
    assert not place.intersects(area(window.alarm_bar, window))
    fingers.tap(pad.apply)
    assert intents == [SetSetpoint("pressure_setpoint", 14.0)]
