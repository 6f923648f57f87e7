"""Acknowledging while alarms come and go: a touch counts for the alarm that it was meant for, or for none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.clock import Clock
from ui import samples
from ui.intents import AcknowledgeAlarm
from ui.widgets import aim

HIGH, MEDIUM, _, LOW = samples.ALARMS


@pytest.fixture
def clock(monkeypatch):
    """The time by which a touch is judged."""
    made = Clock()
    monkeypatch.setattr(aim, "time", made)
    return made


def show(window, *alarms):
    window.show_tower(replace(samples.tower(), alarms=alarms))


def acknowledged(*alarms):
    return [AcknowledgeAlarm(alarm.name) for alarm in alarms]


# In the bar


def test_an_alarm_that_takes_the_bar_under_the_finger_is_not_acknowledged_unread(window, intents, fingers, clock):
    bar = window.alarm_bar
    show(window, LOW)
    clock.now_s += 10
    fingers.press(bar.acknowledge)
    show(window, HIGH, LOW)
    assert bar.shown() == HIGH
    fingers.release(bar.acknowledge)
    assert intents == acknowledged(LOW)
    clock.now_s += 1
    fingers.tap(bar.acknowledge)
    assert intents == acknowledged(LOW, HIGH)


def test_a_finger_on_its_way_means_the_alarm_that_stood_there_when_it_set_out(window, intents, fingers, clock):
    show(window, LOW)
    clock.now_s += 10
    for alarms in ((MEDIUM, LOW), (HIGH, MEDIUM, LOW)):  # one more takes the bar before anybody can read the first
        show(window, *alarms)
        clock.now_s += 0.1
    fingers.tap(window.alarm_bar.acknowledge)
    assert intents == acknowledged(LOW)


def test_a_finger_meant_for_an_alarm_that_is_gone_acknowledges_none(window, intents, fingers, clock):
    show(window, LOW)
    clock.now_s += 10
    show(window, HIGH)
    fingers.tap(window.alarm_bar.acknowledge)
    assert intents == []
    clock.now_s += 1
    fingers.tap(window.alarm_bar.acknowledge)
    assert intents == acknowledged(HIGH)


def test_the_first_alarm_and_one_that_was_paged_to_are_taken_at_once(window, intents, fingers, clock):
    show(window, HIGH, LOW)
    fingers.tap(window.alarm_bar.acknowledge)
    fingers.tap(window.alarm_bar.next)
    fingers.tap(window.alarm_bar.acknowledge)
    assert intents == acknowledged(HIGH, LOW)


def test_the_bar_that_goes_back_by_itself_is_no_trap_either(window, intents, fingers, clock, monkeypatch, qtbot):
    bar = window.alarm_bar
    show(window, HIGH, LOW)
    bar._return.setInterval(50)
    fingers.tap(bar.next)
    clock.now_s += 10
    qtbot.waitUntil(lambda: bar.shown() == HIGH, timeout=3000)
    fingers.tap(bar.acknowledge)
    assert intents == acknowledged(LOW)


# In the list


def key_of(rows, row: int):
    return rows.key_room(row).center()


def test_rows_pushed_on_under_the_finger_acknowledge_the_one_that_it_came_down_on(window, intents, fingers, clock):
    show(window, LOW)
    fingers.tap(window.alarm_bar.list_key)
    rows = window.alarm_page.now
    clock.now_s += 10
    fingers.press(rows, at=key_of(rows, 0))
    show(window, HIGH, LOW)
    assert rows.alarms[0] == HIGH
    fingers.release(rows, at=key_of(rows, 0))
    assert intents == acknowledged(LOW)


def test_rows_pushed_on_just_before_the_touch_are_not_mistaken(window, intents, fingers, clock):
    show(window, LOW)
    fingers.tap(window.alarm_bar.list_key)
    rows = window.alarm_page.now
    clock.now_s += 10
    show(window, HIGH, LOW)
    fingers.press(rows, at=key_of(rows, 0))
    fingers.release(rows, at=key_of(rows, 0))
    assert intents == acknowledged(LOW)
    clock.now_s += 1
    fingers.press(rows, at=key_of(rows, 0))
    fingers.release(rows, at=key_of(rows, 0))
    assert intents == acknowledged(LOW, HIGH)


def test_a_list_that_is_opened_anew_is_taken_as_it_is(window, intents, fingers, clock):
    show(window, LOW)
    for _ in range(2):
        fingers.tap(window.alarm_bar.list_key)
    show(window, HIGH, LOW)
    fingers.tap(window.alarm_bar.list_key)
    rows = window.alarm_page.now
    fingers.press(rows, at=key_of(rows, 0))
    fingers.release(rows, at=key_of(rows, 0))
    assert intents == acknowledged(HIGH)


def test_a_finger_that_slides_onto_a_key_acknowledges_nothing(window, intents, fingers, clock):
    show(window, HIGH)
    fingers.tap(window.alarm_bar.list_key)
    rows = window.alarm_page.now
    place = key_of(rows, 0)
    beside = rows.key_room(0).topLeft()
    beside.setX(beside.x() - 60)
    beside.setY(place.y())
    fingers.press(rows, at=beside)
    fingers.release(rows, at=place)
    assert intents == []
