"""Training samples of the generator: shaken bursts that go through the very memory and motion of the running tower."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from vision.known.box import box_around
from vision.known.knowledge import Knowledge
from vision.models.generator import CELL
from vision.opencv import cv2
from vision.training import shaking
from vision.training.blur import Light, choose_pose, look, record, replace_part
from vision.training.course import CLEAR_PX, Course, plan_course
from vision.training.data import DataError, Scene, to_bytes
from vision.training.scope import Scope
from vision.training.stage import Plane

VERSION = 3  # of the bank: what is gathered has changed since
SIDE = 192  # pixels a side that the nets see
CONTEXT = 320  # pixels a side that alignment and deconvolution see: their border errors must not be learned
PLANES = ("blurred", "truth", "memory", "sharp")


@dataclass(frozen=True, slots=True)
class Mixture:
    """What the bank is made of; pairs are limits to draw from, shares are of bursts."""

    kinds: tuple[str, ...] = ("straight", "curved", "defocus", "mixed", "none")
    kind_shares: tuple[float, ...] = (0.33, 0.33, 0.13, 0.11, 0.10)
    lengths_px: tuple[float, float] = (4.0, 24.0)  # logarithmically even
    small_share: float = 0.3  # of shaken bursts drawn from the small lengths instead, which are easily made worse
    small_px: tuple[float, float] = (4.0, 8.0)
    discs_px: tuple[float, float] = (2.5, 10.0)  # diameters of defocus, logarithmically even
    nearly_clear_px: tuple[float, float] = (0.2, 3.0)  # path lengths of bursts of the kind "none"
    without_clear_share: float = 0.22  # bursts that start the sequence: first nothing is known, then weak memory
    without_clear_frames: int = 6
    ages_apart: int = 4  # frames between the kept ones of a burst: ages a, a + 4, a + 8
    oldest: int = 12
    replaced_share: float = 0.25  # clear frames with a part of another scene that is gone in the burst
    rim_share: float = 0.15  # views across the rim of the field, which stands still
    jpeg_share: float = 0.5
    maximum_amplitude_px: float = 40.0
    half_diagonal_px: float = 734.0  # of the 1280x720 picture whose part a sample is: the hand turns about its middle


MIXTURE = Mixture()


@dataclass(frozen=True, slots=True)
class Sample:
    """A blurred frame of a burst with what the tower knew of it."""

    planes: NDArray[np.uint8]  # (4, SIDE, SIDE) in the order of PLANES
    confidence: NDArray[np.uint8]  # (SIDE/4, SIDE/4)
    kind: str
    length_px: float  # path length; of defocus the disc's diameter
    age: int  # frames since the last clear one; -1: there has been none


@dataclass(slots=True)
class Bank:
    """Samples in memory: planes (N, 4, SIDE, SIDE) uint8 in the order of PLANES, confidence (N, SIDE/4, SIDE/4).

    Kinds, lengths and ages are there to judge by, and empty in banks that come from elsewhere.
    """

    planes: NDArray[np.uint8]
    confidence: NDArray[np.uint8]
    regions: list[str]
    kinds: list[str] = field(default_factory=list)  # of each frame
    lengths_px: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))  # see Sample
    ages: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))

    def __len__(self) -> int:
        return len(self.regions)

    def where(self, mask: NDArray[np.bool_]) -> Bank:
        """The samples of which `mask` (N,) is True."""
        chosen = np.flatnonzero(mask)
        return Bank(
            self.planes[chosen],
            self.confidence[chosen],
            [self.regions[index] for index in chosen],
            [self.kinds[index] for index in chosen],
            self.lengths_px[chosen],
            self.ages[chosen],
        )

    def save(self, path: Path) -> None:
        """Writes an .npz without pickles."""
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays = {name: np.asarray(getattr(self, name)) for name in _ARRAYS}
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, version=np.array(VERSION), **arrays)

    @staticmethod
    def load(path: Path) -> Bank:
        """Reads what `save` wrote.  Raises `DataError`."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                version = int(arrays["version"]) if "version" in arrays else 1
                if version != VERSION:
                    raise DataError(f"{path}: expected a bank of version {VERSION}, found {version}; delete it")
                found = {name: arrays[name] for name in _ARRAYS}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise DataError(f"{path}: expected a bank of training samples, found {error}; delete it") from error
        regions, kinds = ([str(word) for word in found[name]] for name in ("regions", "kinds"))
        return Bank(found["planes"], found["confidence"], regions, kinds, found["lengths_px"], found["ages"])


