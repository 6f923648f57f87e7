"""The keys of the last line stand in one rhythm, in every language and size."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QApplication

from ui import gallery, samples
from ui.appearance import LANGUAGES, Appearance
from ui.viewstate import LinkState


def lefts_and_rights(window):
    bar = window.status
    keys = (bar.service, bar.lock, bar.appearance, bar.presets, *bar.layouts.keys.values())
    lefts = [key.mapTo(window, QPoint(0, 0)).x() for key in keys]
    return [(left, left + key.width()) for left, key in zip(lefts, keys, strict=True)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keys_stand_alike_and_the_layouts_a_little_apart(window, language):
    window.show_tower(samples.tower())
    window.show_appearance(Appearance(language=language), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
    try:
        for size in (QSize(1280, 800), QSize(1920, 1080), QSize(3840, 2160), QSize(1280, 800)):
            window.resize(size)
            gallery.settle(50)
            gap = window.status.sizes.gap
            gaps = [second[0] - first[1] for first, second in pairwise(lefts_and_rights(window))]
            assert gaps == [gap, gap, gap, 2 * gap, gap, gap, gap, gap], size
    finally:
        window.show_appearance(Appearance(), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)


@pytest.mark.parametrize("size", [QSize(1280, 800), QSize(1920, 1080)], ids=str)
def test_what_a_working_module_says_of_itself_is_told_whole_or_not_at_all(window, size):
    """Half of a serial number tells nobody anything; what is wrong with a module stands there in any case."""
    window.resize(size)
    view = samples.tower()
    named = tuple(replace(module, detail="SIM 1.0 · SIM-LG-000123-45") for module in view.modules)
    window.show_tower(replace(view, modules=named))
    QApplication.processEvents()
    assert all(line.shown_text() == line.text() for line in window.status.links)
    lost = replace(named[0], link=LinkState.DOWN, detail="no valid reply for 3 s")
    window.show_tower(replace(view, modules=(lost, *named[1:])))
    QApplication.processEvents()
    assert "no valid reply" in window.status.links[0].text()
