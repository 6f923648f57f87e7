"""A source that sends pictures without pixels: said on both sides, nothing ends, and the picture comes back."""

from __future__ import annotations

import threading

import numpy as np

from tests.ui.conftest import Fingers

WAIT_MS = 20_000


def test_pictures_without_pixels_are_said_on_both_sides_and_the_tower_goes_on(start, qtbot):
    tower = start()
    raw, enhanced = tower.window.raw.view, tower.window.enhanced.view
    qtbot.waitUntil(lambda: raw.picture is not None and enhanced.picture is not None, timeout=WAIT_MS)
    sound = tower.source.read

    def without_pixels():
        threading.Event().wait(0.02)
        return np.zeros((0, 0, 3), np.uint8), None

    tower.source.read = without_pixels
    qtbot.waitUntil(lambda: raw.picture is None and enhanced.picture is None, timeout=WAIT_MS)
    assert "empty picture" in raw.nothing.text
    assert "empty picture" in enhanced.nothing.text
    fingers, camera = Fingers(), tower.window.camera
    for key in (camera.freeze, camera.enhanced, camera.freeze, camera.enhanced, camera.snapshot):
        fingers.tap(key)
    grabbed = tower.parts.camera.grabbed
    qtbot.waitUntil(lambda: tower.parts.camera.grabbed > grabbed + 5, timeout=WAIT_MS)
    assert tower.session.errors == []
    tower.source.read = sound
    qtbot.waitUntil(lambda: raw.picture is not None and enhanced.picture is not None, timeout=WAIT_MS)
    assert tower.session.errors == []
