"""Alarms on the screen: order, reach, acknowledgement, rates."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect

from ui import samples
from ui.intents import AcknowledgeAlarm, SetAudioPaused
from ui.viewstate import AlarmView, AudioView, Priority


def shown(window, *alarms):
    window.show_tower(replace(samples.tower(), alarms=tuple(alarms)))


def test_the_highest_is_shown_with_its_priority_in_words_and_what_to_do(window):
    shown(window, *samples.ALARMS)
    bar = window.alarm_bar
    assert bar.text.text() == samples.ALARMS[0].text
    assert bar.action.text() == samples.ALARMS[0].action
    assert bar.text.shown_text() == bar.text.text()
    assert [line.text().split(" · ")[0] for line in bar.others] == ["MEDIUM", "MEDIUM", "LOW"]


def test_every_alarm_can_be_reached_and_acknowledged(window, intents, fingers):
    shown(window, *samples.ALARMS)
    reached = []
    for _ in samples.ALARMS:
        reached.append(window.alarm_bar.shown().name)
        if window.alarm_bar.acknowledge.isEnabled():
            fingers.tap(window.alarm_bar.acknowledge)
        fingers.tap(window.alarm_bar.next)
    assert reached == [alarm.name for alarm in samples.ALARMS]
    assert intents == [AcknowledgeAlarm(a.name) for a in samples.ALARMS if not a.acknowledged]
    assert window.alarm_bar.shown().name == samples.ALARMS[0].name


def test_a_new_alarm_takes_the_bar_from_one_paged_to(window, fingers):
    shown(window, *samples.ALARMS[1:])
    fingers.tap(window.alarm_bar.next)
    assert window.alarm_bar.shown().name == samples.ALARMS[2].name
    shown(window, *samples.ALARMS)
    assert window.alarm_bar.shown().name == samples.ALARMS[0].name


def test_a_paged_alarm_stays_while_only_ages_change(window, fingers):
    shown(window, *samples.ALARMS)
    fingers.tap(window.alarm_bar.next)
    shown(window, *(replace(alarm, since_s=alarm.since_s + 1) for alarm in samples.ALARMS))
    assert window.alarm_bar.shown().name == samples.ALARMS[1].name


@pytest.mark.parametrize(
    ("priority", "low_hz", "high_hz"),
    [(Priority.HIGH, 1.4, 2.8), (Priority.MEDIUM, 0.4, 0.8), (Priority.LOW, 0.0, 0.0)],
)
def test_lamps_flash_in_the_standards_range_and_stop_when_acknowledged(window, qtbot, priority, low_hz, high_hz):
    alarm = AlarmView("x", priority, "Something", "Do this.", False, True, 0.0)
    shown(window, alarm)
    lamp = window.alarm_bar.lamp
    assert low_hz <= lamp.flash_hz() <= high_hz
    if low_hz > 1:
        before = lamp.lit
        qtbot.waitUntil(lambda: lamp.lit != before, timeout=1000)
    shown(window, replace(alarm, acknowledged=True))
    assert lamp.flash_hz() == 0
    assert "acknowledged" in window.alarm_bar.state.text()
    assert not window.alarm_bar.acknowledge.isEnabled()


def test_priorities_differ_in_shape_not_only_in_colour(window):
    pictures = set()
    for priority in Priority:
        shown(window, AlarmView("x", priority, "Something", "Do this.", True, True, 0.0))
        image = window.alarm_bar.grab(window.alarm_bar.lamp.geometry()).toImage()
        pictures.add(
            tuple(image.pixelColor(x, y).lightness() > 60 for x in range(image.width()) for y in range(image.height()))
        )
    assert len(pictures) == 3


def test_an_alarm_storm_moves_and_covers_nothing(window):
    def places():
        parts = (window.raw.view, window.enhanced.view, window.insufflator, window.light, window.camera)
        return [QRect(part.mapTo(window, part.rect().topLeft()), part.size()) for part in parts]

    shown(window)
    calm = places()
    storm = [replace(samples.ALARMS[0], name=f"a{n}", text="Very long text of an alarm " * 9) for n in range(40)]
    shown(window, *storm)
    assert places() == calm
    bar = QRect(window.alarm_bar.mapTo(window, window.alarm_bar.rect().topLeft()), window.alarm_bar.size())
    assert not any(bar.intersects(place) for place in calm)


def test_alarms_that_are_not_in_sight_on_a_small_screen_are_counted(window, fingers):
    window.resize(1280, 800)
    shown(window, *samples.ALARMS)
    assert window.alarm_bar.next.hint == "+3 more"
    fingers.tap(window.alarm_bar.next)
    assert window.alarm_bar.next.hint == "2/4"


def test_no_alarm_is_said_calmly(window):
    shown(window)
    assert window.alarm_bar.text.text() == "No alarms"
    assert not window.alarm_bar.acknowledge.isVisible()


def test_the_sound_is_paused_and_its_pause_ended_by_a_touch(window, intents, fingers):
    sound = window.alarm_bar.sound
    window.show_tower(replace(samples.tower(), audio=AudioView(sounding=Priority.HIGH)))
    assert sound.hint == "sounding"
    fingers.tap(sound)
    assert intents == [SetAudioPaused(True)]
    window.show_tower(replace(samples.tower(), audio=AudioView(paused_s=119.2)))
    assert (sound.text(), sound.hint, sound.on) == ("2:00", "sound paused", True)
    window.show_tower(replace(samples.tower(), audio=AudioView(paused_s=61.0)))
    assert sound.text() == "1:01"
    fingers.tap(sound)
    assert intents == [SetAudioPaused(True), SetAudioPaused(False)]


def test_the_crossed_out_bell_differs_from_the_sounding_one_without_colour(window):
    pictures = set()
    for audio in (AudioView(), AudioView(sounding=Priority.LOW), AudioView(paused_s=60), AudioView(available=False)):
        window.show_tower(replace(samples.tower(), audio=audio))
        grey = window.alarm_bar.sound.grab().toImage()
        pictures.add(bytes(grey.convertToFormat(grey.Format.Format_Grayscale8).constBits()))
    assert len(pictures) == 4


def test_without_a_sound_device_the_bar_says_so_and_nothing_can_be_paused(window, intents, fingers):
    window.show_tower(replace(samples.tower(), audio=AudioView(available=False)))
    assert (window.alarm_bar.sound.text(), window.alarm_bar.sound.hint) == ("No sound", "no device")
    fingers.tap(window.alarm_bar.sound)
    assert intents == []


def test_latched_and_acknowledged_are_said_and_look_different(window):
    alarm = AlarmView("x", Priority.HIGH, "Something", "Do this.", False, True, 3.0)
    pictures, words = set(), []
    for changes in ({}, {"active": False}, {"acknowledged": True}):
        shown(window, replace(alarm, **changes))
        words.append(window.alarm_bar.state.text())
        pictures.add(bytes(window.alarm_bar.state.grab().toImage().constBits()))
    assert len(pictures) == 3
    assert "condition gone" in words[1]
    assert "acknowledged" in words[2]
