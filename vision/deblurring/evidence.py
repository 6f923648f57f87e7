"""How far a picture is blurred at all: what is as sharp as the last clear one or nearly called clear is left alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.known.box import Box
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)

WINDOW_PX = 384  # a side, in the middle of what is worked on
FINE_PX, COARSE_PX = 1.0, 2.5  # sigmas of the band: above it is noise, below it what shake leaves
# Detail as a share of the memory's, up to which the change counts in full and from which on not at all.  Val views:
# sharp ones 0.83 to 1.09 (middle 1.00), shaken and defocused ones 0.21 to 0.99 (middle 0.56).
BLURRED, SHARP = 0.85, 1.0


# P(clear) up to which a frame without a clear memory is changed in full, and from which on not at all.  Val: of 65
# clear frames the six that were called blurred had 0.30 to 0.44; three quarters of the blurred ones lie below 0.26.
SURE, UNSURE = 0.2, 0.4


def strength_by_probability(p_clear: float) -> float:
    """Share of the change that a frame without a clear memory gets, 0..1: nothing tells how sharp the scene is, so it
    is the less the nearer the frame was to being called clear."""
    return float(np.clip((UNSURE - p_clear) / (UNSURE - SURE), 0.0, 1.0))


class Evidence:
    """Compares blurred frames with a clear one.  Used by one frame at a time."""

    def __init__(self, clear: Luma) -> None:
        """`clear`: the picture (H, W) that is remembered."""
        self.clear = clear
        self._told: tuple[Box, float] | None = None  # of the clear picture, which serves many frames

    def strength(self, blurred: Luma, box: Box) -> float:
        """Share of the change that a frame (H, W) gets, 0..1; of it `box` is worked on."""
        if self._told is None or self._told[0] != box:
            self._told = box, _detail(self.clear, box)
        of_clear = self._told[1]
        if of_clear <= 0.0:
            return 1.0
        return float(np.clip((SHARP - _detail(blurred, box) / of_clear) / (SHARP - BLURRED), 0.0, 1.0))


def _detail(luma: Luma, box: Box) -> float:
    """Mean absolute value of a band of fine detail, 8-bit steps."""
    bottom, right = min(box.bottom, luma.shape[0]), min(box.right, luma.shape[1])
    top = box.top + max(0, bottom - box.top - WINDOW_PX) // 2
    left = box.left + max(0, right - box.left - WINDOW_PX) // 2
    part = luma[top : min(bottom, top + WINDOW_PX), left : min(right, left + WINDOW_PX)].astype(np.float32)
    return float(cv2.absdiff(cv2.GaussianBlur(part, (0, 0), FINE_PX), cv2.GaussianBlur(part, (0, 0), COARSE_PX)).mean())
