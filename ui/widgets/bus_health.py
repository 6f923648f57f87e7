"""The bus on the service page: each slave's counts and round trips, the port, the cycle's lateness."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import servicemodels, theme
from ui.theme import Sizes
from ui.viewstate import BusView
from ui.widgets.base import Sized
from ui.widgets.grid_table import GridTable
from ui.widgets.text_line import TextLine

# Counts that run at 50 Hz cannot be read faster than this.
REFRESH_S = 0.5


class BusHealth(QWidget, Sized):
    """Slaves are data: a fourth one is a fourth column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown_s = 0.0
        self.table = GridTable()
        self.port = TextLine("small", tint=theme.now().text_soft, chars=20)
        self.late = TextLine("small", tint=theme.now().text_soft, chars=20)
        self.details = TextLine("small", tint=theme.now().text_soft, chars=20, lines=2)
        self.trouble = TextLine("small", bold=True, chars=20, least=0.8)

        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.table, 1)
        for line in (self.port, self.late, self.details, self.trouble):
            self._column.addWidget(line)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._column.setSpacing(2)

    def show_bus(self, bus: BusView) -> None:
        """Draw the bus, at reading pace."""
        now_s = time.monotonic()
        if now_s - self._shown_s < REFRESH_S:
            return
        self._shown_s = now_s
        self.table.show_rows(servicemodels.bus_table(bus))
        port, late = servicemodels.bus_lines(bus)
        self.port.set_text(port)
        self.late.set_text(late)
        self.details.set_text(servicemodels.bus_details(bus))
        self.trouble.set_text(bus.diagnosis, icon="lost" if bus.diagnosis else "")
