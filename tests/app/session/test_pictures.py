"""What the screen shows while camera, nets or control do not answer."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from ui.intents import SetEnhanced, SetFrozen
from ui.viewstate import LinkState
from vision.frames import Fault

WAIT_MS = 20_000


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Falling back is an alarm, and over, sooner; the figures themselves are tested in tests/app/test_watch.py."""
    monkeypatch.setattr("app.watch.FALLEN_BACK_S", 0.5)
    monkeypatch.setattr("app.watch.FALLEN_BACK_CALM_S", 0.5)


class Painted:
    """What the enhanced side painted, in order, since `begin`."""

    def __init__(self, tower) -> None:
        self._view = tower.window.enhanced.view
        self.actions: list[str] = []
        self._view.painted.connect(self._take)

    def _take(self, _frame_id: int, _at_s: float) -> None:
        picture = self._view.picture
        self.actions.append(picture.action if picture.enhanced else "off")


def test_without_a_camera_neither_side_keeps_an_old_picture(start, qtbot):
    tower = start()
    raw, enhanced = tower.window.raw.view, tower.window.enhanced.view
    qtbot.waitUntil(lambda: raw.picture is not None and enhanced.picture is not None, timeout=WAIT_MS)
    tower.nets.may_go_on.clear()
    given = tower.parts.camera.grabbed
    qtbot.waitUntil(lambda: tower.parts.camera.grabbed > given + 3, timeout=WAIT_MS)
    tower.source.plugged = False
    qtbot.waitUntil(lambda: raw.picture is None and enhanced.picture is None, timeout=WAIT_MS)
    done = tower.parts.enhancer.enhanced
    tower.nets.may_go_on.set()
    qtbot.waitUntil(lambda: "camera_lost" in tower.alarms(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: tower.parts.enhancer.enhanced > done, timeout=WAIT_MS)
    qtbot.wait(100)  # it has been offered: the screen's loop takes it, or leaves it
    assert enhanced.picture is None, "nor does a frame that was still under way bring one back"
    tower.source.plugged = True
    qtbot.waitUntil(lambda: raw.picture is not None and enhanced.picture is not None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "camera_lost" not in tower.alarms(), timeout=WAIT_MS)


def test_while_the_nets_do_not_answer_the_enhanced_side_shows_the_raw_picture_and_says_so(start, qtbot):
    tower = start()
    view = tower.window.enhanced.view
    qtbot.waitUntil(lambda: view.picture is not None and view.picture.action == "passed through", timeout=WAIT_MS)
    tower.nets.may_go_on.clear()
    qtbot.waitUntil(lambda: view.picture.action == "raw", timeout=WAIT_MS)
    assert view.picture.reason == "the enhanced view does not answer"
    qtbot.waitUntil(lambda: "enhanced_fallen_back" in tower.alarms(), timeout=WAIT_MS)
    counts = tower.session.counts()
    assert counts.enhanced + counts.dropped_enhanced == counts.grabbed
    tower.nets.may_go_on.set()
    qtbot.waitUntil(lambda: view.picture.action == "passed through", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "enhanced_fallen_back" not in tower.alarms(), timeout=WAIT_MS)


def test_an_enhanced_view_that_hangs_can_be_switched_off_and_with_it_its_alarm(start, qtbot):
    tower = start()
    painted = Painted(tower)
    qtbot.waitUntil(lambda: "passed through" in painted.actions, timeout=WAIT_MS)
    tower.nets.may_go_on.clear()
    qtbot.waitUntil(lambda: "enhanced_fallen_back" in tower.alarms(), timeout=WAIT_MS)
    tower.session.obey(SetEnhanced(False))
    painted.actions.clear()
    qtbot.waitUntil(lambda: "enhanced_fallen_back" not in tower.alarms(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: len(painted.actions) > 3, timeout=WAIT_MS)
    assert set(painted.actions) == {"off"}


def test_when_the_cycle_stands_still_nothing_is_said_to_be_connected_or_active(start, qtbot):
    tower = start()
    qtbot.waitUntil(lambda: tower.window._view.pressure_setpoint.active == 12.0, timeout=WAIT_MS)
    assert all(module.link is LinkState.UP for module in tower.window._view.modules)
    tower.control.may_go_on.clear()
    qtbot.waitUntil(lambda: "control_cycle_stopped" in tower.alarms(), timeout=WAIT_MS)
    view = tower.window._view
    assert all(module.link is LinkState.DOWN for module in view.modules)
    assert view.pressure_setpoint.active is None


def test_the_switch_acts_on_the_very_next_frame_painted_whatever_the_nets_are_busy_with(start, qtbot):
    tower = start()
    tower.nets.deblurs = True
    painted = Painted(tower)
    qtbot.waitUntil(lambda: "deblurred" in painted.actions, timeout=WAIT_MS)
    for _ in range(3):
        tower.nets.may_go_on.clear()  # a frame is under way when the switch is touched
        given = tower.parts.camera.grabbed
        qtbot.waitUntil(lambda given=given: tower.parts.camera.grabbed > given + 2, timeout=WAIT_MS)
        tower.session.obey(SetEnhanced(False))
        painted.actions.clear()
        qtbot.waitUntil(lambda: bool(painted.actions), timeout=WAIT_MS)
        assert painted.actions[0] == "off", "at once, not when the nets are done"
        tower.nets.may_go_on.set()
        qtbot.waitUntil(lambda: len(painted.actions) > 5, timeout=WAIT_MS)
        assert set(painted.actions) == {"off"}, "what was under way is not shown any more"
        tower.session.obey(SetEnhanced(True))
        painted.actions.clear()
        qtbot.waitUntil(lambda: len(painted.actions) > 5, timeout=WAIT_MS)
        assert set(painted.actions) == {"deblurred"}


def test_a_picture_that_waits_to_be_shown_when_the_switch_is_touched_is_not_shown(start, qtbot):
    tower = start()
    tower.nets.deblurs = True
    painted, view = Painted(tower), tower.window.enhanced.view
    qtbot.waitUntil(lambda: "deblurred" in painted.actions, timeout=WAIT_MS)
    tower.nets.may_go_on.clear()
    qtbot.waitUntil(lambda: view.picture.action == "raw", timeout=WAIT_MS)  # the nets do not answer: all is quiet
    waiting = replace(view.picture, action="deblurred")
    worker = threading.Thread(target=tower.parts.enhanced_feed.offer, args=(waiting,))
    worker.start()
    worker.join()
    tower.session.obey(SetEnhanced(False))
    painted.actions.clear()
    qtbot.waitUntil(lambda: len(painted.actions) > 2, timeout=WAIT_MS)
    assert set(painted.actions) == {"off"}


def test_a_standing_picture_follows_the_switch_too(start, qtbot):
    tower = start()
    tower.nets.deblurs = True
    view = tower.window.enhanced.view
    qtbot.waitUntil(lambda: view.picture is not None and view.picture.action == "deblurred", timeout=WAIT_MS)
    tower.session.obey(SetFrozen(True))
    still = view.picture
    tower.session.obey(SetEnhanced(False))
    assert not view.picture.enhanced
    assert view.picture.image is tower.window.raw.view.picture.image
    tower.session.obey(SetEnhanced(True))
    assert view.picture is still


@pytest.mark.parametrize("fault", [Fault.NOT_FINITE, Fault.FROZEN, Fault.LATE, Fault.STRAYED])
def test_each_fault_of_the_nets_is_an_alarm_beside_the_raw_picture_and_passes_with_it(start, qtbot, monkeypatch, fault):
    monkeypatch.setattr("app.workers.enhance.LATE_HOLD_S", 0.5)
    monkeypatch.setattr("app.watch.FAULT_HOLD_S", 0.5)
    tower = start()
    tower.nets.deblurs = True
    view = tower.window.enhanced.view
    qtbot.waitUntil(lambda: view.picture is not None and view.picture.action == "deblurred", timeout=WAIT_MS)
    assert "enhanced_fallen_back" not in tower.alarms()
    tower.nets.fault = fault
    qtbot.waitUntil(lambda: view.picture.fault == fault, timeout=WAIT_MS)
    assert view.picture.action == "raw"
    qtbot.waitUntil(lambda: "enhanced_fallen_back" in tower.alarms(), timeout=WAIT_MS)
    tower.nets.fault = None
    qtbot.waitUntil(lambda: view.picture.action == "deblurred", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "enhanced_fallen_back" not in tower.alarms(), timeout=WAIT_MS)
