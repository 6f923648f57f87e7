"""When a deblurred picture is not to be shown: it is no number, it strayed from the grabbed one, or it stands still."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.field import halve
from vision.frames import Fault
from vision.known.box import Box
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)

STRAYS_MEAN = 10.0  # 8-bit luma of the 16x reduced picture: deblurring moves detail, not brightness
STRAYS_PEAK = 64.0
SAMPLE_STEP = 8  # pixels between those that are compared with the frame before
STILL_SHARE = 0.05  # of the samples must have changed for the picture to have gone on


class NotTrustedError(Exception):
    """The result must not be shown.  The text says why, `fault` says it for alarms."""

    def __init__(self, text: str, fault: Fault) -> None:
        super().__init__(text)
        self.fault = fault


def check_brightness(before_small: Luma, after: Luma) -> None:
    """`before_small` (H/4, W/4) is the grabbed picture, reduced.  Raises `NotTrustedError`."""
    size = (max(1, before_small.shape[1] // 4), max(1, before_small.shape[0] // 4))
    before = cv2.resize(before_small, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    now = halve(halve(after))  # halvings are several times as fast as one reduction by 16 (see field.py)
    change = cv2.absdiff(cv2.resize(now, size, interpolation=cv2.INTER_AREA).astype(np.float32), before)
    if float(change.mean()) > STRAYS_MEAN or float(change.max()) > STRAYS_PEAK:
        raise NotTrustedError("the deblurred picture strayed from the grabbed one", Fault.STRAYED)


class StandstillWatch:
    """Notices deblurred pictures that stay the same while the grabbed ones go on."""

    def __init__(self) -> None:
        self._last: tuple[Box, Luma, Luma] | None = None

    def forget(self) -> None:
        """What was deblurred before does not come before the next one."""
        self._last = None

    def check(self, box: Box, grabbed: Luma, deblurred: Luma) -> None:
        """Lumas (H, W) of one frame, of which `box` was worked on.  Raises `NotTrustedError`."""
        part = np.s_[box.top : box.bottom : SAMPLE_STEP, box.left : box.right : SAMPLE_STEP]
        before, self._last = self._last, (box, grabbed[part].copy(), deblurred[part].copy())
        if before is None or before[0] != box or not np.array_equal(before[2], self._last[2]):
            return
        if float(np.mean(before[1] != self._last[1])) > STILL_SHARE:
            raise NotTrustedError("the deblurred picture stands still while the grabbed one goes on", Fault.FROZEN)
