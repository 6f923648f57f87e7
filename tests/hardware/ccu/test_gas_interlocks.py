"""Bad readings close the valves and are named; nothing but a fresh, healthy reading opens one."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.ccu import Condition, Phase
from hardware.ccu.interlocks import InterlockState, interlock_gas
from hardware.ccu.params import InterlockParams
from hardware.gas_modes import InsufflationMode
from hardware.limits import relief_limit_mmhg
from hardware.readings import InsufflatorDrive, InsufflatorFault, InsufflatorReading


@pytest.fixture
def flowing(unit):
    unit.see(5.0, times=10)
    assert unit.see(6.5, times=20).insufflator.solenoid_open
    return unit


def closed(output) -> bool:
    return output.insufflator.duty == 0.0 and not output.insufflator.solenoid_open


def test_no_reading_closes(unit):
    output = unit.give(None)
    assert closed(output)
    assert not output.insufflator.relief_open
    assert output.phase is Phase.NO_READING
    assert output.p2_mmhg is None


def test_a_reading_older_than_300_ms_closes(flowing, gas_reading):
    reading = gas_reading(flowing.now_s, 6.5, flow_l_min=10.0)
    assert not closed(flowing.give(reading))
    flowing.now_s += 0.28
    assert flowing.give(reading).phase is not Phase.NO_READING
    flowing.now_s += 0.04
    output = flowing.give(reading)
    assert closed(output)
    assert output.phase is Phase.NO_READING


def test_a_reading_from_the_future_is_of_another_clock(flowing, gas_reading):
    assert closed(flowing.give(gas_reading(flowing.now_s + 5.0, 6.5)))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 150.0, -20.0])
@pytest.mark.parametrize("sensor", ["pressure_mmhg", "pressure2_mmhg", "flow_l_min"])
def test_an_impossible_value_closes_and_alarms(flowing, sensor, value):
    output = flowing.see(6.5, **{sensor: value})
    assert closed(output)
    assert Condition.SENSOR_FAULT in output.conditions
    assert len(output.faulty_sensors) == 1
    assert output.phase is Phase.HELD
    assert flowing.see(6.5, times=30).conditions == frozenset()  # well again


@pytest.mark.parametrize(
    "bit",
    [InsufflatorFault.PRESSURE_SENSOR_1, InsufflatorFault.PRESSURE_SENSOR_2, InsufflatorFault.FLOW_SENSOR],
)
def test_a_fault_bit_closes_whatever_the_value(flowing, bit):
    output = flowing.see(6.5, faults=bit)
    assert closed(output)
    assert Condition.SENSOR_FAULT in output.conditions


def test_the_good_sensor_still_opens_the_relief(flowing):
    output = flowing.see(6.5, pressure_mmhg=math.nan, pressure2_mmhg=23.0)
    assert output.insufflator.relief_open
    assert flowing.see(6.5, pressure_mmhg=math.nan, pressure2_mmhg=15.0).insufflator.relief_open
    output = flowing.see(6.5, times=30, pressure_mmhg=math.nan, pressure2_mmhg=11.0)
    assert not output.insufflator.relief_open


def test_sensors_that_stay_apart_close_and_alarm_and_one_blip_does_not(flowing):
    output = flowing.see(6.5, times=5, pressure2_mmhg=9.5)
    assert Condition.SENSOR_DISAGREEMENT not in output.conditions
    flowing.see(6.5, times=5)
    output = flowing.see(6.5, times=15, pressure2_mmhg=9.5)
    assert Condition.SENSOR_DISAGREEMENT in output.conditions
    assert closed(output)
    # Agreement for a moment is not trusted yet, agreement for two seconds is.
    assert Condition.SENSOR_DISAGREEMENT in flowing.see(6.5, times=25).conditions
    output = flowing.see(6.5, times=150)
    assert Condition.SENSOR_DISAGREEMENT not in output.conditions


@pytest.mark.parametrize("p1", [math.nan, 0.0, 31.0, -5.0, 655.35])
def test_an_impossible_setpoint_closes(flowing, p1):
    output = flowing.see(0.5, pressure_setpoint_mmhg=p1)
    assert closed(output)
    assert output.p2_mmhg is None
    assert Condition.SENSOR_FAULT in output.conditions
    assert output.faulty_sensors == ("set values",)


@pytest.mark.parametrize(
    ("bit", "condition"),
    [
        (InsufflatorFault.WATCHDOG, Condition.INSUFFLATOR_WATCHDOG),
        (InsufflatorFault.OWN_LIMIT, Condition.INSUFFLATOR_OWN_LIMIT),
    ],
)
def test_what_the_module_did_by_itself_is_told_and_respected(flowing, bit, condition):
    output = flowing.see(6.5, faults=bit)
    assert closed(output)
    assert condition in output.conditions


OPEN = InsufflatorDrive(duty=0.5, solenoid_open=True)


@pytest.mark.parametrize("pressures", [(12.0, 12.0), (11.0, 12.0), (12.0, 11.0), (21.9, 21.8)])
def test_at_p1_no_order_of_the_law_keeps_a_valve_open(gas_reading, pressures):
    reading = gas_reading(1.0, pressure_mmhg=pressures[0], pressure2_mmhg=pressures[1])
    _, drive, _ = interlock_gas(InterlockState(), OPEN, reading, 1.0, InterlockParams())
    assert drive == InsufflatorDrive()


def test_a_good_reading_lets_the_order_through_unchanged(gas_reading):
    _, drive, conditions = interlock_gas(InterlockState(), OPEN, gas_reading(1.0, 11.9), 1.0, InterlockParams())
    assert drive == OPEN
    assert conditions == frozenset()


def test_set_values_outside_the_mode_they_are_read_back_with_are_faulty(flowing):
    output = flowing.see(6.5, mode=InsufflationMode.PAEDIATRIC, pressure_setpoint_mmhg=16.0, flow_setpoint_l_min=1.0)
    assert closed(output)
    assert output.faulty_sensors == ("set values",)
    output = flowing.see(6.5, mode=InsufflationMode.VERESS, pressure_setpoint_mmhg=12.0, flow_setpoint_l_min=10.0)
    assert closed(output)
    assert output.faulty_sensors == ("set values",)


def gas_though_shut(gas_reading, pressure, *, flow, seconds=0.5, **options):
    """Relief orders of a while in which the valves are shut and this flow is measured."""
    state, orders = InterlockState(), []
    for cycle in range(round(seconds * 50)):
        now_s = 1.0 + 0.02 * cycle
        reading = gas_reading(now_s, pressure, flow_l_min=flow)
        state, drive, _ = interlock_gas(state, OPEN, reading, now_s, InterlockParams(), **options)
        orders.append(drive.relief_open)
    return orders


def test_gas_that_cannot_be_shut_off_is_let_out_from_p1_on(gas_reading):
    orders = gas_though_shut(gas_reading, 13.0, flow=40.0)
    assert not any(orders[:10])  # the echo of a stroke in the flow sensor
    assert orders[-1]
    assert not any(gas_though_shut(gas_reading, 11.0, flow=40.0))  # below P1
    assert not any(gas_though_shut(gas_reading, 13.0, flow=1.0))  # a flow sensor's drift
    assert not any(gas_though_shut(gas_reading, 13.0, flow=40.0, distrusted=("flow sensor",)))


def test_a_frozen_high_sensor_neither_lets_gas_flow_nor_empties_the_patient(gas_reading):
    reading = gas_reading(1.0, pressure_mmhg=23.0, pressure2_mmhg=8.0)
    _, drive, conditions = interlock_gas(
        InterlockState(), OPEN, reading, 1.0, InterlockParams(), distrusted=("pressure sensor 1",)
    )
    assert drive == InsufflatorDrive()
    assert conditions == {Condition.SENSOR_FAULT}


def test_a_valve_fault_holds_the_supply_and_leaves_the_relief(gas_reading):
    _, drive, _ = interlock_gas(InterlockState(), OPEN, gas_reading(1.0, 8.0), 1.0, InterlockParams(), hold_supply=True)
    assert drive == InsufflatorDrive()
    _, drive, _ = interlock_gas(
        InterlockState(), OPEN, gas_reading(1.0, 23.0), 1.0, InterlockParams(), hold_supply=True
    )
    assert drive == InsufflatorDrive(relief_open=True)


VALUES = st.one_of(
    st.floats(0.0, 40.0), st.floats(-10.0, 120.0), st.sampled_from([math.nan, math.inf, -math.inf, 12.0, 22.0, 30.0])
)


@given(
    duty=st.floats(0.0, 1.0),
    solenoid=st.booleans(),
    relief=st.booleans(),
    p=VALUES,
    p_2=VALUES,
    flow=VALUES,
    p1=VALUES,
    running=st.booleans(),
    age_s=st.one_of(st.floats(0.0, 0.3), st.floats(-1.0, 1.0)),
    faults=st.one_of(st.just(0), st.integers(0, 63)),
    disagreement=st.booleans(),
)
def test_whatever_is_ordered_the_last_word_only_makes_it_safer(
    duty, solenoid, relief, p, p_2, flow, p1, running, age_s, faults, disagreement
):
    reading = InsufflatorReading(
        100.0, p, p_2, flow, 50.0, 0.0, 0.0, False, False, running, p1, 10.0, InsufflatorFault(faults)
    )
    order = InsufflatorDrive(duty, solenoid, relief)
    state = replace(InterlockState(), disagreement=disagreement)
    _, drive, _ = interlock_gas(state, order, reading, 100.0 + age_s, InterlockParams())
    opens = drive.duty > 0.0 or drive.solenoid_open
    assert drive.duty <= duty
    assert solenoid or not drive.solenoid_open
    if opens:
        assert running
        assert max(p, p_2) < p1
        assert not drive.relief_open
        assert age_s <= 0.3
        assert not disagreement
        assert math.isfinite(p + p_2 + flow)
    healthy = [
        v
        for v, bit in ((p, InsufflatorFault.PRESSURE_SENSOR_1), (p_2, InsufflatorFault.PRESSURE_SENSOR_2))
        if math.isfinite(v) and -5.0 <= v <= 100.0 and not faults & bit
    ]
    if healthy and max(healthy) >= relief_limit_mmhg(p1) and 0.0 <= age_s <= 0.3:
        assert drive.relief_open


def test_an_outage_does_not_end_the_relief_half_way(gas_reading):
    params = InterlockParams()
    above_p2 = gas_reading(10.0, 23.0)
    state, drive, _ = interlock_gas(InterlockState(), InsufflatorDrive(), above_p2, 10.0, params)
    assert drive.relief_open
    state, drive, _ = interlock_gas(state, InsufflatorDrive(), above_p2, 11.0, params)  # nothing new for a second
    assert not drive.relief_open  # the module's own limit guards
    state, drive, _ = interlock_gas(state, InsufflatorDrive(), gas_reading(11.1, 18.0), 11.1, params)
    assert drive.relief_open  # still above P1


def test_both_sensors_beyond_their_range_are_believed_as_far_as_the_relief_goes(gas_reading):
    params = InterlockParams()
    drive_open = InsufflatorDrive(0.4, True)
    beyond = gas_reading(10.0, 122.0)
    _, drive, conditions = interlock_gas(InterlockState(), drive_open, beyond, 10.0, params)
    assert drive == InsufflatorDrive(relief_open=True)
    assert Condition.SENSOR_FAULT in conditions
    one = gas_reading(10.0, 8.0, pressure2_mmhg=122.0)  # one alone is a broken wire
    _, drive, _ = interlock_gas(InterlockState(), drive_open, one, 10.0, params)
    assert drive == InsufflatorDrive()
