"""What acts on the gas: supply, stop, mode and vent, what the gas side is doing, and the counts of this patient."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import viewmodels
from ui.intents import PauseGas, ResetGasUsed, StartGas, StopGas, VentGas
from ui.theme import Sizes
from ui.viewstate import GasModeSpec, QuantitySpec, TowerView
from ui.widgets.base import Sized, heading
from ui.widgets.key import HoldKey, Key
from ui.widgets.mode_key import ModeKey
from ui.widgets.readout import SmallReadout
from ui.widgets.supply_key import SupplyKey
from ui.widgets.text_line import TextLine


class GasColumn(QWidget, Sized):
    """What lets gas in or out takes a hold; what closes the valves acts at the touch; going on is one touch."""

    intent = Signal(object)
    choose_mode = Signal()

    def __init__(
        self, quantities: Mapping[str, QuantitySpec], modes: tuple[GasModeSpec, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._venting = False
        self.gas_state = TextLine("body", bold=True, chars=10, least=0.7)
        self.start = SupplyKey()
        self.stop = Key(self.tr("STOP"), "stop", hint=self.tr("at once"))
        self.mode = ModeKey(modes)
        self.vent = HoldKey(self.tr("VENT"), "vent", hint=self.tr("hold 1 s"), hold_s=1.0)
        self.gas_used = SmallReadout(quantities["gas_used"], label=self.tr("Used"))
        self.supply_time = SmallReadout(
            QuantitySpec("supply_time", "Time with gas", "", 0, 0, 1), label=self.tr("Time")
        )
        self.reset = HoldKey(self.tr("Reset"), "reset", hint=self.tr("hold 1 s"), hold_s=1.0)
        self.reset.setAccessibleName(self.tr("Reset gas used and time"))

        self._top = QHBoxLayout()
        self._top.addWidget(heading(self.tr("GAS")))
        self._top.addWidget(self.gas_state, 1)
        self._keys = QGridLayout()
        for at, key in enumerate((self.start, self.stop, self.mode, self.vent)):
            self._keys.addWidget(key, at // 2, at % 2)
        for line in (0, 1):
            self._keys.setColumnStretch(line, 1)
            self._keys.setRowStretch(line, 1)
        counts = QVBoxLayout()
        counts.setSpacing(0)
        counts.addStretch(1)
        counts.addWidget(self.gas_used)
        counts.addStretch(1)
        counts.addWidget(self.supply_time)
        counts.addStretch(1)
        self._last = QHBoxLayout()
        self._last.addLayout(counts, 1)
        self._last.addWidget(self.reset)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._top)
        self._column.addLayout(self._keys, 1)
        self._column.addLayout(self._last)

        self.start.started.connect(self._on_supply)
        self.start.resumed.connect(self._on_supply)
        self.start.paused.connect(self._on_pause)
        self.stop.pressed.connect(self._on_stop)
        self.vent.held.connect(self._on_vent)
        self.mode.clicked.connect(self.choose_mode)
        self.reset.held.connect(self._on_reset)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.setFixedWidth(sizes.gas_column)
        for layout in (self._column, self._keys, self._last, self._top):
            layout.setSpacing(sizes.gap)

    def show_state(self, view: TowerView) -> None:
        """Everything that must be seen at once when it changes."""
        words, icon = viewmodels.gas_state(view)
        self.gas_state.set_text(words, icon=icon)
        running, venting = view.gas_running is True, view.gas_venting
        off = viewmodels.gas_off_because(view)
        self.start.show_tower(view)
        self.stop.set_strong(running or venting or view.gas_pending)
        self.mode.show_mode(view.gas_mode, view.gas_mode_pending)
        if venting:
            self.vent.set_face(self.tr("VENTING"), hint=self.tr("STOP ends it"), on=True)
            self.vent.setEnabled(True)
        else:
            self.vent.set_face(self.tr("VENT"), hint=off or self.tr("hold 1 s"))
            self.vent.setEnabled(not off)
        self._venting = venting

    def show_numbers(self, view: TowerView) -> None:
        """The counts, at reading pace."""
        self.gas_used.show_value(view.gas_used)
        self.supply_time.show_words(viewmodels.clock(view.supply_s), known=view.supply_s is not None)

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
    def _on_vent(self) -> None:
        if not self._venting:
            self.intent.emit(VentGas())

    @Slot()
    def _on_reset(self) -> None:
        self.intent.emit(ResetGasUsed())
