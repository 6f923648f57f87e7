"""A bank card drawn in its real size: held against the screen, it tells how large the screen is."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QTouchEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Sizes
from ui.widgets.base import Sized

# ISO/IEC 7810, ID-1: bank cards and identity cards alike.
CARD_MM = (85.60, 53.98)
MM_PER_INCH = 25.4
SMALLEST_INCH, LARGEST_INCH = 7.0, 110.0
MARGIN = 12


class CardRuler(QWidget, Sized):
    """Drag its right edge, or step it, until the drawing is as wide as the card."""

    changed = Signal(float)  # diagonal, inch

    def __init__(self, screen_px: tuple[int, int], diagonal_inch: float, parent: QWidget | None = None) -> None:
        """`screen_px` is the whole screen in device-independent pixels."""
        super().__init__(parent)
        self._diagonal_px = math.hypot(*screen_px)
        self.diagonal_inch = 0.0
        self._dragging = False
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_diagonal(diagonal_inch)

    def set_diagonal(self, inch: float) -> None:
        """Draw the card as on a screen of this diagonal, kept within what a screen can be."""
        inch = min(max(inch, SMALLEST_INCH), LARGEST_INCH)
        if inch != self.diagonal_inch:
            self.diagonal_inch = inch
            self.updateGeometry()
            self.update()
            self.changed.emit(inch)

    @property
    def px_per_mm(self) -> float:
        """Pixels a millimetre, as it is drawn."""
        return self._diagonal_px / (self.diagonal_inch * MM_PER_INCH)

    def card(self) -> QRectF:
        """Where the card is drawn: its left edge stays, so that only the right one is to be matched."""
        wide, high = (length * self.px_per_mm for length in CARD_MM)
        return QRectF(MARGIN, MARGIN, wide, high)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent) and event.points():
            x = event.points()[0].position().x()
            if event.type() == QEvent.Type.TouchBegin:
                self._dragging = True
            if self._dragging:
                self._drag_to(x)
            if event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
                self._dragging = False
            event.accept()
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._drag_to(event.position().x())

    def _drag_to(self, x: float) -> None:
        wide = x - MARGIN
        if wide > 1.0:
            # To a tenth of an inch, as screens are sold.
            inch = self._diagonal_px * CARD_MM[0] / (wide * MM_PER_INCH)
            self.set_diagonal(round(inch, 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, card = theme.now(), self.card()
        radius = 3.18 * self.px_per_mm  # of the card's corners, by the same standard
        painter.setPen(QPen(theme.colour(palette.text), 2))
        painter.setBrush(theme.colour(palette.key))
        painter.drawRoundedRect(card, radius, radius)
        painter.setPen(QPen(theme.colour(palette.text_soft), 1))
        for mm in range(86):
            x = card.left() + mm * self.px_per_mm
            tick = 3.0 if mm % 10 else 6.0
            painter.drawLine(int(x), int(card.top()), int(x), int(card.top() + tick * self.px_per_mm / 2))
        # The edge to be matched, with a grip that a finger finds.
        grip = QRectF(card.right() - 3, card.top(), 6, card.height())
        painter.fillRect(grip, theme.colour(palette.text))
        painter.setFont(theme.font(self.sizes.title))
        painter.setPen(theme.colour(palette.text))
        painter.drawText(card, int(Qt.AlignmentFlag.AlignCenter), f"{CARD_MM[0]:.1f} mm")
        painter.end()
