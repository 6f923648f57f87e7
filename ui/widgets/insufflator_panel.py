"""Gas: pressure and flow with their setpoints and plots, and the column of what acts on the gas."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.history import History
from ui.theme import Sizes
from ui.viewstate import GasModeSpec, QuantitySpec, SetpointSpec, TowerView
from ui.widgets.base import Panel
from ui.widgets.flow_channel import FlowChannel
from ui.widgets.gas_column import GasColumn
from ui.widgets.pressure_channel import PressureChannel
from ui.widgets.readout import SmallReadout
from ui.widgets.setpoint_key import SetpointKey


class InsufflatorPanel(Panel):
    """Starting gas takes a hold of 1 s.  STOP acts at the touch itself: closing the valves is the safe side."""

    intent = Signal(object)
    edit = Signal(str)
    choose_mode = Signal()

    def __init__(
        self,
        setpoints: Mapping[str, SetpointSpec],
        quantities: Mapping[str, QuantitySpec],
        histories: Mapping[str, History],
        modes: tuple[GasModeSpec, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.set_pressure = SetpointKey(setpoints["pressure_setpoint"])
        self.set_flow = SetpointKey(setpoints["flow_setpoint"])
        self.cylinder = SmallReadout(quantities["cylinder"])
        self.pressure = PressureChannel(quantities["pressure"], histories["pressure"], self.set_pressure)
        self.flow = FlowChannel(quantities["flow"], histories["flow"], self.set_flow, self.cylinder)
        self.gas = GasColumn(quantities, modes)
        self.gas_state, self.start, self.stop = self.gas.gas_state, self.gas.start, self.gas.stop
        self.mode, self.vent, self.reset = self.gas.mode, self.gas.vent, self.gas.reset
        self.gas_used = self.gas.gas_used

        self._row = QHBoxLayout(self)
        self._row.addWidget(self.pressure, 1)
        self._row.addWidget(self.flow, 1)
        self._row.addWidget(self.gas)

        self.gas.intent.connect(self.intent)
        self.gas.choose_mode.connect(self.choose_mode)
        self.set_pressure.tapped.connect(self.edit)
        self.set_flow.tapped.connect(self.edit)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._row.setSpacing(sizes.padding + sizes.gap // 2)

    def show_state(self, view: TowerView) -> None:
        """Everything that must be seen at once when it changes."""
        self.set_pressure.show_setpoint(view.pressure_setpoint)
        self.set_flow.show_setpoint(view.flow_setpoint)
        self.pressure.plot.show_line("P2", view.p2_mmhg)
        self.pressure.plot.show_line(self.tr("alarm"), view.alarm_mmhg)
        self.gas.show_state(view)

    def show_numbers(self, view: TowerView) -> None:
        """The measured values, at reading pace."""
        self.pressure.show_pressures(view, self.set_pressure.face)
        self.flow.show_flow(view, self.set_flow.face)
        if view.gas_running is None:
            off = self.tr("START is off until the insufflator says what the gas is doing")
            self.flow.state.set_text(off, icon="searching")
        self.cylinder.show_value(view.cylinder)
        self.gas.show_numbers(view)

    def sample(self, view: TowerView) -> None:
        """Append to the plots' histories."""
        self.pressure.take(view)
        self.flow.take(view)

    def plots_area(self, ancestor: QWidget) -> QRect:
        """Where the gas plots and their state lines lie in `ancestor`: the room of the chooser of the mode."""
        first, last = self.pressure.state, self.flow.plot
        top_left = first.mapTo(ancestor, QPoint(0, 0))
        bottom_right = last.mapTo(ancestor, QPoint(last.width() - 1, last.height() - 1))
        return QRect(top_left, bottom_right)
