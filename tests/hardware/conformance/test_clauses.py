"""The clauses are the page's, each has a check or says why it can't have one, and the sound slaves keep them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hardware.conformance import CLAUSES, Need, Verdict, examine, find_slaves
from hardware.conformance.checks.status import POWER_ON
from hardware.conformance.registry import CHECKS
from hardware.readings import MODULES, Address
from hardware.simulator.rig import Rig
from tests.hardware.conformance.slave_line import SlaveLine

PAGE = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
EVERYTHING = frozenset(Need)


def test_the_page_lists_these_clauses_and_no_others():
    section = PAGE[PAGE.index("## Clauses") : PAGE.index("## Examples")]
    listed = [tuple(c.strip() for c in line[1:-1].split("|")) for line in re.findall(r"^\|.*\|$", section, re.M)][2:]
    assert listed == [(c.id, c.section, c.text, c.need.value if c.need else "") for c in CLAUSES]


def test_every_clause_names_a_heading_of_the_page():
    headings = set(re.findall(r"^#{2,3} (.+)$", PAGE, re.M))
    assert {clause.section for clause in CLAUSES} <= headings


def test_every_clause_is_tried_or_says_why_not():
    assert len({clause.id for clause in CLAUSES}) == len(CLAUSES)
    assert set(CHECKS) == {clause.id for clause in CLAUSES if not clause.unseen}


def test_the_power_on_state_is_the_page_s():
    names = {"insufflator": Address.INSUFFLATOR, "light source": Address.LIGHT, "camera": Address.CAMERA}
    section = PAGE[PAGE.index("### Power-on, and what survives") : PAGE.index("### Version")]
    rows = re.findall(r"^\| (insufflator|light source|camera) \| (\w+) \| ([\d.]+) \|$", section, re.M)
    assert {(names[slave], name, float(value)) for slave, name, value in rows} == {
        (address, name, float(value)) for address, fields in POWER_ON.items() for name, value in fields.items()
    }


def line_of(name: str) -> SlaveLine:
    rig = Rig(seed=3)
    return SlaveLine(rig.slaves[name], rig.gas if name == "insufflator" else rig.lamp)


@pytest.mark.parametrize("name", ["insufflator", "light", "camera"])
def test_a_sound_slave_keeps_every_clause_that_can_be_seen(name):
    line = line_of(name)
    (found,) = find_slaves(line)
    assert found.identity is not None
    results = examine(line, [found.address], EVERYTHING)
    seen = {r.clause.id: r for r in results}
    assert set(seen) == {clause.id for clause in CLAUSES}
    for clause in CLAUSES:
        result = seen[clause.id]
        if found.address not in clause.slaves:
            assert result.verdict is Verdict.NOT_APPLICABLE
        elif clause.unseen:
            assert result.verdict is Verdict.NOT_TESTABLE
        else:
            assert result.verdict is Verdict.PASS, f"{clause.id}: expected {result.expected}, got {result.got}"


@pytest.mark.parametrize("name", ["insufflator", "light", "camera"])
def test_without_consent_nothing_opens_and_nothing_lights(name):
    line = line_of(name)
    plant, slave = line.plant, line.slave
    worst = {"running": False, "duty": 0.0, "solenoid_open": False, "relief_open": False, "on": False, "drive": 0.0}
    advance = plant.advance

    def watch(dt_s: float) -> None:
        for key in worst:
            for part in (plant, slave):
                worst[key] = max(worst[key], getattr(part, key, worst[key]))
        advance(dt_s)

    plant.advance = watch  # type: ignore[method-assign]
    results = examine(line, [slave.address])
    skipped = {r.clause.id for r in results if r.verdict is Verdict.SKIPPED}
    assert skipped == {c.id for c in CLAUSES if c.need is not None and slave.address in c.slaves}
    assert not any(r.verdict is Verdict.FAIL for r in results)
    standby = 0.0417 if name == "light" else 0.0
    assert worst.pop("drive") == pytest.approx(standby, abs=1e-4)
    assert not any(worst.values()), worst


def test_it_leaves_the_slave_at_rest_with_its_power_on_setpoints():
    line = line_of("insufflator")
    before = line.slave.reading()  # type: ignore[attr-defined]  # every kind has one
    examine(line, [Address.INSUFFLATOR], EVERYTHING)
    after = line.slave.reading()  # type: ignore[attr-defined]
    for name in ("mode", "pressure_setpoint_mmhg", "flow_setpoint_l_min", "running", "duty", "relief_open"):
        assert getattr(after, name) == getattr(before, name)


def test_a_silent_line_has_no_slaves():
    line = line_of("camera")
    line.slave.receive = lambda _data: b""  # type: ignore[method-assign]
    assert find_slaves(line, MODULES) == ()
