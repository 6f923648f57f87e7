"""What the screen shows while camera, nets or control do not answer."""

from __future__ import annotations

from ui.viewstate import LinkState

WAIT_MS = 20_000


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


def test_when_the_cycle_stands_still_nothing_is_said_to_be_connected_or_active(start, qtbot):
    tower = start()
    qtbot.waitUntil(lambda: tower.window._view.pressure_setpoint.active == 12.0, timeout=WAIT_MS)
    assert all(module.link is LinkState.UP for module in tower.window._view.modules)
    tower.control.may_go_on.clear()
    qtbot.waitUntil(lambda: "control_cycle_stopped" in tower.alarms(), timeout=WAIT_MS)
    view = tower.window._view
    assert all(module.link is LinkState.DOWN for module in view.modules)
    assert view.pressure_setpoint.active is None
