"""Pictures and weights for the tests of the enhanced view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision import runtime
from vision.training.data import Scene, to_linear

ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / "resources" / "models"


@pytest.fixture(scope="session")
def weights() -> runtime.Weights:
    """The committed weights."""
    return runtime.load(MODELS)


@pytest.fixture(scope="session")
def make_scene() -> Callable[[int], Scene]:
    """Scenes of vessels and folds, unlike any training picture, (800, 800)."""

    def make(seed: int) -> Scene:
        rng = np.random.default_rng(seed)
        side = 800
        luma = np.full((side, side), 130.0, dtype=np.float32)
        for cell in (3, 9, 31, 90):
            rough = rng.normal(0.0, 1.0, (side // cell + 2, side // cell + 2)).astype(np.float32)
            luma += cv2.resize(rough, (side, side), interpolation=cv2.INTER_CUBIC) * 3.2 * cell**0.35
        for _ in range(60):  # vessels
            points = np.cumsum(np.vstack([rng.uniform(0, side, (1, 2)), rng.normal(0, 22, (25, 2))]), axis=0)
            tone = float(rng.uniform(50, 100))
            cv2.polylines(luma, [points.astype(np.int32)], False, tone, int(rng.integers(1, 5)), cv2.LINE_AA)
        for _ in range(40):  # gloss
            x, y = rng.uniform(0, side, 2)
            cv2.circle(luma, (int(x), int(y)), int(rng.integers(1, 5)), 250.0, -1, cv2.LINE_AA)
        bytes_ = np.clip(luma, 0, 255).astype(np.uint8)
        return Scene(to_linear(bytes_), np.full((side, side), 255, np.uint8), "bowel", f"made {seed}")

    return make


@pytest.fixture(scope="session")
def to_picture() -> Callable[[NDArray[np.uint8]], NDArray[np.uint8]]:
    """Luma -> a reddish, read-only BGR picture, as the camera hands it over."""

    def convert(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
        base = luma.astype(np.float32)
        picture = np.clip(np.dstack([base * 0.7, base * 0.8, base * 1.15 + 8]), 0, 255).astype(np.uint8)
        picture.flags.writeable = False
        return picture

    return convert
