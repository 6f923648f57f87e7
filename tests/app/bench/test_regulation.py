"""`main.py bench regulation`: what it is given, what it writes."""

from __future__ import annotations

import json

import pytest

from app.cli import main

KEYS = {
    "cv_percent",
    "time_ge_18_percent",
    "time_ge_20_percent",
    "time_le_12_percent",
    "overshoot_mmhg",
    "relief_openings",
    "gas_l",
    "speed_x_real_time",
}


def test_the_figures_of_both_laws_are_written_and_told(tmp_path, capsys):
    path = tmp_path / "figures.json"
    arguments = ["bench", "regulation", "--scenario", "leak_5", "--seconds", "15", "--jobs", "1", "--json", str(path)]
    assert main(arguments) == 0
    scenario = json.loads(path.read_text(encoding="utf-8"))["scenarios"]["leak_5"]
    for law in ("ours", "on_off"):
        assert set(scenario[law]) >= KEYS
        assert 0.0 < scenario[law]["cv_percent"] < 30.0
        assert scenario[law]["gas_l"] > 0.3
        assert scenario[law]["speed_x_real_time"] > 1.0
    told = capsys.readouterr().out
    assert "leak_5" in told
    assert "valveless" in told


def test_a_scenario_file_with_an_error_is_named_with_its_line(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text('title = "mine"\nduration_s = 30\n[start]\npressure_mmhg = 99\n', encoding="utf-8")
    assert main(["bench", "regulation", "--scenario", str(path)]) == 2
    assert "mine.toml:4" in capsys.readouterr().err


def test_a_scenario_that_there_is_not_is_bad_usage(capsys):
    assert main(["bench", "regulation", "--scenario", "no_such_one"]) == 2
    assert "no_such_one" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value"), [("--seconds", "-1"), ("--seconds", "nan"), ("--jobs", "0")])
def test_nonsense_is_refused_before_anything_runs(option, value, capsys):
    with pytest.raises(SystemExit) as left:
        main(["bench", "regulation", option, value])
    assert left.value.code == 2
    assert option in capsys.readouterr().err
