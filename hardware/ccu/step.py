"""One step of the control unit: readings in, orders, phase and conditions out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from hardware.ccu.conditions import Condition, ConditionState, judge_gas
from hardware.ccu.insufflation import GasAction, GasState, coast, step_gas, stop
from hardware.ccu.interlocks import InterlockState, fresh, interlock_gas, judge_sensors
from hardware.ccu.light import LightState, step_light
from hardware.ccu.orders import GasOrder
from hardware.ccu.params import CcuParams
from hardware.ccu.recognition import RecognitionState, one_name_each, recognise, stopped
from hardware.ccu.valve_check import CheckState, CheckStep, step_check
from hardware.limits import relief_limit_mmhg
from hardware.quantities import PRESSURE_SETPOINT
from hardware.readings import (
    CameraFault,
    CameraReading,
    InsufflatorDrive,
    InsufflatorReading,
    LightDrive,
    LightReading,
)


class Phase(StrEnum):
    """What the gas side is doing, in words for the screen."""

    NO_READING = "No reading"
    STOPPED = "Stopped"
    SUPPLYING = "Supplying"
    AT_PRESSURE = "At set pressure"
    RELIEF = "Relief open"
    HELD = "Valves held closed"  # an interlock keeps the gas off


@dataclass(frozen=True, slots=True)
class CcuInputs:
    """What one step goes by.  Setpoints are the active ones in the readings.

    `now_s` is the clock of the readings' `time_s`.  `gas` and `light_requested` are what people asked for; gas
    flows and light shines only while the module says the same (`running`, `on`).
    """

    now_s: float
    insufflator: InsufflatorReading | None
    light: LightReading | None
    camera: CameraReading | None
    gas: GasOrder
    light_requested: bool


@dataclass(frozen=True, slots=True)
class CcuState:
    """What is carried from step to step.  Begin with `CcuState.initial()`."""

    gas: GasState = field(default_factory=GasState)
    interlocks: InterlockState = field(default_factory=InterlockState)
    conditions: ConditionState = field(default_factory=ConditionState)
    recognition: RecognitionState = field(default_factory=RecognitionState)
    check: CheckState = field(default_factory=CheckState)
    gas_conditions: frozenset[Condition] = frozenset()
    light: LightState = field(default_factory=LightState)

    @classmethod
    def initial(cls) -> CcuState:
        return cls()


@dataclass(frozen=True, slots=True)
class CcuOutput:
    """Orders of this cycle, and what to tell people."""

    insufflator: InsufflatorDrive
    light: LightDrive
    phase: Phase
    conditions: frozenset[Condition]
    p2_mmhg: float | None  # relief limit for the active setpoint; None: none known
    pressure_estimate_mmhg: float | None = None  # of the abdomen, line drop taken off; for display and law alone
    faulty_sensors: tuple[str, ...] = ()  # names, when `sensor_fault` holds
    vent_done: bool = False  # ordered to vent, and the abdomen is empty: the order can end


def step(state: CcuState, inputs: CcuInputs, params: CcuParams, dt_s: float) -> tuple[CcuState, CcuOutput]:
    """One cycle, at 50 Hz.  Pure.

    `dt_s` is the time since the last cycle: of no more use than to refuse nonsense, since the laws go by the time
    between readings.  Raises `ValueError` when it is negative or not a number.
    """
    if not dt_s >= 0.0:
        raise ValueError(f"a cycle takes 0 s or more, got {dt_s:g}")
    reading = inputs.insufflator
    if reading is not None and not fresh(reading, inputs.now_s, params.interlocks):
        reading = None
    state, faulty, drive = _gas(state, reading, inputs, params)
    interlocks, drive, held = interlock_gas(
        state.interlocks,
        drive,
        reading,
        inputs.now_s,
        params.interlocks,
        distrusted=state.recognition.distrusted(),
        hold_supply=_supply_held(state),
    )
    light = step_light(state.light, inputs.light, inputs.now_s, inputs.light_requested, params.light)
    state = replace(state, interlocks=interlocks, light=light)
    gas_conditions = one_name_each(state.gas_conditions | held)
    if any(name.startswith("pressure") for name in faulty):
        gas_conditions -= {Condition.SENSOR_DISAGREEMENT}  # it is known which of the two is wrong
    conditions = gas_conditions | light.conditions | _camera(inputs.camera)
    return state, CcuOutput(
        insufflator=drive,
        light=light.drive,
        phase=_phase(state, reading, drive, wanted=inputs.gas is GasOrder.SUPPLY),
        conditions=conditions,
        p2_mmhg=_p2(reading),
        pressure_estimate_mmhg=state.gas.estimate_mmhg if reading is not None else None,
        faulty_sensors=faulty,
        vent_done=inputs.gas is GasOrder.VENT and state.gas.vented,
    )


def _supply_held(state: CcuState) -> bool:
    """True when a supply valve was found to pass gas that it must not."""
    return state.recognition.holds_supply() or state.check.step is CheckStep.FAILED


def _gas(
    state: CcuState, reading: InsufflatorReading | None, inputs: CcuInputs, params: CcuParams
) -> tuple[CcuState, tuple[str, ...], InsufflatorDrive]:
    """Recognition, valve test and law on a fresh reading; the faulty sensors' names and what is ordered."""
    if reading is None:
        # Nothing is seen, so nothing is said of the gas: the link's own alarm tells why.
        state = replace(state, gas=stop(state.gas), check=CheckState(fault=state.check.fault))
        return replace(state, gas_conditions=frozenset()), (), InsufflatorDrive()
    before = state.recognition
    if before.reading_s is not None and reading.time_s <= before.reading_s:
        sensors = judge_sensors(reading, before.distrusted())
        state = replace(state, gas=coast(state.gas, inputs.now_s, params.insufflation))
        return state, sensors.faulty, _ordered(state)
    sensors = judge_sensors(reading, before.distrusted())
    judged, conditions = judge_gas(state.conditions, reading, sensors.pressure_mmhg, params.conditions)
    asked = inputs.gas is GasOrder.SUPPLY and reading.running
    free = asked and not sensors.faulty and not state.interlocks.disagreement
    recognition, recognised = recognise(
        stopped(before) if inputs.gas is GasOrder.OFF else before,
        reading,
        sensors.pressure_mmhg,
        asked=asked,
        supplying=free and state.check.done,
        cylinder_empty=judged.cylinder_empty,
        params=params.recognition,
    )
    sensors = judge_sensors(reading, recognition.distrusted())
    state = replace(state, conditions=judged, recognition=recognition)
    free = free and not sensors.faulty and not recognition.holds_supply()
    check, gas = state.check, stop(state.gas)
    if (pressure := sensors.pressure_mmhg) is not None:
        check = step_check(check, reading, pressure, free, params.recognition)
        order = inputs.gas
        if order is GasOrder.SUPPLY and not (free and check.done):
            order = GasOrder.OFF
        if order is GasOrder.SUPPLY or not sensors.faulty or state.gas.relieving or order is GasOrder.VENT:
            gas = state.gas
        gas = step_gas(gas, reading, pressure, order, params.insufflation)
    if check.fault:
        recognised |= {Condition.VALVE_FAULT}
    state = replace(state, gas=gas, check=check, gas_conditions=conditions | recognised)
    return state, sensors.faulty, _ordered(state)


