"""A case lasts hours: what the screen is shown must not pile up."""

import gc
import sys
import tracemalloc
import weakref
from dataclasses import replace

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ui import picture_samples, samples


def test_void_calls_into_qt_keep_their_references_to_none(qapp):
    """PySide6 6.12.0 on Python 3.11 loses one reference to None on each, and crashes after some thousands."""
    label = QLabel()
    before = sys.getrefcount(None)
    for number in range(1000):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 100


def test_many_views_leave_no_memory_behind(window):
    def run(count, start):
        for number in range(start, start + count):
            view = samples.tower(number / 25)
            window.show_tower(samples.with_alarms(view) if number % 50 < 25 else view)
            window._show_numbers()
            window._refresh_next_plot()
            if number % 10 == 0:
                QApplication.processEvents()

    run(200, 0)
    gc.collect()
    widgets, nones = len(window.findChildren(QWidget)), sys.getrefcount(None)
    tracemalloc.start()
    run(50, 200)
    before = tracemalloc.get_traced_memory()[0]
    run(600, 250)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(window.findChildren(QWidget)) == widgets
    assert grown < 300_000
    assert abs(sys.getrefcount(None) - nones) < 500


def test_pictures_are_let_go_when_the_next_one_comes(window, qtbot):
    image = picture_samples.scene(64, 36).copy()
    gone = weakref.ref(image)
    window.show_raw(picture_samples.picture((64, 36), 1, image=image))
    del image
    QApplication.processEvents()
    assert gone() is not None
    window.show_raw(picture_samples.picture((64, 36), 2, image=picture_samples.scene(64, 36)))
    gc.collect()
    assert gone() is None


def test_modules_that_come_and_go_leave_no_widgets(window):
    window.show_tower(samples.tower())
    for _ in range(5):
        window.show_tower(samples.tower())
    count = len(window.findChildren(QWidget))
    for number in range(10):
        modules = samples.MODULES if number % 2 else samples.MODULES[:2]
        window.show_tower(replace(samples.tower(), modules=modules))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
    assert len(window.findChildren(QWidget)) <= count
