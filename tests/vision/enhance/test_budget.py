"""A frame gets as much of the method as there is time for, and more again when there is time again."""

from __future__ import annotations

from itertools import count, pairwise

from vision.deblurring.budget import LADDER, RETRY_S, WORK, Budget
from vision.frames import Rung

AREA = 720 * 1008
TABLE = {Rung.THREE: 30.0, Rung.TWO: 25.0, Rung.ONE: 20.0, Rung.HALF: 10.0}


def ready(budget_ms):
    budget = Budget(budget_ms)
    budget.set_table(TABLE, AREA)
    return budget


INTERVAL_S = 1.0 / 30.0
clock = count()  # of frames, over all tests: time goes on


def play(budget, frames, speed=1.0, spent_ms=2.0, area=AREA, interval_s=INTERVAL_S):
    """Rungs of blurred frames on a machine `speed` times as slow as at warm-up."""
    rungs = []
    start_s = next(clock) * 1e3
    for index in range(frames):
        rung = budget.choose(spent_ms, area, start_s + index * interval_s)
        rungs.append(rung)
        if rung is not Rung.RAW:
            budget.took(rung, TABLE[rung] * speed * area / AREA, area)
    return rungs


def test_every_rung_but_raw_says_what_it_runs():
    assert tuple(WORK) == LADDER[:-1]


def test_with_time_enough_all_networks_work():
    assert set(play(ready(33.0), 50)) == {Rung.THREE}
    assert set(play(ready(None), 50, speed=9.0)) == {Rung.THREE}


def test_a_larger_picture_picks_its_rung_before_the_first_frame():
    assert play(ready(33.0), 1, area=int(1.4 * AREA)) == [Rung.ONE]
    assert play(ready(33.0), 1, area=int(2.25 * AREA)) == [Rung.HALF]
    assert play(ready(33.0), 1, area=9 * AREA) == [Rung.RAW]


def test_a_machine_that_slows_down_leaves_work_out_in_order_and_takes_it_up_again():
    budget = ready(33.0)
    slow = [play(budget, 8, speed=speed)[-1] for speed in (1.0, 1.2, 1.5, 2.5, 6.0)]
    assert slow == [Rung.THREE, Rung.TWO, Rung.ONE, Rung.HALF, Rung.RAW]
    assert play(budget, int(6 * RETRY_S / INTERVAL_S))[-1] is Rung.THREE


def test_one_frame_that_was_held_up_changes_nothing():
    budget = ready(33.0)
    play(budget, 5)
    budget.took(budget.choose(2.0, AREA, 0.0), 200.0, AREA)
    assert set(play(budget, 10)) == {Rung.THREE}


def test_what_is_lost_before_the_networks_counts():
    assert play(ready(33.0), 1, spent_ms=10.0) == [Rung.ONE]


def test_tries_that_were_late_become_rarer():
    budget = ready(33.0)
    rungs = play(budget, 600, speed=6.0)
    tries = [index for index, rung in enumerate(rungs) if rung is Rung.HALF]
    assert 3 <= len(tries) < 40
    gaps = [after - before for before, after in pairwise(tries) if after - before > 10]
    assert gaps[-1] > 2 * gaps[0]


def test_waits_are_counted_in_time_however_rare_blurred_frames_are():
    budget = ready(33.0)
    assert play(budget, 20, speed=6.0)[-1] is Rung.RAW
    rungs = play(budget, 5, interval_s=1.5 * RETRY_S)  # a blurred frame now and then
    assert rungs == [Rung.HALF, Rung.ONE, Rung.TWO, Rung.THREE, Rung.THREE]


def test_another_camera_starts_anew():
    budget = ready(33.0)
    play(budget, 20, speed=6.0)
    budget.forget()
    assert play(budget, 1) == [Rung.THREE]
