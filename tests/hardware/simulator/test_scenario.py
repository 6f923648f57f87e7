"""Scenarios: read whole or refused with file, line and key; played on time; the shipped ones are what the list says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hardware.ccu.orders import GasOrder
from hardware.gas_modes import MODES, InsufflationMode
from hardware.simulator.control import Control
from hardware.simulator.rig import Rig
from hardware.simulator.scenario import SCENARIOS, ScenarioError, ScenarioPlayer, load_scenario, parse_scenario

ROOT = Path(__file__).resolve().parents[3]
HEAD = 'title = "A case"\nduration_s = 100\n'


def problems(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as raised:
        parse_scenario(text, "case.toml")
    return list(raised.value.problems)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_shipped_scenario_plays_to_its_end_and_the_plant_stays_sound(name):
    scenario = load_scenario(name)
    rig = Rig(seed=1)
    player = ScenarioPlayer(scenario, rig)
    assert rig.gas.patient == scenario.patient
    happened = []
    ordered = []
    step_s = scenario.duration_s / 40.0
    for count in range(1, 41):
        rig.advance(0.1)  # a stretch of each part; the clock of the scenario is the caller's
        happened += player.advance(count * step_s)
        ordered += player.orders_due(count * step_s)
    assert tuple(happened) == scenario.events  # none was impossible
    assert tuple(ordered) == scenario.orders
    assert player.at_end
    assert -5.0 < rig.gas.abdomen_mmhg < 60.0
    start = scenario.start
    assert None not in (start.mode, start.pressure_mmhg, start.flow_l_min, start.gas)
    MODES[start.mode].pressure.check(start.pressure_mmhg)
    MODES[start.mode].flow.check(start.flow_l_min)


def test_the_shipped_scenarios_are_those_that_the_document_lists():
    text = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|$", text.split("## Scenarios", 1)[1], flags=re.MULTILINE))
    assert len(SCENARIOS) >= 14
    assert listed == {name: load_scenario(name).title for name in SCENARIOS}


def test_what_happens_happens_when_it_is_due_and_once():
    scenario = parse_scenario(
        HEAD
        + '[[event]]\nat_s = 10\nkind = "set"\nleak_l_min = 5\naccess = "veress"\n'
        + '[[event]]\nat_s = 20\nkind = "fault"\nname = "line.cut"\nduration_s = 5\n'
        + '[[event]]\nat_s = 30\nevery_s = 20\nuntil_s = 75\nkind = "uptake"\nml_min = 90\n',
        "case.toml",
    )
    rig = Rig()
    player = ScenarioPlayer(scenario, rig)
    assert player.advance(9.99) == []
    assert rig.gas.leak_l_min == 0.2
    player.advance(10.0)
    assert (rig.gas.leak_l_min, rig.gas.access.name) == (5.0, "veress")
    rig.gas.leak_l_min = 1.0
    assert player.advance(10.02) == []
    player.advance(20.0)
    assert rig.wire_cut
    player.advance(25.0)
    assert not rig.wire_cut
    assert [event.at_s for event in player.advance(100.0)] == [30.0, 50.0, 70.0]
    assert rig.gas.patient.uptake_ml_min == 90.0
    assert player.at_end


def test_orders_are_the_masters_and_come_once():
    scenario = parse_scenario(
        HEAD
        + '[start]\nmode = "paediatric"\npressure_mmhg = 9\n'
        + '[[event]]\nat_s = 5\nkind = "order"\npressure_mmhg = 7\ngas = "pause"\n'
        + '[[event]]\nat_s = 9\nkind = "order"\nmode = "adult"\npressure_mmhg = 25\nlight = true\n',
        "case.toml",
    )
    start = scenario.start
    assert (start.mode, start.pressure_mmhg, start.flow_l_min) == (InsufflationMode.PAEDIATRIC, 9.0, 1.5)
    assert (start.gas, start.light) == (GasOrder.SUPPLY, False)
    rig = Rig()
    player = ScenarioPlayer(scenario, rig)
    assert player.orders_due(4.9) == []
    (order,) = player.orders_due(5.0)
    assert (order.pressure_mmhg, order.gas, order.mode) == (7.0, GasOrder.PAUSE, None)
    (order,) = player.orders_due(50.0)
    assert (order.mode, order.pressure_mmhg, order.light) == (InsufflationMode.ADULT, 25.0, True)
    assert player.orders_due(60.0) == []
    player.advance(100.0)
    assert rig.insufflator.pressure_setpoint_mmhg == 12.0  # the plant obeys the bus alone


def test_patient_and_plant_are_set_at_the_start():
    text = HEAD + '[patient]\nname = "infant"\nrelaxation = 0.5\n[plant]\nabdomen_mmhg = 6\ncylinder_l = 50\n'
    rig = Rig()
    ScenarioPlayer(parse_scenario(text, "case.toml"), rig)
    assert (rig.gas.patient.name, rig.gas.patient.relaxation) == ("infant", 0.5)
    assert rig.gas.abdomen_mmhg == 6.0
    assert rig.gas.abdomen_ml < 300.0  # an infant's
    assert rig.gas.cylinder.left_l == 50.0


def test_an_event_that_someone_else_made_impossible_is_left_out():
    text = HEAD + '[[event]]\nat_s = 5\nkind = "fault"\nname = "line.cut"\n'
    rig = Rig()
    player = ScenarioPlayer(parse_scenario(text, "case.toml"), rig)
    Control(rig).obey({"fault": "line.cut"})
    assert player.advance(5.0) == []
    assert player.at_end


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "x"\n', "case.toml:1: scenario lacks 'duration_s': it must have title, duration_s"),
        (HEAD + "speed = 2\n", "case.toml:3: speed: scenario has no 'speed'"),
        ('title = ""\nduration_s = 5\n', "case.toml:1: title: must be a text, got ''"),
        ('title = "x"\nduration_s = true\n', "case.toml:2: duration_s: must be a number, got True"),
        ('title = "x"\nduration_s = nan\n', "case.toml:2: duration_s: must be a number, got nan"),
        ('title = "x"\nduration_s = 90000\n', "case.toml:2: duration_s: must be 1 to 86400, got 90000"),
        (HEAD + "[patient]\n\nname = 'adlut'\n", "case.toml:5: patient.name: must be one of adult"),
        (HEAD + "[patient]\n\nname = 'adlut'\n", "got 'adlut'; did you mean 'adult'?"),
        (HEAD + "[patient]\nrelaxation = 1.5\n", "case.toml:4: patient.relaxation: must be 0 to 1, got 1.5"),
        (HEAD + "patient.relaxation = 1.5\n", "case.toml:3: patient.relaxation: must be 0 to 1, got 1.5"),
        (HEAD + "patient = 3\n", "case.toml:3: patient: patient must be a table, got 3"),
        (HEAD + "[plant]\nleak = 1\n", "case.toml:4: plant.leak: plant has no 'leak'; did you mean 'leak_l_min'?"),
        (HEAD + '[start]\nmode = "child"\n', "case.toml:4: start.mode: must be one of veress, adult, high_flow, paed"),
        (
            HEAD + '[start]\nmode = "paediatric"\npressure_mmhg = 20\n',
            "case.toml:5: start.pressure_mmhg: Set pressure must be 1 to 15 mmHg, got 20 (mode paediatric)",
        ),
        (HEAD + "[event]\nat_s = 1\n", "case.toml:3: event: events stand under [[event]], with two brackets"),
        (HEAD + "[[event]]\nat_s = 1\n", "case.toml:3: event[1].kind: an event's kind must be one of set, fault"),
        (
            HEAD + '[[event]]\nat_s = 1\nkind = "cought"\n',
            "case.toml:5: event[1].kind: an event's kind must be one of",
        ),
        (
            HEAD + '[[event]]\nat_s = 200\nkind = "uptake"\nml_min = 1\n',
            "case.toml:4: event[1].at_s: must be 0 to 100, got 200",
        ),
        (
            HEAD + '[[event]]\nkind = "leak"\nat_s = 1\nl_min = 5\n',
            "case.toml:3: event[1]: leak lacks 'duration_s': it must have l_min, duration_s, at_s",
        ),
        (
            HEAD + '[[event]]\nkind = "fault"\nat_s = 1\nname = "light.bulb"\n',
            "case.toml:6: event[1].name: must be one of",
        ),
        (
            HEAD + '[[event]]\nkind = "fault"\nat_s = 1\nname = "line.noise"\nvalue = 0.9\n',
            "case.toml:3: event[1]: fault at 1 s: the value of line.noise must be 0 to 0.5, got 0.9",
        ),
        (
            HEAD + '[[event]]\nkind = "fault"\nat_s = 1\nname = "line.cut"\nvalue = 1\n',
            "case.toml:3: event[1]: fault at 1 s: line.cut takes no value, got 1",
        ),
        (
            HEAD + '[[event]]\nkind = "repair"\nat_s = 1\nname = "line.cut"\n',
            "case.toml:3: event[1]: repair at 1 s: line.cut is not in force; in force: none",
        ),
        (
            HEAD + '[[event]]\nkind = "fault"\nat_s = 1\nevery_s = 30\nname = "line.cut"\n',
            "case.toml:3: event[1]: fault at 31 s: line.cut is in force already",
        ),
        (HEAD + '[[event]]\nkind = "set"\nat_s = 1\n', "case.toml:3: event[1]: set does nothing: give it one of acc"),
        (
            HEAD + '[[event]]\nkind = "uptake"\nat_s = 5\nml_min = 1\nuntil_s = 9\n',
            "case.toml:7: event[1].until_s: uptake: until_s ends a repetition, so every_s must be there too",
        ),
        (
            HEAD + '[[event]]\nkind = "order"\nat_s = 5\nmode = "veress"\nflow_l_min = 10\n',
            "case.toml:7: event[1].flow_l_min: Set flow must be 0.5 to 2.0 l/min, got 10 (mode veress)",
        ),
        ('title = "x\n', "case.toml:1: not valid TOML"),
        (HEAD + "a = = 1\n", "case.toml:3: not valid TOML"),
    ],
)
def test_what_cannot_be_played_is_told_with_line_and_key(text, said):
    assert any(said in problem for problem in problems(text)), problems(text)


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    text = (
        'title = """Two\n[patient]\nripple_mmhg = 3\n"""\nduration_s = 10\n'
        '[[event]]\nkind = "cough"\nat_s = 1\nvolume_ml = -1\nduration_s = 0.4\n'
        '[[event]]\n"at_s" = 2  # quoted\nkind = "suction"\nl_min = "much"\nduration_s = 3\n'
        "[patient]\nripple_mmhg = 99\n"
    )
    assert [re.match(r"case\.toml:(\d+): ([\w.\[\]]+):", p).groups() for p in problems(text)] == [
        ("9", "event[1].volume_ml"),
        ("14", "event[2].l_min"),
        ("17", "patient.ripple_mmhg"),
    ]


def test_too_many_events_are_refused_before_they_fill_the_memory():
    text = 'title = "x"\nduration_s = 86400\n[[event]]\nkind = "uptake"\nat_s = 0\nevery_s = 0.1\nml_min = 1\n'
    assert "more than 20000 events" in problems(text)[0]


def test_a_file_that_cannot_be_read_and_a_name_that_is_none(tmp_path):
    for given, said in (
        (tmp_path / "none.toml", "cannot be read: No such file"),
        (tmp_path, "no such file|cannot be read"),
        ("cougj", "none is shipped by that name; shipped: .*cough"),
    ):
        with pytest.raises(ScenarioError, match=said):
            load_scenario(given)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'title = "x"\nduration_s = 3 # \xe4\n')
    with pytest.raises(ScenarioError, match=r"latin\.toml:2: expected UTF-8"):
        load_scenario(latin)
