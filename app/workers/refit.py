"""Fits standing pictures anew, in a thread of its own: a frozen picture follows zoom and turn though no frame comes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from app.workers.feed import Feed
from app.workers.fit import Fitter
from app.workers.mailbox import Mailbox
from ui.viewstate import PictureView


@dataclass(frozen=True, slots=True)
class RefitOrder:
    """Fit this picture for that feed's size and look."""

    name: str  # of the side it is shown on
    feed: Feed
    picture: PictureView


class RefitWorker(QObject):
    """The latest order counts: fingers that move faster than pictures can be fitted leave no queue behind."""

    fitted = Signal(str, object)  # name of the side, PictureView
    _wake = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._orders: Mailbox[tuple[RefitOrder, ...]] = Mailbox()
        self._fitter = Fitter()
        self._wake.connect(self._work)

    def ask(self, orders: tuple[RefitOrder, ...]) -> None:
        """Fit these anew, instead of any that wait.  Any thread."""
        if self._orders.put(orders):
            self._wake.emit()

    @Slot()
    def _work(self) -> None:
        for order in self._orders.take() or ():
            self.fitted.emit(order.name, order.feed.fitted(order.picture, self._fitter))
