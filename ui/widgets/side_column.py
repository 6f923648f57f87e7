"""Gas, light and camera beside a full picture: what acts, in a column; the numbers stand on the picture."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import units, viewmodels
from ui.intents import PauseGas, SetLight, StartGas, StopGas
from ui.theme import Sizes
from ui.viewstate import SetpointSpec, TowerView
from ui.widgets.base import Panel, heading
from ui.widgets.camera_keys import CameraKeys
from ui.widgets.key import HoldKey, Key
from ui.widgets.setpoint_key import SetpointKey
from ui.widgets.supply_key import SupplyKey
from ui.widgets.text_line import TextLine


class SideColumn(Panel):
    """The same keys with the same holds as on the panels, at least as large.  Mode, vent, counts, plots and the light's
    ON need the panels, one touch away; what closes, stops or dims does not."""

    intent = Signal(object)
    edit = Signal(str)

    def __init__(self, setpoints: Mapping[str, SetpointSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.gas_state = TextLine("body", bold=True, chars=10, least=0.7)
        self.supply = SupplyKey()
        self.stop = Key(self.tr("STOP"), "stop", hint=self.tr("at once"))
        pressure, flow, light = (setpoints[k] for k in ("pressure_setpoint", "flow_setpoint", "light_intensity"))
        self.set_pressure = SetpointKey(pressure, self.tr("Pressure {unit}").format(unit=units.name(pressure.unit)))
        self.set_flow = SetpointKey(flow, self.tr("Flow {unit}").format(unit=units.name(flow.unit)))
        self.set_intensity = SetpointKey(light, self.tr("Light {unit}").format(unit=units.name(light.unit)))
        self.light_state = TextLine("title", bold=True, chars=9, least=0.7)
        self.standby = HoldKey(self.tr("STANDBY"), "standby", hint=self.tr("hold 0.5 s"), hold_s=0.5, row=True)
        self.camera = CameraKeys()

        self._gas_keys = QHBoxLayout()
        self._gas_keys.addWidget(self.supply, 1)
        self._gas_keys.addWidget(self.stop, 1)
        column = QVBoxLayout(self)
        column.addLayout(_headed(self.tr("GAS"), self.gas_state))
        column.addLayout(self._gas_keys, 3)
        column.addWidget(self.set_pressure)
        column.addWidget(self.set_flow)
        column.addStretch(1)
        column.addLayout(_headed(self.tr("LIGHT"), self.light_state))
        column.addWidget(self.set_intensity)
        column.addWidget(self.standby, 2)
        column.addStretch(1)
        column.addWidget(self.camera, 5)

        self.supply.started.connect(self._on_supply)
        self.supply.resumed.connect(self._on_supply)
        self.supply.paused.connect(self._on_pause)
        self.stop.pressed.connect(self._on_stop)
        self.standby.held.connect(self._on_standby)
        self.camera.intent.connect(self.intent)
        for key in (self.set_pressure, self.set_flow, self.set_intensity):
            key.tapped.connect(self.edit)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.setFixedWidth(sizes.camera_panel)
        self._gas_keys.setSpacing(sizes.gap)

    def show_state(self, view: TowerView) -> None:
        """Everything that must be seen at once when it changes."""
        words, icon = viewmodels.gas_state(view)
        self.gas_state.set_text(words, icon=icon)
        self.supply.show_tower(view)
        self.stop.set_strong(view.gas_running is True or view.gas_venting or view.gas_pending)
        self.set_pressure.show_setpoint(view.pressure_setpoint)
        self.set_flow.show_setpoint(view.flow_setpoint)
        self.set_intensity.show_setpoint(view.light_intensity)
        words, icon = viewmodels.light_state(view)
        self.light_state.set_text(words, icon=icon)
        self.standby.set_strong(view.light_on is True)
        self.camera.show_state(view)

    @Slot()
    def _on_supply(self) -> None:
        self.intent.emit(StartGas())

    @Slot()
    def _on_pause(self) -> None:
        self.intent.emit(PauseGas())

    @Slot()
    def _on_stop(self) -> None:
        self.intent.emit(StopGas())

    @Slot()
    def _on_standby(self) -> None:
        self.intent.emit(SetLight(False))


def _headed(word: str, state: TextLine) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(heading(word))
    row.addWidget(state, 1)
    return row
