"""The key that lies over a small plot: a touch anywhere on the plot opens the page with the large ones."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme
from ui.widgets.key import Key

EDGE = 2


class PlotKey(Key):
    """Draws nothing but a small key in its corner, so that one sees that the plot can be touched."""

    def __init__(self, meaning: str, parent: QWidget | None = None) -> None:
        super().__init__("", "enlarge", critical=False, parent=parent)
        self.setAccessibleName(meaning)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def sizeHint(self) -> QSize:
        return QSize(40, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # In the corner between the two axes, where nothing is written.
        palette, side = theme.now(), self.sizes.axis
        body = QRectF(EDGE, self.height() - EDGE - side - 4, side + 4, side + 4)
        path = QPainterPath()
        path.addRoundedRect(body, 3, 3)
        painter.fillPath(path, theme.colour(palette.key_pressed if self.isDown() else palette.key))
        painter.setPen(theme.colour(palette.key_line))
        painter.drawPath(path)
        mark = icons.icon("enlarge", side, palette.text_soft, self.devicePixelRatioF())
        painter.drawPixmap(EDGE + 2, self.height() - EDGE - side - 2, mark)
        painter.end()
