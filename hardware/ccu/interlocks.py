"""The last word on gas: whatever the law ordered, this closes or vents when it must, and never opens a supply valve.

It goes by the uncompensated pressure of the higher sensor, and knows nothing of the law's modes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hardware.ccu.conditions import Condition
from hardware.ccu.params import InterlockParams
from hardware.ccu.recognition_sensors import FLOW_SENSOR, PRESSURE_1, PRESSURE_2
from hardware.gas_modes import MODES
from hardware.limits import relief_limit_mmhg
from hardware.quantities import FLOW, PRESSURE
from hardware.readings import InsufflatorDrive, InsufflatorFault, InsufflatorReading


@dataclass(frozen=True, slots=True)
class InterlockState:
    """What the interlocks remember.  Times are the clock of the readings."""

    apart_since_s: float | None = None
    together_since_s: float | None = None
    disagreement: bool = False
    venting: bool = False
    shut_since_s: float | None = None  # since when the module reads both supply valves back as shut
    passing_since_s: float | None = None  # since when gas flows all the same
    reading_s: float | None = None


@dataclass(frozen=True, slots=True)
class Sensors:
    """What the gas side's sensors, and its readback of the setpoints, are worth."""

    pressure_mmhg: float | None  # higher of the good pressure sensors; None: no good one
    faulty: tuple[str, ...]  # names for people; empty: gas may flow on these readings


def judge_sensors(reading: InsufflatorReading, distrusted: tuple[str, ...] = ()) -> Sensors:
    """Plausibility of one reading: finite, within what a healthy sensor can report, no fault bit, and not among the
    `distrusted` (names, as in `recognition_sensors`), whose values look good and are not.
    """
    bits = reading.faults
    checks = (
        (
            PRESSURE_1,
            PRESSURE.plausible(reading.pressure_mmhg)
            and not bits & InsufflatorFault.PRESSURE_SENSOR_1
            and PRESSURE_1 not in distrusted,
        ),
        (
            PRESSURE_2,
            PRESSURE.plausible(reading.pressure2_mmhg)
            and not bits & InsufflatorFault.PRESSURE_SENSOR_2
            and PRESSURE_2 not in distrusted,
        ),
        (
            FLOW_SENSOR,
            FLOW.plausible(reading.flow_l_min)
            and not bits & InsufflatorFault.FLOW_SENSOR
            and FLOW_SENSOR not in distrusted,
        ),
    )
    pressures = (reading.pressure_mmhg, reading.pressure2_mmhg)
    good = [value for value, (_, healthy) in zip(pressures, checks, strict=False) if healthy]
    faulty = tuple(name for name, healthy in checks if not healthy)
    spec = MODES[reading.mode]
    setpoints = spec.pressure, spec.flow
    values = reading.pressure_setpoint_mmhg, reading.flow_setpoint_l_min
    if not all(s.minimum <= v <= s.maximum for s, v in zip(setpoints, values, strict=True)):  # also NaN
        faulty += ("set values",)
    return Sensors(max(good, default=_beyond_range(pressures)), faulty)


def _beyond_range(pressures: tuple[float, float]) -> float | None:
    """Both sensors above what they can report: no broken wire does that to two, so the line may truly be there.

    It cannot open a supply valve, since both count as faulty, but it does open the relief valve.
    """
    both = all(math.isfinite(value) and value > PRESSURE.absolute_max for value in pressures)
    return max(pressures) if both else None


def interlock_gas(
    state: InterlockState,
    drive: InsufflatorDrive,
    reading: InsufflatorReading | None,
    now_s: float,
    params: InterlockParams,
    *,
    distrusted: tuple[str, ...] = (),
    hold_supply: bool = False,
) -> tuple[InterlockState, InsufflatorDrive, frozenset[Condition]]:
    """`drive` made safe, with the conditions that made it so.

    `distrusted` names sensors that were recognised as frozen or the like, `hold_supply` says that a supply valve
    passes gas that it must not: both can only close.

    Without a fresh reading all valves close: the module's own watchdog and relief limit go on guarding the patient.
    """
    if reading is None or not _fresh(reading, now_s, params):
        kept = InterlockState(disagreement=state.disagreement, venting=state.venting)
        return kept, InsufflatorDrive(), frozenset()
    conditions: set[Condition] = set()
    sensors = judge_sensors(reading, distrusted)
    state = _compare(state, reading, sensors, params)
    state = _passing(state, reading, sensors, params)
    if sensors.faulty:
        conditions.add(Condition.SENSOR_FAULT)
    if state.disagreement:
        conditions.add(Condition.SENSOR_DISAGREEMENT)

    pressure = sensors.pressure_mmhg
    p1 = reading.pressure_setpoint_mmhg
    over_p2 = pressure is not None and pressure >= relief_limit_mmhg(p1)
    below_p1 = pressure is not None and pressure < p1
    # Gas that flows although both valves are shut has no other way out: from P1 on, P2 is not waited for.
    flows_shut = state.passing_since_s is not None and now_s - state.passing_since_s >= params.passing_s
    unstoppable = flows_shut and pressure is not None and not below_p1
    venting = over_p2 or unstoppable or (state.venting and pressure is not None and not below_p1)
    state = replace(state, venting=venting)

    may_supply = (
        not sensors.faulty
        and not state.disagreement
        and below_p1
        and not venting
        and not drive.relief_open
        and not hold_supply
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


def _passing(
    state: InterlockState, reading: InsufflatorReading, sensors: Sensors, params: InterlockParams
) -> InterlockState:
    """Since when gas flows with both supply valves read back as shut, the flow sensor's lag left out."""
    now_s, before_s = reading.time_s, state.reading_s
    state = replace(state, reading_s=now_s)
    if reading.solenoid_open or reading.duty > 0.0:
        return replace(state, shut_since_s=None, passing_since_s=None)
    shut_since_s = now_s if state.shut_since_s is None else state.shut_since_s
    flows = now_s - shut_since_s >= params.passing_lag_s and reading.flow_l_min >= params.passing_flow_l_min
    flows = flows and FLOW_SENSOR not in sensors.faulty
    # After a gap the flow may be the tail of a stroke that came and went in it: counted from when that is gone.
    gap = before_s is not None and now_s - before_s > params.passing_unseen_s
    from_s = now_s + params.passing_lag_s if gap else now_s
    since_s = (from_s if state.passing_since_s is None else state.passing_since_s) if flows else None
    return replace(state, shut_since_s=shut_since_s, passing_since_s=since_s)


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
