"""Shaken video from stills: what a tower would grab while hand or focus slip, with the truth of every frame."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.frames import Picture
from vision.opencv import cv2
from vision.training import hand
from vision.training.blur import KINDS, Light, Pose, record
from vision.training.data import GAMMA, NOT_SCENES, DataError, Item, Manifest, Scene, read_scenes, to_bytes
from vision.training.film_codec import through_h264
from vision.training.hand import Path
from vision.training.scope import OPTICS, Plane, Scope

CLEAR_PX = (0.2, 1.2)  # path length of a clear frame; below 1.5 px nothing can be seen of it


@dataclass(frozen=True, slots=True)
class Shooting:
    """How sequences are shot and recorded; pairs are limits to draw from, shares are of sequences."""

    exposure_share: tuple[float, float] = (0.35, 0.65)  # exposure time as a share of the frame interval
    amplitude_of_straight: tuple[float, float] = (2.0, 4.0)  # of the hand, in path lengths of one exposure
    amplitude_of_curved: tuple[float, float] = (0.25, 0.8)
    maximum_amplitude: float = 0.06  # root mean square, as a share of the picture's shorter side: 43 of 720 px
    straight_from: float = 0.98  # end-to-end distance by length above which a path is called straight
    disc_by_path: float = 1.0 / 3.0  # of mixed blur: diameter of the defocus disc by the length of the path
    focus_pull_frames: tuple[int, int] = (1, 5)  # frames in which focus goes out, and in half of the bursts back in
    noise_steps: tuple[float, float] = (0.4, 3.0)  # standard deviation in 8-bit steps in full light
    shares_recorded: tuple[float, float, float] = (0.4, 0.3, 0.3)  # as grabbed, JPEG frame by frame, H.264
    jpeg_quality: tuple[int, int] = (72, 97)
    h264_crf: tuple[int, int] = (17, 26)
    surround_share: float = 0.65  # with the round field of view standing still; the others are zoomed into it
    rolled_rad: float = 0.15  # standard deviation of the view's roll over the still
    least_seen: float = 0.985  # of the field that shows the still itself, not its mirrored surround, before movement


SHOOTING = Shooting()


def card() -> dict[str, object]:
    """The parameters of the synthesis, for a model card."""
    parts = {"hand": hand.MANNER, "scope": OPTICS, "shooting": SHOOTING}
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


@dataclass(frozen=True, slots=True)
class Course:
    """What happens in a sequence: where the scope points, how far out of focus it is, and what each frame is."""

    path: Path
    radii_px: tuple[float, ...]  # of defocus
    kinds: tuple[str, ...]  # of frames
    lengths_px: tuple[float, ...]


def plan_course(
    rng: np.random.Generator,
    kind: str,
    length_px: float,
    burst: int,
    clear_before: int,
    maximum_amplitude_px: float,
    half_diagonal_px: float,
    clear_px: tuple[float, float] = CLEAR_PX,
) -> Course:
    """`clear_before` clear frames, then `burst` frames of a kind and about a length.

    `length_px` is met within a fifth; a focus pull starts and ends below it.  `clear_px`: limits of the path lengths of
    clear frames.
    """
    if kind not in KINDS or burst + clear_before < 1 or length_px <= 0.0:
        raise ValueError(
            f"expected a kind of {', '.join(KINDS)}, at least one frame and a length above 0; "
            f"found {kind!r}, {clear_before} + {burst} frames, {length_px} px"
        )
    moving = kind in ("straight", "curved", "mixed")
    calm = rng.uniform(*clear_px, clear_before + burst)
    shaken = length_px * np.clip(np.exp(rng.normal(0.0, 0.12, burst)), 0.8, 1.2)
    lengths = np.concatenate([calm[:clear_before], shaken]) if moving else calm
    if kind == "straight" or (kind == "mixed" and rng.random() < 0.5):
        amplitude = length_px * float(rng.uniform(*SHOOTING.amplitude_of_straight))
    else:
        amplitude = (length_px if moving else 10.0) * float(rng.uniform(*SHOOTING.amplitude_of_curved))
    share = float(rng.uniform(*SHOOTING.exposure_share))
    path = hand.shake(rng, lengths.tolist(), min(amplitude, maximum_amplitude_px), share, half_diagonal_px)
    radius = {"defocus": length_px / 2.0, "mixed": length_px * SHOOTING.disc_by_path / 2.0}.get(kind, 0.0)
    radii = [0.0] * clear_before + (radius * _focus_pull(rng, burst)).tolist()
    frames = range(clear_before + burst)
    kinds = [_kind_of(path, frame, radii[frame]) for frame in frames]
    told = [2.0 * radii[f] if kinds[f] == "defocus" else path.length_px(f) for f in frames]
    return Course(path, tuple(radii), tuple(kinds), tuple(told))


def _focus_pull(rng: np.random.Generator, burst: int) -> NDArray[np.float64]:
    """Defocus of each frame of a burst as a share of its largest, reached within a few frames."""
    over = min(int(rng.integers(*SHOOTING.focus_pull_frames)), max(1, (burst + 1) // 2))
    frames = np.arange(burst)
    left = burst - frames if rng.random() < 0.5 else np.full(burst, over)
    return np.maximum(np.minimum(np.minimum(frames + 1, left), over) / over, 0.4)


def _kind_of(path: Path, frame: int, radius_px: float) -> str:
    moves = path.length_px(frame) >= 1.5
    if radius_px > 0.0:
        return "mixed" if moves else "defocus"
    if not moves:
        return "none"
    return "straight" if path.straightness(frame) >= SHOOTING.straight_from else "curved"


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
        SHOOTING.maximum_amplitude * min(size),
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
    noise = float(rng.uniform(*SHOOTING.noise_steps))
    way = ("grabbed", "jpeg", "h264")[int(rng.choice(3, p=SHOOTING.shares_recorded))]
    quality = int(rng.integers(*SHOOTING.jpeg_quality)) if way == "jpeg" else None
    crf = int(rng.integers(*SHOOTING.h264_crf))
    pictures = [record(rng, light, noise, quality) for light in lights]
    return through_h264(pictures, crf) if way == "h264" else pictures


def choose_view(rng: np.random.Generator, scene: Scene, size: tuple[int, int]) -> tuple[Plane | None, Pose]:
    """The field of view on the sensor (None: the whole picture) and where over the scene it lies.

    The view is enlarged as little as the still allows: it has to lie in the still's field of view.
    """
    width = size[0]
    rows, columns = np.flatnonzero(scene.inside.any(axis=1)), np.flatnonzero(scene.inside.any(axis=0))
    if rows.size == 0:
        raise ValueError(f"{scene.name}: nothing of this scene lies inside its field of view")
    centre = (float(columns[0] + columns[-1]) / 2.0, float(rows[0] + rows[-1]) / 2.0)
    has_surround = float(scene.inside.mean()) < 0.95 * 255.0
    field = None
    if has_surround and rng.random() < SHOOTING.surround_share:
        radius = 0.5 * (columns[-1] - columns[0] + 1) * width / scene.inside.shape[1] * float(rng.uniform(0.93, 1.02))
        field = _round_field(size, radius, width / 2.0 + float(rng.normal(0.0, 0.02)) * width)
    roll, mirrored = float(rng.normal(0.0, SHOOTING.rolled_rad)), bool(rng.random() < 0.5)
    scale = 1.1
    pose = _centred(Pose(*centre, roll, scale, mirrored), field)
    while scale > 0.2 and _seen(scene, pose, size, field) < SHOOTING.least_seen:
        scale *= 0.97
        pose = _centred(Pose(*centre, roll, scale, mirrored), field)
    return field, dataclasses.replace(pose, scale=scale * float(rng.uniform(0.92, 0.98)))


def _centred(pose: Pose, field: Plane | None) -> Pose:
    """The pose that shows in the field's middle, wherever that is on the sensor, what was to be in the picture's."""
    if field is None:
        return pose
    width = field.shape[1]
    return pose.moved(float(np.average(np.arange(width), weights=field.sum(axis=0))) - (width - 1) / 2.0, 0.0)


def _seen(scene: Scene, pose: Pose, size: tuple[int, int], field: Plane | None) -> float:
    """Share of the field on the sensor that the still's field of view covers."""
    matrix = pose.matrix(*size) @ np.diag([8.0, 8.0, 1.0])
    small = (size[0] // 8, size[1] // 8)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    inside = cv2.warpAffine(scene.inside, matrix, small, flags=flags, borderMode=cv2.BORDER_CONSTANT).astype(np.float32)
    weight = np.ones_like(inside) if field is None else cv2.resize(field, small, interpolation=cv2.INTER_NEAREST)
    return float((inside * weight).sum()) / (255.0 * float(weight.sum()))


def _round_field(size: tuple[int, int], radius: float, centre_x: float) -> Plane:
    """A disc with a rim of two pixels, cut off by the picture's edges where it is larger."""
    y, x = np.ogrid[: size[1], : size[0]]
    distance = np.hypot(x - centre_x, y - (size[1] - 1) / 2.0)
    return np.clip((radius - distance) / 2.0 + 0.5, 0.0, 1.0).astype(np.float32)


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
