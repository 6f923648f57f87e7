"""Gas: pressure and flow, start and stop, gas used, cylinder."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.intents import ResetGasUsed, StartGas, StopGas
from ui.theme import Sizes
from ui.viewstate import QuantitySpec, SetpointSpec, TowerView
from ui.widgets.base import Panel, heading
from ui.widgets.channel import Channel
from ui.widgets.key import HoldKey, Key
from ui.widgets.readout import SmallReadout
from ui.widgets.setpoint_key import SetpointKey
from ui.widgets.text_line import TextLine


class InsufflatorPanel(Panel):
    """Starting gas takes a hold of 1 s.  STOP acts at the touch itself: closing the valves is the safe side."""

    intent = Signal(object)
    edit = Signal(str)

    def __init__(
        self,
        setpoints: Mapping[str, SetpointSpec],
        quantities: Mapping[str, QuantitySpec],
        plot_window_s: float,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.set_pressure = SetpointKey(setpoints["pressure_setpoint"])
        self.set_flow = SetpointKey(setpoints["flow_setpoint"])
        self.pressure = Channel(quantities["pressure"], plot_window_s, self.set_pressure, "P1")
        self.flow = Channel(quantities["flow"], plot_window_s, self.set_flow, self.tr("set"))
        self.gas_state = TextLine("title", bold=True, chars=12, least=0.8)
        self.start = HoldKey(self.tr("START"), "start", hint=self.tr("hold 1 s"), hold_s=1.0)
        self.stop = Key(self.tr("STOP"), "stop", hint=self.tr("at once"))
        self.gas_used = SmallReadout(quantities["gas_used"], stacked=True, note_row=True)
        self.reset = HoldKey(self.tr("Reset"), "reset", hint=self.tr("hold 1 s"), hold_s=1.0)
        self.reset.setAccessibleName(self.tr("Reset gas used"))
        self.cylinder = SmallReadout(quantities["cylinder"])

        self._gas = QWidget()
        keys = QHBoxLayout()
        keys.addWidget(self.start, 1)
        keys.addWidget(self.stop, 1)
        used = QHBoxLayout()
        used.addWidget(self.gas_used, 1)
        used.addWidget(self.reset)
        self._column = QVBoxLayout(self._gas)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(heading(self.tr("GAS")))
        self._column.addWidget(self.gas_state)
        self._column.addLayout(keys, 2)
        self._column.addLayout(used, 1)
        self._column.addWidget(self.cylinder)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.pressure, 1)
        self._row.addWidget(self.flow, 1)
        self._row.addWidget(self._gas)

        self.start.held.connect(self._on_start)
        self.stop.pressed.connect(self._on_stop)
        self.reset.held.connect(self._on_reset)
        self.set_pressure.tapped.connect(self.edit)
        self.set_flow.tapped.connect(self.edit)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._gas.setFixedWidth(sizes.gas_column)
        self._column.setSpacing(sizes.gap)
        self._row.setSpacing(sizes.padding + sizes.gap // 2)

    def show_state(self, view: TowerView) -> None:
        """Everything that must be seen at once when it changes."""
        self.set_pressure.show_setpoint(view.pressure_setpoint)
        self.set_flow.show_setpoint(view.flow_setpoint)
        self.pressure.plot.show_line("P2", view.p2_mmhg)
        if view.gas_pending:
            self.gas_state.set_text(self.tr("waiting…"), icon="pending")
        elif view.gas_running is None:
            self.gas_state.set_text(self.tr("not known"), icon="searching")
        else:
            icon = "start" if view.gas_running else "stop"
            words = view.gas_state or (self.tr("Supplying") if view.gas_running else self.tr("Stopped"))
            self.gas_state.set_text(words, icon=icon)
        running = view.gas_running is True
        self.start.setEnabled(not running)
        self.stop.set_strong(running or view.gas_pending)

    def show_numbers(self, view: TowerView) -> None:
        """The measured values, at reading pace."""
        self.pressure.show_numbers(view.pressure)
        self.pressure.show_state(view.pressure, self.set_pressure.face)
        self.flow.show_numbers(view.flow)
        self.flow.show_state(view.flow, self.set_flow.face)
        self.gas_used.show_value(view.gas_used)
        self.cylinder.show_value(view.cylinder)

    def sample(self, view: TowerView) -> None:
        """Append to the plots' histories."""
        self.pressure.sample(view.time_s, view.pressure, view.pressure_setpoint.active)
        self.flow.sample(view.time_s, view.flow, view.flow_setpoint.active)

    @Slot()
    def _on_start(self) -> None:
        self.intent.emit(StartGas())

    @Slot()
    def _on_stop(self) -> None:
        self.intent.emit(StopGas())

    @Slot()
    def _on_reset(self) -> None:
        self.intent.emit(ResetGasUsed())
