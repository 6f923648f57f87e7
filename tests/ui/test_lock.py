"""The locked screen by touch: everything stays in sight and live, STOP and the alarms act, all else is calmly dead."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.clock import Clock
from ui import idle, samples, samples_service
from ui.appearance import Appearance
from ui.arrangement import Arrangement, Layout
from ui.intents import AcknowledgeAlarm, EmergencyStop, LeaveRole, SetAudioPaused, SetFrozen, SetLight, StopGas
from ui.main_window import MainWindow
from ui.serviceview import Habits, Role
from ui.widgets import lock_card

WAIT_MS = 8000


@pytest.fixture
def locked(window, fingers):
    """A tower with alarms, locked by its key."""
    window.show_tower(samples.with_alarms(samples.tower()))
    QApplication.processEvents()
    fingers.tap(window.status.lock)
    window.show_tower(samples.with_alarms(samples.tower()))
    QApplication.processEvents()
    assert window.guard.lock.locked
    return window


def hold(qtbot, fingers, key, done):
    fingers.press(key)
    qtbot.waitUntil(done, timeout=WAIT_MS)
    fingers.release(key)


def unlock(qtbot, fingers, window):
    hold(qtbot, fingers, window.guard.lock.card.unlock, lambda: not window.guard.lock.locked)


@pytest.mark.parametrize("size", [QSize(1920, 1080), QSize(1280, 800)], ids=str)
def test_every_number_both_pictures_and_the_alarms_stay_in_sight(window, fingers, size):
    window.resize(size)
    window.show_tower(samples.with_alarms(samples.tower()))
    QApplication.processEvents()
    fingers.tap(window.status.lock)
    QApplication.processEvents()
    lock = window.guard.lock
    assert lock.card.isVisible()
    assert lock.card.title.text() == "LOCKED", "in words, not by colour alone"
    card = lock.card.geometry()
    for part in (window.raw, window.enhanced, window.alarm_bar, window.insufflator, window.light, window.status):
        assert part.isVisible()
        assert not card.intersects(part.geometry().translated(part.parentWidget().mapTo(lock.card.parent(), QPoint())))
    assert lock.card.state.text() == "Recording 12:34", "what the covered keys said"


def test_numbers_go_on_while_it_is_locked(locked, qtbot):
    locked.show_tower(replace(samples.tower(), light_temperature=samples.good(61.0)))
    qtbot.waitUntil(lambda: locked.light.temperature.readout.text() == "61.0", timeout=WAIT_MS)


def test_alarms_stop_and_standby_act_as_always(locked, intents, fingers, qtbot):
    fingers.tap(locked.alarm_bar.acknowledge)
    assert intents.pop() == AcknowledgeAlarm("overpressure")
    fingers.tap(locked.alarm_bar.sound)
    assert intents.pop() == SetAudioPaused(True)
    fingers.press(locked.insufflator.stop)
    assert intents.pop() == StopGas(), "at the touch itself"
    fingers.release(locked.insufflator.stop)
    hold(qtbot, fingers, locked.light.standby_key, lambda: SetLight(False) in intents)
    hold(qtbot, fingers, locked.all_stop, lambda: EmergencyStop() in intents)
    shown = locked.alarm_bar.shown().name
    fingers.tap(locked.alarm_bar.next)
    assert locked.alarm_bar.shown().name != shown
    assert locked.guard.lock.locked


def test_an_alarm_that_comes_while_locked_can_be_acknowledged(window, fingers, intents):
    window.show_tower(samples.tower())
    fingers.tap(window.status.lock)
    QApplication.processEvents()
    window.show_tower(samples.with_alarms(samples.tower()))
    QApplication.processEvents()
    fingers.tap(window.alarm_bar.acknowledge)
    assert intents == [AcknowledgeAlarm("overpressure")]


@pytest.mark.parametrize("layout", [Layout.SIDE, Layout.RAW], ids=str)
def test_all_alarms_and_their_history_stay_one_touch_away(window, intents, fingers, layout):
    window.show_tower(samples.with_past_alarms(samples.with_alarms(samples.tower())))
    fingers.tap(window.status.layouts.keys[layout])
    fingers.tap(window.status.lock)
    QApplication.processEvents()
    fingers.tap(window.alarm_bar.list_key)
    window.show_tower(samples.with_past_alarms(samples.with_alarms(samples.tower(1.0))))
    QApplication.processEvents()
    page = window.alarm_page
    assert page.isVisible()
    assert window.guard.lock.card.geometry().center() == window.camera.mapTo(
        window.ground, window.camera.rect().center()
    ), "over the camera's keys as ever"
    row = [alarm.name for alarm in page.now.alarms].index("cylinder_low")
    fingers.press(page.now, at=page.now.key_room(row).center())
    fingers.release(page.now, at=page.now.key_room(row).center())
    assert intents == [AcknowledgeAlarm("cylinder_low")]
    fingers.tap(page.past_key)
    assert page.past.isVisible()
    fingers.tap(page.close_key)
    assert not page.isVisible()
    assert window.guard.lock.locked


def test_nothing_but_the_alarms_is_opened_by_their_page(locked, intents, fingers):
    fingers.tap(locked.alarm_bar.list_key)
    QApplication.processEvents()
    for widget in (
        locked.raw.view,
        locked.insufflator.mode,
        locked.insufflator.pressure.plot_key,
        locked.status.service,
    ):
        fingers.tap(widget)
    fingers.press(locked.insufflator.vent)
    assert not locked.insufflator.vent.isDown()
    fingers.release(locked.insufflator.vent)
    assert locked.alarm_page.isVisible()
    assert intents == []
    fingers.tap(locked.alarm_page.close_key)
    fingers.tap(locked.enhanced.view)
    assert intents == []
    assert locked.guard.lock.locked


def test_the_alarms_page_is_still_while_the_screen_is_cleaned(locked, intents, fingers):
    fingers.tap(locked.alarm_bar.list_key)
    QApplication.processEvents()
    fingers.tap(locked.guard.lock.card.clean)
    QApplication.processEvents()
    for key in (locked.alarm_page.close_key, locked.alarm_page.past_key, locked.alarm_bar.list_key):
        fingers.tap(key)
    assert locked.alarm_page.isVisible()
    assert not locked.alarm_page.past.isVisible()
    assert intents == []


def test_everything_else_does_nothing_and_says_so_once(locked, intents, fingers, qtbot):
    said = []
    locked.guard.lock.notice.connect(said.append)
    dead = (
        locked.insufflator.set_pressure,
        locked.insufflator.mode,
        locked.light.set_intensity,
        locked.status.service,
        locked.status.presets,
        locked.status.appearance,
        locked.raw.view,
    )
    for widget in dead:
        fingers.tap(widget)
    for key in (locked.insufflator.vent, locked.light.on_key, locked.insufflator.reset):
        fingers.press(key)
        QTest.qWait(20)
        assert not key.isDown()
        assert key.progress == 0.0
        fingers.release(key)
    assert intents == []
    assert not locked.pad.isVisible()
    assert not locked.service.isVisible()
    assert said == ["The screen is locked: hold UNLOCK to use it"]
    assert locked.status.notice.text() == said[0]


def test_a_mouse_does_no_more_than_a_finger(locked, intents, left):
    QTest.mouseClick(locked.windowHandle(), left, pos=locked.insufflator.mode.mapTo(locked, QPoint(20, 20)))
    assert not locked.mode_card.isVisible()
    assert intents == []


def test_it_unlocks_by_a_hold_that_is_seen_and_not_by_a_tap(locked, fingers, qtbot, intents):
    key = locked.guard.lock.card.unlock
    fingers.tap(key)
    assert locked.guard.lock.locked
    fingers.press(key)
    qtbot.waitUntil(lambda: 0.2 < key.progress < 1.0, timeout=WAIT_MS)
    fingers.release(key)
    assert key.progress == 0.0
    assert locked.guard.lock.locked
    unlock(qtbot, fingers, locked)
    fingers.tap(locked.insufflator.set_pressure)
    assert locked.pad.isVisible()


def test_a_second_finger_on_the_screen_ends_the_hold(locked, fingers, qtbot):
    key = locked.guard.lock.card.unlock
    fingers.press(key)
    qtbot.waitUntil(lambda: key.progress > 0.1, timeout=WAIT_MS)
    fingers.press_beside(key, locked.raw.view)
    assert key.progress == 0.0
    QTest.qWait(200)
    assert locked.guard.lock.locked


def test_a_wipe_over_the_locked_screen_does_nothing(locked, fingers, intents):
    """From the picture over STOP, ALL STOP and UNLOCK: a touch belongs to where it began."""
    start = locked.raw.view
    fingers.press(start)
    for over in (locked.insufflator.stop, locked.all_stop, locked.guard.lock.card.unlock, locked.alarm_bar.acknowledge):
        fingers.move(over, over.rect().center())
    fingers.release(locked.alarm_bar.acknowledge)
    assert intents == []
    assert locked.guard.lock.locked


def test_while_the_screen_is_cleaned_no_touch_acts_and_stop_takes_a_hold(locked, fingers, intents, qtbot, monkeypatch):
    monkeypatch.setattr(lock_card, "CLEANING_S", 3.0)
    lock = locked.guard.lock
    fingers.tap(lock.card.clean)
    assert lock.card.title.text() == "CLEANING"
    QApplication.processEvents()
    for widget in (locked.insufflator.stop, locked.alarm_bar.acknowledge, locked.alarm_bar.sound, locked.all_stop):
        fingers.tap(widget)
    assert intents == []
    (held,) = (key for key in lock.held_stops if key.isVisible())
    assert held.geometry().center() == locked.insufflator.stop.mapTo(held.parent(), held.rect().center())
    hold(qtbot, fingers, held, lambda: StopGas() in intents)
    qtbot.waitUntil(lambda: not lock.card.cleaning, timeout=WAIT_MS)
    assert lock.locked, "the lock outlasts the cleaning"
    QApplication.processEvents()
    fingers.tap(locked.alarm_bar.acknowledge)
    assert intents[-1] == AcknowledgeAlarm("overpressure")


def test_locking_puts_pads_away_shows_both_pictures_and_ends_the_role(window, fingers, intents):
    view = samples_service.as_role(samples.tower(), Role.SERVICE)
    window.show_tower(view)
    fingers.tap(window.status.service)
    fingers.tap(window.insufflator.set_pressure)
    window.show_tower(view)
    intents.clear()
    fingers.tap(window.status.lock)
    assert intents == [LeaveRole()]
    assert not window.pad.isVisible()
    assert window.enhanced.isVisible()


def test_the_full_picture_keeps_its_stop_and_shows_the_lock(window, fingers, intents, qtbot):
    window.show_tower(samples.tower())
    fingers.tap(window.status.layouts.keys[Layout.RAW])
    QApplication.processEvents()
    fingers.tap(window.status.lock)
    window.show_tower(samples.tower())
    QApplication.processEvents()
    assert window.guard.lock.card.geometry().center() == window.side.camera.mapTo(
        window.ground, window.side.camera.rect().center()
    )
    fingers.tap(window.side.set_pressure)
    assert not window.pad.isVisible()
    fingers.press(window.side.stop)
    assert intents == [StopGas()]
    fingers.release(window.side.stop)
    hold(qtbot, fingers, window.side.standby, lambda: SetLight(False) in intents)


def test_another_language_leaves_the_screen_locked(locked, fingers, qtbot):
    locked.show_appearance(Appearance(theme="daylight"), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
    QApplication.processEvents()
    fingers.tap(locked.insufflator.set_pressure)
    assert not locked.pad.isVisible()
    unlock(qtbot, fingers, locked)


def test_leaving_the_program_is_still_possible(locked, fingers, qtbot):
    locked.show_closing_failed("The insufflator does not answer.")
    locked.show_tower(samples.tower())
    QApplication.processEvents()
    with qtbot.waitSignal(locked.close_cancelled):
        fingers.tap(locked.closing.back_key)


@pytest.fixture
def clock(monkeypatch):
    """The time by which the screen counts as idle."""
    made = Clock()
    monkeypatch.setattr(idle, "time", made)
    return made


@pytest.fixture
def idling(qtbot, clock):
    """Locks after 1.5 s, and a role ends after 0.6 s."""
    made = MainWindow(
        samples.SETPOINTS,
        samples.QUANTITIES,
        gas_modes=samples.GAS_MODES,
        habits=Habits(lock_after_s=1.5, role_after_s=0.6),
    )
    qtbot.addWidget(made, before_close_func=lambda w: w.allow_close())
    made.resize(1920, 1080)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_idle_the_role_ends_first_and_then_the_screen_locks(idling, clock, qtbot):
    taken = []
    idling.intent.connect(taken.append)
    idling.show_tower(samples_service.as_role(samples.tower(), Role.SERVICE))
    clock.now_s += 0.7
    qtbot.waitUntil(lambda: taken == [LeaveRole()], timeout=WAIT_MS)
    QTest.qWait(300)
    assert not idling.guard.lock.locked
    idling.show_tower(samples.tower())
    clock.now_s += 0.9
    qtbot.waitUntil(lambda: idling.guard.lock.locked, timeout=WAIT_MS)


def test_touches_keep_it_open(idling, clock, fingers, qtbot):
    idling.show_tower(samples.tower())
    for _ in range(4):
        fingers.tap(idling.raw)
        clock.now_s += 1.4
        QTest.qWait(300)
        assert not idling.guard.lock.locked
    clock.now_s += 0.2
    qtbot.waitUntil(lambda: idling.guard.lock.locked, timeout=WAIT_MS)


def test_by_itself_it_locks_only_where_that_is_configured(window, qtbot):
    window.show_tower(samples.tower())
    QTest.qWait(500)
    assert not window.guard.lock.locked


def test_the_foot_switch_freezes_a_locked_picture_and_records_nothing(locked, intents, qtbot):
    said = []
    locked.guard.lock.notice.connect(said.append)
    qtbot.keyClick(locked, "F")
    assert intents == [SetFrozen(True)]
    qtbot.keyClick(locked, "R")
    qtbot.keyClick(locked, "E")
    assert len(intents) == 1
    assert len(said) == 1


def test_the_layout_stays_as_it_was(window, fingers, qtbot):
    window.show_tower(samples.tower())
    fingers.tap(window.status.layouts.keys[Layout.SPLIT])
    fingers.tap(window.status.lock)
    assert window.pictures.arrangement == Arrangement(Layout.SPLIT)
    unlock(qtbot, fingers, window)
    assert window.pictures.arrangement == Arrangement(Layout.SPLIT)
