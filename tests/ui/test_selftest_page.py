"""The self-test page by touch: it fills in, reads out what failed, and goes only where that is safe."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint

from ui import samples, samples_startup
from ui.appearance import Appearance
from ui.intents import AcceptSelfTest, RunSelfTest
from ui.selftestview import Outcome


def inside(window, widget, place) -> bool:
    """Does this widget lie within that one?"""
    corner = widget.mapTo(window, QPoint(0, 0))
    at = place.mapTo(window, QPoint(0, 0))
    return (
        corner.x() >= at.x()
        and corner.y() >= at.y()
        and corner.x() + widget.width() <= at.x() + place.width()
        and corner.y() + widget.height() <= at.y() + place.height()
    )


def overlap(window, one, other) -> bool:
    a, b = (w.rect().translated(w.mapTo(window, QPoint(0, 0))) for w in (one, other))
    return a.intersects(b)


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_it_lies_beside_the_raw_picture_and_over_no_number_of_the_gas(window, size) -> None:
    window.resize(*size)
    window.show_tower(samples.tower())
    window.show_selftest(samples_startup.SENSORS_APART)
    page = window.selftest
    assert page.isVisible()
    for other in (window.raw, window.insufflator, window.light, window.alarm_bar, window.all_stop):
        assert other.isVisible()
        assert not overlap(window, page, other)
    for part in (
        page.title,
        page.summary,
        page.again,
        page.go,
        page.list,
        page.name,
        page.next,
        page.found,
        page.action,
    ):
        assert inside(window, part, page), part.accessibleName()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_every_name_reason_and_remedy_can_be_read_whole(window, fingers, size) -> None:
    window.resize(*size)
    page = window.selftest
    for view in (samples_startup.PASSED, samples_startup.SENSORS_APART, samples_startup.LEAKING):
        window.show_selftest(view)
        assert page.list.clipped() == []
        for row in view.rows:
            fingers.press(page.list, at=page.list.place_of(row.check).center())
            fingers.release(page.list, at=page.list.place_of(row.check).center())
            assert page.list.read == row.check
            for line in (page.title, page.summary, page.name, page.found, page.action):
                assert line.shown_text() == line.text()


def test_the_rows_fill_in_and_the_enhanced_picture_comes_back_at_the_end(window) -> None:
    window.show_selftest(samples_startup.begun_again(samples_startup.PASSED))
    assert all(row.outcome is Outcome.WAITING for row in window.selftest.list.rows)
    assert not window.enhanced.isVisible()
    window.show_selftest(samples_startup.RUNNING)
    assert "9 of 16" in window.selftest.summary.text()
    assert not window.selftest.again.isVisible(), "it runs already"
    window.show_selftest(samples_startup.PASSED)
    assert window.selftest.summary.text() == "All is well."
    window.show_selftest(None)
    assert window.enhanced.isVisible()
    assert not window.selftest.isVisible()


def test_what_failed_is_read_out_first_and_next_goes_through_it(window, fingers) -> None:
    window.show_selftest(samples_startup.SENSORS_APART)
    page = window.selftest
    assert page.name.text() == "Camera head"
    assert "wires" in page.action.text()
    fingers.tap(page.next)
    assert page.name.text() == "Pressure sensors"
    assert "0.1" in page.found.text()
    assert "6.3" in page.found.text()
    fingers.tap(page.next)
    fingers.tap(page.next)
    assert page.name.text() == "Camera head", "from the last to the first"


@pytest.mark.parametrize(
    ("view", "word"),
    [
        (samples_startup.PASSED, "Close"),
        (samples_startup.NO_SOUND, "Start anyway"),
        (samples_startup.SENSORS_APART, "Start without gas"),
    ],
)
def test_where_it_is_safe_one_tap_puts_the_page_away(window, fingers, intents, view, word) -> None:
    window.show_selftest(view)
    assert window.selftest.go.text() == word
    fingers.tap(window.selftest.go)
    assert intents == [AcceptSelfTest()]


def test_where_it_is_not_safe_it_can_only_be_tested_again(window, fingers, intents) -> None:
    window.show_selftest(samples_startup.LEAKING)
    page = window.selftest
    assert not page.go.isVisible()
    assert "Take the tube off the patient" in page.action.text()
    fingers.tap(page.again)
    assert intents == [RunSelfTest()]
    window.show_selftest(samples_startup.begun_again(samples_startup.LEAKING))
    assert page.found.text() == ""
    assert not samples_startup.begun_again(samples_startup.LEAKING).failed


def test_gas_light_and_settings_are_in_reach_beside_it(window, fingers) -> None:
    window.show_tower(samples.at_rest(samples.tower()))
    window.show_selftest(samples_startup.NO_SOUND)
    fingers.tap(window.insufflator.set_pressure)
    assert window.pad.isVisible()
    assert window.selftest.isVisible()


def test_it_survives_another_language_or_theme(window, qtbot) -> None:
    window.show_selftest(samples_startup.LEAKING)
    window.show_appearance(Appearance(theme="daylight"), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
    qtbot.waitUntil(window.selftest.isVisible)
    assert window.selftest.list.rows == samples_startup.LEAKING.rows
