"""A real main window, shown, and the fingers that touch it."""

from __future__ import annotations

import os

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ui import samples
from ui.main_window import MainWindow


def shown_window(qtbot, presets=()):
    """A main window on the screen, put away at the test's end."""
    made = MainWindow(samples.SETPOINTS, samples.QUANTITIES, gas_modes=samples.GAS_MODES, presets=presets)
    qtbot.addWidget(made, before_close_func=lambda w: w.allow_close())
    made.resize(1920, 1080)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def window(qtbot):
    return shown_window(qtbot)


@pytest.fixture
def intents(window):
    taken: list[object] = []
    window.intent.connect(taken.append)
    return taken


class Fingers:
    """Touches through Qt's own touch delivery, each finger with its number."""

    def __init__(self) -> None:
        self.device = QTest.createTouchDevice()

    def _at(self, widget: QWidget, at: QPoint | None) -> tuple[QWidget, QPoint]:
        point = widget.rect().center() if at is None else at
        return widget.window(), widget.mapTo(widget.window(), point)

    def press(self, widget: QWidget, finger: int = 0, at: QPoint | None = None) -> None:
        top, point = self._at(widget, at)
        QTest.touchEvent(top, self.device).press(finger, point, top).commit()

    def press_beside(self, resting: QWidget, widget: QWidget) -> None:
        """A second finger (1) comes down on `widget` while finger 0 rests on `resting`."""
        top, still = self._at(resting, None)
        _, point = self._at(widget, None)
        QTest.touchEvent(top, self.device).stationary(0).press(1, point, top).commit()
        assert still != point

    def move(self, widget: QWidget, at: QPoint, finger: int = 0) -> None:
        top, point = self._at(widget, at)
        QTest.touchEvent(top, self.device).move(finger, point, top).commit()

    def release(self, widget: QWidget, finger: int = 0, at: QPoint | None = None) -> None:
        top, point = self._at(widget, at)
        QTest.touchEvent(top, self.device).release(finger, point, top).commit()

    def tap(self, widget: QWidget) -> None:
        assert widget.isVisible(), f"{widget.accessibleName() or widget} cannot be touched: it is not visible"
        self.press(widget)
        self.release(widget)


@pytest.fixture
def fingers(window):
    return Fingers()


@pytest.fixture
def left():
    return Qt.MouseButton.LeftButton
