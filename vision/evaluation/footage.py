"""Films, folders and pictures without truth: what the enhanced view does to them, frame by frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from vision.enhance import Enhancer
from vision.evaluation.figures import mean
from vision.evaluation.flicker import Motion
from vision.evaluation.quality import Luma, Mask, blur_effect, judged_part
from vision.evaluation.shaken import changed_bits
from vision.field import NothingToJudgeError, find_field, inner_weight, to_luma
from vision.frames import Action, EnhancedFrame, Frame, Picture, SourceError
from vision.models.generator import CELL
from vision.offline.pictures import BrokenPictureError, list_pictures, read_picture
from vision.offline.reader import PICTURE_SUFFIXES, FilmReader
from vision.opencv import cv2
from vision.runtime import Weights
from vision.settings import Settings


@dataclass(slots=True)
class Source:
    """What is looked at, and what of it could not be."""

    path: Path
    kind: str  # film, folder or picture
    expected: int | None = None  # frames; None: the file does not say
    skipped: list[tuple[str, str]] = field(default_factory=list)  # (name, why)
    damage: str = ""

    def frames(self) -> Iterator[tuple[str, Picture]]:
        """Name and (H, W, 3) uint8 BGR of each frame in time order.  Raises `SourceError` when there is none."""
        yield from self._film() if self.kind == "film" else self._pictures()

    def _film(self) -> Iterator[tuple[str, Picture]]:
        with FilmReader(self.path) as film:
            self.expected = film.info.frame_count
            for number, (picture, at_s) in enumerate(film.frames()):
                yield f"{number} ({at_s:.2f} s)", picture
            self.damage = film.damage
            if not film.decoded:
                raise SourceError(f"no picture of {self.path} can be decoded: {film.damage}")

    def _pictures(self) -> Iterator[tuple[str, Picture]]:
        paths = [self.path] if self.kind == "picture" else list_pictures(self.path)
        root = self.path.parent if self.kind == "picture" else self.path
        self.expected = len(paths)
        for path in paths:
            name = path.relative_to(root).as_posix()
            try:
                picture = read_picture(path)
            except BrokenPictureError as error:
                self.skipped.append((name, str(error)))
            else:
                yield name, picture
        if len(self.skipped) == len(paths):
            name, why = self.skipped[0]
            raise SourceError(f"{self.path}: none of {len(paths)} pictures can be read; {name} {why}")


def open_source(path: Path) -> Source:
    """A film, a folder of pictures or one picture.  Raises `SourceError` when there is nothing."""
    if path.is_dir():
        return Source(path, "folder")
    if not path.is_file():
        raise SourceError(
            f"{path} doesn't exist; name a film, a picture, a folder of pictures, or a data folder with manifest.tsv"
        )
    return Source(path, "picture" if path.suffix.lower() in PICTURE_SUFFIXES else "film")


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """One frame.  None: there was nothing to judge."""

    name: str
    p_clear: float | None
    region: str | None
    similarity: float
    action: str
    reason: str
    memory_age: int | None
    blur_before: float | None  # blur effect, 0 sharp .. 1
    blur_after: float | None
    changed_bits: int
    took_ms: float


@dataclass(slots=True)
class _Steps:
    """Sums over the steps between two frames of which one was deblurred, in 8-bit steps a pixel."""

    change: list[float] = field(default_factory=lambda: [0.0, 0.0])  # before and after the enhanced view
    warping: list[float] = field(default_factory=lambda: [0.0, 0.0])  # along the motion of the frames as recorded
    count: int = 0


def look(source: Source, weights: Weights, threshold: float) -> dict[str, Any]:
    """All figures of a source, plain values for JSON.  Raises `SourceError`."""
    enhancer = Enhancer(weights, Settings(threshold, time_budget_ms=None))
    facts: list[FrameFacts] = []
    steps = _Steps()
    last: EnhancedFrame | None = None
    try:
        for index, (name, picture) in enumerate(source.frames()):
            if last is None:
                enhancer.warm_up(picture.shape[1], picture.shape[0])
            picture.flags.writeable = False
            done = enhancer.process(Frame(index, 0.0, picture))
            part = field_part(to_luma(picture))
            facts.append(_facts(name, done, part))
            if last is not None:
                _compare(last, done, part, steps)
            last = done
    finally:
        enhancer.close()
    return {
        "source": source.path.name,
        "kind": source.kind,
        "threshold": enhancer.settings.threshold,
        "frames_expected": source.expected,
        "frames_read": len(facts),
        "skipped": [{"name": name, "why": why} for name, why in source.skipped],
        "damage": source.damage,
        **_summary(facts, steps),
        "frames": [asdict(fact) for fact in facts],
    }


def field_part(luma: Luma) -> Mask | None:
    """The part of a picture that figures are taken from; None: there is nothing to see, or too little of it."""
    try:
        field = find_field(luma)
    except NothingToJudgeError:
        return None
    height, width = luma.shape
    cells = inner_weight(field, (-(-height // CELL), -(-width // CELL)))
    size = (cells.shape[1] * CELL, cells.shape[0] * CELL)
    inside = cv2.resize(cells, size, interpolation=cv2.INTER_NEAREST)[:height, :width]
    part = judged_part(np.where(inside >= 128, 255, 0).astype(np.uint8))
    return part if part.any() else None


def _facts(name: str, done: EnhancedFrame, part: Mask | None) -> FrameFacts:
    before = after = None
    if part is not None:
        before = after = _known(blur_effect(to_luma(done.source.image), part))
        if done.action is Action.DEBLURRED:
            after = _known(blur_effect(to_luma(done.image), part))
    return FrameFacts(
        name,
        _known(done.p_clear),
        done.region,
        round(done.region_similarity, 4),
        done.action.value,
        done.reason,
        done.memory_age,
        before,
        after,
        changed_bits(done.image, done.source.image),
        round(done.timings_ms["total"], 2),
    )


def _compare(last: EnhancedFrame, now: EnhancedFrame, part: Mask | None, steps: _Steps) -> None:
    deblurred = Action.DEBLURRED in (last.action, now.action)
    if not deblurred or part is None or last.source.image.shape != now.source.image.shape:
        return
    recorded = to_luma(last.source.image), to_luma(now.source.image)
    motion = Motion(*recorded, part)
    for place, pair in enumerate((recorded, (to_luma(last.image), to_luma(now.image)))):
        steps.change[place] += motion.change(*pair)
        steps.warping[place] += motion.warping_error(*pair)
    steps.count += 1


def _summary(facts: list[FrameFacts], steps: _Steps) -> dict[str, Any]:
    actions = {action.value: [f for f in facts if f.action == action.value] for action in Action}
    deblurred = [f for f in actions[Action.DEBLURRED.value] if f.blur_before is not None and f.blur_after is not None]
    times = {name: [f.took_ms for f in members] for name, members in actions.items() if members}
    return {
        "actions": {name: len(members) for name, members in actions.items()},
        "raw_reasons": dict(Counter(f.reason for f in actions[Action.RAW.value])),
        "regions": dict(Counter(f.region or "unknown" for f in facts).most_common()),
        "p_clear_median": _known(float(np.median([f.p_clear for f in facts if f.p_clear is not None] or [np.nan]))),
        "with_memory": sum(f.memory_age is not None for f in actions[Action.DEBLURRED.value]),
        "blur_effect_passed": _known(mean([f.blur_after for f in facts if f.action == Action.PASSED and f.blur_after])),
        "blur_effect_before": _known(mean([f.blur_before for f in deblurred if f.blur_before])),
        "blur_effect_after": _known(mean([f.blur_after for f in deblurred if f.blur_after])),
        "steps": steps.count,
        **{
            f"{name}_{when}": round(sums[place] / steps.count, 3) if steps.count else None
            for name, sums in (("change", steps.change), ("warping_error", steps.warping))
            for place, when in enumerate(("before", "after"))
        },
        "changed_bits_of_passed": sum(f.changed_bits for f in actions[Action.PASSED.value]),
        "milliseconds": {
            name: {"median": round(float(np.median(ms)), 2), "p95": round(float(np.quantile(ms, 0.95)), 2)}
            for name, ms in times.items()
        },
        "frames_a_second": round(1e3 * len(facts) / total, 1) if (total := sum(f.took_ms for f in facts)) else None,
    }


def _known(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None
