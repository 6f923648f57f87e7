"""The mode of insufflation as a key: the active one, the one under way, and a tap to choose."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme, viewmodels
from ui.viewstate import GasModeSpec
from ui.widgets.key import Key

EDGE = 8


class ModeKey(Key):
    """A mode under way has a dashed outline, an hourglass and its name under the active one, as setpoints have."""

    def __init__(self, modes: tuple[GasModeSpec, ...], parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._labels = {mode.key: mode.label for mode in modes}
        self.active, self.pending = viewmodels.UNKNOWN, ""
        self._caption = self.tr("Mode")
        self.setEnabled(bool(modes))
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.MinimumExpanding)
        self._tell()

    def show_mode(self, active: str | None, pending: str | None) -> None:
        """Draw the active mode as read back, and the one asked for."""
        known = viewmodels.UNKNOWN if active is None else self._labels.get(active, active)
        asked = "" if pending is None or pending == active else self._labels.get(pending, pending)
        if (known, asked) != (self.active, self.pending):
            self.active, self.pending = known, asked
            self._tell()
            self.update()

    def value_pixels(self) -> int:
        """Height of the font in which the active mode's name fits."""
        wanted = self.sizes.key_text
        wide = QFontMetrics(theme.font(wanted, True)).horizontalAdvance(self.active)
        room = self.width() - 2 * EDGE
        return wanted if wide <= room else int(wanted * room / wide)

    def state_fits(self) -> bool:
        """Whether the mode under way is drawn whole."""
        small = QFontMetrics(theme.font(self.sizes.small))
        return small.horizontalAdvance(self.pending) + self.sizes.small + 6 + EDGE <= self.width()

    def sizeHint(self) -> QSize:
        return QSize(self.sizes.critical_key, self.sizes.critical_key)

    def paintEvent(self, event: QPaintEvent) -> None:
        sizes = self.sizes
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.paint_ground(painter, Qt.PenStyle.DashLine if self.pending else Qt.PenStyle.SolidLine)
        small = theme.font(sizes.small)
        line = QFontMetrics(small).lineSpacing()
        painter.setFont(small)
        painter.setPen(theme.colour(theme.now().text_soft if self.isEnabled() else ink))
        painter.drawText(EDGE, 5 + QFontMetrics(small).ascent(), self._caption)
        mark = icons.icon("edit", sizes.small + 2, theme.now().text_soft, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - sizes.small - 10, 6, mark)
        below = line + 5 if self.pending else 0
        painter.setFont(theme.font(self.value_pixels(), True))
        painter.setPen(theme.colour(ink))
        middle = QRect(0, 5 + line, self.width(), self.height() - 10 - line - below)
        painter.drawText(middle, int(Qt.AlignmentFlag.AlignCenter), self.active)
        if self.pending:
            size = sizes.small + 2
            wide = QFontMetrics(small).horizontalAdvance(self.pending)
            x, y = max(4, (self.width() - size - 4 - wide) // 2), self.height() - 5 - line
            glass = icons.icon("pending", size, theme.now().text, self.devicePixelRatioF())
            painter.drawPixmap(x, y + (line - size) // 2, glass)
            painter.setFont(small)
            painter.drawText(x + size + 4, y + QFontMetrics(small).ascent(), self.pending)
        painter.end()

    def _tell(self) -> None:
        asked = self.tr("{mode} pending").format(mode=self.pending) if self.pending else ""
        self.setAccessibleName(f"{self._caption} {self.active} {asked}".strip())
