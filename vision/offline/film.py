"""Writing films: crash-safe while recording, or bit for bit for `enhance`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.codec.codec import UnknownCodecError

from vision.frames import Picture
from vision.opencv import cv2

CONTAINERS = (".mkv", ".mp4", ".mov", ".avi")
LOSSLESS_CODEC = "libx264rgb"  # with qp 0 on RGB: every decoder gives the same pixels back, also of odd sizes and 1x1
_TIME_BASE = Fraction(1, 90_000)
_LEAST_STEP = 90  # 1 ms, the finest that Matroska can tell apart


class FilmError(Exception):
    """A film cannot be begun, written or closed.  The text says what was expected and what to do."""


@dataclass(frozen=True, slots=True)
class _Encoding:
    """How one codec is set up."""

    pixel_format: str
    options: dict[str, str]
    lossless: bool = False


# Fast presets: two feeds of 1280x720 at 30 frames/s beside the enhancer on few cores; zerolatency lets every frame out
# at once, so that a crash costs none that waits inside the encoder.
_ENCODINGS = {
    "libx264": _Encoding("yuv420p", {"preset": "ultrafast", "tune": "zerolatency", "crf": "19"}),
    "libx265": _Encoding("yuv420p", {"preset": "ultrafast", "tune": "zerolatency", "crf": "21"}),
    LOSSLESS_CODEC: _Encoding("bgr24", {"preset": "ultrafast", "tune": "zerolatency", "qp": "0"}, lossless=True),
    "ffv1": _Encoding("bgr0", {"level": "3", "slicecrc": "1"}, lossless=True),
}
_OTHER = _Encoding("yuv420p", {})  # hardware encoders and the like, with their own defaults

# A plain MP4 or Matroska file is unreadable, or misses its last minutes, after a crash; these lose at most 1 s.
_CRASH_SAFE = {
    ".mp4": {"movflags": "frag_keyframe+empty_moov+default_base_moof", "flush_packets": "1"},
    ".mov": {"movflags": "frag_keyframe+empty_moov+default_base_moof", "flush_packets": "1"},
    ".mkv": {"cluster_time_limit": "1000", "flush_packets": "1"},
    ".avi": {"flush_packets": "1"},
}


class FilmWriter:
    """One film, written from one thread.  Use as a context manager, or call `close`.

    Pictures are (height, width, 3) uint8 BGR.  Codecs with half colour resolution (`libx264`) need even sides: an odd
    side is lengthened by one pixel that repeats the last one (`stored_size` says so), never cut.  `libx264rgb` and
    `ffv1` keep size and every pixel's bits.

    Times may be irregular.  AVI has no room for that: there, pictures follow each other at `frame_rate`.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        frame_rate: float,
        codec: str = "libx264",
        *,
        crash_safe: bool = True,
        audio: Any = None,
        threads: int = 2,
    ) -> None:
        """Begin a film at `path` (.mkv, .mp4, .mov, .avi), replacing what is there.

        `frame_rate` in Hz is nominal and sets the distance of key pictures (1 s).  `crash_safe` writes fragments that
        can be read after a crash; without it the file is a plain one with its index at the end.  `audio` is an audio
        stream of an open PyAV container, whose packets `write_audio` takes as they are.

        Raises `FilmError`, or `OSError` when the file cannot be made.
        """
        self.path, self.width, self.height = path, width, height
        self.frames = 0
        suffix = path.suffix.lower()
        if suffix not in CONTAINERS:
            raise FilmError(f"{path.name}: a film's name must end in {', '.join(CONTAINERS)}")
        if width < 1 or height < 1:
            raise FilmError(f"a film of {width}x{height} pixels was asked for; both sides must be at least 1")
        encoding = _ENCODINGS.get(codec, _OTHER)
        self.lossless = encoding.lossless
        self._pixel_format = encoding.pixel_format
        even = self._pixel_format == "yuv420p"
        self.stored_size = (width + width % 2, height + height % 2) if even else (width, height)
        rate = Fraction(frame_rate).limit_denominator(1001) if frame_rate > 0 else Fraction(30)
        self._ticks: int | None = None
        self._constant_rate = suffix == ".avi"
        self._closed = False
        try:
            self._container = av.open(str(path), "w", options=_CRASH_SAFE[suffix] if crash_safe else {})
        except av.error.FFmpegError as error:
            raise _as_oserror(error, path) from error
        try:
            self._stream: Any = self._container.add_stream(codec, rate=rate, options=dict(encoding.options))
            context = self._stream.codec_context
            context.width, context.height = self.stored_size
            context.pix_fmt = self._pixel_format
            context.time_base = 1 / rate if self._constant_rate else _TIME_BASE
            context.gop_size = max(1, round(rate))
            context.thread_count = threads
            if even:
                # OpenCV converts by BT.601; said in the file, so that players don't guess BT.709 by the size.
                context.colorspace, context.color_range = 6, 1
            self._audio: Any = self._container.add_stream_from_template(audio) if audio is not None else None
            self._container.start_encoding()  # writes the header: what cannot work fails here, not at a frame
        except (UnknownCodecError, av.error.FFmpegError, ValueError) as error:
            self._closed = True
            self._container.close()
            if isinstance(error, OSError):
                raise _as_oserror(error, path) from error
            if path.is_file() and not path.stat().st_size:
                path.unlink()
            raise FilmError(
                f"{path.name}: the encoder '{codec}' cannot write {width}x{height} into {suffix} ({error}); try"
                f" codec libx264, or {LOSSLESS_CODEC} for every bit, and .mkv"
            ) from error

    def __enter__(self) -> FilmWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, image: Picture, at_s: float) -> None:
        """Add a picture at `at_s` seconds (0 or later, after the last one).  `FilmError` or `OSError`."""
        if self._closed:
            raise FilmError(f"{self.path.name} is closed already; begin a new film")
        if image.shape != (self.height, self.width, 3) or image.dtype != np.uint8:
            raise FilmError(
                f"{self.path.name} takes uint8 pictures of {self.width}x{self.height} with 3 channels;"
                f" one of shape {image.shape}, {image.dtype}, came"
            )
        ticks = round(at_s * 90_000)
        if self._ticks is not None:
            if ticks <= self._ticks - _LEAST_STEP:
                raise FilmError(f"{self.path.name}: a picture at {at_s:.3f} s came after a later one")
            ticks = max(ticks, self._ticks + _LEAST_STEP)
        frame = self._frame(image)
        frame.time_base = self._stream.codec_context.time_base
        frame.pts = self.frames if self._constant_rate else ticks
        try:
            self._container.mux(self._stream.encode(frame))
        except av.error.FFmpegError as error:
            raise _as_oserror(error, self.path) from error
        self._ticks = ticks
        self.frames += 1

    def write_audio(self, packet: Any) -> None:
        """Add a packet of the `audio` stream as it is, with its own time.  Audio that doesn't fit is a `FilmError`."""
        if self._audio is None or self._closed:
            raise FilmError(f"{self.path.name} was begun without sound")
        packet.stream = self._audio
        try:
            self._container.mux(packet)
        except (av.error.FFmpegError, ValueError) as error:
            raise FilmError(f"{self.path.name}: the sound cannot be copied ({error})") from error

    def close(self) -> None:
        """Finish the film.  Safe to call twice.  `FilmError` or `OSError` when its end cannot be written."""
        if self._closed:
            return
        self._closed = True
        try:
            if self.frames:
                self._container.mux(self._stream.encode(None))
        except av.error.FFmpegError as error:
            raise _as_oserror(error, self.path) from error
        finally:
            try:
                self._container.close()
            except av.error.FFmpegError as error:
                raise _as_oserror(error, self.path) from error

    def _frame(self, image: Picture) -> av.VideoFrame:
        if self._pixel_format != "yuv420p":
            return av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")
        right, below = self.stored_size[0] - self.width, self.stored_size[1] - self.height
        if right or below:
            image = np.asarray(cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE), np.uint8)
        # Four times as fast as the library's own conversion, and this runs for both feeds.
        planes = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
        return av.VideoFrame.from_ndarray(planes, format="yuv420p")


def _as_oserror(error: Exception, path: Path) -> Exception:
    """The system's own error where it is one (disk full, no right to write), else a `FilmError`."""
    if isinstance(error, OSError) and (error.errno or 0) > 0:
        return OSError(error.errno, error.strerror, str(path))
    return FilmError(
        f"{path.name} cannot be written: {getattr(error, 'strerror', None) or error}; check the disk and the codec"
    )
