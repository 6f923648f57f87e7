"""The memory: the last clear frame, moved onto a blurred one by optical flow, with how far it fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.models.alignment import phase_shift

Luma = NDArray[np.uint8]  # (H, W)

REDUCTION = 4  # flow and confidence are found at quarter resolution
MINIMUM_CONFIDENCE = 0.3  # mean inside the field; 0.45-0.95 for the same scene, below 0.16 for another one (val)
MISFIT = 0.05  # relative difference of low-passed luma at which the confidence has fallen to exp(-1)
MAXIMUM_AGE = 30  # frames; one second at 30 frames/s: tissue moves on


@dataclass(frozen=True, slots=True)
class Aligned:
    """Memory in the blurred frame's coordinates."""

    luma: Luma  # (H, W)
    confidence: NDArray[np.uint8]  # (H/4, W/4), 0..255
    mean: float  # mean confidence inside the field of view, 0..1


def reduce(luma: Luma) -> Luma:
    """Quarter-size luma; both sides of `luma` are multiples of 4."""
    height, width = luma.shape
    size = (width // REDUCTION, height // REDUCTION)
    return cv2.resize(luma, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


class Aligner:
    """Dense inverse search flow (Kroeger 2016) with the global shift as its start.  Used from one thread."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._coordinates = np.zeros((0, 0, 2), dtype=np.float32)

    def align(
        self, blurred_small: Luma, memory: Luma, memory_small: Luma, inside: NDArray[np.uint8] | None = None
    ) -> Aligned:
        """Moves `memory` (H, W) onto the frame whose quarter-size luma is `blurred_small`.

        `inside` (H/4, W/4), 0..255, says what lies in the field of view; None: everything.
        """
        height, width = blurred_small.shape
        start = self._global_shift(blurred_small, memory_small)
        flow = self._flow.calc(blurred_small, memory_small, start)
        small_map = flow + self._grid(width, height)  # where in the memory each blurred pixel lies
        moved_small = _remap(memory_small, small_map, cv2.INTER_LINEAR)
        confidence = self._confidence(blurred_small, moved_small, small_map)
        full_size = (memory.shape[1], memory.shape[0])
        # Centre of a reduced pixel x lies at 4 x + 1.5: resize keeps that rule, so only the values need scaling.
        full_map = cv2.resize(small_map, full_size, interpolation=cv2.INTER_LINEAR)
        full_map = cv2.transform(full_map, np.array([[4.0, 0.0, 1.5], [0.0, 4.0, 1.5]]))
        luma = _remap(memory, full_map.astype(np.float32, copy=False), cv2.INTER_CUBIC)
        if inside is None:
            return Aligned(luma, confidence, float(confidence.mean()) / 255.0)
        confidence = cv2.multiply(confidence, inside, scale=1.0 / 255.0).astype(np.uint8, copy=False)
        return Aligned(luma, confidence, float(confidence.sum()) / max(1.0, float(inside.sum())))

    def _global_shift(self, blurred: Luma, memory: Luma) -> NDArray[np.float32]:
        height, width = blurred.shape
        a = cv2.resize(blurred, (width // 2, height // 2), interpolation=cv2.INTER_AREA).astype(np.float32)
        b = cv2.resize(memory, (width // 2, height // 2), interpolation=cv2.INTER_AREA).astype(np.float32)
        flow = np.zeros((height, width, 2), dtype=np.float32)
        if min(a.shape) >= 16:
            dx, dy, response = phase_shift(a, b)
            if response > 0.05 and max(abs(dx), abs(dy)) < 0.4 * min(a.shape):
                flow[..., 0], flow[..., 1] = 2.0 * dx, 2.0 * dy
        return flow

    def _grid(self, width: int, height: int) -> NDArray[np.float32]:
        if self._coordinates.shape[:2] != (height, width):
            x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
            self._coordinates = np.dstack([x, y])
        return self._coordinates

    @staticmethod
    def _confidence(blurred: Luma, moved: Luma, small_map: NDArray[np.float32]) -> NDArray[np.uint8]:
        height, width = blurred.shape
        # Both are low-passed first: what the shake has wiped out of one must not count against the other.
        a = cv2.blur(blurred, (7, 7)).astype(np.float32)
        b = cv2.blur(moved, (7, 7)).astype(np.float32)
        misfit = cv2.absdiff(a, b) / (a + 24.0)
        misfit = cv2.blur(misfit, (5, 5))
        confidence = np.exp(misfit * np.float32(-1.0 / MISFIT))
        x, y = small_map[..., 0], small_map[..., 1]
        outside = (x < 0) | (y < 0) | (x > width - 1) | (y > height - 1)
        confidence[outside] = 0.0
        return (confidence * 255.0).astype(np.uint8)


def _remap(picture: Luma, where: NDArray[np.float32], interpolation: int) -> Luma:
    # Both coordinates are in the first map.  An empty second map is misread by OpenCV 5.0; None is what it wants.
    no_map = cast(NDArray[np.float32], None)
    moved = cv2.remap(picture, where, no_map, interpolation, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8, copy=False)
