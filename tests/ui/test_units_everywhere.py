"""Another unit is chosen while the tower runs: no pressure on any page is left in the old one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from tests.ui.walking import ink_of
from ui import gallery, languages, samples, units
from ui.appearance import Appearance
from ui.gallery_states import STATES

PAGES = (
    "alarms",
    "pending",
    "pad",
    "pad-asks",
    "pad-refused",
    "mode",
    "presets",
    "preset",
    "preset-asks",
    "plots",
    "alarm-list",
    "alarm-history",
    "modules",
    "raw-alarms",
    "self-test-failed",
)


@pytest.fixture
def in_kpa(qapp):
    """A tower that was begun in mmHg, and switched while it ran."""
    window = gallery.window_at(QSize(1920, 1080), "normal", Appearance())
    window.show_appearance(Appearance(pressure_unit="kPa"), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
    yield window
    gallery.put_away(window, window)
    units.use("mmHg")
    languages.install("en")


def said(root: QWidget) -> set[str]:
    """Whatever can be read on the window, or is told of its widgets to those who cannot see."""
    with ink_of() as ink:
        root.grab()
    texts = set(ink.texts)
    for widget in root.findChildren(QWidget):
        if widget.isVisible():
            text = getattr(widget, "text", "")
            texts |= {widget.accessibleName(), text() if callable(text) else text}
    return {text for text in texts if isinstance(text, str)}


def test_no_pressure_is_left_in_mmhg(in_kpa):
    for state in PAGES:
        in_kpa.leave_pages()
        in_kpa.show_selftest(None)
        STATES[state](in_kpa)
        gallery.settle(60)
        texts = said(in_kpa)
        assert any("kPa" in text for text in texts), state
        assert {text for text in texts if "mmHg" in text} == set(), state
