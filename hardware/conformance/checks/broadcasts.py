"""Clauses B: broadcasts, and the all-stop above all."""

from __future__ import annotations

from hardware.conformance.checks.insufflator import closed, driven
from hardware.conformance.checks.light import DIM, MOST_IN_STANDBY, light_status, shining, standing_by
from hardware.conformance.checks.supply import LOW, gas_status
from hardware.conformance.probe import DeviationError, Probe
from hardware.conformance.registry import check
from hardware.protocol import PROTOCOL_VERSION, AllStop, Heartbeat, SetGas, SetLight, encode_request
from hardware.readings import Address, CameraReading

_TIMES = 3  # as the master sends it
_GAP_S = 0.005  # the page: 2 ms of silence behind a broadcast


def all_stop(p: Probe) -> None:
    """Three times, with a pause behind each."""
    for _ in range(_TIMES):
        p.put(encode_request(AllStop(), p.sequence()))
        p.hush(_GAP_S)


@check("B1")
def never_answered(p: Probe) -> None:
    p.unanswered(encode_request(Heartbeat(), p.sequence()), "a heartbeat")
    p.unanswered(encode_request(AllStop(), p.sequence()), "an all-stop")
    for command, data in ((0x01, bytes((PROTOCOL_VERSION,))), (0x6E, b""), (p.poll()[3], p.poll()[5:-2])):
        p.unanswered(p.frame(command, data, address=Address.BROADCAST), f"a broadcast of command 0x{command:02X}")


@check("B2")
def all_stop_ends_the_supply(p: Probe) -> None:
    _start(p)
    all_stop(p)
    _stopped(p, "an all-stop")


@check("B5")
def all_stop_darkens_by_itself(p: Probe) -> None:
    before = shining(p)
    all_stop(p)
    p.keep(2.5)
    standing_by(p, before)


@check("B3")
def nothing_starts_by_itself(p: Probe) -> None:
    _start(p)
    all_stop(p)
    for _ in range(25):
        _stopped(p, "an all-stop and further drives")
        p.hush(0.02)


@check("B4")
def all_stop_is_no_fault(p: Probe) -> None:
    before = p.status()
    all_stop(p)
    after = p.status()
    if int(after.faults) & ~int(before.faults):
        raise DeviationError(f"faults 0x{int(before.faults):04X} still", f"0x{int(after.faults):04X}")
    if isinstance(before, CameraReading) and isinstance(after, CameraReading) and before.streaming > after.streaming:
        raise DeviationError("streaming 1 still", "streaming 0")


def _start(p: Probe) -> None:
    if p.address is Address.INSUFFLATOR:
        p.apply(SetGas(True))
        gas_status(p, LOW)
    else:
        p.apply(SetLight(True))
        light_status(p, DIM)


def _stopped(p: Probe, what: str) -> None:
    if p.address is Address.INSUFFLATOR:
        reading = gas_status(p, LOW)
        if reading.running or not closed(reading):
            gas_status(p)
            raise DeviationError(f"running 0 and closed valves after {what}", driven(reading))
    else:
        reading = light_status(p, DIM)
        if reading.on or reading.drive > MOST_IN_STANDBY + 0.0002:
            raise DeviationError(
                f"on 0 and drive {MOST_IN_STANDBY:.4f} at most after {what}",
                f"on {reading.on:d} and drive {reading.drive:.4f}",
            )
