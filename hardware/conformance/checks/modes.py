"""Clauses M: the insufflator's modes and what may be set in each."""

from __future__ import annotations

import math

from hardware.conformance.checks.refusals import settings, unchanged
from hardware.conformance.checks.supply import gas_status
from hardware.conformance.probe import DeviationError, Probe
from hardware.conformance.registry import check
from hardware.gas_modes import MODES, InsufflationMode, entering
from hardware.protocol import Reason, SetFlow, SetGas, SetMode, SetPressure
from hardware.quantities import FLOW_SETPOINT, PRESSURE_SETPOINT, SetpointRange

_WIRE_RANGES = {SetPressure: PRESSURE_SETPOINT, SetFlow: FLOW_SETPOINT}
_COUNT = 0.01  # mmHg and l/min alike


@check("M1")
def entering_a_mode(p: Probe) -> None:
    for before, pressure in ((InsufflationMode.ADULT, 25.0), (InsufflationMode.ADULT, 14.0)):
        for mode in InsufflationMode:
            p.apply(SetMode(before))
            p.apply(SetPressure(pressure))
            p.apply(SetMode(mode))
            reading, (p1, flow) = gas_status(p), entering(mode, pressure)
            for name, expected, got in (
                ("P1", p1, reading.pressure_setpoint_mmhg),
                ("flow", flow, reading.flow_setpoint_l_min),
                ("mode", float(mode), float(reading.mode)),
            ):
                if not math.isclose(expected, got, abs_tol=1e-6):
                    raise DeviationError(f"{name} {expected:g} after {mode.name} from P1 {pressure:g} mmHg", f"{got:g}")


@check("M2")
def a_mode_allows_its_ranges(p: Probe) -> None:
    for mode, spec in MODES.items():
        p.apply(SetMode(mode))
        for make, allowed in ((SetPressure, spec.pressure), (SetFlow, spec.flow)):
            for value in (allowed.minimum, allowed.maximum):
                got = float(p.apply(make(value)))
                if not math.isclose(got, value, abs_tol=1e-6):
                    raise DeviationError(f"{make.__name__} {value:g} in {mode.name}", f"{got:g}")


@check("M3")
def a_mode_forbids_the_rest(p: Probe) -> None:
    for mode, spec in MODES.items():
        p.apply(SetMode(mode))
        before = settings(gas_status(p))
        for make, allowed in ((SetPressure, spec.pressure), (SetFlow, spec.flow)):
            for value in _beyond(allowed, _WIRE_RANGES[make]):
                what = f"{make.__name__} {value:g} in {mode.name} ({allowed.minimum:g} to {allowed.maximum:g})"
                wire = round(value / _COUNT).to_bytes(2, "little")
                p.refused(p.frame(_COMMANDS[make], wire), Reason.OUT_OF_RANGE, what)
                unchanged(p, before, what)


@check("M4")
def a_mode_while_running(p: Probe) -> None:
    p.apply(SetMode(InsufflationMode.VERESS))
    p.apply(SetGas(True))
    p.apply(SetMode(InsufflationMode.ADULT))
    reading = gas_status(p)
    if not reading.running or reading.mode is not InsufflationMode.ADULT:
        raise DeviationError("running 1 and mode 2", f"running {reading.running:d} and mode {int(reading.mode)}")


_COMMANDS = {SetPressure: 0x11, SetFlow: 0x12}


def _beyond(allowed: SetpointRange, wire: SetpointRange) -> list[float]:
    """Values that the wire can carry and the mode forbids, next to its ends."""
    low, high = allowed.minimum - _COUNT, allowed.maximum + _COUNT
    return [value for value in (low, high) if wire.minimum <= value <= wire.maximum]
