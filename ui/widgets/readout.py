"""A measured value as a number: large, in its hue, "---" when unknown, grey with its age when stale."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme, viewmodels
from ui.theme import DARK, Sizes
from ui.viewstate import MeasuredView, QuantitySpec, Validity
from ui.widgets.base import Sized


class Readout(QWidget, Sized):
    """The big number of a channel.  Numbers too wide for the widget are drawn smaller, never cut."""

    def __init__(self, spec: QuantitySpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._text = viewmodels.UNKNOWN
        self._validity = Validity.UNKNOWN
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """The number as drawn."""
        return self._text

    @property
    def validity(self) -> Validity:
        """How the number is drawn."""
        return self._validity

    def show_value(self, view: MeasuredView) -> None:
        """Draw this value."""
        new = (viewmodels.measured(view, self._spec.decimals), view.validity)
        if new != (self._text, self._validity):
            self._text, self._validity = new
            self.setAccessibleName(f"{self._spec.label} {self._text} {self._spec.unit}")
            self.update()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(self.sizes.readout))
        return QSize(metrics.horizontalAdvance("00.0") + 2, self.sizes.number_row)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def pixels(self) -> int:
        """Height of the font in which the number fits."""
        width = QFontMetrics(theme.font(self.sizes.readout)).horizontalAdvance(self._text)
        return self.sizes.readout if width <= self.width() else int(self.sizes.readout * self.width() / width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(self.pixels()))
        tint = DARK.hue(self._spec.key) if self._validity is Validity.GOOD else DARK.text_stale
        painter.setPen(theme.colour(tint))
        # Set flush right in the room of four characters: the decimal point stays where it is from 9.9 to 10.0.
        room = self.rect()
        room.setWidth(min(self.width(), self.sizeHint().width()))
        align = Qt.AlignmentFlag.AlignRight if self.pixels() == self.sizes.readout else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(align | Qt.AlignmentFlag.AlignVCenter), self._text)
        painter.end()


class SmallReadout(QWidget, Sized):
    """One line "label  value unit", for the values beside the main ones."""

    def __init__(self, spec: QuantitySpec, parent: QWidget | None = None, *, stacked: bool = False) -> None:
        super().__init__(parent)
        self._spec, self._stacked = spec, stacked
        self._text, self._note, self._validity = viewmodels.UNKNOWN, "", Validity.UNKNOWN
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """The number as drawn."""
        return self._text

    def note(self) -> str:
        """The age of a stale value."""
        return self._note

    def show_value(self, view: MeasuredView) -> None:
        """Draw this value."""
        new = (viewmodels.measured(view, self._spec.decimals), viewmodels.stale_note(view), view.validity)
        if new != (self._text, self._note, self._validity):
            self._text, self._note, self._validity = new
            self.setAccessibleName(f"{self._spec.label} {self._text} {self._spec.unit}")
            self.update()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        small, value = QFontMetrics(theme.font(self.sizes.small)), QFontMetrics(theme.font(self.sizes.value))
        label = small.horizontalAdvance(self._spec.label)
        shown = value.horizontalAdvance("0000") + small.horizontalAdvance(" " + self._spec.unit)
        if self._stacked:
            return QSize(max(label, shown), small.lineSpacing() + value.ascent() + 1)
        return QSize(label + self.sizes.gap + shown, value.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        sizes = self.sizes
        small, value = theme.font(sizes.small), theme.font(sizes.value)
        small_metrics, value_metrics = QFontMetrics(small), QFontMetrics(value)
        painter = QPainter(self)
        painter.setFont(small)
        painter.setPen(theme.colour(DARK.text_soft))
        left, vcentre = int(Qt.AlignmentFlag.AlignLeft), int(Qt.AlignmentFlag.AlignVCenter)
        right = int(Qt.AlignmentFlag.AlignRight)
        unit = self._note or self._spec.unit
        unit_w = small_metrics.horizontalAdvance(unit)
        tint = theme.colour(DARK.text if self._validity is Validity.GOOD else DARK.text_stale)
        if self._stacked:
            painter.drawText(self.rect(), left | int(Qt.AlignmentFlag.AlignTop), self._spec.label)
            row = QRect(0, small_metrics.lineSpacing(), self.width(), self.height() - small_metrics.lineSpacing())
            number_w = value_metrics.horizontalAdvance(self._text)
            baseline = row.top() + value_metrics.ascent() - value_metrics.descent() // 2
            painter.drawText(number_w + value_metrics.horizontalAdvance(" ") // 2, baseline, unit)
            painter.setFont(value)
            painter.setPen(tint)
            painter.drawText(0, baseline, self._text)
        else:
            baseline = (self.height() + value_metrics.ascent() - value_metrics.descent()) // 2
            painter.drawText(0, baseline, self._spec.label)
            painter.drawText(self.width() - unit_w, baseline, unit)
            painter.setFont(value)
            painter.setPen(tint)
            gap = value_metrics.horizontalAdvance(" ") // 2
            row = QRect(0, 0, self.width() - unit_w - gap, self.height())
            painter.drawText(row, right | vcentre, self._text)
        painter.end()
