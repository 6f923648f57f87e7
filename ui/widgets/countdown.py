"""The bar that shows how long an unconfirmed edit still stays open."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import theme


class CountDown(QWidget):
    """A bar that shrinks to nothing as the time runs out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left = 1.0
        self.setFixedHeight(6)

    def show_left(self, share: float) -> None:
        """Draw the share of time left, 0 to 1."""
        self._left = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(theme.now().key_disabled))
        painter.fillRect(QRectF(0, 0, self.width() * self._left, self.height()), theme.colour(theme.now().text_soft))
        painter.end()
