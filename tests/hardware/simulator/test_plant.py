"""The plant against published figures, against itself at half the step, and against conservation of gas."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.simulator.access import ACCESSES, Placement, Tube
from hardware.simulator.patient import PATIENTS
from hardware.simulator.pneumatics import Pneumatics
from hardware.simulator.valve import pulse


def supplied(plant: Pneumatics, seconds: float, duty: float) -> Pneumatics:
    plant.solenoid_open, plant.duty = True, duty
    for _ in range(round(seconds * 50)):
        plant.advance(0.02)
    return plant


def quiet(**options) -> Pneumatics:
    plant = Pneumatics(PATIENTS["adult"], seed=3, **options)
    plant.leak_l_min = 0.0
    return plant


@pytest.mark.parametrize("duty", [0.02, 0.08, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("access", sorted(ACCESSES))
def test_halving_the_step_changes_nothing_that_matters(duty, access):
    results = []
    for step_s in (0.001, 0.0005):
        plant = quiet(step_s=step_s)
        plant.access = ACCESSES[access]
        supplied(plant, 6.0, duty)
        results.append((plant.supplied_ml, plant.abdomen_mmhg, plant.pressure_1.value))
    coarse, fine = results
    assert coarse[0] == pytest.approx(fine[0], rel=0.003, abs=0.1)
    assert coarse[1] == pytest.approx(fine[1], abs=0.02)
    assert coarse[2] == pytest.approx(fine[2], rel=0.01, abs=0.15)


def busy_minute(plant: Pneumatics, access: str) -> list[tuple[float, ...]]:
    """Everything at once: pulses of all widths, valves, leaks, cough, hand, suction, a preperitoneal tip."""
    choice = random.Random(5)
    plant.access = ACCESSES[access]
    plant.fill_to(11.0)
    plant.leak_l_min = 2.0
    series = []
    for cycle in range(3000):
        if cycle % 50 == 0:
            plant.duty = choice.choice((0.0, 0.0, 0.02, 0.05, 0.1, 0.3))
            plant.solenoid_open = plant.duty > 0.0 and choice.random() < 0.8
            plant.relief_open = choice.random() < 0.05
        match cycle:
            case 500:
                plant.cough(1500.0, 0.4)
            case 800:
                plant.press(600.0, 1.0, 8.0)
            case 1300:
                plant.suck(12.0, 4.0)
            case 1600:
                plant.leak_for(20.0, 3.0)
            case 1900:
                plant.patient = replace(plant.patient, relaxation=0.4)
            case 2300:
                plant.placement = Placement.PREPERITONEAL
            case 2500:
                plant.placement, plant.tube = Placement.PERITONEAL, Tube.KINKED
            case 2700:
                plant.tube = Tube.PULLED
        plant.advance(0.02)
        readings = plant.pressure_1.value, plant.flow.value
        series.append((plant.abdomen_mmhg, plant.node_mmhg, plant.supplied_ml, *readings))
    return series


def apart(one: list[tuple[float, ...]], other: list[tuple[float, ...]]) -> list[float]:
    return [max(abs(a[k] - b[k]) for a, b in zip(one, other, strict=True)) for k in range(5)]


@pytest.mark.parametrize("access", sorted(ACCESSES))
def test_halving_the_step_changes_nothing_whatever_happens(access):
    coarse = busy_minute(Pneumatics(PATIENTS["adult"], seed=1), access)
    fine = busy_minute(Pneumatics(PATIENTS["adult"], seed=1, step_s=0.0005), access)
    abdomen_mmhg, line_mmhg, supplied_ml, _, _ = apart(coarse, fine)
    assert abdomen_mmhg < 0.05
    assert line_mmhg < 1.5  # the moment of a peak, not its height
    assert supplied_ml < 0.003 * fine[-1][2]


@given(start=st.floats(0.0, 1.0), duty=st.floats(0.0, 1.0))
def test_the_valve_follows_its_drive_exactly(start, duty):
    """Against the same first-order valve in steps so small that their kind does not matter."""
    openings, after = pulse(start, duty * 0.02, 20, 0.001, 0.002, 0.1)
    travel, fine_s, kept = start, 2e-5, math.exp(-2e-5 / 0.002)
    mean = [0.0] * 20
    for index in range(1000):
        drive = 1.0 if (index + 0.5) * fine_s < duty * 0.02 else 0.0
        moved = drive + (travel - drive) * kept
        mean[index // 50] += max(0.0, 0.5 * (travel + moved) - 0.1) / 0.9 / 50.0
        travel = moved
    assert after == pytest.approx(travel, abs=0.006)
    assert openings == pytest.approx(mean, abs=0.012)


class Restless(Pneumatics):
    """Every step in full, also where nothing flows."""

    def _at_rest(self) -> bool:
        return False


@pytest.mark.parametrize("access", ["trocar", "veress"])
def test_periods_at_rest_are_as_if_integrated_in_full(access):
    short = busy_minute(Pneumatics(PATIENTS["adult"], seed=1), access)
    full = busy_minute(Restless(PATIENTS["adult"], seed=1), access)
    abdomen_mmhg, line_mmhg, supplied_ml, pressure_mmhg, flow_l_min = apart(short, full)
    assert abdomen_mmhg < 0.005
    assert line_mmhg < 0.05
    assert supplied_ml < 0.01
    assert pressure_mmhg < 0.11  # two steps of the converter
    assert flow_l_min < 0.05


def test_a_pulse_gives_its_gas_whatever_the_step_even_the_narrowest():
    """At 2 % the valve hardly leaves its dead travel: what comes must be the physics', not the step's."""
    gas_ml = []
    for step_s in (0.001, 0.0002):
        plant = quiet(step_s=step_s)
        gas_ml.append(supplied(plant, 5.0, 0.02).supplied_ml)
    assert gas_ml[0] > 5.0
    assert gas_ml[0] == pytest.approx(gas_ml[1], rel=0.01)


def test_halving_the_step_changes_nothing_while_venting():
    results = []
    for step_s in (0.001, 0.0005):
        plant = quiet(step_s=step_s)
        plant.fill_to(24.0)
        plant.relief_open = True
        plant.advance(3.0)
        results.append(plant.abdomen_mmhg)
    assert results[0] == pytest.approx(results[1], abs=0.05)
    assert results[0] < 20.0


def test_advance_in_any_portions_is_the_same():
    whole, crumbs = quiet(), quiet()
    for plant in (whole, crumbs):
        plant.solenoid_open, plant.duty = True, 0.3
    whole.advance(1.0)
    for _ in range(3000):
        crumbs.advance(1.0 / 3000)
    crumbs.advance(1e-6)
    assert crumbs.time_s == pytest.approx(whole.time_s)
    assert crumbs.abdomen_mmhg == pytest.approx(whole.abdomen_mmhg, abs=1e-5)


def test_gas_is_conserved():
    plant = supplied(quiet(), 10.0, 0.3)
    in_line_ml = plant.node_mmhg * plant.node_compliance_ml_mmhg
    uptake_ml = PATIENTS["adult"].uptake_ml_min / 6.0
    assert plant.abdomen_ml + in_line_ml + uptake_ml == pytest.approx(plant.supplied_ml, rel=1e-3)
    assert (1100.0 - plant.cylinder.left_l) * 1000.0 == pytest.approx(plant.supplied_ml, rel=1e-6)
    assert plant.gas_used_l * 1000.0 == pytest.approx(plant.supplied_ml, rel=0.02)


def test_gas_comes_in_pulses_of_equal_height_whose_width_is_the_duty():
    widths = {}
    for duty in (0.2, 0.4):
        plant = supplied(quiet(step_s=0.00025), 1.0, duty)
        flows = []
        for _ in range(4000):
            plant.advance(0.00025)
            flows.append(plant.supply_l_min)
        high = max(flows)
        assert 35.0 < high < 55.0
        assert min(flows) == 0.0
        rises = sum(1 for a, b in pairwise(flows) if a == 0.0 < b)
        assert 49 <= rises <= 51  # a second
        widths[duty] = sum(f > 0.5 * high for f in flows) / len(flows)
    assert widths[0.4] - widths[0.2] == pytest.approx(0.2, abs=0.05)


def test_the_line_lies_above_the_abdomen_while_gas_flows_and_not_in_a_pause():
    plant = supplied(quiet(), 5.0, 0.45)  # 20 l/min
    assert plant.pressure_1.value - plant.abdomen_mmhg > 3.0
    plant.duty, plant.solenoid_open = 0.0, False
    plant.advance(0.2)
    assert plant.pressure_1.value == pytest.approx(plant.abdomen_mmhg, abs=0.4)


def test_either_valve_alone_holds_the_gas():
    for open_duty, solenoid in ((1.0, False), (0.0, True)):
        plant = quiet()
        plant.duty, plant.solenoid_open = open_duty, solenoid
        plant.advance(5.0)
        assert plant.supplied_ml == 0.0


def test_the_needle_lets_4_mmhg_through_at_1_l_min():
    plant = quiet()
    plant.access = ACCESSES["veress"]
    supplied(plant, 3.0, 0.043)
    flow = plant.flow.value
    assert 0.7 < flow < 1.3
    assert 2.0 <= plant.pressure_1.value <= 8.0  # placed right


def test_an_empty_cylinder_gives_no_more():
    plant = quiet()
    plant.cylinder.left_l = 1.0
    supplied(plant, 20.0, 1.0)
    assert plant.supplied_ml <= 1000.0 + 1e-6
    assert plant.cylinder_sensor.value < 1.0


def test_kinked_and_pulled_tubes_show_at_the_sensors():
    kinked, pulled = quiet(), quiet()
    for plant in (kinked, pulled):
        plant.fill_to(12.0)
    kinked.tube, pulled.tube = Tube.KINKED, Tube.PULLED
    supplied(kinked, 1.0, 0.3)
    supplied(pulled, 5.0, 0.3)
    assert kinked.pressure_1.value > 40.0
    assert kinked.abdomen_mmhg < 15.0
    assert pulled.pressure_1.value < 6.0
    assert pulled.abdomen_mmhg < 11.0


def test_a_cough_passes_and_leaves_the_gas_where_it_was():
    plant = quiet()
    plant.fill_to(12.0)
    before_ml = plant.abdomen_ml
    plant.cough(1800.0, 0.4)
    peak = 0.0
    for _ in range(30):
        plant.advance(0.02)
        peak = max(peak, plant.abdomen_mmhg)
    assert peak > 18.0
    plant.advance(0.5)
    assert plant.abdomen_ml == pytest.approx(before_ml, abs=5.0)


def test_a_hand_comes_slowly_stays_and_goes():
    plant = quiet()
    plant.patient = replace(plant.patient, ripple_mmhg=0.0, uptake_ml_min=0.0)
    plant.fill_to(12.0)
    plant.advance(6.0)
    before = plant.abdomen_mmhg
    plant.press(800.0, 2.0, 10.0)
    plant.advance(1.0)
    half = plant.abdomen_mmhg
    plant.advance(4.0)
    assert before + 0.5 < half < plant.abdomen_mmhg - 0.5
    assert plant.abdomen_mmhg - before == pytest.approx(800.0 / 322.0, rel=0.25)  # by the published compliance
    plant.advance(6.0)
    assert plant.abdomen_mmhg == pytest.approx(before, abs=0.05)


def test_suction_and_a_passing_leak_take_the_gas_they_say_for_as_long_as_they_say():
    for take, expected_ml in (
        (lambda plant: plant.suck(12.0, 5.0), 1000.0),
        (lambda plant: plant.leak_for(12.0, 5.0), 1000.0),  # at 12 mmHg as referred to, a little less below
    ):
        plant = quiet()
        plant.patient = replace(plant.patient, ripple_mmhg=0.0, uptake_ml_min=0.0)
        plant.fill_to(12.0)
        full_ml = plant.abdomen_ml
        take(plant)
        plant.advance(10.0)
        assert full_ml - plant.abdomen_ml == pytest.approx(expected_ml, rel=0.12)
        after_ml = plant.abdomen_ml
        plant.advance(5.0)
        assert plant.abdomen_ml == pytest.approx(after_ml, abs=1.0)


def test_suction_takes_no_more_than_there_is():
    plant = quiet()
    plant.fill_to(2.0)
    plant.suck(30.0, 10.0)
    plant.advance(10.0)
    assert plant.abdomen_ml < 0.1
    assert plant.abdomen_mmhg > -1.0


@pytest.mark.parametrize(("placement", "pressure"), [("peritoneal", (2.0, 8.0)), ("preperitoneal", (9.0, 30.0))])
def test_a_misplaced_needle_shows_the_published_pressures_at_1_l_min(placement, pressure):
    plant = quiet()
    plant.access, plant.placement = ACCESSES["veress"], Placement(placement)
    supplied(plant, 8.0, 0.045)
    assert 0.6 < plant.flow.value < 1.4
    assert pressure[0] < plant.pressure_1.value < pressure[1]
    assert (plant.abdomen_ml < 5.0) == (placement == "preperitoneal")


def test_a_tip_against_the_bowel_lets_the_gas_in_at_a_high_pressure():
    plant = quiet()
    plant.access, plant.placement = ACCESSES["veress"], Placement.COVERED
    supplied(plant, 8.0, 0.045)
    assert plant.pressure_1.value > 12.0
    assert plant.abdomen_ml > 50.0


def test_without_relaxation_the_abdomen_takes_less_gas_and_presses():
    relaxed, tense = PATIENTS["adult"], replace(PATIENTS["adult"], relaxation=0.0)
    assert tense.gas_ml(12.0) < 0.7 * relaxed.gas_ml(12.0)
    breaths = [i * 0.02 for i in range(3000)]
    assert max(map(relaxed.ventilation_mmhg, breaths)) == pytest.approx(1.5, abs=0.01)
    assert max(map(tense.ventilation_mmhg, breaths)) > 5.0
    steps = [abs(b - a) for a, b in pairwise(map(tense.ventilation_mmhg, breaths))]
    assert max(steps) < 0.15


def test_relaxation_that_wears_off_raises_the_pressure_of_the_gas_that_is_in():
    plant = quiet()
    plant.fill_to(12.0)
    gas_ml = plant.abdomen_ml
    plant.patient = replace(plant.patient, relaxation=0.3)
    plant.advance(0.02)
    assert plant.abdomen_mmhg > 14.0
    assert plant.abdomen_ml == pytest.approx(gas_ml, abs=6.0)  # a little goes back into the line


def test_a_partly_kinked_tube_and_a_leaking_relief_show_at_the_line():
    free, kinked, leaking = quiet(), quiet(), quiet()
    for plant in (free, kinked, leaking):
        plant.fill_to(10.0)
    kinked.tube, kinked.kink_factor = Tube.KINKED, 10.0
    leaking.relief_leak_l_min = 5.0
    for plant in (free, kinked, leaking):
        supplied(plant, 3.0, 0.2)
    assert kinked.pressure_1.value > free.pressure_1.value + 3.0
    assert leaking.pressure_1.value < free.pressure_1.value
    assert leaking.abdomen_ml < free.abdomen_ml - 150.0  # 5 l/min for 3 s


def test_the_regulator_droops_with_flow_and_gives_what_a_poor_one_can():
    strong, poor = quiet(), quiet()
    poor.cylinder.regulator_share = 0.2
    for plant in (strong, poor):
        supplied(plant, 3.0, 1.0)
    assert 40.0 < strong.flow.value < 50.0  # 50 at the nominal pressure
    assert poor.flow.value < 0.55 * strong.flow.value


def test_readings_are_noisy_quantised_and_repeatable_by_seed():
    def series(seed: int) -> list[float]:
        plant = Pneumatics(PATIENTS["adult"], seed=seed)
        plant.fill_to(12.0)
        values = []
        for _ in range(50):
            plant.advance(0.02)
            values.append(plant.pressure_1.value)
        return values

    one = series(1)
    assert len(set(one)) > 2
    assert all(math.isclose(v / 0.05, round(v / 0.05), abs_tol=1e-6) for v in one)
    assert one == series(1)
    assert one != series(2)


def test_an_hour_of_gas_costs_little():
    """Real time in pure Python must be cheap: generous by ten against a busy machine."""
    import time

    plant = supplied(quiet(), 0.1, 0.2)
    begin_s = time.process_time()
    supplied(plant, 20.0, 0.2)
    assert time.process_time() - begin_s < 2.0
