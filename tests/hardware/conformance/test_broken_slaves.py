"""Each kind of broken firmware is told by the clause that it breaks, with the bytes that show it."""

from __future__ import annotations

import pytest

from hardware.conformance import CLAUSES_BY_ID, Need, Result, Verdict, examine
from hardware.simulator.insufflator import Insufflator
from hardware.simulator.light import Light
from hardware.simulator.rig import Rig
from hardware.simulator.slave import Slave
from tests.hardware.conformance.broken_slaves import BROKEN
from tests.hardware.conformance.slave_line import SlaveLine

EVERYTHING = frozenset(Need)
# What else may fail when one thing is broken: a slave that is deaf or always driven breaks several demands at once.
MOST_CLAUSES = 7


def examined(kind: type[Slave], **options: object) -> dict[str, Result]:
    rig = Rig(seed=3)
    plant = rig.gas if issubclass(kind, Insufflator) else rig.lamp
    line = SlaveLine(kind(plant), plant)  # type: ignore[call-arg]  # every kind takes its plant
    if "delay_s" in options:
        line.delay_s = options["delay_s"]  # type: ignore[assignment]
    return {result.clause.id: result for result in examine(line, [line.slave.address], EVERYTHING)}


def failed(results: dict[str, Result]) -> set[str]:
    return {name for name, result in results.items() if result.verdict is Verdict.FAIL}


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.__name__)
def test_the_fault_is_named_by_its_clause(kind: type[Slave]):
    results = examined(kind)
    assert BROKEN[kind] <= failed(results)
    assert len(failed(results)) <= MOST_CLAUSES
    for name in BROKEN[kind]:
        result = results[name]
        assert result.expected
        assert result.got
        assert result.expected != result.got
        if name != "P1":
            assert any(step.direction == ">" and step.data for step in result.record), "the bytes sent"


@pytest.mark.parametrize("delay_s", [0.012, 0.060])
def test_a_late_slave_is_told_by_the_reply_s_delay(delay_s: float):
    results = examined(Light, delay_s=delay_s)
    if delay_s < 0.05:
        assert failed(results) == {"E3"}
        assert "12." in results["E3"].got
    else:  # later than any master waits: its answers belong to requests that were given up
        assert failed(results) & {"F1", "F2", "E2"}


def test_while_a_basic_clause_fails_the_rest_is_not_judged():
    results = examined(next(kind for kind in BROKEN if kind.__name__ == "SwapsCrc"))
    assert "swapped" in results["F2"].got
    after = [r for name, r in results.items() if name not in ("P1", "F1", "F2") and not r.clause.unseen]
    judged = [r for r in after if r.verdict is not Verdict.NOT_APPLICABLE]
    assert {r.verdict for r in judged} == {Verdict.NOT_TESTABLE}
    assert {r.note for r in judged} == {"while F2 fails"}


def test_a_slave_of_version_1_is_named_as_such():
    results = examined(next(kind for kind in BROKEN if kind.__name__ == "OldVersion"))
    assert failed(results) == {"V1"}
    assert "PROTOCOL_VERSION; it speaks version 1" in results["V1"].got


def test_every_kind_of_slave_and_most_clauses_have_a_fault_here():
    kinds = {base for kind in BROKEN for base in kind.__mro__[1:2]}
    assert len(kinds) == 3
    assert all(name in CLAUSES_BY_ID for names in BROKEN.values() for name in names)
    assert len({name for names in BROKEN.values() for name in names}) >= 40
