"""The enhancer's thread with the real nets: what it forgets with the camera, and what becomes of bad results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from app import paths
from app.workers import enhance
from tests.app.workers.conftest import WAIT_MS
from tests.app.workers.shaking import SIZE, scene, shaken
from tests.app.workers.test_enhance import Stage
from vision import runtime
from vision.enhance import Enhancer
from vision.frames import Action, EnhancedFrame, Fault, Frame, Rung
from vision.settings import Settings


class Real(Stage):
    """A worker with real nets; the test says what they take for clear."""

    def __init__(self, weights: runtime.Weights, settings: Settings) -> None:
        self.enhancer = Enhancer(weights, settings)
        warm_up = self.enhancer.warm_up
        self.enhancer.warm_up = lambda *_: warm_up(*SIZE)  # a quarter of the time; what it finds does not matter here
        super().__init__(lambda: self.enhancer)
        self._given = 0

    def judge(self, image: np.ndarray, *, clear: bool, opening: int = 1) -> EnhancedFrame:
        """What becomes of the next frame when the threshold makes it a clear or a blurred one."""
        self.enhancer.set_threshold(0.0 if clear else 1.0)
        self._given += 1
        return self.give(Frame(self._given, self._given / 30, image, None, opening))[0]


@pytest.fixture
def real(start, qtbot) -> Callable[..., Real]:
    def make(weights: runtime.Weights | None = None, settings: Settings | None = None) -> Real:
        loaded = runtime.load(paths.models()) if weights is None else weights
        stage = Real(loaded, Settings(time_budget_ms=None) if settings is None else settings)
        start(stage.worker)
        qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
        return stage

    return make


def test_memory_ends_with_the_camera_the_size_the_scene_and_with_a_turn(real):
    stage = real()

    def remembered() -> None:
        assert stage.judge(scene(), clear=True).action is Action.PASSED
        result = stage.judge(shaken(scene()), clear=False)
        assert (result.action, result.memory_age) == (Action.DEBLURRED, 1)

    remembered()
    assert stage.judge(shaken(scene()), clear=False, opening=2).memory_age is None, "the source was opened again"
    remembered()
    assert stage.judge(shaken(scene(3, 480, 272)), clear=False).memory_age is None, "another size"
    remembered()
    assert stage.judge(shaken(scene(8)), clear=False).memory_age is None, "another scene"
    remembered()
    assert stage.judge(shaken(np.ascontiguousarray(scene()[::-1, ::-1])), clear=False).memory_age is None, "turned"


def test_the_exposure_that_the_camera_tells_is_taken_from_the_next_frame_on(real):
    stage = real()
    stage.judge(scene(), clear=True)
    assert stage.enhancer.settings.exposure_share == 0.5
    stage.worker.set_exposure_share(0.2)
    assert stage.judge(shaken(scene()), clear=False).action is Action.DEBLURRED
    assert stage.enhancer.settings.exposure_share == 0.2


def test_weights_that_give_no_numbers_leave_the_picture_raw_with_an_alarm(real, tmp_path):
    generator, card = runtime.read(paths.models(), "generator")
    for array in generator.values():
        array[...] = np.nan
    for net in ("sharpness", "region", "blind"):
        runtime.write(tmp_path, net, *runtime.read(paths.models(), net))
    keep = {key: value for key, value in card.items() if key not in ("sha256", "bytes")}
    runtime.write(tmp_path, "generator", generator, keep)
    stage = real(runtime.load(tmp_path, paths.models().parent / "library"))
    assert stage.judge(scene(), clear=True).action is Action.PASSED, "clear frames need no generator"
    blurred = shaken(scene())
    result = stage.judge(blurred, clear=False)
    assert (result.action, result.fault) == (Action.RAW, Fault.NOT_FINITE)
    assert result.image is blurred
    assert "not finite" in stage.status.last.fault


def test_a_result_that_stands_still_while_the_picture_goes_on_is_not_shown(real, monkeypatch):
    stage = real()
    stage.judge(scene(), clear=True)
    first = stage.enhancer._deblurrer.deblur(shaken(scene())[..., 1], None, 5)
    deblur = stage.enhancer._deblurrer.deblur
    monkeypatch.setattr(stage.enhancer._deblurrer, "deblur", lambda *_, **__: first)
    results = [stage.judge(shaken(scene(), 7 + 2 * number), clear=False) for number in range(4)]
    assert results[-1].fault is Fault.FROZEN
    assert results[-1].image is results[-1].source.image
    assert stage.status.last.fault == results[-1].reason
    monkeypatch.setattr(stage.enhancer._deblurrer, "deblur", deblur)
    stage.judge(scene(), clear=True)
    assert stage.judge(shaken(scene()), clear=False).action is Action.DEBLURRED


def test_without_time_for_the_smallest_part_of_the_method_pictures_are_raw_and_it_is_an_alarm(real):
    stage = real(settings=Settings(time_budget_ms=0.5))
    stage.judge(scene(), clear=True)
    for number in range(enhance.LATE_COUNT):
        assert not stage.worker.fallen_back
        result = stage.judge(shaken(scene(), 7 + 2 * number), clear=False)
        assert (result.action, result.fault, result.rung) == (Action.RAW, Fault.LATE, Rung.RAW)
    assert stage.worker.fallen_back
    assert stage.worker.rungs[Rung.RAW] == enhance.LATE_COUNT


def test_a_picture_that_got_less_than_the_whole_method_says_so(real, monkeypatch):
    stage = real()
    stage.judge(scene(), clear=True)
    process = stage.enhancer.process
    # The clear frame is more than 30 frames old by then, which is said as well.
    for rung, words in (
        (Rung.THREE, "no memory"),
        (Rung.TWO, "2 networks, no memory"),
        (Rung.HALF, "half size, no memory"),
    ):
        monkeypatch.setattr(stage.enhancer, "process", lambda frame, rung=rung: replace(process(frame), rung=rung))
        stage.enhancer.set_threshold(1.0)
        number = 50 + len(words)
        view = stage.give(Frame(number, number / 30, shaken(scene(), 9), None, 1))[1]
        assert (view.action, view.quality) == ("deblurred", words)
