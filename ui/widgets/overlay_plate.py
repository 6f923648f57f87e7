"""Draws the overlay once for each change into a picture, and lays that on the video."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ui import theme, viewmodels
from ui.overlay import Overlay, OverlayRow
from ui.theme import Sizes
from ui.viewstate import AlarmView
from ui.widgets.alarm_lamp import shape
from ui.widgets.base import Sized

GROUND_ALPHA = 225  # of 255: the picture is guessed behind it, and every hue keeps its contrast over a white one


class OverlayPlate(QWidget, Sized):
    """Numbers in the hue of their quantity, an alarm with shape, word and text.  Lets every touch through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._overlay = Overlay()
        self._drawn: QPixmap | None = None

    @property
    def overlay(self) -> Overlay:
        """What is written now."""
        return self._overlay

    @property
    def empty(self) -> bool:
        """Nothing is to be written yet."""
        return not self._overlay.rows

    def show_overlay(self, overlay: Overlay) -> None:
        """Write this."""
        if overlay.alarm is not None:  # its age is not written: it would be drawn anew ten times a second
            overlay = replace(overlay, alarm=replace(overlay.alarm, since_s=0.0))
        if overlay == self._overlay:
            return
        self._overlay, self._drawn = overlay, None
        self.setAccessibleName(", ".join(f"{row.name} {row.value} {row.unit} {row.note}" for row in overlay.rows))
        self.update()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._drawn = None

    def sizeHint(self) -> QSize:
        pad = self.sizes.padding
        high = sum(self._row_height(row) for row in self._overlay.rows) + pad * (1 + len(self._overlay.rows))
        alarm = self._alarm_height() + pad if self._overlay.alarm is not None else 0
        return QSize(self._width(), high + alarm)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._drawn is None or self._drawn.devicePixelRatio() != ratio:
            self._drawn = self._draw(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        painter.end()

    def _width(self) -> int:
        pad, widest = self.sizes.padding, 0
        for row in self._overlay.rows:
            name = QFontMetrics(self._small(True)).horizontalAdvance(row.name) + 8 * row.marked
            # Room for two digits before the point and a setpoint of as many, so that a number never moves its plate.
            large, small = QFontMetrics(self._large(row)), QFontMetrics(self._small())
            number = max(large.horizontalAdvance("88.8"), large.horizontalAdvance(row.value))
            beside = max(small.horizontalAdvance(text) for text in (row.note, row.unit, "set 88.8"))
            widest = max(widest, name, number + self.sizes.gap + beside)
        return widest + 2 * pad

    def _row_height(self, row: OverlayRow) -> int:
        return QFontMetrics(self._small(True)).height() + QFontMetrics(self._large(row)).ascent()

    def _alarm_height(self) -> int:
        metrics = QFontMetrics(self._small(True))
        return metrics.boundingRect(self._alarm_room(0), self._flags(), self._alarm_text()).height() + self.sizes.gap

    def _alarm_room(self, top: int) -> QRect:
        sign = 2 * self.sizes.body
        left = self.sizes.padding + sign + self.sizes.gap
        return QRect(left, top, self._width() - left - self.sizes.padding, 4000)

    def _alarm_text(self) -> str:
        alarm = self._overlay.alarm
        return "" if alarm is None else f"{viewmodels.priority_text(alarm.priority)} · {alarm.text}"

    def _draw(self, ratio: float) -> QPixmap:
        size = self.sizeHint()
        drawn = QPixmap(size * ratio)
        drawn.setDevicePixelRatio(ratio)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(theme.now().panel)
        ground.setAlpha(GROUND_ALPHA)
        path = QPainterPath()
        path.addRoundedRect(QRectF(0, 0, size.width(), size.height()), self.sizes.radius, self.sizes.radius)
        painter.fillPath(path, ground)
        y = self.sizes.padding
        alarm = self._overlay.alarm
        if alarm is not None:
            y = self._draw_alarm(painter, alarm, y)
        for row in self._overlay.rows:
            y = self._draw_row(painter, row, y)
        painter.end()
        return drawn

    def _draw_alarm(self, painter: QPainter, alarm: AlarmView, y: int) -> int:
        bright, pad = theme.colour(theme.now().alarm(alarm.priority)), self.sizes.padding
        side = 1.7 * self.sizes.body
        path = shape(alarm.priority, QRectF(pad, y, side, side))
        if alarm.acknowledged:
            painter.setPen(bright)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        else:
            painter.fillPath(path, bright)
        painter.setPen(theme.colour(theme.now().text))
        painter.setFont(self._small(True))
        high = self._alarm_height()
        painter.drawText(self._alarm_room(y).adjusted(0, 0, 0, high - 4000), self._flags(), self._alarm_text())
        return y + high + pad

    def _draw_row(self, painter: QPainter, row: OverlayRow, y: int) -> int:
        pad, hue = self.sizes.padding, theme.colour(theme.now().hue(row.key))
        small, large = self._small(True), self._large(row)
        line = QFontMetrics(small)
        painter.setFont(small)
        wide = line.horizontalAdvance(row.name)
        painter.setPen(hue)
        if row.marked:
            painter.fillRect(QRect(pad, y, wide + 8, line.height()), hue)
            painter.setPen(theme.colour(theme.now().key_on_text))
        painter.drawText(QRect(pad + 4 * row.marked, y, wide + 2, line.height()), 0, row.name)
        base = y + line.height() + QFontMetrics(large).ascent() - QFontMetrics(large).descent() // 2
        painter.setFont(large)
        painter.setPen(hue if row.good else theme.colour(theme.now().text_stale))
        painter.drawText(pad, base, row.value)
        painter.setFont(self._small())
        beside = QFontMetrics(self._small())
        for text, tint, at in (
            (row.unit, theme.now().text_soft, base - beside.height()),
            (row.note, theme.now().text, base),
        ):
            painter.setPen(theme.colour(tint))
            painter.drawText(self._width() - pad - beside.horizontalAdvance(text), at, text)
        return y + self._row_height(row) + pad

    def _flags(self) -> int:
        return int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def _small(self, bold: bool = False) -> QFont:
        return theme.font(self.sizes.body, bold)

    def _large(self, row: OverlayRow) -> QFont:
        share = 1.0 if row.key == "pressure" else 0.75
        return theme.font(round(self.sizes.readout * share))
