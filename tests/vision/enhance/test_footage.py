"""The enhanced view on real footage of operations that nothing was fitted on."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.enhance import Enhancer
from vision.frames import Action, Frame
from vision.settings import Settings
from vision.training.data import read_manifest

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.footage,
    pytest.mark.skipif(not (DATA / "manifest.tsv").is_file(), reason=f"real footage is not in {DATA}"),
]


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
