"""The divider of the split picture: a thin line with a grip that a gloved finger can drag."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QTouchEvent
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.widgets.base import Sized


class Divider(QWidget, Sized):
    """As wide as a critical key, of which only line and grip are drawn.  Tells where the finger has it."""

    dragged = Signal(float)  # x in the parent's pixels

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(self.tr("Divider between the raw and the enhanced picture"))
        self._held_at: float | None = None  # where on the divider the finger took hold

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            points = event.points()
            if event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel) or not points:
                self._held_at = None
            else:
                self._follow(points[0].position(), begin=event.type() == QEvent.Type.TouchBegin)
            event.accept()
            return True
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonRelease:
                self._held_at = None
            elif event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove):
                self._follow(event.position(), begin=event.type() == QEvent.Type.MouseButtonPress)
            event.accept()
            return True
        return super().event(event)

    def _follow(self, at: QPointF, *, begin: bool) -> None:
        if begin or self._held_at is None:
            self._held_at = at.x()
            return
        self.dragged.emit(self.mapToParent(at).x() - self._held_at + self.width() / 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        ink, ground = theme.colour(theme.now().key_on), theme.colour(theme.now().key_on_text)
        painter.fillRect(QRectF(middle.x() - 2.5, 0, 5, self.height()), ground)
        painter.fillRect(QRectF(middle.x() - 1.5, 0, 3, self.height()), ink)
        grip = self.sizes.critical_key * 0.36
        painter.setPen(QPen(ground, 1.5))
        painter.setBrush(ink)
        painter.drawEllipse(middle, grip, grip)
        painter.setPen(QPen(ground, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for side in (-1, 1):
            tip = middle + QPointF(side * grip * 0.62, 0)
            back = QPointF(-side * grip * 0.3, grip * 0.3)
            painter.drawPolyline([tip + back, tip, tip + QPointF(back.x(), -back.y())])
        painter.end()
