"""The share of the frame interval that the camera exposes, from what its head tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.exposure import HEARD_WITHIN_S, exposure_share
from hardware.readings import CameraFault, CameraReading
from vision.frames import SourceInfo

HEAD = CameraReading(100.0, True, 1280, 720, 60.0, 8000, 0.0, 40.0, CameraFault.NONE)
LIVE = SourceInfo("/dev/video0", 1280, 720, 30.0, live=True, frame_count=None)


def test_it_is_the_share_of_the_frames_that_come_here():
    assert exposure_share(HEAD, LIVE, 100.1) == pytest.approx(0.24)
    assert exposure_share(HEAD, replace(LIVE, frame_rate=0.0), 100.1) == pytest.approx(0.48), "then the head's own rate"
    assert exposure_share(replace(HEAD, exposure_us=40_000), LIVE, 100.1) == 1.0


@pytest.mark.parametrize(
    ("head", "source", "now_s"),
    [
        (None, LIVE, 100.1),
        (HEAD, None, 100.1),
        (HEAD, replace(LIVE, live=False), 100.1),
        (HEAD, LIVE, 100.1 + HEARD_WITHIN_S),
        (replace(HEAD, exposure_us=0), LIVE, 100.1),
    ],
)
def test_what_the_head_does_not_tell_or_does_not_know_is_not_guessed(head, source, now_s):
    assert exposure_share(head, source, now_s) is None
