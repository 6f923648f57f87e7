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
from hardware.simulator.cylinder import Cylinder, vapour_pressure_bar
from hardware.simulator.lamp import Lamp
from hardware.simulator.patient import PATIENTS
from hardware.simulator.pneumatics import Pneumatics
from hardware.simulator.valve import pulse


@pytest.mark.parametrize(("pressure", "compliance"), [(10.0, 414.0), (12.0, 322.0), (15.0, 222.0), (20.0, 119.0)])
def test_the_adult_has_the_published_compliance(pressure, compliance):
    adult = PATIENTS["adult"]
    slope = (adult.gas_ml(pressure + 0.01) - adult.gas_ml(pressure - 0.01)) / 0.02
    assert slope == pytest.approx(compliance, rel=0.01)


@pytest.mark.parametrize("name", sorted(PATIENTS))
@given(pressure=st.floats(0.0, 60.0))
def test_the_curve_is_its_own_inverse_and_stiffer_above_25(name, pressure):
    patient = PATIENTS[name]
    assert patient.pressure_mmhg(patient.gas_ml(pressure)) == pytest.approx(pressure, abs=1e-6)
    below = patient.gas_ml(25.0) - patient.gas_ml(24.0)
    assert patient.gas_ml(26.0) - patient.gas_ml(25.0) < below


@pytest.mark.parametrize("name", sorted(PATIENTS))
def test_ventilation_moves_between_zero_and_the_ripple_without_jumps(name):
    patient = PATIENTS[name]
    values = [patient.ventilation_mmhg(i * 0.01) for i in range(3000)]
    assert min(values) >= 0.0
    assert max(values) == pytest.approx(patient.ripple_mmhg, rel=0.01)
    assert max(abs(b - a) for a, b in pairwise(values)) < 0.12


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


def drawn(cylinder: Cylinder, litres: float, l_min: float) -> Cylinder:
    """The cylinder after `litres` at a steady `l_min`, a second at a time."""
    for _ in range(round(litres / l_min * 60.0)):
        cylinder.draw(l_min / 60.0, 1.0)
    return cylinder


def test_the_cylinder_has_nists_vapour_pressure_until_the_liquid_is_gone():
    assert vapour_pressure_bar(20.0) + 1.013 == pytest.approx(57.29, abs=0.01)
    assert vapour_pressure_bar(10.0) + 1.013 == pytest.approx(45.02, rel=0.01)
    slowly = drawn(Cylinder(), 700.0, 0.5)
    assert slowly.pressure_bar == pytest.approx(56.3, rel=0.05)  # the room warms it
    assert slowly.has_liquid
    drawn(slowly, 270.0, 0.5)
    assert not slowly.has_liquid
    assert slowly.pressure_bar == pytest.approx(56.3 / 2, rel=0.05)


def test_a_cylinder_drawn_hard_grows_cold_and_its_pressure_falls_then_recovers():
    hard = drawn(Cylinder(), 600.0, 20.0)
    assert hard.temperature_c < 5.0
    assert hard.pressure_bar < 40.0
    assert hard.has_liquid
    for _ in range(4 * 3600):
        hard.draw(0.0, 1.0)
    assert hard.temperature_c == pytest.approx(20.0, abs=1.0)
    assert hard.pressure_bar == pytest.approx(56.3, rel=0.03)


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


def test_the_lamp_does_not_depend_on_its_step():
    lamps = [Lamp(step_s=0.010), Lamp(step_s=0.005)]
    for second in range(200):
        for lamp in lamps:
            lamp.drive, lamp.fan = (0.8, 0.4) if second % 40 < 30 else (0.1, 1.0)
            lamp.fan_dead = second > 120
            lamp.advance(1.0)
        assert lamps[0].led_c == pytest.approx(lamps[1].led_c, abs=0.05)
        assert lamps[0].current_ma == pytest.approx(lamps[1].current_ma, rel=1e-3, abs=0.1)
        assert lamps[0].light_percent == pytest.approx(lamps[1].light_percent, abs=0.05)


def test_a_bridged_led_and_an_aged_one_give_less_light_at_the_same_current():
    sound, bridged, aged = Lamp(), Lamp(), Lamp()
    bridged.led_short, aged.led_share = True, 0.5
    for lamp in (sound, bridged, aged):
        lamp.drive, lamp.fan = 0.5, 0.5
        lamp.advance(60.0)
    assert bridged.current_ma == pytest.approx(sound.current_ma, rel=0.02)
    assert bridged.light_percent == pytest.approx(sound.light_percent * 2.0 / 3.0, rel=0.05)
    assert bridged.led_c < sound.led_c - 1.0
    assert aged.light_percent == pytest.approx(0.5 * sound.light_percent, rel=0.01)


def test_the_lamp_is_hot_without_its_fan_and_gives_less_light_hot_and_old():
    cool, hot, old = Lamp(), Lamp(), Lamp(hours=20_000.0)
    for lamp in (cool, hot, old):
        lamp.drive, lamp.fan = 0.83, 1.0
    hot.fan_dead = True
    for lamp in (cool, hot, old):
        lamp.advance(600.0)
    assert cool.led_c < 65.0
    assert hot.led_c > 90.0
    assert hot.tachometer.value < 2.0
    assert hot.light_percent < cool.light_percent
    assert old.light_percent < 0.6 * cool.light_percent


def test_an_hour_of_gas_costs_little():
    """Real time in pure Python must be cheap: generous by ten against a busy machine."""
    import time

    plant = supplied(quiet(), 0.1, 0.2)
    begin_s = time.process_time()
    supplied(plant, 20.0, 0.2)
    assert time.process_time() - begin_s < 2.0
