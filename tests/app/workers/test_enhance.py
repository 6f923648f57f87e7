"""The enhancer's thread: whatever the nets do, a picture goes on to the screen, labelled for what it is."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest

from app import paths
from app.enhancer import starter
from app.enhancer.process import EnhancerLost, EnhancerProcess
from app.workers import enhance
from app.workers.enhance import EnhanceWorker
from app.workers.feed import Feed
from app.workers.mailbox import ENHANCER_BEHIND, Mailbox
from tests.app.workers.conftest import WAIT_MS, Heard
from tests.app.workers.shaking import scene, shaken
from tests.app.workers.weights import damaged_weights
from ui.viewstate import PictureView
from vision.enhance import Enhancer
from vision.frames import Action, EnhancedFrame, Frame
from vision.runtime import load
from vision.settings import Settings


class Stage:
    """A worker with its mailboxes, given one frame at a time."""

    def __init__(self, make_enhancer, *, behind: int = 1) -> None:
        """`behind`: how many frames may wait."""
        self.inbox: Mailbox[Frame] = Mailbox(behind)
        self.feed = Feed()
        self.out: Mailbox[EnhancedFrame] = Mailbox()
        self.worker = EnhanceWorker(make_enhancer, self.inbox, self.feed, self.out, simulation=False)
        self.status = Heard(self.worker.status)

    def give(self, frame: Frame):
        """(result for the recorder, picture for the screen) of this frame."""
        self.inbox.put(frame)
        result = self.out.take(WAIT_MS / 1e3)
        assert result is not None, f"frame {frame.id} never came out"
        return result, self.feed.mailbox.take()


class FakeNets:
    """In the place of the nets: passes frames, or fails as told."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.action = Action.PASSED
        self.resets = 0
        self.closed = False
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def warm_up(self, width: int, height: int) -> None:
        pass

    def reset(self) -> None:
        self.resets += 1

    def close(self) -> None:
        self.closed = True

    def process(self, frame: Frame) -> EnhancedFrame:
        self.may_go_on.wait()
        if self.fault is not None:
            raise self.fault
        reason = "too late" if self.action is Action.RAW else ""
        return EnhancedFrame(
            frame, frame.image, self.action, 0.2, "liver", 0.9, reason, timings_ms={"sharpness": 1.0, "total": 2.0}
        )


@pytest.fixture
def nets() -> FakeNets:
    return FakeNets()


@pytest.fixture
def stage(nets, start, qtbot) -> Stage:
    stage = Stage(lambda: nets)
    start(stage.worker)
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
    return stage


@pytest.mark.parametrize("damage", ["missing", "altered"])
def test_without_usable_weights_frames_go_on_raw_and_it_is_said(tmp_path, start, qtbot, frame, damage):
    weights = damaged_weights(tmp_path, "sharpness", damage)
    stage = Stage(lambda: Enhancer(load(weights.parent)))
    start(stage.worker)
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
    assert not stage.status.last.usable
    assert str(weights) in stage.status.last.weights_error
    result, view = stage.give(frame(0))
    assert result.image is frame(0).image or (result.image == frame(0).image).all()
    assert (view.action, view.reason) == ("raw", "no usable weights")
    assert view.p_clear is None, "nothing was judged"
    assert stage.worker.enhanced == 0


def test_nets_that_cannot_even_be_started_leave_a_raw_picture(start, qtbot, frame):
    def broken():
        raise KeyError("architecture")

    stage = Stage(broken)
    start(stage.worker)
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
    assert "architecture" in stage.status.last.weights_error
    assert stage.give(frame(0))[1].reason == "no usable weights"


