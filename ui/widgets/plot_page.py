"""The page with the three plots large under one another: range, hold, cursor with the values, what happened when."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import plot_events, theme, units, viewmodels
from ui.history import SECOND, SETPOINT, SPANS_S, VALUE, History
from ui.plot_events import EventLog, PlotEvent
from ui.theme import Sizes
from ui.viewstate import QuantitySpec, TowerView
from ui.widgets.base import Panel, heading
from ui.widgets.event_strip import EventStrip
from ui.widgets.key import Key
from ui.widgets.plot_cursor import PlotCursor
from ui.widgets.simulation_mark import SimulationMark
from ui.widgets.span_keys import SpanKeys
from ui.widgets.text_line import TextLine
from ui.widgets.trend_plot import TrendPlot

NEAR_PX = 10  # an event so near to the cursor is told in words


@dataclass(frozen=True, slots=True)
class Row:
    """One plot with the names of what it draws."""

    spec: QuantitySpec
    plot: TrendPlot
    reading: TextLine
    names: tuple[str, str, str]  # of value, setpoint and second value; "" without a name or not drawn


class PlotPage(Panel):
    """Takes the place of the enhanced picture.  Held, it shows copies of the histories: these themselves go on, and so
    do the small plots and the numbers."""

    closed = Signal()
    chosen = Signal(object)  # a range of `ui.history.SPANS_S`

    def __init__(
        self,
        quantities: Mapping[str, QuantitySpec],
        histories: Mapping[str, History],
        events: EventLog,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._histories, self._events = histories, events
        self._now_s, self._wall_s = 0.0, 0.0  # of the last view; wall clock minus its time
        self._held_s: float | None = None
        self._cursor_s: float | None = None
        self._chosen_s: float | None = SPANS_S[0]
        self._drawn: dict[int, tuple[float | None, float]] = {}  # by plot while held: range and time
        self.spans = SpanKeys()
        self.hold = Key(self.tr("Hold"), "freeze", row=True, critical=False)
        self.mark = SimulationMark()
        self.close_key = Key(self.tr("Close"), "cancel", row=True, critical=False)
        self.said = TextLine("body", chars=30, least=0.7)
        self.strip = EventStrip()
        names = {
            "pressure": (self.tr("abdomen"), "P1", self.tr("line"), theme.now().pressure_faint),
            "flow": (self.tr("mean"), self.tr("set"), self.tr("now"), theme.now().flow_faint),
            "light_temperature": ("", "", "", ""),
        }
        last = tuple(histories)[-1]
        self.rows = tuple(
            self._row_of(quantities[key], histories[key], *names[key], time_axis=key == last) for key in histories
        )
        self._plots = QWidget()
        self.cursor_line = PlotCursor(self._plots)
        self._lay_out()
        self.spans.show_chosen(self._chosen_s)
        self.mark.hide()
        self._say()

        self.spans.chosen.connect(self.chosen)
        self.hold.clicked.connect(self.toggle_hold)
        self.close_key.clicked.connect(self.closed)
        self.cursor_line.moved.connect(self._on_touch)

    def _row_of(
        self,
        spec: QuantitySpec,
        history: History,
        value: str,
        setpoint: str,
        second: str,
        behind: str,
        *,
        time_axis: bool,
    ) -> Row:
        plot = TrendPlot(spec, history, setpoint, behind=behind, large=True, time_axis=time_axis)
        return Row(spec, plot, TextLine("body", bold=True, chars=20, least=0.75), (value, setpoint, second))

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        self._top.addWidget(self.spans)
        self._top.addWidget(self.hold)
        self._top.addStretch(1)
        self._top.addWidget(self.mark)
        self._top.addStretch(1)
        self._top.addWidget(self.close_key)
        self._column = QVBoxLayout(self._plots)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for row in self.rows:
            line = QHBoxLayout()
            line.setSpacing(8)
            name: QLabel = heading(row.spec.label.upper())
            name.setStyleSheet(f"color: {theme.now().hue(row.spec.key)}")
            line.addWidget(name)
            line.addWidget(heading(units.name(row.spec.unit)))
            line.addWidget(row.reading, 1)
            self._column.addLayout(line)
            self._column.addWidget(row.plot, 1)
        self._column.addWidget(self.strip)
        whole = QVBoxLayout(self)
        whole.addLayout(self._top)
        whole.addWidget(self.said)
        whole.addWidget(self._plots, 1)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._top.setSpacing(sizes.gap)
        for widget in (self.hold, self.mark, self.close_key):
            widget.setFixedHeight(sizes.service_key)
        self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        if self.held:
            self.release()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def held(self) -> bool:
        """Whether the large plots stand still."""
        return self._held_s is not None

    @property
    def plots(self) -> tuple[TrendPlot, ...]:
        """The large plots, from top to bottom."""
        return tuple(row.plot for row in self.rows)

    def show_tower(self, view: TowerView) -> None:
        """Follow the clock and the limits; costs next to nothing."""
        if self.mark.isHidden() == view.simulation:
            self.mark.setVisible(view.simulation)
        if self.held:
            return
        self._now_s, self._wall_s = view.time_s, time.time() - view.time_s
        self.rows[0].plot.show_line("P2", view.p2_mmhg)
        self.rows[0].plot.show_line(self.tr("alarm"), view.alarm_mmhg)

    def show_span(self, chosen_s: float | None) -> None:
        """Draw this range."""
        self._chosen_s = chosen_s
        self.spans.show_chosen(chosen_s)
        for row in self.rows:
            row.plot.show_span(chosen_s)
        if self.held:
            self._draw_all()

    def refresh(self, at: int, now_s: float) -> None:
        """Draw the plot `at` up to `now_s`; while held only what has changed."""
        shown_s = now_s if self._held_s is None else self._held_s
        if self.held and self._drawn.get(at) == (self._chosen_s, shown_s):
            return
        self._drawn[at] = (self._chosen_s, shown_s)
        plot = self.rows[at].plot
        events = self._events.between(shown_s - plot.history.span_s(self._chosen_s, shown_s), shown_s)
        plot.refresh(shown_s, [event.time_s for event in events])
        if at == 0:
            width = max(row.plot.names_wanted() for row in self.rows)
            for row in self.rows:
                row.plot.set_names_width(width)
            self._now_s = shown_s
            field = self._field()
            self.strip.show_events(events, [self._x_of(e.time_s) for e in events], field.left(), field.right())
        self._draw_cursor()

    @Slot()
    def toggle_hold(self) -> None:
        """Hold the large plots as they are, or let them run."""
        if self.held:
            self.release()
        else:
            self._hold()
            self._say()

    def release(self) -> None:
        """Let the plots run again, without a cursor."""
        self._held_s = self._cursor_s = None
        for row in self.rows:
            row.plot.history = self._histories[row.spec.key]
        self.hold.set_face(self.tr("Hold"), on=False)
        self.cursor_line.show_at(None, [])
        self._say()

    def _hold(self) -> None:
        self._held_s = self._now_s
        for row in self.rows:
            row.plot.history = copy.deepcopy(self._histories[row.spec.key])
        self.hold.set_face(self.tr("Held"), on=True)
        self._draw_all()

    def _draw_all(self) -> None:
        for at in range(len(self.rows)):
            self.refresh(at, self._now_s)

    def _place(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.cursor_line.setGeometry(self._plots.rect())
        self.cursor_line.raise_()
        self._drawn.clear()

    def _field(self) -> QRect:
        """Where the curves of the first plot lie, and so across those of all, in the cursor's pixels."""
        plot = self.rows[0].plot
        return plot.field().translated(plot.mapTo(self._plots, QPoint(0, 0)))

    def _x_of(self, time_s: float) -> int:
        field, span_s = self._field(), self.rows[0].plot.span_s
        return round(field.right() + (time_s - self._now_s) / span_s * field.width())

    @Slot(float)
    def _on_touch(self, x: float) -> None:
        if not self.held:
            self._hold()
        field, span_s = self._field(), self.rows[0].plot.span_s
        share = min(1.0, max(0.0, (x - field.left()) / max(1, field.width())))
        self._cursor_s = self._now_s - (1.0 - share) * span_s
        self._draw_cursor()
        self._say()

    def _draw_cursor(self) -> None:
        fields = [row.plot.field().translated(row.plot.mapTo(self._plots, QPoint(0, 0))) for row in self.rows]
        self.cursor_line.show_at(None if self._cursor_s is None else self._x_of(self._cursor_s), fields)

    def _say(self) -> None:
        """The line above the plots, and the values at the cursor."""
        for row in self.rows:
            row.reading.set_text("" if self._cursor_s is None else self._reading(row, self._cursor_s))
        if self._held_s is None:
            self.said.set_text(self.tr("Live. Touch the plots to hold them and read values"), icon="")
            return
        held = self._clock(self._held_s)
        if self._cursor_s is None:
            self.said.set_text(self.tr("Held at {time}").format(time=held), icon="freeze")
            return
        before = viewmodels.duration(self._held_s - self._cursor_s)
        parts = [self.tr("{time} (−{before})").format(time=self._clock(self._cursor_s), before=before)]
        parts += [plot_events.words(event) for event in self._events_near(self._cursor_s)]
        self.said.set_text(" · ".join(parts), icon="freeze")

    def _events_near(self, time_s: float) -> list[PlotEvent]:
        reach_s = NEAR_PX / max(1, self._field().width()) * self.rows[0].plot.span_s
        near = self._events.between(time_s - reach_s, time_s + reach_s)
        return sorted(near, key=lambda event: (event.rank, abs(event.time_s - time_s)))[:1]

    def _reading(self, row: Row, time_s: float) -> str:
        """The values of one plot at a time: "abdomen 11.8 · line 13.0 · P1 12.0", as ranges where a bin has several."""
        found = row.plot.history.at(time_s, self._chosen_s)
        parts = []
        for kind in (VALUE, SECOND, SETPOINT):
            name, pair = row.names[kind], found[kind]
            if kind != VALUE and (pair is None or not name):
                continue
            parts.append(f"{name} {self._range(row, pair)}".strip())
        return " · ".join(parts)

    def _range(self, row: Row, pair: tuple[float, float] | None) -> str:
        if pair is None:
            return viewmodels.UNKNOWN
        low, high = (viewmodels.number(units.shown(v, row.spec.unit), row.plot.spec.decimals) for v in pair)
        return low if low == high else self.tr("{low} to {high}").format(low=low, high=high)

    def _clock(self, time_s: float) -> str:
        return time.strftime("%H:%M:%S", time.localtime(time_s + self._wall_s))
