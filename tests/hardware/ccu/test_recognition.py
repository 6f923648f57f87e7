"""Every fault of the gas side that a tower can know of gets its name, soon, and no other; a healthy tower gets none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hardware.gas_modes import InsufflationMode as Mode
from hardware.simulator.access import Tube
from hardware.simulator.closed_loop import ClosedLoop
from hardware.simulator.faults import begin_fault, repair_fault
from hardware.simulator.plant_values import checked_values, set_values
from hardware.simulator.rig import Rig

# What is true of the line as well, whatever the cause: told beside the cause, never instead of it.
ALSO = {"over_pressure", "relief_open"}


@dataclass(frozen=True)
class Case:
    patient: str = "adult"
    mode: Mode = Mode.ADULT
    pressure: float = 12.0
    flow: float = 10.0
    at: float = 0.0  # mmHg in the abdomen to begin with


FILLING = Case()
FILLED = Case(at=11.5)
REFILLING = Case(at=8.0)
STRONG = Case(mode=Mode.HIGH_FLOW, pressure=15.0, flow=30.0, at=14.5)
OBESE = Case("obese", pressure=15.0, flow=20.0, at=14.5)
CHILD = Case("child", Mode.PAEDIATRIC, 10.0, 5.0, at=9.5)
CHILD_REFILLING = Case("child", Mode.PAEDIATRIC, 10.0, 5.0, at=5.0)
INFANT = Case("infant", Mode.PAEDIATRIC, 8.0, 1.5, at=7.5)
NEEDLE = Case(mode=Mode.VERESS, flow=1.0)


class Tower(ClosedLoop):
    """A closed loop that notes when each condition was first and last there."""

    def __init__(self, case: Case, *, seed: int = 1) -> None:
        super().__init__(Rig(patient=case.patient, seed=seed))
        self.first_s: dict[str, float] = {}
        self.begun_s = 0.0
        if case.at:
            self.rig.gas.fill_to(case.at)
        if case.mode is Mode.VERESS:
            set_values(self.rig, checked_values({"access": "veress"}))
        self.start(case.pressure, case.flow, case.mode)

    def fault(self, name: str, value: float | None = None) -> None:
        begin_fault(self.rig, name, value)
        self.forget()

    def forget(self) -> None:
        self.first_s, self.begun_s = {}, self.rig.time_s

    def cycle(self) -> None:
        super().cycle()
        assert self.output is not None
        for condition in self.output.conditions:
            self.first_s.setdefault(str(condition), round(self.rig.time_s - self.begun_s, 2))

    def now(self) -> set[str]:
        assert self.output is not None
        return {str(c) for c in self.output.conditions}


def named(tower: Tower, condition: str, within_s: float) -> None:
    """Run until `condition` is named, and a while longer; no other cause may be."""
    tower.run(within_s)
    assert condition in tower.first_s, f"{condition} not within {within_s} s, but {tower.first_s}"
    tower.run(5.0)
    # A sensor that froze in a stroke's peak disagrees with the other one before it can be known which is wrong.
    before = {"sensor_disagreement"} if condition == "sensor_fault" else set()
    assert set(tower.first_s) - ALSO - before == {condition}
    assert tower.now() - ALSO == {condition}


@pytest.mark.parametrize(
    ("case", "fault", "condition", "within_s"),
    [
        (REFILLING, "insufflator.tube_kinked", "occlusion", 8.0),
        (FILLING, "insufflator.tube_kinked", "occlusion", 8.0),
        (FILLED, "insufflator.tube_kinked", "occlusion", 35.0),
        (INFANT, "insufflator.tube_kinked", "occlusion", 15.0),
        (CHILD_REFILLING, "insufflator.tube_kinked", "occlusion", 8.0),
        (REFILLING, "insufflator.tube_kinked_partly", "occlusion", 6.0),
        (FILLING, "insufflator.tube_kinked_partly", "occlusion", 6.0),
        (INFANT, "insufflator.tube_kinked_partly", "occlusion", 15.0),
        (CHILD_REFILLING, "insufflator.tube_kinked_partly", "occlusion", 6.0),
        (FILLED, "insufflator.tube_pulled", "disconnection", 3.0),
        (STRONG, "insufflator.tube_pulled", "disconnection", 5.0),
        (INFANT, "insufflator.tube_pulled", "disconnection", 3.0),
        (OBESE, "insufflator.tube_pulled", "disconnection", 5.0),
        (NEEDLE, "insufflator.tube_pulled", "disconnection", 8.0),
        (FILLED, "insufflator.pressure1_frozen", "sensor_fault", 1.5),
        (FILLING, "insufflator.pressure2_frozen", "sensor_fault", 2.5),
        (INFANT, "insufflator.pressure1_frozen", "sensor_fault", 2.5),
        (FILLING, "insufflator.flow_frozen", "sensor_fault", 1.5),
        (REFILLING, "insufflator.flow_frozen", "sensor_fault", 2.5),
        (FILLED, "insufflator.flow_drifting", "sensor_fault", 5.0),
        (FILLED, "insufflator.pressure1_drifting", "sensor_disagreement", 7.0),
        (FILLING, "insufflator.valve_stuck_closed", "valve_fault", 3.0),
        (FILLING, "insufflator.solenoid_stuck_closed", "valve_fault", 3.0),
        (FILLING, "insufflator.cylinder_empty", "cylinder_empty", 1.0),
    ],
    ids=lambda v: v.rpartition(".")[2] if isinstance(v, str) else None,
)
def test_a_fault_gets_its_name_and_no_other(case, fault, condition, within_s):
    tower = Tower(case)
    tower.run(3.0)
    assert not tower.first_s
    tower.fault(fault)
    named(tower, condition, within_s)


def test_a_closed_tap_is_not_taken_for_a_filled_abdomen():
    """The first stroke brings the line to P1, and there it stays: nobody would ever see gas flow again."""
    tower = Tower(FILLING)
    tower.rig.gas.tube, tower.rig.gas.kink_factor = Tube.KINKED, 1e5
    tower.run(12.0)
    assert set(tower.first_s) - ALSO == {"occlusion"}
    assert max(tower.abdomen) < 2.0  # breathing alone


@pytest.mark.parametrize("valve", ["valve", "solenoid"])
def test_one_supply_valve_stuck_open_is_found_before_the_gas_starts_and_holds_it(valve):
    tower = Tower(FILLING)
    begin_fault(tower.rig, f"insufflator.{valve}_stuck_open")
    tower.run(10.0)
    assert tower.now() == {"valve_fault"}
    assert tower.first_s["valve_fault"] < 0.4
    assert tower.rig.gas.supplied_ml < 60.0
    # Repaired, stopped and started again: the test passes, the gas flows.
    repair_fault(tower.rig, f"insufflator.{valve}_stuck_open")
    order, tower.gas_order = tower.gas_order, type(tower.gas_order).OFF
    tower.run(0.2)
    assert tower.now() == {"valve_fault"}  # nobody has tested it yet
    tower.gas_order = order
    tower.run(3.0)
    assert tower.now() == set()
    assert tower.rig.gas.supplied_ml > 100.0


def test_the_test_of_the_valves_takes_a_third_of_a_second_and_no_gas():
    tower = Tower(FILLING)
    tower.run(0.34)
    assert tower.rig.gas.supplied_ml == 0.0
    tower.run(0.2)
    assert tower.rig.gas.supplied_ml > 0.0


def test_both_supply_valves_stuck_open_are_a_valve_fault_and_let_out_from_p1_on():
    tower = Tower(FILLED)
    tower.run(3.0)
    for valve in ("valve", "solenoid"):
        tower.fault(f"insufflator.{valve}_stuck_open")
    pressures = tower.run(15.0)
    assert tower.first_s["valve_fault"] < 2.0
    assert set(tower.first_s) <= {"valve_fault"} | ALSO
    assert max(pressures) < 30.0


def test_a_relief_valve_that_does_not_open_is_told_when_it_is_needed():
    tower = Tower(FILLED)
    tower.run(3.0)
    tower.fault("insufflator.relief_stuck_closed")
    tower.rig.gas.press_ml = 2200.0
    tower.run(6.0)
    assert tower.first_s["valve_fault"] < 2.0
    assert "over_pressure" in tower.first_s


def test_a_relief_valve_that_works_is_none():
    tower = Tower(FILLED)
    tower.run(3.0)
    tower.rig.gas.press_ml = 2200.0
    tower.run(12.0)
    assert set(tower.first_s) == ALSO


def test_a_relief_valve_stuck_open_is_told_as_gas_without_pressure():
    """From the line alone a pulled tube and an open relief valve are the same; the alarm's text names both."""
    tower = Tower(FILLING)
    tower.fault("insufflator.relief_stuck_open")
    tower.run(4.0)
    assert tower.now() == {"disconnection"}


