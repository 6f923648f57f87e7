"""The checks of the self-test in two columns, painted in place: what, how it stands, and which one is read."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QTouchEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, selftestwords, theme
from ui.selftestview import Outcome, SelfTestRow
from ui.theme import Sizes
from ui.widgets.base import Sized

COLUMNS = 2
EDGE = 6
TALLEST = 44  # of a line, pixels


class SelfTestList(QWidget, Sized):
    """Touch a line to read it; what failed is drawn inverted and bold, seen without colour."""

    touched = Signal(str)  # key of a check

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[SelfTestRow, ...] = ()
        self.read = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

    def show_rows(self, rows: tuple[SelfTestRow, ...], read: str) -> None:
        """Draw these; `read` is the check whose reason stands below."""
        if (rows, read) != (self.rows, self.read):
            if len(rows) != len(self.rows):
                self.updateGeometry()
            self.rows, self.read = rows, read
            self.setAccessibleName(
                ", ".join(f"{selftestwords.label(row.check)}: {selftestwords.outcome(row.outcome)}" for row in rows)
            )
            self.update()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._lines() * (QFontMetrics(theme.font(self.sizes.title)).lineSpacing() + 2))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def place_of(self, check: str) -> QRect:
        """Where the line of a check is drawn."""
        at = next(number for number, row in enumerate(self.rows) if row.check == check)
        return self._place(at)

    def clipped(self) -> list[str]:
        """The names that do not fit beside how they stand."""
        metrics, small = QFontMetrics(theme.font(self.sizes.title, True)), QFontMetrics(theme.font(self.sizes.small))
        taken = 2 * EDGE + self._side() + 2 * self.sizes.gap
        return [
            name
            for at, row in enumerate(self.rows)
            if metrics.horizontalAdvance(name := selftestwords.label(row.check))
            > self._place(at).width() - taken - small.horizontalAdvance(selftestwords.outcome(row.outcome))
        ]

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            if event.type() == QEvent.Type.TouchEnd and event.points():
                self._touch(event.points()[0].position().toPoint())
            event.accept()
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._touch(event.position().toPoint())

    def _touch(self, at: QPoint) -> None:
        for number, row in enumerate(self.rows):
            if self._place(number).contains(at):
                self.touched.emit(row.check)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, row in enumerate(self.rows):
            self._paint(painter, self._place(number), row)
        painter.end()

    def _paint(self, painter: QPainter, place: QRect, row: SelfTestRow) -> None:
        palette, bad = theme.now(), row.outcome is Outcome.FAIL
        ink = palette.key_on_text if bad else palette.text if row.outcome is Outcome.PASS else palette.text_soft
        painter.setPen(Qt.PenStyle.NoPen)
        if bad:
            painter.setBrush(theme.colour(palette.key_on))
            painter.drawRoundedRect(QRectF(place), self.sizes.radius / 2, self.sizes.radius / 2)
        if row.check == self.read:
            painter.setPen(theme.colour(palette.text))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), self.sizes.radius / 2, self.sizes.radius / 2
            )
        side = self._side()
        mark = icons.icon(selftestwords.icon(row.outcome), side, ink, self.devicePixelRatioF())
        painter.drawPixmap(place.left() + EDGE, place.center().y() - side // 2, mark)
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font(self.sizes.title, bad))
        left = place.adjusted(EDGE + side + self.sizes.gap, 0, -EDGE, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(left, middle, selftestwords.label(row.check))
        painter.setFont(theme.font(self.sizes.small, bad))
        painter.drawText(left, middle | int(Qt.AlignmentFlag.AlignRight), selftestwords.outcome(row.outcome))

    def _lines(self) -> int:
        return -(-len(self.rows) // COLUMNS)

    def _side(self) -> int:
        return self.sizes.title

    def _place(self, number: int) -> QRect:
        column, line = divmod(number, max(1, self._lines()))
        height = min(TALLEST, self.height() // max(1, self._lines()))
        width = (self.width() - self.sizes.gap * (COLUMNS - 1)) // COLUMNS
        return QRect(column * (width + self.sizes.gap), line * height, width, height - 2)
