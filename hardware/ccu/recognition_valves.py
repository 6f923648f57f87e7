"""Which valves do not do what the module says it drives them to: judged by flow and pressure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hardware.ccu.recognition_line import LineSight
from hardware.ccu.recognition_params import RecognitionParams
from hardware.readings import InsufflatorReading


@dataclass(frozen=True, slots=True)
class ValveState:
    """Begin with the default.  `passing` is what must keep the supply closed."""

    # Flow with the supply shut, or more than the duty can pass.
    read_shut_since_s: float | None = None  # every reading since shows the supply shut; None: open
    shut_flow_since_s: float | None = None  # with flow since then; after a gap it counts from a little later
    excess_ml: float = 0.0  # gas beyond what the duty can have passed
    passing: bool = False
    # No flow with the supply open.
    open_s: float = 0.0
    blocked: bool = False
    # The relief valve's last opening.
    relief_from_mmhg: float | None = None  # line before it; None: not open
    relief_since_s: float = 0.0
    relief_low_mmhg: float = 0.0
    relief_judged: bool = False
    relief_failures: int = 0
    shut_from: tuple[float, float] | None = None  # line before and at the end of a short opening, until looked at
    shut_gas_ml: float = 0.0  # since that opening's end
    relief_stays_open: bool = False
    last_mmhg: float = 0.0

    @property
    def faulty(self) -> bool:
        return self.passing or self.blocked or self.relief_failures >= 2 or self.relief_stays_open


def judge_valves(
    state: ValveState,
    sight: LineSight,
    reading: InsufflatorReading,
    *,
    supply_bar_good: bool,
    params: RecognitionParams,
) -> ValveState:
    """One fresh reading, whether gas is wanted or not; `supply_bar_good`: the cylinder is known to have gas."""
    state = _passing(state, sight, reading, params)
    state = _blocked(state, sight, reading, supply_bar_good, params)
    state = _relief(state, sight, reading, params)
    return replace(state, last_mmhg=sight.pressure_mmhg)


def gas_started(state: ValveState) -> ValveState:
    """Gas is wanted anew: what kept the supply closed is for the valve test to find again."""
    return replace(state, passing=False, blocked=False, excess_ml=0.0, open_s=0.0)


def _passing(state: ValveState, sight: LineSight, reading: InsufflatorReading, params: RecognitionParams) -> ValveState:
    now_s, flow = sight.time_s, reading.flow_l_min
    is_open = reading.solenoid_open and reading.duty > 0.0
    read_shut_since_s = None if is_open else now_s if state.read_shut_since_s is None else state.read_shut_since_s
    shut = read_shut_since_s is not None and now_s - read_shut_since_s >= params.shut_s
    shut_flow_since_s = state.shut_flow_since_s
    if not shut or flow <= params.shut_flow_l_min:
        shut_flow_since_s = None
    elif shut_flow_since_s is None or sight.dt_s > params.silent_s:
        # After a gap the flow may be of a stroke that nobody read; that one ends.
        shut_flow_since_s = now_s + (params.shut_after_gap_s if sight.shut_s < params.shut_s else 0.0)
    # Over a stroke and its echo in the flow sensor, a good valve stays below what its duty can pass.
    duty = reading.duty if reading.solenoid_open else 0.0
    can_pass_l_min = params.full_flow_l_min * duty + params.excess_spared_l_min
    excess_ml = state.excess_ml
    if sight.dt_s > params.missed_s:
        excess_ml = params.excess_least_ml  # flow and duty of a gap are not those at its end
    elif sight.shut_s < params.excess_echo_s:
        excess_ml = max(params.excess_least_ml, excess_ml + (flow - can_pass_l_min) * sight.dt_s / 0.06)
    passing = (
        state.passing
        or (shut_flow_since_s is not None and now_s - shut_flow_since_s >= params.shut_for_s)
        or excess_ml > params.excess_ml
    )
    return replace(
        state,
        read_shut_since_s=read_shut_since_s,
        shut_flow_since_s=shut_flow_since_s,
        excess_ml=excess_ml,
        passing=passing,
    )


def _blocked(
    state: ValveState, sight: LineSight, reading: InsufflatorReading, supply_bar_good: bool, params: RecognitionParams
) -> ValveState:
    """Open time without flow adds up; flow, or a cylinder without gas, ends it."""
    if not supply_bar_good or reading.flow_l_min > params.no_flow_l_min:
        return replace(state, open_s=0.0, blocked=False)
    if not (reading.solenoid_open and reading.duty >= params.no_flow_duty):
        return state
    open_s = state.open_s + (sight.dt_s if sight.dt_s <= params.missed_s else 0.0)  # who knows, over a gap
    return replace(state, open_s=open_s, blocked=state.blocked or open_s >= params.no_flow_s)


def _relief(state: ValveState, sight: LineSight, reading: InsufflatorReading, params: RecognitionParams) -> ValveState:
    now_s, pressure = sight.time_s, sight.pressure_mmhg
    if sight.dt_s > params.unseen_s:
        # An opening whose beginning or end nobody saw is not judged.
        from_mmhg = pressure if reading.relief_open else None
        return replace(state, relief_from_mmhg=from_mmhg, relief_since_s=now_s, relief_judged=True, shut_from=None)
    if reading.relief_open:
        if state.relief_from_mmhg is None:
            return replace(
                state,
                relief_from_mmhg=pressure,
                relief_since_s=now_s,
                relief_low_mmhg=pressure,
                relief_judged=False,
                shut_from=None,
            )
        state = replace(state, relief_low_mmhg=min(state.relief_low_mmhg, pressure))
        if not state.relief_judged and now_s - state.relief_since_s >= params.relief_most_s:
            # So long an opening without any fall is as good as several short ones.
            return replace(_opened(state, weight=params.relief_failures, params=params), relief_judged=True)
        return state
    if state.relief_from_mmhg is not None:
        return _closed(state, now_s, params)
    if state.shut_from is None or sight.relief_shut_s < params.relief_shut_s:
        return state
    # The line must come back to the abdomen's pressure, or, where a kink keeps the two apart, rise with little gas.
    before, low = state.shut_from
    if pressure >= low + params.relief_back_share * (before - low):
        return replace(state, shut_from=None, relief_stays_open=False)
    shut_gas_ml = state.shut_gas_ml + sight.gas_ml
    return replace(state, shut_gas_ml=shut_gas_ml, relief_stays_open=shut_gas_ml >= params.relief_gas_ml)


def _opened(state: ValveState, *, weight: int, params: RecognitionParams) -> ValveState:
    """The end of an opening, or of its first half second: did the line fall?"""
    before = state.relief_from_mmhg
    if before is None or before < params.relief_from_mmhg:
        return state
    fell = state.relief_low_mmhg <= before * (1.0 - params.relief_fall_share)
    return replace(state, relief_failures=0 if fell else state.relief_failures + weight)


def _closed(state: ValveState, now_s: float, params: RecognitionParams) -> ValveState:
    before, low = state.relief_from_mmhg, min(state.relief_low_mmhg, state.last_mmhg)
    assert before is not None
    lasted_s = now_s - state.relief_since_s
    if not state.relief_judged and lasted_s >= params.relief_least_s:
        state = _opened(state, weight=1, params=params)
    short = lasted_s <= params.relief_short_s and before >= params.relief_from_mmhg and low < 0.6 * before
    return replace(state, relief_from_mmhg=None, shut_from=(before, low) if short else None, shut_gas_ml=0.0)