_ARRAYS = tuple(each.name for each in fields(Bank))


def card() -> dict[str, object]:
    """The parameters of the bank and of the synthesis below it, for a model card."""
    mixture: dict[str, object] = dataclasses.asdict(MIXTURE)
    return {"version": VERSION, "side_px": SIDE, "context_px": CONTEXT, **mixture, "synthesis": shaking.card()}


def make_bank(scenes: Sequence[Scene], count: int, seed: int, progress: bool = True, workers: int = 1) -> Bank:
    """`count` samples from luma scenes, the same for the same seed whatever the number of workers (threads)."""
    if not scenes or count < 1:
        raise DataError(f"expected scenes and at least one sample to make, found {len(scenes)} scenes, {count} samples")
    samples: list[tuple[str, Sample]] = []
    bursts = 0
    # Threads within a burst's small pictures only wait for each other: one of each library's for a worker.
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with (
            ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool,
            tqdm(total=count, desc="samples", disable=not progress, mininterval=5.0) as bar,
        ):
            while len(samples) < count:
                wanted = range(bursts, bursts + 4 * workers)
                for made in pool.map(partial(make_burst, scenes, seed), wanted):
                    samples += made
                bursts = wanted.stop
                bar.update(min(count, len(samples)) - bar.n)
    finally:
        cv2.setNumThreads(before)
    kept = samples[:count]
    return Bank(
        np.stack([sample.planes for _, sample in kept]),
        np.stack([sample.confidence for _, sample in kept]),
        [region for region, _ in kept],
        [sample.kind for _, sample in kept],
        np.array([sample.length_px for _, sample in kept], np.float32),
        np.array([sample.age for _, sample in kept], np.int16),
    )


def make_burst(scenes: Sequence[Scene], seed: int, index: int) -> list[tuple[str, Sample]]:
    """Samples of the burst `index` of a bank, each with its region."""
    rng = np.random.default_rng((seed, index))
    scene = scenes[int(rng.integers(len(scenes)))]
    other = scenes[int(rng.integers(len(scenes)))]
    kind = MIXTURE.kinds[int(rng.choice(len(MIXTURE.kinds), p=MIXTURE.kind_shares))]
    clear, kept = _plan_frames(rng)
    course = plan_course(
        rng,
        kind,
        _draw_length(rng, kind),
        kept[-1] + 1 - clear,
        clear,
        MIXTURE.maximum_amplitude_px,
        MIXTURE.half_diagonal_px,
        MIXTURE.nearly_clear_px if kind == "none" else CLEAR_PX,
    )
    gone = _draw_part(rng, other) if rng.random() < MIXTURE.replaced_share else None
    rim = _draw_rim(rng) if rng.random() < MIXTURE.rim_share else None
    scope = Scope(rng, scene, choose_pose(rng, scene, CONTEXT), (CONTEXT, CONTEXT), rim)
    return [(scene.region, sample) for sample in _watch(rng, scope, course, clear, kept, gone, rim)]


