"""How much a film changes from frame to frame: in all, and beyond what its motion explains."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from vision.evaluation.quality import Luma, Mask
from vision.opencv import cv2

_REDUCTION = 2  # the motion is found at half size
_SMALLEST_PX = 32  # a side of the reduced picture that dense flow can work on


class Motion:
    """Where each pixel of a frame was in the frame before; one motion for all versions of the two frames.

    Dense inverse search flow (Kroeger et al. 2016) between the two reference pictures: the truth where there is one, as
    the warping error of Lai et al. (2018, "Learning blind video temporal consistency") takes the input's.
    """

    def __init__(self, before: Luma, now: Luma, judged: Mask) -> None:
        """`before`, `now`, `judged`: (H, W); only what the motion brings from inside the judged part counts."""
        height, width = now.shape
        self._where = _grid(width, height)
        small = (width // _REDUCTION, height // _REDUCTION)
        if min(small) >= _SMALLEST_PX:
            here, there = _reduced(now, small), _reduced(before, small)
            no_flow = cast(NDArray[np.float32], None)  # to begin with
            flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(here, there, no_flow)
            flow = cv2.resize(flow, (width, height), interpolation=cv2.INTER_LINEAR)
            self._where = self._where + flow * np.float32(_REDUCTION)
        came = _moved(judged, self._where, cv2.INTER_NEAREST)
        self._judged = cv2.min(judged, came)

    def warping_error(self, before: Luma, now: Luma) -> float:
        """Mean absolute difference, 8-bit steps, between (H, W) uint8 `now` and `before` moved onto it."""
        moved = _moved(before, self._where, cv2.INTER_CUBIC)
        return float(cv2.mean(cv2.absdiff(now, moved), self._judged)[0])

    def change(self, before: Luma, now: Luma) -> float:
        """The same without following the motion: the temporal difference."""
        return float(cv2.mean(cv2.absdiff(now, before), self._judged)[0])


def _reduced(picture: Luma, size: tuple[int, int]) -> Luma:
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _moved(picture: Luma, where: NDArray[np.float32], interpolation: int) -> Luma:
    # Both coordinates are in the first map.  An empty second map is misread by OpenCV 5.0; None is what it wants.
    no_map = cast(NDArray[np.float32], None)
    return cv2.remap(picture, where, no_map, interpolation, borderMode=cv2.BORDER_CONSTANT).astype(np.uint8, copy=False)


def _grid(width: int, height: int) -> NDArray[np.float32]:
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.dstack([x, y])
