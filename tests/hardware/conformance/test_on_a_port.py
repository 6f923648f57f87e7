"""Simulated slaves examined over a real pseudo-terminal, in real time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hardware.bus.port import Port
from hardware.conformance import CLAUSES, Need, PortLine, Result, Verdict, examine, find_slaves
from hardware.readings import MODULES, Address
from hardware.simulator.link import PtyLink
from hardware.simulator.rig import Rig
from hardware.simulator.server import Server, Stopper

pytestmark = pytest.mark.skipif("os.name != 'posix'", reason="this system has no pseudo-terminals")
ALLOWANCE_S = 0.040  # this machine may be busy with other tests
# All groups of clauses, without those whose waiting takes seconds: the full list runs in simulated time.
QUICK = frozenset(clause.id for clause in CLAUSES) - {"F3", "F4", "F10", "R3", "W6", "W7", "W8", "G5", "G6", "M1", "M3"}


@contextlib.contextmanager
def pty_url() -> Iterator[str]:
    """A simulator of its own, in a thread."""
    link, stopper = PtyLink(), Stopper()
    thread = threading.Thread(target=Server(link, Rig(seed=3), stopper).serve)
    thread.start()
    try:
        yield link.url
    finally:
        stopper.stop()
        thread.join()
        link.close()
        stopper.close()


def examined(address: Address) -> list[Result]:
    """All slaves found on a line of their own, and this one examined."""
    with pty_url() as url, contextlib.closing(Port(url)) as port:
        line = PortLine(port, ALLOWANCE_S, None)
        assert [slave.address for slave in find_slaves(line)] == list(MODULES)
        told: list[Result] = []
        results = examine(line, [address], frozenset(Need), told.append, only=QUICK)
        assert told == results
        return results


def test_the_simulated_slaves_pass_over_a_pseudo_terminal():
    # Most of the time is spent in silence, which each slave needs on its own line.
    with ThreadPoolExecutor(len(MODULES)) as pool:
        everything = dict(zip(MODULES, pool.map(examined, MODULES), strict=True))
    wrong = [
        f"{r.slave.name} {r.clause.id}: expected {r.expected}, got {r.got}"
        for results in everything.values()
        for r in results
        if r.verdict is Verdict.FAIL
    ]
    assert wrong == []
    passed = {address: sum(r.verdict is Verdict.PASS for r in results) for address, results in everything.items()}
    assert passed[Address.INSUFFLATOR] > 40
    assert passed[Address.LIGHT] > 30
    assert passed[Address.CAMERA] > 25
