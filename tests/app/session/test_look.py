"""Pictures that stand: zoom, turn and the second screen reach them though no frame comes."""

from __future__ import annotations

import numpy as np

from tests.app.session.test_pictures import WAIT_MS
from ui.intents import SetEnhanced, SetFrozen
from ui.look import PictureLook


def test_a_frozen_picture_follows_zoom_and_turn_on_both_sides(start, qtbot):
    tower = start()
    raw, enhanced = tower.window.raw.view, tower.window.enhanced.view
    qtbot.waitUntil(lambda: raw.picture is not None and enhanced.picture is not None, timeout=WAIT_MS)
    tower.session.obey(SetFrozen(True))
    frozen = raw.picture.frame_id, enhanced.picture.frame_id
    look = PictureLook(zoom=2.0, turned=True)
    tower.window.pictures.looking.take(look)
    qtbot.waitUntil(lambda: raw.picture.look == enhanced.picture.look == look, timeout=WAIT_MS)
    assert (raw.picture.frame_id, enhanced.picture.frame_id) == frozen
    tower.session.obey(SetEnhanced(False))
    assert not enhanced.picture.enhanced
    tower.session.obey(SetEnhanced(True))
    qtbot.waitUntil(lambda: enhanced.picture.enhanced and enhanced.picture.look == look, timeout=WAIT_MS)
    tower.session.obey(SetFrozen(False))
    qtbot.waitUntil(lambda: raw.picture.frame_id > frozen[0] + 2, timeout=WAIT_MS)
    assert raw.picture.look == look


def test_a_live_picture_follows_with_the_next_frame(start, qtbot):
    tower = start()
    raw = tower.window.raw.view
    qtbot.waitUntil(lambda: raw.picture is not None, timeout=WAIT_MS)
    tower.window.pictures.looking.take(PictureLook(brightness=200))
    qtbot.waitUntil(lambda: raw.picture.look.brightness == 200, timeout=WAIT_MS)
    middle = raw.picture.image.shape[0] // 2
    assert np.all(raw.picture.image[middle, middle, :3] == 180)


def test_a_second_screen_opened_while_frozen_shows_the_frozen_picture_in_its_own_size(start, qtbot):
    tower = start()
    qtbot.waitUntil(lambda: tower.window.raw.view.picture is not None, timeout=WAIT_MS)
    tower.session.obey(SetFrozen(True))
    second, shown = tower.window.pictures.second, []
    tower.session._pictures._draw["second_raw"] = shown.append
    second.raw_size_wanted.emit(40, 30)
    qtbot.waitUntil(lambda: bool(shown), timeout=WAIT_MS)
    assert shown[-1].image.shape == (30, 40, 4)
    assert shown[-1].frame_id == tower.window.raw.view.picture.frame_id


def test_a_lost_camera_leaves_no_picture_on_the_second_screen_either(start, qtbot):
    tower = start()
    shown = []
    tower.session._pictures._draw["second_enhanced"] = shown.append
    qtbot.waitUntil(lambda: tower.window.raw.view.picture is not None, timeout=WAIT_MS)
    tower.source.plugged = False
    qtbot.waitUntil(lambda: bool(shown), timeout=WAIT_MS)
    assert shown[-1].text == "No picture"
