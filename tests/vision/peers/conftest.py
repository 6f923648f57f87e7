"""One torch thread: on a busy machine several wait for each other; and a bank of pictures blurred by a known shake."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch

from vision.training.samples import SIDE, Bank


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def blurred_tissue(count, seed, side=SIDE):
    """Planes (count, 4, side, side): textured luma shaken sideways by 9 pixels, and its truth."""
    rng = np.random.default_rng(seed)
    planes = np.zeros((count, 4, side, side), np.uint8)
    for sample in planes:
        truth = np.full((side, side), 120.0, np.float32)
        for cell in (3, 9, 31):
            rough = rng.normal(0, 1, (side // cell + 2, side // cell + 2)).astype(np.float32)
            truth += cv2.resize(rough, (side, side), interpolation=cv2.INTER_CUBIC) * 5 * cell**0.4
        sample[1] = np.clip(truth, 0, 255)
        sample[0] = cv2.blur(sample[1], (9, 1))
    return planes


@pytest.fixture(scope="session")
def bank():
    planes = blurred_tissue(6, 1, 64)
    return Bank(planes, np.zeros((6, 16, 16), np.uint8), ["bowel"] * 6)
