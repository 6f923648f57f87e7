"""Faults of the gas side recognised over time from what a tower can know, one name for one cause."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from hardware.ccu.conditions import Condition
from hardware.ccu.recognition_line import (
    DisconnectionState,
    LineSight,
    NarrowState,
    OcclusionState,
    judge_disconnection,
    judge_narrow,
    judge_occlusion,
)
from hardware.ccu.recognition_params import RecognitionParams
from hardware.ccu.recognition_sensors import SensorState, judge_still
from hardware.ccu.recognition_supply import (
    LeakState,
    NeedleState,
    NotReachedState,
    is_needle,
    judge_leak,
    judge_needle,
    judge_not_reached,
)
from hardware.ccu.recognition_valves import ValveState, gas_started, judge_valves
from hardware.gas_modes import InsufflationMode
from hardware.quantities import CYLINDER, FLOW
from hardware.readings import InsufflatorFault, InsufflatorReading

SMOOTH_S = 0.2


@dataclass(frozen=True, slots=True)
class RecognitionState:
    """What the recognition remembers.  Times are the clock of the readings.  Begin with the default."""

    reading_s: float | None = None
    counted_l: float = math.nan  # gas used, as the module counts it
    last_mmhg: float = 0.0
    smooth_mmhg: float | None = None
    smooth_l_min: float = 0.0
    shut_since_s: float | None = None  # supply; None: open
    relief_shut_since_s: float | None = None
    settled_s: float = -math.inf
    asked: bool = False
    sensors: SensorState = field(default_factory=SensorState)
    valves: ValveState = field(default_factory=ValveState)
    occlusion: OcclusionState = field(default_factory=OcclusionState)
    narrow: NarrowState = field(default_factory=NarrowState)
    disconnection: DisconnectionState = field(default_factory=DisconnectionState)
    leak: LeakState = field(default_factory=LeakState)
    not_reached: NotReachedState = field(default_factory=NotReachedState)
    needle: NeedleState = field(default_factory=NeedleState)

    def holds_supply(self) -> bool:
        """True when a valve passes gas that it must not: the other one stays shut until the gas is started anew."""
        return self.valves.passing

    def distrusted(self) -> tuple[str, ...]:
        """Names of sensors whose values look good and are not."""
        return self.sensors.faulty()


# If the first holds, the others are its consequence.  OVER_PRESSURE, RELIEF_OPEN, the cylinder's conditions and what
# the module itself reports are never taken away.
SUPPRESSES: tuple[tuple[Condition, frozenset[Condition]], ...] = (
    (
        Condition.VALVE_FAULT,
        frozenset(
            {
                Condition.OCCLUSION,
                Condition.DISCONNECTION,
                Condition.GAS_LEAK,
                Condition.PRESSURE_NOT_REACHED,
                Condition.MISPLACEMENT,
            }
        ),
    ),
    (Condition.CYLINDER_EMPTY, frozenset({Condition.PRESSURE_NOT_REACHED})),
    (Condition.OCCLUSION, frozenset({Condition.MISPLACEMENT, Condition.PRESSURE_NOT_REACHED, Condition.GAS_LEAK})),
    (Condition.DISCONNECTION, frozenset({Condition.GAS_LEAK, Condition.PRESSURE_NOT_REACHED})),
    (Condition.MISPLACEMENT, frozenset({Condition.PRESSURE_NOT_REACHED})),
    (Condition.PRESSURE_NOT_REACHED, frozenset({Condition.GAS_LEAK})),  # the leak is fed, but not held
)


def one_name_each(found: frozenset[Condition]) -> frozenset[Condition]:
    """`found` without what another one of them explains."""
    for cause, consequences in SUPPRESSES:
        if cause in found:
            found -= consequences
    return found


def recognise(
    state: RecognitionState,
    reading: InsufflatorReading,
    pressure_mmhg: float | None,
    *,
    asked: bool,
    supplying: bool,
    cylinder_empty: bool,
    params: RecognitionParams,
) -> tuple[RecognitionState, frozenset[Condition]]:
    """Conditions of one fresh reading.

    `pressure_mmhg` is the higher good sensor, uncompensated; None when there is none.  `asked`: people want gas and the
    module's supply is on.  `supplying`: and nothing keeps it off; what is judged by the gas begins anew when it is not.
    """
    state, sight = _look(state, reading, pressure_mmhg, params)
    if asked and not state.asked:
        state = replace(state, valves=gas_started(state.valves))
    state = replace(state, asked=asked)
    sensors = judge_still(state.sensors, reading, sight, params)
    state = replace(state, sensors=sensors)
    flow_good = FLOW.plausible(reading.flow_l_min) and not reading.faults & InsufflatorFault.FLOW_SENSOR
    flow_good = flow_good and not (sensors.flow.frozen or sensors.zero_crept)
    if sensors.flow_doubtful(sight.time_s, params):
        # Only a zero may stand still, and only while nothing flows: some sensors clamp it.
        flow_good = flow_good and sight.shut_s >= params.shut_s and abs(reading.flow_l_min) < params.frozen_flow_l_min
    if pressure_mmhg is not None and flow_good:
        supplied = CYLINDER.plausible(reading.cylinder_bar) and not cylinder_empty
        valves = judge_valves(state.valves, sight, reading, supply_bar_good=supplied, params=params)
        state = replace(state, valves=valves)
    if supplying and pressure_mmhg is not None:
        state = _with_gas(state, sight, reading, params) if flow_good else state
    else:
        state = replace(
            state,
            occlusion=OcclusionState(),
            narrow=NarrowState(),
            disconnection=DisconnectionState(),
            leak=LeakState(),
            not_reached=NotReachedState(),
        )
    return state, _found(state)


def stopped(state: RecognitionState) -> RecognitionState:
    """People have ended the supply: what was known of this insufflation is over."""
    return replace(state, needle=NeedleState()) if state.needle != NeedleState() else state


def _look(
    state: RecognitionState, reading: InsufflatorReading, pressure_mmhg: float | None, params: RecognitionParams
) -> tuple[RecognitionState, LineSight]:
    now_s = reading.time_s
    dt_s = 0.0 if state.reading_s is None else max(0.0, now_s - state.reading_s)
    pressure = pressure_mmhg if pressure_mmhg is not None else (state.smooth_mmhg or 0.0)
    share = min(1.0, dt_s / SMOOTH_S)
    smooth = pressure if state.smooth_mmhg is None else state.smooth_mmhg + share * (pressure - state.smooth_mmhg)
    flow = reading.flow_l_min if math.isfinite(reading.flow_l_min) else 0.0
    smooth_flow = state.smooth_l_min + share * (flow - state.smooth_l_min)
    supply_open = reading.duty > 0.0 and reading.solenoid_open
    shut_since_s = None if supply_open else (now_s if state.shut_since_s is None else state.shut_since_s)
    relief_since_s = (
        None if reading.relief_open else (now_s if state.relief_shut_since_s is None else state.relief_shut_since_s)
    )
    if state.reading_s is None or dt_s > params.unseen_s:  # nobody knows what was before
        shut_since_s = None if supply_open and state.reading_s is not None else now_s
        relief_since_s = None if reading.relief_open and state.reading_s is not None else now_s
    gas_ml = flow * dt_s / 0.06 if flow > params.creep_l_min else 0.0
    if dt_s > params.missed_s:
        gas_ml = _counted_ml(state.counted_l, reading.gas_used_l)
    pause_mmhg = None
    if supply_open and state.shut_since_s is not None and state.reading_s is not None and dt_s <= params.unseen_s:
        paused = state.reading_s - state.shut_since_s >= params.settle_s and reading.mode is not InsufflationMode.VERESS
        # This reading was made before the order to open came to the valves.
        if paused and relief_since_s is not None and now_s - relief_since_s >= params.relief_shut_s:
            pause_mmhg = min(state.last_mmhg, pressure)
    state = replace(
        state,
        reading_s=now_s,
        counted_l=reading.gas_used_l,
        smooth_mmhg=smooth,
        smooth_l_min=smooth_flow,
        shut_since_s=shut_since_s,
        relief_shut_since_s=relief_since_s,
    )
    sight = LineSight(
        time_s=now_s,
        dt_s=dt_s,
        mode=reading.mode,
        pressure_mmhg=pressure,
        smooth_mmhg=smooth,
        fallen_mmhg=state.last_mmhg - pressure,
        gas_ml=gas_ml,
        shut_s=0.0 if shut_since_s is None else now_s - shut_since_s,
        relief_shut_s=0.0 if relief_since_s is None else now_s - relief_since_s,
        pause_mmhg=pause_mmhg,
    )
    return replace(state, last_mmhg=pressure), sight


def _counted_ml(before_l: float, now_l: float) -> float:
    """Gas between two readings by the module's count (to 1 ml); 0 when it was reset meanwhile, or is no number."""
    counted_ml = 1000.0 * (now_l - before_l)
    return counted_ml if math.isfinite(counted_ml) and counted_ml > 0.0 else 0.0


