"""The gas law: flow error sets the PWM duty below P1, both valves close at P1, the relief valve opens at P2."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from hardware.ccu import strokes
from hardware.ccu.abdomen import Abdomen, held, let_flow, observe, wanted_ml_s
from hardware.ccu.insufflation_params import InsufflationParams
from hardware.ccu.orders import GasOrder
from hardware.ccu.relief import Looks, open_again
from hardware.ccu.strokes import ML_S_PER_L_MIN, Line
from hardware.gas_modes import InsufflationMode
from hardware.limits import relief_limit_mmhg
from hardware.readings import InsufflatorDrive, InsufflatorReading

CLOSED = InsufflatorDrive()
RELIEF = InsufflatorDrive(relief_open=True)
_UNSEEN, _UNKNOWN, _NO_LOOKS = Abdomen(0.0), Line(), Looks()


class GasAction(Enum):
    """What the law is doing."""

    STOPPED = auto()
    LONG_STROKE = auto()  # pulses without end, the line below P1
    SHORT_STROKE = auto()  # a few pulses, the line may pass P1
    PAUSE = auto()  # both valves closed; the line shows the abdomen once it has settled
    RELIEF = auto()  # at or above P2
    RELIEF_LOOK = auto()  # relief closed to see the abdomen: while it is open the line reads low
    VENT = auto()  # the abdomen is emptied by order
    VENT_LOOK = auto()


STROKES = (GasAction.LONG_STROKE, GasAction.SHORT_STROKE)


@dataclass(frozen=True, slots=True)
class GasState:
    """What the law remembers.  Times are the clock of the readings; pressures mmHg, flows l/min."""

    action: GasAction = GasAction.STOPPED
    since_s: float = 0.0  # when the action began
    reading_s: float | None = None
    gas_used_l: float | None = None  # the module's count, one reading ago
    opened_s: float | None = None  # the first reading that said that the stroke now has begun
    shut_s: float | None = None  # since when all valves are known to be shut, by what was read back; None: they are not
    shut_readings: int = 0  # since then
    regular: bool = True  # the last stroke, or the one now, was read without a gap
    last_mmhg: float = 0.0  # the higher sensor, one reading ago
    p1_mmhg: float = 0.0  # one reading ago
    observed_s: float | None = None
    mode: InsufflationMode | None = None  # one reading ago
    abdomen: Abdomen = _UNSEEN  # until the first reading tells the mode
    line: Line = _UNKNOWN
    looks: Looks = _NO_LOOKS
    reached: bool = False
    vented: bool = False  # by order, to the end
    drive: InsufflatorDrive = CLOSED

    @property
    def relieving(self) -> bool:
        return self.action in (GasAction.RELIEF, GasAction.RELIEF_LOOK)

    @property
    def estimate_mmhg(self) -> float | None:
        """Of the abdomen now, line drop taken off."""
        return self.abdomen.estimate_mmhg

    @property
    def wanted_flow_l_min(self) -> float:
        """Of the stroke now; 0 without one."""
        return self.line.wanted_l_min if self.action is GasAction.LONG_STROKE else 0.0


def stop(state: GasState) -> GasState:
    """Both valves closed, and what was learned of line and patient kept."""
    line = replace(state.line, stroke_mmhg=None, wanted_l_min=0.0, duty=0.0, owed_ml=0.0)
    return GasState(
        mode=state.mode,
        line=line,
        abdomen=state.abdomen.anew(),
        reading_s=state.reading_s,
        gas_used_l=state.gas_used_l,
        shut_s=state.shut_s,
        shut_readings=state.shut_readings,
        vented=state.vented,
    )


def coast(state: GasState, now_s: float, params: InsufflationParams) -> GasState:
    """A cycle without a new reading: the orders stand, but a stroke does not go on blindly."""
    if state.action in STROKES and state.reading_s is not None and now_s - state.reading_s > params.blind_s:
        return replace(state, drive=CLOSED)
    return state


def step_gas(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, order: GasOrder, params: InsufflationParams
) -> GasState:
    """One step on a fresh, plausible reading; `pressure_mmhg` is the higher sensor's.

    `order` is what people want as far as module and interlocks let them.  Returns the state with the new `drive`.
    P1 and the standard flow are those active in the module.
    """
    now_s = reading.time_s
    dt_s = 0.0 if state.reading_s is None else min(0.3, max(0.0, now_s - state.reading_s))
    if reading.mode is not state.mode:  # another patient's size, another access: nothing learned of them holds
        state = replace(state, abdomen=Abdomen.unknown(reading.mode, params), line=Line(), reached=False)
    state = replace(state, mode=reading.mode)
    if state.vented and order is not GasOrder.VENT:
        state = replace(state, vented=False)
    state = _read_back(replace(state, reading_s=now_s), reading, dt_s, params)
    state = replace(_balance(state, reading, pressure_mmhg, dt_s, params), gas_used_l=reading.gas_used_l)
    state = _look(state, reading, pressure_mmhg, params)
    action = _next_action(state, reading, pressure_mmhg, order, params)
    if action is not state.action:
        state = _enter(state, action, reading, pressure_mmhg, params)
    if action is GasAction.LONG_STROKE:
        state = _long(state, reading, pressure_mmhg, dt_s, params)
    elif action in (GasAction.RELIEF, GasAction.VENT):
        state = replace(state, drive=RELIEF)
    elif action is GasAction.STOPPED:
        state = replace(state, abdomen=replace(state.abdomen, estimate_mmhg=pressure_mmhg), drive=CLOSED)
    elif action is GasAction.SHORT_STROKE:
        state = _short(state, reading, pressure_mmhg, dt_s, params)
    else:
        state = replace(state, drive=CLOSED)
    return replace(state, last_mmhg=pressure_mmhg, p1_mmhg=reading.pressure_setpoint_mmhg)


def _read_back(state: GasState, reading: InsufflatorReading, dt_s: float, params: InsufflationParams) -> GasState:
    """What the module says that it drives: a stroke or a pause begins there when cycles are late, not at its order."""
    gap = dt_s > params.gap_s
    supplied = reading.solenoid_open and reading.duty > 0.0
    if supplied or reading.relief_open:
        shut_s, readings = None, 0
    elif state.shut_s is None or (gap and state.action in STROKES):  # of an order in the gap the reply may be lost
        shut_s, readings = reading.time_s, 0
    else:
        shut_s, readings = state.shut_s, state.shut_readings + 1
    opened_s = state.opened_s
    if supplied and opened_s is None and state.action in STROKES:
        opened_s = reading.time_s
    seen = not gap or (state.action not in STROKES and state.shut_readings >= params.pause_readings)
    return replace(state, shut_s=shut_s, shut_readings=readings, opened_s=opened_s, regular=state.regular and seen)


def _balance(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, dt_s: float, params: InsufflationParams
) -> GasState:
    """Gas given since the last reading: to the observer, and off what is owed."""
    if state.action not in (*STROKES, GasAction.PAUSE):
        return state
    flow_ml_s = max(0.0, reading.flow_l_min) * ML_S_PER_L_MIN
    if dt_s > params.gap_s and state.gas_used_l is not None:
        # The flow now tells nothing of the gap; the module has counted on.  Its count may have been reset meanwhile.
        counted_ml_s = max(0.0, reading.gas_used_l - state.gas_used_l) * 1000.0 / dt_s
        flow_ml_s = min(counted_ml_s, params.leak_most_ml_s + 200.0)
    if flow_ml_s < 0.15 * ML_S_PER_L_MIN:  # three sigma of the sensor: no gas
        flow_ml_s = 0.0
    abdomen = let_flow(state.abdomen, flow_ml_s, dt_s)
    if reading.pressure_setpoint_mmhg > state.p1_mmhg + 0.01 and state.p1_mmhg > 0.0:
        abdomen = replace(abdomen, filling=True, filled_ml=0.0, mark_mmhg=abdomen.estimate_mmhg)
        state = replace(state, reached=False)
    line = state.line
    wanted = min(_wanted_ml_s(abdomen, reading, params), reading.flow_setpoint_l_min * ML_S_PER_L_MIN)
    owed = line.owed_ml + (wanted - flow_ml_s) * dt_s
    least, most = _dose_bounds_ml(abdomen, reading, params)
    most = min(1.5 * most, max(1.5 * least, params.owed_s * wanted))
    line = replace(
        line,
        owed_ml=min(most, max(-most, owed)),
        given_ml=line.given_ml + flow_ml_s * dt_s,
        peak_mmhg=max(line.peak_mmhg, pressure_mmhg),
    )
    return replace(state, abdomen=abdomen, line=line)


def _wanted_ml_s(abdomen: Abdomen, reading: InsufflatorReading, params: InsufflationParams) -> float:
    return wanted_ml_s(abdomen, (1.0 - params.aim_below_share) * reading.pressure_setpoint_mmhg, params)


def _dose_bounds_ml(abdomen: Abdomen, reading: InsufflatorReading, params: InsufflationParams) -> tuple[float, float]:
    standard = reading.flow_setpoint_l_min * ML_S_PER_L_MIN * params.dose_of_standard_s
    most = max(params.dose_least_ml, min(standard, abdomen.compliance_ml_mmhg * params.dose_most_mmhg))
    return min(most, max(params.dose_least_ml, abdomen.compliance_ml_mmhg * params.dose_mmhg)), most


def _next_action(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, order: GasOrder, params: InsufflationParams
) -> GasAction:
    p1 = reading.pressure_setpoint_mmhg
    age_s = reading.time_s - state.since_s
    supply = order is GasOrder.SUPPLY
    if pressure_mmhg >= relief_limit_mmhg(p1):
        return GasAction.RELIEF
    if state.action is GasAction.RELIEF:
        open_on = pressure_mmhg >= p1 or age_s < state.looks.open_for_s
        return GasAction.RELIEF if open_on else GasAction.RELIEF_LOOK
    if state.action is GasAction.RELIEF_LOOK:
        if age_s < params.relief_check_s:
            return GasAction.RELIEF_LOOK
        if pressure_mmhg >= p1:
            return GasAction.RELIEF
    if order is GasOrder.VENT:
        return _next_of_vent(state, pressure_mmhg, age_s, params)
    if not supply:
        return GasAction.STOPPED
    if pressure_mmhg >= p1:
        return GasAction.PAUSE
    if state.action is GasAction.LONG_STROKE:
        near = state.line.drop_factor == 0.0 or p1 - (state.estimate_mmhg or 0.0) < params.near_mmhg
        lasts_s = params.near_stroke_s if near else params.long_stroke_s
        going = age_s < lasts_s and _long_flow(state, reading, params) > 0.0
        return GasAction.LONG_STROKE if going else GasAction.PAUSE
    if state.action is GasAction.SHORT_STROKE:
        much = state.regular and state.line.owed_ml > 1.2 * state.line.duty * state.line.dose_per_duty_ml
        cycles = params.short_cycles + (params.more_cycles if much else 0)
        ended = _stroke_s(state, reading.time_s, params) >= (cycles - 0.5) * params.cycle_s
        ended = ended or age_s >= params.unopened_s  # an interlock may hold the valves
        return GasAction.PAUSE if ended else GasAction.SHORT_STROKE
    if state.action is GasAction.PAUSE and _settled(state, pressure_mmhg, reading.time_s, params):
        return _stroke(state, reading, pressure_mmhg, params)
    return GasAction.PAUSE  # from STOPPED, too: look at the abdomen first


def _next_of_vent(state: GasState, pressure_mmhg: float, age_s: float, params: InsufflationParams) -> GasAction:
    if state.action is GasAction.VENT:
        return GasAction.VENT if age_s < state.looks.open_for_s else GasAction.VENT_LOOK
    if state.action is GasAction.VENT_LOOK and age_s < params.relief_check_s:
        return GasAction.VENT_LOOK
    if state.vented:
        return GasAction.STOPPED
    if state.action is GasAction.VENT_LOOK:
        return GasAction.VENT if pressure_mmhg > params.vented_mmhg else GasAction.STOPPED
    return GasAction.VENT_LOOK


def _stroke_s(state: GasState, now_s: float, params: InsufflationParams) -> float:
    """How long this stroke lasts, counted from its order, as far as it has been read back."""
    return 0.0 if state.opened_s is None else now_s - state.opened_s + params.cycle_s


def _pause_s(state: GasState, now_s: float, params: InsufflationParams) -> float:
    """How long this pause lasts, counted from its order, as far as it has been read back."""
    return 0.0 if state.shut_s is None else min(now_s - state.since_s, now_s - state.shut_s + params.cycle_s)


def _settled(state: GasState, pressure_mmhg: float, now_s: float, params: InsufflationParams) -> bool:
    """The line has come to rest in this pause: it shows the abdomen."""
    age_s = _pause_s(state, now_s, params)
    # Of a stroke of unknown length the line may hold more.
    least_s = params.pause_s if state.regular else params.irregular_pause_s
    if state.shut_readings < params.pause_readings or age_s < least_s - 0.5 * params.cycle_s:
        return False
    factor = state.line.drop_factor
    wide = factor < params.narrow_line and (factor > 0.0 or state.line.duty > 0.0)
    if wide or age_s >= params.narrow_pause_s:
        return True
    return age_s >= 2.0 * params.pause_s and state.last_mmhg - pressure_mmhg < params.still_mmhg


def _stroke(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, params: InsufflationParams
) -> GasAction:
    """The next stroke, if gas is owed: the kind that gives more of it."""
    abdomen = state.abdomen
    if abdomen.mean_mmhg is None:
        return GasAction.PAUSE
    p1 = reading.pressure_setpoint_mmhg
    wanted = _wanted_ml_s(abdomen, reading, params)
    least, most = _dose_bounds_ml(abdomen, reading, params)
    dose = min(most, strokes.short_dose_ml(state.line, pressure_mmhg, p1, params))
    period_s = 2.0 * params.pause_s
    if p1 - pressure_mmhg > params.long_gap_mmhg:
        could = min(most, strokes.short_could_give_ml(state.line, pressure_mmhg, p1, params))
        by_short = min(wanted, could / period_s)
        by_long = 0.9 * _long_flow(state, reading, params) * ML_S_PER_L_MIN
        unknown_or_narrow = state.line.drop_factor == 0.0 or state.line.drop_factor >= params.narrow_line
        if by_long > 0.0 and (unknown_or_narrow or by_long > 0.9 * by_short):
            return GasAction.LONG_STROKE
    due = min(dose, max(least, wanted * period_s))
    return GasAction.SHORT_STROKE if state.line.owed_ml >= due else GasAction.PAUSE


def _long_flow(state: GasState, reading: InsufflatorReading, params: InsufflationParams) -> float:
    gap = reading.pressure_setpoint_mmhg - (state.abdomen.estimate_mmhg or 0.0)
    if gap < 0.8 * params.long_gap_mmhg:
        return 0.0
    wanted = _wanted_ml_s(state.abdomen, reading, params) / ML_S_PER_L_MIN
    return strokes.long_flow_l_min(state.line, gap, wanted, reading.flow_setpoint_l_min, params)


def _enter(
    state: GasState, action: GasAction, reading: InsufflatorReading, pressure_mmhg: float, params: InsufflationParams
) -> GasState:
    now_s, p1 = reading.time_s, reading.pressure_setpoint_mmhg
    was, lasted_s = state.action, now_s - state.since_s
    regular, rested_s = state.regular, _pause_s(state, now_s, params)
    state = replace(state, action=action, since_s=now_s)
    if was is GasAction.PAUSE and action in STROKES:
        just_down = rested_s < params.pause_s + 0.5 * params.cycle_s
        line = strokes.end_short(state.line, p1, params, just_down=just_down, regular=regular)
        state = replace(state, line=line, opened_s=None, regular=True)
    if action is GasAction.LONG_STROKE:
        return replace(state, line=replace(state.line, stroke_mmhg=None, wanted_l_min=0.0))
    if action is GasAction.SHORT_STROKE:
        dose = min(state.line.owed_ml, _dose_bounds_ml(state.abdomen, reading, params)[1])
        line, duty = strokes.begin_short(state.line, dose, pressure_mmhg, state.estimate_mmhg or 0.0, p1, params)
        return replace(state, line=line, drive=InsufflatorDrive(duty=duty, solenoid_open=True))
    if action is GasAction.PAUSE and was is GasAction.LONG_STROKE:
        surprise = regular and state.line.stroke_mmhg is None
        line = strokes.surprised(state.line, params) if surprise else state.line
        return replace(state, line=replace(line, owed_ml=0.0))
    if action is GasAction.PAUSE and was is GasAction.SHORT_STROKE:
        if not regular:
            return state
        if round(lasted_s / params.cycle_s) == params.short_cycles:
            state = replace(state, line=strokes.note_first(state.line, pressure_mmhg))
        share = round(lasted_s / params.cycle_s - 1.0) / (params.short_cycles - 1.0)
        if share < 1.0:
            return replace(state, line=strokes.cut_short(state.line))
        return replace(state, line=replace(state.line, share=share))
    if action in (GasAction.RELIEF, GasAction.VENT):
        looking = was in (GasAction.RELIEF_LOOK, GasAction.VENT_LOOK)
        target = p1 if action is GasAction.RELIEF else params.vented_mmhg
        looks = open_again(state.looks if looking else Looks(), pressure_mmhg, target, params)
        line = strokes.end_short(state.line, p1, params, regular=regular)  # a stroke that went to P2 is remembered
        line = replace(line, integral=min(line.integral, 0.5 * line.integral))  # of either kind: supply came back, say
        return replace(stop(replace(state, line=line)), action=action, since_s=now_s, looks=looks)
    if action in (GasAction.RELIEF_LOOK, GasAction.VENT_LOOK):
        opened = was in (GasAction.RELIEF, GasAction.VENT)
        looks = replace(state.looks, opened_s=lasted_s) if opened else Looks()
        return replace(state, looks=looks)
    vented = action is GasAction.STOPPED and was is GasAction.VENT_LOOK
    return replace(stop(state), action=action, since_s=now_s, vented=vented)


def _long(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, dt_s: float, params: InsufflationParams
) -> GasState:
    age_s = _stroke_s(state, reading.time_s, params)
    flow = max(0.0, reading.flow_l_min)
    # At the start of a stroke, and after a gap, flow and pressure do not belong together: the last estimate stands.
    if age_s >= params.flow_blind_s + params.settle_s and dt_s <= params.gap_s:
        state = _observed(state, reading, pressure_mmhg - strokes.drop_mmhg(state.line, flow, params), params)
        state = replace(state, line=strokes.note_long(state.line, pressure_mmhg, flow))
    line, duty = strokes.long_duty(
        state.line, reading, _long_flow(state, reading, params), age_s, min(dt_s, params.gap_s), params
    )
    return replace(state, line=line, drive=InsufflatorDrive(duty=duty, solenoid_open=True))


def _short(
    state: GasState, reading: InsufflatorReading, pressure_mmhg: float, dt_s: float, params: InsufflationParams
) -> GasState:
    """The first pulse was ordered on entering; the others follow with the stroke's own duty."""
    age_s = reading.time_s - state.since_s
    cycles = round(age_s / params.cycle_s)
    if cycles == 0:
        return state
    # The reading after the order was made before the order came to the valves: it still shows the pause.
    if cycles == 1 and state.regular and dt_s > 0.5 * params.cycle_s:
        state = _observed(state, reading, pressure_mmhg, params)
        state = replace(state, line=strokes.learn_residual(state.line, pressure_mmhg, params))
    if cycles == params.short_cycles and state.regular:
        state = replace(state, line=strokes.note_first(state.line, pressure_mmhg))
    duty = min(1.0, state.line.duty + params.dead_duty)
    return replace(state, drive=InsufflatorDrive(duty=duty, solenoid_open=True))


