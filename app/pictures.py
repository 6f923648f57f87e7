"""The desk between the feeds and the window, in the UI thread: hands pictures over and counts what was painted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from app.stats import AddedDelay, FeedStatistics
from app.workers.feed import Feed
from app.workers.refit import RefitOrder, RefitWorker
from ui.look import PictureLook
from ui.main_window import MainWindow
from ui.viewstate import NoPicture, PictureView

ENHANCED_LATE_S = 0.5  # a frame unanswered for so long: the enhanced side shows the raw picture instead
STANDS_S = 0.5  # a picture older than this has no successor soon: zoom and turn cannot wait for it
SECOND = "second_"  # before the names of the second screen's sides


class PictureDesk(QObject):
    """Takes the latest picture of each feed when there is one.  While frozen, the pictures stand.

    The enhanced side never keeps an old picture: without a source it says so, and while the enhancer does not answer
    it shows the raw frames, labelled.  Switched off or on, it paints nothing more of what was made before.  The second
    screen's sides follow the first one's, with pictures of their own size.
    """

    def __init__(
        self,
        raw_feed: Feed,
        enhanced_feed: Feed,
        window: MainWindow,
        second_raw: Feed,
        second_enhanced: Feed,
        refit: RefitWorker,
    ) -> None:
        super().__init__()
        second = window.pictures.second
        self._feeds = {
            "raw": raw_feed,
            "enhanced": enhanced_feed,
            SECOND + "raw": second_raw,
            SECOND + "enhanced": second_enhanced,
        }
        self._draw: dict[str, Callable[[PictureView | NoPicture], None]] = {
            "raw": window.show_raw,
            "enhanced": window.show_enhanced,
            SECOND + "raw": second.show_raw,
            SECOND + "enhanced": second.show_enhanced,
        }
        self._refit = refit
        self._captured: dict[str, PictureView] = {}  # given to the window last, of those that count
        self._frozen = False
        self._enhanced_on = True
        self._last: dict[str, PictureView] = {}  # shown last: what a frozen enhanced side is switched between
        self._standing: dict[str, PictureView] = {}  # what stands on each side, whatever it is
        self._first_id = 0
        self.first_painted_s: float | None = None  # first raw picture of the run, monotonic; no reset forgets it
        self._lost_s = float("-inf")  # when the source was lost
        self._unanswered_s: float | None = None  # capture of the oldest frame that the enhancer may still be busy with
        self.enhancer_ready = False  # it has worked on a frame
        self.enhanced_stands = False  # it is on and worked, and no longer answers
        self.raw = FeedStatistics()
        self.enhanced = FeedStatistics()
        self.added = AddedDelay()
        raw_feed.ready.connect(self._show_raw)
        enhanced_feed.ready.connect(self._show_enhanced)
        second_raw.ready.connect(self._show_second_raw)
        second_enhanced.ready.connect(self._show_second_enhanced)
        for feed, wanted in (
            (raw_feed, window.raw_size_wanted),
            (enhanced_feed, window.enhanced_size_wanted),
            (second_raw, second.raw_size_wanted),
            (second_enhanced, second.enhanced_size_wanted),
        ):
            wanted.connect(feed.set_size)
            wanted.connect(self._size_changed)
        window.pictures.looking.changed.connect(self._look_changed)
        refit.fitted.connect(self._show_refitted)
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
            self._give("enhanced", _as_enhanced(raw, on=False))
        elif on and self._frozen and enhanced is not None:
            self._give("enhanced", enhanced)
        if self._frozen:
            self._refit_standing()

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
            self._standing.clear()
            self._give("enhanced", picture)
            self._give(SECOND + "enhanced", picture)
        elif self._unanswered_s is None:
            self._unanswered_s = picture.captured_s
        late = self._late()
        self.enhanced_stands = late and self.enhancer_ready and self._enhanced_on
        self._show("raw", picture)
        if late and isinstance(picture, PictureView) and not self._frozen:
            self._give("enhanced", self._instead(picture))

    @Slot()
    def _show_enhanced(self) -> None:
        picture = self._feeds["enhanced"].mailbox.take()
        if not isinstance(picture, PictureView) or picture.captured_s <= self._lost_s:
            return
        self.enhancer_ready = self.enhancer_ready or picture.processed
        self.enhanced_stands, self._unanswered_s = False, None
        if picture.enhanced == self._enhanced_on:  # else it was made before the switch was touched
            self._show("enhanced", picture)

    @Slot()
    def _show_second_raw(self) -> None:
        picture = self._feeds[SECOND + "raw"].mailbox.take()
        if picture is None or (self._frozen and isinstance(picture, PictureView)):
            return
        self._give(SECOND + "raw", picture)
        if self._late() and isinstance(picture, PictureView):
            self._give(SECOND + "enhanced", self._instead(picture))

    @Slot()
    def _show_second_enhanced(self) -> None:
        picture = self._feeds[SECOND + "enhanced"].mailbox.take()
        if not isinstance(picture, PictureView) or picture.captured_s <= self._lost_s or self._frozen:
            return
        if picture.enhanced == self._enhanced_on:
            self._give(SECOND + "enhanced", picture)

    def _late(self) -> bool:
        """The enhancer owes an answer for too long."""
        return self._unanswered_s is not None and time.monotonic() - self._unanswered_s > ENHANCED_LATE_S

    def _instead(self, raw: PictureView) -> PictureView:
        """What the enhanced side shows while the enhancer is late."""
        reason = "the enhanced view does not answer" if self.enhancer_ready else "the enhanced view is starting"
        return _as_enhanced(raw, reason, on=self._enhanced_on)

    def _show(self, name: str, picture: PictureView | NoPicture) -> None:
        if isinstance(picture, PictureView):
            if self._frozen:
                return
            counted = name == "raw" or picture.processed
            self._last[name] = picture
            if counted:
                self._captured[name] = picture
        self._give(name, picture)

    def _give(self, name: str, picture: PictureView | NoPicture) -> None:
        if isinstance(picture, PictureView):
            self._standing[name] = picture
        self._draw[name](picture)

    # Zoom, turn and size of pictures that stand

    @Slot(object)
    def _look_changed(self, look: PictureLook) -> None:
        for feed in self._feeds.values():
            feed.set_look(look)
        self._refit_standing()

    @Slot()
    def _size_changed(self) -> None:
        self._refit_standing()

    def _refit_standing(self) -> None:
        """Live pictures follow with the next frame; those that stand are fitted anew, for the second screen too."""
        orders: list[RefitOrder] = []
        for name in ("raw", "enhanced"):
            picture = self._standing.get(name)
            if picture is None or picture.original is None:
                continue
            if self._frozen or time.monotonic() - picture.captured_s > STANDS_S:
                if not self._feeds[name].fits(picture):
                    orders.append(RefitOrder(name, self._feeds[name], picture))
                if self._feeds[SECOND + name].wanted:
                    orders.append(RefitOrder(SECOND + name, self._feeds[SECOND + name], picture))
        if orders:
            self._refit.ask(tuple(orders))

    @Slot(str, object)
    def _show_refitted(self, name: str, picture: PictureView) -> None:
        standing = self._standing.get(name.removeprefix(SECOND))
        if standing is None or _what(standing) != _what(picture) or standing.original is not picture.original:
            return  # another one stands there by now
        last = self._last.get(name)
        if last is not None and last.original is picture.original and last.action == picture.action:
            self._last[name] = picture
        self._give(name, picture)

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


def _what(picture: PictureView) -> tuple[int, str, str, bool]:
    """What a picture is, whatever size it was fitted to."""
    return picture.frame_id, picture.action, picture.reason, picture.enhanced
