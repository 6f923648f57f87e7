"""The memory: the last clear frame, moved onto a blurred one by optical flow, with how far it fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from vision.models.alignment import phase_shift
from vision.opencv import cv2

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
        self._last_shift = (0.0, 0.0)  # of the frame before, in eighth-size pixels
        self._coordinates = np.zeros((0, 0, 2), dtype=np.float32)

    def forget(self) -> None:
        """The memory is another one: what was found for the last says nothing any more."""
        self._last_shift = (0.0, 0.0)

    def align(
        self, blurred_small: Luma, memory: Luma, memory_small: Luma, inside: NDArray[np.uint8] | None = None
    ) -> Aligned:
        """Moves `memory` (H, W) onto the frame whose quarter-size luma is `blurred_small`.

        `inside` (H/4, W/4), 0..255, says what lies in the field of view; None: everything.
        """
        height, width = blurred_small.shape
        flow = self._flow.calc(blurred_small, memory_small, self._start(blurred_small, memory_small, inside))
        middle = np.median(flow[height // 4 : -height // 4 : 4, width // 4 : -width // 4 : 4], axis=(0, 1))
        self._last_shift = (float(middle[0]) / 2.0, float(middle[1]) / 2.0)
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

    def _start(self, blurred: Luma, memory: Luma, inside: NDArray[np.uint8] | None) -> NDArray[np.float32]:
        """Flow to begin with: the whole picture's shift that explains most, of none, the one found by phase
        correlation and that of the frame before."""
        height, width = blurred.shape
        flow = np.zeros((height, width, 2), dtype=np.float32)
        a, b = (_halve(picture).astype(np.float32) for picture in (blurred, memory))
        if min(a.shape) < 16:
            return flow
        candidates = [(0.0, 0.0), self._last_shift]
        weight = np.ones(a.shape, dtype=np.float32) if inside is None else _halve(inside).astype(np.float32) / 255.0
        total = max(1.0, float(weight.sum()))
        # The rim of the field stands still on the sensor: left in, it would answer "no shift" to every question.
        dx, dy, response = phase_shift(*((p - float((p * weight).sum()) / total) * weight for p in (a, b)))
        if response > 0.03:
            candidates.append((dx, dy))
        misfits = [_misfit(a, b, weight, round(x), round(y)) for x, y in candidates]
        flow[...] = 2.0 * np.array(candidates[int(np.argmin(misfits))], dtype=np.float32)
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


def _halve(picture: Luma) -> Luma:
    size = (picture.shape[1] // 2, picture.shape[0] // 2)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _misfit(
    blurred: NDArray[np.float32], memory: NDArray[np.float32], weight: NDArray[np.float32], dx: int, dy: int
) -> float:
    """Mean weighted difference of `blurred` and of `memory` displaced by whole pixels, over what both show."""
    height, width = blurred.shape
    if abs(dx) > 0.4 * width or abs(dy) > 0.4 * height:
        return float("inf")
    here = np.s_[max(0, -dy) : height - max(0, dy), max(0, -dx) : width - max(0, dx)]
    there = np.s_[max(0, dy) : height - max(0, -dy), max(0, dx) : width - max(0, -dx)]
    both = weight[here] * weight[there]
    return float((np.abs(blurred[here] - memory[there]) * both).sum()) / max(1.0, float(both.sum()))


def _remap(picture: Luma, where: NDArray[np.float32], interpolation: int) -> Luma:
    # Both coordinates are in the first map.  An empty second map is misread by OpenCV 5.0; None is what it wants.
    no_map = cast(NDArray[np.float32], None)
    moved = cv2.remap(picture, where, no_map, interpolation, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8, copy=False)
