"""The desk between the feeds and the window, in the UI thread: hands pictures over and counts what was painted."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.stats import FeedStatistics
from app.workers.feed import Feed
from ui.main_window import MainWindow
from ui.viewstate import NoPicture, PictureView


class PictureDesk(QObject):
    """Takes the latest picture of each feed when there is one.  While frozen, the pictures stand."""

    def __init__(self, raw_feed: Feed, enhanced_feed: Feed, window: MainWindow) -> None:
        super().__init__()
        self._feeds = {"raw": raw_feed, "enhanced": enhanced_feed}
        self._window = window
        self._captured: dict[str, tuple[int, float]] = {}
        self._frozen = False
        self._first_id = 0
        self.raw = FeedStatistics()
        self.enhanced = FeedStatistics()
        raw_feed.ready.connect(self._show_raw)
        enhanced_feed.ready.connect(self._show_enhanced)
        window.raw_size_wanted.connect(raw_feed.set_size)
        window.enhanced_size_wanted.connect(enhanced_feed.set_size)
        window.painted.connect(self._painted)

    def set_frozen(self, on: bool) -> None:
        """Hold both pictures, or let them run."""
        self._frozen = on

    def reset(self, first_id: int) -> None:
        """Forget the figures so far; count frames from `first_id` on."""
        self._first_id = first_id
        self.raw = FeedStatistics()
        self.enhanced = FeedStatistics()

    @Slot()
    def _show_raw(self) -> None:
        picture = self._take("raw")
        if picture is not None:
            self._window.show_raw(picture)

    @Slot()
    def _show_enhanced(self) -> None:
        picture = self._take("enhanced")
        if picture is not None:
            self._window.show_enhanced(picture)

    def _take(self, name: str) -> PictureView | NoPicture | None:
        picture = self._feeds[name].mailbox.take()
        if picture is None or (self._frozen and isinstance(picture, PictureView)):
            return None
        if isinstance(picture, PictureView):
            self._captured[name] = (picture.frame_id, picture.captured_s)
        return picture

    @Slot(str, int, float)
    def _painted(self, name: str, frame_id: int, painted_s: float) -> None:
        known_id, captured_s = self._captured.get(name, (-1, 0.0))
        if known_id == frame_id and frame_id >= self._first_id:
            (self.raw if name == "raw" else self.enhanced).painted(frame_id, captured_s, painted_s)
