"""A test of each supply valve alone, before the gas starts: in series, one that is stuck open shows by nothing else.

First both are shut, then the proportional valve is driven with the solenoid shut, then the solenoid with the
proportional valve shut; no gas may flow in any of the three.  At worst 10 ml reach the patient by a stuck solenoid and
30 ml by a stuck proportional valve.  The interlocks judge these orders like all others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from hardware.ccu.recognition_params import RecognitionParams
from hardware.readings import InsufflatorDrive, InsufflatorReading

CLOSED = InsufflatorDrive()


class CheckStep(Enum):
    IDLE = auto()  # gas is not wanted
    REST = auto()
    DUTY = auto()
    DUTY_LOOK = auto()
    SOLENOID = auto()
    SOLENOID_LOOK = auto()
    PASSED = auto()
    FAILED = auto()


_NEXT = {
    CheckStep.REST: CheckStep.DUTY,
    CheckStep.DUTY: CheckStep.DUTY_LOOK,
    CheckStep.DUTY_LOOK: CheckStep.SOLENOID,
    CheckStep.SOLENOID: CheckStep.SOLENOID_LOOK,
    CheckStep.SOLENOID_LOOK: CheckStep.PASSED,
}


@dataclass(frozen=True, slots=True)
class CheckState:
    """Begin with the default."""

    step: CheckStep = CheckStep.IDLE
    since_s: float = 0.0
    fault: bool = False  # stands until a test has passed
    drive: InsufflatorDrive = CLOSED

    @property
    def done(self) -> bool:
        """True when the law may have the valves."""
        return self.step is CheckStep.PASSED


def step_check(
    state: CheckState, reading: InsufflatorReading, pressure_mmhg: float, wanted: bool, params: RecognitionParams
) -> CheckState:
    """One fresh reading; `wanted`: gas is wanted and may flow.  Below P1 only: above, interlocks would hide it."""
    now_s = reading.time_s
    if not wanted:
        return replace(state, step=CheckStep.IDLE, drive=CLOSED)
    if state.step is CheckStep.IDLE:
        return replace(state, step=CheckStep.REST, since_s=now_s, drive=CLOSED)
    if state.step in (CheckStep.PASSED, CheckStep.FAILED):
        return replace(state, drive=CLOSED)
    if pressure_mmhg >= reading.pressure_setpoint_mmhg:
        return replace(state, step=CheckStep.REST, since_s=now_s, drive=CLOSED)
    if reading.flow_l_min > params.check_flow_l_min and now_s > state.since_s:
        if state.step is not CheckStep.REST:
            return replace(state, step=CheckStep.FAILED, fault=True, drive=CLOSED)
        # Flow with both shut: the end of an earlier stroke, or a fault that lasts and is judged by its lasting.
        return replace(state, since_s=now_s, drive=CLOSED)
    looking = state.step in (CheckStep.DUTY_LOOK, CheckStep.SOLENOID_LOOK)
    if looking and now_s > state.since_s and (reading.duty > 0.0 or reading.solenoid_open):
        return replace(state, since_s=now_s)  # the order to shut has not come to the module: the next valve waits
    if now_s - state.since_s < _lasts_s(state.step, params):
        return state
    step = _NEXT[state.step]
    fault = state.fault and step is not CheckStep.PASSED
    return CheckState(step=step, since_s=now_s, fault=fault, drive=_order(step, params))


def _lasts_s(step: CheckStep, params: RecognitionParams) -> float:
    if step is CheckStep.REST:
        return params.check_rest_s
    return params.check_open_s if step in (CheckStep.DUTY, CheckStep.SOLENOID) else params.check_look_s


def _order(step: CheckStep, params: RecognitionParams) -> InsufflatorDrive:
    if step is CheckStep.DUTY:
        return InsufflatorDrive(duty=params.check_duty)
    return InsufflatorDrive(solenoid_open=True) if step is CheckStep.SOLENOID else CLOSED
