"""PSNR and SSIM against an independent implementation; ranks and shares on small cases."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity
from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure

from vision.training.metrics import auc, balanced_accuracy, psnr, ssim


@pytest.mark.parametrize("noise", [1.0, 8.0, 40.0])
def test_psnr_and_ssim_agree_with_other_implementations(noise):
    rng = np.random.default_rng(0)
    truth = np.clip(cv2.GaussianBlur(rng.normal(128, 90, (120, 150)), (0, 0), 2.0), 0, 255).astype(np.uint8)
    picture = np.clip(truth + rng.normal(0, noise, truth.shape), 0, 255).astype(np.uint8)
    a, b = (torch.from_numpy(p).double()[None, None] for p in (picture, truth))
    assert psnr(picture, truth) == pytest.approx(float(peak_signal_noise_ratio(a, b, data_range=255.0)), abs=1e-4)
    whole = structural_similarity(
        picture, truth, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255
    )
    assert ssim(picture, truth) == pytest.approx(float(whole), abs=1e-6)
    # torchmetrics counts a wider part of the picture in, so it agrees to the border's share only.
    other = float(structural_similarity_index_measure(a, b, data_range=255.0, sigma=1.5, kernel_size=11))
    assert ssim(picture, truth) == pytest.approx(other, abs=4e-3)


def test_equal_pictures():
    picture = np.arange(400, dtype=np.uint8).reshape(20, 20)
    assert psnr(picture, picture) == 99.0
    assert ssim(picture, picture) == pytest.approx(1.0)


def test_ssim_refuses_pictures_below_its_window():
    with pytest.raises(ValueError, match="11x11"):
        ssim(np.zeros((8, 8), np.uint8), np.zeros((8, 8), np.uint8))


def test_auc_counts_pairs():
    assert auc([3, 2], [1, 0]) == 1.0
    assert auc([1], [1]) == 0.5
    assert auc([0.2, 0.8], [0.5]) == 0.5
    assert np.isnan(auc([], [1.0]))


def test_balanced_accuracy_weighs_regions_not_pictures():
    assert balanced_accuracy(["a"] * 9 + ["b"], ["a"] * 9 + ["a"]) == 0.5
    assert balanced_accuracy(["a", "b"], ["a", None]) == 0.5
