"""The second screen: its picture, its own sizes, its marks, and what happens when its monitor goes."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from tests.ui.test_stage import flat
from ui import samples
from ui.appearance import Appearance
from ui.arrangement import Layout
from ui.look import PictureLook
from ui.main_window import MainWindow
from ui.monitors import Monitor, Monitors


class Plugged(Monitors):
    """Monitors that a test plugs in and out."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = list(names)

    def beside(self, window):
        return [Monitor(name, QRect(1920 * (1 + at), 0, 1600, 900)) for at, name in enumerate(self.names)]

    def plug(self, *names: str) -> None:
        self.names = list(names)
        self.changed.emit()


@pytest.fixture
def monitors():
    return Plugged("HDMI-1")


@pytest.fixture
def window(qtbot, monitors):
    made = MainWindow(samples.SETPOINTS, samples.QUANTITIES, gas_modes=samples.GAS_MODES, monitors=monitors)
    qtbot.addWidget(made, before_close_func=lambda w: w.allow_close())
    made.resize(1920, 1080)
    made.show()
    qtbot.waitExposed(made)
    made.show_tower(samples.tower())
    return made


@pytest.fixture
def card(window, fingers):
    fingers.tap(window.camera.picture)
    fingers.tap(window.cards.picture.second)
    return window.cards.second


def test_a_picture_of_choice_is_shown_with_marks_label_and_numbers(window, card, fingers, qtbot):
    second, told = window.pictures.second, []
    second.enhanced_size_wanted.connect(lambda *size: told.append(size))
    fingers.tap(card.keys[Layout.ENHANCED])
    teaching = second.window
    qtbot.waitUntil(teaching.isVisible)
    assert teaching.isFullScreen()
    stage = teaching.stage
    assert stage.enhanced.isVisible()
    assert not stage.raw.isVisible()
    assert told[-1] == stage.enhanced.view.target_size() != window.enhanced_size()
    second.show_enhanced(flat(told[-1], 0, 0, 200, enhanced=True, action="deblurred"))
    qtbot.waitUntil(lambda: stage.enhanced.title.text() == "ENHANCED · deblurred")
    assert "simulation" in stage.enhanced.view.marks()
    fingers.tap(card.numbers)
    plate = second.window.stage.plate
    qtbot.waitUntil(plate.isVisible)
    assert plate.overlay.rows[0].value != "---"
    fingers.tap(card.numbers)
    assert second.window.stage.plate.isHidden() or not second.window.stage.plate.isVisible()


def test_nothing_of_the_patient_is_on_the_second_screen_before_somebody_asks_for_it(window, card, fingers, qtbot):
    second = window.pictures.second
    for layout in (Layout.RAW, Layout.ENHANCED, Layout.SPLIT):
        fingers.tap(card.keys[layout])
        qtbot.waitUntil(second.window.isVisible)
        window.show_tower(samples.with_alarms(samples.tower()))
        window._show_numbers()
        assert not second.window.stage.plate.isVisible()
        assert card.state.text() == "Monitor HDMI-1. No patient data is shown."
    fingers.tap(card.numbers)
    qtbot.waitUntil(lambda: second.window.stage.plate.isVisible())
    assert "No patient data" not in card.state.text()


def test_only_the_sizes_of_what_is_shown_are_asked_for(window, card, fingers):
    second, raw, enhanced = window.pictures.second, [], []
    second.raw_size_wanted.connect(lambda *size: raw.append(size))
    second.enhanced_size_wanted.connect(lambda *size: enhanced.append(size))
    fingers.tap(card.keys[Layout.RAW])
    QApplication.processEvents()
    assert min(raw[-1]) > 100
    assert enhanced[-1] == (0, 0)
    fingers.tap(card.keys[Layout.SPLIT])
    QApplication.processEvents()
    assert raw[-1] == enhanced[-1] == second.window.stage.raw.view.target_size()
    fingers.tap(card.keys[None])
    assert raw[-1] == enhanced[-1] == (0, 0)
    assert second.window is None


def test_an_unplugged_monitor_closes_the_second_screen_with_a_notice_and_the_tower_goes_on(
    window, card, fingers, monitors
):
    fingers.tap(card.keys[Layout.RAW])
    second = window.pictures.second
    assert second.window is not None
    monitors.plug()
    assert second.window is None
    assert "HDMI-1" in window.status.notice.text()
    assert window.isVisible()
    assert not card.keys[Layout.RAW].isEnabled()
    assert card.state.text() == "There is no second monitor. Plug one in."
    assert window.cards.picture.second.hint == "no monitor"
    monitors.plug("HDMI-1")
    assert card.keys[Layout.RAW].isEnabled()
    assert second.window is None, "it comes back by a touch, not by itself"


def test_another_monitor_that_goes_changes_nothing(window, card, fingers, monitors):
    monitors.plug("HDMI-1", "DP-2")
    fingers.tap(card.keys[Layout.RAW])
    fingers.tap(card.monitor)
    second = window.pictures.second
    assert "DP-2" in card.state.text()
    shown = second.window
    monitors.plug("DP-2")
    assert second.window is shown


def test_without_a_second_monitor_nothing_can_be_asked_for_and_the_card_says_why(window, card, fingers, monitors):
    monitors.plug()
    for key in (*card.keys.values(), card.numbers):
        assert not key.isEnabled()
    window.pictures.second.choose(replace(window.pictures.second.choice, layout=Layout.RAW))
    assert window.pictures.second.window is None
    assert "no second monitor" in window.status.notice.text()


def test_look_divider_and_theme_are_the_towers(window, card, fingers, qtbot):
    fingers.tap(card.keys[Layout.SPLIT])
    second = window.pictures.second
    window.pictures._on_arranged(replace(window.pictures.arrangement, divider=0.25))
    assert second.window.stage.arrangement.divider == 0.25
    second.show_raw(flat((640, 360), 1, 2, 3, look=PictureLook(turned=True)))
    assert second.window.stage.raw.view.look_words() == "TURNED 180°"
    before = second.window
    window.show_appearance(Appearance(theme="daylight"), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
    assert second.window is not before
    assert second.window.stage.raw.view.picture is not None
    assert second.window.stage.arrangement.divider == 0.25
    window.show_appearance(Appearance(), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)


def test_nothing_on_the_second_screen_acts_on_the_tower(window, card, fingers, intents, qtbot):
    fingers.tap(card.keys[Layout.RAW])
    teaching = window.pictures.second.window
    window.pictures.second.show_raw(flat((640, 360), 1, 2, 3))
    look = window.pictures.looking.look
    view = teaching.stage.raw.view
    fingers.press(view)
    fingers.release(view)
    qtbot.mouseClick(teaching, Qt.MouseButton.LeftButton)
    assert intents == []
    assert window.pictures.looking.look == look
    teaching.close()
    assert window.pictures.second.window is None
    assert card.keys[None].on


def test_the_second_screen_goes_with_the_tower(window, card, fingers):
    fingers.tap(card.keys[Layout.RAW])
    window.allow_close()
    assert window.pictures.second.window is None
