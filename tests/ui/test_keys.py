"""Keys of keyboard and foot switch: as configured, once a press, with cards open, and never while a code is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import keys as key_names
from ui import samples, samples_service, shortcuts
from ui.intents import SetEnhanced, SetFrozen, SetRecording, TakeSnapshot
from ui.main_window import MainWindow
from ui.serviceview import Habits, Role


def window_with(qtbot, **keys):
    made = MainWindow(samples.SETPOINTS, samples.QUANTITIES, gas_modes=samples.GAS_MODES, habits=Habits(keys=keys))
    qtbot.addWidget(made, before_close_func=lambda w: w.allow_close())
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=8000)
    made.show_tower(samples.tower())
    taken: list[object] = []
    made.intent.connect(taken.append)
    return made, taken


def test_the_usual_letters(window, intents, qtbot):
    window.show_tower(samples.tower())
    for key in "FSRE":
        qtbot.keyClick(window, key)
    assert intents == [SetFrozen(True), TakeSnapshot(), SetRecording(True), SetEnhanced(False)]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("F13", Qt.Key.Key_F13),
        ("F24", Qt.Key.Key_F24),
        ("MediaPlay", Qt.Key.Key_MediaPlay),
        ("VolumeUp", Qt.Key.Key_VolumeUp),
        ("PageDown", Qt.Key.Key_PageDown),
    ],
)
def test_a_foot_switch_sends_the_key_that_is_configured(qtbot, name, key):
    window, taken = window_with(qtbot, freeze=name)
    qtbot.keyClick(window, key)
    assert taken == [SetFrozen(True)]
    qtbot.keyClick(window, "F")
    assert len(taken) == 1, "the usual key is given up"


def test_an_action_may_have_no_key(qtbot):
    window, taken = window_with(qtbot, record="")
    qtbot.keyClick(window, "R")
    assert taken == []


def test_a_key_held_down_acts_once(window, intents, qtbot):
    window.show_tower(samples.tower())
    QTest.keyPress(window, Qt.Key.Key_S)
    for _ in range(5):
        QApplication.sendEvent(
            window.windowHandle(),
            QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, "s", True),
        )
    QTest.keyRelease(window, Qt.Key.Key_S)
    assert intents == [TakeSnapshot()]


def test_they_act_while_a_card_is_open(window, intents, fingers, qtbot):
    window.show_tower(samples.tower())
    fingers.tap(window.insufflator.set_pressure)
    qtbot.keyClick(window.pad, "S")
    assert intents == [TakeSnapshot()]
    assert window.pad.isVisible()


def test_while_a_code_is_typed_they_do_nothing(window, intents, fingers, qtbot):
    view = samples_service.with_codes(samples.tower())
    window.show_tower(view)
    fingers.tap(window.status.service)
    window.show_tower(view)
    fingers.tap(window.service.access_key)
    fingers.tap(window.service.access.enter[Role.SERVICE])
    for key in "FS12":
        qtbot.keyClick(window.cards.code, key)
    assert intents == []
    assert window.cards.code.typed() == 2
    fingers.tap(window.cards.code.cancel)
    qtbot.keyClick(window, "S")
    assert intents == [TakeSnapshot()]


def test_the_service_page_tells_what_a_foot_switch_sends(window, fingers, qtbot):
    window.show_tower(samples.tower())
    qtbot.keyClick(window, Qt.Key.Key_Launch7)
    assert "Launch7" not in window.status.notice.text()
    fingers.tap(window.status.service)
    qtbot.keyClick(window, Qt.Key.Key_Launch7)
    assert window.status.notice.text() == "This key is called Launch7; no action has it"


def test_every_name_that_the_configuration_takes_is_a_key_of_qt():
    for name in key_names.NAMES:
        assert key_names.key_problem(name) == ""
        QKeyCombination(getattr(Qt.Key, f"Key_{name}"))
    assert dict(key_names.ACTIONS) == dict(shortcuts.USUAL)


def test_a_window_is_not_built_with_a_key_that_is_none(qtbot):
    with pytest.raises(ValueError, match="freeze: no key is called 'F99'"):
        window_with(qtbot, freeze="F99")
