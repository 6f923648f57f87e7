"""The last minute of one quantity as a curve, with its setpoint and limit lines."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme, units, viewmodels
from ui.history import History, plot_top, steps
from ui.theme import Sizes
from ui.viewstate import QuantitySpec
from ui.widgets.base import Sized
from ui.widgets.plotting import pyqtgraph as pg


def pen(token: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A plot pen of a colour token; cosmetic, so that scales don't widen it."""
    made = pg.mkPen(theme.colour(token), width=width, style=style)
    made.setCosmetic(True)
    return made


class TrendPlot(pg.PlotWidget, Sized):
    """A still frame: the axes never move while values come, so that a refresh draws two curves only."""

    def __init__(
        self,
        spec: QuantitySpec,
        history: History,
        setpoint_name: str = "",
        parent: QWidget | None = None,
        *,
        behind: str = "",
    ) -> None:
        """`setpoint_name` is written beside the setpoint's line: "P1".  `behind` is the colour token of a second value
        drawn thin behind the first; empty for none."""
        super().__init__(parent=parent, background=theme.now().plot)
        self.spec = spec
        self.history, window_s = history, history.window_s
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
        item.setXRange(-window_s, 0, padding=0)
        item.layout.setContentsMargins(0, 6, 4, 0)
        self._behind: Any = item.plot(pen=pen(behind or theme.now().plot), connect="finite") if behind else None
        self._setpoint: Any = item.plot(pen=pen(theme.now().hue(spec.key), 1, Qt.PenStyle.DashLine), connect="finite")
        self._measured: Any = item.plot(pen=pen(theme.now().hue(spec.key), 2), connect="finite")
        self._setpoint_name = setpoint_name
        self._lines: dict[str, Any] = {}
        self._names: dict[str, float] = {}  # what is written beside the right edge
        self._top = 0.0
        item.showAxis("right")
        for side in ("bottom", "left", "right"):
            axis = item.getAxis(side)
            axis.setPen(pen(theme.now().plot_grid))
            axis.setTextPen(pen(theme.now().text_soft))
            axis.setStyle(tickLength=-4, maxTickLevel=0)
        ticks = [(-part * window_s / 3, f"−{part * window_s / 3:g} s") for part in (1, 2)]
        item.getAxis("bottom").setTicks([ticks])
        self._scale_to(plot_top(spec.plot_min, spec.plot_min, spec.plot_max))
        for limit in spec.limits:
            self.show_line(limit.label, limit.value)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        item = self._item
        for side in ("bottom", "left", "right"):
            item.getAxis(side).setStyle(tickFont=theme.font(sizes.axis), tickTextOffset=3)
        item.getAxis("left").setWidth(sizes.axis * 2 + 6)
        item.getAxis("bottom").setHeight(sizes.axis + 8)
        self._fit_names()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def show_line(self, label: str, value: float | None) -> None:
        """Draw a level line with its label and number; None takes it away."""
        line = self._lines.get(label)
        if value is None:
            if line is not None:
                self._item.removeItem(self._lines.pop(label))
        elif line is None:
            line = pg.InfiniteLine(value, angle=0, pen=pen(theme.now().text_soft, 1, Qt.PenStyle.DotLine))
            self._item.addItem(line, ignoreBounds=True)
            self._lines[label] = line
        elif line.value() != value:
            line.setValue(value)

    def lines(self) -> dict[str, float]:
        """The level lines now drawn."""
        return {label: float(line.value()) for label, line in self._lines.items()}

    def refresh(self, now_s: float) -> None:
        """Draw what the history holds."""
        ages, values, setpoints, behind = self.history.window(now_s)
        names = self.lines()
        highest = max([self._highest(values), self._highest(setpoints), self._highest(behind), *names.values()])
        self._scale_to(plot_top(highest, self.spec.plot_min, self.spec.plot_max))
        if self._setpoint_name and len(setpoints) and not np.isnan(setpoints[-1]):
            names[self._setpoint_name] = float(setpoints[-1])
        self._name_lines(names)
        self._measured.setData(ages, values)
        if self._behind is not None:
            self._behind.setData(ages, behind)
        self._setpoint.setData(*steps(ages, setpoints))

    def names(self) -> list[str]:
        """What stands beside the right edge: "P1 12", "P2 22"."""
        spec = self.spec

        def written(value: float) -> str:
            decimals = units.decimals(0 if value == int(value) else spec.decimals, spec.unit)
            return viewmodels.number(units.shown(value, spec.unit), decimals)

        return [f"{name} {written(value)}" for name, value in self._names.items()]

    def drawn(self) -> tuple[np.ndarray, np.ndarray]:
        """Ages and values of the measured curve as drawn, NaN where it is broken."""
        ages, values = self._measured.getData()
        return (np.empty(0), np.empty(0)) if ages is None or values is None else (ages, values)

    def drawn_behind(self) -> tuple[np.ndarray, np.ndarray]:
        """Ages and values of the thin curve behind the measured one; empty where there is none."""
        ages, values = (None, None) if self._behind is None else self._behind.getData()
        return (np.empty(0), np.empty(0)) if ages is None or values is None else (ages, values)

    def _name_lines(self, names: dict[str, float]) -> None:
        if names != self._names:
            self._names = names
            self._item.getAxis("right").setTicks([list(zip(names.values(), self.names(), strict=True))])
            self._fit_names()

    def _fit_names(self) -> None:
        metrics = QFontMetrics(theme.font(self.sizes.axis))
        widest = max((metrics.horizontalAdvance(name) for name in self.names()), default=0)
        self._item.getAxis("right").setWidth(widest + 8 if widest else 4)

    def _highest(self, values: np.ndarray) -> float:
        known = values[~np.isnan(values)]
        return float(known.max()) if len(known) else self.spec.plot_min

    def _scale_to(self, top: float) -> None:
        if top == self._top:
            return
        self._top = top
        bottom, item = self.spec.plot_min, self._item
        item.setYRange(bottom, top, padding=0)
        # Curves and lines stay in the quantity's own unit; what is written beside them is in the unit shown.
        per = units.shown(1.0, self.spec.unit)
        step = _tick_step(per * (top - bottom) / 4)
        first, last = int(np.ceil(per * bottom / step)), int(np.floor(per * top / step))
        ticks = [(n * step / per, f"{n * step:g}") for n in range(first, last + 1)]
        item.getAxis("left").setTicks([ticks])


def _tick_step(rough: float) -> float:
    """The round step (1, 2 or 5 times a power of ten) next above `rough`."""
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999))
