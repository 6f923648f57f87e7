"""What the plots show, kept while widgets are built anew: histories, events, range; and whose turn it is."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Slot

from ui.history import SPANS_S, History
from ui.plot_events import EventLog
from ui.viewstate import TowerView
from ui.widgets.plot_page import PlotPage
from ui.widgets.trend_plot import TrendPlot

# A minute on some 300 pixels moves 5 pixels a second: each plot is drawn 5 times a second, by turns, so that none keeps
# a picture waiting for longer than one plot takes.
PLOT_HZ = 5
# Longer ranges move by less than a pixel in this time.
WAIT_S: dict[float | None, float] = {60.0: 0.0, 300.0: 0.4, 1800.0: 1.0, None: 1.0}
KEYS = ("pressure", "flow", "light_temperature")


class Trends(QObject):
    """All plots have one range."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.histories = {key: History() for key in KEYS}
        self.events = EventLog()
        self.chosen_s: float | None = SPANS_S[0]
        self._small: tuple[TrendPlot, ...] = ()
        self._page: PlotPage | None = None
        self._turn = 0
        self._drawn_s: dict[int, float] = {}  # by turn, up to when it was drawn last

    def attach(self, small: tuple[TrendPlot, ...], page: PlotPage) -> None:
        """Draw on these from now on."""
        self._small, self._page, self._turn = small, page, 0
        page.chosen.connect(self.choose)
        self.choose(self.chosen_s)

    def show_tower(self, view: TowerView) -> None:
        """Find what has happened."""
        self.events.step(view)

    @property
    def interval_ms(self) -> int:
        """Time from one plot's turn to the next one's."""
        return 1000 // (PLOT_HZ * (len(self._small) + (len(KEYS) if self._large else 0)))

    def refresh_next(self, now_s: float) -> None:
        """Draw the plot whose turn it is: the small ones, and the large ones while their page is open."""
        count = len(self._small)
        self._turn = (self._turn + 1) % (count + (len(KEYS) if self._large else 0))
        if 0.0 <= now_s - self._drawn_s.get(self._turn, -math.inf) < WAIT_S[self.chosen_s]:
            return
        self._drawn_s[self._turn] = now_s
        if self._turn >= count and self._page is not None:
            self._page.refresh(self._turn - count, now_s)
            return
        plot = self._small[self._turn]
        if plot.isVisible():
            first_s = now_s - plot.history.span_s(self.chosen_s, now_s)
            plot.refresh(now_s, [event.time_s for event in self.events.between(first_s, now_s)])

    @Slot(object)
    def choose(self, span_s: float | None) -> None:
        """Draw this range of `ui.history.SPANS_S` on every plot."""
        self.chosen_s = span_s
        self._drawn_s.clear()
        for plot in self._small:
            plot.show_span(span_s)
        if self._page is not None:
            self._page.show_span(span_s)

    @property
    def _large(self) -> bool:
        return self._page is not None and self._page.isVisible()
