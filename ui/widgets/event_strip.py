"""What happened, written under the time axis of the large plots: as many short labels as stand clear of one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import plot_events, theme
from ui.plot_events import PlotEvent
from ui.theme import Sizes
from ui.widgets.base import Sized

ROWS = 2
TICK = 4  # pixels of a mark above the labels
SPACE = 6  # between two labels


@dataclass(frozen=True, slots=True)
class Label:
    """One label where it is drawn."""

    event: PlotEvent
    text: str
    x: int  # of its mark
    room: QRect


class EventStrip(QWidget, Sized):
    """Every event has its mark; the more important have their labels first, the newer before the older."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[tuple[int, PlotEvent], ...] = ()
        self.labels: list[Label] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._marks, self.labels = (), []  # placed for another size of text
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(120, TICK + ROWS * self._line())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_events(self, events: Sequence[PlotEvent], xs: Sequence[int], left: int, right: int) -> None:
        """Draw these events with their marks at `xs`; labels stay between `left` and `right`."""
        marks = tuple(zip(xs, events, strict=True))
        if marks != self._marks:
            self._marks = marks
            self.labels = self._arranged(left, right)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(self.sizes.axis))
        palette = theme.now()
        painter.setPen(QPen(theme.colour(palette.text_soft), 1))
        for x, _ in self._marks:
            painter.drawLine(x, 0, x, TICK - 1)
        for label in self.labels:
            priority = label.event.priority
            tint = palette.text if priority is None else palette.alarm_text(priority)
            painter.setPen(theme.colour(tint))
            painter.drawText(label.room, int(Qt.AlignmentFlag.AlignCenter), label.text)
        painter.end()

    def _arranged(self, left: int, right: int) -> list[Label]:
        metrics, line = QFontMetrics(theme.font(self.sizes.axis)), self._line()
        placed: list[Label] = []
        for x, event in sorted(self._marks, key=lambda mark: (mark[1].rank, -mark[1].time_s)):
            text = plot_events.label(event)
            wide = metrics.horizontalAdvance(text) + 2
            at = max(left, min(x - wide // 2, right - wide))
            rooms = (QRect(at, TICK + row * line, wide, line) for row in range(ROWS))
            near = [
                label for label in placed if label.room.left() - SPACE < at + wide and at < label.room.right() + SPACE
            ]
            if any(label.text == text and abs(label.x - x) < wide for label in near):
                continue  # the same again, just beside it
            free = (room for room in rooms if all(room.top() != label.room.top() for label in near))
            room = next(free, None)
            if room is not None:
                placed.append(Label(event, text, x, room))
        return placed

    def _line(self) -> int:
        return QFontMetrics(theme.font(self.sizes.axis)).lineSpacing()