@pytest.mark.parametrize(("case", "leak"), [(FILLED, 8.0), (INFANT, 1.5), (STRONG, 15.0)])
def test_a_leak_that_is_fed_is_named_after_half_a_minute(case, leak):
    tower = Tower(case)
    tower.rig.gas.leak_l_min = leak * (12.0 / case.pressure) ** 0.5
    case_is_weak = case is INFANT
    if case_is_weak:
        tower.start(8.0, 5.0, Mode.PAEDIATRIC)
    tower.run(45.0)
    assert set(tower.first_s) == {"gas_leak"}
    assert tower.first_s["gas_leak"] > 25.0
    tower.rig.gas.leak_l_min = 0.2
    tower.run(15.0)
    assert tower.now() == set()


def test_a_leak_beyond_the_set_flow_is_pressure_not_reached():
    tower = Tower(FILLING)
    tower.rig.gas.leak_l_min = 30.0
    tower.run(30.0)
    assert set(tower.first_s) == {"pressure_not_reached"}


@pytest.mark.parametrize("leak", [20.0, 25.0, 40.0])
def test_a_leak_that_empties_a_filled_abdomen_is_told_within_twenty_seconds(leak):
    tower = Tower(FILLED)
    tower.run(5.0)
    tower.rig.gas.leak_l_min = leak
    tower.forget()
    tower.run(20.0)
    assert set(tower.first_s) - ALSO == {"pressure_not_reached"}


def test_a_needle_before_the_peritoneum_is_misplaced_and_one_placed_right_is_not():
    tower = Tower(NEEDLE)
    tower.run(40.0)
    assert not tower.first_s
    tower = Tower(NEEDLE)
    set_values(tower.rig, checked_values({"placement": "preperitoneal"}))
    tower.run(20.0)
    assert set(tower.first_s) == {"misplacement"}


@pytest.mark.parametrize("case", [FILLING, OBESE, CHILD, INFANT, Case("tense")], ids=lambda c: c.patient)
def test_breathing_coughs_and_exchanges_raise_no_false_alarm(case):
    tower = Tower(case, seed=5)
    gas = tower.rig.gas
    share = 0.1 if case.patient == "infant" else 0.3 if case.patient == "child" else 1.0
    for burst in range(2):
        tower.run(20.0)
        for _ in range(3):
            gas.cough(share * 400.0, 0.4)
            tower.run(1.0)
        before = gas.leak_l_min
        gas.leak_l_min = before + share * 12.0  # an instrument is exchanged
        tower.run(4.0)
        gas.leak_l_min = before
        tower.run(3.0)
        assert set(tower.first_s) <= ALSO, f"in burst {burst}: {tower.first_s}"
