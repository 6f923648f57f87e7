"""The schedule of paced sources, on a clock that the test moves."""

from __future__ import annotations

from vision.sources.pacing import Pacer


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def read(self) -> float:
        return self.now_s

    def wait(self, seconds: float) -> bool:
        self.now_s += seconds
        return False


def make() -> tuple[Pacer, Clock]:
    clock = Clock()
    return Pacer(clock.read, clock.wait), clock


def test_a_film_plays_at_its_own_times_without_drift():
    pacer, clock = make()
    for index in range(1000):
        pacer.wait_for(index / 30)
        clock.now_s += 0.02  # the reader's own work
    assert abs(clock.now_s - 0.02 - (100 + 999 / 30)) < 1e-6


def test_a_film_catches_up_after_a_short_delay_and_goes_on_at_its_pace_after_a_long_one():
    pacer, clock = make()
    pacer.wait_for(0.0)
    clock.now_s += 0.15
    pacer.wait_for(0.1)
    assert clock.now_s == 100.15
    pacer.wait_for(0.2)
    assert abs(clock.now_s - 100.2) < 1e-9
    clock.now_s += 60  # suspended
    pacer.wait_for(0.3)
    late_s = clock.now_s
    pacer.wait_for(0.4)
    assert abs(clock.now_s - late_s - 0.1) < 1e-9


def test_a_live_scene_leaves_out_what_was_missed():
    pacer, clock = make()
    indices = []
    index = -1
    for _ in range(3):
        index = pacer.next_index(index, 30)
        indices.append(index)
    clock.now_s += 10
    index = pacer.next_index(index, 30)
    assert indices == [0, 1, 2]
    assert 300 <= index <= 304
    assert pacer.next_index(index, 30) == index + 1


def test_stopping_ends_the_wait():
    pacer = Pacer()
    pacer.wait_for(0.0)
    pacer.stop()
    pacer.wait_for(1000.0)  # returns at once
    assert pacer.stopped
