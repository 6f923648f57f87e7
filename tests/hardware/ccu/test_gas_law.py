"""The mission's gas law at its edges, reading by reading."""

from __future__ import annotations

import statistics

import pytest

from hardware.ccu import Phase
from hardware.limits import relief_limit_mmhg

CLOSED = (0.0, False)


def supply(output) -> tuple[float, bool]:
    return output.insufflator.duty, output.insufflator.solenoid_open


def in_stroke(unit, **changes):
    """Gas on, flowing for a while at 5 mmHg of 12."""
    unit.see(5.0, times=10)
    output = unit.see(6.5, times=20, **changes)
    assert output.insufflator.solenoid_open
    return output


def last_duty(unit, *, flow: float) -> float:
    """Duty late in the strokes of two seconds in which this flow is measured."""
    duties = [
        o.insufflator.duty for o in (unit.see(6.5, flow_l_min=flow) for _ in range(100)) if o.insufflator.solenoid_open
    ]
    return duties[-1]


def test_nothing_opens_until_gas_is_wanted_by_people_and_module(unit):
    assert supply(unit.see(5.0, times=50, requested=False)) == CLOSED
    output = unit.see(5.0, times=50, running=False)
    assert supply(output) == CLOSED
    assert output.phase is Phase.STOPPED


def test_below_p1_too_little_flow_raises_the_duty_and_too_much_lowers_it(unit):
    in_stroke(unit, flow_l_min=10.0)
    just = last_duty(unit, flow=10.0)
    little = last_duty(unit, flow=6.0)
    assert little > just + 0.1
    much = last_duty(unit, flow=14.0)
    assert much < little - 0.1


def test_duty_saturates_and_does_not_wind_up(unit):
    """Ten seconds without any flow (an empty cylinder), then plenty: the duty comes down within a second."""
    for _ in range(25):  # strokes and pauses go on; look at strokes only
        output = unit.see(6.5, times=20, flow_l_min=0.0)
    assert output.insufflator.duty <= 1.0
    for _ in range(50):
        output = unit.see(6.5, flow_l_min=30.0)
        if output.insufflator.solenoid_open and output.insufflator.duty < 0.3:
            break
    else:
        pytest.fail("the integral had wound up")


@pytest.mark.parametrize("pressure", [12.0, 12.01, 15.0, 21.9])
def test_at_or_above_p1_both_valves_close_in_the_same_step(unit, pressure):
    in_stroke(unit)
    output = unit.see(pressure)
    assert supply(output) == CLOSED
    assert not output.insufflator.relief_open
    assert unit.state.gas.drive == output.insufflator  # the law by itself, not only the interlock behind it


def test_one_sensor_at_p1_is_enough(unit):
    in_stroke(unit)
    assert supply(unit.see(11.0, pressure2_mmhg=12.0)) == CLOSED


def test_gas_comes_again_below_p1(unit):
    in_stroke(unit)
    unit.see(12.5, times=25)
    assert supply(unit.see(12.0, times=25)) == CLOSED
    opened = [unit.see(9.0).insufflator.solenoid_open for _ in range(400)]
    assert any(opened)


def test_the_setpoint_that_counts_is_the_one_read_back(unit):
    in_stroke(unit)
    assert supply(unit.see(9.0, pressure_setpoint_mmhg=8.0)) == CLOSED


def test_flow_tapers_towards_p1(unit):
    unit.see(11.0, times=20)
    wanted = []
    for _ in range(100):
        unit.see(11.2, flow_l_min=3.0)
        wanted.append(unit.state.gas.wanted_flow_l_min)
    assert max(wanted) < 7.0  # the setpoint is 10


@pytest.mark.parametrize(("p1", "p2"), [(1.0, 11.0), (12.0, 22.0), (20.0, 30.0), (25.0, 30.0), (30.0, 30.0)])
def test_p2_is_p1_plus_10_and_never_above_30(unit, p1, p2):
    assert relief_limit_mmhg(p1) == p2
    assert unit.see(0.5, pressure_setpoint_mmhg=p1).p2_mmhg == p2
    assert not unit.see(p2 - 0.05, pressure_setpoint_mmhg=p1).insufflator.relief_open
    output = unit.see(p2, pressure_setpoint_mmhg=p1)
    assert output.insufflator.relief_open
    assert supply(output) == CLOSED
    assert output.phase is Phase.RELIEF


@pytest.mark.parametrize("requested", [True, False])
def test_relief_stays_open_until_below_p1_even_with_the_gas_off(unit, requested):
    unit.see(22.5, requested=requested)
    for pressure in (21.0, 15.0, 12.5, 12.0):
        assert unit.see(pressure, times=5, requested=requested).insufflator.relief_open
    assert not unit.see(11.9, requested=requested).insufflator.relief_open
    assert not unit.see(11.9, requested=requested, times=20).insufflator.relief_open


def test_relief_looks_again_at_rest_because_the_line_reads_low_while_it_vents(unit):
    unit.see(23.0)
    assert unit.see(11.0).insufflator.relief_open  # line pulled down by the relief flow: not believed at once
    assert not unit.see(11.0, times=10).insufflator.relief_open
    outputs = [unit.see(16.0) for _ in range(20)]  # the abdomen shows
    assert outputs[-1].insufflator.relief_open
    assert not any(o.insufflator.solenoid_open for o in outputs)


def test_the_same_reading_again_moves_neither_integral_nor_duty(unit, gas_reading):
    in_stroke(unit)
    reading = gas_reading(unit.now_s, 6.5, flow_l_min=2.0)
    first = unit.give(reading)
    integral = unit.state.gas.line.integral
    again = [unit.give(reading) for _ in range(5)]
    assert {o.insufflator for o in again} == {first.insufflator}
    assert unit.state.gas.line.integral == integral


def test_pauses_show_the_abdomen_behind_the_line(bottle):
    """With gas flowing the line reads 2 mmHg high; the estimate knows better."""
    tower = bottle()
    tower.start(pressure=15.0, flow=10.0)
    tower.run(12.0)
    errors, drops = [], []

    def look() -> None:
        if tower.gas.flow_l_min > 8.0 and tower.output.pressure_estimate_mmhg is not None:
            errors.append(abs(tower.output.pressure_estimate_mmhg - tower.rig.gas.abdomen_mmhg))
            drops.append(tower.gas.pressure_mmhg - tower.rig.gas.abdomen_mmhg)

    tower.run(6.0, look)
    assert statistics.median(drops) > 1.5
    assert statistics.median(errors) < 0.5
    assert statistics.fmean(errors) < 0.5 * statistics.fmean(drops)
