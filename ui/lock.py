"""The lock of the touch screen: what stays live, what says that it is locked, and how it ends."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui.intents import StopGas
from ui.viewstate import TowerView
from ui.widgets.key import HoldKey, Key
from ui.widgets.lock_card import LockCard
from ui.widgets.shield import Shield

# Who taps on and on is told once, and again only after a pause.
TELL_AGAIN_S = 10.0
CLEANING_HOLD_S = 1.0
_MOVES = frozenset({QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide})


class ScreenLock(QObject):
    """Numbers, pictures and alarms go on as before: a pane over the window takes the touches and draws nothing."""

    intent = Signal(object)
    notice = Signal(str)
    changed = Signal(bool)

    def __init__(
        self,
        ground: QWidget,
        places: tuple[QWidget, ...],
        stops: tuple[Key, ...],
        holds: tuple[QWidget, ...],
        live: tuple[QWidget, ...],
        above: tuple[QWidget, ...] = (),
    ) -> None:
        """`places`: the first of these in sight is covered by the card; `stops` act at a touch, `holds` by themselves
        only when held; `live`: all else that goes on acting, but not while the screen is wiped; `above`: cards that lie
        over the lock when they are open, such as that of leaving the program."""
        super().__init__(ground)
        self._ground, self._places, self._stops, self._holds, self._live = ground, places, stops, holds, live
        self._above = above
        self._told_s = float("-inf")
        self.locked = False
        self.shield = Shield(ground)
        self.card = LockCard(ground)
        # While the screen is wiped a STOP that acts at once would act: in its place one that takes a hold.
        self.held_stops = tuple(
            HoldKey(stop.text(), "stop", hint=self.tr("hold 1 s"), hold_s=CLEANING_HOLD_S, parent=ground)
            for stop in stops
        )
        for key in self.held_stops:
            key.hide()
            key.held.connect(self._on_held_stop)
        for widget in (*places, *stops, *holds, *live):
            widget.installEventFilter(self)
        self.shield.touched.connect(self._on_touched)
        self.card.unlocked.connect(self.unlock)
        self.card.cleaning_changed.connect(self._on_cleaning)

    @Slot()
    def lock(self) -> None:
        """Lock; once locked, nothing changes."""
        if not self.locked:
            self.locked = True
            self._told_s = float("-inf")
            self.changed.emit(True)
            self.shield.show()
            self.card.show()
            self.place()

    @Slot()
    def unlock(self) -> None:
        """Back to the open screen."""
        if self.locked:
            self.locked = False
            self.card.end_cleaning()
            for widget in (self.card, self.shield, *self.held_stops):
                widget.hide()
            self.changed.emit(False)

    def show_tower(self, view: TowerView) -> None:
        """Follow the tower."""
        self.card.show_tower(view)
        self.place()

    def place(self) -> None:
        """Over the whole window, with holes where touches go through; the card over its place."""
        if not self.locked:
            return
        self.shield.setGeometry(self._ground.rect())
        place = next((self._area(widget) for widget in self._places if widget.isVisible()), None)
        if place is not None and self.card.geometry() != place:
            self.card.setGeometry(place)
        cleaning = self.card.cleaning
        live = self._holds if cleaning else (*self._stops, *self._holds, *self._live)
        self.shield.cut(self._area(widget) for widget in live if widget.isVisible())
        self.shield.raise_()
        self.card.raise_()
        for stop, held in zip(self._stops, self.held_stops, strict=True):
            held.setVisible(cleaning and stop.isVisible())
            if held.isVisible():
                held.setGeometry(self._area(stop))
                held.raise_()
        for card in self._above:
            if card.isVisible():
                card.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.locked and event.type() in _MOVES:
            self.place()
        return False

    def _area(self, widget: QWidget) -> QRect:
        return QRect(widget.mapTo(self._ground, QPoint(0, 0)), widget.size())

    @Slot()
    def _on_touched(self) -> None:
        self.card.cancel_hold()
        now_s = time.monotonic()
        if not self.card.cleaning and now_s - self._told_s >= TELL_AGAIN_S:
            self._told_s = now_s
            self.notice.emit(self.tr("The screen is locked: hold UNLOCK to use it"))

    @Slot(bool)
    def _on_cleaning(self, on: bool) -> None:
        self.place()
        if not on and self.locked:
            self.notice.emit(self.tr("The time for cleaning is over; the screen is still locked"))

    @Slot()
    def _on_held_stop(self) -> None:
        self.intent.emit(StopGas())
