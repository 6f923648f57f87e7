"""The cursor over the large plots: follows a finger, one line through all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QTouchEvent
from PySide6.QtWidgets import QWidget

from ui import theme


class PlotCursor(QWidget):
    """Lies over the plots, sees the finger, and draws the line; knows nothing of times and values."""

    moved = Signal(float)  # x of the finger, pixels

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._x: int | None = None
        self._fields: list[QRect] = []
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAccessibleName(self.tr("Plots: touch for a cursor"))

    @property
    def x_now(self) -> int | None:
        """Where the line is drawn, pixels; None: nowhere."""
        return self._x

    def show_at(self, x: int | None, fields: list[QRect]) -> None:
        """Draw the line here, over the `fields` in which the curves lie, and over nothing that is written."""
        if (x, fields) != (self._x, self._fields):
            self._x, self._fields = x, fields
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            points = event.points()
            if event.type() in (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate) and points:
                self.moved.emit(points[0].position().x())
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.moved.emit(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.moved.emit(event.position().x())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._x is None:
            return
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour(theme.now().text), 1))
        for field in self._fields:
            painter.drawLine(self._x, field.top(), self._x, field.bottom())
        painter.end()
