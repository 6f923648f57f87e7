"""Which sensors have stopped measuring although their values look good: frozen, or crept away from zero."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from hardware.ccu.recognition_line import LineSight
from hardware.ccu.recognition_params import RecognitionParams
from hardware.readings import InsufflatorReading

PRESSURE_1 = "pressure sensor 1"
PRESSURE_2 = "pressure sensor 2"
FLOW_SENSOR = "flow sensor"


@dataclass(frozen=True, slots=True)
class Still:
    """How long one sensor has shown exactly the same value, and what else has moved meanwhile."""

    value: float = math.nan
    since_s: float = 0.0
    other_low: float = math.inf  # of the sensor that it is compared with
    other_high: float = -math.inf
    gas_ml: float = 0.0
    frozen: bool = False
    moving_since_s: float | None = None  # a frozen one that moves again


@dataclass(frozen=True, slots=True)
class SensorState:
    """Begin with the default."""

    pressure1: Still = field(default_factory=Still)
    pressure2: Still = field(default_factory=Still)
    flow: Still = field(default_factory=Still)
    zero_l_min: float | None = None  # flow last seen with the valves closed
    zero_crept: bool = False

    def flow_doubtful(self, now_s: float, params: RecognitionParams) -> bool:
        """True while the flow has shown exactly the same for a moment: nothing is judged by it until then."""
        return now_s - self.flow.since_s >= params.doubtful_s

    def faulty(self) -> tuple[str, ...]:
        """Names, for people and for the interlocks."""
        found = (
            (PRESSURE_1, self.pressure1.frozen),
            (PRESSURE_2, self.pressure2.frozen),
            (FLOW_SENSOR, self.flow.frozen or self.zero_crept),
        )
        return tuple(name for name, bad in found if bad)


def judge_still(
    state: SensorState, reading: InsufflatorReading, sight: LineSight, params: RecognitionParams
) -> SensorState:
    """One fresh reading."""
    first, second, now_s = reading.pressure_mmhg, reading.pressure2_mmhg, reading.time_s
    gas_ml, shut_s = sight.gas_ml, sight.shut_s
    if sight.dt_s > params.unseen_s:  # few readings may well be alike: only those in a row tell
        state = replace(
            state,
            pressure1=_anew(state.pressure1, now_s),
            pressure2=_anew(state.pressure2, now_s),
            flow=_anew(state.flow, now_s),
        )
    higher = max(first, second)
    pressure1 = _follow(state.pressure1, first, second, gas_ml, now_s, params)
    pressure2 = _follow(state.pressure2, second, first, gas_ml, now_s, params)
    # What moves the line while the valves are closed (a cough) is no flow.
    line = higher if shut_s < params.stroke_echo_s else math.nan
    flow = _follow(state.flow, reading.flow_l_min, line, gas_ml, now_s, params)
    both_still = _lasts(pressure1, now_s, params) and _lasts(pressure2, now_s, params)
    both_frozen = both_still and min(pressure1.gas_ml, pressure2.gas_ml) >= params.frozen_gas_ml
    state = replace(
        state,
        pressure1=_judge(pressure1, now_s, both_frozen or _other_moved(pressure1, params), params),
        pressure2=_judge(pressure2, now_s, both_frozen or _other_moved(pressure2, params), params),
        flow=_judge(flow, now_s, _flow_stands(flow, params), params),
    )
    return _zero(state, reading.flow_l_min, shut_s, params)


def _follow(still: Still, value: float, other: float, gas_ml: float, now_s: float, params: RecognitionParams) -> Still:
    if value == still.value:
        return replace(
            still,
            other_low=still.other_low if math.isnan(other) else min(still.other_low, other),
            other_high=still.other_high if math.isnan(other) else max(still.other_high, other),
            gas_ml=still.gas_ml + gas_ml,
            moving_since_s=None,
        )
    moving_since_s = now_s if still.moving_since_s is None else still.moving_since_s
    frozen = still.frozen and now_s - moving_since_s < params.frozen_clear_s
    low, high = (math.inf, -math.inf) if math.isnan(other) else (other, other)
    return Still(value, now_s, low, high, 0.0, frozen, moving_since_s)


def _anew(still: Still, now_s: float) -> Still:
    """Nobody looked for a while: a standstill counts from here."""
    return replace(still, since_s=now_s, other_low=math.inf, other_high=-math.inf, gas_ml=0.0, moving_since_s=None)


def _lasts(still: Still, now_s: float, params: RecognitionParams) -> bool:
    return now_s - still.since_s >= params.frozen_s


def _other_moved(still: Still, params: RecognitionParams) -> bool:
    return still.other_high - still.other_low >= params.frozen_other_mmhg


def _flow_stands(flow: Still, params: RecognitionParams) -> bool:
    """Beyond zero a live sensor jitters; at zero only a line that the strokes move tells that there is a flow."""
    if abs(flow.value) >= params.frozen_flow_l_min:
        return True
    return flow.other_high - flow.other_low >= params.frozen_line_mmhg


def _judge(still: Still, now_s: float, evidence: bool, params: RecognitionParams) -> Still:
    if not still.frozen and evidence and _lasts(still, now_s, params):
        return replace(still, frozen=True)
    return still


def _zero(state: SensorState, flow_l_min: float, shut_s: float, params: RecognitionParams) -> SensorState:
    """Zero of the flow sensor, seen while the valves are closed: creeping is the sensor, a jump is a valve."""
    if shut_s < params.shut_s:
        return state
    if state.zero_l_min is None:
        # The first look is believed only where it can be a zero; else it is gas.
        return replace(state, zero_l_min=flow_l_min) if abs(flow_l_min) < params.shut_flow_l_min else state
    if abs(flow_l_min - state.zero_l_min) > params.zero_step_l_min:
        return state
    zero = state.zero_l_min + 0.1 * (flow_l_min - state.zero_l_min)
    limit = params.zero_drift_l_min * (0.6 if state.zero_crept else 1.0)
    return replace(state, zero_l_min=zero, zero_crept=abs(zero) >= limit)
