"""Leaving the tower: the window closes when the patient is safe, and whoever waits for that always gets an answer."""

from __future__ import annotations

from app import leaving, threads
from app.control import SafeState
from ui.intents import EmergencyStop, StartGas
from ui.viewstate import Priority

WAIT_MS = 20_000


def test_the_window_stays_until_the_safe_state_is_read_back(start, qtbot):
    tower = start()
    tower.window.close()
    assert tower.window.isVisible()
    qtbot.waitUntil(lambda: tower.ended == [True], timeout=WAIT_MS)
    assert not tower.window.isVisible()
    assert tower.control.asked == ["safe"]
    tower.window.close()
    tower.session.leaving.begin()
    assert tower.ended == [True], "it ends once"


def test_unconfirmed_a_person_decides_and_the_tower_can_go_on(start, qtbot, monkeypatch):
    from app.workers import bus

    monkeypatch.setattr(bus, "SAFE_WITHIN_S", 0.1)
    tower = start()
    tower.control.confirms = False
    tower.window.close()
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    assert "the light is not in standby" in tower.window.closing.text.text()
    assert not tower.ended
    tower.window.closing.back_key.click()
    tower.session.obey(StartGas())
    qtbot.waitUntil(lambda: StartGas() in tower.control.asked, timeout=WAIT_MS)
    tower.control.confirms = True
    tower.window.close()
    qtbot.waitUntil(lambda: tower.ended == [True], timeout=WAIT_MS)


def test_nobody_waits_for_ever_for_a_control_cycle_that_stands_still(start, qtbot, monkeypatch):
    monkeypatch.setattr(leaving, "SAFE_ANSWER_MS", 300)
    tower = start()
    tower.control.may_go_on.clear()
    qtbot.waitUntil(lambda: "control_cycle_stopped" in tower.alarms(), timeout=WAIT_MS)
    assert tower.alarms()["control_cycle_stopped"] is Priority.HIGH
    tower.window.close()
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    assert "control cycle does not answer" in tower.window.closing.text.text()
    monkeypatch.setattr(threads, "STOP_WITHIN_MS", 200)
    tower.window.force_quit.emit()
    assert tower.ended == [False], "leaving unconfirmed is no good end"
    assert "the bus thread did not end" in tower.session.errors
    assert threads.any_left()


def test_unattended_it_ends_unconfirmed_with_an_error(start, qtbot, monkeypatch):
    monkeypatch.setattr(leaving, "SAFE_ANSWER_MS", 300)
    monkeypatch.setattr(threads, "STOP_WITHIN_MS", 200)
    tower = start(unattended=True)
    tower.control.may_go_on.clear()
    tower.window.close()
    qtbot.waitUntil(lambda: tower.ended == [False], timeout=WAIT_MS)
    assert any("Not confirmed" in error for error in tower.session.errors)


def test_a_safe_state_of_before_does_not_count_for_leaving(start, qtbot, monkeypatch):
    from app.workers import bus

    monkeypatch.setattr(bus, "SAFE_WITHIN_S", 0.1)
    tower = start()
    tower.session.obey(EmergencyStop())
    qtbot.waitUntil(lambda: "confirmed" in tower.window._view.notice, timeout=WAIT_MS)
    tower.control.confirms = False
    tower.window.close()
    tower.session.leaving.on_safe(SafeState(True, "of the all-stop before", 0.0))
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    tower.window.force_quit.emit()
    assert tower.ended == [False]


def test_told_to_end_by_the_system_it_asks_nobody_and_leaves_in_time(start, qtbot, monkeypatch):
    from app.workers import bus

    monkeypatch.setattr(bus, "SAFE_WITHIN_S", 0.1)
    tower = start()
    tower.control.confirms = False
    tower.session.leaving.by_system()
    qtbot.waitUntil(lambda: tower.ended == [False], timeout=WAIT_MS)
    assert tower.control.asked == ["safe"]
    assert any("Not confirmed" in error for error in tower.session.errors)


def test_told_to_end_by_the_system_the_card_that_waits_for_a_person_is_left_too(start, qtbot, monkeypatch):
    from app.workers import bus

    monkeypatch.setattr(bus, "SAFE_WITHIN_S", 0.1)
    tower = start()
    tower.control.confirms = False
    tower.window.close()
    qtbot.waitUntil(lambda: tower.window.closing.force_key.isVisible(), timeout=WAIT_MS)
    tower.session.leaving.by_system()
    qtbot.waitUntil(lambda: tower.ended == [False], timeout=WAIT_MS)
