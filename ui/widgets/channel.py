"""One quantity: its actual value large, a lesser value under it, its setpoint as a key beside it, its last minute."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import theme, units, viewmodels
from ui.history import History
from ui.theme import Sizes
from ui.viewmodels import SetpointFace
from ui.viewstate import MeasuredView, QuantitySpec, Validity
from ui.widgets.base import Sized, heading
from ui.widgets.plot_key import PlotKey
from ui.widgets.readout import Readout, SmallReadout
from ui.widgets.text_line import TextLine
from ui.widgets.trend_plot import TrendPlot


class Channel(QWidget, Sized):
    """Measured value, what stands beside and under it, two lines of state, plot."""

    def __init__(
        self,
        spec: QuantitySpec,
        history: History,
        beside: QWidget,
        below: SmallReadout,
        setpoint_name: str = "",
        parent: QWidget | None = None,
        *,
        behind: str = "",
    ) -> None:
        super().__init__(parent)
        self.heading: QLabel = heading(spec.label.upper())
        self.heading.setStyleSheet(f"color: {theme.now().hue(spec.key)}")
        self.unit: QLabel = heading(units.name(spec.unit))
        self.readout = Readout(spec)
        self.beside, self.below = beside, below
        self.state = TextLine("small", lines=2, chars=16)
        self.plot = TrendPlot(spec, history, setpoint_name, behind=behind)
        self.plot_key = PlotKey(self.tr("{name}: show the plots large").format(name=spec.label))

        top = QHBoxLayout()
        top.addWidget(self.heading)
        top.addWidget(self.unit)
        top.addStretch(1)
        self._numbers = QWidget()
        numbers = QVBoxLayout(self._numbers)
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.setSpacing(0)
        numbers.addWidget(self.readout, 1)
        numbers.addWidget(below)
        self._row = QHBoxLayout()
        self._row.addWidget(self._numbers, 1)
        self._row.addWidget(beside, 0, Qt.AlignmentFlag.AlignVCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(top)
        self._column.addLayout(self._row)
        self._column.addWidget(self.state)
        plot = QGridLayout()
        plot.addWidget(self.plot, 0, 0)
        plot.addWidget(self.plot_key, 0, 0)
        self._column.addLayout(plot, 1)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._column.setSpacing(sizes.gap // 2)
        self._row.setSpacing(sizes.gap)
        self._numbers.setFixedHeight(sizes.number_row)

    def show_numbers(self, value: MeasuredView) -> None:
        """Draw the measured value."""
        self.readout.show_value(value)

    def show_state(self, value: MeasuredView, setpoint: SetpointFace) -> None:
        """The line of state: the age of a stale value, then why the setpoint is refused, lost or pending.  Where both
        have no room they are said in fewer words; why a setpoint failed stands on its pad in any case."""
        reason, icon, shorter = setpoint.reason, setpoint.icon, ()
        if icon in ("refused", "lost"):
            shorter = (self.tr("{what}: touch the key to read why").format(what=setpoint.state),)
        if value.validity is Validity.STALE:
            age = viewmodels.age(value.age_s or 0.0)
            note = self.tr("last value is {age} old").format(age=age)
            if reason:
                brief = self.tr("{age} old").format(age=age)
                shorter = (f"{brief} · {reason}", *(f"{brief} · {short}" for short in shorter))
                note = f"{note} · {reason}"
            reason, icon = note, "stale"
        elif value.validity is Validity.UNKNOWN and not reason:
            reason, icon = self.tr("no reading"), "lost"
        self.state.set_text(reason, icon=icon if reason else "", shorter=shorter)

    def sample(
        self, time_s: float, value: MeasuredView, setpoint: float | None, behind: MeasuredView | None = None
    ) -> None:
        """Append to the plot's history; only a good value is a point, all else a gap."""
        self.plot.history.append(time_s, _point(value), setpoint, None if behind is None else _point(behind))


def _point(value: MeasuredView) -> float | None:
    return value.value if value.validity is Validity.GOOD else None
