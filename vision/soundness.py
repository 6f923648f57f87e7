"""Whether a picture is one that a scope gives: corrupt colour, regular stripes and interlacing, told cheaply.

Thresholds were set on the pictures of train and val, of which none of those labelled sharp may be called unsound, and
on the corrupt operation (docs/enhanced-view.md has the figures).
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vision.field import STEP, Field
from vision.frames import Picture
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)

LIT, BURNT = 30, 235  # 8-bit luma between which colour is judged
# A colour that tissue, gauze and steel do not have in a scope's light: far more green than both others, or far less.
MAGENTA_STEPS, GREEN_STEPS = 60, 40
UNNATURAL_SHARE = 0.1  # of the lit field; at most 0.02 on sound pictures
STRIPE_HEIGHT = 13.0  # peak of the profile's spectrum over its median
STRIPE_STEPS = 50.0  # and the peak itself, 8-bit steps times half the number of rows or columns
SURE_STEPS = 90.0  # a peak that tissue has not been seen to reach
STRIPE_PARTS = 3  # of the picture along the stripes; a weaker peak must stand out in each by
PART_HEIGHT = 12.0  # 16 on the one corrupt picture that needs it, at most 8 on tissue with a weak peak
COMB = 0.95  # alternation from line to line; sound pictures reach 0.45, pure noise 0.87, combed ones 1.0 to 7
WINDOW_Y, WINDOW_X = 192, 256  # pixels in the middle, for the comb


class Flaw(NamedTuple):
    """What is wrong with a picture, in words for the badge; empty if it is sound."""

    text: str = ""
    sure: bool = True  # False: to be believed only if the frame before had the same one
    place: tuple[int, int] = (0, 0)  # of stripes: axis and frequency, to tell whether it is the same one

    def repeats(self, before: Flaw) -> bool:
        """Whether the frame before had the same flaw."""
        near = self.place[0] == before.place[0] and abs(self.place[1] - before.place[1]) <= 1
        return bool(self.text) and self.text == before.text and near


SOUND = Flaw()


def find_flaw(image: Picture, luma: Luma, field: Field) -> Flaw:
    """What is wrong with a picture (H, W, 3) BGR."""
    if _unnatural(image, luma, field) > UNNATURAL_SHARE:
        return Flaw("the picture's colour is corrupt")
    stripes = _find_stripes(field)
    if stripes.text:
        return stripes
    if _comb(luma) > COMB:
        return Flaw("the picture is interlaced")
    return SOUND


def _unnatural(image: Picture, luma: Luma, field: Field) -> float:
    """Share of the lit field whose colour is magenta or green."""
    few, bright = image[::STEP, ::STEP].astype(np.int16), luma[::STEP, ::STEP]
    lit = field.mask[: few.shape[0], : few.shape[1]] & (bright > LIT) & (bright < BURNT)
    blue, green, red = (few[..., channel][lit] for channel in range(3))
    if green.size < 100:
        return 0.0
    odd = (np.minimum(blue, red) > green + MAGENTA_STEPS) | (green > np.maximum(blue, red) + GREEN_STEPS)
    return float(odd.mean())


def _find_stripes(field: Field) -> Flaw:
    """One frequency that stands out in the profile of columns (axis 0) or rows (1) of the quarter-size picture."""
    quarter = np.minimum(field.quarter, 230).astype(np.float32)
    size = (quarter.shape[1], quarter.shape[0])
    mask = np.asarray(cv2.resize(field.mask.astype(np.float32), size, interpolation=cv2.INTER_NEAREST), np.float32)
    inner = cv2.erode(mask, np.ones((9, 9), np.uint8))
    for axis, window in ((0, (9, 1)), (1, (1, 9))):
        detail = quarter - cv2.blur(quarter, window)
        detail = (np.clip(detail, -12.0, 12.0) * inner).astype(np.float32, copy=False)
        first, last = _extent(np.asarray(mask.any(axis=1 - axis)))
        edges = np.linspace(first, last, STRIPE_PARTS + 1).astype(int)
        parts = np.array([_sums(detail, axis, *rows) for rows in pairwise(edges)])
        lit = np.array([_sums(mask, axis, *rows) for rows in pairwise(edges)])
        spectrum, at, height = _peak(parts.sum(axis=0), lit.sum(axis=0))
        if height <= STRIPE_HEIGHT or spectrum[at] <= STRIPE_STEPS:
            continue
        sure = bool(spectrum[at] > SURE_STEPS)
        # Real stripes run through the whole picture; what tissue has of a period is found in one part of it.
        if sure or min(_peak(*part, at)[2] for part in zip(parts, lit, strict=True)) > PART_HEIGHT:
            return Flaw("the picture is striped: corrupt", sure, (axis, at))
    return SOUND


def _extent(lit: NDArray[np.bool_]) -> tuple[int, int]:
    where = np.flatnonzero(lit)
    return (int(where[0]), int(where[-1]) + 1) if where.size else (0, lit.size)


def _sums(plane: NDArray[np.float32], axis: int, first: int, last: int) -> NDArray[np.float32]:
    """Over rows (axis 0) or columns `first` to `last`."""
    part = plane[first:last] if axis == 0 else plane[:, first:last]
    if part.shape[axis] == 0:
        return np.zeros(plane.shape[1 - axis], dtype=np.float32)
    return cv2.reduce(part, axis, cv2.REDUCE_SUM).ravel().astype(np.float32, copy=False)


def _peak(
    sums: NDArray[np.float32], lit: NDArray[np.float32], near: int | None = None
) -> tuple[NDArray[np.float64], int, float]:
    """Spectrum of a profile without its low frequencies, where tissue is rough; its peak (`near`: the highest within
    one step of it) and by how much that stands out of the median."""
    profile = sums / np.maximum(lit, 8.0)
    spectrum = np.abs(np.fft.rfft(profile * np.hanning(profile.size)))
    spectrum = spectrum[spectrum.size // 8 :]
    first, last = (0, spectrum.size) if near is None else (max(0, near - 1), near + 2)
    at = first + int(np.argmax(spectrum[first:last]))
    return spectrum, at, float(spectrum[at]) / (float(np.median(spectrum)) + 0.5)


def _comb(luma: Luma) -> float:
    """How much lines differ from both neighbours, beside how much they differ from those of their own half picture."""
    height, width = luma.shape
    top, left = max(0, (height - WINDOW_Y) // 2), max(0, (width - WINDOW_X) // 2)
    part = luma[top : top + WINDOW_Y, left : left + WINDOW_X].astype(np.float32)
    alternating = np.abs(2.0 * part[2:-2] - part[1:-3] - part[3:-1]).mean()
    same = np.abs(part[4:] - part[2:-2]).mean() + np.abs(part[:-4] - part[2:-2]).mean()
    return float(alternating / (same + 0.5))
