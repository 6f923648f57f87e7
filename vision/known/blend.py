"""The full-size picture in one pass: the blurred one, a share of the moved memory's detail, and a half-size change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.known.box import enlarged
from vision.opencv import cv2
from vision.pair import Hands, Task

Luma = NDArray[np.uint8]  # (H, W)
Plane = NDArray[np.float32]

BAND_PX = 48  # full-size rows worked on at a time: they stay in the core's own cache


def blend(luma: Luma, memory: Luma | None, share: Plane, changes: Sequence[Plane], hands: Hands) -> Luma:
    """`luma` + `share` * (`memory` - `luma`) + `changes`, (H, W), rounded once.

    `share` (H/4, W/4) and `changes` (H/2, W/2 or H, W; 8-bit steps) are scaled up; without a memory there is nothing to
    share.  Both sides of `luma` are multiples of 4.
    """
    height, width = luma.shape
    result = np.empty_like(luma)

    def band(top: int) -> Task:
        bottom = min(height, top + BAND_PX)
        rows = (width, height, top, bottom)

        def task() -> None:
            here, added = luma[top:bottom], enlarged(changes[0], *rows)
            for change in changes[1:]:
                added = added + enlarged(change, *rows)
            if memory is not None:
                detail = cv2.subtract(memory[top:bottom], here, dtype=cv2.CV_32F)
                added = cv2.multiply(detail, enlarged(share, *rows), dst=detail) + added
            result[top:bottom] = cv2.add(here, added, dtype=cv2.CV_8U)

        return task

    hands.work_off([band(top) for top in range(0, height, BAND_PX)])
    return result
