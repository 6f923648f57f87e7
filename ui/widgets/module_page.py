"""The modules on the service page: what they say they are, their hours, their two pressure sensors, calibration."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import servicemodels, theme, viewmodels
from ui.theme import Sizes
from ui.viewstate import TowerView
from ui.widgets.base import Sized
from ui.widgets.grid_table import GridTable
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine


class ModulePage(QWidget, Sized):
    """Nothing here can be changed: calibration and firmware are the module's own matter."""

    test_wanted = Signal()  # everything tested again, as at the start

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        soft = theme.now().text_soft
        self.table = GridTable()
        self.program = TextLine("small", tint=soft, chars=24)
        self.light = TextLine("small", chars=24)
        self.gas = TextLine("small", chars=24, least=0.8)
        self.sensors = TextLine("small", chars=24, least=0.8)
        self.offset = TextLine("small", chars=24, least=0.8)
        self.calibration = TextLine("small", tint=soft, chars=24, lines=4)
        self.calibration.set_text(
            self.tr(
                "Sensors are calibrated at the module, by its maker's instructions: the bus has no message for it. The"
                " camera's white balance is measured in the camera's settings."
            )
        )

        self.test = Key(self.tr("Self-test"), "repair", row=True, critical=False)
        self.test.clicked.connect(self.test_wanted)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.table, 1)
        for line in (self.program, self.light, self.gas, self.sensors, self.offset, self.calibration):
            self._column.addWidget(line)
        last = QHBoxLayout()
        last.addWidget(self.test)
        last.addStretch(1)
        self._column.addLayout(last)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._column.setSpacing(sizes.gap // 2)
        self.test.setFixedHeight(sizes.service_key)

    def show_tower(self, view: TowerView) -> None:
        """Draw what is known of the modules."""
        service = view.service
        if view.bus.modules:
            self.table.show_rows(servicemodels.facts_table(view.bus))
        self.program.set_text(
            self.tr("This program: {version}, protocol version {protocol}").format(
                version=service.program or viewmodels.UNKNOWN,
                protocol=viewmodels.UNKNOWN if service.protocol is None else service.protocol,
            )
        )
        for line, text in zip((self.light, self.gas), servicemodels.hours_lines(view), strict=True):
            line.set_text(text)
        for line, text in zip((self.sensors, self.offset), servicemodels.sensor_lines(service.sensors), strict=True):
            line.set_text(text)
