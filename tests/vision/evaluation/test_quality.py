"""Figures of merit against independent implementations, and what a flickering film comes to."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from skimage.measure import blur_effect as other_blur_effect
from skimage.metrics import structural_similarity
from torchmetrics.functional.image import peak_signal_noise_ratio, structural_similarity_index_measure

from vision.evaluation.flicker import Motion
from vision.evaluation.quality import Truth, blur_effect, colour_psnr, judged_part


def texture(seed=0, shape=(160, 210)):
    rng = np.random.default_rng(seed)
    return np.clip(cv2.GaussianBlur(rng.normal(128, 90, shape), (0, 0), 2.0), 0, 255).astype(np.uint8)


def inner(shape, margin):
    mask = np.zeros(shape, np.uint8)
    mask[margin:-margin, margin:-margin] = 255
    return mask


@pytest.mark.parametrize("noise", [1.0, 8.0, 40.0])
def test_psnr_and_ssim_agree_with_other_implementations(noise):
    truth = texture()
    rng = np.random.default_rng(1)
    picture = np.clip(truth + rng.normal(0, noise, truth.shape), 0, 255).astype(np.uint8)
    judge = Truth(truth, inner(truth.shape, 5))
    a, b = (torch.from_numpy(p).double()[None, None] for p in (picture, truth))
    cropped = (p[..., 5:-5, 5:-5] for p in (a, b))
    assert judge.psnr(picture) == pytest.approx(float(peak_signal_noise_ratio(*cropped, data_range=255.0)), abs=1e-4)
    whole = structural_similarity(
        picture, truth, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255
    )
    assert judge.ssim(picture) == pytest.approx(float(whole), abs=2e-5)
    # torchmetrics counts a wider part of the picture in, so it agrees to the border's share only.
    other = float(structural_similarity_index_measure(a, b, data_range=255.0, sigma=1.5, kernel_size=11))
    assert judge.ssim(picture) == pytest.approx(other, abs=4e-3)


def test_figures_look_at_the_judged_part_alone():
    truth = texture()
    mask = np.zeros(truth.shape, np.uint8)
    cv2.circle(mask, (100, 80), 50, 255, -1)
    picture = truth.copy()
    picture[cv2.dilate(mask, np.ones((13, 13))) == 0] = 0
    judge = Truth(truth, mask)
    assert judge.psnr(picture) == 99.0
    assert judge.ssim(picture) == pytest.approx(1.0, abs=1e-5)
    colours = (cv2.merge([p, p, p]) for p in (picture, truth))
    assert colour_psnr(*colours, mask) == 99.0
    picture[80, 100] ^= 64
    assert judge.psnr(picture) < 60.0


def test_a_part_that_reaches_the_edge_is_refused():
    truth = texture()
    with pytest.raises(ValueError, match="5 pixels inside"):
        Truth(truth, np.full(truth.shape, 255, np.uint8))
    with pytest.raises(ValueError, match="5 pixels inside"):
        Truth(truth, np.zeros(truth.shape, np.uint8))


def test_the_rim_of_the_field_is_left_out():
    inside = np.zeros((200, 300), np.uint8)
    cv2.circle(inside, (150, 100), 90, 255, -1)
    part = judged_part(inside, 24)
    assert part[100, 150] == 255
    assert part[100, 150 + 90 - 20] == 0
    assert judged_part(np.full((200, 300), 255, np.uint8), 24)[:24].max() == 0


@pytest.mark.parametrize("box", [(1, 1), (9, 1), (1, 25), (7, 7)])
def test_blur_effect_agrees_with_scikit_image(box):
    picture = cv2.blur(texture(shape=(300, 400)), box)
    mask = np.zeros(picture.shape, np.uint8)
    mask[2:-1, 2:-1] = 255
    assert blur_effect(picture, mask) == pytest.approx(float(other_blur_effect(picture)), abs=2e-3)


def test_blur_effect_of_a_flat_picture_is_no_number():
    flat = np.full((60, 80), 90, np.uint8)
    assert np.isnan(blur_effect(flat, inner(flat.shape, 10)))


def moving(seed=3, steps=6, shift=3):
    wide = texture(seed, (160, 300))
    return [np.ascontiguousarray(wide[:, 10 + shift * step : 210 + shift * step]) for step in range(steps)]


def test_warping_error_follows_the_motion_and_the_temporal_difference_does_not():
    before, now = moving()[:2]
    motion = Motion(before, now, inner(now.shape, 16))
    assert motion.change(before, now) > 8.0
    assert motion.warping_error(before, now) < 1.5
    assert motion.warping_error(before, np.clip(now.astype(int) + 6, 0, 255).astype(np.uint8)) > 5.0


def test_a_picture_too_small_for_flow_is_compared_where_it_is():
    before, now = texture(1, (50, 50)), texture(2, (50, 50))
    motion = Motion(before, now, inner(now.shape, 8))
    assert motion.warping_error(before, now) == motion.change(before, now)
