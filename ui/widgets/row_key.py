"""A key as a line of a list: what it is on the left, how it stands on the right."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme
from ui.theme import Sizes
from ui.widgets.key import Key

EDGE = 8
LEAST = 0.7  # share of its size down to which a long name is drawn smaller


class RowKey(Key):
    """Takes the room that its list gives it: a name too long is drawn smaller, never wider."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", critical=False, parent=parent)
        self.name = ""  # of the row that it stands for
        self.standing = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(80)

    def show_row(self, name: str, text: str, standing: str, icon: str, *, on: bool) -> None:
        """Stand for the row `name`."""
        if standing != self.standing:
            self.standing = standing
            self.update()
        self.name = name
        self.set_face(text, icon, on=on)
        self.setAccessibleName(f"{text}: {standing}")

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.setFixedHeight(sizes.service_key)

    def sizeHint(self) -> QSize:
        return QSize(80, self.sizes.service_key)

    def text_pixels(self) -> int:
        """Height of the font in which the name fits beside its standing."""
        wanted = self.sizes.title
        room = self.width() - 2 * EDGE - self._side() - self.sizes.gap - self._standing_width() - self.sizes.gap
        wide = QFontMetrics(theme.font(wanted, True)).horizontalAdvance(self.text())
        return wanted if wide <= room else max(1, int(wanted * room / max(1, wide)))

    def fits(self) -> bool:
        """Whether the name can be read."""
        return self.text_pixels() >= LEAST * self.sizes.title

    def paint_face(self, painter: QPainter, ink: str) -> None:
        """Icon and name from the left, standing at the right."""
        side, middle = self._side(), int(Qt.AlignmentFlag.AlignVCenter)
        mark = icons.icon(self._icon, side, ink, self.devicePixelRatioF())
        painter.drawPixmap(EDGE, (self.height() - side) // 2, mark)
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font(self.text_pixels(), True))
        left = EDGE + side + self.sizes.gap
        painter.drawText(QRect(left, 0, self.width() - left, self.height()), middle, self.text())
        painter.setFont(theme.font(self.sizes.small, self._on))
        room = QRect(0, 0, self.width() - EDGE, self.height())
        painter.drawText(room, middle | int(Qt.AlignmentFlag.AlignRight), self.standing)

    def _side(self) -> int:
        return round(self.sizes.title * 1.3)

    def _standing_width(self) -> int:
        return QFontMetrics(theme.font(self.sizes.small, True)).horizontalAdvance(self.standing)
