"""PSNR against an independent implementation; ranks and shares on small cases."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torchmetrics.functional.image import peak_signal_noise_ratio

from vision.training.metrics import auc, balanced_accuracy, psnr


@pytest.mark.parametrize("noise", [1.0, 8.0, 40.0])
def test_psnr_agrees_with_another_implementation(noise):
    rng = np.random.default_rng(0)
    truth = np.clip(rng.normal(128, 40, (120, 150)), 0, 255).astype(np.uint8)
    picture = np.clip(truth + rng.normal(0, noise, truth.shape), 0, 255).astype(np.uint8)
    a, b = (torch.from_numpy(p).double()[None, None] for p in (picture, truth))
    assert psnr(picture, truth) == pytest.approx(float(peak_signal_noise_ratio(a, b, data_range=255.0)), abs=1e-4)


def test_equal_pictures():
    picture = np.arange(400, dtype=np.uint8).reshape(20, 20)
    assert psnr(picture, picture) == 99.0


def test_auc_counts_pairs():
    assert auc([3, 2], [1, 0]) == 1.0
    assert auc([1], [1]) == 0.5
    assert auc([0.2, 0.8], [0.5]) == 0.5
    assert np.isnan(auc([], [1.0]))


def test_balanced_accuracy_weighs_regions_not_pictures():
    assert balanced_accuracy(["a"] * 9 + ["b"], ["a"] * 9 + ["a"]) == 0.5
    assert balanced_accuracy(["a", "b"], ["a", None]) == 0.5
