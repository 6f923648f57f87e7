"""Gets the enhanced view ready beside the frames, which go on raw meanwhile, and makes it anew when it was lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.enhancer.process import EnhancerLost
from vision.frames import EnhancedFrame, Frame
from vision.settings import Settings, WeightsError

log = logging.getLogger(__name__)

WARM_UP_SIZE = 1280, 720  # what rungs cost at other sizes follows from it
AGAIN_S = 2.0  # after it was lost; twice as long each time, up to
AGAIN_AT_MOST_S = 60.0
STEADY_S = 60.0  # it ran for so long: the next loss is the first again
END_WITHIN_S = 5.0


class FrameEnhancer(Protocol):
    """What the worker needs of the enhanced view, wherever that works."""

    @property
    def settings(self) -> Settings:
        """As given or last changed."""
        ...

    def warm_up(self, width: int, height: int) -> None:
        """Get ready.  Raises `WeightsError`, `EnhancerLost`."""
        ...

    def set_exposure_share(self, share: float) -> None:
        """From the next frame on."""
        ...

    def reset(self) -> None:
        """Forget what was seen: the camera has changed."""
        ...

    def process(self, frame: Frame) -> EnhancedFrame:
        """One frame through all stages.  Raises `EnhancerLost` when there will be no more."""
        ...

    def close(self) -> None:
        """End it, also while it gets ready in another thread."""
        ...


@dataclass(frozen=True, slots=True)
class EnhancerStatus:
    """Whether the enhanced view can work, and why not."""

    usable: bool
    weights_error: str = ""
    fault: str = ""


class Starter:
    """Holds the enhanced view while it is ready.  Used from the worker's thread."""

    def __init__(self, make: Callable[[], FrameEnhancer], tell: Callable[[EnhancerStatus], None]) -> None:
        """`tell` is called in the worker's thread or in that in which the enhanced view gets ready."""
        self._make, self._tell = make, tell
        self._lock = threading.Lock()
        self._made: FrameEnhancer | None = None
        self._ready = False
        self._refused = False  # for good: trying again would find the same
        self._thread: threading.Thread | None = None
        self._pause_s, self._again_at_s, self._ready_at_s = AGAIN_S, float("-inf"), float("inf")
        self._closed = False

    @property
    def ready(self) -> FrameEnhancer | None:
        """The enhanced view once it can be asked for frames."""
        return self._made if self._ready else None

    @property
    def refused(self) -> bool:
        """It cannot be made ready, and is not tried again."""
        return self._refused

    def keep_going(self) -> None:
        """Begin to get ready where nothing is ready or on its way; costs nothing otherwise."""
        if self._ready or self._refused or time.monotonic() < self._again_at_s:
            return
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._get_ready, name="enhancer-start", daemon=True)
            self._thread.start()

    def lost(self, why: EnhancerLost) -> None:
        """It will answer no more: it is made anew after a while, at first a short one."""
        log.error("enhanced view: %s", why)
        now_s = time.monotonic()
        if now_s - self._ready_at_s > STEADY_S:
            self._pause_s = AGAIN_S
        self._again_at_s = now_s + self._pause_s
        self._pause_s = min(2 * self._pause_s, AGAIN_AT_MOST_S)
        with self._lock:
            made, self._made, self._ready = self._made, None, False
        if made is not None:
            made.close()

    def close(self) -> None:
        """End it, ready or on its way."""
        with self._lock:
            self._closed, self._ready = True, False
            made = self._made
        if made is not None:
            made.close()
        if self._thread is not None:
            self._thread.join(END_WITHIN_S)

    def _get_ready(self) -> None:
        try:
            made = self._make()
            with self._lock:
                self._made = made
                if self._closed:
                    made.close()
                    return
            made.warm_up(*WARM_UP_SIZE)
        except WeightsError as error:
            self._refuse(str(error))
        except EnhancerLost as error:
            if not self._closed:
                self.lost(error)
                self._tell(EnhancerStatus(False, weights_error=f"The enhanced view does not start: {error}"))
        except Exception as error:  # whatever keeps the nets from starting, the surgeon keeps a picture
            log.exception("the enhanced view does not start")
            self._refuse(f"The enhanced view does not start ({type(error).__name__}: {error})")
        else:
            with self._lock:
                if self._closed:
                    return
                self._ready_at_s, self._ready = time.monotonic(), True
            self._tell(EnhancerStatus(True))

    def _refuse(self, text: str) -> None:
        log.error("enhanced view: %s", text)
        self._refused = True
        self._tell(EnhancerStatus(False, weights_error=text))
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made.close()
