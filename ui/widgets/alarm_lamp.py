"""The lamp of one alarm: colour, shape, marks and word of its priority, flashing as IEC 60601-1-8 asks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme, viewmodels
from ui.theme import Sizes
from ui.viewstate import AlarmView, Priority
from ui.widgets.base import Sized

# IEC 60601-1-8: high 1.4-2.8 Hz, medium 0.4-0.8 Hz, low constant; half a period each on and off.
FLASH_HZ = {Priority.HIGH: 2.0, Priority.MEDIUM: 0.6}
MARKS = {Priority.HIGH: "!!!", Priority.MEDIUM: "!!", Priority.LOW: "!"}


def shape(priority: Priority, room: QRectF) -> QPainterPath:
    """Triangle for high, diamond for medium, circle for low."""
    path = QPainterPath()
    centre = room.center()
    if priority is Priority.HIGH:
        corners = [QPointF(centre.x(), room.top()), room.bottomRight(), room.bottomLeft()]
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    elif priority is Priority.MEDIUM:
        corners = [
            QPointF(centre.x(), room.top()),
            QPointF(room.right(), centre.y()),
            QPointF(centre.x(), room.bottom()),
            QPointF(room.left(), centre.y()),
        ]
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    else:
        path.addEllipse(room)
    return path


class AlarmLamp(QWidget, Sized):
    """Flashes while its alarm is not acknowledged; then it stays lit, as an outline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._priority: Priority | None = None
        self._acknowledged = False
        self.lit = True
        self._timer = QTimer(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

        self._timer.timeout.connect(self._flash)

    def show_alarm(self, alarm: AlarmView | None) -> None:
        """Light for this alarm; dark for None."""
        new = (None, False) if alarm is None else (alarm.priority, alarm.acknowledged)
        if new == (self._priority, self._acknowledged):
            return
        self._priority, self._acknowledged = new
        self.lit = True
        rate_hz = FLASH_HZ.get(self._priority) if self._priority is not None and not self._acknowledged else None
        if rate_hz is None:
            self._timer.stop()
        else:
            self._timer.start(round(500 / rate_hz))
        self.update()

    def flash_hz(self) -> float:
        """Rate at which the lamp flashes now; 0 when constant or dark."""
        return 500 / self._timer.interval() if self._timer.isActive() else 0.0

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        # As wide as the widest priority's word, so that nothing moves from one alarm to the next.
        metrics = QFontMetrics(theme.font(self.sizes.lamp_word, True))
        words = max(metrics.horizontalAdvance(viewmodels.priority_text(priority)) for priority in Priority)
        width = max(words + round(14 * self.sizes.scale), 3 * self.sizes.critical_key // 2)
        return QSize(width, self.sizes.critical_key)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._priority is None:
            return
        priority, sizes = self._priority, self.sizes
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = theme.now()
        if self._acknowledged:
            ink, body = theme.colour(palette.alarm_text(priority)), None
            painter.setPen(ink)
        else:
            ground = palette.alarm(priority) if self.lit else palette.alarm_dim(priority)
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), sizes.radius, sizes.radius)
            painter.fillPath(path, theme.colour(ground))
            painter.setPen(QPen(theme.colour(palette.alarm_line(priority)), 2))
            painter.drawPath(path)
            ink = theme.colour(palette.alarm_ink(priority) if self.lit else palette.alarm_text(priority))
            body = ink
        word = theme.font(sizes.lamp_word, True)
        edge = 6 * sizes.scale
        side = self.height() - QFontMetrics(word).capHeight() - 3 * edge
        room = QRectF((self.width() - side * 1.25) / 2, edge, side * 1.25, side)
        path = shape(priority, room)
        marks_pen = theme.colour(palette.alarm(priority) if self.lit else palette.alarm_dim(priority))
        if body is None:
            painter.drawPath(path)
            marks_pen = ink
        else:
            painter.fillPath(path, body)
        painter.setFont(theme.font(round(side * 0.44), True))
        painter.setPen(marks_pen)
        drop = 0.16 * side if priority is Priority.HIGH else 0.0
        painter.drawText(room.translated(0, drop), int(Qt.AlignmentFlag.AlignCenter), MARKS[priority])
        painter.setFont(word)
        painter.setPen(ink)
        text = viewmodels.priority_text(priority)
        left = (self.width() - QFontMetrics(word).horizontalAdvance(text)) / 2
        painter.drawText(QPointF(left, self.height() - edge), text)
        painter.end()

    @Slot()
    def _flash(self) -> None:
        self.lit = not self.lit
        self.update()
