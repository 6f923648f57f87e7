"""Reading films: every picture with its exact time, as far as the file goes, and what is wrong with the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import numpy as np

from vision.frames import Picture, SourceError

PICTURE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".jp2", ".ppm", ".pgm"))
_SOUND_TOLERANCE_S = 1.0
_END_TOLERANCE = 1.5  # frame intervals that a file may end before the length it claims


@dataclass(frozen=True, slots=True)
class FilmInfo:
    """What a film's header says of it."""

    width: int
    height: int
    frame_rate: float  # Hz, average; 0 when unknown
    frame_count: int | None  # None when the file doesn't say
    duration_s: float | None
    codec: str
    pixel_format: str
    audio: str | None  # codec of the first audio stream
    audio_streams: int = 0
    bits: int = 8  # of a channel, the most
    alpha: bool = False


class FilmReader:
    """One pass through a film file.  Use as a context manager, or call `close`.

    Any size (1x1, odd, 4K), grey, 10 bit and so on come out as (H, W, 3) uint8 BGR.  Rotation marks in the file are
    not applied: endoscopes don't set them.
    """

    def __init__(self, path: Path) -> None:
        """Raises `SourceError` when the file is missing or is no film that can be read."""
        self.path = path
        self.decoded = 0
        self.interlaced = False  # is the picture read last two fields of two moments, as the file says
        self.start_s = 0.0  # time of the first picture in the file's own clock, known once it is read
        self._problems: list[str] = []
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "doesn't exist"
            raise SourceError(f"film {path} {what}; name a film file")
        if path.suffix.lower() in PICTURE_SUFFIXES:
            raise SourceError(f"{path} is a single picture; name a film, or the folder that holds the pictures")
        try:
            self._container = av.open(str(path))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise SourceError(
                f"{path} cannot be read as a film ({_plain(error)}); a film such as AVI, MP4 or MKV is needed, and an"
                " MP4 must have been closed properly when it was made"
            ) from error
        videos = self._container.streams.video
        if not videos:
            self._container.close()
            raise SourceError(f"{path} holds no picture track; name a film")
        self._stream = videos[0]
        self._stream.thread_type = "AUTO"
        self.info = self._read_info()
        if not self.info.width or not self.info.height:
            self._container.close()
            raise SourceError(f"{path} doesn't say how large its pictures are: it is damaged or no film")

    def __enter__(self) -> FilmReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the file.  Safe to call twice."""
        self._container.close()

    @property
    def damage(self) -> str:
        """What was wrong with the file, as far as it has been read; empty when nothing."""
        return "; ".join(self._problems)

    def frames(self) -> Iterator[tuple[Picture, float]]:
        """Each picture and its position in s, rising from 0, up to the end or to where the file is cut off."""
        packets = spoilt = corrupt = 0
        last_s = -1e-6
        step_s = 1 / self.info.frame_rate if self.info.frame_rate else 0.04
        demuxer = self._container.demux(self._stream)
        while True:
            try:
                packet = next(demuxer, None)
            except (av.error.FFmpegError, OSError) as error:
                self._problems.append(f"reading failed after picture {self.decoded} ({_plain(error)})")
                break
            if packet is None:
                break
            packets += packet.size > 0
            try:
                decoded = packet.decode()
            except av.error.FFmpegError:
                spoilt += 1  # one spoilt picture; the decoder takes up the film at the next sound one
                continue
            for frame in decoded:
                at_s = self._position_s(frame, last_s + step_s if self.decoded else 0.0)
                at_s = max(at_s, last_s + 1e-6)  # time only goes forward, whatever the file says
                corrupt += bool(frame.is_corrupt)
                image = np.ascontiguousarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
                last_s = at_s
                self.decoded += 1
                self.interlaced = bool(frame.interlaced_frame)
                yield image, at_s
        if spoilt:
            self._problems.append(f"{spoilt} pictures could not be decoded")
        if corrupt:
            self._problems.append(f"{corrupt} pictures are partly spoilt")
        self._check_end(packets, last_s, step_s)

    def _check_end(self, packets: int, last_s: float, step_s: float) -> None:
        count, rate = self.info.frame_count, self.info.frame_rate
        # A cut AVI's duration is guessed from its size, so the number of pictures in its header is believed as well.
        claimed_s = max(self.info.duration_s or 0.0, count / rate if count and rate else 0.0)
        tolerance_s = _END_TOLERANCE * step_s
        if self._stream.duration is None and self.info.audio:
            tolerance_s = max(
                tolerance_s, _SOUND_TOLERANCE_S
            )  # the length is the file's: sound may end after the pictures
        short = last_s + step_s < claimed_s - tolerance_s
        # Both where both are known: an edit list hides pictures, and a repeated picture has no packet of its own.
        cut = short and (count is None or packets < count)
        if cut or not self.decoded:
            expected = f"{count} pictures" if count is not None else f"{claimed_s:.1f} s"
            self._problems.append(
                f"the file ends after picture {self.decoded} ({max(last_s, 0):.1f} s) of {expected}: it is cut off"
            )

    def _position_s(self, frame: av.VideoFrame, otherwise_s: float) -> float:
        """Time since the first picture; `otherwise_s` for a picture that carries none."""
        if frame.pts is None or frame.time_base is None:
            return otherwise_s
        clock_s = float(frame.pts * frame.time_base)
        if self.decoded == 0:
            self.start_s = clock_s
        return clock_s - self.start_s

    def _read_info(self) -> FilmInfo:
        stream, context = self._stream, self._stream.codec_context
        duration_s = None
        if stream.duration and stream.time_base:
            duration_s = float(stream.duration * stream.time_base)
        elif self._container.duration:
            duration_s = self._container.duration / 1e6
        audio = self._container.streams.audio
        rate = stream.average_rate or stream.guessed_rate
        parts = context.format.components if context.format is not None else ()
        return FilmInfo(
            context.width, context.height, float(rate) if rate else 0.0, stream.frames or None, duration_s,
            context.name, str(context.pix_fmt), audio[0].codec_context.name if audio else None, len(audio),
            max((part.bits for part in parts), default=8), any(part.is_alpha for part in parts),
        )  # fmt: skip


def _plain(error: BaseException) -> str:
    """The reason alone, without errno and file name."""
    return str(getattr(error, "strerror", None) or error)