@pytest.mark.parametrize("fault", [RuntimeError("not finite"), IndexError("no memory"), KeyError("layer")])
def test_a_net_that_fails_costs_one_frame_its_enhancement_and_no_more(stage, nets, frame, fault):
    assert stage.give(frame(0))[1].action == "passed through"
    nets.fault = fault
    result, view = stage.give(frame(1))
    assert (view.action, view.reason) == ("raw", "enhancement failed")
    assert result.image is result.source.image
    assert type(fault).__name__ in stage.status.last.fault
    nets.fault = None
    assert stage.give(frame(2))[1].action == "passed through"
    assert stage.worker.enhanced == 2, "the failed frame was not enhanced, and is not counted so"


def test_switched_off_the_very_next_frame_is_raw_and_is_not_called_enhanced(stage, nets, frame):
    stage.give(frame(0))
    stage.worker.set_enabled(False)
    result, view = stage.give(frame(1))
    assert result.action is Action.RAW
    assert not view.enhanced
    assert stage.worker.enhanced == 1
    stage.worker.set_enabled(True)
    assert stage.give(frame(2))[1].enhanced


def test_results_keep_time_order_and_the_frames_own_identity(stage, frame):
    shown = [stage.give(frame(number))[1] for number in range(5)]
    assert [view.frame_id for view in shown] == list(range(5))
    assert [view.captured_s for view in shown] == [frame(number).captured_s for number in range(5)]


def test_frames_that_wait_for_a_slow_one_all_follow_it_in_order_and_only_real_shortage_drops(nets, start, qtbot, frame):
    stage = Stage(lambda: nets, behind=ENHANCER_BEHIND)
    out: Mailbox[EnhancedFrame] = Mailbox(10)
    stage.worker._recorder = out
    start(stage.worker)
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)

    def follow(slow: int, waiting: int) -> list[int]:
        nets.may_go_on.clear()
        stage.inbox.put(frame(slow))
        qtbot.waitUntil(lambda: not stage.inbox._items, timeout=WAIT_MS)  # under way
        for number in range(slow + 1, slow + 1 + waiting):
            stage.inbox.put(frame(number))
        nets.may_go_on.set()
        results = [out.take(WAIT_MS / 1e3) for _ in range(1 + min(waiting, ENHANCER_BEHIND))]
        return [result.source.id for result in results if result is not None]

    assert follow(0, ENHANCER_BEHIND) == list(range(ENHANCER_BEHIND + 1))
    assert stage.inbox.dropped == 0
    assert follow(10, ENHANCER_BEHIND + 3) == [10, *range(14, 14 + ENHANCER_BEHIND)], "those that waited longest go"
    assert stage.inbox.dropped == 3


def test_a_picture_of_another_size_starts_the_memory_anew(stage, nets, frame):
    stage.give(frame(0))
    resets = nets.resets
    stage.give(frame(1))
    assert nets.resets == resets
    stage.give(frame(2, width=321, height=241))
    assert nets.resets == resets + 1


def test_falling_back_again_and_again_is_told_and_ends_with_it(stage, nets, frame, monkeypatch):
    nets.action = Action.RAW
    for number in range(enhance.LATE_COUNT):
        assert not stage.worker.fallen_back
        stage.give(frame(number))
    assert stage.worker.fallen_back
    nets.action = Action.PASSED
    stage.give(frame(50))
    monkeypatch.setattr(enhance.time, "monotonic", lambda now=enhance.time.monotonic: now() + enhance.LATE_HOLD_S)
    assert not stage.worker.fallen_back, "clear frames only: nothing falls back any more"


def test_falling_back_is_over_when_the_view_is_switched_off(stage, nets, frame):
    nets.action = Action.RAW
    for number in range(enhance.LATE_COUNT):
        stage.give(frame(number))
    assert stage.worker.fallen_back
    stage.worker.set_enabled(False)
    stage.give(frame(50))
    assert not stage.worker.fallen_back


def test_a_dark_picture_is_neither_judged_nor_a_falling_back(start, qtbot):
    stage = Stage(lambda: Enhancer(load(paths.models())))
    start(stage.worker)
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
    dark = np.zeros((240, 320, 3), np.uint8)
    for number in range(enhance.LATE_COUNT + 2):
        _, view = stage.give(Frame(number, float(number), dark))
        assert (view.action, view.p_clear) == ("raw", None)
        assert "dark" in view.reason
    assert not stage.worker.fallen_back, "a scope outside the body is no fault"


