"""The camera thread keeps the picture coming: over a lost source, a faulty one, and to the end of a film."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from app.workers import camera
from app.workers.camera import CameraWorker
from app.workers.feed import Feed
from app.workers.mailbox import Mailbox
from tests.app.workers.conftest import WAIT_MS, Heard
from ui.viewstate import NoPicture, PictureView
from vision.frames import EndOfSource, Frame, SourceError, SourceInfo, SourceLost

INFO = SourceInfo("/dev/video7", 64, 48, 30.0, live=True, frame_count=None)


class PluggedSource:
    """A camera on a cable that the test pulls and plugs in."""

    def __init__(self) -> None:
        self.plugged = True
        self.fault: Exception | None = None
        self.closed = 0
        self.open_now = False

    def open(self) -> SourceInfo:
        if not self.plugged:
            raise SourceError("/dev/video7 is not there; plug the camera in")
        self.open_now = True
        return INFO

    def read(self):
        threading.Event().wait(0.005)
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault
        if not self.plugged:
            raise SourceLost("/dev/video7 gives no more pictures; check its cable")
        return np.full((48, 64, 3), 90, np.uint8), None

    def close(self) -> None:
        self.open_now = False
        self.closed += 1


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(camera, "REOPEN_S", 0.05)


@pytest.fixture
def tower(start, quick):
    source, feed, box = PluggedSource(), Feed(), Mailbox[Frame]()
    worker = CameraWorker(source, feed, (box,), simulation=False)
    heard = Heard(worker.status)
    return source, feed, box, worker, heard, start(worker)


def test_a_camera_that_disappears_is_said_and_comes_back_by_itself(tower, qtbot):
    source, feed, box, worker, heard, _ = tower
    qtbot.waitUntil(lambda: worker.grabbed > 3, timeout=WAIT_MS)
    assert heard.last.info == INFO
    source.plugged = False
    qtbot.waitUntil(lambda: heard.last.error.endswith("plug the camera in"), timeout=WAIT_MS)
    assert any(s.error.endswith("check its cable") for s in heard.all), "first why the picture stopped"
    shown = feed.mailbox.take()
    assert isinstance(shown, NoPicture)
    assert shown.action == heard.last.error, "the person at the screen reads what to do"
    assert not source.open_now, "a device that is gone must be let go, or it never comes back"
    before, last = worker.grabbed, box.take()
    source.plugged = True
    qtbot.waitUntil(lambda: worker.grabbed > before + 3, timeout=WAIT_MS)
    assert heard.last.info == INFO
    assert heard.last.error == ""
    first = box.take()
    assert first.id >= before, "frames are counted on over the gap"
    assert first.opening == last.opening + 1, "and who remembers pictures is told that it may be another camera"
    qtbot.waitUntil(lambda: isinstance(feed.mailbox.take(), PictureView), timeout=WAIT_MS)


def test_a_fault_in_the_source_ends_neither_thread_nor_picture(tower, qtbot):
    source, _, _, worker, heard, thread = tower
    qtbot.waitUntil(lambda: worker.grabbed > 3, timeout=WAIT_MS)
    source.fault = KeyError("codec")
    qtbot.waitUntil(lambda: any("failed" in s.error for s in heard.all), timeout=WAIT_MS)
    before = worker.grabbed
    qtbot.waitUntil(lambda: worker.grabbed > before + 3, timeout=WAIT_MS)
    assert thread.isRunning()
    assert heard.last.info == INFO


def test_the_end_of_a_film_is_told_in_its_own_words_and_the_thread_rests(tower, qtbot):
    source, _, _, worker, heard, thread = tower
    qtbot.waitUntil(lambda: worker.grabbed > 3, timeout=WAIT_MS)
    source.fault = EndOfSource("clip.avi: the file ends after picture 4 of 30: it is cut off")
    qtbot.waitUntil(lambda: bool(heard.last.ended), timeout=WAIT_MS)
    assert "cut off" in heard.last.ended
    assert heard.last.error == ""
    count = worker.grabbed
    worker.request_stop()
    thread.quit()
    assert thread.wait(WAIT_MS)
    assert worker.grabbed == count
    assert source.closed


def test_every_grabbed_frame_goes_to_each_consumer_once_and_cannot_be_changed(start, quick, qtbot):
    source, feed = PluggedSource(), Feed()
    boxes = (Mailbox[Frame](), Mailbox[Frame]())
    worker = CameraWorker(source, feed, boxes, simulation=True)
    start(worker)
    qtbot.waitUntil(lambda: worker.grabbed > 5, timeout=WAIT_MS)
    first, second = boxes[0].take(), boxes[1].take()
    assert abs(first.id - second.id) <= 5
    with pytest.raises(ValueError, match="read-only"):
        first.image[0, 0, 0] = 1
    view = feed.mailbox.take()
    assert view.simulation, "a simulated picture carries its mark"
    assert (view.width, view.height) == (64, 48)
