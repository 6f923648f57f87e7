"""The SIMULATION mark: a hatched tape in black and white, which no alarm and no quantity uses."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Sizes
from ui.widgets.base import Sized

HATCH = 10  # width of a stripe and of the hatched edge, pixels


def tape_size(text: str, pixels: int) -> QSize:
    """Size of the tape for this word at this text size."""
    metrics = QFontMetrics(theme.font(pixels, True))
    return QSize(metrics.horizontalAdvance(text) + 20 + 4 * HATCH, metrics.height() + 10)


def paint_tape(painter: QPainter, room: QRect, text: str, pixels: int) -> None:
    """Draw the tape into `room`: hatching at both ends, the word between."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(room)
    painter.fillRect(room, theme.colour(theme.now().simulation_ink))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(theme.now().simulation))
    height = room.height()
    for x in range(room.left() - height, room.right() + height, 2 * HATCH):
        top, bottom = room.top(), room.bottom() + 1
        stripe = QPolygonF(
            [
                QPointF(x + height / 2, top),
                QPointF(x + height / 2 + HATCH, top),
                QPointF(x + HATCH, bottom),
                QPointF(x, bottom),
            ]
        )
        painter.drawPolygon(stripe)
    edge = max(3, min(HATCH, room.height() // 6))
    word = room.adjusted(2 * HATCH, edge, -2 * HATCH, -edge)
    painter.fillRect(word, theme.colour(theme.now().simulation_ink))
    painter.setFont(theme.font(pixels, True))
    painter.setPen(theme.colour(theme.now().simulation))
    painter.drawText(word, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()


def paint_simulation_tape(text: str, pixels: int, ratio: float) -> QPixmap:
    """The tape as a picture, to be laid on a feed without drawing it again for each frame."""
    size = tape_size(text, pixels)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    painter = QPainter(pixmap)
    paint_tape(painter, QRect(0, 0, size.width(), size.height()), text, pixels)
    painter.end()
    return pixmap


class SimulationMark(QWidget, Sized):
    """The mark in the top bar, visible as long as any value on the screen is simulated."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = self.tr("SIMULATION")
        self.setAccessibleName(self.text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return tape_size(self.text, self.sizes.key_text)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tape(painter, self.rect(), self.text, self.sizes.key_text)
        painter.end()
