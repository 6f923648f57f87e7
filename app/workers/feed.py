"""What a feed shares between its worker and the screen: wanted size and look, mailbox, measured rate."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from app.workers.fit import Fitter, fitted_size
from app.workers.mailbox import Mailbox
from ui.look import NEUTRAL, PictureLook
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
        self._look = NEUTRAL  # the same

    @property
    def size(self) -> tuple[int, int]:
        """Device pixels that the view has for the picture, (width, height)."""
        return self._size

    @Slot(int, int)
    def set_size(self, width: int, height: int) -> None:
        self._size = (width, height)

    @property
    def wanted(self) -> bool:
        """Somebody has room for its pictures."""
        return min(self._size) > 0

    @property
    def look(self) -> PictureLook:
        """How pictures are to be looked at."""
        return self._look

    @Slot(object)
    def set_look(self, look: PictureLook) -> None:
        self._look = look

    def fits(self, picture: PictureView) -> bool:
        """Whether it was made for this feed's size and look."""
        asked = (
            fitted_size(picture.width, picture.height, *self._size) if self.wanted else (picture.width, picture.height)
        )
        return picture.look == self._look and (picture.image.shape[1], picture.image.shape[0]) == asked

    def fitted(self, picture: PictureView, fitter: Fitter) -> PictureView:
        """`picture` made anew from its original, for the size and the look asked for now.  Raises `ValueError` for one
        without its original."""
        if picture.original is None:
            raise ValueError("a picture can be fitted anew only together with its original")
        look = self._look
        return replace(picture, image=fitter.fit(picture.original, *self._size, look), look=look)

    def offer(self, picture: PictureView | NoPicture) -> None:
        """Called by the worker.  The UI thread is woken only when it has taken the last one."""
        if self.mailbox.put(picture):
            self.ready.emit()


class SecondFeed:
    """A feed of the second screen: the pictures of the first one, fitted to its own size, while it has one."""

    def __init__(self, feed: Feed | None = None, fitter: Fitter | None = None) -> None:
        """`fitter`: shared between raw and enhanced, as that of the first screen is."""
        self.feed = Feed() if feed is None else feed
        self._fitter = Fitter() if fitter is None else fitter

    def offer(self, picture: PictureView | NoPicture) -> None:
        """Called by the worker when the first screen has been served."""
        if isinstance(picture, NoPicture):
            self.feed.offer(picture)
        elif self.feed.wanted:
            self.feed.offer(self.feed.fitted(picture, self._fitter))
