"""A film file as a video source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vision.frames import EndOfSource, Picture, SourceInfo
from vision.offline.reader import FilmReader
from vision.sources.kinds import SourceKind, SourceRequest
from vision.sources.pacing import Pacer


class FilmSource:
    """A film, every picture in order and none left out; paced to its own times, or to `frame_rate`.

    `damage` says what was wrong with the file as far as it has been read (a cut-off film is played up to the cut, and
    `EndOfSource` then carries the same text).
    """

    def __init__(
        self, path: Path, *, frame_rate: float | None = None, realtime: bool = True, loop: bool = False
    ) -> None:
        self.path = path
        self.damage = ""
        self._frame_rate, self._realtime, self._loop = frame_rate, realtime, loop
        self._pacer = Pacer()
        self._reader: FilmReader | None = None
        self._frames: Iterator[tuple[Picture, float]] = iter(())
        self._index = 0

    def open(self) -> SourceInfo:
        """Open at the beginning.  Raises `SourceError` when it is missing or no film."""
        self.close()
        self._begin()
        self._pacer.restart()
        assert self._reader is not None  # for the type checker: `_begin` has opened it
        info = self._reader.info
        return SourceInfo(
            self.path.name, info.width, info.height, self._frame_rate or info.frame_rate, live=False,
            frame_count=info.frame_count,
        )  # fmt: skip

    def read(self) -> tuple[Picture, float | None]:
        """The next picture when it is due, with its position in the film in s."""
        if self._reader is None:
            raise EndOfSource(f"{self.path.name} is closed")
        item = next(self._frames, None)
        if item is None:
            self.damage = self._reader.damage
            if not self._loop or self._index == 0:
                raise EndOfSource(f"{self.path.name}: {self.damage}" if self.damage else f"{self.path.name} has ended")
            self.close()
            self._begin()
            self._pacer.restart()
            return self.read()
        image, position_s = item
        if self._frame_rate:
            position_s = self._index / self._frame_rate
        self._index += 1
        if self._realtime:
            self._pacer.wait_for(position_s)
            if self._pacer.stopped:
                raise EndOfSource(f"{self.path.name} was closed")
        return image, position_s

    def close(self) -> None:
        """Release the file; a reader that waits is let go.  Safe to call twice."""
        self._pacer.stop()
        reader, self._reader = self._reader, None
        self._frames = iter(())
        if reader is not None:
            reader.close()

    def _begin(self) -> None:
        self._reader = FilmReader(self.path)
        self._frames = self._reader.frames()
        self._index = 0


def _make(request: SourceRequest) -> FilmSource:
    return FilmSource(
        Path(request.spec).expanduser(), frame_rate=request.frame_rate, realtime=request.realtime, loop=request.loop
    )


def _accepts(spec: str) -> bool:
    """Asked last: what is there, or is named like a file, so that a missing film is named as such."""
    path = Path(spec).expanduser()
    return "://" not in spec and (path.exists() or bool(path.suffix) or path.parent != Path())


KIND = SourceKind(accepts=_accepts, make=_make, accepted="the path of a film (AVI, MP4, MKV, ...)")
