"""The memory: the last clear frame, moved onto a blurred one by optical flow, with how far it fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from vision.known.box import enlarged
from vision.known.motion import halve
from vision.models.alignment import phase_shift
from vision.opencv import cv2
from vision.pair import Hands, InTurn, Task

Luma = NDArray[np.uint8]  # (H, W)
Flow = NDArray[np.float32]  # (H, W, 2), x, y: how far from a pixel of the frame its content lies in the memory

MINIMUM_CONFIDENCE = 0.3  # mean inside the field; 0.45-0.95 for the same scene, below 0.16 for another one (val)
MISFIT = 0.05  # relative difference of low-passed luma at which the confidence has fallen to exp(-1)
FINE_STRIDE = 6  # quarter-size pixels between patches of the flow
# Slopes of the frame against those of the memory, below which the memory is softened for the flow, and the flow stops
# one level earlier: blur leaves nothing to hold on to at the finest (docs/enhanced-view.md).
BLURRED = 0.85
SOFTENING_PX = (0.6, 0.9, 1.3, 2.0)  # quarter-size pixels, standard deviations to choose from
MAXIMUM_GAIN = 1.25  # of brightness between memory and frame
MINIMUM_BAND, OVERLAP = 64, 24  # quarter-size rows of a band of the flow, and beyond it
# Moving by linear interpolation takes a third of the time of cubic, and softens: what it takes off, averaged over all
# parts of a pixel, is put on before.
CRISP = 0.08  # of the second difference; 0.04 to 0.1 are alike
BAND_PX = 48  # rows moved at a time; a multiple of 4
MINIMUM_OVERLAP = 0.35  # of the field that a start of the flow must leave in common
MAXIMUM_AGE = 30  # frames; one second at 30 frames/s: tissue moves on


@dataclass(frozen=True, slots=True)
class Reduced:
    """A picture in the sizes that are worked on; both sides are multiples of 4."""

    luma: Luma  # (H, W)
    half: Luma  # (H/2, W/2)
    small: Luma  # (H/4, W/4)

    @classmethod
    def of(cls, luma: Luma) -> Reduced:
        """Of the picture (H, W)."""
        half = halve(luma)
        return cls(luma, half, halve(half))

    def crisp(self) -> Reduced:
        """The picture made ready to be moved; the sizes on which is compared as they are."""
        return replace(self, luma=crisp(self.luma))


def crisp(luma: Luma) -> Luma:
    """The picture with the detail raised that moving it by parts of a pixel takes off (docs/enhanced-view.md)."""
    kernel = np.array([-CRISP, 1.0 + 2.0 * CRISP, -CRISP], dtype=np.float32)
    return cv2.sepFilter2D(luma, cv2.CV_8U, kernel, kernel).astype(np.uint8, copy=False)


@dataclass(frozen=True, slots=True)
class Aligned:
    """Memory in the blurred frame's coordinates."""

    luma: Luma  # (H, W)
    half: Luma  # (H/2, W/2)
    confidence: NDArray[np.uint8]  # (H/4, W/4), 0..255
    mean: float  # mean confidence inside the field of view, 0..1


