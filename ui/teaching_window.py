"""The picture of choice, full-screen on another monitor, for the teaching room.

It shows pictures, and with the overlay gas, light and the highest alarm: never patient data.  There is none in the
program yet; whoever adds some shows it here only where that was asked for.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.arrangement import Arrangement
from ui.look import Looking
from ui.monitors import Monitor
from ui.stage import Stage
from ui.widgets.base import hand_down_sizes


class TeachingWindow(QWidget):
    """Marked, labelled and looked at as the tower's own pictures are.  Takes no touch: nothing in the teaching room can
    act on the tower."""

    closed = Signal()  # by the window system, not by `end`

    def __init__(self, monitor: Monitor, looking: Looking, arrangement: Arrangement, *, overlaid: bool) -> None:
        super().__init__()
        self.setObjectName("central")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(self.tr("Limpid, second screen"))
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._ended = False
        self._sizes: theme.Sizes | None = None
        self.stage = Stage(looking, arrangement, overlaid=overlaid)
        self.stage.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.stage)
        if monitor.screen is not None:
            self.setScreen(monitor.screen)
        self.setGeometry(monitor.geometry)
        self._apply_sizes()

    def end(self) -> None:
        """Close and be gone."""
        self._ended = True
        self.close()
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd):
            event.accept()
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        if not self._ended:
            self._ended = True
            self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply_sizes()

    def _apply_sizes(self) -> None:
        sizes = theme.sizes_for(self.width(), self.height())
        if sizes is not self._sizes:
            self._sizes = sizes
            self.setStyleSheet(theme.qss(sizes))
            self._column.setContentsMargins(sizes.margin, sizes.margin, sizes.margin, sizes.margin)
            hand_down_sizes(self, sizes)
            self.stage.place()
