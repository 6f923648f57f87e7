"""Flow, point spread function and deconvolution, each on pictures whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vision.known import motion
from vision.known.memory import Aligner, Reduced
from vision.opencv import cv2
from vision.training.blur import Pose, expose, look, straight_path
from vision.training.data import to_bytes
from vision.training.metrics import psnr

POSE = Pose(400.0, 400.0, 0.0, 1.0)
INNER = np.s_[48:-48, 48:-48]


@pytest.fixture(autouse=True)
def one_thread():
    """As the tower runs it: torch's own threads wait for each other where the cores are shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_memory_is_moved_onto_the_frame(make_scene):
    scene = make_scene(11)
    now = to_bytes(look(scene.linear, POSE, 384))
    before = to_bytes(look(scene.linear, POSE.moved(14.0, -9.0, 0.01, 1.01), 384))
    aligned = Aligner().align(Reduced.of(now).small, Reduced.of(before))
    inner = np.s_[48:-48, 48:-48]
    assert psnr(aligned.luma[inner], now[inner]) > psnr(before[inner], now[inner]) + 6.0
    assert aligned.mean > 0.6
    assert aligned.confidence.shape == (96, 96)


def test_confidence_is_low_where_something_has_come_in(make_scene):
    scene = make_scene(12)
    now = to_bytes(look(scene.linear, POSE, 384))
    before = to_bytes(look(scene.linear, POSE.moved(6.0, 2.0), 384))
    now[150:250, 150:250] = 20  # an instrument
    confidence = Aligner().align(Reduced.of(now).small, Reduced.of(before)).confidence
    assert confidence[42:58, 42:58].mean() < 60
    assert confidence[65:90, 5:90].mean() > 150


@pytest.mark.parametrize(("angle", "length"), [(0.0, 12.0), (np.pi / 2, 20.0), (np.pi / 4, 16.0)])
def test_blur_s_shape_is_read_from_the_memory(make_scene, angle, length):
    scene = make_scene(13)
    sharp = to_bytes(look(scene.linear, POSE, 512))
    blurred = to_bytes(expose(scene.linear, POSE, straight_path(length, angle), 0.0, 512))
    kernel = motion.estimate_psf(motion.Blurred.of(motion.halve(blurred)), motion.halve(sharp))
    assert kernel is not None
    assert float(kernel.sum()) == pytest.approx(1.0, abs=1e-4)
    y, x = np.indices(kernel.shape) - motion.KERNEL // 2
    xx, yy, xy = ((kernel * value).sum() for value in (x * x, y * y, x * y))
    found = 0.5 * np.arctan2(2 * xy, xx - yy)
    assert abs(np.angle(np.exp(2j * (found - angle)))) / 2 < np.deg2rad(8)
    assert motion.spread(kernel) == pytest.approx(length / np.sqrt(12), rel=0.3)


def test_deconvolution_undoes_a_known_movement_and_keeps_brightness(make_scene):
    scene = make_scene(14)
    sharp = to_bytes(look(scene.linear, POSE, 512))
    blurred = to_bytes(expose(scene.linear, POSE, straight_path(14.0, 0.4), 0.0, 512))
    kernel = motion.line_psf(14.0 * np.cos(0.4), 14.0 * np.sin(0.4))
    assert kernel is not None
    restored = motion.deconvolve(blurred, motion.halve(blurred), kernel)
    inner = np.s_[48:-48, 48:-48]
    assert psnr(restored[inner], sharp[inner]) > psnr(blurred[inner], sharp[inner]) + 1.0
    assert float(restored.mean()) == pytest.approx(float(blurred.mean()), abs=1.0)


@pytest.mark.parametrize(("dx", "dy"), [(0.5, 0.5), (90.0, 0.0)])
def test_movements_too_small_or_too_large_have_no_kernel(dx, dy):
    assert motion.line_psf(dx, dy) is None


def test_flat_pictures_tell_no_blur():
    flat = np.full((256, 256), 100, np.uint8)
    assert motion.estimate_psf(motion.Blurred.of(flat), flat) is None


def test_a_far_memory_is_still_found_when_the_last_flow_is_carried_on(make_scene):
    scene = make_scene(15)
    clear = to_bytes(look(scene.linear, POSE.moved(70.0, 40.0), 384))
    aligner, gains = Aligner(), []
    for step in range(1, 5):  # the scope runs away from the clear frame, 17 pixels a frame
        now = to_bytes(look(scene.linear, POSE.moved(70.0 - 15.0 * step, 40.0 - 8.0 * step, 0.004 * step), 384))
        since = None if step == 1 else (-15.0 / 8.0, -8.0 / 8.0)
        aligned = aligner.align(Reduced.of(now).small, Reduced.of(clear), since=since)
        gains.append(psnr(aligned.luma[96:-96, 96:-96], now[96:-96, 96:-96]) - psnr(clear, now))
    assert min(gains) > 10.0, gains


def test_what_the_memory_expects_need_not_be_guessed_by_the_deconvolution(make_scene):
    scene = make_scene(16)
    sharp = to_bytes(look(scene.linear, POSE, 384))
    blurred = to_bytes(expose(scene.linear, POSE, straight_path(16.0, 0.3), 0.0, 384))
    kernel = motion.line_psf(16.0 * np.cos(0.3), 16.0 * np.sin(0.3))
    assert kernel is not None
    half = motion.halve(blurred)
    alone = motion.deconvolve(blurred, half, kernel)
    darker = np.maximum(sharp, 6) - 6  # a memory from before the light was turned up
    expected = motion.halve(darker).astype(np.float32)
    change = motion.undo_residual(motion.Blurred.of(half), expected, kernel, motion.NOISE)
    told = np.clip(darker + cv2.resize(change, darker.shape[::-1]), 0, 255).astype(np.uint8)
    assert psnr(told[INNER], sharp[INNER]) > psnr(alone[INNER], sharp[INNER]) + 3.0
    assert float(told[INNER].mean()) == pytest.approx(float(blurred[INNER].mean()), abs=1.0)