class Aligner:
    """Dense inverse search flow (Kroeger 2016), started from what was found before.  Used from one thread."""

    def __init__(self, hands: Hands | None = None) -> None:
        """`hands`: who works on bands of the picture side by side; None: nobody but the caller."""
        self._hands = InTurn() if hands is None else hands
        # Down to the pixels of the quarter size, or of an eighth: the preset stops at a sixteenth, which left the
        # memory 3 to 6 dB further from the truth.
        self._fine = tuple(_flow_finder(0, refinements=2, stride=FINE_STRIDE) for _ in range(2))  # one a band
        self._coarse = tuple(_flow_finder(1, refinements=5, stride=4) for _ in range(2))
        self._last: Flow | None = None  # found for the frame before, at an eighth of the size, in its pixels

    def forget(self) -> None:
        """The memory is another one: what was found for the last says nothing any more."""
        self._last = None

    def align(
        self,
        blurred_small: Luma,
        memory: Reduced,
        inside: NDArray[np.uint8] | None = None,
        since: tuple[float, float] | None = None,
    ) -> Aligned:
        """Moves `memory` onto the frame whose quarter-size luma is `blurred_small`.

        `inside` (H/4, W/4), 0..255, says what lies in the field of view; None: everything.  `since`: how far the
        picture has moved since the frame aligned before, in eighth-size pixels; None: not known.
        """
        height, width = blurred_small.shape
        start = self._start(blurred_small, memory.small, inside, since)
        flow = self._find(blurred_small, memory.small, start)
        self._last = _halve_flow(flow)
        small_map = flow + _coordinates(width, height)  # where in the memory each blurred pixel lies
        confidence, luma, half = (np.empty_like(plane) for plane in (blurred_small, memory.luma, memory.half))

        def compare() -> None:
            moved_small = _remap(memory.small, small_map)
            confidence[:] = self._confidence(blurred_small, moved_small, small_map)

        self._hands.work_off([compare, *_move(memory.luma, small_map, luma, half)])
        if inside is None:
            mean = float(confidence.mean()) / 255.0
        else:
            confidence = cv2.multiply(confidence, inside, scale=1.0 / 255.0).astype(np.uint8, copy=False)
            mean = float(confidence.sum()) / max(1.0, float(inside.sum()))
        if mean < MINIMUM_CONFIDENCE:
            self._last = None
        return Aligned(luma, half, confidence, mean)

    def _find(self, blurred: Luma, memory: Luma, start: Flow) -> Flow:
        wanted, own = _slopes(blurred), _slopes(memory)
        if wanted > BLURRED * own:
            return self._in_bands(self._fine, blurred, memory, start)
        # Flow takes for displacement what one picture has and the other has not: make both alike.
        softened = [cv2.GaussianBlur(memory, (0, 0), sigma).astype(np.uint8, copy=False) for sigma in SOFTENING_PX]
        memory = min(softened, key=lambda picture: abs(_slopes(picture) - wanted))
        return self._in_bands(self._coarse, blurred, memory, start)

    def _in_bands(self, finder: tuple[cv2.DISOpticalFlow, ...], blurred: Luma, memory: Luma, start: Flow) -> Flow:
        """The flow, its upper and its lower half found side by side, each with rows beyond it to hold on to."""
        height = blurred.shape[0]
        if height < 2 * MINIMUM_BAND:
            return finder[0].calc(blurred, memory, start).astype(np.float32, copy=False)
        middle = height // 2
        flow = np.empty_like(start)

        def upper() -> None:
            rows = np.s_[: middle + OVERLAP]
            flow[:middle] = finder[0].calc(blurred[rows], memory[rows], start[rows])[:middle]

        def lower() -> None:
            rows = np.s_[middle - OVERLAP :]
            flow[middle:] = finder[1].calc(blurred[rows], memory[rows], start[rows])[OVERLAP:]

        self._hands.work_off([upper, lower])
        return flow

    def _start(
        self, blurred: Luma, memory: Luma, inside: NDArray[np.uint8] | None, since: tuple[float, float] | None
    ) -> Flow:
        """Flow to begin with, the one that explains most: none, the whole picture's shift by phase correlation, that
        of the frame before, and that moved on by how far the picture has moved since."""
        height, width = blurred.shape
        a, b = (halve(picture).astype(np.float32) for picture in (blurred, memory))
        if min(a.shape) < 16:
            return np.zeros((height, width, 2), dtype=np.float32)
        weight = np.ones(a.shape, dtype=np.float32) if inside is None else halve(inside).astype(np.float32) / 255.0
        candidates = [np.zeros((*a.shape, 2), dtype=np.float32)]
        total = max(1.0, float(weight.sum()))
        # The rim of the field stands still on the sensor: left in, it would answer "no shift" to every question.
        dx, dy, response = phase_shift(*((p - float((p * weight).sum()) / total) * weight for p in (a, b)))
        if response > 0.03:
            candidates.append(np.full_like(candidates[0], (dx, dy)))
        if self._last is not None and self._last.shape == candidates[0].shape:
            candidates.append(self._last)
            if since is not None:
                candidates.append(_carry(self._last, since))
        here = _coordinates(a.shape[1], a.shape[0])
        best = candidates[int(np.argmin([_misfit(a, b, weight, flow + here) for flow in candidates]))]
        return cv2.resize(best, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32, copy=False) * 2.0

    @staticmethod
    def _confidence(blurred: Luma, moved: Luma, small_map: NDArray[np.float32]) -> NDArray[np.uint8]:
        height, width = blurred.shape
        # Both are low-passed first: what the shake has wiped out of one must not count against the other.
        a = cv2.blur(blurred, (7, 7)).astype(np.float32)
        b = cv2.blur(moved, (7, 7)).astype(np.float32)
        # Light turned up or down, or the camera's own exposure: another brightness is not another scene.
        # The median, because an instrument that has come in or left must not count as light.
        gain = float(np.median(a[::4, ::4] / (b[::4, ::4] + 1.0)))
        b *= min(max(gain, 1.0 / MAXIMUM_GAIN), MAXIMUM_GAIN)
        misfit = cv2.absdiff(a, b) / (a + 24.0)
        misfit = cv2.blur(misfit, (5, 5))
        confidence = np.exp(misfit * np.float32(-1.0 / MISFIT))
        x, y = small_map[..., 0], small_map[..., 1]
        outside = (x < 0) | (y < 0) | (x > width - 1) | (y > height - 1)
        confidence[outside] = 0.0
        return (confidence * 255.0).astype(np.uint8)


