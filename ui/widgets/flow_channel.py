"""Flow: its mean over two seconds as the number, since gas is given in strokes; the strokes thin behind on the plot."""

from __future__ import annotations

from collections import deque

from PySide6.QtWidgets import QWidget

from ui import theme
from ui.history import GAP_S, History
from ui.viewmodels import SetpointFace
from ui.viewstate import MeasuredView, QuantitySpec, TowerView, Validity
from ui.widgets.channel import Channel
from ui.widgets.readout import SmallReadout

# Strokes and pauses of the supply last some tenths of a second: the number would jump between nothing and the valve's
# full flow.  The mean is what the abdomen gets, and what a flow setpoint is about.
MEAN_S = 2.0
COUNT_AFTER_S = 1.0
STILL_L_MIN = 0.5  # a count that stands still is believed up to this flow
MOST_SHARE = 1.5  # of the highest flow seen: a count that grows faster has jumped


class FlowMean:
    """Mean flow of the last `MEAN_S` seconds, l/min; begins anew after a gap.

    It is the growth of the module's count of gas, which misses no stroke: ten views a second do.  Where the count is
    not good, too young, does not move, or jumps, it is the mean of the flows seen.
    """

    def __init__(self) -> None:
        self.value: float | None = None
        self._taken: deque[tuple[float, float, float | None]] = deque()  # time_s, flow, gas used

    def step(self, time_s: float, flow: MeasuredView, used: MeasuredView) -> None:
        """Take one view's flow (l/min) and count of gas (l)."""
        taken = self._taken
        if flow.validity is not Validity.GOOD or flow.value is None:
            taken.clear()
            return
        count = used.value if used.validity is Validity.GOOD else None
        if taken and not 0 <= time_s - taken[-1][0] <= GAP_S:
            taken.clear()
        taken.append((time_s, flow.value, count))
        while taken[0][0] < time_s - MEAN_S:
            taken.popleft()
        seen = sum(value for _, value, _ in taken) / len(taken)
        counted = self._counted()
        if counted is not None:
            still = counted == 0 and seen > STILL_L_MIN
            jumped = counted > MOST_SHARE * max(value for _, value, _ in taken) + STILL_L_MIN
            counted = None if still or jumped else counted
        self.value = seen if counted is None else counted

    def _counted(self) -> float | None:
        (first_s, _, first_l), (last_s, _, last_l) = self._taken[0], self._taken[-1]
        if first_l is None or last_l is None or last_s - first_s < COUNT_AFTER_S or last_l < first_l:
            return None
        return 60.0 * (last_l - first_l) / (last_s - first_s)

    def view(self, flow: MeasuredView) -> MeasuredView:
        """The mean with the standing of the flow: an old flow leaves the last mean, greyed out."""
        if flow.validity is Validity.UNKNOWN:
            return flow
        return MeasuredView(flow.value if self.value is None else self.value, flow.validity, flow.age_s)


class FlowChannel(Channel):
    """The number says that it is a mean."""

    def __init__(
        self, spec: QuantitySpec, history: History, beside: QWidget, below: SmallReadout, parent: QWidget | None = None
    ) -> None:
        super().__init__(spec, history, beside, below, self.tr("set"), parent, behind=theme.now().flow_faint)
        self.mean = FlowMean()
        self.heading.setText(self.tr("FLOW · mean of 2 s"))

    def take(self, view: TowerView) -> None:
        """Every view, at once: for the mean, and for the plot."""
        self.mean.step(view.time_s, view.flow, view.gas_used)
        self.sample(view.time_s, self.mean.view(view.flow), view.flow_setpoint.active, view.flow)

    def show_flow(self, view: TowerView, setpoint: SetpointFace) -> None:
        """Draw the mean and the state line."""
        self.show_numbers(self.mean.view(view.flow))
        self.show_state(view.flow, setpoint)
