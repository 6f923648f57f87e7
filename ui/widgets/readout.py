"""A measured value as a number: large, in its hue, "---" when unknown, grey with its age when stale."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme, units, viewmodels
from ui.theme import Sizes
from ui.viewstate import MeasuredView, QuantitySpec, Validity
from ui.widgets.base import Sized


class Readout(QWidget, Sized):
    """The big number of a channel.  Numbers too wide for the widget are drawn smaller, never cut."""

    def __init__(self, spec: QuantitySpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._text = viewmodels.UNKNOWN
        self._validity = Validity.UNKNOWN
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def text(self) -> str:
        """The number as drawn."""
        return self._text

    @property
    def validity(self) -> Validity:
        """How the number is drawn."""
        return self._validity

    def show_value(self, view: MeasuredView) -> None:
        """Draw this value."""
        new = (viewmodels.measured(view, self._spec.decimals, self._spec.unit), view.validity)
        if new != (self._text, self._validity):
            self._text, self._validity = new
            self.setAccessibleName(f"{self._spec.label} {self._text} {units.name(self._spec.unit)}")
            self.update()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(self.sizes.readout))
        # The digits' own height: what the font keeps for accents and descenders is left to the row below.
        return QSize(metrics.horizontalAdvance("00.0") + 2, metrics.capHeight() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def pixels(self) -> int:
        """Height of the font in which the number fits."""
        width = QFontMetrics(theme.font(self.sizes.readout)).horizontalAdvance(self._text)
        return self.sizes.readout if width <= self.width() else int(self.sizes.readout * self.width() / width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(self.pixels()))
        tint = theme.now().hue(self._spec.key) if self._validity is Validity.GOOD else theme.now().text_stale
        painter.setPen(theme.colour(tint))
        # Set flush right in the room of four characters: the decimal point stays where it is from 9.9 to 10.0.
        room = self.rect()
        room.setWidth(min(self.width(), self.sizeHint().width()))
        align = Qt.AlignmentFlag.AlignRight if self.pixels() == self.sizes.readout else Qt.AlignmentFlag.AlignLeft
        flags = int(align | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextDontClip)
        painter.drawText(room, flags, self._text)
        painter.end()


class SmallReadout(QWidget, Sized):
    """A value beside the main ones: one line "label  value unit", or stacked with the label above.

    A stale value is grey with a clock in place of the unit; its age stands in the state line of its channel.
    """

    def __init__(
        self,
        spec: QuantitySpec,
        parent: QWidget | None = None,
        *,
        stacked: bool = False,
        label: str = "",
        with_unit: bool = True,
    ) -> None:
        """`label` is written in place of the spec's, which is then only spoken; the unit may stand elsewhere."""
        super().__init__(parent)
        self._spec, self._stacked = spec, stacked
        self._label = label or spec.label
        self._unit = units.name(spec.unit) if with_unit else ""
        as_shown = units.quantity(spec)
        self._widest = viewmodels.number(2 * as_shown.plot_max, as_shown.decimals)
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
        number = viewmodels.measured(view, self._spec.decimals, self._spec.unit)
        new = (number, viewmodels.stale_note(view), view.validity)
        if new != (self._text, self._note, self._validity):
            self._text, self._note, self._validity = new
            self.setAccessibleName(f"{self._spec.label} {self._text} {self._unit} {self._note}")
            self.update()

    def show_words(self, text: str, *, known: bool) -> None:
        """Draw a value that is already written, such as a time."""
        validity = Validity.GOOD if known else Validity.UNKNOWN
        if (text, "", validity) != (self._text, self._note, self._validity):
            self._text, self._note, self._validity = text, "", validity
            self.setAccessibleName(f"{self._label} {text}")
            self.update()

    def set_label(self, label: str) -> None:
        """Another name for what is shown."""
        if label != self._label:
            self._label = label
            self.updateGeometry()
            self.update()

    def label(self) -> str:
        """The name as drawn."""
        return self._label

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        small, value = self._metrics()
        label = small.horizontalAdvance(self._label)
        shown = value.horizontalAdvance(self._widest) + small.horizontalAdvance(" " + self._unit)
        if self._stacked:
            return QSize(max(label, shown), small.lineSpacing() + value.ascent() + 1)
        return QSize(label + self.sizes.gap + shown, value.ascent() + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def content_width(self) -> int:
        """Pixels that the widest line takes as it is now."""
        small, value = self._metrics()
        label = small.horizontalAdvance(self._label)
        number = value.horizontalAdvance(self._text) + value.horizontalAdvance(" ") // 2 + self._beside_width()
        return max(label, number) if self._stacked else label + self.sizes.gap + number

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
            beside_x = self.width() - self._beside_width()
            number_x = beside_x - gap - number_w
        painter = QPainter(self)
        painter.setFont(theme.font(self.sizes.small))
        painter.setPen(theme.colour(theme.now().text_soft))
        painter.drawText(0, label_at, self._label)
        if self._note:
            clock = icons.icon("stale", self._clock(), theme.now().text_soft, self.devicePixelRatioF())
            painter.drawPixmap(beside_x, baseline - self._clock(), clock)
        else:
            painter.drawText(beside_x, baseline, self._unit)
        painter.setFont(theme.font(self.sizes.value))
        painter.setPen(theme.colour(theme.now().text if self._validity is Validity.GOOD else theme.now().text_stale))
        painter.drawText(number_x, baseline, self._text)
        painter.end()

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(theme.font(self.sizes.small)), QFontMetrics(theme.font(self.sizes.value))

    def _beside_width(self) -> int:
        return self._clock() if self._note else self._metrics()[0].horizontalAdvance(self._unit)

    def _clock(self) -> int:
        return self.sizes.small + 2