def _look(state: GasState, reading: InsufflatorReading, pressure_mmhg: float, params: InsufflationParams) -> GasState:
    """In a pause, once the line has settled: the abdomen is seen, and the line's drop learned."""
    if state.action is not GasAction.PAUSE or not _settled(state, pressure_mmhg, reading.time_s, params):
        return state
    just_down = _pause_s(state, reading.time_s, params) < params.pause_s + 0.5 * params.cycle_s
    rest_mmhg = strokes.rest_mmhg(state.line, pressure_mmhg) if just_down else pressure_mmhg
    line = strokes.learn_drop(state.line, pressure_mmhg, params)
    return _observed(replace(state, line=line), reading, rest_mmhg, params)


def _observed(state: GasState, reading: InsufflatorReading, seen_mmhg: float, params: InsufflationParams) -> GasState:
    now_s = reading.time_s
    dt_s = 0.0 if state.observed_s is None else min(0.5, now_s - state.observed_s)
    abdomen = observe(state.abdomen, seen_mmhg, now_s, dt_s, params)
    mean = abdomen.mean_mmhg
    within = params.reached_mmhg * (2.0 if state.reached else 1.0)
    reached = mean is not None and mean >= reading.pressure_setpoint_mmhg - within
    if not state.reached:  # an estimate with gas flowing, or an inspiration, is no proof
        aim_mmhg = reading.pressure_setpoint_mmhg - within
        reached = reached and state.action is not GasAction.LONG_STROKE and held(abdomen, aim_mmhg, params)
    near = mean is not None and mean >= reading.pressure_setpoint_mmhg - params.filled_mmhg
    if abdomen.filling and (near or abdomen.compliance_ml_mmhg >= params.compliance_most_ml_mmhg):
        abdomen = replace(abdomen, filling=False)  # in the second case it is a leak that keeps the pressure down
    return replace(state, observed_s=now_s, abdomen=abdomen, reached=reached)
