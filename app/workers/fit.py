"""Makes pictures fit for painting in the worker's thread, so that the UI thread only copies pixels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ui.look import NEUTRAL, PictureLook
from vision.frames import Picture
from vision.opencv import cv2


def fitted_size(width: int, height: int, target_width: int, target_height: int) -> tuple[int, int]:
    """Largest (width, height) of the same shape inside the target; at least 1x1, but (0, 0) for no pixels at all."""
    if width <= 0 or height <= 0:
        return 0, 0
    scale = min(target_width / width, target_height / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def fit(image: Picture, target_width: int, target_height: int, look: PictureLook = NEUTRAL) -> NDArray[np.uint8]:
    """(H, W, 3) BGR -> (h, w, 4) BGRX of the same shape inside the target, read-only, looked at as `look` says.

    A target of zero or less (the view has no size yet) keeps the picture's own size.  Zoom cuts before it scales, so
    that a picture of any zoom has the same size and costs the same.  A picture without pixels stays one.
    """
    height, width = image.shape[:2]
    if height == 0 or width == 0:
        nothing = np.zeros((0, 0, 4), np.uint8)
        nothing.flags.writeable = False
        return nothing
    size = (width, height)
    if target_width > 0 and target_height > 0:
        size = fitted_size(width, height, target_width, target_height)
    image = _cut(image, look)
    if size != (image.shape[1], image.shape[0]):
        image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)  # type: ignore[assignment]  # uint8 stays uint8
    if look.turned:
        image = cv2.flip(image, -1)  # type: ignore[assignment]  # as above
    if look.brightness != 100:
        image = cv2.LUT(image, _brightness_table(look.brightness))  # type: ignore[assignment]  # as above
    painted = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA), dtype=np.uint8)
    painted.flags.writeable = False
    return painted


def _cut(image: Picture, look: PictureLook) -> Picture:
    """What is seen of the picture: whole pixels of it, at least one, around the place in the middle."""
    if look.zoom == 1.0:
        return image
    height, width = image.shape[:2]
    x, y = (1.0 - look.x, 1.0 - look.y) if look.turned else (look.x, look.y)
    wide, high = max(1, round(width / look.zoom)), max(1, round(height / look.zoom))
    left = min(max(round(x * width - wide / 2), 0), width - wide)
    top = min(max(round(y * height - high / 2), 0), height - high)
    return image[top : top + high, left : left + wide]


@lru_cache(maxsize=16)
def _brightness_table(percent: int) -> NDArray[np.uint8]:
    return np.clip(np.arange(256) * (percent / 100.0) + 0.5, 0, 255).astype(np.uint8)


class Fitter:
    """Fits pictures, and finds again the one it fitted last: what is passed through stands in both views.

    Used from two threads: the last picture is one tuple, swapped whole.  Without views of the same size it is `fit`.
    """

    def __init__(self) -> None:
        self._last: tuple[Picture, tuple[int, int, PictureLook], NDArray[np.uint8]] | None = None

    def fit(
        self, image: Picture, target_width: int, target_height: int, look: PictureLook = NEUTRAL
    ) -> NDArray[np.uint8]:
        """As `fit`."""
        last, asked = self._last, (target_width, target_height, look)
        if last is not None and last[0] is image and last[1] == asked:
            return last[2]
        painted = fit(image, *asked)
        self._last = (image, asked, painted)
        return painted
