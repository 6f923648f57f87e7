"""One quantity over the chosen range as a curve, with its setpoint, limit lines and the marks of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRect, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme, units, viewmodels
from ui.history import SPANS_S, History, plot_top
from ui.theme import Sizes
from ui.viewstate import QuantitySpec
from ui.widgets.base import Sized
from ui.widgets.plotting import pyqtgraph as pg

# Steps of the time axis, s.
TIME_STEPS_S = (5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 14400, 21600, 28800, 43200, 86400)
MARK_SHARE = 0.07  # of the height: the mark of an event, at the foot of the plot


def pen(token: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A plot pen of a colour token; cosmetic, so that scales don't widen it."""
    made = pg.mkPen(theme.colour(token), width=width, style=style)
    made.setCosmetic(True)
    return made


class TrendPlot(pg.PlotWidget, Sized):
    """A still frame: the axes never move while values come, so that a refresh draws a few curves only."""

    def __init__(
        self,
        spec: QuantitySpec,
        history: History,
        setpoint_name: str = "",
        parent: QWidget | None = None,
        *,
        behind: str = "",
        large: bool = False,
        time_axis: bool = True,
    ) -> None:
        """`setpoint_name` is written beside the setpoint's line: "P1".  `behind` is the colour token of a second value
        drawn thin behind the first; empty for none.  A `large` one has more ticks, and its marks all its
        height; without `time_axis` that of another plot below serves it too."""
        super().__init__(parent=parent, background=theme.now().plot)
        self.spec = units.quantity(spec)  # as drawn; history and what is shown come in the unit they are held in
        self._unit, self._held_spec, self._large = spec.unit, spec, large
        self.history = history
        self.chosen_s: float | None = SPANS_S[0]
        self.span_s = self._time_step_s = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFrameShape(self.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._item: Any = self.getPlotItem()  # pyqtgraph's methods are made at run time: not typed
        item = self._item
        item.setMenuEnabled(False)
        item.hideButtons()
        item.disableAutoRange()
        item.setMouseEnabled(False, False)
        item.layout.setContentsMargins(0, 6, 4, 0 if time_axis else 6)
        hue = theme.now().hue(spec.key)
        self._marks: Any = item.plot(pen=pen(theme.now().plot_grid if large else theme.now().text_soft))
        self._behind: Any = item.plot(pen=pen(behind or theme.now().plot), connect="finite") if behind else None
        self._setpoint: Any = item.plot(pen=pen(hue, 1, Qt.PenStyle.DashLine), connect="finite")
        self._measured: Any = item.plot(pen=pen(hue, 2), connect="finite")
        self._setpoint_name = setpoint_name
        self._lines: dict[str, Any] = {}
        self._names: dict[str, float] = {}  # what is written beside the right edge
        self._names_width: int | None = None
        self._top = 0.0
        self._times: list[tuple[float, str]] = []
        item.showAxis("right")
        for side in ("bottom", "left", "right"):
            axis = item.getAxis(side)
            axis.setPen(pen(theme.now().plot_grid))
            axis.setTextPen(pen(theme.now().text_soft))
            axis.setStyle(tickLength=-4, maxTickLevel=0)
        item.getAxis("right").setTicks([[]])
        if not time_axis:
            item.hideAxis("bottom")
        self._span_to(float(SPANS_S[0] or 0.0))
        item.getViewBox().sigResized.connect(self._write_times)
        self._scale_to(plot_top(self.spec.plot_min, self.spec.plot_min, self.spec.plot_max))
        for limit in spec.limits:
            self.show_line(limit.label, limit.value)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        item = self._item
        for side in ("bottom", "left", "right"):
            item.getAxis(side).setStyle(tickFont=theme.font(sizes.axis), tickTextOffset=3)
        item.getAxis("left").setWidth(sizes.axis * 2 + 6)
        item.getAxis("bottom").setHeight(sizes.axis + 8)
        self._write_times()
        self._fit_names()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def show_span(self, chosen_s: float | None) -> None:
        """Draw this range of `ui.history.SPANS_S` from the next refresh on."""
        self.chosen_s = chosen_s

    def show_line(self, label: str, value: float | None) -> None:
        """Draw a level line with its label and number; None takes it away."""
        line = self._lines.get(label)
        if value is None:
            if line is not None:
                self._item.removeItem(self._lines.pop(label))
            return
        drawn = units.shown(value, self._unit)
        if line is None:
            line = pg.InfiniteLine(drawn, angle=0, pen=pen(theme.now().text_soft, 1, Qt.PenStyle.DotLine))
            self._item.addItem(line, ignoreBounds=True)
            self._lines[label] = line
        elif line.value() != drawn:
            line.setValue(drawn)

    def lines(self) -> dict[str, float]:
        """The level lines now drawn."""
        return {label: float(line.value()) for label, line in self._lines.items()}

    def refresh(self, now_s: float, marks_s: Sequence[float] = ()) -> None:
        """Draw what the history holds up to `now_s`, with marks at the times `marks_s`."""
        self._span_to(self.history.span_s(self.chosen_s, now_s))
        curves = self.history.curves(now_s, self.chosen_s)
        factor = units.shown(1.0, self._unit)
        (ages, values), (steps, setpoints), (behind_ages, behind) = (
            (x, y if factor == 1.0 else y * factor) for x, y in (curves.value, curves.setpoint, curves.second)
        )
        names = self.lines()
        highest = max([self._highest(values), self._highest(setpoints), self._highest(behind), *names.values()])
        self._scale_to(plot_top(highest, self.spec.plot_min, self.spec.plot_max))
        if self._setpoint_name and len(setpoints) and not np.isnan(setpoints[-1]):
            names[self._setpoint_name] = float(setpoints[-1])
        self._name_lines(self._apart(names))
        self._measured.setData(ages, values)
        if self._behind is not None:
            self._behind.setData(behind_ages, behind)
        self._setpoint.setData(steps, setpoints)
        self._draw_marks(np.array(marks_s) - now_s)

    def names(self) -> list[str]:
        """What stands beside the right edge: "P1 12", "P2 22"."""
        return [
            f"{name} {viewmodels.number(v, 0 if v == int(v) else self.spec.decimals)}"
            for name, v in self._names.items()
        ]

    def names_wanted(self) -> int:
        """Pixels that what stands beside the right edge takes."""
        metrics = QFontMetrics(theme.font(self.sizes.axis))
        widest = max((metrics.horizontalAdvance(name) for name in self.names()), default=0)
        return widest + 8 if widest else 4

    def set_names_width(self, pixels: int) -> None:
        """Give the names at the right edge this room from now on, so that plots under one another are of one width."""
        self._names_width = pixels
        self._fit_names()

    def drawn(self) -> tuple[np.ndarray, np.ndarray]:
        """Ages and values of the measured curve as drawn, NaN where it is broken."""
        return _data(self._measured)

    def drawn_behind(self) -> tuple[np.ndarray, np.ndarray]:
        """Ages and values of the thin curve behind the measured one; empty where there is none."""
        return (np.empty(0), np.empty(0)) if self._behind is None else _data(self._behind)

    def drawn_marks(self) -> list[float]:
        """Ages of the marks as drawn."""
        return [float(age) for age in _data(self._marks)[0][::2]]

    def field(self) -> QRect:
        """Where the curves lie, in this widget's pixels."""
        scene = self._item.getViewBox().sceneBoundingRect()
        top_left, bottom_right = self.mapFromScene(scene.topLeft()), self.mapFromScene(scene.bottomRight())
        return QRect(top_left, bottom_right)

    def height_of(self, value: float) -> int:
        """Pixels from the top at which a held value is drawn."""
        at = self._item.getViewBox().mapViewToScene(QPointF(0.0, units.shown(value, self._unit)))
        return self.mapFromScene(at).y()

    def _draw_marks(self, ages: np.ndarray) -> None:
        ages = ages[ages >= -self.span_s]
        bottom, top = self.spec.plot_min, self._top
        upper = top if self._large else bottom + MARK_SHARE * (top - bottom)
        self._marks.setData(np.repeat(ages, 2), np.tile((bottom, upper), len(ages)), connect="pairs")

    def _apart(self, names: dict[str, float]) -> dict[str, float]:
        """The names that can stand beside one another: of two too close the earlier one stays, the setpoint first."""
        per_pixel = (self._top - self.spec.plot_min) / max(1, self.field().height())
        room = per_pixel * QFontMetrics(theme.font(self.sizes.axis)).height()
        kept: dict[str, float] = {}
        for name, value in sorted(names.items(), key=lambda pair: pair[0] != self._setpoint_name):
            if all(abs(value - other) >= room for other in kept.values()):
                kept[name] = value
        return kept

    def times(self) -> list[tuple[float, str]]:
        """The labels written along the time axis, and how many pixels from the left edge of the curves each lies."""
        per_s = self._item.getViewBox().width() / max(self.span_s, 1e-9)
        return [((age_s + self.span_s) * per_s, label) for age_s, label in self._times if label]

    def _name_lines(self, names: dict[str, float]) -> None:
        if names != self._names:
            self._names = names
            self._item.getAxis("right").setTicks([list(zip(names.values(), self.names(), strict=True))])
            self._fit_names()

    def _fit_names(self) -> None:
        self._item.getAxis("right").setWidth(self.names_wanted() if self._names_width is None else self._names_width)

    def _highest(self, values: np.ndarray) -> float:
        known = values[~np.isnan(values)]
        return float(known.max()) if len(known) else self.spec.plot_min

    def _span_to(self, span_s: float) -> None:
        if span_s == self.span_s:
            return
        self.span_s = span_s
        self._item.setXRange(-span_s, 0, padding=0)
        wanted = span_s / (6 if self._large else 3)
        step = next((step for step in TIME_STEPS_S if step >= wanted - 1e-9), TIME_STEPS_S[-1])
        self._time_step_s = step
        self._write_times()

    @Slot()
    def _write_times(self) -> None:
        """A label at each step, or at each second or third one, where they would touch."""
        counts = range(1, int((self.span_s - 1e-9) // self._time_step_s) + 1)
        labels = {n: viewmodels.before(n * self._time_step_s) for n in counts}
        words = QFontMetrics(theme.font(self.sizes.axis))
        wide = max((words.horizontalAdvance(label) for label in labels.values()), default=0) + self.sizes.axis
        apart = max(1.0, self._item.getViewBox().width() * self._time_step_s / self.span_s)
        every = int(np.ceil(wide / apart))
        self._times = [(-n * self._time_step_s, label if n % every == 0 else "") for n, label in labels.items()]
        self._item.getAxis("bottom").setTicks([self._times])

    def _scale_to(self, top: float) -> None:
        if top == self._top:
            return
        self._top = top
        bottom, item = self.spec.plot_min, self._item
        item.setYRange(bottom, top, padding=0)
        step = _tick_step((top - bottom) / 4)
        first = int(np.ceil(bottom / step))
        ticks = [(n * step, f"{n * step:g}") for n in range(first, int(np.floor(top / step)) + 1)]
        item.getAxis("left").setTicks([ticks])


def _data(curve: Any) -> tuple[np.ndarray, np.ndarray]:
    ages, values = curve.getData()
    return (np.empty(0), np.empty(0)) if ages is None or values is None else (ages, values)


def _tick_step(rough: float) -> float:
    """The round step (1, 2 or 5 times a power of ten) next above `rough`."""
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999))
