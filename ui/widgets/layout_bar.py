"""The keys of the pictures' layouts: each one touch away, the one in force inverted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import icons, theme
from ui.arrangement import Layout
from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.choice_key import ChoiceKey

LEAST_WIDTH = 1.15  # of the height


class LayoutKey(ChoiceKey):
    """A small drawing of the layout over its word."""

    def sizeHint(self) -> QSize:
        high, words = self.sizes.service_key, QFontMetrics(theme.font(self.sizes.small, True))
        return QSize(max(round(LEAST_WIDTH * high), words.horizontalAdvance(self.text()) + 12), high)

    def paint_face(self, painter: QPainter, ink: str) -> None:
        """Drawing and word as one block, each in its half."""
        font = theme.font(self.sizes.small, True)
        word = QFontMetrics(font).lineSpacing()
        side = self.height() - word - 6
        picture = icons.icon(self._icon, side, ink, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - side) // 2, 2, picture)
        painter.setPen(theme.colour(ink))
        painter.setFont(font)
        room = QRect(0, side + 1, self.width(), word)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), self.text())


class LayoutBar(QWidget, Sized):
    """Always in the same place, whatever the layout: the raw picture in full size is one touch away from any."""

    chosen = Signal(object)  # Layout

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        faces = (
            (Layout.SIDE, self.tr("Both"), self.tr("Raw and enhanced picture side by side")),
            (Layout.RAW, self.tr("Raw"), self.tr("Raw picture in full size")),
            (Layout.ENHANCED, self.tr("Enhanced"), self.tr("Enhanced picture in full size")),
            (Layout.SPLIT, self.tr("Split"), self.tr("Raw left of a divider, enhanced right of it")),
            (Layout.INSET, self.tr("Inset"), self.tr("One picture large, the other small in it")),
        )
        self.keys: dict[Layout, LayoutKey] = {}
        self._row = QHBoxLayout(self)
        for layout, word, meaning in faces:
            key = LayoutKey(layout, word, f"layout-{layout}", critical=False)
            key.setAccessibleName(meaning)
            key.chosen.connect(self.chosen)
            self._row.addWidget(key)
            self.keys[layout] = key

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._row.setContentsMargins(sizes.gap, 0, sizes.gap, 0)  # a group of its own among the other keys
        self._row.setSpacing(sizes.gap)
        for key in self.keys.values():
            key.set_sizes(sizes)
            key.setFixedSize(key.sizeHint())

    def show_layout(self, layout: Layout) -> None:
        """Draw the key of this layout as on."""
        for own, key in self.keys.items():
            key.set_face(key.text(), on=own is layout)
