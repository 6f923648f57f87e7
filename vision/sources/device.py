"""A camera or frame grabber of the machine as a video source."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from vision.frames import EndOfSource, Picture, SourceError, SourceInfo, SourceLost
from vision.opencv import cv2
from vision.sources.kinds import SourceKind, SourceRequest

_SPEC = re.compile(r"(?:device:)?(\d+)|(?:device:)?(/dev/\S+)")
LOST_AFTER_S = 1.8  # without a picture: `SourceLost` is due within 2 s
_OPEN_LIMIT_S = 8.0  # a grabber without a signal may take its time, but not for ever


class Capture(Protocol):
    """The part of `cv2.VideoCapture` that is used."""

    def isOpened(self) -> bool: ...
    def read(self) -> tuple[bool, Any]: ...
    def get(self, propId: int) -> float: ...  # noqa: N803 - OpenCV's own name
    def release(self) -> None: ...


def open_capture(device: int | str, frame_rate: float | None) -> Capture:
    """Open with OpenCV, MJPG (raw formats don't fit 720p30 through USB 2) and one buffer (no old pictures)."""
    backend = cv2.CAP_V4L2 if sys.platform.startswith("linux") else cv2.CAP_ANY
    capture = cv2.VideoCapture(device, backend)
    if capture.isOpened():
        if backend == cv2.CAP_V4L2:
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        if frame_rate:
            capture.set(cv2.CAP_PROP_FPS, frame_rate)
    return capture


class DeviceSource:
    """A camera.  A thread of its own empties the driver, so `read` gives the newest picture and never hangs with it."""

    def __init__(
        self,
        device: int | str,
        *,
        frame_rate: float | None = None,
        capture: Callable[[int | str, float | None], Capture] = open_capture,
    ) -> None:
        """`device` is a number or a path; `capture` opens it."""
        self.device = device
        self._frame_rate = frame_rate
        self._capture = capture
        self._grab: _Grab | None = None

    def open(self) -> SourceInfo:
        """Open and wait for the first picture.  Raises `SourceError` within some seconds."""
        self.close()
        self._look()
        grab = _Grab(lambda: self._capture(self.device, self._frame_rate), self._name)
        try:
            image, rate = grab.start(_OPEN_LIMIT_S)
        except SourceError:
            grab.stop()
            raise
        self._grab = grab
        height, width = image.shape[:2]
        return SourceInfo(self._name, width, height, rate, live=True, frame_count=None)

    def read(self) -> tuple[Picture, float | None]:
        """The newest picture not yet read.  Raises `SourceLost` when none comes for 1.8 s or the device is gone."""
        if self._grab is None:
            raise EndOfSource(f"{self._name} is closed")
        return self._grab.take(LOST_AFTER_S), None

    def close(self) -> None:
        """Release the device.  Safe to call twice."""
        grab, self._grab = self._grab, None
        if grab is not None:
            grab.stop()

    @property
    def _name(self) -> str:
        return f"camera {self.device}" if isinstance(self.device, int) else self.device

    def _look(self) -> None:
        """Say what is wrong before the driver is asked, as it can't tell."""
        if not sys.platform.startswith("linux"):
            return
        path = Path(f"/dev/video{self.device}" if isinstance(self.device, int) else self.device)
        if not path.exists():
            present = ", ".join(sorted(str(p) for p in Path("/dev").glob("video*"))) or "none"
            raise SourceError(f"camera {path} is not there (cameras present: {present}); plug it in or name another")
        if not os.access(path, os.R_OK | os.W_OK):
            raise SourceError(f"camera {path} may not be used by this user; add the user to the group 'video'")


class _Grab:
    """The thread that reads a capture, and the one slot that it puts the newest picture into."""

    def __init__(self, opener: Callable[[], Capture], name: str) -> None:
        self._opener, self._name = opener, name
        self._changed = threading.Condition()
        self._newest: Picture | None = None
        self._failure = ""
        self._stopping = False
        self._rate = 0.0
        # A daemon: a driver that hangs in a read cannot be interrupted, and must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name=f"grab {name}", daemon=True)

    def start(self, limit_s: float) -> tuple[Picture, float]:
        """The first picture, which stays in the slot, and the device's frame rate."""
        self._thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._failure, limit_s)
            if self._newest is None:
                raise SourceError(self._failure or f"{self._name} gave no picture for {limit_s:g} s; check its signal")
            return self._newest, self._rate

    def take(self, limit_s: float) -> Picture:
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._failure, limit_s)
            image, self._newest = self._newest, None
            if image is None:
                raise SourceLost(
                    self._failure or f"{self._name} has given no picture for {limit_s:g} s; check cable and camera"
                )
            return image

    def stop(self) -> None:
        with self._changed:
            self._stopping = True
        self._thread.join(LOST_AFTER_S)  # releases the device before it is opened again, unless the driver hangs

    def _run(self) -> None:
        capture = self._opener()
        try:
            if not capture.isOpened():
                self._fail(f"{self._name} cannot be opened; another program may be using it, or it is no camera")
                return
            self._rate = max(0.0, float(capture.get(cv2.CAP_PROP_FPS)))
            while not self._stopping:
                good, image = capture.read()
                if not good or image is None:
                    self._fail(f"{self._name} has stopped giving pictures; check cable and camera")
                    return
                with self._changed:
                    self._newest = image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
                    self._changed.notify_all()
        except cv2.error as error:
            self._fail(f"{self._name} has failed: {error.err}")
        finally:
            capture.release()

    def _fail(self, text: str) -> None:
        with self._changed:
            self._failure = text
            self._changed.notify_all()


def _make(request: SourceRequest) -> DeviceSource:
    match = _SPEC.fullmatch(request.spec)
    if match is None:
        raise SourceError(f"'{request.spec}' is no camera; write 0, device:0 or /dev/video0")
    number, path = match.groups()
    return DeviceSource(int(number) if number is not None else path, frame_rate=request.frame_rate)


KIND = SourceKind(
    accepts=lambda spec: _SPEC.fullmatch(spec) is not None or spec.startswith("device:"),
    make=_make,
    accepted="a camera: 0, device:0 or /dev/video0",
)
