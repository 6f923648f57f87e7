"""The enhanced view on real footage of operations that nothing was fitted on."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.enhance import Enhancer, Settings
from vision.frames import Action, Frame
from vision.training.data import read_manifest, read_scenes
from vision.training.evaluate import judge_generator
from vision.training.samples import KINDS
from vision.training.train_generator import NOT_SCENES

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.footage,
    pytest.mark.skipif(not (DATA / "manifest.tsv").is_file(), reason=f"real footage is not in {DATA}"),
]


def test_shaken_pictures_of_other_operations_gain_two_decibels(weights):
    from vision.training.blur import shoot

    items = [i for i in read_manifest(DATA).select("val", "sharp") if i.region not in NOT_SCENES and not i.is_clip]
    scenes = [scene for scene in read_scenes(items[::4]) if min(scene.linear.shape) >= 512]
    rng = np.random.default_rng(21)
    shots = [shoot(rng, scenes[n % len(scenes)], 448, KINDS[n % 2], 8.0 + n, 1 + n % 6) for n in range(12)]
    figures = judge_generator(weights, shots)
    assert figures["psnr_gain_db"]["enhanced"] > 2.0
    assert figures["psnr_gain_db"]["enhanced"] > figures["psnr_gain_db"]["wiener"] + 0.5
    assert figures["psnr_gain_db"]["enhanced"] > figures["psnr_gain_db"]["memory"] + 0.5
    assert figures["ssim_gain"]["enhanced"] > 0.03


def test_a_real_clip_runs_to_its_end_in_order_and_clear_frames_are_untouched(weights):
    film = cv2.VideoCapture(str(DATA / "hysterectomy" / "clip16.avi"))
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    count, passed = 0, 0
    while True:
        ok, picture = film.read()
        if not ok:
            break
        before = picture.copy()
        result = enhancer.process(Frame(count, count / 2, picture))
        assert result.source.id == count
        if result.action is Action.PASSED:
            passed += 1
            assert result.image is picture
            assert np.array_equal(result.image, before)
        count += 1
    enhancer.close()
    film.release()
    assert count == 50
    assert passed >= 40  # most of the clip is clear


def test_frames_of_unrelated_scenes_are_never_used_as_memory(weights):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    items = [item for item in read_manifest(DATA).select("val") if item.group in ("case09", "case11")]
    previous = None
    for index, item in enumerate(items[::3]):
        picture = cv2.imread(str(item.path))
        if previous is not None:
            enhancer.set_threshold(0.0)
            enhancer.process(Frame(2 * index, 0.0, previous))
            enhancer.set_threshold(1.0)
            assert enhancer.process(Frame(2 * index + 1, 0.0, picture)).memory_age is None, item.path
        previous = picture
    enhancer.close()
