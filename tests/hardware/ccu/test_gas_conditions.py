"""Conditions of the gas side: when they come, that they come early, and when they go."""

from __future__ import annotations

import math

import pytest

from hardware.ccu import Condition
from hardware.readings import InsufflatorFault


def test_over_pressure_comes_well_before_p2_when_it_lasts(unit):
    unit.see(11.0, times=10)
    assert Condition.OVER_PRESSURE not in unit.see(15.5, times=140).conditions
    assert Condition.OVER_PRESSURE in unit.see(15.5, times=20).conditions
    assert Condition.OVER_PRESSURE in unit.see(14.2).conditions
    assert Condition.OVER_PRESSURE not in unit.see(13.5).conditions


def test_a_breath_or_a_cough_is_no_over_pressure(unit):
    for _ in range(6):
        assert Condition.OVER_PRESSURE not in unit.see(13.5, times=100).conditions
        assert Condition.OVER_PRESSURE not in unit.see(18.0, times=30).conditions


def test_at_p2_over_pressure_and_relief_are_told_at_once(unit):
    conditions = unit.see(22.0, relief_open=True).conditions
    assert {Condition.OVER_PRESSURE, Condition.RELIEF_OPEN} <= conditions


def test_looks_of_the_relief_valve_are_one_occurrence_and_the_line_it_lowers_ends_no_over_pressure(unit):
    unit.see(11.0, times=10, requested=False)
    for _ in range(4):
        told = {Condition.OVER_PRESSURE, Condition.RELIEF_OPEN}
        assert told <= unit.see(24.0, times=5, requested=False, relief_open=True).conditions
        assert told <= unit.see(6.0, times=20, requested=False, relief_open=True).conditions
        assert told <= unit.see(6.0, times=8, requested=False, relief_open=False).conditions
        assert told <= unit.see(18.0, times=5, requested=False, relief_open=False).conditions
    assert unit.see(11.0, times=60, requested=False, relief_open=False).conditions == frozenset()


def test_what_our_own_stroke_put_into_the_line_may_go_out_untold_but_not_for_long(unit):
    unit.see(11.0, times=10)
    for _ in range(5):
        unit.see(20.0, duty=0.5, solenoid_open=True)
        output = unit.see(20.0, times=6, duty=0.0, solenoid_open=False, relief_open=True)
        assert Condition.RELIEF_OPEN not in output.conditions
        unit.see(11.0, times=5, duty=0.0, solenoid_open=False, relief_open=False)
    unit.see(20.0, duty=0.5, solenoid_open=True)
    output = unit.see(20.0, times=17, duty=0.0, solenoid_open=False, relief_open=True)
    assert Condition.RELIEF_OPEN in output.conditions


def test_cylinder_low_then_empty_with_hysteresis(unit):
    assert unit.see(5.0, cylinder_bar=16.0).conditions == frozenset()
    assert unit.see(5.0, cylinder_bar=14.9).conditions == {Condition.CYLINDER_LOW}
    assert unit.see(5.0, cylinder_bar=16.0).conditions == {Condition.CYLINDER_LOW}
    assert unit.see(5.0, cylinder_bar=2.9).conditions == {Condition.CYLINDER_EMPTY}
    assert unit.see(5.0, cylinder_bar=57.0).conditions == frozenset()


@pytest.mark.parametrize(
    "broken",
    [{"cylinder_bar": 300.0}, {"cylinder_bar": math.nan}, {"faults": InsufflatorFault.CYLINDER_SENSOR}],
)
def test_a_cylinder_sensor_that_cannot_be_right_is_a_fault_and_what_was_known_stands(unit, broken):
    assert unit.see(5.0, **broken).conditions == {Condition.CYLINDER_SENSOR_FAULT}
    unit.see(5.0, cylinder_bar=2.0)
    assert unit.see(5.0, **broken).conditions == {Condition.CYLINDER_SENSOR_FAULT, Condition.CYLINDER_EMPTY}
    assert unit.see(5.0, cylinder_bar=57.0).conditions == frozenset()


def test_slow_but_steady_filling_is_no_leak(unit):
    """1 l/min into an adult: 0.02 mmHg/s."""
    for second in range(120):
        pressure = 5.0 + 0.02 * second
        output = unit.see(pressure, times=50, flow_l_min=1.0, flow_setpoint_l_min=1.0, gas_used_l=second / 60.0)
        assert output.conditions == frozenset()


def test_much_gas_without_effect_is_told_and_cleared_by_getting_on(unit):
    for second in range(25):
        breath = 1.5 * (second % 5 == 1)  # breathing must not look like getting on
        output = unit.see(6.0 + breath, times=50, flow_l_min=10.0, gas_used_l=second / 6.0)
        told = output.conditions
    assert told == {Condition.PRESSURE_NOT_REACHED}
    # The next pause shows it; a stroke lasts 2.5 s at most.
    assert unit.see(8.5, times=250, flow_l_min=10.0, gas_used_l=5.0).conditions == frozenset()


def test_too_little_gas_is_told(unit):
    output = unit.see(6.0, times=50 * 17, flow_l_min=0.5)
    assert output.conditions == {Condition.PRESSURE_NOT_REACHED}


def test_no_gas_at_all_with_a_full_cylinder_is_a_valve_and_with_an_empty_one_the_cylinder(unit):
    assert unit.see(6.0, times=50 * 17, flow_l_min=0.0).conditions == {Condition.VALVE_FAULT}
    assert unit.see(6.0, times=50 * 17, flow_l_min=0.0, cylinder_bar=1.0).conditions == {Condition.CYLINDER_EMPTY}


def test_without_a_good_pressure_sensor_all_else_is_still_told(unit):
    unit.see(16.0, times=200, requested=False)
    output = unit.see(
        pressure_mmhg=math.nan,
        pressure2_mmhg=math.inf,
        cylinder_bar=2.0,
        faults=InsufflatorFault.WATCHDOG | InsufflatorFault.OWN_LIMIT,
    )
    assert output.conditions == {
        Condition.SENSOR_FAULT,
        Condition.OVER_PRESSURE,  # nobody has seen it fall
        Condition.CYLINDER_EMPTY,
        Condition.INSUFFLATOR_WATCHDOG,
        Condition.INSUFFLATOR_OWN_LIMIT,
    }


def test_a_stroke_that_shows_p2_for_a_moment_is_no_over_pressure(unit):
    unit.see(11.0, times=10)
    for _ in range(20):
        output = unit.see(25.0, duty=0.5, solenoid_open=True)
        assert Condition.OVER_PRESSURE not in output.conditions
        assert output.insufflator.relief_open  # and is let out all the same
        assert Condition.OVER_PRESSURE not in unit.see(11.0, times=5).conditions


def test_with_the_gas_off_a_low_pressure_is_no_alarm(unit):
    assert unit.see(2.0, times=50 * 30, requested=False).conditions == frozenset()
