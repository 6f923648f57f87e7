"""What happens in a shaken sequence: calm frames, then a burst in which hand or focus slip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.training import hand
from vision.training.blur import KINDS
from vision.training.hand import Path

CLEAR_PX = (0.2, 1.2)  # path length of a clear frame
SHAKEN = ("straight", "curved", "mixed")  # kinds with movement
MOVES_PX = 1.5  # path length from which a frame counts as blurred by movement


@dataclass(frozen=True, slots=True)
class Slips:
    """How hand and focus slip; pairs are limits to draw from."""

    exposure_share: tuple[float, float] = (0.35, 0.65)  # exposure time as a share of the frame interval
    amplitude_of_straight: tuple[float, float] = (2.0, 4.0)  # of the hand, in path lengths of one exposure
    amplitude_of_curved: tuple[float, float] = (0.25, 0.8)
    amplitude_of_calm_px: float = 10.0  # times the factors for curved
    straight_from: float = 0.98  # end-to-end distance by length above which a path is called straight
    disc_by_path: float = 1.0 / 3.0  # of mixed blur: diameter of the defocus disc by the length of the path
    focus_pull_frames: tuple[int, int] = (1, 5)  # frames in which focus goes out, and in half of the bursts back in
    length_spread: tuple[float, float, float] = (0.12, 0.8, 1.2)  # from frame to frame: deviation of the log, limits


SLIPS = Slips()


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
    calm_px: tuple[float, float] = CLEAR_PX,
) -> Course:
    """`clear_before` clear frames, then `burst` frames of a kind and about a length.

    `length_px` is met within a fifth; a focus pull starts and ends below it.  `calm_px`: limits of the path lengths in
    a burst of the kinds "defocus" and "none".
    """
    if kind not in KINDS or burst < 0 or clear_before < 0 or burst + clear_before < 1 or length_px <= 0.0:
        raise ValueError(
            f"expected a kind of {', '.join(KINDS)}, at least one frame and a length above 0; "
            f"found {kind!r}, {clear_before} + {burst} frames, {length_px} px"
        )
    lengths = rng.uniform(*CLEAR_PX, clear_before).tolist()
    if kind in SHAKEN:
        spread, least, most = SLIPS.length_spread
        lengths += (length_px * np.clip(np.exp(rng.normal(0.0, spread, burst)), least, most)).tolist()
    else:
        lengths += rng.uniform(*calm_px, burst).tolist()
    amplitude = min(_draw_amplitude(rng, kind, length_px), maximum_amplitude_px)
    path = hand.shake(rng, lengths, amplitude, float(rng.uniform(*SLIPS.exposure_share)), half_diagonal_px)
    radius = {"defocus": length_px / 2.0, "mixed": length_px * SLIPS.disc_by_path / 2.0}.get(kind, 0.0)
    radii = [0.0] * clear_before + (radius * _focus_pull(rng, burst)).tolist()
    kinds = [_kind_of(path, frame, radii[frame]) for frame in range(len(lengths))]
    told = [2.0 * radii[f] if kinds[f] == "defocus" else path.length_px(f) for f in range(len(lengths))]
    return Course(path, tuple(radii), tuple(kinds), tuple(told))


def _draw_amplitude(rng: np.random.Generator, kind: str, length_px: float) -> float:
    if kind == "straight" or (kind == "mixed" and rng.random() < 0.5):
        return length_px * float(rng.uniform(*SLIPS.amplitude_of_straight))
    by = length_px if kind in SHAKEN else SLIPS.amplitude_of_calm_px
    return by * float(rng.uniform(*SLIPS.amplitude_of_curved))


def _focus_pull(rng: np.random.Generator, burst: int) -> NDArray[np.float64]:
    """Defocus of each frame of a burst as a share of its largest, reached within a few frames."""
    over = min(int(rng.integers(*SLIPS.focus_pull_frames)), max(1, (burst + 1) // 2))
    frames = np.arange(burst)
    left = burst - frames if rng.random() < 0.5 else np.full(burst, over)
    return np.maximum(np.minimum(np.minimum(frames + 1, left), over) / over, 0.4)


def _kind_of(path: Path, frame: int, radius_px: float) -> str:
    moves = path.length_px(frame) >= MOVES_PX
    if radius_px > 0.0:
        return "mixed" if moves else "defocus"
    if not moves:
        return "none"
    return "straight" if path.straightness(frame) >= SLIPS.straight_from else "curved"
