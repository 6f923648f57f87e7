"""The plant against published figures, against itself at half the step, and against conservation of gas."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.simulator.cylinder import Cylinder, vapour_pressure_bar
from hardware.simulator.lamp import Lamp
from hardware.simulator.patient import PATIENTS
from hardware.simulator.pneumatics import ACCESSES, Pneumatics, Tube


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


@pytest.mark.parametrize("duty", [0.08, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("access", ["trocar", "veress"])
def test_halving_the_step_changes_nothing_that_matters(duty, access):
    results = []
    for step_s in (0.001, 0.0005):
        plant = quiet(step_s=step_s)
        plant.access = ACCESSES[access]
        supplied(plant, 6.0, duty)
        results.append((plant.supplied_ml, plant.abdomen_mmhg, plant.pressure_1.value))
    coarse, fine = results
    assert coarse[0] == pytest.approx(fine[0], rel=0.015)
    assert coarse[1] == pytest.approx(fine[1], abs=0.1)
    assert coarse[2] == pytest.approx(fine[2], rel=0.01, abs=0.3)


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
    lamps = [Lamp(step_s=0.005), Lamp(step_s=0.0025)]
    for lamp in lamps:
        lamp.drive, lamp.fan = 0.8, 0.4
        lamp.advance(120.0)
    assert lamps[0].led_c == pytest.approx(lamps[1].led_c, abs=0.05)
    assert lamps[0].current_ma == pytest.approx(lamps[1].current_ma, rel=1e-3)


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
