"""The service page: bus, frames, modules, log, roles, and in simulation the faults; in the enhanced picture's place."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import servicemodels
from ui.intents import RunSelfTest, WatchService
from ui.serviceview import AccessView
from ui.theme import Sizes
from ui.viewstate import SetpointSpec, TowerView
from ui.widgets.access_page import AccessPage
from ui.widgets.base import Panel
from ui.widgets.bus_health import BusHealth
from ui.widgets.fault_panel import FaultPanel
from ui.widgets.frame_monitor import FrameMonitor
from ui.widgets.key import Key
from ui.widgets.log_page import LogPage
from ui.widgets.module_page import ModulePage
from ui.widgets.simulation_mark import SimulationMark


class ServicePage(Panel):
    """The raw picture, alarms, gas and light stay in sight beside it.  Everybody may read; what changes something asks
    for the service role first."""

    intent = Signal(object)
    edit_value = Signal(object, object, object)  # as the fault panel's
    code_wanted = Signal(object)  # Role: ask for its code
    change_wanted = Signal(object)  # Role: ask for a new code
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access = AccessView()
        self._watched = ""
        self.bus_key = Key(self.tr("Bus"), critical=False)
        self.frames_key = Key(self.tr("Frames"), critical=False)
        self.modules_key = Key(self.tr("Modules"), critical=False)
        self.log_key = Key(self.tr("Log"), critical=False)
        self.access_key = Key(self.tr("Role"), critical=False)
        self.plant_key = Key(self.tr("Simulation"), critical=False)
        self.mark = SimulationMark()
        self.close_key = Key("", "cancel", critical=False)
        self.close_key.setAccessibleName(self.tr("Close"))
        self.bus, self.frames, self.modules = BusHealth(), FrameMonitor(), ModulePage()
        self.log, self.access, self.plant = LogPage(), AccessPage(), FaultPanel()
        self._tabs: dict[Key, QWidget] = {
            self.bus_key: self.bus,
            self.frames_key: self.frames,
            self.modules_key: self.modules,
            self.log_key: self.log,
            self.access_key: self.access,
            self.plant_key: self.plant,
        }
        # Data that are gathered only while somebody looks.
        self._gathered: dict[QWidget, str] = {self.frames: "frames", self.modules: "modules", self.log: "log"}
        self._pages = QStackedWidget()
        self._top = QHBoxLayout()
        for key, page in self._tabs.items():
            self._top.addWidget(key)
            self._pages.addWidget(page)
            key.clicked.connect(self._on_tab)
        self._top.addStretch(1)
        self._top.addWidget(self.mark)
        self._top.addWidget(self.close_key)
        column = QVBoxLayout(self)
        column.addLayout(self._top)
        column.addWidget(self._pages, 1)
        self._show_page(self.bus)
        self.plant_key.hide()
        self.mark.hide()

        self.close_key.clicked.connect(self.closed)
        for part in (self.plant, self.frames, self.log):
            part.intent.connect(self._on_change)
        self.plant.edit_value.connect(self._on_edit)
        self.modules.test_wanted.connect(self._on_test)
        self.access.intent.connect(self.intent)
        self.access.code_wanted.connect(self.code_wanted)
        self.access.change_wanted.connect(self.change_wanted)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._top.setSpacing(sizes.gap // 2)
        for widget in (*self._tabs, self.mark, self.close_key):
            widget.setFixedHeight(sizes.service_key)
        for tab in self._tabs:  # a word of one character is a key for a finger as well
            tab.setMinimumWidth(max(sizes.service_key, tab.sizeHint().width()))

    def show_tower(self, view: TowerView) -> None:
        """Draw what the page shows of the tower; costs next to nothing while nothing changes."""
        self._access = view.access
        simulated = view.plant is not None
        for widget in (self.plant_key, self.mark):
            if widget.isHidden() == simulated:
                widget.setVisible(simulated)
        page = self._pages.currentWidget()
        if not simulated and page is self.plant:
            self._show_page(self.bus)
        if view.plant is not None:
            self.plant.show_plant(view.plant)
        self.bus.show_bus(view.bus)
        self.access.show_access(view.access)
        if page is self.frames:
            self.frames.show_service(view.service)
        elif page is self.modules:
            self.modules.show_tower(view)
        elif page is self.log:
            self.log.show_service(view.service)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch()

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        for key, shown in self._tabs.items():
            key.set_face(key.text(), on=shown is page)
        self._watch()

    def _watch(self) -> None:
        """Say which data are wanted now."""
        page = self._pages.currentWidget()
        wanted = self._gathered.get(page, "") if page is not None and self.isVisible() else ""
        if wanted != self._watched:
            self._watched = wanted
            self.intent.emit(WatchService(wanted))

    def _allowed(self) -> bool:
        """Whether something may be changed; else the code is asked for."""
        if not self._access.may_change:
            self.code_wanted.emit(servicemodels.role_for_service(self._access))
        return self._access.may_change

    @Slot()
    def _on_tab(self) -> None:
        pressed = self.sender()
        self._show_page(next(page for key, page in self._tabs.items() if key is pressed))

    @Slot()
    def _on_test(self) -> None:
        """The self-test's page comes to this one's place."""
        self.intent.emit(RunSelfTest())
        self.closed.emit()

    @Slot(object)
    def _on_change(self, intent: object) -> None:
        if self._allowed():
            self.intent.emit(intent)

    @Slot(object, object, object)
    def _on_edit(self, spec: SetpointSpec, value: float | None, row: QWidget) -> None:
        if self._allowed():
            self.edit_value.emit(spec, value, row)
