"""A small table of words, painted in place: names across, what is counted down."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Sizes
from ui.widgets.base import Sized

EDGE = 6


class GridTable(QWidget, Sized):
    """Draws rows of cells; the first row and the first column are headings.  One repaint for the whole table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[tuple[str, ...], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rows(self, rows: tuple[tuple[str, ...], ...]) -> None:
        """Draw these cells; every row has as many as the first."""
        if rows != self.rows:
            if len(rows) != len(self.rows):
                self.updateGeometry()
            self.rows = rows
            self.update()

    def cell(self, row: str, column: str) -> str:
        """The text at a named row and column."""
        at = self.rows[0].index(column)
        return next(cells[at] for cells in self.rows if cells[0] == row)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._line() * len(self.rows))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def clipped(self) -> list[str]:
        """The texts that do not fit into their cells."""
        metrics = QFontMetrics(theme.font(self.sizes.title, True))
        return [
            text
            for row in self.rows
            for text, room in zip(row, self._columns(), strict=True)
            if metrics.horizontalAdvance(text) > room - EDGE
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.rows:
            return
        painter = QPainter(self)
        widths = self._columns()
        height = min(max(self._line(), self.height() // len(self.rows)), 2 * self._line())
        for at, row in enumerate(self.rows):
            y, x = at * height, 0
            if at % 2:
                painter.fillRect(QRect(0, y, self.width(), height), theme.colour(theme.now().plot))
            for column, (text, width) in enumerate(zip(row, widths, strict=True)):
                head = at == 0 or column == 0
                painter.setFont(theme.font(self.sizes.title, at == 0))
                painter.setPen(theme.colour(theme.now().text_soft if head else theme.now().text))
                side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
                room = QRect(x + EDGE * (column == 0), y, width - EDGE, height)
                painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), text)
                x += width
        painter.end()

    def _line(self) -> int:
        return QFontMetrics(theme.font(self.sizes.title)).lineSpacing() + 3

    def _columns(self) -> list[int]:
        metrics = QFontMetrics(theme.font(self.sizes.title, True))
        first = max(metrics.horizontalAdvance(row[0]) for row in self.rows) + 2 * EDGE
        others = len(self.rows[0]) - 1
        share = (self.width() - first) // others if others else 0
        return [first if others else self.width(), *([share] * others)]
