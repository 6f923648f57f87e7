"""The synthetic blur is what a sensor would record: light is summed, nothing is lost, a line is a line."""

from __future__ import annotations

import numpy as np
import pytest

from vision.training.blur import Pose, defocus, expose, hand_path, look, record, straight_path
from vision.training.data import to_bytes

SIDE = 128
POSE = Pose(127.5, 127.5, 0.0, 1.0)


@pytest.fixture
def point():
    """A bright point as a lens draws it, light 1 in all, in the middle of a scene of 256 pixels."""
    y, x = np.indices((256, 256)) - 127.5
    spot = np.exp(-(x * x + y * y) / (2 * 1.2**2))
    return (spot / spot.sum()).astype(np.float32)


def test_a_point_moved_along_a_line_is_that_line(point):
    length = 24.0
    light = expose(point, POSE, straight_path(length, 0.0), 0.0, SIDE)
    assert float(light.sum()) == pytest.approx(float(point.sum()), rel=0.02)  # energy
    rows = light.sum(axis=1)
    assert float(rows[59:69].sum()) == pytest.approx(float(light.sum()), rel=0.02)
    columns = light.sum(axis=0)
    inside = columns[64 - 8 : 64 + 8]
    assert float(inside.std() / inside.mean()) < 0.15  # even, as constant speed makes it
    assert float(inside.mean()) == pytest.approx(float(point.sum()) / length, rel=0.06)  # the analytical height
    assert float(columns[: 64 - 15].sum() + columns[64 + 15 :].sum()) < 0.03


def test_light_is_summed_not_grey_values():
    scene = np.zeros((256, 256), np.float32)
    scene[:, 128:] = 1.0
    light = expose(scene, POSE, straight_path(20.0, 0.0), 0.0, SIDE)
    middle = to_bytes(light)[SIDE // 2, SIDE // 2]
    assert 170 < middle < 200  # half the light is 186 of 255 in 8 bits; averaged grey values would give 128


def test_no_movement_is_the_view_itself(point):
    assert np.allclose(expose(point, POSE, np.zeros((3, 2)), 0.0, SIDE), look(point, POSE, SIDE), atol=1e-6)


def test_content_moves_as_the_pose_says(point):
    moved = look(point, POSE.moved(10.0, -6.0), SIDE)
    y, x = np.unravel_index(int(np.argmax(moved)), moved.shape)
    assert (x, y) == (pytest.approx(SIDE / 2 + 10, abs=1), pytest.approx(SIDE / 2 - 6, abs=1))


@pytest.mark.parametrize("seed", range(5))
def test_hand_path_has_its_length_and_is_centred(seed):
    path = hand_path(np.random.default_rng(seed), 18.0)
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())
    assert 0.75 * 18.0 < length <= 18.01  # sampled a little coarser than drawn
    assert np.allclose(path.mean(axis=0), 0.0, atol=1e-9)


def test_defocus_keeps_energy_and_has_its_radius(point):
    light = defocus(look(point, POSE, SIDE), 5.0)
    assert float(light.sum()) == pytest.approx(1.0, rel=0.02)
    y, x = np.indices(light.shape) - 63.5
    assert float(light[np.hypot(x, y) > 8].sum()) < 0.02


def test_noise_has_its_strength_and_jpeg_keeps_the_size():
    grey = np.full((SIDE, SIDE), 0.2, np.float32)
    rng = np.random.default_rng(0)
    assert float(record(rng, grey, 3.0, None).std()) == pytest.approx(3.0 * np.sqrt(0.44), rel=0.1)
    assert record(rng, grey, 3.0, 80).shape == (SIDE, SIDE)
