"""The phantom's scene follows what the modules read back, and nothing else."""

from __future__ import annotations

import math

import pytest

from app.scene import phantom_scene
from app.status import TowerStatus
from hardware.readings import CameraFault, CameraReading, LightFault, LightReading

LIGHT = LightReading(10.0, 1500.0, 0.4, 40.0, 50.0, True, 50.0, 1.0, LightFault.NONE)
CAMERA = CameraReading(10.0, True, 1280, 720, 30.0, 8000, 6.0, 40.0, CameraFault.NONE, 6100.0, False)


def test_light_is_the_led_current_and_a_silent_lamp_is_dark():
    status = TowerStatus(10.0, light=LIGHT)
    assert phantom_scene(status, 10.0).light_fraction == pytest.approx(0.5)
    assert phantom_scene(status, 12.0).light_fraction == 0.0


def test_the_camera_head_shapes_the_picture_also_after_it_has_fallen_silent():
    for now_s in (10.0, 100.0):
        scene = phantom_scene(TowerStatus(10.0, camera=CAMERA), now_s)
        assert (scene.exposure, scene.gain_db, scene.white_balance_k) == (0.5, 6.0, 6100.0)


def test_a_head_that_reports_nonsense_does_not_stop_the_picture():
    odd = CameraReading(10.0, True, 1280, 720, 30.0, 0, math.nan, 40.0, CameraFault.NONE, 65535.0)
    scene = phantom_scene(TowerStatus(10.0, camera=odd), 10.0)
    assert 0.0 < scene.exposure < 0.1
    assert scene.gain_db == 0.0
    assert scene.white_balance_k == 9500.0
