"""The key of the gas supply: START by a hold, PAUSE and RESUME by a touch, or off with the reason on it."""

from __future__ import annotations

import time
from enum import Enum

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from ui import viewmodels
from ui.viewstate import TowerView
from ui.widgets.key import HoldKey

# A key that has just changed its meaning is not obeyed: the second tap of a double tap must not undo the first.
SETTLED_S = 0.4


class SupplyFace(Enum):
    """What a touch means now."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"


class SupplyKey(HoldKey):
    """A touch counts for what stood on the key when the finger came down, and only if that still stands."""

    started = Signal()
    paused = Signal()
    resumed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "start", hold_s=1.0, parent=parent)
        self.face = SupplyFace.START
        self._since_s = 0.0
        self._touched: SupplyFace | None = None
        self.show_face(SupplyFace.START)

        self.held.connect(self.started)
        self.clicked.connect(self._on_clicked)

    def show_tower(self, view: TowerView) -> None:
        """What a touch means in this state of the gas."""
        face = SupplyFace.START
        if view.gas_running is True and not view.gas_venting:
            face = SupplyFace.RESUME if view.gas_paused else SupplyFace.PAUSE
        self.show_face(face, viewmodels.gas_off_because(view))

    def show_face(self, face: SupplyFace, off_because: str = "") -> None:
        """Draw this meaning; with a reason the key is off and the reason stands on it."""
        if face is not self.face:
            self.face, self._since_s = face, time.monotonic()
            self._cancel()
        words, icon, hint = {
            SupplyFace.START: (self.tr("START"), "start", self.tr("hold 1 s")),
            SupplyFace.PAUSE: (self.tr("PAUSE"), "pause", self.tr("touch")),
            SupplyFace.RESUME: (self.tr("RESUME"), "start", self.tr("touch")),
        }[face]
        self.set_face(words, icon, hint=off_because or hint)
        self.setEnabled(not off_because)

    @Slot()
    def _begin(self) -> None:
        settled = time.monotonic() - self._since_s >= SETTLED_S
        self._touched = self.face if settled else None
        if self.face is SupplyFace.START:
            super()._begin()

    @Slot()
    def _on_clicked(self) -> None:
        if self._touched is not self.face:
            return
        if self.face is SupplyFace.PAUSE:
            self.paused.emit()
        elif self.face is SupplyFace.RESUME:
            self.resumed.emit()
