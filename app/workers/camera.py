"""The camera's thread: grabs at the source's own pace and hands each frame to the feeds' mailboxes."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from app.workers.feed import Feed, RateMeter, SecondFeed
from app.workers.fit import Fitter
from app.workers.mailbox import Mailbox
from ui.viewstate import NoPicture, PictureView
from vision.frames import EndOfSource, Frame, SourceError, SourceInfo, VideoSource

log = logging.getLogger(__name__)

REOPEN_S = 1.0  # between tries to reopen a lost source


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """What the camera thread says of its source."""

    info: SourceInfo | None  # None: not open
    error: str = ""
    ended: str = ""  # how a film came to its end, in words


class CameraWorker(QObject):
    """Owns the video source.  Emits `status` when the source opens, fails, ends or comes back."""

    status = Signal(object)  # CameraStatus

    def __init__(
        self,
        source: VideoSource,
        feed: Feed,
        consumers: tuple[Mailbox[Frame], ...],
        *,
        simulation: bool,
        fitter: Fitter | None = None,
        second: SecondFeed | None = None,
    ) -> None:
        """`second`: the same frames for the second screen, after the first and only while it asks for them."""
        super().__init__()
        self._source = source
        self._fitter = Fitter() if fitter is None else fitter
        self._second = SecondFeed() if second is None else second
        self._feed = feed
        self._consumers = consumers
        self._simulation = simulation
        self._stop = threading.Event()
        self._grabbed = 0
        self._opening = 0
        self._last_error = ""

    @property
    def grabbed(self) -> int:
        """Frames grabbed so far, over all reopenings."""
        return self._grabbed

    def request_stop(self) -> None:
        """Ask the loop to end.  Any thread."""
        self._stop.set()

    @Slot()
    def run(self) -> None:
        """Open, grab until told to stop; reopen a lost source; rest at the end of a film."""
        try:
            while not self._stop.is_set():
                try:
                    info = self._source.open()
                    self._opening += 1
                    self._last_error = ""
                    self.status.emit(CameraStatus(info))
                    self._grab(info)
                except EndOfSource as end:
                    self.status.emit(CameraStatus(None, ended=str(end) or "The film has ended"))
                    self._stop.wait()
                except SourceError as error:
                    self._lost(str(error))
                except Exception as error:  # a fault in one source must neither stop the gas nor end the picture
                    if not self._last_error:
                        log.exception("the video source failed")
                    self._lost(f"The video source failed ({type(error).__name__}: {error}); it is opened again")
        finally:
            self._source.close()

    def _grab(self, info: SourceInfo) -> None:
        rate = RateMeter()
        while not self._stop.is_set():
            image, media_s = self._source.read()
            captured_s = time.monotonic()
            image.flags.writeable = False
            frame = Frame(self._grabbed, captured_s, image, media_s, self._opening)
            self._grabbed += 1
            for mailbox in self._consumers:
                mailbox.put(frame)
            height, width = image.shape[:2]
            look = self._feed.look
            picture = PictureView(
                image=self._fitter.fit(image, *self._feed.size, look),
                frame_id=frame.id,
                captured_s=captured_s,
                source=info.name,
                width=width,
                height=height,
                frame_rate=rate.tick(captured_s),
                simulation=self._simulation,
                look=look,
                original=image,
            )
            self._feed.offer(picture)
            self._second.offer(picture)

    def _lost(self, text: str) -> None:
        if text != self._last_error:  # a camera that stays away is said once, not once a second
            log.warning("camera: %s", text)
            self._last_error = text
        self.status.emit(CameraStatus(None, error=text))
        nothing = NoPicture("No picture", text)
        self._feed.offer(nothing)
        self._second.offer(nothing)
        self._source.close()
        self._stop.wait(REOPEN_S)
