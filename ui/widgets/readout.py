"""A measured value as a number: large, in its hue, "---" when unknown, grey with its age when stale."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme, viewmodels
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
    """A value beside the main ones: one line "label  value unit", or stacked with the label above.

    A stale value is grey with its age in place of the unit; stacked it has a clock there, and its age in a row of its
    own below (`note_row`) or in the state line of the channel beside which it stands.
    """

    def __init__(
        self, spec: QuantitySpec, parent: QWidget | None = None, *, stacked: bool = False, note_row: bool = False
    ) -> None:
        super().__init__(parent)
        self._spec, self._stacked, self._note_row = spec, stacked, note_row
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
            self.setAccessibleName(f"{self._spec.label} {self._text} {self._spec.unit} {self._note}")
            self.update()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        small, value = self._metrics()
        label = small.horizontalAdvance(self._spec.label)
        shown = value.horizontalAdvance("0000") + small.horizontalAdvance(" " + self._spec.unit)
        if self._stacked:
            rows = small.lineSpacing() * (2 if self._note_row else 1)
            return QSize(max(label, shown), rows + value.ascent() + 1)
        return QSize(label + self.sizes.gap + shown, value.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def content_width(self) -> int:
        """Pixels that the widest line takes as it is now."""
        small, value = self._metrics()
        label, beside = small.horizontalAdvance(self._spec.label), small.horizontalAdvance(self._beside())
        if self._stacked and self._note:
            beside = self._clock()
        number = value.horizontalAdvance(self._text) + value.horizontalAdvance(" ") // 2 + beside
        if self._stacked:
            note = small.horizontalAdvance(self._note) if self._note_row else 0
            return max(label, number, note)
        return label + self.sizes.gap + number

    def paintEvent(self, event: QPaintEvent) -> None:
        small, value = self._metrics()
        gap = value.horizontalAdvance(" ") // 2
        number_w = value.horizontalAdvance(self._text)
        if self._stacked:
            label_at, number_x = small.ascent(), 0
            baseline = small.lineSpacing() + value.ascent() - value.descent() // 2
            beside_x = number_w + gap
        else:
            label_at = baseline = (self.height() + value.ascent() - value.descent()) // 2
            beside_x = self.width() - small.horizontalAdvance(self._beside())
            number_x = beside_x - gap - number_w
        painter = QPainter(self)
        painter.setFont(theme.font(self.sizes.small))
        painter.setPen(theme.colour(DARK.text_soft))
        painter.drawText(0, label_at, self._spec.label)
        if self._stacked and self._note:
            clock = icons.icon("stale", self._clock(), DARK.text_soft, self.devicePixelRatioF())
            painter.drawPixmap(beside_x, baseline - self._clock(), clock)
            if self._note_row:
                painter.drawText(0, baseline + small.lineSpacing(), self._note)
        else:
            painter.drawText(beside_x, baseline, self._beside())
        painter.setFont(theme.font(self.sizes.value))
        painter.setPen(theme.colour(DARK.text if self._validity is Validity.GOOD else DARK.text_stale))
        painter.drawText(number_x, baseline, self._text)
        painter.end()

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(theme.font(self.sizes.small)), QFontMetrics(theme.font(self.sizes.value))

    def _beside(self) -> str:
        return self._spec.unit if self._stacked else self._note or self._spec.unit

    def _clock(self) -> int:
        return self.sizes.small + 2
