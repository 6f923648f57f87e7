"""Which pressure the large number shows: the abdomen's estimate, the line's, which it must never mask, or none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ui.viewstate import TowerView, Validity

# clinical.md, Gas: a flow-compensated value must never mask a high line pressure.  In the pulses of the supply the line
# swings several mmHg many times a second, so a height counts once every view of half a second had it.
HIGH_MMHG = 3.0  # above P1
HIGH_FOR_S = 0.5
LOW_MMHG = 2.0  # above P1; the estimate comes back when the line has stayed below this
LOW_FOR_S = 1.0


class Shown(Enum):
    """What the large number shows, and why it is not the estimate."""

    ESTIMATE = "estimate"
    LINE_HIGH = "line high"
    NO_ESTIMATE = "no estimate"
    RELIEF = "relief open"  # the line reads far below the abdomen: neither it nor what is made of it is the patient's
    NO_LINE = "no line"  # the line's reading is old or unknown: no estimate can be better than it


def relieving(view: TowerView) -> bool:
    """Gas is being let out, by whomever, or has been a moment ago, between two looks at the pressure."""
    return view.relief_open or view.gas_venting or view.gas_state.casefold() == "relief open"


@dataclass(slots=True)
class LargePressure:
    """Remembers for how long the line has been high.  Times are those of the views."""

    high: bool = False
    _since_s: float | None = None  # of the state that would end the present one

    def step(self, view: TowerView) -> None:
        """Take one view; every view counts, also those whose numbers are not drawn."""
        line, p1, p2 = view.pressure, view.pressure_setpoint.active, view.p2_mmhg
        if line.validity is not Validity.GOOD or line.value is None or p1 is None:
            self._since_s = None
            return
        if p2 is not None and line.value >= p2:
            self.high, self._since_s = True, None
            return
        above = line.value - p1
        if relieving(view) and above < HIGH_MMHG:  # a line that is low now proves nothing
            self._since_s = None
            return
        ending = above < LOW_MMHG if self.high else above >= HIGH_MMHG
        if not ending:
            self._since_s = None
            return
        if self._since_s is None or view.time_s < self._since_s:
            self._since_s = view.time_s
        if view.time_s - self._since_s >= (LOW_FOR_S if self.high else HIGH_FOR_S):
            self.high, self._since_s = not self.high, None

    def shown(self, view: TowerView) -> Shown:
        """What the large number shows of this view."""
        if view.pressure.validity is not Validity.GOOD:
            return Shown.NO_LINE
        line, p1 = view.pressure.value, view.pressure_setpoint.active
        if relieving(view):
            high = line is not None and p1 is not None and line - p1 >= HIGH_MMHG
            return Shown.LINE_HIGH if high else Shown.RELIEF
        if view.abdomen.validity is not Validity.GOOD or p1 is None:
            return Shown.NO_ESTIMATE
        return Shown.LINE_HIGH if self.high else Shown.ESTIMATE
