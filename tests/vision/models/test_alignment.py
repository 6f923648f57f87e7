"""Layers that lie apart are brought into one frame; layers that fit are not touched."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from vision.models.alignment import measure_mosaic, measure_shift, project


@pytest.fixture
def layer():
    rng = np.random.default_rng(0)
    noise = rng.normal(128.0, 40.0, (320, 400)).astype(np.float32)
    return cv2.GaussianBlur(noise, (0, 0), 0.9)


def moved(picture, dx, dy):
    matrix = np.array([[1.0, 0.0, dx], [0.0, 1.0, dy]])
    size = (picture.shape[1], picture.shape[0])
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize(("dx", "dy"), [(0.5, 0.0), (-1.25, 2.0), (3.0, -0.4)])
def test_a_known_shift_is_found_and_undone(layer, dx, dy):
    other = moved(layer, dx, dy)
    shift = measure_shift(layer, other)
    assert shift == pytest.approx((dx, dy), abs=0.1)
    inner = np.s_[20:-20, 20:-20]
    before = np.abs(other - layer)[inner].mean()
    after = np.abs(project(other, shift) - layer)[inner].mean()
    assert after < 0.25 * before


def test_below_a_tenth_of_a_pixel_nothing_is_warped(layer):
    other = moved(layer, 0.05, 0.0)
    shift = measure_shift(layer, other)
    assert shift == (0.0, 0.0)
    assert project(other, shift) is other


def test_a_shift_no_network_can_cause_is_not_believed(layer):
    assert measure_shift(layer, moved(layer, 12.0, 0.0)) == (0.0, 0.0)


def test_pictures_without_structure_do_not_move():
    flat = np.full((300, 300), 90.0, dtype=np.float32)
    assert measure_shift(flat, flat + 3) == (0.0, 0.0)


def test_third_layer_is_aligned_to_the_mosaic_of_the_first_two(layer):
    shifts = measure_mosaic([layer, moved(layer, 0.8, 0.0), moved(layer, 0.0, -1.0)])
    assert shifts[0] == (0.0, 0.0)
    assert shifts[1] == pytest.approx((0.8, 0.0), abs=0.1)
    assert shifts[2] == pytest.approx((0.0, -1.0), abs=0.1)
