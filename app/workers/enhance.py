"""The enhancer's thread: takes the latest frame, runs the enhanced view on it, hands it to screen and recorder."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from app.workers.feed import Feed, RateMeter
from app.workers.fit import fit
from app.workers.mailbox import Mailbox
from ui.viewstate import PictureView
from vision.enhance import Enhancer
from vision.frames import Action, EnhancedFrame, Frame
from vision.runtime import WeightsError

log = logging.getLogger(__name__)

LATE_WINDOW = 30  # blurred frames
LATE_COUNT = 10  # of them left raw for want of time or trust: the enhanced view has fallen back
LATE_HOLD_S = 3.0  # since the last of these
VIEW_OFF = "enhanced view off"


@dataclass(frozen=True, slots=True)
class EnhancerStatus:
    """Whether the enhanced view can work, and why not."""

    usable: bool
    weights_error: str = ""
    fault: str = ""


class EnhanceWorker(QObject):
    """Owns the nets.  Without usable weights, or when the nets fail, frames go on raw and say so."""

    status = Signal(object)  # EnhancerStatus

    def __init__(
        self,
        make_enhancer: Callable[[], Enhancer],
        inbox: Mailbox[Frame],
        feed: Feed,
        recorder: Mailbox[EnhancedFrame] | None,
        *,
        simulation: bool,
    ) -> None:
        super().__init__()
        self._make_enhancer = make_enhancer
        self._inbox = inbox
        self._feed = feed
        self._recorder = recorder
        self.source_name = ""  # for the badge; set from the UI thread when the source opens
        self._simulation = simulation
        self._stop = threading.Event()
        self._enabled = threading.Event()
        self._enabled.set()
        self._enhancer: Enhancer | None = None
        self._left_raw: deque[bool] = deque(maxlen=LATE_WINDOW)
        self._late_until_s = float("-inf")
        self._failing = False
        self.enhanced = 0
        self.deblurred = 0

    @property
    def running_late(self) -> bool:
        """True while many of the last blurred frames are shown raw although they should be deblurred.  Any thread."""
        return time.monotonic() < self._late_until_s

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
        """Load and warm up, then one frame after the other until told to stop."""
        try:
            self._load()
            rate = RateMeter()
            shape: tuple[int, ...] = ()
            while not self._stop.is_set():
                frame = self._inbox.take(0.2)
                if frame is None:
                    continue
                if frame.image.shape != shape:
                    shape = frame.image.shape
                    if self._enhancer is not None:
                        self._enhancer.reset()
                result = self._process(frame)
                self._show(result, rate.tick(time.monotonic()))
                if self._recorder is not None:
                    self._recorder.put(result)
        finally:
            if self._enhancer is not None:
                self._enhancer.close()

    def _load(self) -> None:
        try:
            enhancer = self._make_enhancer()
            enhancer.warm_up(1280, 720)
        except WeightsError as error:
            self._unusable(str(error))
        except Exception as error:  # whatever keeps the nets from starting, the surgeon keeps a picture
            log.exception("the enhanced view does not start")
            self._unusable(f"The enhanced view does not start ({type(error).__name__}: {error})")
        else:
            self._enhancer = enhancer
            self.status.emit(EnhancerStatus(True))

    def _unusable(self, text: str) -> None:
        log.error("enhanced view: %s", text)
        self.status.emit(EnhancerStatus(False, weights_error=text))

    def _process(self, frame: Frame) -> EnhancedFrame:
        if not self._enabled.is_set():
            self._left_raw.clear()
            self._late_until_s = float("-inf")
            return _raw(frame, VIEW_OFF)
        if self._enhancer is None:
            return _raw(frame, "no usable weights")
        try:
            result = self._enhancer.process(frame)
        except Exception as error:  # whatever a net does, the surgeon keeps a picture: raw, labelled, with an alarm
            if not self._failing:  # said once, not thirty times a second
                log.exception("enhanced view failed on frame %d", frame.id)
            self._failing = True
            self.status.emit(EnhancerStatus(True, fault=f"{type(error).__name__}: {error}"))
            return _raw(frame, "enhancement failed")
        self._failing = False
        self.enhanced += 1
        if result.action is Action.DEBLURRED:
            self.deblurred += 1
            self._left_raw.append(False)
        elif result.action is Action.RAW and _judged(result):
            self._left_raw.append(True)
            if sum(self._left_raw) >= LATE_COUNT:
                self._late_until_s = time.monotonic() + LATE_HOLD_S
        return result

    def _show(self, result: EnhancedFrame, rate_hz: float) -> None:
        height, width = result.image.shape[:2]
        self._feed.offer(
            PictureView(
                image=fit(result.image, *self._feed.size),
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
                reason=result.reason,
                simulation=self._simulation,
            )
        )


def _region_text(result: EnhancedFrame) -> str:
    """The library's folder name, for people, with how near it is: few pictures make it a guess, not a finding."""
    if result.region is None:
        return ""
    return f"{result.region.replace('_', ' ')} ({result.region_similarity:.2f})"


def _judged(result: EnhancedFrame) -> bool:
    """False for a picture too dark, small or uniform to judge: its P(clear) is no finding."""
    return "sharpness" in result.timings_ms and math.isfinite(result.p_clear)


def _raw(frame: Frame, reason: str) -> EnhancedFrame:
    return EnhancedFrame(frame, frame.image, Action.RAW, float("nan"), None, 0.0, reason)
