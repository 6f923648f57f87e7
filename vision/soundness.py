"""Whether a picture is one that a scope gives: corrupt colour, regular stripes and interlacing, told cheaply.

Thresholds were set on the pictures of train and val, of which none of those labelled sharp may be called unsound, and
on the corrupt operation (docs/enhanced-view.md has the figures).
"""

from __future__ import annotations

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
COMB = 0.95  # alternation from line to line; sound pictures reach 0.45, pure noise 0.87, combed ones 1.0 to 7
WINDOW_Y, WINDOW_X = 192, 256  # pixels in the middle, for the comb


def find_flaw(image: Picture, luma: Luma, field: Field) -> str:
    """What is wrong with a picture (H, W, 3) BGR, in words for the badge; empty if it is sound."""
    if _unnatural(image, luma, field) > UNNATURAL_SHARE:
        return "the picture's colour is corrupt"
    for axis in (0, 1):
        height, steps = _stripes(field, axis)
        if height > STRIPE_HEIGHT and steps > STRIPE_STEPS:
            return "the picture is striped: corrupt"
    if _comb(luma) > COMB:
        return "the picture is interlaced"
    return ""


def _unnatural(image: Picture, luma: Luma, field: Field) -> float:
    """Share of the lit field whose colour is magenta or green."""
    few, bright = image[::STEP, ::STEP].astype(np.int16), luma[::STEP, ::STEP]
    lit = field.mask[: few.shape[0], : few.shape[1]] & (bright > LIT) & (bright < BURNT)
    blue, green, red = (few[..., channel][lit] for channel in range(3))
    if green.size < 100:
        return 0.0
    odd = (np.minimum(blue, red) > green + MAGENTA_STEPS) | (green > np.maximum(blue, red) + GREEN_STEPS)
    return float(odd.mean())


def _stripes(field: Field, axis: int) -> tuple[float, float]:
    """How far one frequency stands out in the profile of columns (axis 0) or rows (1) of the quarter-size picture."""
    quarter = np.minimum(field.quarter, 230).astype(np.float32)
    size = (quarter.shape[1], quarter.shape[0])
    mask = cv2.resize(field.mask.astype(np.float32), size, interpolation=cv2.INTER_NEAREST)
    detail = quarter - cv2.blur(quarter, (9, 1) if axis == 0 else (1, 9))
    inner = cv2.erode(mask, np.ones((9, 9), np.uint8))
    profile = (np.clip(detail, -12.0, 12.0) * inner).sum(axis=axis) / np.maximum(mask.sum(axis=axis), 8.0)
    spectrum = np.abs(np.fft.rfft(profile * np.hanning(profile.size)))
    spectrum = spectrum[spectrum.size // 8 :]  # tissue is rough at low frequencies
    peak = float(spectrum.max())
    return peak / (float(np.median(spectrum)) + 0.5), peak


def _comb(luma: Luma) -> float:
    """How much lines differ from both neighbours, beside how much they differ from those of their own half picture."""
    height, width = luma.shape
    top, left = max(0, (height - WINDOW_Y) // 2), max(0, (width - WINDOW_X) // 2)
    part = luma[top : top + WINDOW_Y, left : left + WINDOW_X].astype(np.float32)
    alternating = np.abs(2.0 * part[2:-2] - part[1:-3] - part[3:-1]).mean()
    same = np.abs(part[4:] - part[2:-2]).mean() + np.abs(part[:-4] - part[2:-2]).mean()
    return float(alternating / (same + 0.5))
