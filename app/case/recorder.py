"""Recording: both feeds into crash-safe films, a new part when the picture's size changes, every drop counted."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import __version__
from app.case.feed import FeedRecorder, PartFacts
from app.case.files import STOP_FREE_MB, CaseError, explain, free_name, make_directory, stamp, write_whole
from vision.frames import EnhancedFrame, Frame
from vision.offline.film import FilmError

_MB = 1_000_000
_DISK_EVERY_S = 1.0


class RecordingError(CaseError):
    """The recording cannot start or go on.  What was written until then is kept."""


@dataclass(frozen=True, slots=True)
class RecordingSummary:
    """What a recording holds.  Dropped frames were captured while recording, but are not in the film."""

    sidecar: Path
    files: tuple[Path, ...]
    seconds: float
    written_raw: int
    written_enhanced: int
    dropped_raw: int
    dropped_enhanced: int

    @property
    def written(self) -> int:
        return self.written_raw + self.written_enhanced

    @property
    def dropped(self) -> int:
        return self.dropped_raw + self.dropped_enhanced

    def __str__(self) -> str:
        return (
            f"{self.seconds:.1f} s in {self.sidecar.parent} ({self.written_raw} raw and {self.written_enhanced}"
            f" enhanced frames written, {self.dropped_raw} and {self.dropped_enhanced} dropped)"
        )


class CaseRecorder:
    """One recording, used from one thread.  Every method raises only `RecordingError`.

    Both films share one zero, the capture of the first raw frame: an enhanced picture stands at the moment at which
    its source frame was captured, so the films run in step.  A JSON beside them names the parts and the counts; it
    is written at the start, with each new part, and at the end.
    """

    def __init__(
        self,
        directory: Path,
        *,
        source: str,
        simulation: bool,
        frame_rate: float = 30.0,
        codec: str = "libx264",
        container: str = "mkv",
        min_free_mb: int = 2000,
    ) -> None:
        """`source` is the badge's name of the source, `frame_rate` its nominal one in Hz."""
        self._directory = directory
        self._source = source
        self._simulation = simulation
        self._frame_rate = frame_rate
        self._codec = codec
        self._container = container
        self._min_free_mb = min_free_mb
        self._free_mb = float("inf")
        self._checked_s = -float("inf")
        self._started: datetime | None = None
        self._stopped = False
        self._sidecar = directory
        self._raw: FeedRecorder | None = None
        self._enhanced: FeedRecorder | None = None
        self._first_id: int | None = None
        self._zero_s = 0.0
        self._last_s = 0.0

    @property
    def disk_low(self) -> bool:
        """True when less than `min_free_mb` was free at the last look (at the start, then once a second)."""
        return self._free_mb < self._min_free_mb

    @property
    def written(self) -> int:
        """Frames in the films so far, both feeds."""
        return sum(feed.written for feed in (self._raw, self._enhanced) if feed)

    @property
    def dropped(self) -> int:
        """Frames that did not make it into the films so far, both feeds."""
        return sum(feed.dropped for feed in (self._raw, self._enhanced) if feed)

    @property
    def seconds(self) -> float:
        """Length of the recording so far, from its first frame to its last."""
        return self._last_s - self._zero_s

    def start(self, now: datetime | None = None) -> None:
        """Make the folder, look at the space, and begin.  `now` names the files (default: this moment)."""
        if self._started is not None:
            raise RecordingError("Recording not started: this recording has run already; make a new one")
        started = datetime.now(UTC) if now is None else now
        stem = f"recording_{stamp(started)}" + ("_SIMULATION" if self._simulation else "")
        try:
            make_directory(self._directory)
            self._sidecar = free_name(self._directory / f"{stem}.json")
            self._look_at_disk()
            if self._free_mb < STOP_FREE_MB:
                raise RecordingError(
                    f"Recording not started: {self._free_mb:.0f} MB free in {self._directory}, expected at least"
                    f" {STOP_FREE_MB}; delete or move old recordings"
                )
            name = self._sidecar.stem
            self._raw, self._enhanced = (
                FeedRecorder(self._directory / f"{name}_{feed}.{self._container}", self._frame_rate, self._codec)
                for feed in ("raw", "enhanced")
            )
            self._started = started
            self._write_sidecar()
        except OSError as error:
            raise RecordingError(f"Recording not started: {explain(error, self._directory)}") from error

    def write_raw(self, frame: Frame) -> bool:
        """Write a grabbed frame.  False: dropped and counted, because it is not newer than the last one."""
        if self._first_id is None:
            self._first_id, self._zero_s, self._last_s = frame.id, frame.captured_s, frame.captured_s
        return self._write(self._raw, frame, frame)

    def write_enhanced(self, enhanced: EnhancedFrame) -> bool:
        """Write an enhanced picture.  False: dropped and counted, or of a frame from before the recording."""
        if self._first_id is None or enhanced.source.id < self._first_id:
            return False
        return self._write(self._enhanced, enhanced.source, enhanced)

    def stop(self) -> RecordingSummary:
        """Close the films and write the final JSON.  Safe to call again: it returns the same summary."""
        if self._started is None or self._raw is None or self._enhanced is None:
            raise RecordingError("Nothing was recorded: the recording did not start")
        if not self._stopped:
            self._stopped = True
            problem: Exception | None = None
            for feed in (self._raw, self._enhanced):
                try:
                    feed.close()
                except (OSError, FilmError) as error:
                    problem = error
            try:
                self._write_sidecar()
            except OSError as error:
                problem = problem or error
            if problem is not None:
                raise RecordingError(f"Recording not closed well: {self._said(problem)}") from problem
        return RecordingSummary(
            sidecar=self._sidecar,
            files=tuple(part.path for feed in (self._raw, self._enhanced) for part in feed.parts),
            seconds=self.seconds,
            written_raw=self._raw.written,
            written_enhanced=self._enhanced.written,
            dropped_raw=self._raw.dropped,
            dropped_enhanced=self._enhanced.dropped,
        )

    def _write(self, feed: FeedRecorder | None, frame: Frame, picture: Frame | EnhancedFrame) -> bool:
        if feed is None or self._stopped:
            raise RecordingError("Recording has ended or was not started; start a new one")
        try:
            if frame.captured_s - self._checked_s >= _DISK_EVERY_S:
                self._checked_s = frame.captured_s
                self._look_at_disk()
            if self._free_mb < STOP_FREE_MB:
                raise RecordingError(
                    f"Recording ended: only {self._free_mb:.0f} MB free in {self._directory}. What was recorded is"
                    " kept; delete or move old recordings, then start again"
                )
            parts = len(feed.parts)
            done = feed.write(frame.id, frame.captured_s - self._zero_s, picture.image)
            if len(feed.parts) != parts:
                self._write_sidecar()
        except (OSError, FilmError) as error:
            raise RecordingError(f"Recording failed: {self._said(error)}") from error
        self._last_s = max(self._last_s, frame.captured_s)
        return done

    def _look_at_disk(self) -> None:
        self._free_mb = shutil.disk_usage(self._directory).free / _MB

    def _said(self, error: Exception) -> str:
        return explain(error, self._directory) if isinstance(error, OSError) else str(error)

    def _write_sidecar(self) -> None:
        feeds: dict[str, Any] = {}
        for name, feed in (("raw", self._raw), ("enhanced", self._enhanced)):
            if feed is not None:
                parts = [_part_facts(part) for part in feed.parts]
                feeds[name] = {"written": feed.written, "dropped": feed.dropped, "parts": parts}
        facts = {
            "started_utc": self._started.astimezone(UTC).isoformat() if self._started else None,
            "complete": self._stopped,  # False: it is going on, or it was cut off
            "seconds": round(self.seconds, 3),
            "source": self._source,
            "simulation": self._simulation,
            "codec": self._codec,
            "program": f"limpid {__version__}",
            "feeds": feeds,
        }
        write_whole(self._sidecar, (json.dumps(facts, indent=2) + "\n").encode())


def _part_facts(part: PartFacts) -> dict[str, Any]:
    return {
        "file": part.path.name,
        "width": part.width,
        "height": part.height,
        "offset_s": round(part.offset_s, 6),
        "first_frame_id": part.first_frame_id,
        "frames": part.frames,
    }
