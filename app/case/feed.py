"""One feed of a recording: a film in parts, one for each size that the picture had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.case.files import free_name
from vision.frames import Picture
from vision.offline.film import FilmWriter


@dataclass(slots=True)
class PartFacts:
    """One film file.  `offset_s` is where its time 0 lies in the recording."""

    path: Path
    width: int
    height: int
    offset_s: float
    first_frame_id: int
    frames: int = 0


class FeedRecorder:
    """Writes one feed, used from one thread.  `OSError` and `FilmError` come from the film as they are."""

    def __init__(self, path: Path, frame_rate: float, codec: str) -> None:
        """`path` is the first part's; later ones get _part2, _part3... before the suffix."""
        self._path = path
        self._frame_rate = frame_rate
        self._codec = codec
        self._film: FilmWriter | None = None
        self._last_id: int | None = None
        self._last_s = 0.0
        self.parts: list[PartFacts] = []
        self.written = 0
        self.dropped = 0

    def write(self, frame_id: int, at_s: float, image: Picture) -> bool:
        """Write a picture captured `at_s` into the recording.  False: not newer than the last, so dropped.

        Ids count up by one from frame to frame: a gap is frames that never came here, and counts as dropped.
        """
        if self._last_id is not None:
            if frame_id <= self._last_id or at_s <= self._last_s:
                self.dropped += 1
                return False
            self.dropped += frame_id - self._last_id - 1
        self._last_id, self._last_s = frame_id, at_s
        try:
            part = self._part_for(image, at_s, frame_id)
            film = self._film
            assert film is not None  # for the type checker: every part has its film open
            film.write(image, at_s - part.offset_s)
        except Exception:  # whatever the reason, the frame is not in the film; the caller names it
            self.dropped += 1
            raise
        part.frames += 1
        self.written += 1
        return True

    def close(self) -> None:
        """Finish the film.  Safe to call twice."""
        film, self._film = self._film, None
        if film is not None:
            film.close()

    def _part_for(self, image: Picture, at_s: float, frame_id: int) -> PartFacts:
        """The part that takes pictures of this size: the last one, or a new one."""
        height, width = image.shape[:2]
        last = self.parts[-1] if self.parts else None
        if self._film is not None and last is not None and (last.width, last.height) == (width, height):
            return last
        self.close()
        number = len(self.parts) + 1
        name = self._path.name if number == 1 else f"{self._path.stem}_part{number}{self._path.suffix}"
        path = free_name(self._path.with_name(name))
        offset_s = 0.0 if number == 1 else at_s  # part 1 keeps the recording's zero, so both feeds run in step
        self._film = FilmWriter(path, width, height, self._frame_rate, codec=self._codec)
        part = PartFacts(path, width, height, offset_s, frame_id)
        self.parts.append(part)
        return part
