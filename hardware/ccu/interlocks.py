"""The last word on gas: whatever the law ordered, this closes or vents when it must, and never opens a supply valve.

It goes by the uncompensated pressure of the higher sensor, and knows nothing of the law's modes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hardware.ccu.conditions import Condition
from hardware.ccu.params import InterlockParams
from hardware.limits import relief_limit_mmhg
from hardware.quantities import FLOW, FLOW_SETPOINT, PRESSURE, PRESSURE_SETPOINT
from hardware.readings import InsufflatorDrive, InsufflatorFault, InsufflatorReading


@dataclass(frozen=True, slots=True)
class InterlockState:
    """What the interlocks remember.  Times are the clock of the readings."""

    apart_since_s: float | None = None
    together_since_s: float | None = None
    disagreement: bool = False
    venting: bool = False


@dataclass(frozen=True, slots=True)
class Sensors:
    """What the gas side's sensors, and its readback of the setpoints, are worth."""

    pressure_mmhg: float | None  # higher of the good pressure sensors; None: no good one
    faulty: tuple[str, ...]  # names for people; empty: gas may flow on these readings


def judge_sensors(reading: InsufflatorReading) -> Sensors:
    """Plausibility of one reading: finite, within what a healthy sensor can report, no fault bit."""
    bits = reading.faults
    checks = (
        (
            "pressure sensor 1",
            PRESSURE.plausible(reading.pressure_mmhg) and not bits & InsufflatorFault.PRESSURE_SENSOR_1,
        ),
        (
            "pressure sensor 2",
            PRESSURE.plausible(reading.pressure2_mmhg) and not bits & InsufflatorFault.PRESSURE_SENSOR_2,
        ),
        ("flow sensor", FLOW.plausible(reading.flow_l_min) and not bits & InsufflatorFault.FLOW_SENSOR),
    )
    pressures = (reading.pressure_mmhg, reading.pressure2_mmhg)
    good = [value for value, (_, healthy) in zip(pressures, checks, strict=False) if healthy]
    faulty = tuple(name for name, healthy in checks if not healthy)
    setpoints = PRESSURE_SETPOINT, FLOW_SETPOINT
    values = reading.pressure_setpoint_mmhg, reading.flow_setpoint_l_min
    if not all(s.minimum <= v <= s.maximum for s, v in zip(setpoints, values, strict=True)):  # also NaN
        faulty += ("set values",)
    return Sensors(max(good, default=None), faulty)


def interlock_gas(
    state: InterlockState,
    drive: InsufflatorDrive,
    reading: InsufflatorReading | None,
    now_s: float,
    params: InterlockParams,
) -> tuple[InterlockState, InsufflatorDrive, frozenset[Condition]]:
    """`drive` made safe, with the conditions that made it so.

    Without a fresh reading all valves close: the module's own watchdog and relief limit go on guarding the patient.
    """
    if reading is None or not _fresh(reading, now_s, params):
        return InterlockState(disagreement=state.disagreement), InsufflatorDrive(), frozenset()
    conditions: set[Condition] = set()
    sensors = judge_sensors(reading)
    state = _compare(state, reading, sensors, params)
    if sensors.faulty:
        conditions.add(Condition.SENSOR_FAULT)
    if state.disagreement:
        conditions.add(Condition.SENSOR_DISAGREEMENT)

    pressure = sensors.pressure_mmhg
    p1 = reading.pressure_setpoint_mmhg
    over_p2 = pressure is not None and pressure >= relief_limit_mmhg(p1)
    below_p1 = pressure is not None and pressure < p1
    venting = over_p2 or (state.venting and pressure is not None and not below_p1)
    state = replace(state, venting=venting)

    may_supply = (
        not sensors.faulty
        and not state.disagreement
        and below_p1
        and not venting
        and not drive.relief_open
        and reading.running
        and not reading.faults & (InsufflatorFault.WATCHDOG | InsufflatorFault.OWN_LIMIT)
    )
    relief = venting or (drive.relief_open and pressure is not None)
    if not may_supply:
        return state, InsufflatorDrive(relief_open=relief), frozenset(conditions)
    return state, replace(drive, relief_open=relief), frozenset(conditions)


def fresh(reading: InsufflatorReading | None, now_s: float, params: InterlockParams) -> bool:
    """True for a reading young enough to act on.  One from the future is of another clock, and is not."""
    return reading is not None and _fresh(reading, now_s, params)


def _fresh(reading: InsufflatorReading, now_s: float, params: InterlockParams) -> bool:
    return -0.05 <= now_s - reading.time_s <= params.stale_s


def _compare(
    state: InterlockState, reading: InsufflatorReading, sensors: Sensors, params: InterlockParams
) -> InterlockState:
    """Two good sensors that stay apart longer than the delay disagree, until they have agreed for a while."""
    bad = any(name.startswith("pressure") for name in sensors.faulty)
    apart = not bad and abs(reading.pressure_mmhg - reading.pressure2_mmhg) > params.disagreement_mmhg
    now_s = reading.time_s
    if apart:
        since_s = now_s if state.apart_since_s is None else state.apart_since_s
        lasting = now_s - since_s >= params.disagreement_delay_s
        return replace(state, apart_since_s=since_s, together_since_s=None, disagreement=state.disagreement or lasting)
    since_s = now_s if state.together_since_s is None else state.together_since_s
    cleared = not bad and now_s - since_s >= params.disagreement_clear_s
    return replace(state, apart_since_s=None, together_since_s=since_s, disagreement=state.disagreement and not cleared)
