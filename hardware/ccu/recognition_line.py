"""What the line's pressure and the gas that flows tell of the tube: occluded, or off."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hardware.ccu.recognition_params import RecognitionParams
from hardware.gas_modes import InsufflationMode


@dataclass(frozen=True, slots=True)
class LineSight:
    """One fresh reading as the recognition sees it."""

    time_s: float
    dt_s: float
    mode: InsufflationMode
    pressure_mmhg: float  # higher good sensor, uncompensated
    smooth_mmhg: float  # the same over about 0.2 s: noise and strokes taken off
    fallen_mmhg: float  # since the last reading
    gas_ml: float  # since the last reading; over a gap by the module's count
    shut_s: float  # how long the supply valves have been seen to be ordered shut; 0: open
    relief_shut_s: float  # the same of the relief valve
    pause_mmhg: float | None = (
        None  # line at the end of a pause that the next stroke ends; an upper bound of what is behind
    )

    def rest_mmhg(self, params: RecognitionParams) -> float | None:
        """The line at rest, or at a pause's end even where it still fell; None while a stroke hides it."""
        return self.pressure_mmhg if self.settled(params) else self.pause_mmhg

    def settled(self, params: RecognitionParams) -> bool:
        """True when the line shows what is behind it: no stroke, no relief, no echo of either."""
        needed_s = params.settle_veress_s if self.mode is InsufflationMode.VERESS else params.settle_s
        still = self.fallen_mmhg <= params.still_mmhg
        return still and self.shut_s >= needed_s and self.relief_shut_s >= params.relief_shut_s


@dataclass(frozen=True, slots=True)
class OcclusionState:
    """Strokes that raised the line and reached nobody."""

    last_mmhg: float | None = None
    before_mmhg: float | None = None  # when the stroke began; None: no stroke is being looked at
    gas_ml: float = 0.0
    vented: bool = False  # the relief valve was open meanwhile
    peak_mmhg: float = 0.0
    # Strokes with too little gas for their rise, since the last one that went into the patient.
    strokes: int = 0
    rise_mmhg: float = 0.0
    first_s: float = 0.0
    # The wait after the first of them, to be sure.
    wait_from_s: float | None = None
    wait_gas_ml: float = 0.0
    wait_low: float = math.inf
    wait_rise: float = 0.0  # the most that the line rose above its lowest meanwhile
    wait_floor_mmhg: float = 0.0
    # Breathing as the line shows it.
    window_s: float | None = None
    low: float = math.inf
    high: float = -math.inf
    window_gas_ml: float = 0.0
    seen_mmhg: float = 0.0
    missed: int = 0
    occluded: bool = False


def judge_occlusion(state: OcclusionState, sight: LineSight, params: RecognitionParams) -> OcclusionState:
    """One fresh reading while gas is wanted; begin anew when it is not."""
    state = _breathing(state, sight, params)
    state = _stroke(state, sight, params)
    state = _wait(state, sight, params)
    if state.strokes and sight.time_s - state.first_s > params.occlusion_within_s and not state.occluded:
        state = replace(state, strokes=0, rise_mmhg=0.0)
    if state.strokes >= params.occlusion_strokes and state.rise_mmhg >= params.occlusion_rise_mmhg:
        state = replace(state, occluded=True)
    return replace(state, last_mmhg=sight.pressure_mmhg)


def _free(state: OcclusionState) -> OcclusionState:
    """Gas went into the patient: all suspicion is gone."""
    return replace(state, strokes=0, rise_mmhg=0.0, wait_from_s=None, missed=0, occluded=False)


