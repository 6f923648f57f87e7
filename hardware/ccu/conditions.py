"""What is wrong on the gas side, judged over time: one name per condition, the alarms' table is keyed by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from hardware.ccu.params import ConditionParams
from hardware.limits import relief_limit_mmhg
from hardware.quantities import CYLINDER, GAS_USED
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

    over_since_s: float | None = None
    over: bool = False
    cylinder_low: bool = False
    cylinder_empty: bool = False
    # Where the filling last got on: time, gas used then, highest pressure.
    anchor_s: float | None = None
    anchor_l: float = 0.0
    anchor_mmhg: float = 0.0


def judge_gas(
    state: ConditionState, reading: InsufflatorReading, pressure_mmhg: float, supplying: bool, params: ConditionParams
) -> tuple[ConditionState, frozenset[Condition]]:
    """Conditions of one fresh reading; `pressure_mmhg` is the higher good sensor, `supplying` that gas is wanted."""
    found: set[Condition] = set()
    state = _over_pressure(state, reading, pressure_mmhg, params)
    if state.over:
        found.add(Condition.OVER_PRESSURE)
    if reading.relief_open:
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
    state, stuck = _not_reached(state, reading, pressure_mmhg, supplying, params)
    if stuck:
        found.add(Condition.PRESSURE_NOT_REACHED)
    return state, frozenset(found)


def _over_pressure(
    state: ConditionState, reading: InsufflatorReading, pressure_mmhg: float, params: ConditionParams
) -> ConditionState:
    above = pressure_mmhg - reading.pressure_setpoint_mmhg
    if pressure_mmhg >= relief_limit_mmhg(reading.pressure_setpoint_mmhg):
        return replace(state, over=True, over_since_s=state.over_since_s or reading.time_s)
    if above >= params.over_pressure_mmhg:
        since_s = reading.time_s if state.over_since_s is None else state.over_since_s
        lasting = reading.time_s - since_s >= params.over_pressure_delay_s
        return replace(state, over=state.over or lasting, over_since_s=since_s)
    return replace(state, over=state.over and above >= params.over_pressure_clear_mmhg, over_since_s=None)


def _not_reached(
    state: ConditionState,
    reading: InsufflatorReading,
    pressure_mmhg: float,
    supplying: bool,
    params: ConditionParams,
) -> tuple[ConditionState, bool]:
    """Gas is wanted, but the pressure has not got on although much gas has flowed, or hardly any gas flows.

    The anchor moves with the highest pressure, so breathing does not look like getting on.
    """
    if not supplying or pressure_mmhg >= reading.pressure_setpoint_mmhg - params.not_reached_mmhg:
        return replace(state, anchor_s=None), False
    used_l = reading.gas_used_l if GAS_USED.plausible(reading.gas_used_l) else 0.0
    if (
        state.anchor_s is None
        or pressure_mmhg >= state.anchor_mmhg + params.not_reached_rise_mmhg
        or used_l < state.anchor_l  # the count was set back
    ):
        return replace(state, anchor_s=reading.time_s, anchor_l=used_l, anchor_mmhg=pressure_mmhg), False
    waited_s = reading.time_s - state.anchor_s
    if waited_s < params.not_reached_delay_s:
        return state, False
    gas_l = used_l - state.anchor_l
    hardly_l = params.not_reached_flow_share * reading.flow_setpoint_l_min * waited_s / 60.0
    return state, gas_l >= params.not_reached_gas_l or gas_l < hardly_l
