"""Cameras that hang, vanish and come back, behind the same calls as OpenCV's."""

from __future__ import annotations

import sys
import threading
import time

import numpy as np
import pytest

from vision.frames import SourceError, SourceLost
from vision.sources import make_source
from vision.sources.device import DeviceSource

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="device paths of Linux")


class FakeCapture:
    """A driver with 100 pictures a second, which can be unplugged or hang."""

    def __init__(self) -> None:
        self.opened = True
        self.unplugged = self.hanging = False
        self.released = 0
        self.count = 0
        self.tick = threading.Event()
        self.counted = threading.Condition()

    def isOpened(self) -> bool:
        return self.opened

    def read(self):
        self.tick.wait(20 if self.hanging else 0.01)
        if self.unplugged:
            return False, None
        with self.counted:
            self.count += 1
            self.counted.notify_all()
        return True, np.full((48, 64, 3), self.count % 256, np.uint8)

    def get(self, propId: int) -> float:  # noqa: N803 - OpenCV's own name
        return 30.0

    def release(self) -> None:
        self.released += 1


@pytest.fixture
def camera(tmp_path):
    path = tmp_path / "video9"
    path.touch()
    capture = FakeCapture()
    source = DeviceSource(str(path), capture=lambda device, rate: capture)
    yield source, capture, path
    capture.tick.set()
    source.close()


def test_gives_the_newest_picture_not_a_queue(camera):
    source, capture, _ = camera
    info = source.open()
    assert (info.width, info.height, info.frame_rate, info.live) == (64, 48, 30.0, True)
    source.read()
    with capture.counted:
        assert capture.counted.wait_for(lambda: capture.count >= 30, 5.0)
    given = capture.count  # the last of them may still be on its way into the slot
    image, position = source.read()
    assert int(image[0, 0, 0]) >= given - 1
    assert position is None


@pytest.mark.parametrize("fault", ["unplugged", "hanging"])
def test_a_lost_camera_is_told_within_2_seconds_and_comes_back(camera, fault):
    source, capture, _ = camera
    source.open()
    source.read()
    setattr(capture, fault, True)
    began = time.monotonic()
    with pytest.raises(SourceLost, match="check"):  # noqa: PT012 - some pictures may still wait
        while True:
            source.read()
    assert time.monotonic() - began < 2.2
    setattr(capture, fault, False)
    capture.tick.set()
    capture.tick.clear()
    source.open()
    assert source.read()[0].shape == (48, 64, 3)


def test_closing_releases_the_device(camera):
    source, capture, _ = camera
    source.open()
    source.close()
    source.close()
    assert capture.released == 1


def test_a_camera_that_is_not_there_or_busy_is_named(camera, tmp_path):
    source, capture, path = camera
    capture.opened = False
    with pytest.raises(SourceError, match="another program"):
        source.open()
    path.unlink()
    with pytest.raises(SourceError, match="is not there"):
        source.open()
    with pytest.raises(SourceError, match=r"/dev/video63 is not there .*plug it in"):
        make_source("63").open()


def test_a_file_that_is_no_camera_is_refused_by_the_real_driver(tmp_path, capfd):
    path = tmp_path / "video8"
    path.write_text("no camera")
    with pytest.raises(SourceError, match="cannot be opened"):
        DeviceSource(str(path)).open()