def _stroke(state: OcclusionState, sight: LineSight, params: RecognitionParams) -> OcclusionState:
    """From the opening of the supply until the line has settled again; strokes that follow at once are one."""
    if state.before_mmhg is None:
        if sight.shut_s > 0.0 or state.last_mmhg is None:
            return state
        return replace(
            state, before_mmhg=state.last_mmhg, gas_ml=sight.gas_ml, peak_mmhg=sight.pressure_mmhg, vented=False
        )
    state = replace(
        state,
        gas_ml=state.gas_ml + sight.gas_ml,
        peak_mmhg=max(state.peak_mmhg, sight.pressure_mmhg),
        vented=state.vented or sight.relief_shut_s == 0.0,
    )
    before = state.before_mmhg
    assert before is not None
    if state.gas_ml > params.line_ml_mmhg * max(0.0, state.peak_mmhg - before) + params.free_ml:
        return replace(_free(state), before_mmhg=None if sight.shut_s > 0.0 else sight.pressure_mmhg, gas_ml=0.0)
    if not sight.settled(params):
        return state
    # A line that was vented shows only its peak, and there less gas is the line's own: a trocar's drop is in the peak.
    rise = (state.peak_mmhg if state.vented else sight.pressure_mmhg) - before
    line_ml = (params.vented_ml_mmhg if state.vented else params.line_ml_mmhg) * max(0.0, rise)
    gas_ml = state.gas_ml
    state = replace(state, before_mmhg=None, gas_ml=0.0)
    if gas_ml > line_ml + 1.0 and (rise < params.jump_mmhg or state.vented):
        return _free(state)
    if rise < 0.15 or gas_ml > line_ml:
        return state
    first = state.strokes == 0
    state = replace(
        state,
        strokes=state.strokes + 1,
        rise_mmhg=state.rise_mmhg + rise,
        first_s=sight.time_s if first else state.first_s,
    )
    if rise < params.jump_mmhg or state.vented:
        return state
    floor = before + 0.4 * rise
    return replace(
        state, wait_from_s=sight.time_s, wait_gas_ml=0.0, wait_low=math.inf, wait_rise=0.0, wait_floor_mmhg=floor
    )


def _wait(state: OcclusionState, sight: LineSight, params: RecognitionParams) -> OcclusionState:
    """After a jump: a line that keeps it, without breathing, and takes hardly any gas, is occluded."""
    if state.wait_from_s is None or state.occluded:
        return state
    waited_s = sight.time_s - state.wait_from_s
    if waited_s > params.wait_blind_s:
        low = min(state.wait_low, sight.smooth_mmhg)
        state = replace(state, wait_low=low, wait_rise=max(state.wait_rise, sight.smooth_mmhg - low))
    state = replace(state, wait_gas_ml=state.wait_gas_ml + sight.gas_ml)
    if waited_s < params.cough_s and state.wait_low < state.wait_floor_mmhg:
        return replace(state, wait_from_s=None)  # it was a cough
    if waited_s < params.occlusion_confirm_s:
        return state
    flat = state.wait_rise < params.occlusion_flat_mmhg
    little = state.wait_gas_ml < params.through_ml_s * waited_s
    return replace(state, wait_from_s=None, occluded=flat and little)


def _breathing(state: OcclusionState, sight: LineSight, params: RecognitionParams) -> OcclusionState:
    """Peak to peak of the line over windows longer than a breath, against what was seen before."""
    if sight.relief_shut_s < params.relief_shut_s:
        return replace(state, window_s=None)
    if state.window_s is None:
        return replace(state, window_s=sight.time_s, low=sight.smooth_mmhg, high=sight.smooth_mmhg, window_gas_ml=0.0)
    low, high = min(state.low, sight.smooth_mmhg), max(state.high, sight.smooth_mmhg)
    gas_ml = state.window_gas_ml + sight.gas_ml
    age_s = sight.time_s - state.window_s
    if age_s < params.breath_window_s:
        return replace(state, low=low, high=high, window_gas_ml=gas_ml)
    state = replace(state, window_s=None)
    swing = high - low
    if gas_ml >= 2.0 * params.through_ml_s * age_s:
        return replace(state, missed=0)  # filling, or feeding a leak: gas flows, so nothing is shut
    if swing >= params.breath_seen_mmhg:
        swing = min(swing, params.breath_most_mmhg)
        # The smallest breath that was seen lately: a cough makes a large one.
        seen = swing if state.seen_mmhg == 0.0 else min(swing, state.seen_mmhg + 0.2)
        return replace(state, seen_mmhg=seen, missed=0, occluded=state.occluded and state.missed == 0)
    gone = state.seen_mmhg > 0.0 and swing < min(
        params.breath_gone_mmhg, params.breath_gone_share * state.seen_mmhg + 0.05
    )
    missed = state.missed + 1 if gone else 0
    return replace(state, missed=missed, occluded=state.occluded or missed >= params.breath_gone_windows)


