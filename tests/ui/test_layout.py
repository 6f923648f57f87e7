"""Nothing clipped, nothing overlapping, keys large enough: every state of the gallery, size of window and language."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from tests.ui.walking import area, clipped, ink_of, overlapping, visible
from ui import gallery, samples, theme
from ui.appearance import LANGUAGES, Appearance
from ui.main_window import MainWindow
from ui.widgets.alarm_bar import AlarmBar
from ui.widgets.base import Panel
from ui.widgets.gas_column import GasColumn
from ui.widgets.key import Key
from ui.widgets.mode_card import ModeOption
from ui.widgets.mode_key import ModeKey
from ui.widgets.readout import Readout, SmallReadout
from ui.widgets.row_key import RowKey
from ui.widgets.setpoint_key import SetpointKey
from ui.widgets.simulation_mark import SimulationMark

SIZES = [QSize(1920, 1080), QSize(1280, 800), QSize(3840, 2160)]
CASES = [(state, language) for state in gallery.STATES for language in LANGUAGES]
AFTER_RESIZE_MS = 50


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def case(request, qapp):
    """A state in a language, opened once: it is then resized, as a window may be while in use."""
    state, language = request.param
    with gallery.standing_clock():
        window, page = gallery.opened(SIZES[0], state, Appearance(language=language))
    yield page
    gallery.put_away(window, page)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs between tests that would do it


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def size(request):
    return request.param


@pytest.fixture(scope="module")
def shown(case, size):
    with gallery.standing_clock():
        case.resize(size)
        gallery.settle(AFTER_RESIZE_MS)
        yield case


def in_main_window(shown):
    """Pages of their own (a second screen, sheets) have no keys of gas and light, and no two pictures."""
    return isinstance(shown, MainWindow)


def test_the_window_is_as_large_as_the_screen_and_no_larger(shown, size):
    assert shown.size() == size
    assert shown.minimumSizeHint().width() <= size.width()
    assert shown.minimumSizeHint().height() <= size.height()


def test_nothing_is_clipped(shown):
    problems = clipped(shown)
    scale = theme.sizes_for(shown.width(), shown.height()).scale
    for key in visible(shown, QAbstractButton):
        need = key.sizeHint()
        if key.width() < need.width() or key.height() < need.height():
            problems.append(f"key {key.text()!r}: {key.size()} for {need}")
    for key in visible(shown, SetpointKey):
        if not key.state_fits() or key.value_pixels() < 15 * scale:
            problems.append(f"setpoint {key.face}: does not fit {key.width()} pixels")
    for key in visible(shown, ModeKey):
        if not key.state_fits() or key.value_pixels() < 12 * scale:
            problems.append(f"mode {key.active} {key.pending}: does not fit {key.width()} pixels")
    for key in visible(shown, ModeOption):
        wide = QFontMetrics(theme.font(key.sizes.small, True)).horizontalAdvance(key.caption())
        if wide > key.width() - 8:
            problems.append(f"option {key.caption()!r}: {wide} for {key.width()} pixels")
    problems += [f"row {key.text()!r} cannot be read" for key in visible(shown, RowKey) if not key.fits()]
    for number in visible(shown, Readout):
        wide = QFontMetrics(theme.font(number.pixels())).horizontalAdvance(number.text())
        if wide > number.width() or number.pixels() < 0.6 * number.sizes.readout:
            problems.append(f"number {number.text()!r}: {wide} for {number.width()} pixels")
    for number in visible(shown, SmallReadout):
        if number.width() < number.sizeHint().width() or number.content_width() > number.width():
            problems.append(f"number {number.text()!r} {number.note()!r}: {number.content_width()} in {number.width()}")
    assert problems == []


def test_nothing_overlaps(shown):
    """Neither on the page nor on any card; what cards may lie over is the next test's."""
    assert overlapping(shown) == []


def test_a_card_covers_no_number_no_alarm_and_no_key_of_gas_or_light(shown):
    if not in_main_window(shown):
        return
    kept = [
        *visible(shown, AlarmBar),
        *visible(shown, Readout),
        *visible(shown, GasColumn),
        *visible(shown, SetpointKey),
    ]
    kept += [shown.all_stop, shown.light.on_key, shown.light.standby_key]
    kept += [mark for mark in visible(shown, SimulationMark) if mark is shown.simulation]
    if side_by_side(shown):
        kept.append(shown.raw.view)
    for card in visible(shown, Panel):
        if card.property("role") == "card":
            for widget in kept:
                if not card.isAncestorOf(widget) and widget.isVisible():
                    assert not area(card, shown).intersects(area(widget, shown)), f"{card} over {widget}"


def side_by_side(shown):
    """Both pictures, or a page in the place of the enhanced one."""
    return shown.raw.isVisible() and shown.raw.width() < 0.6 * shown.width()


def test_the_picture_on_the_screen_is_larger_than_anything_else(shown, size):
    if not in_main_window(shown) or not side_by_side(shown):
        return
    picture = shown.raw.view.size()
    assert picture.width() >= 0.48 * size.width()
    assert picture.height() >= 0.42 * size.height()
    if shown.enhanced.view.isVisible():
        assert abs(shown.enhanced.view.width() - picture.width()) <= 1


def test_critical_keys_are_20_mm_on_a_24_inch_screen(shown):
    assert theme.mm(20) == 72
    if not in_main_window(shown):
        return
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
    if not in_main_window(shown):
        return
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


def test_the_walk_finds_what_is_wrong(qtbot):
    """A word wider than its key, and two keys over each other, are not passed over."""
    page = QWidget()
    qtbot.addWidget(page)
    row = QVBoxLayout(page)
    first, second = Key("A word that is much too long"), Key("Second")
    row.addWidget(first)
    row.addWidget(second)
    page.show()
    assert clipped(page) == overlapping(page) == []
    with ink_of() as ink:
        page.grab()
    assert set(ink.texts) == {first.text(), second.text()}
    first.setFixedWidth(60)
    page.resize(60, 300)
    second.setGeometry(first.geometry().translated(5, 5))
    assert any("A word" in problem for problem in clipped(page))
    assert len(overlapping(page)) >= 1
