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
    state, faulty = _gas(state, reading, inputs, params)
    interlocks, drive, held = interlock_gas(state.interlocks, state.gas.drive, reading, inputs.now_s, params.interlocks)
    light = step_light(state.light, inputs.light, inputs.now_s, inputs.light_requested, params.light)
    state = replace(state, interlocks=interlocks, light=light)
    conditions = state.gas_conditions | held | light.conditions | _camera(inputs.camera)
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


def _gas(
    state: CcuState, reading: InsufflatorReading | None, inputs: CcuInputs, params: CcuParams
) -> tuple[CcuState, tuple[str, ...]]:
    """The law, on a fresh reading that may be acted on; without one it starts anew."""
    if reading is None:
        return replace(state, gas=stop(state.gas), gas_conditions=frozenset()), ()
    sensors = judge_sensors(reading)
    if sensors.pressure_mmhg is None:
        return replace(state, gas=stop(state.gas), gas_conditions=frozenset()), sensors.faulty
    if sensors.faulty:
        judged, conditions = judge_gas(state.conditions, reading, sensors.pressure_mmhg, False, params.conditions)
        return replace(state, gas=stop(state.gas), conditions=judged, gas_conditions=conditions), sensors.faulty
    if state.gas.reading_s is not None and reading.time_s <= state.gas.reading_s:
        return replace(state, gas=coast(state.gas, inputs.now_s, params.insufflation)), ()
    wanted = inputs.gas is GasOrder.SUPPLY and reading.running and not state.interlocks.disagreement
    order = inputs.gas if wanted or inputs.gas is not GasOrder.SUPPLY else GasOrder.OFF
    gas = step_gas(state.gas, reading, sensors.pressure_mmhg, order, params.insufflation)
    judged, conditions = judge_gas(state.conditions, reading, sensors.pressure_mmhg, wanted, params.conditions)
    return replace(state, gas=gas, conditions=judged, gas_conditions=conditions), ()


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
    if state.gas.action is GasAction.STOPPED:
        return Phase.HELD
    return Phase.AT_PRESSURE if state.gas.reached else Phase.SUPPLYING