@dataclass(frozen=True, slots=True)
class NarrowState:
    """Strokes whose line was slow to come to rest: the gas squeezes through something narrow."""

    before_mmhg: float | None = None  # when the stroke began; None: none is being looked at
    gas_ml: float = 0.0
    peak_mmhg: float = 0.0
    from_mmhg: float | None = None  # the line when a free one would have come to rest
    strokes: int = 0  # slow ones, since the last quick one
    first_s: float = 0.0
    narrow: bool = False


def judge_narrow(state: NarrowState, sight: LineSight, params: RecognitionParams) -> NarrowState:
    """One fresh reading while gas is wanted.  A needle is narrow by nature: not judged."""
    if sight.mode is InsufflationMode.VERESS:
        return NarrowState()
    if sight.relief_shut_s < params.relief_shut_s or sight.dt_s > params.missed_s:
        return replace(state, before_mmhg=None, from_mmhg=None)  # what the line does now has other reasons
    if sight.shut_s == 0.0:
        if state.from_mmhg is not None:  # the next stroke begins: the last one is over
            state = _slow_or_quick(state, sight, sight.pressure_mmhg, params)
        if state.before_mmhg is None:
            return replace(state, before_mmhg=sight.pressure_mmhg, peak_mmhg=sight.pressure_mmhg, gas_ml=0.0)
    if state.before_mmhg is None:
        return state
    state = replace(state, gas_ml=state.gas_ml + sight.gas_ml, peak_mmhg=max(state.peak_mmhg, sight.pressure_mmhg))
    if sight.shut_s < params.narrow_from_s:
        return state
    if state.from_mmhg is None:
        return replace(state, from_mmhg=sight.pressure_mmhg)
    if sight.shut_s < params.narrow_until_s:
        return state
    return _slow_or_quick(state, sight, sight.pressure_mmhg, params)


def _slow_or_quick(state: NarrowState, sight: LineSight, rest_mmhg: float, params: RecognitionParams) -> NarrowState:
    """The stroke is over, with the line at `rest_mmhg`."""
    assert state.before_mmhg is not None
    assert state.from_mmhg is not None
    fallen_mmhg, rise_mmhg = state.from_mmhg - rest_mmhg, state.peak_mmhg - state.before_mmhg
    little = state.gas_ml <= params.line_ml_mmhg * rise_mmhg
    over = replace(state, before_mmhg=None, from_mmhg=None)
    if fallen_mmhg < params.narrow_quick_mmhg:
        return over if little and rise_mmhg >= params.narrow_rise_mmhg else replace(over, strokes=0, narrow=False)
    if fallen_mmhg < params.narrow_fall_mmhg or rise_mmhg < params.narrow_rise_mmhg or not little:
        return over
    if state.strokes == 0 or sight.time_s - state.first_s > params.occlusion_within_s:
        return replace(over, strokes=1, first_s=sight.time_s)
    strokes = state.strokes + 1
    return replace(over, strokes=strokes, narrow=state.narrow or strokes >= params.narrow_strokes)


@dataclass(frozen=True, slots=True)
class DisconnectionState:
    """Gas without pressure."""

    low_since_s: float | None = None
    gas_ml: float = 0.0
    disconnected: bool = False


def judge_disconnection(
    state: DisconnectionState, sight: LineSight, rest_mmhg: float | None, params: RecognitionParams
) -> DisconnectionState:
    """One fresh reading while gas is wanted; `rest_mmhg` is the line at rest, None while a stroke hides it."""
    if rest_mmhg is None:
        return replace(state, gas_ml=state.gas_ml + sight.gas_ml) if state.low_since_s is not None else state
    if rest_mmhg >= (params.disconnected_clear_mmhg if state.disconnected else params.disconnected_mmhg):
        return DisconnectionState()
    since_s = sight.time_s if state.low_since_s is None else state.low_since_s
    gas_ml = state.gas_ml + sight.gas_ml
    paediatric = sight.mode is InsufflationMode.PAEDIATRIC
    enough_ml = params.disconnected_paediatric_ml if paediatric else params.disconnected_ml
    found = sight.time_s - since_s >= params.disconnected_s and gas_ml >= enough_ml
    return DisconnectionState(since_s, gas_ml, state.disconnected or found)
