"""The key that ends the program: where it lies, that it takes a whole hold, and that the patient comes first."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.control import SafeState
from app.leaving import Leaving
from ui import samples

WAIT_MS = 8000


@pytest.fixture
def asked(window):
    """How often the way out was asked for."""
    taken: list[bool] = []
    window.close_requested.connect(lambda: taken.append(True))
    return taken


@pytest.fixture
def key(window, fingers):
    """The key, as a finger comes to it from the last line."""
    window.show_tower(samples.tower())
    QApplication.processEvents()
    fingers.tap(window.status.appearance)
    return window.cards.appearance.end_key


def test_a_whole_hold_asks_for_the_way_out_and_the_window_stays(window, key, asked, fingers, qtbot):
    fingers.press(key)
    qtbot.waitUntil(lambda: 0.2 < key.progress < 1.0, timeout=WAIT_MS)
    assert asked == []
    qtbot.waitUntil(lambda: asked == [True], timeout=WAIT_MS)
    fingers.release(key)
    assert window.isVisible()


def test_a_tap_a_short_hold_and_a_slip_end_nothing(window, key, asked, fingers, qtbot):
    fingers.tap(key)
    fingers.press(key)
    qtbot.waitUntil(lambda: key.progress > 0.3, timeout=WAIT_MS)
    fingers.release(key)
    assert key.progress == 0.0
    fingers.press(key)
    qtbot.waitUntil(lambda: key.progress > 0.1, timeout=WAIT_MS)
    fingers.move(key, QPoint(-80, 5))
    assert key.progress == 0.0
    fingers.release(key, at=QPoint(-80, 5))
    assert asked == []
    assert window.cards.appearance.isVisible()


def test_the_patient_is_made_safe_and_said_so_before_it_ends(window, key, fingers, qtbot):
    leaving = Leaving(window, lambda text: None, unattended=False)
    orders = []
    leaving.ask_safe.connect(lambda: orders.append("gas off, light to standby"))
    leaving.over.connect(window.allow_close)
    fingers.press(key)
    qtbot.waitUntil(lambda: bool(orders), timeout=WAIT_MS)
    fingers.release(key)
    assert window.closing.isVisible()
    assert "gas off, light to standby" in window.closing.text.text()
    assert not window.cards.appearance.isVisible()
    assert window.isVisible(), "until it is read back"
    leaving.on_safe(SafeState(False, "Not confirmed: the insufflator does not answer", time.monotonic()))
    assert window.isVisible()
    assert window.closing.force_key.isVisible()
    fingers.tap(window.closing.again_key)
    leaving.on_safe(SafeState(True, "Gas off, light in standby", time.monotonic()))
    assert not window.isVisible()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "Gas and light are on: both are ended first."),
        ({"light_on": False}, "Gas is on: it is stopped first."),
        ({"gas_running": False, "gas_venting": True, "light_on": False}, "Gas is on: it is stopped first."),
        ({"gas_running": False}, "The light is on: it goes to standby first."),
        ({"gas_running": False, "light_on": False}, "Gas and light are off."),
        ({"gas_running": None}, "Not all modules answer: the patient is made safe first."),
    ],
    ids=str,
)
def test_what_would_end_with_it_stands_beside_it(window, key, change, said):
    window.show_tower(replace(samples.tower(1.0), **change))
    assert window.cards.appearance.first.text() == said


def test_a_locked_screen_has_no_way_to_it(window, key, asked, fingers):
    window.guard.lock.lock()
    assert not key.isVisible()
    fingers.tap(window.status.appearance)
    assert not key.isVisible()
    assert asked == []


def test_a_lock_that_comes_during_the_hold_ends_it(window, key, asked, fingers, qtbot):
    fingers.press(key)
    qtbot.waitUntil(lambda: key.progress > 0.1, timeout=WAIT_MS)
    window.guard.lock.lock()
    QTest.qWait(300)
    assert key.progress == 0.0
    assert asked == []


@pytest.mark.parametrize("size", [QSize(1280, 800), QSize(1920, 1080)], ids=str)
def test_it_is_as_large_as_a_finger_and_away_from_the_choices(window, key, size):
    window.resize(size)
    QApplication.processEvents()
    card = window.cards.appearance
    assert key.height() >= key.sizes.critical_key
    lowest = max(key.geometry().bottom() for key in card.units.values())
    assert key.geometry().top() - lowest > 2 * key.sizes.gap
