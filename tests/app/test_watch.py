"""What the tower's watch finds by itself: a clock that jumps, and faults of the program."""

from __future__ import annotations

import pytest

from app.status import TowerStatus
from app.watch import TowerWatch


class Cycles:
    """The watch, ten times a second, by two clocks of the test's."""

    def __init__(self) -> None:
        self.watch = TowerWatch(None)
        self.now_s, self.wall_s = 1000.0, 1.8e9
        self.after()

    def after(self, seconds: float = 0.1, *, wall_s: float | None = None) -> set[str]:
        """Conditions after `seconds`, while the wall clock went on by `wall_s`."""
        self.now_s += seconds
        self.wall_s += seconds if wall_s is None else wall_s
        status = TowerStatus(self.now_s)
        return self.watch.conditions(
            status, self.now_s, wall_s=self.wall_s, grabbed=0, bus_late=False, enhancer_late=False
        )


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