def _ordered(state: CcuState) -> InsufflatorDrive:
    """The valve test has the valves before the law has; a relief that the law wants goes before both."""
    in_test = state.check.step not in (CheckStep.IDLE, CheckStep.PASSED, CheckStep.FAILED)
    return state.check.drive if in_test and not state.gas.drive.relief_open else state.gas.drive


def _camera(reading: CameraReading | None) -> frozenset[Condition]:
    if reading is None:
        return frozenset()
    bits = (
        (CameraFault.WATCHDOG, Condition.CAMERA_WATCHDOG),
        (CameraFault.NO_SIGNAL, Condition.CAMERA_NO_SIGNAL),
        (CameraFault.OVER_TEMPERATURE, Condition.CAMERA_HOT),
    )
    return frozenset(condition for bit, condition in bits if reading.faults & bit)


def _p2(reading: InsufflatorReading | None) -> float | None:
    if reading is None:
        return None
    p1 = reading.pressure_setpoint_mmhg
    known = PRESSURE_SETPOINT.minimum <= p1 <= PRESSURE_SETPOINT.maximum
    return relief_limit_mmhg(p1) if known else None


def _phase(state: CcuState, reading: InsufflatorReading | None, drive: InsufflatorDrive, *, wanted: bool) -> Phase:
    if reading is None:
        return Phase.NO_READING
    if drive.relief_open or state.gas.relieving:
        return Phase.RELIEF
    if not (wanted and reading.running):
        return Phase.STOPPED
    in_test = state.check.step not in (CheckStep.IDLE, CheckStep.PASSED, CheckStep.FAILED)
    if state.gas.action is GasAction.STOPPED and not in_test:
        return Phase.HELD
    return Phase.AT_PRESSURE if state.gas.reached else Phase.SUPPLYING
