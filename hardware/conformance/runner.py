"""Tries the clauses on each slave in their order, and says what came of each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from hardware.bus.port import PortLostError
from hardware.conformance import checks
from hardware.conformance.checks.setpoints import KNOBS, turn
from hardware.conformance.clauses import CLAUSES, Clause, Need
from hardware.conformance.line import Line
from hardware.conformance.probe import DeviationError, Probe, Step, UnseenError
from hardware.conformance.registry import CHECKS
from hardware.protocol import Identify, Identity, ReplyMalformedError, ReplyMismatchError, decode_reply, encode_request
from hardware.readings import MODULES, Address

_KNOCKS = 3
assert checks.__all__, "importing the package has entered the checks"


class Verdict(Enum):
    PASS = "pass"
    FAIL = "FAIL"
    NOT_APPLICABLE = "not applicable"
    NOT_TESTABLE = "not testable here"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one clause with one slave.  `record` is what went over the line, oldest first."""

    clause: Clause
    slave: Address
    verdict: Verdict
    expected: str = ""
    got: str = ""
    note: str = ""
    record: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class SlaveFound:
    """Something answers at `address`; `identity` None: not in a way that can be read."""

    address: Address
    identity: Identity | None


def find_slaves(line: Line, addresses: Iterable[Address] = MODULES) -> tuple[SlaveFound, ...]:
    """Who answers, in whatever way.  Asks with `Identify` alone, which changes nothing in a slave."""
    found: list[SlaveFound] = []
    for address in addresses:
        probe, request = Probe(line, address), Identify(address)
        for _ in range(_KNOCKS):
            sequence = probe.sequence()
            answer = probe.exchange(encode_request(request, sequence))
            if answer.raw:
                identity = None
                if answer.frame is not None:
                    try:
                        reply = decode_reply(answer.frame, request, sequence, line.now_s())
                        identity = reply if isinstance(reply, Identity) else None
                    except (ReplyMismatchError, ReplyMalformedError):
                        pass  # it is there; what is wrong with it, the clauses tell
                found.append(SlaveFound(address, identity))
                break
    return tuple(found)


def examine(
    line: Line,
    slaves: Iterable[Address],
    agreed: frozenset[Need] = frozenset(),
    told: Callable[[Result], None] = lambda _result: None,
    only: frozenset[str] | None = None,
) -> list[Result]:
    """Try every clause on every slave; `told` hears of each as it is done.

    Clauses whose `need` is not among `agreed` are skipped.  `only` are the ids to try; basic clauses are tried in any
    case.  Raises `PortLostError` when the port goes away.
    """
    results: list[Result] = []
    probes = [Probe(line, address) for address in slaves]
    blocked: dict[Address, str] = {}
    try:
        for probe, clause in _in_order(probes):
            if only is not None and clause.id not in only and not clause.basic:
                continue
            result = _try(probe, clause, agreed, blocked.get(probe.address, ""))
            if clause.basic and result.verdict is Verdict.FAIL:
                blocked.setdefault(probe.address, clause.id)
            results.append(result)
            told(result)
    finally:  # whoever interrupts this must not leave a valve to the watchdog alone
        with contextlib.suppress(PortLostError):
            for probe in probes:
                _restore(probe)
    return results


def _in_order(probes: list[Probe]) -> Iterator[tuple[Probe, Clause]]:
    # What needs a slave as it came from power-on comes first: the others' silences would trip its watchdog.
    fresh = [clause for clause in CLAUSES if clause.need is Need.POWER_CYCLED]
    for clause in fresh:
        for probe in probes:
            yield probe, clause
    for probe in probes:
        for clause in CLAUSES:
            if clause not in fresh:
                yield probe, clause


def _try(probe: Probe, clause: Clause, agreed: frozenset[Need], blocked_by: str) -> Result:
    address = probe.address
    if address not in clause.slaves:
        return Result(clause, address, Verdict.NOT_APPLICABLE, note=f"not a demand on the {address.name.lower()}")
    if clause.unseen:
        return Result(clause, address, Verdict.NOT_TESTABLE, note=clause.unseen)
    if clause.need is not None and clause.need not in agreed:
        return Result(clause, address, Verdict.SKIPPED, note=f"needs {clause.need.value}")
    if blocked_by:
        return Result(clause, address, Verdict.NOT_TESTABLE, note=f"while {blocked_by} fails")
    if clause.need is not Need.POWER_CYCLED:
        probe.rest()
    probe.begin()
    try:
        CHECKS[clause.id](probe)
    except DeviationError as error:
        return Result(clause, address, Verdict.FAIL, error.expected, error.got, record=tuple(probe.record))
    except UnseenError as error:
        return Result(clause, address, Verdict.NOT_TESTABLE, note=str(error), record=tuple(probe.record))
    finally:
        if clause.need is Need.NO_PATIENT:
            probe.rest()
    return Result(clause, address, Verdict.PASS, record=tuple(probe.record))


def _restore(probe: Probe) -> None:
    """As after power-on, and at rest, whatever the slave says to it."""
    probe.rest()
    for knob in KNOBS[probe.address]:
        probe.exchange(encode_request(turn(knob, knob.values[-1]), probe.sequence()))
