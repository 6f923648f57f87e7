"""What the tower's watch finds by itself: a clock that jumps, and faults of the program."""

from __future__ import annotations

import pytest

from app import watch
from app.enhancer.starter import EnhancerStatus
from app.status import TowerStatus
from app.watch import TowerWatch

FALLEN_BACK = "enhanced_fallen_back"


class Cycles:
    """The watch, ten times a second, by two clocks of the test's."""

    def __init__(self) -> None:
        self.watch = TowerWatch(None)
        self.now_s, self.wall_s = 1000.0, 1.8e9
        self.after()

    def after(self, seconds: float = 0.1, *, wall_s: float | None = None, late: bool = False) -> set[str]:
        """Conditions after `seconds`, while the wall clock went on by `wall_s`."""
        self.now_s += seconds
        self.wall_s += seconds if wall_s is None else wall_s
        status = TowerStatus(self.now_s)
        return self.watch.conditions(
            status, self.now_s, wall_s=self.wall_s, grabbed=0, bus_late=False, enhancer_late=late
        )

    def course(self, *pieces: tuple[bool, float]) -> list[bool]:
        """Whether the enhanced view counted as fallen back, cycle by cycle: (late, seconds) one after the other."""
        return [FALLEN_BACK in self.after(late=late) for late, seconds in pieces for _ in range(round(10 * seconds))]


@pytest.mark.parametrize("jump_s", [5.2, -5.2, 3600.0, -3600.0])
def test_a_clock_that_jumps_is_found_at_once(jump_s: float) -> None:
    cycles = Cycles()
    assert cycles.after() == set()
    assert cycles.after(wall_s=0.1 + jump_s) == {"clock_jump"}
    assert cycles.after(10.0) == set(), "what was once is over; its alarm latches"


def test_a_machine_that_slept_is_found_by_the_wall_clock_that_went_on() -> None:
    cycles = Cycles()
    assert cycles.after(0.2, wall_s=1800.0) == {"clock_jump"}


@pytest.mark.parametrize(("seconds", "wall_s"), [(0.1, 0.6), (0.1, -0.9), (30.0, 30.0), (0.1, 4.9)])
def test_a_clock_that_is_corrected_a_little_or_a_slow_cycle_is_no_jump(seconds: float, wall_s: float) -> None:
    cycles = Cycles()
    assert cycles.after(seconds, wall_s=wall_s) == set()


def test_a_fault_of_the_program_stands_until_the_end_and_a_further_one_is_new() -> None:
    cycles = Cycles()
    cycles.watch.crashed()
    cycles.watch.crashed()
    assert cycles.after() == {"control_unit_fault"}
    assert cycles.after(3600.0) == {"control_unit_fault"}
    cycles.watch.crashed()
    assert cycles.after() == set(), "for one cycle, so that its alarm is raised anew"
    assert cycles.after() == {"control_unit_fault"}


def changes(course: list[bool]) -> int:
    return sum(now != before for before, now in zip([False, *course[:-1]], course, strict=True))


def test_a_single_burst_of_blurred_frames_under_load_is_no_alarm() -> None:
    assert not any(Cycles().course((True, 3.0), (False, 30.0), (True, 4.0), (False, 30.0)))


def test_an_enhanced_view_that_stays_behind_is_one_from_five_seconds_on() -> None:
    course = Cycles().course((True, 12.0))
    assert not any(course[: int(10 * watch.FALLEN_BACK_S) - 1])
    assert all(course[int(10 * watch.FALLEN_BACK_S) + 1 :])


def test_bursts_that_come_again_and_again_are_one_alarm_and_do_not_flap() -> None:
    course = Cycles().course(*([(True, 2.0), (False, 5.0)] * 12))
    assert changes(course) == 1
    assert not any(course[:140])
    assert all(course[142:])


def test_it_ends_after_a_calm_and_no_sooner() -> None:
    calm = int(10 * watch.FALLEN_BACK_CALM_S)
    course = Cycles().course((True, 6.0), (False, 30.0))[60:]
    assert all(course[: calm - 1])
    assert not any(course[calm:])


def test_a_broken_network_is_told_at_once_and_is_over_after_the_same_calm(monkeypatch) -> None:
    cycles = Cycles()
    monkeypatch.setattr("app.watch.time.monotonic", lambda: cycles.now_s)
    cycles.watch.on_enhancer(EnhancerStatus(True, fault="the result is not finite"))
    course = cycles.course((False, 30.0))
    assert course[0]
    assert changes(course) == 2
    assert sum(course) == pytest.approx(10 * (watch.FAULT_HOLD_S + watch.FALLEN_BACK_CALM_S), abs=2)


def test_an_enhanced_view_that_is_switched_off_has_not_fallen_back() -> None:
    cycles = Cycles()
    assert cycles.course((True, 6.0))[-1]
    cycles.watch.enhanced_off()
    assert not any(cycles.course((False, 1.0)))
    assert not any(cycles.course((True, 3.0))), "and what was before does not count"
