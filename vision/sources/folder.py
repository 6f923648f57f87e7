"""A folder of pictures as a video source: one sequence in name order."""

from __future__ import annotations

from pathlib import Path

from vision.frames import EndOfSource, Picture, SourceError, SourceInfo
from vision.offline.pictures import BrokenPictureError, list_pictures, read_picture
from vision.sources.kinds import SourceKind, SourceRequest
from vision.sources.pacing import Pacer

DEFAULT_RATE_HZ = 2.0  # stills are looked at, not watched


class FolderSource:
    """The pictures of a folder, one after the other, whatever their sizes.

    A broken picture is left out and stands in `skipped` as (path within the folder, why).
    """

    def __init__(
        self, folder: Path, *, frame_rate: float | None = None, realtime: bool = True, loop: bool = False
    ) -> None:
        self.folder = folder
        self.skipped: list[tuple[str, str]] = []
        self._frame_rate = frame_rate or DEFAULT_RATE_HZ
        self._realtime, self._loop = realtime, loop
        self._pacer = Pacer()
        self._paths: list[Path] = []
        self._next, self._delivered = 0, 0
        self._first: Picture | None = None  # read at opening for its size

    def open(self) -> SourceInfo:
        """List the pictures.  Raises `SourceError` when there is none that can be read."""
        self._paths = list_pictures(self.folder)
        self._next, self._delivered, self.skipped = 0, 0, []
        first = self._read_next()
        if first is None:
            name, why = self.skipped[0]
            self._paths = []
            raise SourceError(f"no picture in {self.folder} can be read; the first, {name}, {why}")
        self._first = first
        self._pacer.restart()
        height, width = first.shape[:2]
        return SourceInfo(
            self.folder.name or str(self.folder), width, height, self._frame_rate, live=False,
            frame_count=len(self._paths),
        )  # fmt: skip

    def read(self) -> tuple[Picture, float | None]:
        """The next picture when it is due, with its place in s as if in a film."""
        if not self._paths:
            raise EndOfSource(f"{self.folder} is closed")
        if self._first is not None:
            image, self._first = self._first, None
        else:
            image = self._read_next()
            if image is None and self._loop:
                self._next = 0
                image = self._read_next()
        if image is None:
            raise EndOfSource(f"{self.folder.name} has ended")
        position_s = self._delivered / self._frame_rate
        self._delivered += 1
        if self._realtime:
            self._pacer.wait_for(position_s)
            if self._pacer.stopped:
                raise EndOfSource(f"{self.folder.name} was closed")
        return image, position_s

    def close(self) -> None:
        """Let a waiting reader go.  Safe to call twice."""
        self._paths, self._first = [], None
        self._pacer.stop()

    def _read_next(self) -> Picture | None:
        while self._next < len(self._paths):
            path = self._paths[self._next]
            self._next += 1
            try:
                return read_picture(path)
            except BrokenPictureError as error:
                entry = (path.relative_to(self.folder).as_posix(), str(error))
                if entry not in self.skipped:  # in a loop it comes by again
                    self.skipped.append(entry)
        return None


def _make(request: SourceRequest) -> FolderSource:
    return FolderSource(
        Path(request.spec).expanduser(), frame_rate=request.frame_rate, realtime=request.realtime, loop=request.loop
    )


KIND = SourceKind(
    accepts=lambda spec: "://" not in spec and (Path(spec).expanduser().is_dir() or spec.endswith(("/", "\\"))),
    make=_make,
    accepted="the path of a folder of pictures",
)
