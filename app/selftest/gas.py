"""The gas side at rest: both pressure sensors, their zero, and valves that are shut.

Nothing is driven: a patient may be on the line after a restart.  What needs gas is tested by the control unit when the
gas starts (`hardware/ccu/valve_check.py`) or when the part first acts (`hardware/ccu/recognition_valves.py`).
"""

from __future__ import annotations

from statistics import median

from app.selftest.evidence import Evidence
from app.selftest.result import Result, failed, passed, skipped
from hardware.ccu import CcuParams
from hardware.ccu.conditions import Condition
from hardware.ccu.interlocks import judge_sensors
from hardware.ccu.recognition_sensors import FLOW_SENSOR, PRESSURE_1, PRESSURE_2
from hardware.readings import InsufflatorFault, InsufflatorReading

_PARAMS = CcuParams()
DISAGREEMENT_MMHG = _PARAMS.interlocks.disagreement_mmhg  # the interlock's own
FLOW_L_MIN = _PARAMS.recognition.check_flow_l_min  # the valve test's own
# A sensor whose zero is lower than this reads an abdomen so much too low.  Below the interlock's limit for two sensors
# that part; a resting line in air reads within noise (0.1 mmHg in the simulated module).
ZERO_MMHG = 2.0


def no_reading(_: Evidence) -> Result:
    """The insufflator has not reported in time."""
    return failed("no_reading")


def judge_sensors_agree(e: Evidence) -> Result | None:
    """Both sensors report what a sensor can, and the same within the interlock's limit."""
    if not e.gas_enough:
        return None
    if faulty := _faulty(e):
        return failed("sensor_fault", sensor=faulty)
    first, second = _middle(e)
    apart = median(abs(r.pressure_mmhg - r.pressure2_mmhg) for r in e.gas) > DISAGREEMENT_MMHG
    values = {"first": f"{first:.1f}", "second": f"{second:.1f}", "limit": f"{DISAGREEMENT_MMHG:g}"}
    if apart or Condition.SENSOR_DISAGREEMENT in e.status.conditions:
        return failed("sensors_apart", **values)
    return passed("sensors_agree", **values)


def judge_zero(e: Evidence) -> Result | None:
    """At rest with the line in air both read zero.  A line that holds pressure may lead to a patient: no zero then."""
    if not e.gas_enough:
        return None
    if busy := _busy(e.gas):
        return skipped(busy)
    if faulty := _faulty(e):
        return failed("sensor_fault", sensor=faulty)
    lowest, highest = sorted(_middle(e))
    if lowest < -ZERO_MMHG:
        return failed("zero_low", value=f"{lowest:.1f}", limit=f"{ZERO_MMHG:g}")
    if highest > ZERO_MMHG:
        return skipped("line_loaded", value=f"{highest:.1f}")
    return passed("zero", low=f"{lowest:.1f}", high=f"{highest:.1f}")


def judge_supply_shut(e: Evidence) -> Result | None:
    """Both supply valves are read back as shut, and no gas flows."""
    if not e.gas_enough:
        return None
    if busy := _busy(e.gas):
        return skipped(busy)
    if Condition.VALVE_FAULT in e.status.conditions:
        return failed("valve_fault")
    if all(r.solenoid_open or r.duty > 0.0 for r in e.gas):
        return failed("valve_open")
    if sum(FLOW_SENSOR in judge_sensors(r).faulty for r in e.gas) > 1:
        return failed("flow_sensor")
    flow = median(r.flow_l_min for r in e.gas)
    if flow > FLOW_L_MIN:
        return failed("flow_at_rest", flow=f"{flow:.1f}")
    return passed("supply_shut", flow=f"{max(0.0, flow):.1f}")


def judge_supply_each(e: Evidence) -> Result | None:
    """Each valve alone needs gas: the control unit does it, every time gas starts."""
    return skipped("supply_each") if e.gas_enough else None


def judge_relief(e: Evidence) -> Result | None:
    """The relief valve is shut at rest.  Opening it would empty an abdomen that may be on the line."""
    if not e.gas_enough:
        return None
    if busy := _busy(e.gas):
        return skipped(busy)
    if all(r.faults & InsufflatorFault.OWN_LIMIT for r in e.gas):
        return failed("own_limit")
    if all(r.relief_open for r in e.gas) and not e.status.gas_venting:
        return failed("relief_open")
    return skipped("relief_shut")


def _busy(gas: tuple[InsufflatorReading, ...]) -> str:
    """Why the gas side is not at rest; empty when it is."""
    return "gas_on" if any(r.running for r in gas) else ""


def _faulty(e: Evidence) -> str:
    """Numbers of the pressure sensors that report what no healthy one can; one such reading is noise."""
    names = {"1": PRESSURE_1, "2": PRESSURE_2}
    return ", ".join(
        number for number, name in names.items() if sum(name in judge_sensors(r).faulty for r in e.gas) > 1
    )


def _middle(e: Evidence) -> tuple[float, float]:
    """Median of each sensor, mmHg."""
    return median(r.pressure_mmhg for r in e.gas), median(r.pressure2_mmhg for r in e.gas)
