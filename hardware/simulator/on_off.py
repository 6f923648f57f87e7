"""A conventional on/off insufflator in the place of our control unit, to compare with: same plant, same frames.

It gives the set flow in strokes of fixed length and measures in pauses, with the valve closed, as such devices do. Gas
goes on until a pause shows the setpoint, and again when one shows less than the setpoint by its hysteresis.

Two of them: `on_off_law` under all our interlocks, so also under the rule that both valves close while the line is at
P1, and `on_off_unbound_law` without that one rule, as such devices are sold: their limit is the pauses' pressure, and
near the setpoint their line is above P1 whenever gas flows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hardware.ccu import CcuInputs, CcuOutput, CcuParams, GasOrder, Phase
from hardware.ccu.interlocks import InterlockState, fresh, interlock_gas, judge_sensors
from hardware.ccu.light import LightState, step_light
from hardware.limits import relief_limit_mmhg
from hardware.readings import InsufflatorDrive, InsufflatorFault, InsufflatorReading

STROKE_S = 0.8  # general knowledge: a second or so of gas ...
PAUSE_S = 0.4  # ... and nearly half a second of quiet to measure in
HYSTERESIS_MMHG = 0.5
FEED_FORWARD = 1.0 / 50.0  # duty per l/min: the valve's nominal flow
TRIM_PER_L = 0.02  # duty per litre that the flow was off: the device's own flow adjustment, slow


@dataclass(frozen=True, slots=True)
class OnOffState:
    """What it remembers.  Times are the clock of the readings."""

    reading_s: float | None = None
    since_s: float = 0.0
    stroke: bool = False
    supplying: bool = True  # until a pause shows the setpoint
    trim: float = 0.0  # duty
    drive: InsufflatorDrive = field(default_factory=InsufflatorDrive)
    interlocks: InterlockState = field(default_factory=InterlockState)
    light: LightState = field(default_factory=LightState)


def on_off_law(
    state: OnOffState | None, inputs: CcuInputs, params: CcuParams, _dt_s: float, /
) -> tuple[OnOffState, CcuOutput]:
    """One cycle under all our interlocks, in the form of `hardware.ccu.step`."""
    return _cycle(state, inputs, params, line_rule=True)


def on_off_unbound_law(
    state: OnOffState | None, inputs: CcuInputs, params: CcuParams, _dt_s: float, /
) -> tuple[OnOffState, CcuOutput]:
    """The same without our rule for a line at P1."""
    return _cycle(state, inputs, params, line_rule=False)


def _cycle(
    state: OnOffState | None, inputs: CcuInputs, params: CcuParams, *, line_rule: bool
) -> tuple[OnOffState, CcuOutput]:
    state = OnOffState() if state is None else state
    reading = inputs.insufflator
    if reading is not None and not fresh(reading, inputs.now_s, params.interlocks):
        reading = None
    if reading is None:
        state = replace(state, stroke=False, drive=InsufflatorDrive(), reading_s=None)
    elif reading.time_s != state.reading_s:
        state = _step(state, reading, inputs.gas is GasOrder.SUPPLY)
    interlocks, drive, held = interlock_gas(state.interlocks, state.drive, reading, inputs.now_s, params.interlocks)
    if not line_rule and reading is not None and not held and _only_p1(reading, interlocks):
        drive = state.drive
    light = step_light(state.light, inputs.light, inputs.now_s, inputs.light_requested, params.light)
    state = replace(state, interlocks=interlocks, light=light)
    return state, CcuOutput(drive, light.drive, Phase.SUPPLYING, held | light.conditions, p2_mmhg=None)


def _only_p1(reading: InsufflatorReading, interlocks: InterlockState) -> bool:
    """Nothing but the line's pressure at P1 speaks against gas."""
    faults = reading.faults & (InsufflatorFault.WATCHDOG | InsufflatorFault.OWN_LIMIT)
    return reading.running and not faults and not interlocks.venting and not interlocks.disagreement


def _step(state: OnOffState, reading: InsufflatorReading, wanted: bool) -> OnOffState:
    now_s, p1, standard = reading.time_s, reading.pressure_setpoint_mmhg, reading.flow_setpoint_l_min
    dt_s = 0.0 if state.reading_s is None else min(0.1, now_s - state.reading_s)
    state = replace(state, reading_s=now_s)
    pressure = judge_sensors(reading).pressure_mmhg
    if not wanted or pressure is None or pressure >= relief_limit_mmhg(p1):
        return replace(state, stroke=False, since_s=now_s, drive=InsufflatorDrive())
    age_s = now_s - state.since_s
    if state.stroke and age_s >= STROKE_S:
        return replace(state, stroke=False, since_s=now_s, drive=InsufflatorDrive())
    if not state.stroke and age_s >= PAUSE_S:  # the pause has shown the abdomen; without a stroke it goes on showing it
        supplying = pressure < (p1 if state.supplying else p1 - HYSTERESIS_MMHG)
        state = replace(state, supplying=supplying)
        if supplying:
            state = replace(state, stroke=True, since_s=now_s)
    if not state.stroke:
        return replace(state, drive=InsufflatorDrive())
    trim = state.trim
    if now_s - state.since_s >= 0.3:  # the flow sensor shows the stroke
        trim = min(0.5, max(-0.2, trim + TRIM_PER_L * (standard - max(0.0, reading.flow_l_min)) * dt_s))
    duty = min(1.0, max(0.0, FEED_FORWARD * standard + trim))
    return replace(state, trim=trim, drive=InsufflatorDrive(duty=duty, solenoid_open=True))
