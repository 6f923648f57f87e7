"""Light: temperature, current and fan, intensity, hours, on and standby."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme, viewmodels
from ui.history import History
from ui.intents import SetLight
from ui.theme import Sizes
from ui.viewstate import QuantitySpec, SetpointSpec, TowerView
from ui.widgets.base import Panel, heading
from ui.widgets.channel import Channel
from ui.widgets.key import HoldKey
from ui.widgets.readout import SmallReadout
from ui.widgets.setpoint_key import SetpointKey
from ui.widgets.text_line import TextLine


class LightPanel(Panel):
    """Both ways take a hold: on 1 s, because the tip burns; standby 0.5 s, because a brush of a sleeve must not leave
    the surgeon in the dark with instruments inside."""

    intent = Signal(object)
    edit = Signal(str)

    def __init__(
        self,
        setpoints: Mapping[str, SetpointSpec],
        quantities: Mapping[str, QuantitySpec],
        histories: Mapping[str, History],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.current = SmallReadout(quantities["light_current"], stacked=True)
        self.fan = SmallReadout(quantities["light_fan"])
        self.light_state = TextLine("title", bold=True, chars=9, least=0.8)
        self.hours = TextLine("small", tint=theme.now().text_soft, chars=6, align=Qt.AlignmentFlag.AlignRight)
        self.set_intensity = SetpointKey(setpoints["light_intensity"], self.tr("Intensity %"))
        self.on_key = HoldKey(self.tr("ON"), "light", hint=self.tr("hold 1 s"), hold_s=1.0, row=True)
        self.standby_key = HoldKey(self.tr("STANDBY"), "standby", hint=self.tr("hold 0.5 s"), hold_s=0.5, row=True)
        self.temperature = Channel(
            quantities["light_temperature"], histories["light_temperature"], self.current, self.fan
        )

        self._side = QWidget()
        self._column = QVBoxLayout(self._side)
        self._column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(heading(self.tr("LIGHT")))
        top.addWidget(self.hours, 1)
        self._column.addLayout(top)
        self._column.addWidget(self.light_state)
        self._column.addWidget(self.set_intensity)
        self._column.addWidget(self.on_key, 1)
        self._column.addWidget(self.standby_key, 1)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.temperature, 1)
        self._row.addWidget(self._side)

        self.on_key.held.connect(self._on_on)
        self.standby_key.held.connect(self._on_standby)
        self.set_intensity.tapped.connect(self.edit)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._side.setFixedWidth(sizes.light_column)
        self._column.setSpacing(sizes.gap - 2)
        self._row.setSpacing(sizes.padding + sizes.gap // 2)

    def show_state(self, view: TowerView) -> None:
        """Everything that must be seen at once when it changes."""
        self.set_intensity.show_setpoint(view.light_intensity)
        words, icon = viewmodels.light_state(view)
        self.light_state.set_text(words, icon=icon)
        self.hours.set_text(viewmodels.hours(view.light_hours))
        self.on_key.setEnabled(view.light_on is not True)
        self.standby_key.set_strong(view.light_on is True)

    def show_numbers(self, view: TowerView) -> None:
        """The measured values, at reading pace."""
        self.temperature.show_numbers(view.light_temperature)
        self.temperature.show_state(view.light_temperature, self.set_intensity.face)
        self.current.show_value(view.light_current)
        self.fan.show_value(view.light_fan)

    def sample(self, view: TowerView) -> None:
        """Append to the plot's history."""
        self.temperature.sample(view.time_s, view.light_temperature, None)

    @Slot()
    def _on_on(self) -> None:
        self.intent.emit(SetLight(True))

    @Slot()
    def _on_standby(self) -> None:
        self.intent.emit(SetLight(False))
