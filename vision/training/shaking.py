"""Shaken video from stills: what a tower would grab while hand or focus slip, with the truth of every frame."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.frames import Picture
from vision.training.blur import Light, record
from vision.training.course import CLEAR_PX, SLIPS, Course, plan_course
from vision.training.data import GAMMA, NOT_SCENES, DataError, Item, Manifest, Scene, read_scenes, to_bytes
from vision.training.film_codec import through_h264
from vision.training.hand import MANNER
from vision.training.scope import OPTICS, Scope
from vision.training.stage import VIEWS, choose_view


@dataclass(frozen=True, slots=True)
class Recording:
    """How pictures are recorded; pairs are limits to draw from, shares are of sequences."""

    noise_steps: tuple[float, float] = (0.4, 3.0)  # standard deviation in 8-bit steps in full light
    shares: tuple[float, float, float] = (0.4, 0.3, 0.3)  # as grabbed, JPEG frame by frame, H.264
    jpeg_quality: tuple[int, int] = (72, 97)
    h264_crf: tuple[int, int] = (17, 26)
    maximum_amplitude: float = 0.06  # of the hand, root mean square, by the picture's shorter side: 43 of 720 px


RECORDING = Recording()


def card() -> dict[str, object]:
    """The parameters of the synthesis, for a model card."""
    parts = {"hand": MANNER, "slips": SLIPS, "view": VIEWS, "scope": OPTICS, "recording": RECORDING}
    told: dict[str, object] = {name: dataclasses.asdict(part) for name, part in parts.items()}
    return told | {"transfer_curve_gamma": GAMMA, "clear_px": CLEAR_PX}


@dataclass(frozen=True, slots=True)
class ShakenFrame:
    """One frame as recorded, and what it would be without blur, noise and compression."""

    picture: Picture  # (H, W, 3) uint8 BGR
    truth: Picture  # the same, sharp: the middle of the exposure
    kind: str  # one of KINDS, of this frame
    length_px: float  # path in the picture's middle during the exposure; for defocus the diameter of the disc
    age: int | None  # 0: clear; 1..12: frames since the last clear one; None: no clear frame has been seen yet
    first: bool  # nothing at all has been seen before


@dataclass(frozen=True, slots=True)
class ShakenSequence:
    """Frames in time order, one frame interval apart."""

    frames: tuple[ShakenFrame, ...]
    region: str
    name: str
    operation: str
    inside: NDArray[np.uint8]  # (H, W) 255 in the field of view
    memory: bool  # clear frames come first


def make_sequence(
    rng: np.random.Generator,
    scene: Scene,
    size: tuple[int, int] = (1280, 720),
    *,
    kind: str,
    length_px: float,
    burst: int,
    clear_before: int,
) -> ShakenSequence:
    """A sequence of pictures of `size` (width, height) over a colour scene, the same for the same state of `rng`.

    `kind` is of the burst; a frame's own kind may differ where the hand turns.  For defocus `length_px` is the
    diameter of the disc.
    """
    width, height = size
    course = plan_course(
        rng,
        kind,
        length_px,
        burst,
        clear_before,
        RECORDING.maximum_amplitude * min(size),
        float(np.hypot(width, height)) / 2.0,
    )
    field, pose = choose_view(rng, scene, size)
    scope = Scope(rng, scene, pose, size, field)
    frames = range(clear_before + burst)
    lights = (scope.expose(course.path, frame, course.radii_px[frame]) for frame in frames)
    pictures = record_sequence(rng, lights)
    made = [
        ShakenFrame(
            picture=picture,
            truth=to_bytes(scope.look(course.path, frame, course.radii_px[frame])),
            kind=course.kinds[frame],
            length_px=course.lengths_px[frame],
            age=_age(course, frame, clear_before),
            first=frame == 0 and clear_before == 0,
        )
        for frame, picture in zip(frames, pictures, strict=True)
    ]
    inside = np.full((height, width), 255, np.uint8) if field is None else ((field >= 1.0) * 255).astype(np.uint8)
    return ShakenSequence(tuple(made), scene.region, scene.name, scene.operation, inside, clear_before > 0)


def _age(course: Course, frame: int, clear_before: int) -> int | None:
    if course.kinds[frame] == "none":
        return 0
    return frame - clear_before + 1 if clear_before else None


def record_sequence(rng: np.random.Generator, lights: Iterator[Light]) -> list[Picture]:
    """Camera and recorder over a whole sequence: noise, and one way of compression (or none)."""
    noise = float(rng.uniform(*RECORDING.noise_steps))
    way = ("grabbed", "jpeg", "h264")[int(rng.choice(3, p=RECORDING.shares))]
    quality = int(rng.integers(*RECORDING.jpeg_quality)) if way == "jpeg" else None
    crf = int(rng.integers(*RECORDING.h264_crf))
    pictures = [record(rng, light, noise, quality) for light in lights]
    return through_h264(pictures, crf) if way == "h264" else pictures


# One block of the evaluation set, in which every length of burst comes once.
_BLOCK_KINDS = ("straight",) * 4 + ("curved",) * 3 + ("defocus",) * 2 + ("mixed",) * 2 + ("none",)
VAL_LENGTHS_PX = (7.5, 20.0)  # with a fifth of variation from frame to frame: 6 to 24
VAL_DISCS_PX = (4.0, 12.0)
OTHER_CAMERA_SIDE = 480  # of square pictures over stills of other cameras, which are smaller


def val_sequences(
    manifest: Manifest, seed: int, count: int, size: tuple[int, int] = (1280, 720)
) -> Iterator[ShakenSequence]:
    """The fixed evaluation set: `count` sequences over sharp stills of val operations, the same for the same seed, and
    the first ones the same whatever the count.

    In each twelve: bursts of 1 to 12 frames, four straight, three curved, two out of focus, two mixed, one without
    blur; three without memory; one over the larynx of another camera, 480x480 with lengths reduced likewise.  The
    hysterectomy clips are left out: no frame of theirs is labelled sharp, so there would be no truth.
    Raises `DataError`.
    """
    items = [i for i in manifest.select("val", "sharp") if not i.is_clip and i.region not in NOT_SCENES]
    same = [item for item in items if item.region != "larynx"]
    other = [item for item in items if item.region == "larynx"] or same
    if not same:
        raise DataError(f"{manifest.folder}: expected sharp stills with the split val in the manifest, found none")
    for index in range(count):
        block, place = divmod(index, len(_BLOCK_KINDS))
        order = np.random.default_rng((seed, block, 0))
        kinds, bursts, steps = (order.permutation(len(_BLOCK_KINDS)) for _ in range(3))
        without = order.permutation(len(_BLOCK_KINDS))[:3]
        strange = int(order.integers(len(_BLOCK_KINDS)))
        rng = np.random.default_rng((seed, block, 1 + place))
        kind = _BLOCK_KINDS[kinds[place]]
        low, high = VAL_DISCS_PX if kind == "defocus" else VAL_LENGTHS_PX
        length = low + (high - low) * (float(steps[place]) + float(rng.random())) / len(_BLOCK_KINDS)
        pool, view = (same, size)
        if place == strange and other is not same:
            side = min(OTHER_CAMERA_SIDE, *size)
            pool, view, length = other, (side, side), length * side / 720.0
        scene = _read_one(pool, rng)
        yield make_sequence(
            rng,
            scene,
            view,
            kind=kind,
            length_px=length,
            burst=int(bursts[place]) + 1,
            clear_before=0 if place in without else int(rng.integers(2, 5)),
        )


def _read_one(pool: Sequence[Item], rng: np.random.Generator) -> Scene:
    for number in rng.permutation(len(pool)):
        scenes = read_scenes([pool[int(number)]], colour=True)
        if scenes:
            return scenes[0]
    raise DataError(f"expected stills with a field of view, found only dark or uniform ones, first {pool[0].path}")
