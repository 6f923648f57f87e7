"""Made pictures of made regions, in folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.opencv import cv2

# Colour (BGR) and grain of made regions, as different to the eye as the names.
LOOKS = {
    "Leber": ((40, 45, 120), 40),
    "Darm rosa": ((150, 160, 220), 9),
    "脾": ((120, 60, 90), 3),
    "Netz": ((90, 190, 220), 22),
    "chessboard": ((160, 160, 40), 60),
}


@pytest.fixture(scope="session")
def draw() -> Callable[[str, int], NDArray[np.uint8]]:
    """Picture of a made region, (240, 320, 3) BGR."""

    def make(region: str, seed: int) -> NDArray[np.uint8]:
        colour, grain = LOOKS[region]
        rng = np.random.default_rng(seed)
        rough = rng.normal(0.0, 28.0, (240 // grain + 2, 320 // grain + 2, 1)).astype(np.float32)
        texture = cv2.resize(rough, (320, 240), interpolation=cv2.INTER_CUBIC)[..., None]
        picture = np.array(colour, np.float32) + texture + rng.normal(0.0, 3.0, (240, 320, 3))
        return np.clip(picture, 20, 255).astype(np.uint8)

    return make


@pytest.fixture
def folders(tmp_path: Path, draw: Callable[[str, int], NDArray[np.uint8]]) -> Callable[..., Path]:
    """Writes a folder of regions; with `operations` each picture lies in a folder of its operation."""

    def write(name: str, regions: list[str], count: int = 6, operations: int = 0, first: int = 0) -> Path:
        root = tmp_path / name
        for at, region in enumerate(regions):
            for number in range(count):
                inner = root / region / (f"operation {number % operations}" if operations else "")
                inner.mkdir(parents=True, exist_ok=True)
                picture = draw(region, first + 100 * at + number)
                ok, data = cv2.imencode(".png", picture)  # imwrite cannot write every name on every system
                assert ok
                (inner / f"Bild {number} ä.png").write_bytes(data.tobytes())
        return root

    return write
