"""The card of the locked screen: says so, unlocks by a hold, and holds everything still while the screen is wiped."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import viewmodels
from ui.theme import Sizes
from ui.viewstate import TowerView
from ui.widgets.base import Panel
from ui.widgets.countdown import CountDown
from ui.widgets.key import HoldKey, Key
from ui.widgets.text_line import TextLine

UNLOCK_S = 1.5
CLEANING_S = 20.0
TICK_MS = 100
SPACING = 4


class LockCard(Panel):
    """Lies over the keys of the camera, which do nothing while the screen is locked: no number is covered."""

    unlocked = Signal()
    cleaning_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self.cleaning = False
        self._until_s = 0.0
        self.title = TextLine("value", bold=True, chars=8, least=0.6)
        self.text = TextLine("small", chars=16, lines=3)
        self.state = TextLine("small", bold=True, chars=12, least=0.8)
        self.unlock = HoldKey(
            self.tr("UNLOCK"), "unlocked", hint=self.tr("hold {s} s").format(s=UNLOCK_S), hold_s=UNLOCK_S, row=True
        )
        self.unlock.set_strong(True)
        self.clean = Key(self.tr("Clean screen"), "wipe", hint=self.tr("{s} s").format(s=round(CLEANING_S)), row=True)
        self.left = TextLine("alarm_text", bold=True, chars=5, align=Qt.AlignmentFlag.AlignHCenter)
        self.bar = CountDown()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)

        self._column = QVBoxLayout(self)
        for widget in (self.title, self.text, self.state):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        for widget in (self.left, self.bar, self.unlock, self.clean):
            self._column.addWidget(widget)
        self.hide()
        self._draw()

        self.unlock.held.connect(self.unlocked)
        self.clean.clicked.connect(self.begin_cleaning)
        self._timer.timeout.connect(self._tick)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        for key in (self.unlock, self.clean):
            key.setFixedHeight(sizes.critical_key)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_tower(self, view: TowerView) -> None:
        """What the covered keys said: whether it is recorded, whether the pictures stand."""
        if view.recording:
            said, icon = self.tr("Recording {time}").format(time=viewmodels.duration(view.recording_s)), "record"
        elif view.frozen:
            said, icon = self.tr("Pictures frozen"), "freeze"
        else:
            said, icon = "", ""
        self.state.set_text(said, icon=icon)

    def cancel_hold(self) -> None:
        """Another finger is on the screen: whoever unlocks uses one."""
        self.unlock.setEnabled(False)
        self.unlock.setEnabled(True)

    @Slot()
    def begin_cleaning(self) -> None:
        """For some seconds touches do nothing at all."""
        self._until_s = time.monotonic() + CLEANING_S
        self._timer.start()
        self._set_cleaning(True)

    def end_cleaning(self) -> None:
        """Back to the lock, or away with it."""
        self._timer.stop()
        self._set_cleaning(False)

    def _set_cleaning(self, on: bool) -> None:
        if on != self.cleaning:
            self.cleaning = on
            self._draw()
            self.cleaning_changed.emit(on)

    def _draw(self) -> None:
        if self.cleaning:
            self.title.set_text(self.tr("CLEANING"), icon="wipe")
            self.text.set_text(self.tr("Touches do nothing. STOP, ALL STOP and STANDBY act when held."))
        else:
            self.title.set_text(self.tr("LOCKED"), icon="locked")
            self.text.set_text(self.tr("STOP, ALL STOP, STANDBY and the keys of the alarms act as always."))
        for widget in (self.unlock, self.clean):
            widget.setVisible(not self.cleaning)
        for widget in (self.left, self.bar):
            widget.setVisible(self.cleaning)
        self._fit()
        if self.cleaning:
            self._tick()

    def _fit(self) -> None:
        """Beside a full picture there is less room: the keys and what is recorded stay, the sentence goes."""
        sizes = self.sizes
        whole = 2 * (sizes.padding + sizes.critical_key) + 4 * SPACING
        whole += sum(line.sizeHint().height() for line in (self.title, self.text, self.state))
        roomy = self.height() >= whole
        edge = sizes.padding if roomy else SPACING
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(SPACING if roomy else 1)
        self.text.setVisible(self.cleaning or roomy)

    @Slot()
    def _tick(self) -> None:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            self.end_cleaning()
            return
        self.left.set_text(self.tr("{s} s").format(s=math.ceil(left_s)))
        self.bar.show_left(left_s / CLEANING_S)
