"""The gas law: flow error sets the PWM duty below P1, both valves close at P1, the relief valve opens at P2."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from hardware.ccu.params import InsufflationParams
from hardware.limits import relief_limit_mmhg
from hardware.readings import InsufflatorDrive, InsufflatorReading

CLOSED = InsufflatorDrive()
RELIEF = InsufflatorDrive(relief_open=True)


class GasMode(Enum):
    """What the law is doing."""

    STOPPED = auto()
    STROKE = auto()  # "breathe": pulses through the proportional valve
    PAUSE = auto()  # both valves closed; the line shows the abdomen once it has settled
    RELIEF = auto()
    RELIEF_CHECK = auto()  # relief closed to see the abdomen: while it is open the line reads low


@dataclass(frozen=True, slots=True)
class GasState:
    """What the law remembers.  Times are the clock of the readings; pressures mmHg, flows l/min."""

    mode: GasMode = GasMode.STOPPED
    since_s: float = 0.0  # when the mode began
    reading_s: float | None = None
    integral: float = 0.0  # of the flow's PI, duty
    wanted_flow_l_min: float = 0.0
    line_drop: float = 0.0  # factor of the line's drop; 0: not learned
    stroke_mmhg: float | None = None  # line and flow late in the stroke, smoothed: what a pause is compared with
    stroke_l_min: float = 0.0
    estimate_mmhg: float | None = None  # of the abdomen
    peak_mmhg: float = 0.0  # of the last breath
    reached: bool = False
    vent_from_mmhg: float = 0.0  # at rest, before the relief valve opened this time
    vent_for_s: float = 0.0  # how long it shall stay open whatever the line reads
    vented_s: float = 0.0  # how long it was open the last time
    drive: InsufflatorDrive = CLOSED

    @property
    def relieving(self) -> bool:
        return self.mode in (GasMode.RELIEF, GasMode.RELIEF_CHECK)


def stop(state: GasState) -> GasState:
    """Both valves closed, and what was learned of the line kept."""
    return GasState(line_drop=state.line_drop, reading_s=state.reading_s)


def step_gas(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, wanted: bool, params: InsufflationParams
) -> GasState:
    """One step on a fresh, plausible reading; `pressure_mmhg` is the higher sensor's, `wanted` that gas may flow.

    Returns the state with the new `drive`.  P1 and the standard flow are those active in the module.
    """
    now_s = reading.time_s
    dt_s = 0.0 if state.reading_s is None else max(0.0, now_s - state.reading_s)
    state = replace(state, reading_s=now_s)
    mode = _next_mode(state, reading, pressure_mmhg, wanted, params)
    if mode is not state.mode:
        state = _enter(state, mode, reading, pressure_mmhg, params)
    if mode is GasMode.STROKE:
        return _stroke(state, reading, pressure_mmhg, dt_s, params)
    if mode is GasMode.PAUSE:
        return _pause(state, reading, pressure_mmhg, dt_s, params)
    estimate = None if mode in (GasMode.RELIEF, GasMode.RELIEF_CHECK) else pressure_mmhg
    return replace(state, estimate_mmhg=estimate, drive=RELIEF if mode is GasMode.RELIEF else CLOSED)


def _next_mode(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, wanted: bool, params: InsufflationParams
) -> GasMode:
    p1 = reading.pressure_setpoint_mmhg
    rest = GasMode.PAUSE if wanted else GasMode.STOPPED
    age_s = reading.time_s - state.since_s
    if pressure_mmhg >= relief_limit_mmhg(p1):
        return GasMode.RELIEF
    if state.mode is GasMode.RELIEF:
        return GasMode.RELIEF if pressure_mmhg >= p1 or age_s < state.vent_for_s else GasMode.RELIEF_CHECK
    if state.mode is GasMode.RELIEF_CHECK:
        if age_s < params.relief_check_s:
            return GasMode.RELIEF_CHECK
        return GasMode.RELIEF if pressure_mmhg >= p1 else rest
    if not wanted:
        return GasMode.STOPPED
    if pressure_mmhg >= p1:
        return GasMode.PAUSE
    if state.mode is GasMode.STROKE:
        near = state.line_drop == 0.0 or p1 - (state.estimate_mmhg or 0.0) < params.near_mmhg
        lasts_s = params.near_stroke_s if near else params.stroke_s
        supply = age_s < lasts_s and _flow_allowed(state, p1, reading.flow_setpoint_l_min, params) > 0.0
        return GasMode.STROKE if supply else GasMode.PAUSE
    if state.mode is GasMode.PAUSE:
        rested = age_s >= params.pause_s and state.estimate_mmhg is not None
        return GasMode.STROKE if rested and p1 - _controlled(state, params) > params.resume_gap_mmhg else rest
    return rest  # from STOPPED: look at the abdomen first


def _enter(
    state: GasState, mode: GasMode, reading: InsufflatorReading, pressure_mmhg: float, params: InsufflationParams
) -> GasState:
    now_s = reading.time_s
    if mode is GasMode.STROKE:
        return replace(state, mode=mode, since_s=now_s, stroke_mmhg=None)
    if mode is GasMode.PAUSE and state.mode is GasMode.STROKE:
        line_drop = state.line_drop
        if state.stroke_mmhg is None:
            # P1 was at the sensors before the stroke could be measured: the line drops more than believed.
            line_drop = min(1.5 * (line_drop or params.line_drop_first), params.line_drop_max)
        return replace(state, mode=mode, since_s=now_s, line_drop=line_drop)
    if mode is GasMode.RELIEF_CHECK:
        return replace(state, mode=mode, since_s=now_s, vented_s=now_s - state.since_s)
    if mode is GasMode.RELIEF:
        vent_for_s = _vent_for_s(state, pressure_mmhg, reading.pressure_setpoint_mmhg, params)
        return replace(stop(state), mode=mode, since_s=now_s, vent_from_mmhg=pressure_mmhg, vent_for_s=vent_for_s)
    return replace(stop(state), mode=mode, since_s=now_s)


def _vent_for_s(state: GasState, rest_mmhg: float, p1: float, params: InsufflationParams) -> float:
    """How long the relief valve may stay open before the next look.

    While it vents the line reads far below the abdomen, so the line alone would close it at once; a fixed time would
    empty an infant.  So the last look's fall tells how long a good part of what is still too much takes.
    """
    if state.mode is not GasMode.RELIEF_CHECK or state.vented_s <= 0.0:
        return params.relief_first_s
    fallen = state.vent_from_mmhg - rest_mmhg
    if fallen <= 0.0:
        return params.relief_longest_s
    needed_s = params.relief_share * (rest_mmhg - p1) / fallen * state.vented_s
    return min(params.relief_longest_s, max(params.relief_first_s / 3.0, needed_s))


def _stroke(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, dt_s: float, params: InsufflationParams
) -> GasState:
    age_s = reading.time_s - state.since_s
    measured = max(0.0, reading.flow_l_min)
    estimate = pressure_mmhg - _drop(state, measured, params)
    # At the start of a stroke flow and pressure do not belong together yet: the pause's estimate stands.
    if age_s >= params.flow_blind_s or state.estimate_mmhg is None:
        state = _observe(state, estimate, dt_s, params)
    allowed = _flow_allowed(state, reading.pressure_setpoint_mmhg, reading.flow_setpoint_l_min, params)
    wanted = min(allowed, state.wanted_flow_l_min + params.flow_slew_l_min_s * dt_s)
    integral, proportional = state.integral, 0.0
    if age_s >= params.flow_blind_s:
        error = wanted - measured
        proportional = params.proportional * error
        unclamped = params.feed_forward * wanted + proportional + integral
        # Anti-windup: the integral stands while the valve is at its end and the error pushes on.
        if not (unclamped >= 1.0 and error > 0.0) and not (unclamped <= 0.0 and error < 0.0):
            integral = min(1.0, max(-0.2, integral + params.integral_per_s * error * dt_s))
    duty = min(1.0, max(0.0, params.feed_forward * wanted + proportional + integral))
    if age_s >= params.flow_blind_s + params.settle_s:
        share = 0.25 if state.stroke_mmhg is not None else 1.0
        line = state.stroke_mmhg if state.stroke_mmhg is not None else pressure_mmhg
        state = replace(
            state,
            stroke_mmhg=line + share * (pressure_mmhg - line),
            stroke_l_min=state.stroke_l_min + share * (measured - state.stroke_l_min),
        )
    return replace(
        state,
        integral=integral,
        wanted_flow_l_min=wanted,
        drive=InsufflatorDrive(duty=duty, solenoid_open=True),
        reached=_reached(state, reading, params),
    )


def _pause(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, dt_s: float, params: InsufflationParams
) -> GasState:
    if reading.time_s - state.since_s >= params.settle_s:
        if state.stroke_mmhg is not None:
            state = _learn_line(state, pressure_mmhg, params)
        state = _observe(state, pressure_mmhg, dt_s, params)
    return replace(state, drive=CLOSED, reached=_reached(state, reading, params))


def _observe(state: GasState, estimate_mmhg: float, dt_s: float, params: InsufflationParams) -> GasState:
    fallen = state.peak_mmhg - (state.peak_mmhg - estimate_mmhg) * min(1.0, dt_s / params.ripple_forget_s)
    peak = estimate_mmhg if state.estimate_mmhg is None else max(estimate_mmhg, fallen)
    return replace(state, estimate_mmhg=estimate_mmhg, peak_mmhg=peak)


def _learn_line(state: GasState, rest_mmhg: float, params: InsufflationParams) -> GasState:
    """Line under flow against line at rest, once a pause."""
    assert state.stroke_mmhg is not None
    line_drop = state.line_drop
    drop = state.stroke_mmhg - rest_mmhg
    if state.stroke_l_min > 2.0 or (state.stroke_l_min > 0.3 and drop > 1.0):  # else breathing and noise hide it
        seen = drop / state.stroke_l_min**1.5
        line_drop = seen if line_drop == 0.0 else line_drop + 0.4 * (seen - line_drop)
        line_drop = min(params.line_drop_max, max(params.line_drop_min, line_drop))
    return replace(state, line_drop=line_drop, stroke_mmhg=None)


def _drop(state: GasState, flow_l_min: float, params: InsufflationParams) -> float:
    return (state.line_drop or params.line_drop_first) * flow_l_min**1.5


def _controlled(state: GasState, params: InsufflationParams) -> float:
    """The abdomen's pressure as the law takes it: in the middle of the breath, so never below the estimate."""
    estimate = state.estimate_mmhg or 0.0
    return estimate + params.ripple_share * min(max(0.0, state.peak_mmhg - estimate), params.ripple_max_mmhg)


def _flow_allowed(state: GasState, p1: float, standard_l_min: float, params: InsufflationParams) -> float:
    """Wanted flow with the taper towards P1; 0 when less than a stroke is worth."""
    gap = p1 - _controlled(state, params)
    if gap <= 0.0:
        return 0.0
    line_limit = (params.line_share * gap / (state.line_drop or params.line_drop_first)) ** (2.0 / 3.0)
    flow = min(standard_l_min, params.taper_l_min_mmhg * gap, line_limit)
    return flow if flow >= min(params.smallest_flow_l_min, standard_l_min) else 0.0


def _reached(state: GasState, reading: InsufflatorReading, params: InsufflationParams) -> bool:
    if state.estimate_mmhg is None:
        return state.reached
    within = params.reached_mmhg * (3.0 if state.reached else 1.0)
    return _controlled(state, params) >= reading.pressure_setpoint_mmhg - within
