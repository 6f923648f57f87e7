"""The service page: bus health, and in simulation the fault panel; takes the place of the enhanced picture."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.theme import Sizes
from ui.viewstate import TowerView
from ui.widgets.base import Panel
from ui.widgets.bus_health import BusHealth
from ui.widgets.fault_panel import FaultPanel
from ui.widgets.key import Key
from ui.widgets.simulation_mark import SimulationMark


class ServicePage(Panel):
    """The raw picture, alarms, gas and light stay in sight beside it."""

    intent = Signal(object)
    edit_value = Signal(object, object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bus_key = Key(self.tr("Bus health"), "link", row=True, critical=False)
        self.plant_key = Key(self.tr("Simulation"), "fault", row=True, critical=False)
        self.mark = SimulationMark()
        self.close_key = Key(self.tr("Close"), "cancel", row=True, critical=False)
        self.bus = BusHealth()
        self.plant = FaultPanel()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.bus)
        self._pages.addWidget(self.plant)

        self._top = QHBoxLayout()
        self._top.addWidget(self.bus_key)
        self._top.addWidget(self.plant_key)
        self._top.addStretch(1)
        self._top.addWidget(self.mark)
        self._top.addStretch(1)
        self._top.addWidget(self.close_key)
        column = QVBoxLayout(self)
        column.addLayout(self._top)
        column.addWidget(self._pages, 1)
        self._show_page(self.bus)
        self.plant_key.hide()
        self.mark.hide()

        self.bus_key.clicked.connect(self._to_bus)
        self.plant_key.clicked.connect(self._to_plant)
        self.close_key.clicked.connect(self.closed)
        self.plant.intent.connect(self.intent)
        self.plant.edit_value.connect(self.edit_value)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._top.setSpacing(sizes.gap)
        for widget in (self.bus_key, self.plant_key, self.mark, self.close_key):
            widget.setFixedHeight(sizes.service_key)

    def show_tower(self, view: TowerView) -> None:
        """Draw what the page shows of the tower; costs next to nothing while nothing changes."""
        simulated = view.plant is not None
        for widget in (self.plant_key, self.mark):
            if widget.isHidden() == simulated:
                widget.setVisible(simulated)
        if not simulated and self._pages.currentWidget() is self.plant:
            self._show_page(self.bus)
        if view.plant is not None:
            self.plant.show_plant(view.plant)
        self.bus.show_bus(view.bus)

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self.bus_key.set_face(self.bus_key.text(), on=page is self.bus)
        self.plant_key.set_face(self.plant_key.text(), on=page is self.plant)

    @Slot()
    def _to_bus(self) -> None:
        self._show_page(self.bus)

    @Slot()
    def _to_plant(self) -> None:
        self._show_page(self.plant)
