"""Keys that act on the patient: what a hold, a slip, a second finger and a stalled window do."""

import time
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from ui import samples
from ui.intents import (
    EmergencyStop,
    ResetGasUsed,
    SetEnhanced,
    SetFrozen,
    SetLight,
    SetRecording,
    StartGas,
    StopGas,
    TakeSnapshot,
)


def stopped(window):
    window.show_tower(replace(samples.tower(), gas_running=False, gas_state="Stopped", light_on=False))


def test_gas_starts_only_after_a_full_hold_with_visible_progress(window, intents, fingers, qtbot):
    stopped(window)
    start = window.insufflator.start
    began_s = time.monotonic()
    fingers.press(start)
    qtbot.waitUntil(lambda: 0.3 < start.progress < 0.9)
    assert intents == []
    qtbot.waitUntil(lambda: intents == [StartGas()], timeout=3000)
    assert time.monotonic() - began_s >= 1.0
    qtbot.wait(300)
    fingers.release(start)
    assert intents == [StartGas()]


def test_a_hold_let_go_too_early_does_nothing(window, intents, fingers, qtbot):
    stopped(window)
    start = window.insufflator.start
    fingers.press(start)
    qtbot.waitUntil(lambda: start.progress > 0.4)
    fingers.release(start)
    assert start.progress == 0.0
    qtbot.wait(900)
    assert intents == []


def test_sliding_off_the_key_takes_the_hold_back(window, intents, fingers, qtbot):
    stopped(window)
    start = window.insufflator.start
    fingers.press(start)
    qtbot.waitUntil(lambda: start.progress > 0.3)
    fingers.move(start, QPoint(-60, -60))
    qtbot.wait(1000)
    fingers.release(start, at=QPoint(-60, -60))
    assert intents == []


def test_a_hold_by_mouse_works_as_well(window, intents, qtbot, left):
    stopped(window)
    QTest.mousePress(window.insufflator.start, left)
    qtbot.waitUntil(lambda: intents == [StartGas()], timeout=3000)
    QTest.mouseRelease(window.insufflator.start, left)
    assert intents == [StartGas()]


def test_a_stalled_window_does_not_count_as_a_hold(window, intents, fingers, qtbot):
    """A tap whose release waits behind a second of blocked event loop must not start gas."""
    stopped(window)
    start = window.insufflator.start
    fingers.press(start)
    until_s = time.monotonic() + 1.3
    while time.monotonic() < until_s:
        pass
    qtbot.wait(60)
    fingers.release(start)
    assert intents == []


def test_stop_is_always_there(window, fingers):
    tower = samples.tower()
    views = (tower, samples.unknown(tower), samples.stale(tower), samples.paused(tower), samples.venting(tower))
    for view in views:
        window.show_tower(view)
        assert window.insufflator.stop.isEnabled()
        assert window.insufflator.stop.isVisible()


def test_stop_acts_at_the_touch_itself(window, intents, fingers):
    window.show_tower(samples.tower())
    fingers.press(window.insufflator.stop)
    assert intents == [StopGas()]
    fingers.release(window.insufflator.stop)
    assert intents == [StopGas()]


def test_stop_works_while_another_finger_rests_on_the_screen(window, intents, fingers):
    window.show_tower(samples.tower())
    fingers.press(window.camera.snapshot)
    fingers.press_beside(window.camera.snapshot, window.insufflator.stop)
    assert intents == [StopGas()]


def test_light_goes_on_and_to_standby_by_holding(window, intents, fingers, qtbot):
    stopped(window)
    fingers.press(window.light.on_key)
    qtbot.waitUntil(lambda: intents == [SetLight(True)], timeout=3000)
    fingers.release(window.light.on_key)
    fingers.tap(window.light.standby_key)
    assert intents == [SetLight(True)]
    fingers.press(window.light.standby_key)
    qtbot.waitUntil(lambda: intents == [SetLight(True), SetLight(False)], timeout=3000)


def test_gas_used_is_reset_and_all_is_stopped_by_holding(window, intents, fingers, qtbot):
    window.show_tower(samples.tower())
    fingers.tap(window.insufflator.reset)
    fingers.tap(window.all_stop)
    assert intents == []
    fingers.press(window.insufflator.reset)
    qtbot.waitUntil(lambda: intents == [ResetGasUsed()], timeout=3000)
    fingers.release(window.insufflator.reset)
    fingers.press(window.all_stop)
    qtbot.waitUntil(lambda: intents == [ResetGasUsed(), EmergencyStop()], timeout=3000)


def test_camera_keys_and_foot_switch_letters_ask_for_the_same(window, intents, fingers):
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    view = replace(samples.tower(), recording=True, frozen=False, enhanced_on=True)
    window.show_tower(view)
    camera = window.camera
    for key in (camera.freeze, camera.snapshot, camera.record, camera.enhanced):
        fingers.tap(key)
    by_touch = list(intents)
    intents.clear()
    for letter in (Qt.Key.Key_F, Qt.Key.Key_S, Qt.Key.Key_R, Qt.Key.Key_E):
        QTest.keyClick(window, letter)
    assert by_touch == intents == [SetFrozen(True), TakeSnapshot(), SetRecording(False), SetEnhanced(False)]


def test_a_running_recording_shows_its_time_on_the_key(window):
    window.show_tower(replace(samples.tower(), recording=True, recording_s=754.2))
    assert window.camera.record.text() == "12:34"
    assert window.camera.record.on
