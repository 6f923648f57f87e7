"""Lines of a log or a monitor, painted in place: columns under headings, the last one as long as there is room."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Sizes
from ui.widgets.base import Sized

EDGE = 6


class LineList(QWidget, Sized):
    """One repaint for all lines.  Scrolling is for whoever owns it: it draws as many lines as `capacity` says."""

    def __init__(self, heads: tuple[str, ...], widest: tuple[str, ...], parent: QWidget | None = None) -> None:
        """`widest`: for each column but the last, the longest text that it must hold."""
        super().__init__(parent)
        self._heads, self._widest = heads, widest
        self.rows: tuple[tuple[str, ...], ...] = ()
        self._strong: frozenset[int] = frozenset()
        self.selected: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rows(
        self, rows: tuple[tuple[str, ...], ...], strong: frozenset[int] = frozenset(), selected: int | None = None
    ) -> None:
        """Draw these lines; those at the places `strong` bold, the one at `selected` inverted."""
        if (rows, strong, selected) != (self.rows, self._strong, self.selected):
            self.rows, self._strong, self.selected = rows, strong, selected
            self.update()

    def capacity(self) -> int:
        """How many lines there is room for under the headings."""
        return max(1, self.height() // self._line() - 1)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 4 * self._line())

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def clipped(self) -> list[str]:
        """Texts that do not fit into their columns, but for the last column, which ends in "…"."""
        metrics = QFontMetrics(theme.font(self.sizes.small, True))
        lines = (self._heads, *self.rows)
        places = self._places()[:-1]
        return [
            text
            for line in lines
            for text, (_, width) in zip(line, places, strict=False)
            if metrics.horizontalAdvance(text) > width
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette, line, places = theme.now(), self._line(), self._places()
        for at, row in enumerate((self._heads, *self.rows[: self.capacity()])):
            head, selected = at == 0, self.selected is not None and at == self.selected + 1
            ground = QRect(0, at * line, self.width(), line)
            if selected:
                painter.fillRect(ground, theme.colour(palette.key_on))
            elif at % 2 == 0 and not head:
                painter.fillRect(ground, theme.colour(palette.plot))
            bold = head or at - 1 in self._strong
            font = theme.font(self.sizes.small, bold)
            painter.setFont(font)
            painter.setPen(
                theme.colour(palette.key_on_text if selected else palette.text_soft if head else palette.text)
            )
            for text, (x, width) in zip(row, places, strict=True):
                shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
                painter.drawText(QRect(x, at * line, width, line), int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def _line(self) -> int:
        return QFontMetrics(theme.font(self.sizes.small)).lineSpacing() + 3

    def _places(self) -> list[tuple[int, int]]:
        """Left edge and width of each column."""
        metrics = QFontMetrics(theme.font(self.sizes.small, True))
        x, places = EDGE, []
        for head, widest in zip(self._heads, self._widest, strict=False):
            width = max(metrics.horizontalAdvance(head), metrics.horizontalAdvance(widest)) + 1
            places.append((x, width))
            x += width + EDGE
        return [*places, (x, max(1, self.width() - x - EDGE))]