@lru_cache(maxsize=4)
def _coordinates(width: int, height: int) -> Flow:
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    grid = np.dstack([x, y])
    grid.flags.writeable = False
    return grid


def _flow_finder(finest: int, refinements: int, stride: int) -> cv2.DISOpticalFlow:
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    finder.setFinestScale(finest)
    finder.setGradientDescentIterations(4)
    finder.setVariationalRefinementIterations(refinements)
    finder.setPatchStride(stride)
    return finder


def _slopes(picture: Luma) -> float:
    """Mean square slope: what blur takes first."""
    across, down = (cv2.Sobel(picture, cv2.CV_16S, dx, dy, ksize=1) for dx, dy in ((1, 0), (0, 1)))
    return float(cv2.norm(across, cv2.NORM_L2SQR) + cv2.norm(down, cv2.NORM_L2SQR)) / picture.size


def _halve_flow(flow: Flow) -> Flow:
    size = (flow.shape[1] // 2, flow.shape[0] // 2)
    return cv2.resize(flow, size, interpolation=cv2.INTER_AREA).astype(np.float32, copy=False) * np.float32(0.5)


def _carry(flow: Flow, since: tuple[float, float]) -> Flow:
    """The flow of a frame whose content lies `since` pixels further than in the one that `flow` was found for."""
    height, width = flow.shape[:2]
    matrix = np.array([[1.0, 0.0, since[0]], [0.0, 1.0, since[1]]])
    moved = cv2.warpAffine(flow, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.float32, copy=False) - np.array(since, dtype=np.float32)


def _misfit(
    blurred: NDArray[np.float32], memory: NDArray[np.float32], weight: NDArray[np.float32], where: Flow
) -> float:
    """Mean weighted difference of `blurred` and of `memory` taken from `where`, over what both show."""
    height, width = blurred.shape
    no_map = cast(NDArray[np.float32], None)
    moved = cv2.remap(memory, where, no_map, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    x, y = where[..., 0], where[..., 1]
    seen = weight * ((x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1))
    total = float(seen.sum())
    if total < MINIMUM_OVERLAP * float(weight.sum()):
        return float("inf")
    return float((cv2.absdiff(blurred, moved) * seen).sum()) / max(1.0, total)


def _move(memory: Luma, small_map: Flow, moved: Luma, half: Luma) -> list[Task]:
    """What fills `moved` (H, W) with the memory taken from where the quarter-size map says, and `half` with that at
    half size, band by band: the full-size map of a band stays in the core's own cache."""
    height, width = memory.shape
    # Centre of a reduced pixel x lies at 4 x + 1.5: resize keeps that rule, so only the values need scaling.
    scaled = cv2.transform(small_map, np.array([[4.0, 0.0, 1.5], [0.0, 4.0, 1.5]])).astype(np.float32, copy=False)

    def band(top: int) -> Task:
        bottom = min(height, top + BAND_PX)

        def task() -> None:
            moved[top:bottom] = _remap(memory, enlarged(scaled, width, height, top, bottom))
            half[top // 2 : bottom // 2] = halve(moved[top:bottom])

        return task

    return [band(top) for top in range(0, height, BAND_PX)]


def _remap(picture: Luma, where: NDArray[np.float32]) -> Luma:
    # Both coordinates are in the first map.  An empty second map is misread by OpenCV 5.0; None is what it wants.
    no_map = cast(NDArray[np.float32], None)
    moved = cv2.remap(picture, where, no_map, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.uint8, copy=False)
