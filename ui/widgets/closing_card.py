"""Leaving the program: says that the patient is being made safe, and what can be done when that failed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import phrases
from ui.theme import Sizes
from ui.widgets.base import Panel
from ui.widgets.key import HoldKey, Key

FORCE_HOLD_S = 3.0


class ClosingCard(Panel):
    """Lies over the pictures; pressure, flow, STOP and alarms stay in sight and alive."""

    again = Signal()
    back = Signal()
    force = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self.title = QLabel(self.tr("Making the patient safe…"))
        self.title.setProperty("role", "large")
        self.text = QLabel()
        for label in (self.title, self.text):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.again_key = Key(self.tr("Try again"), "reset", row=True)
        self.back_key = Key(self.tr("Back to the tower"), "cancel", row=True)
        self.force_key = HoldKey(
            self.tr("Quit anyway"), "quit", hint=self.tr("hold 3 s"), hold_s=FORCE_HOLD_S, row=True
        )
        self._keys = QWidget()

        row = QHBoxLayout(self._keys)
        row.setContentsMargins(0, 0, 0, 0)
        for key in (self.again_key, self.back_key, self.force_key):
            row.addWidget(key)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addStretch(1)
        column.addWidget(self._keys)
        self.hide()

        self.again_key.clicked.connect(self.again)
        self.back_key.clicked.connect(self.back)
        self.force_key.held.connect(self.force)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.setFixedSize(sizes.closing, sizes.critical_key * 4)

    def show_working(self, text: str) -> None:
        """The calm state: work goes on, nothing to be done."""
        self.title.setText(self.tr("Making the patient safe…"))
        self.text.setText(phrases.say(text))
        self._keys.hide()
        self.show()
        self.raise_()

    def show_failed(self, text: str) -> None:
        """The patient could not be made safe from here: say why and offer the ways on."""
        self.title.setText(self.tr("The tower could not be made safe"))
        self.text.setText(phrases.say(text))
        self._keys.show()
        self.show()
        self.raise_()
