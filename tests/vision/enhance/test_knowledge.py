"""What the tower knows of blurred frames: right where it is offered, and nothing where nothing fits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vision.known.box import box_around
from vision.known.fit import mix
from vision.known.knowledge import WEAK_TRUST, Knowledge
from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.state import SceneState
from vision.training.blur import Pose, expose, look, record, straight_path
from vision.training.data import to_bytes
from vision.training.metrics import psnr

SIDE = 384
POSE = Pose(400.0, 400.0, 0.0, 1.0)
INNER = np.s_[40:-40, 40:-40]


@pytest.fixture(autouse=True)
def one_thread():
    """As the tower runs it: torch's own threads wait for each other where the cores are shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def clear(scene, pose=POSE, seed=0):
    return record(np.random.default_rng(seed), look(scene.linear, pose, SIDE), 1.0, None)


def shaken(scene, pose, length_px, angle=0.4, seed=1):
    light = expose(scene.linear, pose, straight_path(length_px, angle), 0.0, SIDE)
    return record(np.random.default_rng(seed), light, 1.0, None)


def gather(knowledge, picture, index):
    return knowledge.gather(picture, box_around(picture.shape, None), index)


def shown(known):
    """The simplest picture made of it: the blurred one with the memory pasted by its confidence."""
    return mix(known.now.luma, known.memory, known.confidence.astype(np.float32) / 255.0)


def gain(known, picture, truth):
    return psnr(shown(known)[INNER], truth[INNER]) - psnr(picture[INNER], truth[INNER])


@pytest.mark.parametrize("dropped", [False, True])
def test_a_burst_gains_from_the_clear_frame_before_it_even_with_frames_dropped(make_scene, dropped):
    scene, knowledge, gains = make_scene(21), Knowledge(), []
    knowledge.remember(clear(scene), 0)
    for index in range(1, 8):
        if dropped and index in (3, 4):
            knowledge.skip()
            continue
        pose = POSE.moved(7.0 * index, 9.0 * np.sin(index), 0.002 * index)
        picture = shaken(scene, pose, 12.0)
        known = gather(knowledge, picture, index)
        assert known.clear
        assert known.age == index
        gains.append(gain(known, picture, to_bytes(look(scene.linear, pose, SIDE))))
    assert min(gains) > 1.5, gains


def test_a_sharp_frame_taken_for_a_blurred_one_is_hardly_touched(make_scene):
    scene, knowledge = make_scene(22), Knowledge()
    knowledge.remember(clear(scene, POSE.moved(11.0, -7.0, 0.005)), 0)
    picture = clear(scene, seed=3)
    known = gather(knowledge, picture, 4)
    error = shown(known)[INNER].astype(float) - to_bytes(look(scene.linear, POSE, SIDE))[INNER]
    assert np.sqrt((error**2).mean()) < 1.2  # 8-bit steps; the picture's own noise is 0.7


def test_a_change_of_light_since_the_memory_is_not_pasted(make_scene):
    scene, knowledge = make_scene(23), Knowledge()
    knowledge.remember((clear(scene) * 0.94).astype(np.uint8), 0)
    picture = shaken(scene, POSE, 14.0)
    known = gather(knowledge, picture, 1)
    assert float(known.memory[INNER].mean()) == pytest.approx(float(picture[INNER].mean()), abs=1.0)
    assert gain(known, picture, to_bytes(look(scene.linear, POSE, SIDE))) > 1.5


def test_an_instrument_that_is_gone_is_not_drawn(make_scene):
    scene, knowledge = make_scene(24), Knowledge()
    before = clear(scene)
    before[120:260, 160:220] = 225  # a shaft with dark rings
    before[120:260:20, 160:220] = 30
    knowledge.remember(before, 0)
    picture = shaken(scene, POSE, 12.0)
    known = gather(knowledge, picture, 1)
    there = np.s_[130:250, 165:215]
    changed = np.abs(shown(known)[there].astype(float) - picture[there]).mean()
    assert changed < 4.0
    assert known.confidence[10:25, 10:80].mean() > 3.0 * known.confidence[34:61, 42:53].mean()


def test_without_a_clear_frame_the_sharpest_blurred_one_helps_and_says_that_it_is_weak(make_scene):
    scene, knowledge = make_scene(25), Knowledge()
    first = gather(knowledge, shaken(scene, POSE.moved(12.0, 3.0), 5.0), 1)
    assert first.age is None
    picture = shaken(scene, POSE, 18.0, seed=5)
    known = gather(knowledge, picture, 2)
    assert known.age == 1
    assert not known.clear
    assert 0 < known.confidence.max() <= round(255 * WEAK_TRUST)
    assert gain(known, picture, to_bytes(look(scene.linear, POSE, SIDE))) > 0.3


def test_a_blurrier_frame_is_no_memory(make_scene):
    scene, knowledge = make_scene(26), Knowledge()
    gather(knowledge, shaken(scene, POSE.moved(12.0, 3.0), 18.0), 1)
    known = gather(knowledge, shaken(scene, POSE, 8.0), 2)
    assert known.age is None
    assert not known.confidence.any()
    assert known.memory is known.now.luma


def test_after_a_cut_nothing_of_the_old_scene_is_used_until_it_comes_back(make_scene):
    old, new, knowledge = make_scene(27), make_scene(28), Knowledge()
    knowledge.remember(clear(old), 0)
    assert gather(knowledge, shaken(old, POSE, 10.0), 1).age == 1
    for index in (2, 3):
        known = gather(knowledge, shaken(new, POSE, 10.0, seed=index), index)
        assert known.age is None
        assert not known.confidence.any()
    assert gather(knowledge, shaken(old, POSE, 10.0, seed=9), 4).age == 4
    assert gather(knowledge, shaken(old, POSE, 10.0, seed=9), 40).age is None  # more than a second: tissue moves on


def test_a_cut_between_two_abdomens_of_the_phantom_pastes_nothing():
    knowledge = Knowledge()
    here, there = (PhantomCamera(640, 360, 30.0, seed=seed).expose(20, SceneState()).image[..., 1] for seed in (3, 8))
    knowledge.remember(np.ascontiguousarray(here), 0)
    known = gather(knowledge, np.ascontiguousarray(there), 1)
    assert known.age is None or mix_change(known) < 1.0


def mix_change(known):
    return float(np.abs(shown(known).astype(float) - known.now.luma).mean())


@pytest.mark.parametrize("value", [0, 100, 255])
def test_flat_frames_are_neither_remembered_nor_changed(make_scene, value):
    scene, knowledge = make_scene(29), Knowledge()
    flat = np.full((SIDE, SIDE), value, np.uint8)
    knowledge.remember(clear(scene), 0)
    knowledge.remember(flat, 1)
    known = gather(knowledge, flat, 2)
    assert np.array_equal(shown(known), flat)
    assert np.array_equal(known.sharp, flat)
    assert gather(knowledge, shaken(scene, POSE, 12.0), 3).age == 3  # the picture before the flat one is still known


def test_another_size_of_picture_forgets(make_scene):
    scene, knowledge = make_scene(30), Knowledge()
    knowledge.remember(clear(scene), 0)
    assert gather(knowledge, np.ascontiguousarray(shaken(scene, POSE, 10.0)[:320]), 1).age is None
