"""What is wrong on the gas side, judged over time: one name per condition, the alarms' table is keyed by them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from hardware.ccu.params import ConditionParams
from hardware.limits import relief_limit_mmhg
from hardware.quantities import CYLINDER
from hardware.readings import InsufflatorFault, InsufflatorReading


class Condition(StrEnum):
    """Conditions that the control unit finds.  Text, priority and delay of the alarm belong to the alarms' table."""

    OVER_PRESSURE = "over_pressure"
    RELIEF_OPEN = "relief_open"
    SENSOR_DISAGREEMENT = "sensor_disagreement"
    SENSOR_FAULT = "sensor_fault"
    CYLINDER_SENSOR_FAULT = "cylinder_sensor_fault"  # apart from the others: it closes no valve
    PRESSURE_NOT_REACHED = "pressure_not_reached"
    GAS_LEAK = "gas_leak"  # much gas flows for long, only to hold the pressure
    OCCLUSION = "occlusion"  # the line's pressure rises at once while hardly any gas flows
    DISCONNECTION = "disconnection"  # gas flows, and the line shows next to no pressure
    MISPLACEMENT = "misplacement"  # Veress needle: pressure above 8 mmHg at 1 l/min from the start (clinical.md)
    VALVE_FAULT = "valve_fault"  # gas with the valves closed, none with them open, or a relief valve that does not act
    CYLINDER_LOW = "cylinder_low"
    CYLINDER_EMPTY = "cylinder_empty"
    INSUFFLATOR_WATCHDOG = "insufflator_watchdog"
    INSUFFLATOR_OWN_LIMIT = "insufflator_own_limit"
    LIGHT_HOT = "light_hot"
    LIGHT_DERATED = "light_derated"
    LIGHT_OFF = "light_off"
    LIGHT_LED_FAULT = "light_led_fault"
    LIGHT_FAN_FAULT = "light_fan_fault"
    LIGHT_SENSOR_FAULT = "light_sensor_fault"
    LIGHT_WATCHDOG = "light_watchdog"
    CAMERA_WATCHDOG = "camera_watchdog"
    CAMERA_NO_SIGNAL = "camera_no_signal"
    CAMERA_HOT = "camera_hot"


@dataclass(frozen=True, slots=True)
class ConditionState:
    """What the judgement remembers.  Times are the clock of the readings."""

    reading_s: float | None = None
    over_s: float = 0.0  # time above the limit; what was below it is taken off again
    over: bool = False
    shut_s: float = 1.0  # how long the supply has been shut; unknown at first
    vented_s: float = -math.inf  # when the relief valve was last read back as open
    opened_s: float | None = None  # this opening's beginning; None: closed
    own_stroke: bool = False  # and a stroke of ours had just been given
    relief_told_s: float = -math.inf  # when an opening worth telling was last seen
    cylinder_low: bool = False
    cylinder_empty: bool = False


def judge_gas(
    state: ConditionState, reading: InsufflatorReading, pressure_mmhg: float | None, params: ConditionParams
) -> tuple[ConditionState, frozenset[Condition]]:
    """Conditions of one fresh reading, by itself or by how long it lasts.

    `pressure_mmhg` is the higher good sensor, uncompensated; None when there is none: all but the pressure is judged.
    """
    found: set[Condition] = set()
    if reading.relief_open:
        if state.opened_s is None:
            own = state.shut_s < params.own_stroke_s
            state = replace(state, opened_s=reading.time_s, own_stroke=own)
        # What our own stroke put into the line is let out at once; an opening that lasts has another cause.
        lasted_s = reading.time_s - (state.opened_s or 0.0)
        if not state.own_stroke or lasted_s >= params.own_relief_s:
            state = replace(state, relief_told_s=reading.time_s)
        state = replace(state, vented_s=reading.time_s)
    else:
        state = replace(state, opened_s=None)
    state = _over_pressure(state, reading, pressure_mmhg, params)
    if state.over:
        found.add(Condition.OVER_PRESSURE)
    if reading.time_s - state.relief_told_s < params.relief_again_s:  # closed for a look and open again: one occurrence
        found.add(Condition.RELIEF_OPEN)
    if reading.faults & InsufflatorFault.WATCHDOG:
        found.add(Condition.INSUFFLATOR_WATCHDOG)
    if reading.faults & InsufflatorFault.OWN_LIMIT:
        found.add(Condition.INSUFFLATOR_OWN_LIMIT)
    if reading.faults & InsufflatorFault.CYLINDER_SENSOR or not CYLINDER.plausible(reading.cylinder_bar):
        found.add(Condition.CYLINDER_SENSOR_FAULT)  # what was known of the cylinder last stands
    else:
        low = params.cylinder_low_bar + (params.cylinder_clear_bar if state.cylinder_low else 0.0)
        empty = params.cylinder_empty_bar + (params.cylinder_clear_bar if state.cylinder_empty else 0.0)
        state = replace(state, cylinder_low=reading.cylinder_bar < low, cylinder_empty=reading.cylinder_bar < empty)
    if state.cylinder_empty:
        found.add(Condition.CYLINDER_EMPTY)
    elif state.cylinder_low:
        found.add(Condition.CYLINDER_LOW)
    return state, frozenset(found)


def _over_pressure(
    state: ConditionState, reading: InsufflatorReading, pressure_mmhg: float | None, params: ConditionParams
) -> ConditionState:
    """Early: above P1 by `over_pressure_mmhg` for a while; at P2 at once, unless a stroke has just made it.

    Without a good sensor what was known stands: nobody has seen the pressure fall.
    """
    gap_s = 0.0 if state.reading_s is None else max(0.0, reading.time_s - state.reading_s)
    dt_s = min(0.1, gap_s)
    # After a gap nobody knows whether a stroke has just ended.
    is_open = reading.solenoid_open and reading.duty > 0.0
    shut_s = 0.0 if is_open or gap_s > params.unseen_s else state.shut_s + dt_s
    state = replace(state, reading_s=reading.time_s, shut_s=shut_s)
    if pressure_mmhg is None:
        return state
    above = pressure_mmhg - reading.pressure_setpoint_mmhg
    # A stroke into a kinked tube shows P2 for a moment; the relief valve opens, and its opening is told.
    if pressure_mmhg >= relief_limit_mmhg(reading.pressure_setpoint_mmhg) and shut_s >= params.over_pressure_shut_s:
        return replace(state, over=True, over_s=params.over_pressure_delay_s)
    if above >= params.over_pressure_mmhg:
        over_s = min(params.over_pressure_delay_s, state.over_s + dt_s)
        return replace(state, over=state.over or over_s >= params.over_pressure_delay_s - 1e-6, over_s=over_s)
    if state.over and reading.time_s - state.vented_s < params.relief_echo_s:
        return state  # the line reads low while the relief valve is open, whatever the abdomen holds
    over = state.over and above >= params.over_pressure_clear_mmhg
    return replace(state, over=over, over_s=max(0.0, state.over_s - dt_s) if over == state.over else 0.0)
