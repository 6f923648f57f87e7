"""`bench ui`: a blocked screen, growing memory and a late first picture show in its figures, beside their goals."""

from __future__ import annotations

import argparse
import json

import pytest
from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from app.bench import command, heartbeat, memory, ui
from app.bench.heartbeat import Heartbeat
from app.stats import FrameCounts


class Clock:
    """Seconds as the test sets them."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def heart(qapp, clock):
    made = Heartbeat(clock=clock)
    made.begin()
    yield made
    made.end()


def beat_after(heart: Heartbeat, clock: Clock, gap_ms: float) -> None:
    clock.now_s += gap_ms / 1e3
    heart.beat()


def test_a_thread_that_is_always_free_meets_the_goal(heart, clock):
    for _ in range(200):
        beat_after(heart, clock, 10.0)
    figures = heart.figures()
    assert (figures["beats"], figures["p99"], figures["max"]) == (200, 10.0, 10.0)
    assert figures["above_50"] == 0
    assert figures["goal"] == {"max": 50.0, "above_50": 0, "met": True}


def test_one_gap_above_50_ms_is_counted_and_misses_the_goal(heart, clock):
    for _ in range(199):
        beat_after(heart, clock, 10.0)
    beat_after(heart, clock, 50.5)
    figures = heart.figures()
    assert figures["max"] == 50.5
    assert figures["p99"] == 10.0  # a mean would hide it, and so does a percentile
    assert figures["above_50"] == 1
    assert not figures["goal"]["met"]


def test_a_thread_that_stands_at_the_end_counts_too(heart, clock):
    beat_after(heart, clock, 10.0)
    clock.now_s += 0.3
    heart.end()
    assert heart.figures()["max"] == pytest.approx(300.0)
    heart.end()  # a second end measures nothing more
    assert heart.figures()["beats"] == 2


def test_the_timer_beats_in_the_ui_thread_and_sees_it_blocked(qtbot):
    heart = Heartbeat()
    heart.begin()
    qtbot.waitUntil(lambda: heart.figures()["beats"] >= 5)
    blocked = QElapsedTimer()
    blocked.start()
    while blocked.elapsed() < 120:
        pass
    before = heart.figures()["beats"]
    qtbot.waitUntil(lambda: heart.figures()["beats"] > before)
    heart.end()
    figures = heart.figures()
    assert figures["max"] >= 100
    assert figures["above_50"] >= 1
    assert not figures["goal"]["met"]


def test_nothing_measured_is_no_goal_met(qapp):
    figures = Heartbeat().figures()
    assert figures["max"] is None
    assert figures["p99"] is None
    assert not figures["goal"]["met"]
    assert not memory.figures([], 0.5)["goal"]["met"]
    assert ui.first_picture_goal(None) == {"s": 5.0, "met": False}


@pytest.mark.parametrize(
    ("samples", "growth"),
    [
        ([700.0] * 100, 0.0),
        ([700.0] * 50 + [900.0] + [700.0] * 49, 0.0),  # a peak in between is given back
        ([700.0] * 40 + [719.9] * 60, 19.9),
        ([700.0] * 40 + [720.0] * 60, 20.0),
        ([700.0, 701.0, 703.0], 3.0),
        ([700.0, 800.0], None),
    ],
)
def test_memory_is_compared_after_the_warm_up_and_at_the_end(samples, growth):
    figures = memory.figures(samples, 0.5)
    assert figures["growth"] == (None if growth is None else pytest.approx(growth))
    assert figures["goal"]["growth"] == 20.0
    assert figures["goal"]["met"] is (growth is not None and growth < 20.0)
    assert (figures["first"], figures["last"]) == (samples[0], samples[-1])


def test_the_resident_set_grows_with_what_is_held():
    before = memory.resident_mb()
    held = bytearray(b"x" * (64 * 2**20))
    assert memory.resident_mb() - before > 48
    del held


def test_the_first_picture_is_judged_at_five_seconds():
    assert ui.first_picture_goal(5.0)["met"]
    assert not ui.first_picture_goal(5.001)["met"]


def test_half_an_hour_is_an_ordinary_length():
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert parser.parse_args(["ui", "--seconds", "1800"]).seconds == 1800.0


def test_the_line_of_each_minute_says_how_it_stands():
    line = ui.progress_line(60.2, 1800.0, FrameCounts(1801, 1799, 1790, 40), 1.26, (61.4, 2))
    assert line == (
        "1 of 30 min: 1799 of 1801 raw frames shown, memory +1.3 MiB, "
        "UI thread silent for 61 ms at most, 2 times above 50 ms"
    )
    assert "memory ---" in ui.progress_line(60.0, 60.0, FrameCounts(0, 0, 0, 0), None, (0.0, 0))


def test_the_figures_can_be_written_as_json(heart, clock):
    beat_after(heart, clock, 10.0)
    told = json.loads(json.dumps({"ui_thread_ms": heart.figures(), "memory_mb": memory.figures([1.0] * 9, 0.5)}))
    assert told["ui_thread_ms"]["goal"]["max"] == heartbeat.GOAL_MS


class Screen(QWidget):
    """Closes as the main window does: it asks first, and is closed by whoever hears of it."""

    close_requested = Signal()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.close_requested.emit()
        event.accept()


class Session:
    """What the bench asks a session for; counts rise with each question."""

    enhancer_ready = True
    phantom = None

    def __init__(self) -> None:
        self.resets = 0
        self.shown = 0

    def reset_figures(self) -> None:
        self.resets += 1

    def counts(self) -> FrameCounts:
        self.shown += 1
        return FrameCounts(self.shown, self.shown, self.shown, 0)


def test_the_measured_time_begins_after_the_warm_up_tells_each_minute_and_closes_the_window(qtbot, monkeypatch, capsys):
    for name, seconds in (("WARM_UP_S", 0.05), ("SAMPLE_S", 0.02), ("PROGRESS_S", 0.1)):
        monkeypatch.setattr(ui, name, seconds)
    session, screen, probe = Session(), Screen(), ui._Probe(0.5)
    qtbot.addWidget(screen)
    screen.show()
    probe.attach(session, screen)
    qtbot.waitUntil(lambda: session.resets == 1)
    assert screen.isVisible()
    qtbot.waitUntil(lambda: not screen.isVisible())
    figures = probe.figures()
    assert figures["ui_thread_ms"]["beats"] >= 2
    assert figures["memory_mb"]["growth"] is not None
    assert "raw frames shown, memory" in capsys.readouterr().err
    qtbot.wait(60)  # more than a beat: nothing is measured any more
    assert probe.figures()["ui_thread_ms"]["beats"] == figures["ui_thread_ms"]["beats"]


def test_a_person_who_closes_the_window_ends_the_measured_time(qtbot, monkeypatch):
    monkeypatch.setattr(ui, "WARM_UP_S", 0.0)
    session, screen, probe = Session(), Screen(), ui._Probe(600.0)
    qtbot.addWidget(screen)
    screen.show()
    probe.attach(session, screen)
    qtbot.waitUntil(lambda: probe.figures()["ui_thread_ms"]["beats"] >= 3)
    screen.close()
    beats = probe.figures()["ui_thread_ms"]["beats"]
    qtbot.wait(60)
    assert probe.figures()["ui_thread_ms"]["beats"] == beats
