"""A sample of the campaign: fixed seeds, sequences that hypothesis draws, and what the judges and the line rest on."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hardware.simulator.faults import FAULTS
from tests.campaign.invariants import LAWS, laws
from tests.campaign.run import judge, main, timeline
from tests.campaign.sequences import Sequence, make_sequence, play
from tests.campaign.stack import Stack
from ui.intents import SetSetpoint, StartGas
from ui.viewstate import SetpointState, Validity

SAMPLE = 24


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """What the product logs of a bad line is its own business here."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def must_hold(sequence: Sequence) -> None:
    stack = play(sequence, laws())
    found = [f"({v.invariant}) at {v.time_s:.3f} s: {v.text}" for v in stack.violations]
    assert not found, "\n".join([str(sequence), timeline(stack), *found])


@pytest.mark.parametrize("seed", range(SAMPLE))
def test_no_law_is_broken_in_a_fixed_sequence(seed: int) -> None:
    must_hold(make_sequence(seed))


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(st.randoms(use_true_random=False))
def test_no_law_is_broken_in_a_sequence_that_hypothesis_draws(rng: random.Random) -> None:
    must_hold(make_sequence(0, rng))


def test_a_seed_gives_the_same_sequence_and_the_same_course_again() -> None:
    first, second = judge(7), judge(7)
    assert first == second
    assert first.cycles > 100


def test_the_sequences_reach_every_fault_every_mode_and_every_patient() -> None:
    sequences = [make_sequence(seed) for seed in range(2500)]
    faults = {step.what[0] for s in sequences for step in s.steps if step.kind == "fault"}
    assert faults == set(FAULTS)
    assert len({s.mode for s in sequences}) == 4
    assert len({s.patient for s in sequences}) >= 5


def test_gas_really_flows_and_the_screen_really_shows_it() -> None:
    """A campaign over a tower that never does anything would prove nothing."""
    with Stack("adult", 1, laws()) as stack:
        stack.rig.gas.fill_to(8.0)
        for _ in range(30):
            stack.slot()
        stack.obey(SetSetpoint("pressure_setpoint", 14.0))
        stack.obey(StartGas())
        before_ml = stack.rig.gas.abdomen_ml
        for _ in range(250):
            stack.slot()
        assert stack.rig.gas.abdomen_ml > before_ml + 200.0
        assert stack.view is not None
        assert stack.view.pressure.validity is Validity.GOOD
        assert stack.view.pressure_setpoint.active == 14.0
        assert stack.view.pressure_setpoint.state is SetpointState.ACTIVE
        assert stack.view.gas_running is True
        assert not stack.violations


def test_the_control_unit_sees_the_insufflator_fifty_times_a_second_on_the_simulated_line() -> None:
    """Wire times, turnaround and port are as on a real line: two exchanges fit into a cycle, not many more."""
    with Stack("adult", 1) as stack:
        for _ in range(150):
            stack.slot()
        slaves = stack.link.counters().slaves
        rates = [slave.replies / stack.time_s for slave in slaves.values()]
        assert 45.0 <= rates[0] <= 51.0
        assert 8.0 <= rates[1] <= 11.0
        assert all(3.0 < slave.round_trip_median_ms < 14.0 for slave in slaves.values())


def test_the_runner_counts_what_it_played_and_writes_it_down(tmp_path, capsys) -> None:
    out = tmp_path / "campaign.json"
    assert main(["--count", "6", "--jobs", "1", "--out", str(out)]) == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["sequences"] == 6
    assert told["cycles"] > 600
    assert told["violations"] == {str(law.number): 0 for law in LAWS}
    assert "sequences          6" in capsys.readouterr().out


def test_the_runner_prints_the_seed_and_the_timeline_of_a_broken_law(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("hardware.simulator.slave.MASTER_SILENCE_S", 1e9)  # no watchdog
    assert main(["--count", "40", "--jobs", "1", "--most-bad", "1", "--out", str(tmp_path / "campaign.json")]) == 1
    printed = capsys.readouterr().out
    assert "play it again with --seed" in printed
    assert "VIOLATION (4)" in printed
    assert " abdomen " in printed
    assert " hang " in printed or " die " in printed or "port_lost" in printed or "line.cut" in printed


def test_a_sequence_is_replayed_by_its_seed(capsys) -> None:
    assert main(["--seed", "3"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("seed 3:")
    assert "no law broken" in printed


@pytest.mark.parametrize("arguments", [["--count", "0"], ["--jobs", "0"], ["--minutes", "-1"], ["--seed", "x"]])
def test_bad_arguments_are_named_without_a_traceback(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert arguments[0] in capsys.readouterr().err
