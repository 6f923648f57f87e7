"""The light law: PID on LED current, slow start, fan by temperature, derating before switching off."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from hardware.ccu.conditions import Condition
from hardware.ccu.light_watch import LightWatch, watch_light
from hardware.ccu.params import LightParams
from hardware.quantities import LIGHT_CURRENT, LIGHT_INTENSITY, LIGHT_TEMPERATURE
from hardware.readings import LightDrive, LightFault, LightReading


@dataclass(frozen=True, slots=True)
class LightState:
    """What the law remembers.  Times are the clock of the readings."""

    reading_s: float | None = None
    target_percent: float = 0.0  # of rated current, after slew limit and derating
    settling: int = 0  # readings to come that still show an older target
    integral: float = 0.0  # trim, share of full drive
    current_ma: float = 0.0  # of the last reading
    drive: LightDrive = field(default_factory=LightDrive)
    hot: bool = False
    off: bool = False
    derated: bool = False  # the temperature allows less than is set
    led_since_s: float | None = None
    led_fault: bool = False  # no current: driven at a trickle
    watch: LightWatch = field(default_factory=LightWatch)
    conditions: frozenset[Condition] = frozenset()


def step_light(
    state: LightState, reading: LightReading | None, now_s: float, wanted: bool, params: LightParams
) -> LightState:
    """One step; `wanted` is that the light shall be on.  The same reading again changes nothing.

    Without a fresh reading: standby level and full fan, and the next reading starts low again.
    """
    if reading is None or not -0.05 <= now_s - reading.time_s <= params.stale_s:
        lost = replace(state, target_percent=0.0, integral=0.0, conditions=frozenset())
        return replace(lost, drive=LightDrive(_feed_forward(params.standby_percent, params), 1.0))
    if state.reading_s is not None and reading.time_s <= state.reading_s:
        return state
    dt_s = 0.0 if state.reading_s is None else min(reading.time_s - state.reading_s, params.longest_dt_s)
    state = _judge(replace(state, reading_s=reading.time_s), reading, params)
    state = _drive(state, reading, wanted, dt_s, params)
    return replace(state, conditions=_conditions(state, reading))


def fan_order(temperature_c: float, order: float, params: LightParams) -> float:
    """Share of full fan for a temperature; `order` is the one that stands, and falls with hysteresis only."""
    falling = _interpolate(temperature_c + params.fan_hysteresis_k, params.fan_curve)
    return max(_interpolate(temperature_c, params.fan_curve), min(order, falling))


def derated_percent(temperature_c: float, params: LightParams) -> float:
    """The most current, % of rated, that a temperature allows."""
    line = ((params.derate_from_c, 1.0), (params.derate_until_c, params.derate_to))
    return 100.0 * _interpolate(temperature_c, line)


def _interpolate(x: float, points: tuple[tuple[float, float], ...]) -> float:
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in pairwise(points):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def _feed_forward(percent: float, params: LightParams) -> float:
    return percent / 100.0 * params.rated_current_ma / params.board_full_scale_ma


def _temperature_known(state: LightState, reading: LightReading) -> bool:
    return LIGHT_TEMPERATURE.plausible(reading.temperature_c) and not state.watch.temperature_wrong


def _current_known(state: LightState, reading: LightReading) -> bool:
    return LIGHT_CURRENT.plausible(reading.current_ma) and not state.watch.current_wrong


def _judge(state: LightState, reading: LightReading, params: LightParams) -> LightState:
    """The sensors, the temperature limits with hysteresis, and whether the LED draws current at all."""
    state = replace(state, watch=watch_light(state.watch, reading, state.drive.fan, params))
    hot, off = state.hot, state.off
    if _temperature_known(state, reading):
        hot = reading.temperature_c >= (params.hot_clear_c if hot else params.hot_c)
        off = reading.temperature_c >= (params.on_again_c if off else params.off_c)
    now_s = reading.time_s

    expected_ma = reading.drive * params.board_full_scale_ma
    dark = (
        _current_known(state, reading)
        and reading.drive > 0.5 * params.led_fault_drive
        and reading.current_ma < params.led_fault_share * expected_ma
    )
    led_since_s = (now_s if state.led_since_s is None else state.led_since_s) if dark else None
    led_fault = led_since_s is not None and (state.led_fault or now_s - led_since_s >= params.led_fault_delay_s)
    # The module judges by the same current sensor.
    told = bool(reading.faults & LightFault.LED_OPEN) and _current_known(state, reading)
    return replace(state, hot=hot, off=off, led_since_s=led_since_s, led_fault=led_fault or told)


def _asked_percent(state: LightState, reading: LightReading, wanted: bool, params: LightParams) -> float:
    """Where the current shall go, % of rated, before derating and slew limit."""
    setpoint = reading.intensity_setpoint_percent
    if not LIGHT_INTENSITY.minimum <= setpoint <= LIGHT_INTENSITY.maximum:  # also NaN
        return min(params.standby_percent, 100.0)
    # Standby is never brighter than the light that it interrupts.
    goal = setpoint if wanted and reading.on else min(setpoint, params.standby_percent)
    if not LIGHT_TEMPERATURE.plausible(reading.temperature_c):
        return min(goal, params.standby_percent)  # what the module allows; it says why this cannot overheat
    if not _temperature_known(state, reading):
        return min(goal, params.doubtful_percent)
    if state.off:
        return 0.0
    return goal if _current_known(state, reading) else min(goal, params.doubtful_percent)


def _drive(state: LightState, reading: LightReading, wanted: bool, dt_s: float, params: LightParams) -> LightState:
    heat_known = _temperature_known(state, reading)
    fan = fan_order(reading.temperature_c, state.drive.fan, params) if heat_known else 1.0
    asked = _asked_percent(state, reading, wanted, params)
    allowed = derated_percent(reading.temperature_c, params) if heat_known else 100.0
    state = replace(state, derated=allowed < asked + (params.derated_clear_percent if state.derated else 0.0))
    goal = min(asked, allowed)
    rise, fall = params.slew_up_percent_s * dt_s, params.slew_down_percent_s * dt_s
    before = state.target_percent
    target = min(before + rise, max(before - fall, goal))
    if state.led_fault:
        # No current flows: driven on at a trickle, so that a loose contact neither flashes nor goes unnoticed.
        return replace(
            state, target_percent=0.0, integral=0.0, drive=LightDrive(min(params.led_fault_drive, goal / 100.0), fan)
        )
    if not _current_known(state, reading):
        return replace(state, target_percent=target, integral=0.0, drive=LightDrive(_feed_forward(target, params), fan))
    current = reading.current_ma / params.rated_current_ma
    if current > params.over_current_share or (state.off and goal == 0.0):
        return replace(
            state, target_percent=0.0, integral=0.0, current_ma=reading.current_ma, drive=LightDrive(0.0, fan)
        )
    if state.watch.weak:
        # Perhaps the sensor reads low: no trim, which would overdrive the LED by all that it may add.
        return replace(
            state,
            target_percent=target,
            integral=0.0,
            current_ma=reading.current_ma,
            drive=LightDrive(_feed_forward(target, params), fan),
        )
    # An order goes out after the reading it was made from and shows in the one after next.  While the target moves,
    # feed-forward alone leads; the error counts once the readings can show what was ordered.
    settling = params.order_readings if abs(target - before) > 0.5 else max(0, state.settling - 1)
    error = 0.0 if settling else before / 100.0 - current
    rate = 0.0 if dt_s == 0.0 or settling else (current - state.current_ma / params.rated_current_ma) / dt_s
    feed_forward = _feed_forward(target, params)
    # What the trim corrects is the board's gain, so it goes with the target; below, the converter's step is too coarse.
    scaled = before >= params.trim_scaled_from_percent
    carried = state.integral * (target / before if scaled else 1.0)
    integral = carried + params.integral_per_s * error * dt_s
    trim_max = params.trim_least + params.trim_share * feed_forward
    integral = min(trim_max, max(-trim_max, integral))
    raw = feed_forward + params.proportional * error + integral - params.derivative_s * rate
    held_back = reading.drive < state.drive.drive - 0.1  # the module's own limit holds
    if held_back or (raw > 1.0 and error > 0.0) or (raw < 0.0 and error < 0.0):
        integral = carried  # anti-windup
    return replace(
        state,
        target_percent=target,
        settling=settling,
        integral=integral,
        current_ma=reading.current_ma,
        drive=LightDrive(min(1.0, max(0.0, raw)), fan),
    )


def _conditions(state: LightState, reading: LightReading) -> frozenset[Condition]:
    """What a sensor that is not believed has said names nothing but that sensor."""
    found: set[Condition] = set()
    heat_known = _temperature_known(state, reading)
    if heat_known and state.hot:
        found.add(Condition.LIGHT_HOT)
    if (heat_known and state.off) or reading.faults & LightFault.OVER_TEMPERATURE:
        found.add(Condition.LIGHT_OFF)
    elif heat_known and state.derated:
        found.add(Condition.LIGHT_DERATED)
    if state.led_fault or state.watch.weak:
        found.add(Condition.LIGHT_LED_FAULT)
    if state.watch.fan.told or reading.faults & LightFault.FAN:
        found.add(Condition.LIGHT_FAN_FAULT)
    if not heat_known or not _current_known(state, reading):
        found.add(Condition.LIGHT_SENSOR_FAULT)
    if reading.faults & LightFault.WATCHDOG:
        found.add(Condition.LIGHT_WATCHDOG)
    return frozenset(found)