def test_stopping_wakes_the_thread_and_lets_the_nets_go(stage, nets, qtbot):
    stage.worker.request_stop()
    qtbot.waitUntil(lambda: nets.closed, timeout=WAIT_MS)


def test_the_picture_comes_first_and_is_raw_until_the_networks_are_ready(nets, start, qtbot, frame, monkeypatch):
    monkeypatch.setattr(enhance, "PICTURE_FIRST_S", WAIT_MS)
    may_warm_up = threading.Event()
    monkeypatch.setattr(nets, "warm_up", lambda *_: may_warm_up.wait())
    made = threading.Event()

    def make() -> FakeNets:
        made.set()
        return nets

    stage = Stage(make)
    start(stage.worker)
    assert not made.wait(0.3), "the start of the networks would keep the first picture waiting"
    _, view = stage.give(frame(0))
    assert (view.action, view.reason, view.fault) == ("raw", "the enhanced view is starting", "")
    assert made.wait(WAIT_MS / 1e3)
    assert stage.give(frame(1))[1].reason == "the enhanced view is starting"
    assert not stage.worker.fallen_back, "it starts: nothing has failed"
    may_warm_up.set()
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
    assert stage.status.last.usable
    assert stage.give(frame(2))[1].action == "passed through"


def test_without_a_camera_the_networks_are_loaded_all_the_same(nets, start, qtbot):
    stage = Stage(lambda: nets)
    start(stage.worker)
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
    assert stage.status.last.usable, "the self-test of a tower without a picture must come to its end"


def test_a_process_that_is_killed_leaves_the_picture_and_comes_back(start, qtbot, monkeypatch):
    """As the system does it when memory runs out; in the middle of a burst."""
    monkeypatch.setattr(starter, "AGAIN_S", 0.2)
    processes: list[EnhancerProcess] = []

    def make() -> EnhancerProcess:
        processes.append(EnhancerProcess(paths.models(), Settings(threshold=1.0, time_budget_ms=None)))
        return processes[-1]

    stage = Stage(make)
    start(stage.worker)
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
    number = 0

    def give(opening: int = 0) -> tuple[EnhancedFrame, PictureView]:
        nonlocal number
        number += 1
        return stage.give(Frame(number, number / 30, shaken(scene()), None, opening))

    assert give()[1].action == "deblurred"
    os.kill(processes[0].pid, signal.SIGKILL)
    result, view = give()
    assert (view.action, view.reason, view.fault) == ("raw", "the enhanced view is starting again", "lost")
    assert result.image is result.source.image
    assert "code -9" in stage.status.last.fault
    assert stage.worker.fallen_back, "the surgeon is told by the alarm"
    qtbot.waitUntil(lambda: give()[1].action == "deblurred", timeout=WAIT_MS)
    assert len(processes) == 2


def test_one_that_dies_at_its_start_is_tried_again_and_said_meanwhile(nets, start, qtbot, frame, monkeypatch):
    monkeypatch.setattr(starter, "AGAIN_S", 0.2)
    fails = [EnhancerLost("its process ended with code 127")]

    def warm_up(*_: int) -> None:
        if fails:
            raise fails.pop()

    monkeypatch.setattr(nets, "warm_up", warm_up)
    stage = Stage(lambda: nets)
    start(stage.worker)
    qtbot.waitUntil(lambda: bool(stage.status.all), timeout=WAIT_MS)
    assert not stage.status.all[0].usable
    assert "code 127" in stage.status.all[0].weights_error
    qtbot.waitUntil(lambda: stage.status.last.usable, timeout=WAIT_MS)
    assert stage.give(frame(1))[1].action == "passed through"
