"""Nothing clipped, nothing overlapping, keys large enough, at both sizes and in every state of the gallery."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from ui import gallery, samples, theme
from ui.widgets.grid_table import GridTable
from ui.widgets.key import Key
from ui.widgets.mode_card import ModeOption
from ui.widgets.mode_key import ModeKey
from ui.widgets.readout import Readout, SmallReadout
from ui.widgets.row_key import RowKey
from ui.widgets.setpoint_key import SetpointKey
from ui.widgets.simulation_mark import SimulationMark
from ui.widgets.text_line import TextLine

SIZES = [QSize(1920, 1080), QSize(1280, 800)]
CASES = [(size, state) for size in SIZES for state in gallery.STATES]
CASE_NAMES = [f"{state}-{size.width()}x{size.height()}" for size, state in CASES]


@pytest.fixture(
    scope="module",
    params=CASES,
    ids=lambda case: f"{case[1]}-{case[0].width()}x{case[0].height()}",
)
def case(request, qapp):
    size, state = request.param
    window = gallery.window_at(size, state)
    yield window, size
    window.allow_close()
    window.deleteLater()


@pytest.fixture
def shown(case):
    return case[0]


@pytest.fixture
def size(case):
    return case[1]


def visible(window, kind):
    return [widget for widget in window.findChildren(kind) if widget.isVisible()]


def area(widget, window):
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def test_the_window_is_as_large_as_the_screen_and_no_larger(shown, size):
    assert shown.size() == size
    assert shown.minimumSizeHint().width() <= size.width()
    assert shown.minimumSizeHint().height() <= size.height()


def test_nothing_is_clipped(shown):
    QApplication.processEvents()
    problems = []
    for label in visible(shown, QLabel):
        need = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        if label.height() < need or (not label.wordWrap() and label.width() < label.sizeHint().width()):
            problems.append(f"label {label.text()!r}: {label.size()} for {label.sizeHint()}")
    for line in visible(shown, TextLine):
        if line.shown_text() != line.text():
            problems.append(f"line {line.text()!r} is shown as {line.shown_text()!r}")
    for key in visible(shown, QAbstractButton):
        need = key.sizeHint()
        if key.width() < need.width() or key.height() < need.height():
            problems.append(f"key {key.text()!r}: {key.size()} for {need}")
    for key in visible(shown, SetpointKey):
        if not key.state_fits() or key.value_pixels() < 15:
            problems.append(f"setpoint {key.face}: does not fit {key.width()} pixels")
    for key in visible(shown, ModeKey):
        if not key.state_fits() or key.value_pixels() < 12:
            problems.append(f"mode {key.active} {key.pending}: does not fit {key.width()} pixels")
    for key in visible(shown, ModeOption):
        wide = QFontMetrics(theme.font(key.sizes.small, True)).horizontalAdvance(key.caption())
        if wide > key.width() - 8:
            problems.append(f"option {key.caption()!r}: {wide} for {key.width()} pixels")
    problems += [f"row {key.text()!r} cannot be read" for key in visible(shown, RowKey) if not key.fits()]
    problems += [f"cell {text!r}" for table in visible(shown, GridTable) for text in table.clipped()]
    for number in visible(shown, Readout):
        wide = QFontMetrics(theme.font(number.pixels())).horizontalAdvance(number.text())
        if wide > number.width() or number.pixels() < 0.6 * number.sizes.readout:
            problems.append(f"number {number.text()!r}: {wide} for {number.width()} pixels")
    for number in visible(shown, SmallReadout):
        if number.width() < number.sizeHint().width() or number.content_width() > number.width():
            problems.append(f"number {number.text()!r} {number.note()!r}: {number.content_width()} in {number.width()}")
    assert problems == []


def test_nothing_overlaps(shown):
    """Leaves of the tree that show something do not lie over each other; overlays are over the enhanced feed alone."""
    cards = [shown.pad, shown.closing, shown.camera_card, shown.mode_card]
    overlays = [overlay for overlay in cards if overlay.isVisible()]
    leaves = [
        widget
        for kind in (QLabel, TextLine, Key, Readout, SmallReadout, GridTable, SimulationMark)
        for widget in visible(shown, kind)
        if not any(overlay.isAncestorOf(widget) for overlay in overlays)
    ]
    leaves += [shown.raw.view, shown.insufflator.pressure.plot, shown.insufflator.flow.plot]
    leaves += [shown.light.temperature.plot, *([shown.enhanced.view] if shown.enhanced.view.isVisible() else [])]
    places = [(widget, area(widget, shown)) for widget in leaves]
    for at, (first, place) in enumerate(places):
        assert shown.rect().contains(place), f"{first} {place} is outside the window"
        for second, other in places[at + 1 :]:
            assert not place.intersects(other), f"{first} {place} over {second} {other}"
    for overlay in overlays:
        over = {widget for widget, place in places if place.intersects(area(overlay, shown))}
        if overlay is shown.mode_card:
            channels = (shown.insufflator.pressure, shown.insufflator.flow)
            assert over == {part for channel in channels for part in (channel.plot, channel.state)}
        elif shown.service.isVisible():
            assert all(shown.service.isAncestorOf(widget) for widget in over)
        else:
            assert over == {shown.enhanced.view}


def test_what_lies_on_a_card_does_not_overlap_either(shown):
    for card in (shown.pad, shown.closing, shown.camera_card, shown.mode_card):
        parts = [w for kind in (QLabel, TextLine, Key) for w in card.findChildren(kind) if w.isVisible()]
        for at, first in enumerate(parts):
            assert card.rect().contains(area(first, card)), first
            for second in parts[at + 1 :]:
                assert not area(first, card).intersects(area(second, card)), f"{first} over {second}"


def test_the_picture_on_the_screen_is_larger_than_anything_else(shown, size):
    picture = shown.raw.view.size()
    assert picture.width() >= 0.48 * size.width()
    assert picture.height() >= 0.42 * size.height()
    right = shown.service if shown.service.isVisible() else shown.enhanced.view
    assert abs(right.width() - picture.width()) <= 1


def test_critical_keys_are_20_mm_on_a_24_inch_screen(shown):
    assert theme.mm(20) == 72
    keys = [shown.insufflator.start, shown.insufflator.stop, shown.insufflator.reset, shown.all_stop]
    keys += [shown.light.on_key, shown.light.standby_key, shown.insufflator.set_pressure, shown.insufflator.set_flow]
    keys += [shown.insufflator.mode, shown.insufflator.vent, shown.alarm_bar.sound]
    keys += [*visible(shown.mode_card, Key), *visible(shown.camera_card, Key)]
    keys += [shown.camera.freeze, shown.camera.record, shown.alarm_bar.acknowledge, shown.alarm_bar.next]
    keys += [*visible(shown.pad, Key), *visible(shown.closing, Key)]
    for key in keys:
        if key.isVisible():
            assert min(key.width(), key.height()) >= theme.mm(20), key.text()


def test_keys_that_touch_no_patient_are_large_enough_for_a_finger(shown):
    for key in [shown.status.service, shown.camera.settings, *visible(shown.service, Key)]:
        if key.isVisible():
            assert key.height() >= 44, key.text()


def test_resizing_without_sense_does_no_harm(window):
    for width, height in ((1, 1), (3840, 2160), (1500, 900), (1280, 800)):
        window.resize(width, height)
        QApplication.processEvents()
        assert window.centralWidget().width() >= window.centralWidget().minimumSizeHint().width()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_long_alarm_is_drawn_smaller_before_it_is_shortened(window, size):
    window.resize(size)
    long = replace(samples.ALARMS[0], text="The enhanced view cannot work: its weights are missing or altered")
    window.show_tower(replace(samples.tower(), alarms=(long, *samples.ALARMS[1:])))
    QApplication.processEvents()
    assert window.alarm_bar.text.shown_text() == long.text
