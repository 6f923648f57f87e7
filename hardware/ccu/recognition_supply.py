"""What gas and the pressure it makes tell of the patient: leak, pressure not reached, misplaced needle."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hardware.ccu.recognition_line import LineSight
from hardware.ccu.recognition_params import RecognitionParams
from hardware.gas_modes import InsufflationMode


@dataclass(frozen=True, slots=True)
class LeakState:
    """Gas and pressure in parts of a few seconds, the newest last."""

    since_s: float | None = None
    gas_ml: float = 0.0
    sum_mmhg: float = 0.0
    readings: int = 0  # of the line at rest
    parts: tuple[tuple[float, float], ...] = ()  # flow l/min and mean pressure mmHg of each part
    leaking: bool = False


def judge_leak(state: LeakState, sight: LineSight, p1_mmhg: float, params: RecognitionParams) -> LeakState:
    """One fresh reading while gas is wanted."""
    since_s = sight.time_s if state.since_s is None else state.since_s
    gas_ml, sum_mmhg, readings = state.gas_ml + sight.gas_ml, state.sum_mmhg, state.readings
    if (rest_mmhg := sight.rest_mmhg(params)) is not None:  # under a stroke the line lies above what is held
        sum_mmhg, readings = sum_mmhg + rest_mmhg, readings + 1
    age_s = sight.time_s - since_s
    if age_s < params.leak_part_s:
        return replace(state, since_s=since_s, gas_ml=gas_ml, sum_mmhg=sum_mmhg, readings=readings)
    part = (gas_ml / age_s * 0.06, sum_mmhg / readings if readings else sight.smooth_mmhg)
    parts = (*state.parts, part)[-params.leak_parts :]
    limit = params.leak_l_min[sight.mode] * (params.leak_clear_share if state.leaking else 1.0)
    held = part[1] >= p1_mmhg - params.leak_held_mmhg
    if state.leaking:
        leaking = held and part[0] >= limit
    else:
        flowing = len(parts) == params.leak_parts and all(flow >= limit for flow, _ in parts)
        gas_l = sum(flow for flow, _ in parts) * params.leak_part_s / 60.0
        leaking = held and flowing and part[1] - parts[0][1] <= params.leak_rise_mmhg_l * gas_l
    return LeakState(since_s=sight.time_s, parts=parts, leaking=leaking)


@dataclass(frozen=True, slots=True)
class NotReachedState:
    """Where the filling last got on: time, gas since then, highest pressure."""

    since_s: float | None = None
    gas_ml: float = 0.0
    highest_mmhg: float = 0.0
    not_reached: bool = False
    settled_s: float = -math.inf  # when the line was last seen at rest


def judge_not_reached(
    state: NotReachedState, sight: LineSight, p1_mmhg: float, flow_setpoint_l_min: float, params: RecognitionParams
) -> NotReachedState:
    """Gas is wanted, but the pressure has not got on although much gas has flowed, or hardly any gas flows.

    It gets on when its highest value rises, so that breathing does not look like getting on.  A stroke's pressure is
    the line's: only the line at rest counts, and the line as it is only where no pause has shown it for long.
    """
    rest_mmhg = sight.rest_mmhg(params)
    pressure = rest_mmhg
    if pressure is None and sight.time_s - state.settled_s > params.no_pause_s:
        pressure = sight.smooth_mmhg
    if pressure is not None:
        settled_s = sight.time_s if rest_mmhg is not None else state.settled_s
        if pressure >= p1_mmhg - params.not_reached_mmhg:
            return NotReachedState(settled_s=settled_s)
        if state.since_s is None or pressure >= state.highest_mmhg + params.not_reached_rise_mmhg:
            return NotReachedState(sight.time_s, 0.0, pressure, settled_s=settled_s)
        state = replace(state, settled_s=settled_s)
    if state.since_s is None:
        return state
    gas_ml = state.gas_ml + sight.gas_ml
    waited_s = sight.time_s - state.since_s
    hardly_ml = params.not_reached_flow_share * flow_setpoint_l_min * waited_s / 0.06
    found = waited_s >= params.not_reached_delay_s and (
        gas_ml >= 1000.0 * params.not_reached_gas_l or gas_ml < hardly_ml
    )
    return replace(state, gas_ml=gas_ml, not_reached=state.not_reached or found)


@dataclass(frozen=True, slots=True)
class NeedleState:
    """The first gas through the Veress needle."""

    gas_l: float = 0.0
    before_mmhg: float | None = None  # at rest, before any gas
    since_s: float | None = None  # when the lowest pressure began to be looked for
    lowest_mmhg: float = math.inf
    misplaced: bool = False


def judge_needle(
    state: NeedleState, sight: LineSight, flow_l_min: float, settled: bool, params: RecognitionParams
) -> NeedleState:
    """One fresh reading while gas is wanted, Veress mode.

    Where no pause shows the abdomen, the needle's usual drop is taken off the line; what the line itself reads goes to
    over-pressure and interlocks, untouched.
    """
    before = state.before_mmhg
    if before is None:
        if not settled:
            return state
        before = sight.smooth_mmhg
    gas_l = state.gas_l + sight.gas_ml / 1000.0
    state = replace(state, gas_l=gas_l, before_mmhg=before)
    if before >= params.misplaced_filled_mmhg or gas_l < params.misplaced_from_l:
        return state
    drop = 0.0 if settled else params.needle_mmhg_per_l_min * max(0.0, flow_l_min)
    lowest = min(state.lowest_mmhg, sight.smooth_mmhg - drop)
    since_s = sight.time_s if state.since_s is None else state.since_s
    if sight.time_s - since_s < params.misplaced_s:
        return replace(state, since_s=since_s, lowest_mmhg=lowest)
    if state.misplaced:
        misplaced = lowest > params.misplaced_clear_mmhg
    else:
        misplaced = lowest > params.misplaced_mmhg and gas_l <= params.misplaced_until_l
    return replace(state, since_s=sight.time_s, lowest_mmhg=math.inf, misplaced=misplaced)


def is_needle(mode: InsufflationMode) -> bool:
    """True for the mode that has a watch on the needle's placement."""
    return mode is InsufflationMode.VERESS
