"""Clauses G: valves, counters and supply of the insufflator."""

from __future__ import annotations

from hardware.conformance.checks.supply import gas_status, supply_s
from hardware.conformance.probe import DeviationError, Probe
from hardware.conformance.registry import check
from hardware.protocol import DriveInsufflator, ResetGasUsed, SetGas
from hardware.readings import InsufflatorDrive, InsufflatorReading

_OPEN = InsufflatorDrive(duty=0.1, solenoid_open=True)
_DUTY_COUNT = 0.0001
_CREEP_L = 0.005  # what a count may do at rest, while noise of the flow sensor must not add up


def closed(reading: InsufflatorReading) -> bool:
    """Neither valve of the supply is driven."""
    return reading.duty == 0.0 and not reading.solenoid_open


def driven(reading: InsufflatorReading) -> str:
    """What the status says of the valves."""
    return (
        f"running {reading.running:d}, duty {reading.duty:g}, solenoid {reading.solenoid_open:d},"
        f" relief {reading.relief_open:d}"
    )


@check("G1")
def valves_need_running(p: Probe) -> None:
    p.apply(SetGas(False))
    for drive in (_OPEN, InsufflatorDrive(duty=0.1), InsufflatorDrive(solenoid_open=True)):
        reading = gas_status(p, drive)
        gas_status(p)
        if reading.running or not closed(reading):
            raise DeviationError("running 0, duty 0, solenoid 0", driven(reading))


@check("G2")
def relief_always_obeys(p: Probe) -> None:
    for running in (False, True):
        p.apply(SetGas(running))
        reading = gas_status(p, InsufflatorDrive(relief_open=True))
        shut = gas_status(p)
        if not reading.relief_open or shut.relief_open:
            raise DeviationError(
                f"the relief valve to open and close as ordered with running {running:d}",
                f"{driven(reading)}; then {driven(shut)}",
            )


@check("G3")
def valves_obey_while_running(p: Probe) -> None:
    p.apply(SetGas(True))
    for drive in (_OPEN, InsufflatorDrive(duty=0.2), InsufflatorDrive(solenoid_open=True), InsufflatorDrive()):
        reading = gas_status(p, drive)
        gas_status(p)
        if abs(reading.duty - drive.duty) > 1.5 * _DUTY_COUNT or reading.solenoid_open != drive.solenoid_open:
            raise DeviationError(f"duty {drive.duty:g}, solenoid {drive.solenoid_open:d}", driven(reading))


@check("G4")
def off_is_never_refused(p: Probe) -> None:
    p.apply(SetGas(False))
    p.apply(SetGas(True))
    gas_status(p, _OPEN)
    for _ in range(2):
        p.apply(SetGas(False))
        reading = gas_status(p, _OPEN)
        gas_status(p)
        if reading.running or not closed(reading):
            raise DeviationError("running 0, duty 0, solenoid 0 after SetGas 0", driven(reading))


@check("G5")
def counts_stand_at_rest(p: Probe) -> None:
    p.apply(SetGas(False))
    first = gas_status(p)
    p.keep(1.0, DriveInsufflator(InsufflatorDrive()), 0.05)
    last = gas_status(p)
    if last.supply_s != first.supply_s:
        raise DeviationError(f"a supply time of {first.supply_s:.1f} s still", f"{last.supply_s:.1f} s")
    if abs(last.gas_used_l - first.gas_used_l) > _CREEP_L:
        raise DeviationError(f"{first.gas_used_l:.3f} l of gas used still", f"{last.gas_used_l:.3f} l")


@check("G6")
def supply_time_counts(p: Probe) -> None:
    p.apply(SetGas(False))
    before, began_s = supply_s(p), p.line.now_s()
    p.apply(SetGas(True))
    p.keep(3.0, DriveInsufflator(InsufflatorDrive()), 0.05)
    counted = supply_s(p) - before
    took_s = p.line.now_s() - began_s
    # One count of 0.1 s at either end, and what the frames themselves took.
    if abs(counted - took_s) > 0.01 * took_s + 0.2 + p.line.allowance_s:
        raise DeviationError(f"a supply time of {took_s:.1f} s", f"{counted:.1f} s")


@check("G7")
def reset_of_the_counts(p: Probe) -> None:
    p.apply(SetGas(True))
    p.keep(0.5, DriveInsufflator(InsufflatorDrive()), 0.05)
    p.apply(SetGas(False))
    if supply_s(p) <= 0.0:
        raise DeviationError("a supply time to reset", "0 s although the supply was on for 0.5 s")
    left = float(p.apply(ResetGasUsed()))
    reading = gas_status(p)
    if left > _CREEP_L or reading.gas_used_l > _CREEP_L or reading.supply_s != 0.0:
        raise DeviationError(
            "both counts at zero after ResetGasUsed",
            f"{left:g} l answered, then {reading.gas_used_l:g} l and {reading.supply_s:g} s",
        )