def _at_rest(
    state: RecognitionState, sight: LineSight, params: RecognitionParams
) -> tuple[RecognitionState, float | None]:
    """The line at rest, None while a stroke hides it; where no pause has shown it for long, the line as it is."""
    # A line that still falls but is next to nothing already will not be more.
    low = sight.shut_s >= params.settle_s and sight.pressure_mmhg < params.disconnected_mmhg
    if sight.settled(params) or (low and sight.relief_shut_s >= params.relief_shut_s):
        return replace(state, settled_s=sight.time_s), sight.pressure_mmhg
    return state, sight.smooth_mmhg if sight.time_s - state.settled_s > params.no_pause_s else None


def _with_gas(
    state: RecognitionState, sight: LineSight, reading: InsufflatorReading, params: RecognitionParams
) -> RecognitionState:
    state, rest_mmhg = _at_rest(state, sight, params)
    p1 = reading.pressure_setpoint_mmhg
    needle = NeedleState()
    if is_needle(reading.mode):
        settled = sight.settled(params)
        needle = judge_needle(state.needle, sight, state.smooth_l_min, settled, params)
    return replace(
        state,
        occlusion=judge_occlusion(state.occlusion, sight, params),
        narrow=judge_narrow(state.narrow, sight, params),
        disconnection=judge_disconnection(state.disconnection, sight, rest_mmhg, params),
        leak=judge_leak(state.leak, sight, p1, params),
        not_reached=judge_not_reached(state.not_reached, sight, p1, reading.flow_setpoint_l_min, params),
        needle=needle,
    )


def _found(state: RecognitionState) -> frozenset[Condition]:
    judged = (
        (Condition.SENSOR_FAULT, bool(state.distrusted())),
        (Condition.VALVE_FAULT, state.valves.faulty),
        (Condition.OCCLUSION, state.occlusion.occluded or state.narrow.narrow),
        (Condition.DISCONNECTION, state.disconnection.disconnected),
        (Condition.GAS_LEAK, state.leak.leaking),
        (Condition.PRESSURE_NOT_REACHED, state.not_reached.not_reached),
        (Condition.MISPLACEMENT, state.needle.misplaced),
    )
    return frozenset(condition for condition, holds in judged if holds)
