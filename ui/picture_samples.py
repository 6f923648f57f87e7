"""Fake pictures for the gallery and the widget tests: they never reach a running tower."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from ui.languages import QT_TRANSLATE_NOOP
from ui.viewstate import PictureView


def scene(width: int, height: int, seed: int = 7) -> NDArray[np.uint8]:
    """An endoscopic-looking picture, (H, W, 4) uint8 BGRX, read-only: round field, warm tissue, gloss."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x - width / 2) / (height / 2), (y - height / 2) / (height / 2)
    relief = np.zeros_like(x)
    for _ in range(14):
        fx, fy, phase = rng.uniform(-5, 5), rng.uniform(-5, 5), rng.uniform(0, 6.28)
        relief += np.sin(fx * x + fy * y + phase).astype(np.float32)
    relief /= 14
    light = np.clip(1.15 - 0.75 * (x * x + y * y), 0, 1) * (1 + 0.5 * relief)
    gloss = np.clip(relief * 3 - 1.05, 0, 1) ** 2
    picture = np.zeros((height, width, 4), np.uint8)
    for channel, (base, shift) in enumerate(((70, 30), (80, 40), (190, 40))):
        tissue = light * (base + shift * relief) + 255 * gloss * light
        picture[..., channel] = np.clip(tissue, 0, 255)
    picture[(x * x + y * y) > 1.0] = 6
    picture.setflags(write=False)
    return picture


def picture(
    size: tuple[int, int], frame_id: int = 1, *, enhanced: bool = False, image: NDArray[np.uint8] | None = None
) -> PictureView:
    """A picture fitted into `size` as app would do it."""
    if image is None:
        width, height = min(size[0], size[1] * 16 // 9), min(size[1], size[0] * 9 // 16)
        image = scene(width, height)
    if not enhanced:
        return PictureView(image, frame_id, time.monotonic() - 0.012, "Phantom", 1280, 720, 30.0, simulation=True)
    return PictureView(
        image,
        frame_id,
        time.monotonic() - 0.064,
        "Phantom",
        1280,
        720,
        24.8,
        enhanced=True,
        region=QT_TRANSLATE_NOOP("phrases", "uterus"),
        p_clear=0.31,
        action="deblurred",
        simulation=True,
    )
