"""Pictures of one drawn patient, at rest and shaken."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from vision.sources.phantom import SceneState
from vision.sources.phantom.scene import PhantomCamera

SIZE = (640, 360)


@cache
def scene(seed: int = 3, width: int = SIZE[0], height: int = SIZE[1]) -> np.ndarray:
    """A clear picture of one patient."""
    image = PhantomCamera(width, height, 30.0, seed=seed).expose(0, SceneState()).image.copy()
    image.flags.writeable = False
    return image


def shaken(image: np.ndarray, length_px: int = 11) -> np.ndarray:
    """The picture, moved during its exposure, with a little noise: no two are alike."""
    kernel = np.zeros((length_px, length_px), np.float32)
    kernel[length_px // 2] = 1.0 / length_px
    moved = cv2.filter2D(image, -1, kernel).astype(np.float32)
    noise = np.random.default_rng(length_px).normal(0, 1, moved.shape)
    return np.clip(moved + noise, 0, 255).astype(np.uint8)
