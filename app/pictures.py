"""The desk between the feeds and the window, in the UI thread: hands pictures over and counts what was painted."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from app.stats import AddedDelay, FeedStatistics
from app.workers.feed import Feed
from ui.main_window import MainWindow
from ui.viewstate import NoPicture, PictureView

ENHANCED_LATE_S = 0.5  # a frame unanswered for so long: the enhanced side shows the raw picture instead


class PictureDesk(QObject):
    """Takes the latest picture of each feed when there is one.  While frozen, the pictures stand.

    The enhanced side never keeps an old picture: without a source it says so, and while the enhancer does not answer
    it shows the raw frames, labelled.  Switched off or on, it paints nothing more of what was made before.
    """

    def __init__(self, raw_feed: Feed, enhanced_feed: Feed, window: MainWindow) -> None:
        super().__init__()
        self._feeds = {"raw": raw_feed, "enhanced": enhanced_feed}
        self._window = window
        self._captured: dict[str, PictureView] = {}  # given to the window last, of those that count
        self._frozen = False
        self._enhanced_on = True
        self._last: dict[str, PictureView] = {}  # shown last: what a frozen enhanced side is switched between
        self._first_id = 0
        self._lost_s = float("-inf")  # when the source was lost
        self._unanswered_s: float | None = None  # capture of the oldest frame that the enhancer may still be busy with
        self.enhancer_ready = False  # it has answered
        self.enhanced_stands = False  # it is on and worked, and no longer answers
        self.first_painted_s: float | None = None  # first raw picture of the run, monotonic
        self.raw = FeedStatistics()
        self.enhanced = FeedStatistics()
        self.added = AddedDelay()
        raw_feed.ready.connect(self._show_raw)
        enhanced_feed.ready.connect(self._show_enhanced)
        window.raw_size_wanted.connect(raw_feed.set_size)
        window.enhanced_size_wanted.connect(enhanced_feed.set_size)
        window.painted.connect(self._painted)

    def set_frozen(self, on: bool) -> None:
        """Hold both pictures, or let them run."""
        self._frozen = on

    def set_enhanced(self, on: bool) -> None:
        """The enhanced side shows the raw picture at once, or waits for the next enhanced one."""
        if on == self._enhanced_on:
            return
        self._enhanced_on = on
        raw, enhanced = self._last.get("raw"), self._last.get("enhanced")
        if not on and raw is not None:
            self._window.show_enhanced(_as_enhanced(raw, on=False))
        elif on and self._frozen and enhanced is not None:
            self._window.show_enhanced(enhanced)

    def reset(self, first_id: int) -> None:
        """Forget the figures so far; count frames from `first_id` on."""
        self._first_id = first_id
        self.raw = FeedStatistics()
        self.enhanced = FeedStatistics()
        self.added = AddedDelay()

    @Slot()
    def _show_raw(self) -> None:
        picture = self._feeds["raw"].mailbox.take()
        if picture is None:
            return
        if isinstance(picture, NoPicture):
            self._lost_s, self._unanswered_s = time.monotonic(), None
            self._last.clear()
            self._window.show_enhanced(picture)
        elif self._unanswered_s is None:
            self._unanswered_s = picture.captured_s
        late = self._unanswered_s is not None and time.monotonic() - self._unanswered_s > ENHANCED_LATE_S
        self.enhanced_stands = late and self.enhancer_ready and self._enhanced_on
        self._show("raw", picture)
        if late and isinstance(picture, PictureView) and not self._frozen:
            reason = "the enhanced view does not answer" if self.enhancer_ready else "the enhanced view is starting"
            self._window.show_enhanced(_as_enhanced(picture, reason, on=self._enhanced_on))

    @Slot()
    def _show_enhanced(self) -> None:
        picture = self._feeds["enhanced"].mailbox.take()
        if not isinstance(picture, PictureView) or picture.captured_s <= self._lost_s:
            return
        self.enhancer_ready, self.enhanced_stands, self._unanswered_s = True, False, None
        if picture.enhanced == self._enhanced_on:  # else it was made before the switch was touched
            self._show("enhanced", picture)

    def _show(self, name: str, picture: PictureView | NoPicture) -> None:
        if isinstance(picture, PictureView):
            if self._frozen:
                return
            counted = name == "raw" or picture.processed
            self._last[name] = picture
            if counted:
                self._captured[name] = picture
        (self._window.show_raw if name == "raw" else self._window.show_enhanced)(picture)

    @Slot(str, int, float)
    def _painted(self, name: str, frame_id: int, painted_s: float) -> None:
        picture = self._captured.get(name)
        if picture is None or picture.frame_id != frame_id or frame_id < self._first_id:
            return
        statistics = self.raw if name == "raw" else self.enhanced
        if not statistics.painted(frame_id, picture.captured_s, painted_s):
            return
        if name == "raw":
            self.first_painted_s = painted_s if self.first_painted_s is None else self.first_painted_s
            self.added.raw_painted(frame_id, painted_s)
        else:
            self.added.enhanced_painted(frame_id, painted_s, deblurred=picture.action == "deblurred")


def _as_enhanced(raw: PictureView, reason: str = "", *, on: bool) -> PictureView:
    """A picture of the raw feed for the enhanced side, labelled as such."""
    return replace(raw, enhanced=on, processed=False, action="raw", reason=reason)
