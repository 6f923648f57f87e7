"""The pane over a locked screen: takes every touch but those on the keys that stay live."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from ui import theme

EDGE = 3  # pixels: the line around a locked screen lies in the window's margin


class Shield(QWidget):
    """Seen through: only a line around the screen is drawn.  A finger that slides from it onto a live key stays here,
    because a touch belongs to where it began."""

    touched = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._holes: tuple[QRect, ...] | None = None
        self.hide()

    def cut(self, holes: Iterable[QRect]) -> None:
        """Let touches through here; in the parent's pixels."""
        wanted = (self.rect(), *holes)
        if wanted != self._holes:
            self._holes = wanted
            region = QRegion(self.rect())
            for hole in wanted[1:]:
                region -= QRegion(hole)
            self.setMask(region)

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.TouchBegin, QEvent.Type.MouseButtonPress):
            event.accept()
            self.touched.emit()
            return True
        if kind in (
            QEvent.Type.TouchUpdate,
            QEvent.Type.TouchEnd,
            QEvent.Type.TouchCancel,
            QEvent.Type.MouseButtonRelease,
            QEvent.Type.MouseButtonDblClick,
            QEvent.Type.MouseMove,
            QEvent.Type.Wheel,
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        inner = self.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        if inner.contains(event.rect()):
            return  # a picture behind it was drawn
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour(theme.now().text), EDGE, Qt.PenStyle.DashLine))
        painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        painter.end()
