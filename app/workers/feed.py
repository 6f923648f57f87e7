"""What a feed shares between its worker and the screen: wanted size, mailbox, measured rate."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, Signal, Slot

from app.workers.mailbox import Mailbox
from ui.viewstate import NoPicture, PictureView


class RateMeter:
    """Events a second over the last `window` events."""

    def __init__(self, window: int = 30) -> None:
        self._times: deque[float] = deque(maxlen=window)

    def tick(self, time_s: float) -> float:
        """Count one event at `time_s` (monotonic); the rate in Hz, 0 until two have come."""
        self._times.append(time_s)
        span = self._times[-1] - self._times[0]
        return (len(self._times) - 1) / span if span > 0 else 0.0


class Feed(QObject):
    """One picture feed to the screen: its worker `offer`s, the UI thread takes on `ready`."""

    ready = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mailbox: Mailbox[PictureView | NoPicture] = Mailbox()
        self._size = (0, 0)  # one tuple swapped whole: read by the worker without a lock

    @property
    def size(self) -> tuple[int, int]:
        """Device pixels that the view has for the picture, (width, height)."""
        return self._size

    @Slot(int, int)
    def set_size(self, width: int, height: int) -> None:
        self._size = (width, height)

    def offer(self, picture: PictureView | NoPicture) -> None:
        """Called by the worker.  The UI thread is woken only when it has taken the last one."""
        if self.mailbox.put(picture):
            self.ready.emit()
