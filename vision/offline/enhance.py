"""`enhance SRC DST`: a film or a folder of pictures through the enhancer, every frame accounted for."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import av.error
import numpy as np

from vision.frames import Action, EnhancedFrame, Frame, Picture, SourceError
from vision.offline.audio import AudioCopy
from vision.offline.film import CONTAINERS, LOSSLESS_CODEC, FilmError, FilmWriter
from vision.offline.pictures import BrokenPictureError, encode_picture, list_pictures, read_stored_picture
from vision.offline.reader import FilmInfo, FilmReader
from vision.offline.report import Report, Stage

Progress = Callable[[int, int | None], None]  # frames done, frames in all (None: unknown)

_FILM_SUFFIXES = frozenset((*CONTAINERS, ".m4v", ".mpeg", ".mpg", ".ts", ".webm", ".wmv"))  # no folder is called so
_INTERLACED = "interlaced: two moments in one picture; to have it deblurred, deinterlace the film first"
_STILL_STEP_S = 0.5  # time between the pictures of a folder, as the folder source plays them


class OfflineError(Exception):
    """`enhance` cannot begin, and has written nothing.  The text says why and what to do."""


class FrameEnhancer(Protocol):
    """What `enhance_path` asks of an enhancer: frames of one sequence in time order."""

    def process(self, frame: Frame) -> EnhancedFrame: ...


def enhance_path(
    src: Path,
    dst: Path,
    enhancer: FrameEnhancer,
    *,
    progress: Progress | None = None,
    overwrite: bool = False,
) -> Report:
    """Enhance a film into a film, or a folder of pictures (one sequence in name order) into such a folder.

    A film is written without loss (H.264 RGB, qp 0), so a clear frame's pixels come out unchanged, with the film's own
    times, and its sound is copied.  A picture that is not deblurred is copied, file for file; a deblurred one keeps
    place, name, size (upright, as its EXIF says), grey, alpha and depth.  The report's `notes` name what was lost.
    Broken pictures and the missing end of a cut-off film are left out and stand in the report, whose `complete` is then
    False.  Interlaced pictures of a film pass as they are: two moments in one picture cannot be judged.

    Raises `OfflineError` or `SourceError` before anything is written; `FilmError` or `OSError` when writing fails.
    The source is never written to.
    """
    if src.is_dir():
        return _folder(src, dst, enhancer, progress, overwrite)
    if not src.exists():
        raise OfflineError(f"{src} doesn't exist; name a film or a folder of pictures")
    return _film(src, dst, enhancer, progress, overwrite)


class _Tally:
    """Counts what happens to the frames, and asks the enhancer."""

    def __init__(self, enhancer: FrameEnhancer) -> None:
        self._enhancer = enhancer
        self._began_s = time.perf_counter()
        self.taken = self.written = 0
        self._actions: Counter[Action] = Counter()
        self._reasons: Counter[str] = Counter()
        self._regions: Counter[str] = Counter()
        self._stages: dict[str, list[float]] = {}
        self.skipped: list[tuple[str, str]] = []

    def enhance(self, image: Picture, at_s: float, media_s: float | None) -> EnhancedFrame:
        """What became of `image`, (H, W, 3) uint8 BGR."""
        image.flags.writeable = False
        result = self._enhancer.process(Frame(self.taken, at_s, image, media_s))
        self.taken += 1
        self._actions[result.action] += 1
        if result.action is Action.RAW:
            self._reasons[result.reason or "no reason given"] += 1
        self._regions[result.region or "unknown"] += 1
        for stage, cost_ms in result.timings_ms.items():
            self._stages.setdefault(stage, []).append(cost_ms)
        return result

    def pass_by(self, reason: str) -> None:
        """Counts a picture that is left as it is without being judged."""
        self.taken += 1
        self._actions[Action.RAW] += 1
        self._reasons[reason] += 1

    def report(self, src: Path, dst: Path, *, damage: str = "", notes: tuple[str, ...] = ()) -> Report:
        return Report(
            source=str(src),
            destination=str(dst),
            frames_in=self.taken + len(self.skipped),
            frames_out=self.written,
            passed=self._actions[Action.PASSED],
            deblurred=self._actions[Action.DEBLURRED],
            raw=self._actions[Action.RAW],
            raw_reasons=dict(self._reasons),
            skipped=tuple(self.skipped),
            damage=damage,
            regions=dict(self._regions.most_common()),
            stages={
                name: Stage(round(statistics.median(costs), 3), round(float(np.percentile(costs, 99)), 3), len(costs))
                for name, costs in self._stages.items()
            },
            seconds=round(time.perf_counter() - self._began_s, 3),
            notes=notes,
        )


def _folder(src: Path, dst: Path, enhancer: FrameEnhancer, progress: Progress | None, overwrite: bool) -> Report:
    pictures = list_pictures(src)
    targets = _targets(src, dst, pictures)
    _check_folder(src, dst, overwrite)
    tally = _Tally(enhancer)
    losses: dict[str, list[str]] = {}
    for number, (path, target) in enumerate(zip(pictures, targets, strict=True)):
        try:
            picture = read_stored_picture(path)
        except BrokenPictureError as error:
            tally.skipped.append((path.relative_to(src).as_posix(), str(error)))
        else:
            result = tally.enhance(picture.image, number * _STILL_STEP_S, None)
            content, name, found = picture.data, target.name, []
            if result.action is Action.DEBLURRED:
                content, suffix, loss = encode_picture(target.suffix, picture.with_image(result.image))
                name, found = f"{target.stem}{suffix}", [picture.loss, loss]
            for loss in filter(None, found):
                losses.setdefault(loss, []).append(path.relative_to(src).as_posix())
            _write_whole(target.with_name(name), content)
            tally.written += 1
        if progress is not None:
            progress(number + 1, len(pictures))
    notes = (f"{names[0]}{_and_more(names)} {loss}" for loss, names in losses.items())
    return tally.report(src, dst, notes=tuple(notes))


def _and_more(names: list[str]) -> str:
    return f" and {len(names) - 1} more:" if len(names) > 1 else ""


def _targets(src: Path, dst: Path, pictures: list[Path]) -> list[Path]:
    """Where each picture goes.  Refuses what would overwrite a source, or write two pictures into one file."""
    if _inside(dst, src):
        raise OfflineError(f"{dst} lies in the source folder {src}; name a folder outside of it")
    targets = [dst / path.relative_to(src) for path in pictures]
    owners: dict[str, Path] = {}
    for path, target in zip(pictures, targets, strict=True):
        other = owners.setdefault(str(target).casefold(), path)  # some file systems don't tell case apart
        if other is not path:
            raise OfflineError(
                f"{other.relative_to(src)} and {path.relative_to(src)} would both become"
                f" {target.relative_to(dst)}; rename one of them"
            )
        if _inside(target, src):
            raise OfflineError(f"{target} lies in the source folder {src}; name another folder")
    return targets


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _check_folder(src: Path, dst: Path, overwrite: bool) -> None:
    if dst.suffix.lower() in _FILM_SUFFIXES:
        raise OfflineError(f"{dst} names a film, but the pictures of folder {src} are written into a folder: name one")
    if dst.exists() and not dst.is_dir():
        raise OfflineError(f"{dst} is a file; a folder of pictures is written into a folder")
    if dst.is_dir() and any(dst.iterdir()) and not overwrite:
        raise OfflineError(f"folder {dst} is not empty; name another one, or allow it with --overwrite")
    try:
        dst.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OfflineError(f"folder {dst} cannot be made ({error.strerror}); name another one") from error


def _write_whole(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: a picture that was being written when the disk was full must not pass for a result.
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _film(src: Path, dst: Path, enhancer: FrameEnhancer, progress: Progress | None, overwrite: bool) -> Report:
    with FilmReader(src) as reader:
        _check_film(src, dst, overwrite)
        tally, notes = _Tally(enhancer), _lost_in_a_film(reader.info)
        # Under its own name stands a film that is done, or the one that stood there before.
        partial = dst.with_name(f"{dst.stem}.part{dst.suffix}")
        try:
            _write_film(reader, partial, tally, notes, progress)
            partial.replace(dst)
        except (FilmError, OSError, SourceError):
            partial.unlink(missing_ok=True)
            raise
        return tally.report(src, dst, damage=reader.damage, notes=tuple(notes))


def _write_film(reader: FilmReader, dst: Path, tally: _Tally, notes: list[str], progress: Progress | None) -> None:
    """Every picture of `reader` and its sound into `dst`; `notes` gets what became of the sound."""
    writer: FilmWriter | None = None
    audio: AudioCopy | None = None
    try:
        for number, (image, at_s) in enumerate(reader.frames()):
            if writer is None:
                height, width = image.shape[:2]
                writer, audio = _begin(dst, width, height, reader, notes)
            if image.shape[:2] != (writer.height, writer.width):
                size = f"{image.shape[1]}x{image.shape[0]}"
                tally.skipped.append((f"picture {number + 1}", f"is {size}, the film {writer.width}x{writer.height}"))
                continue
            if audio is not None:
                audio.copy_until(writer, at_s)
            if reader.interlaced:
                tally.pass_by(_INTERLACED)
            else:
                image = tally.enhance(image, at_s, at_s).image
            writer.write(image, at_s)
            tally.written += 1
            if progress is not None:
                progress(tally.taken + len(tally.skipped), reader.info.frame_count)
        if writer is None:
            raise SourceError(f"no picture of {reader.path} can be decoded: {reader.damage}")
        if audio is not None:
            audio.copy_until(writer, float("inf"))
            if audio.problem:
                notes.append(f"the sound ends early: {audio.problem}")
    finally:
        if audio is not None:
            audio.close()
        if writer is not None:
            writer.close()


def _lost_in_a_film(info: FilmInfo) -> list[str]:
    """What the new film, 8 bits of red, green and blue, lacks of the old one."""
    notes = []
    if info.bits > 8:
        notes.append(f"the film has {info.bits} bits a channel, written with 8")
    if info.alpha:
        notes.append("the film has an alpha channel, which is left out; pictures in a folder keep theirs")
    if info.audio_streams > 1:
        notes.append(f"the first of {info.audio_streams} sound tracks is kept")
    return notes


def _check_film(src: Path, dst: Path, overwrite: bool) -> None:
    if dst.is_dir():
        raise OfflineError(
            f"{dst} is a folder; a film is written into a film: name one ending in {', '.join(CONTAINERS)}"
        )
    if dst.suffix.lower() not in CONTAINERS:
        raise OfflineError(f"{dst} names no kind of film; let it end in {', '.join(CONTAINERS)} (.mkv is best)")
    if dst.exists():
        if src.samefile(dst):
            raise OfflineError(f"{dst} is the source itself; name another film")
        if not overwrite:
            raise OfflineError(f"{dst} exists; name another film, or allow it with --overwrite")
    try:
        dst.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OfflineError(f"folder {dst.parent} cannot be made ({error.strerror}); name another one") from error


def _begin(
    dst: Path, width: int, height: int, reader: FilmReader, notes: list[str]
) -> tuple[FilmWriter, AudioCopy | None]:
    """The film, with sound if its container can hold it as it is, else without, and a note."""
    rate = reader.info.frame_rate
    if reader.info.audio is not None:
        audio = None
        try:
            audio = AudioCopy(reader.path, reader.start_s)
            return FilmWriter(dst, width, height, rate, LOSSLESS_CODEC, crash_safe=False, audio=audio.stream), audio
        except (FilmError, av.error.FFmpegError) as error:
            notes.append(
                f"the sound ({reader.info.audio}) is left out; {dst.suffix} may not hold it, try .mkv: {error}"
            )
            if audio is not None:
                audio.close()
    return FilmWriter(dst, width, height, rate, LOSSLESS_CODEC, crash_safe=False), None
