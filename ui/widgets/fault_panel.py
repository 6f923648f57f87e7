"""Faults and values of the simulated tower: groups, large toggles, cough, repair; seen in simulation only."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import servicemodels
from ui.intents import Cough, SetFault, SetPlant
from ui.theme import Sizes
from ui.viewstate import FaultRow, PlantRow, SetpointSpec, SimulationView
from ui.widgets.base import Sized
from ui.widgets.key import Key
from ui.widgets.row_key import RowKey
from ui.widgets.text_line import TextLine

VALUES = "\0values"  # the group of the plant's values: no fault's group can have this name
MOST_ROWS, MOST_COLUMNS = 5, 3


class FaultPanel(QWidget, Sized):
    """All rows are data.  One page of keys is drawn at a time; keys page by touch, without scrolling."""

    intent = Signal(object)
    edit_value = Signal(object, object, object)  # SetpointSpec of the plant value, its value or None, its row

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plant = SimulationView()
        self._groups: Mapping[str, tuple[FaultRow, ...]] = {}
        self.group = ""
        self._page, self._per_page, self._columns = 0, MOST_ROWS * 2, 2
        self.group_keys: dict[str, Key] = {}
        self.row_keys = [RowKey(self) for _ in range(MOST_ROWS * MOST_COLUMNS)]
        self.previous = Key(self.tr("Previous"), critical=False)
        self.next = Key(self.tr("Next"), critical=False, hint="1/1")
        self.cough = Key(self.tr("Cough"), "cough", row=True, critical=False)
        self.repair = Key(self.tr("Repair all"), "repair", row=True, critical=False)
        self.answer = TextLine("small", bold=True, chars=20, lines=2)

        self._tabs = QHBoxLayout()
        self._grid = QGridLayout()
        self._last = QHBoxLayout()
        for key in (self.previous, self.next):
            self._last.addWidget(key)
        self._last.addWidget(self.answer, 1)
        for key in (self.cough, self.repair):
            self._last.addWidget(key)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._tabs)
        self._column.addLayout(self._grid)
        self._column.addStretch(1)
        self._column.addLayout(self._last)

        for key in self.row_keys:
            key.clicked.connect(self._on_row)
        self.previous.clicked.connect(self._to_previous)
        self.next.clicked.connect(self._to_next)
        self.cough.clicked.connect(self._on_cough)
        self.repair.clicked.connect(self._on_repair)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        compact = sizes.compact
        rows, self._columns = (4, 2) if compact else (MOST_ROWS, MOST_COLUMNS)
        self._per_page = rows * self._columns
        for at, key in enumerate(self.row_keys):
            self._grid.removeWidget(key)
            key.set_sizes(sizes)
            if at < self._per_page:
                self._grid.addWidget(key, at // self._columns, at % self._columns)
            key.setVisible(False)
        for column in range(MOST_COLUMNS):
            self._grid.setColumnStretch(column, int(column < self._columns))
        for layout in (self._tabs, self._grid, self._last, self._column):
            layout.setSpacing(4 if compact else sizes.gap)
        for key in (self.previous, self.next, self.cough, self.repair, *self.group_keys.values()):
            key.setFixedHeight(sizes.service_key)
        self._page = 0
        self._draw()

    def show_plant(self, plant: SimulationView) -> None:
        """Draw the simulated tower's faults and values."""
        if plant == self._plant:
            return
        self._plant = plant
        self._groups = servicemodels.grouped(plant.faults)
        names = [*self._groups, *([VALUES] if plant.values else [])]
        if names != list(self.group_keys):
            self._make_groups(names)
        self._draw()

    def open_group(self, group: str) -> None:
        """Show the rows of a group: a module's name, or `VALUES`."""
        self.group, self._page = group, 0
        self._draw()

    def pages(self) -> int:
        """How many pages the open group has."""
        return max(1, -(-len(self._rows()) // self._per_page))

    def _rows(self) -> tuple[FaultRow | PlantRow, ...]:
        return self._plant.values if self.group == VALUES else self._groups.get(self.group, ())

    def _make_groups(self, names: list[str]) -> None:
        for key in self.group_keys.values():
            self._tabs.removeWidget(key)
            key.deleteLater()
        self.group_keys = {}
        for name in names:
            key = Key("", critical=False)
            key.set_sizes(self.sizes)
            key.setFixedHeight(self.sizes.service_key)
            self.group_keys[name] = key
            self._tabs.addWidget(key, 1)
            key.clicked.connect(self._on_group)
        if self.group not in names:
            self.group, self._page = (names[0] if names else ""), 0

    def _draw(self) -> None:
        for name, key in self.group_keys.items():
            count = sum(fault.in_force for fault in self._groups.get(name, ()))
            words = self.tr("Values") if name == VALUES else servicemodels.group_text(name, count)
            key.set_face(words, on=name == self.group)
        self._page = min(self._page, self.pages() - 1)
        first = self._page * self._per_page
        page = self._rows()[first : first + self._per_page]
        for at, key in enumerate(self.row_keys):
            key.setVisible(at < len(page))
            if at < len(page):
                self._draw_row(key, page[at])
        self.next.set_face(self.tr("Next"), hint=f"{self._page + 1}/{self.pages()}")
        self.next.setEnabled(self._page + 1 < self.pages())
        self.previous.setEnabled(self._page > 0)
        in_force = sum(fault.in_force for fault in self._plant.faults)
        self.repair.set_face(self.tr("Repair all"), hint=self.tr("{n} in force").format(n=in_force))
        self.repair.setEnabled(in_force > 0)
        self.repair.set_strong(in_force > 0)
        self.answer.set_text(self._plant.answer, icon="refused" if self._plant.answer else "")

    def _draw_row(self, key: RowKey, row: FaultRow | PlantRow) -> None:
        if isinstance(row, PlantRow):
            icon = "next" if row.choices else "edit"
            key.show_row(row.name, servicemodels.plant_label(row), servicemodels.plant_value(row), icon, on=False)
        else:
            words = self.tr("IN FORCE") if row.in_force else self.tr("off")
            key.show_row(row.name, servicemodels.in_words(row.name), words, "fault", on=row.in_force)

    @Slot()
    def _on_group(self) -> None:
        key = self.sender()
        self.open_group(next(name for name, made in self.group_keys.items() if made is key))

    @Slot()
    def _on_row(self) -> None:
        key = self.sender()
        if not isinstance(key, RowKey):
            return
        row = next((row for row in self._rows() if row.name == key.name), None)
        if isinstance(row, FaultRow):
            self.intent.emit(SetFault(row.name, not row.in_force))
        elif row is not None and row.choices:
            self.intent.emit(SetPlant(row.name, servicemodels.next_choice(row)))
        elif row is not None:
            spec: SetpointSpec = servicemodels.plant_spec(row)
            self.edit_value.emit(spec, row.value, key)

    @Slot()
    def _to_next(self) -> None:
        self._page += 1
        self._draw()

    @Slot()
    def _to_previous(self) -> None:
        self._page -= 1
        self._draw()

    @Slot()
    def _on_cough(self) -> None:
        self.intent.emit(Cough())

    @Slot()
    def _on_repair(self) -> None:
        for fault in self._plant.faults:
            if fault.in_force:
                self.intent.emit(SetFault(fault.name, False))
