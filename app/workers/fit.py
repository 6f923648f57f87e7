"""Makes pictures fit for painting in the worker's thread, so that the UI thread only copies pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.frames import Picture
from vision.opencv import cv2


def fitted_size(width: int, height: int, target_width: int, target_height: int) -> tuple[int, int]:
    """Largest (width, height) of the same shape inside the target; at least 1x1."""
    scale = min(target_width / width, target_height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def fit(image: Picture, target_width: int, target_height: int) -> NDArray[np.uint8]:
    """(H, W, 3) BGR -> (h, w, 4) BGRX of the same shape inside the target, read-only.

    A target of zero or less (the view has no size yet) keeps the picture's own size.
    """
    height, width = image.shape[:2]
    if target_width > 0 and target_height > 0:
        size = fitted_size(width, height, target_width, target_height)
        if size != (width, height):
            # OpenCV's stubs do not say that uint8 stays uint8.
            image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)  # type: ignore[assignment]
    painted = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA), dtype=np.uint8)
    painted.flags.writeable = False
    return painted


class Fitter:
    """Fits pictures, and finds again the one it fitted last: what is passed through stands in both views.

    Used from two threads: the last picture is one tuple, swapped whole.  Without views of the same size it is `fit`.
    """

    def __init__(self) -> None:
        self._last: tuple[Picture, tuple[int, int], NDArray[np.uint8]] | None = None

    def fit(self, image: Picture, target_width: int, target_height: int) -> NDArray[np.uint8]:
        """As `fit`."""
        last, size = self._last, (target_width, target_height)
        if last is not None and last[0] is image and last[1] == size:
            return last[2]
        painted = fit(image, *size)
        self._last = (image, size, painted)
        return painted
