"""Pressure: the abdomen's estimate large and the line's reading under it, or the other way round when that is safer."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui import theme, units
from ui.headline import HIGH_MMHG, LargePressure, Shown, relieving
from ui.history import History
from ui.viewmodels import SetpointFace
from ui.viewstate import MeasuredView, QuantitySpec, TowerView
from ui.widgets.channel import Channel
from ui.widgets.readout import SmallReadout


class PressureChannel(Channel):
    """Both pressures are always in sight and named.  The plot has the estimate strong and the line thin behind it."""

    def __init__(self, spec: QuantitySpec, history: History, beside: QWidget, parent: QWidget | None = None) -> None:
        self.other = SmallReadout(spec, with_unit=False)  # the unit stands in the heading
        super().__init__(spec, history, beside, self.other, "P1", parent, behind=theme.now().pressure_faint)
        self.large = LargePressure()
        self._shown: Shown | None = None
        self._name(Shown.NO_LINE)

    def take(self, view: TowerView) -> None:
        """Every view, at once: judges for how long the line has been high, and appends to the plot."""
        self.large.step(view)
        estimate = MeasuredView() if relieving(view) else view.abdomen
        self.sample(view.time_s, estimate, view.pressure_setpoint.active, view.pressure)

    def show_pressures(self, view: TowerView, setpoint: SetpointFace) -> None:
        """Draw both numbers, named for what they are, and the state line."""
        shown = self.large.shown(view)
        self._name(shown)
        large, small = view.abdomen, view.pressure
        if relieving(view):
            large = MeasuredView()
        if shown not in (Shown.ESTIMATE, Shown.RELIEF):
            large, small = small, large
        self.show_numbers(large)
        self.other.show_value(small)
        self.show_state(view.pressure, setpoint)
        if not self.state.text():
            self.state.set_text(self._why(shown), icon="" if shown is Shown.ESTIMATE else "range")

    def _name(self, shown: Shown) -> None:
        if shown is self._shown:
            return
        self._shown = shown
        headings = {Shown.ESTIMATE: self.tr("ABDOMEN · estimate"), Shown.RELIEF: self.tr("ABDOMEN · not known")}
        self.heading.setText(headings.get(shown, self.tr("LINE PRESSURE")))
        # What takes the estimate's place is drawn inverted: seen without colour and without reading.
        ink = f"color: {theme.now().pressure}"
        on = f"color: {theme.now().key_on_text}; background: {theme.now().pressure}; padding: 0 4px; border-radius: 3px"
        self.heading.setStyleSheet(on if shown in (Shown.LINE_HIGH, Shown.RELIEF) else ink)
        line_below = shown in (Shown.ESTIMATE, Shown.RELIEF)
        self.other.set_label(self.tr("Line") if line_below else self.tr("Abdomen"))

    def _why(self, shown: Shown) -> str:
        if shown is Shown.LINE_HIGH:
            return self.tr("the line is {height} or more above P1").format(height=units.words(HIGH_MMHG))
        if shown is Shown.RELIEF:
            return self.tr("relief valve open: the line reads too low")
        return self.tr("no estimate of the abdomen's pressure") if shown is Shown.NO_ESTIMATE else ""
