"""The enhancer's thread: takes the latest frame, runs the enhanced view on it, hands it to screen and recorder."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from app.enhancer.process import EnhancerLost
from app.enhancer.starter import EnhancerStatus, FrameEnhancer, Starter
from app.workers.feed import Feed, RateMeter, SecondFeed
from app.workers.fit import Fitter
from app.workers.mailbox import Mailbox
from ui.viewstate import PictureView
from vision.frames import Action, EnhancedFrame, Fault, Frame, Rung

log = logging.getLogger(__name__)

LATE_WINDOW = 30  # blurred frames
LATE_COUNT = 10  # of them left raw for want of time or trust: the enhanced view has fallen back
LATE_HOLD_S = 3.0  # since the last of these
TELL_EVERY_S = 1.0  # a fault that goes on is said so often
VIEW_OFF = "enhanced view off"
PICTURE_FIRST_S = 3.0  # the networks are loaded after the first picture stands on the screen, or has not come so long
# A network that does this once is broken.  Late and strayed frames come singly too, as trouble of one picture.
BROKEN = frozenset({Fault.NOT_FINITE, Fault.FROZEN})


class EnhanceWorker(QObject):
    """Until the enhanced view is ready, without usable weights, or when it fails, frames go on raw and say so."""

    status = Signal(object)  # EnhancerStatus

    def __init__(
        self,
        make_enhancer: Callable[[], FrameEnhancer],
        inbox: Mailbox[Frame],
        feed: Feed,
        recorder: Mailbox[EnhancedFrame] | None,
        *,
        simulation: bool,
        fitter: Fitter | None = None,
        second: SecondFeed | None = None,
    ) -> None:
        """`fitter`: shared with the raw feed, so that a picture passed through is made fit for the screen only once;
        `second`: the same pictures for the second screen."""
        super().__init__()
        self._starter = Starter(make_enhancer, self.status.emit)
        self._inbox = inbox
        self._feed = feed
        self._recorder = recorder
        self._fitter = Fitter() if fitter is None else fitter
        self._second = SecondFeed() if second is None else second
        self.source_name = ""  # for the badge; set from the UI thread when the source opens
        self._simulation = simulation
        self._stop = threading.Event()
        self._enabled = threading.Event()
        self._enabled.set()
        self._given: FrameEnhancer | None = None  # the one that has the last frames in its memory
        self._exposure_share: float | None = None  # as told by the camera; None: as configured
        self._lost = False  # it worked, and does no longer
        self._left_raw: deque[bool] = deque(maxlen=LATE_WINDOW)
        self._late_until_s = float("-inf")
        self._told: tuple[str, float] = ("", float("-inf"))  # last fault, and when it was last said
        self.enhanced = 0
        self.deblurred = 0
        self.rungs: dict[Rung, int] = dict.fromkeys(Rung, 0)  # blurred frames by what there was time for

    @property
    def fallen_back(self) -> bool:
        """True while many of the last blurred frames are shown raw although they should be deblurred.  Any thread."""
        return time.monotonic() < self._late_until_s

    def set_exposure_share(self, share: float | None) -> None:
        """What the camera tells of its exposure, 0..1; None: nothing.  From the next frame on; any thread."""
        self._exposure_share = share

    def request_stop(self) -> None:
        """Ask the loop to end.  Any thread."""
        self._stop.set()
        self._inbox.close()

    def set_enabled(self, on: bool) -> None:
        """Switch the enhanced view; takes effect with the next frame.  Any thread."""
        if on:
            self._enabled.set()
        else:
            self._enabled.clear()

    @Slot()
    def run(self) -> None:
        """One frame after the other until told to stop."""
        try:
            rate = RateMeter()
            seen: tuple[object, ...] = ()
            began_s = time.monotonic()
            while not self._stop.is_set():
                frame = self._inbox.take(0.2)
                if frame is not None or time.monotonic() - began_s > PICTURE_FIRST_S:
                    self._starter.keep_going()
                if frame is None:
                    continue
                if (frame.image.shape, frame.opening) != seen:
                    seen = (frame.image.shape, frame.opening)
                    self._begin_anew()
                result = self._process(frame)
                if not self._enabled.is_set() and result.reason != VIEW_OFF:
                    result = _raw(frame, VIEW_OFF)  # switched off meanwhile: what was worked out is not shown any more
                self._count(result)
                self._show(result, rate.tick(time.monotonic()))
                if self._recorder is not None:
                    self._recorder.put(result)
        finally:
            self._starter.close()

    def _begin_anew(self) -> None:
        """Another picture size, or the source was opened again: it may be another scope, or another patient."""
        self._left_raw.clear()
        if self._given is not None:
            self._given.reset()

    def _process(self, frame: Frame) -> EnhancedFrame:
        if not self._enabled.is_set():
            self._left_raw.clear()
            self._late_until_s = float("-inf")
            return _raw(frame, VIEW_OFF)
        enhancer = self._given = self._starter.ready
        if enhancer is None:
            return self._without(frame)
        share = self._exposure_share
        try:
            if share is not None and share != enhancer.settings.exposure_share:
                enhancer.set_exposure_share(share)
            result = enhancer.process(frame)
        except EnhancerLost as error:
            self._starter.lost(error)
            self._lost = True
            self._tell(str(error))
            return self._without(frame)
        except Exception as error:  # whatever a net does, the surgeon keeps a picture: raw, labelled, with an alarm
            text = f"{type(error).__name__}: {error}"
            if text != self._told[0]:  # said once, not thirty times a second
                log.exception("enhanced view failed on frame %d", frame.id)
            self._tell(text)
            return _raw(frame, "enhancement failed")
        self._lost = False
        if result.fault in BROKEN:
            self._tell(result.reason)
        return result

    def _without(self, frame: Frame) -> EnhancedFrame:
        """What is shown while there is no enhanced view to ask."""
        if self._starter.refused:
            return _raw(frame, "no usable weights", Fault.WEIGHTS)
        if not self._lost:
            return _raw(frame, "the enhanced view is starting")
        self._late_until_s = time.monotonic() + LATE_HOLD_S
        return _raw(frame, "the enhanced view is starting again", Fault.LOST)

    def _tell(self, fault: str) -> None:
        now_s = time.monotonic()
        before, said_s = self._told
        if fault != before or now_s - said_s >= TELL_EVERY_S:
            self._told = (fault, now_s)
            self.status.emit(EnhancerStatus(True, fault=fault))

    def _count(self, result: EnhancedFrame) -> None:
        if not result.timings_ms:
            return  # it went past the nets
        self.enhanced += 1
        if result.rung is not None:
            self.rungs[result.rung] += 1
        if result.action is Action.DEBLURRED:
            self.deblurred += 1
            self._left_raw.append(False)
        elif result.action is Action.RAW and _judged(result):
            self._left_raw.append(True)
            if sum(self._left_raw) >= LATE_COUNT:
                self._late_until_s = time.monotonic() + LATE_HOLD_S

    def _show(self, result: EnhancedFrame, rate_hz: float) -> None:
        height, width = result.image.shape[:2]
        look = self._feed.look
        picture = PictureView(
            image=self._fitter.fit(result.image, *self._feed.size, look),
            frame_id=result.source.id,
            captured_s=result.source.captured_s,
            source=self.source_name,
            width=width,
            height=height,
            frame_rate=rate_hz,
            enhanced=result.reason != VIEW_OFF,
            processed=bool(result.timings_ms),
            region=_region_text(result),
            p_clear=result.p_clear if _judged(result) else None,
            action=str(result.action),
            quality=_quality(result),
            fault=str(result.fault or ""),
            reason=result.reason,
            simulation=self._simulation,
            look=look,
            original=result.image,
        )
        self._feed.offer(picture)
        self._second.offer(picture)


def _region_text(result: EnhancedFrame) -> str:
    """The library's folder name, for people, with how near it is: few pictures make it a guess, not a finding."""
    if result.region is None:
        return ""
    return f"{result.region.replace('_', ' ')} ({result.region_similarity:.2f})"


def _quality(result: EnhancedFrame) -> str:
    """What of the method a deblurred frame got, where that was not all of it."""
    if result.rung is None or result.action is Action.RAW:
        return ""
    parts = [] if result.rung is Rung.THREE else [str(result.rung)]
    if result.memory_age is None:
        parts.append("no memory")
    elif result.memory_clear is False:
        parts.append("weak memory")
    return ", ".join(parts)


def _judged(result: EnhancedFrame) -> bool:
    """False for a picture too dark, small or uniform to judge: its P(clear) is no finding."""
    return "sharpness" in result.timings_ms and math.isfinite(result.p_clear)


def _raw(frame: Frame, reason: str, fault: Fault | None = None) -> EnhancedFrame:
    return EnhancedFrame(frame, frame.image, Action.RAW, float("nan"), None, 0.0, reason, fault=fault)