def _plan_frames(rng: np.random.Generator) -> tuple[int, list[int]]:
    """How many clear frames come first, and which frames of the sequence are kept; the last one ends it."""
    if rng.random() < MIXTURE.without_clear_share:
        later = 1 + rng.choice(MIXTURE.without_clear_frames - 1, 2, replace=False)
        return 0, [0, *(int(frame) for frame in np.sort(later))]
    clear = int(rng.integers(1, 3))
    youngest = int(rng.integers(1, MIXTURE.ages_apart + 1))
    return clear, [clear + age - 1 for age in range(youngest, MIXTURE.oldest + 1, MIXTURE.ages_apart)]


def _draw_length(rng: np.random.Generator, kind: str) -> float:
    low, high = MIXTURE.discs_px if kind == "defocus" else MIXTURE.lengths_px
    if kind in ("straight", "curved", "mixed") and rng.random() < MIXTURE.small_share:
        low, high = MIXTURE.small_px
    return float(low * (high / low) ** rng.random())


def _draw_part(rng: np.random.Generator, other: Scene) -> tuple[Light, int]:
    """A view of another scene, and the seed of the outline in which it covers the clear frames."""
    return look(other.linear, choose_pose(rng, other, CONTEXT), CONTEXT), int(rng.integers(2**32))


def _draw_rim(rng: np.random.Generator) -> Plane:
    """A field of view whose rim passes near the middle of the view: the disc of a 720-line picture."""
    angle = float(rng.uniform(0.0, 2.0 * np.pi))
    radius, away = 500.0, 500.0 - float(rng.uniform(-10.0, 90.0))
    middle = (CONTEXT - 1) / 2.0
    y, x = np.ogrid[:CONTEXT, :CONTEXT]
    distance = np.hypot(x - middle - away * np.cos(angle), y - middle - away * np.sin(angle))
    return np.clip((radius - distance) / 2.0 + 0.5, 0.0, 1.0).astype(np.float32)


def _watch(
    rng: np.random.Generator,
    scope: Scope,
    course: Course,
    clear: int,
    kept: list[int],
    gone: tuple[Light, int] | None,
    rim: Plane | None,
) -> list[Sample]:
    """Shows the sequence to a tower's memory, frame after frame, as `vision.deblurring.deblurrer` does."""
    knowledge = Knowledge()
    inside = _inside(rim)
    box = box_around((CONTEXT, CONTEXT), None)
    noise = float(rng.uniform(*shaking.RECORDING.noise_steps))
    quality = int(rng.integers(*shaking.RECORDING.jpeg_quality)) if rng.random() < MIXTURE.jpeg_share else None
    samples: list[Sample] = []
    for frame in range(kept[-1] + 1):
        light = scope.expose(course.path, frame, course.radii_px[frame])
        if frame < clear and gone is not None:
            light = replace_part(np.random.default_rng(gone[1]), light, gone[0])
        picture = record(rng, light, noise, quality)
        if frame < clear:
            knowledge.remember(picture, frame)
            continue
        known = knowledge.gather(picture, box, frame, inside)
        if frame not in kept:
            continue
        truth = to_bytes(scope.look(course.path, frame, course.radii_px[frame]))
        planes = np.stack([_inner(p) for p in (picture, truth, known.memory, known.sharp)])
        age = frame - clear + 1 if clear else -1
        samples.append(
            Sample(planes, _inner(known.confidence, CELL).copy(), course.kinds[frame], course.lengths_px[frame], age)
        )
    return samples


def _inside(rim: Plane | None) -> NDArray[np.uint8] | None:
    """(CONTEXT/4, CONTEXT/4), 0..255, as `vision.field.inner_weight` gives it: 0 also on the rim."""
    if rim is None:
        return None
    side = CONTEXT // CELL
    inner = cv2.erode((rim >= 1.0).astype(np.uint8) * 255, np.ones((33, 33), np.uint8), borderValue=255.0)
    return cv2.resize(inner, (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _inner(plane: NDArray[np.uint8], cell: int = 1) -> NDArray[np.uint8]:
    edge = (CONTEXT - SIDE) // 2 // cell
    return plane[edge : edge + SIDE // cell, edge : edge + SIDE // cell]
