"""Which monitors there are beside the one that the tower's window is on, and when that changes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Monitor:
    """One monitor.  `screen` is None only where there is no real one behind it."""

    name: str
    geometry: QRect
    screen: QScreen | None = None


class Monitors(QObject):
    """The monitors as Qt tells them."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._on_change)
            application.screenRemoved.connect(self._on_change)
            application.primaryScreenChanged.connect(self._on_change)

    def beside(self, window: QWidget) -> list[Monitor]:
        """All but the one that `window` is on, in Qt's order."""
        own = window.screen()
        return [
            Monitor(screen.name(), screen.geometry(), screen)
            for screen in QGuiApplication.screens()
            if screen is not own and screen.geometry() != own.geometry()  # a mirrored one shows the tower itself
        ]

    @Slot(QScreen)
    def _on_change(self, screen: QScreen) -> None:
        self.changed.emit()
