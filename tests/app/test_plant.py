"""The fault panel's wishes reach the simulator's process, and what is in force there comes back to be drawn."""

from __future__ import annotations

import os
import signal
import time

import pytest

from app.plant import PlantDesk
from app.simulation import SimulatorProcess
from ui.intents import Cough, SetFault, SetPlant
from ui.viewstate import SimulationView

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
WITHIN_MS = 10_000


@pytest.fixture(scope="module")
def simulator():
    with SimulatorProcess() as process:
        yield process


@pytest.fixture
def until(simulator, qtbot):
    desk = PlantDesk(simulator)

    def until(done) -> SimulationView:
        seen: list[SimulationView] = []

        def there() -> bool:
            seen.append(desk.cycle(time.monotonic()))
            return bool(done(seen[-1]))

        qtbot.waitUntil(there, timeout=WITHIN_MS)
        return seen[-1]

    until.desk = desk
    return until


def in_force(view: SimulationView) -> set[str]:
    return {row.name for row in view.faults if row.in_force}


def test_a_fault_begins_and_ends(until) -> None:
    view = until(lambda view: view.faults)
    assert in_force(view) == set()
    assert len(view.faults) > 20
    until.desk.obey(SetFault("light.fan_dead", True))
    until(lambda view: in_force(view) == {"light.fan_dead"})
    until.desk.obey(SetFault("light.fan_dead", False))
    until(lambda view: view.faults and not in_force(view))


def test_a_value_of_the_plant_is_set_within_its_range(until) -> None:
    view = until(lambda view: view.values)
    row = next(row for row in view.values if row.name == "leak_l_min")
    assert row.unit
    assert row.minimum <= 5.0 <= row.maximum
    until.desk.obey(SetPlant("leak_l_min", 5.0))
    until(lambda view: any(row.name == "leak_l_min" and row.value == 5.0 for row in view.values))


def test_the_way_into_the_abdomen_is_chosen(until) -> None:
    until(lambda view: any(row.name == "access" and row.value == "trocar" for row in view.values))
    until.desk.obey(SetPlant("access", "veress"))
    until(lambda view: any(row.name == "access" and row.value == "veress" for row in view.values))


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (SetFault("light.no_such_part", True), "light.no_such_part"),
        (SetFault("light.fan_ded", True), "nearest: light.fan_dead"),
        (SetPlant("leak_l_min", -7.0), "-7"),
        (SetPlant("no_such_value", 1.0), "no_such_value"),
        (SetPlant("leak_l_min", float("nan")), "nan"),
    ],
)
def test_a_wish_that_cannot_be_is_answered_in_words_until_the_next_one(until, wish, said) -> None:
    until.desk.obey(wish)
    until(lambda view: said in view.answer)
    until.desk.obey(Cough())
    assert until(lambda view: not view.answer).answer == ""


def test_a_simulator_that_hangs_keeps_nobody_waiting(until, simulator) -> None:
    view = until(lambda view: view.faults)
    assert simulator.pid is not None
    os.kill(simulator.pid, signal.SIGSTOP)
    try:
        began_s = time.monotonic()
        for cycle in range(600):
            assert until.desk.cycle(began_s + 0.1 * cycle).faults == view.faults
        assert time.monotonic() - began_s < 2.0
    finally:
        os.kill(simulator.pid, signal.SIGCONT)
    until(lambda view: view.faults and not view.answer)
