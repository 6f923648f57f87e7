"""`main.py` as its users meet it: exit codes, messages that say what to do, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 120.0  # for a machine that is busy; each takes a second or two


def run(*arguments: object, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run `main.py`; a value of None takes the variable out of the environment."""
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
        cwd=ROOT,
        env={name: value for name, value in env.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def refused(*arguments: object, code: int = 2) -> str:
    """Standard error of a call that must end with `code`, and say why in words."""
    ended = run(*arguments)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.strip()
    return ended.stderr


def test_without_anything_to_run_both_ways_are_named_and_simulation_is_never_chosen_by_itself():
    said = refused()
    assert "--demo" in said
    assert "--config" in said


def test_an_unknown_command_is_named_with_those_there_are():
    said = refused("insufflate")
    assert "'insufflate'" in said
    assert "simulate" in said
    assert "doctor" in said


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--demo", "--config", "x.toml"], "not allowed with"),
        (["--config", "x.toml", "--at-rest"], "--at-rest belongs to --demo"),
        (["--at-rest"], "--demo"),
        (["--config", "x.toml", "--scenario", "cough"], "--scenario belongs to --demo"),
        (["--demo", "--scenario", "coughing"], "none is shipped by that name; shipped: child, cough"),
        (["--demo", "--seconds", "0"], "above 0"),
        (["--demo", "--seconds", "nan"], "above 0"),
        (["--demo", "--size", "big"], "WIDTHxHEIGHT"),
        (["--demo", "--size", "²x²"], "WIDTHxHEIGHT"),
        (["--demo", "--report", "/no/such/folder/r.json"], "/no/such/folder does not exist; create it"),
        (["--demo", "--screenshot", "/no/such/folder/s.png"], "/no/such/folder does not exist; create it"),
        (["--demo", "--report", "/"], "this is a folder"),
        (["--dem"], "unrecognized arguments"),
    ],
)
def test_bad_usage_is_refused_before_anything_starts(arguments, hint):
    assert hint in refused(*arguments)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_refused_at_once(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    assert "no right" in refused("--demo", "--report", folder / "r.json")


GOOD = '[bus]\nmode = "simulated"\n[video]\nsource = "phantom"\n'


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        (GOOD + "[enhance]\nthreshhold = 0.5\n", ["enhance.threshhold", "line 6", "did you mean enhance.threshold?"]),
        (GOOD + "[enhance]\nenabled = 1\n", ["enhance.enabled", "true or false"]),
        (GOOD + "[enhance]\nthreshold = 1.5\n", ["enhance.threshold", "0 to 1", "1.5"]),
        (GOOD.replace('"simulated"', '"real"'), ["bus.port", "a port is needed"]),
        (GOOD + "[limits.pressure_setpoint]\nmaximum = 45\n", ["pressure_setpoint.maximum", "1 to 30 mmHg"]),
        ("[bus\n", ["not valid TOML"]),
    ],
)
def test_a_configuration_that_cannot_be_used_is_refused_by_key_line_and_remedy(tmp_path, text, hints):
    path = tmp_path / "tower.toml"
    path.write_text(text)
    said = refused("--config", path)
    assert str(path) in said
    for hint in hints:
        assert hint in said


def test_a_configuration_that_is_missing_is_named(tmp_path):
    assert "no such file" in refused("--config", tmp_path / "tower.toml")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen by themselves")
def test_without_a_screen_it_says_what_to_set_and_fails(tmp_path):
    ended = run("--demo", QT_QPA_PLATFORM=None, DISPLAY=None, WAYLAND_DISPLAY=None)
    assert ended.returncode == 1
    assert "no screen found" in ended.stderr
    assert "QT_QPA_PLATFORM=offscreen" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_video_source_that_cannot_be_one_is_refused_with_what_is_accepted(tmp_path):
    said = refused("--demo", "--video", "nonsense", "--report", tmp_path / "r.json")
    assert "'nonsense' is no video source" in said
    assert "phantom" in said
    assert not (tmp_path / "r.json").exists()


def test_a_bench_that_does_not_exist_is_refused_with_those_that_do():
    said = refused("bench", "warp")
    assert "codec" in said
    assert "ui" in said


def test_enhance_says_that_its_source_is_missing(tmp_path):
    said = refused("enhance", tmp_path / "no.avi", tmp_path / "out.mkv")
    assert "no.avi" in said
    assert not (tmp_path / "out.mkv").exists()


def test_enhance_refuses_a_report_that_it_could_not_write_before_the_work(tmp_path):
    assert "does not exist" in refused("enhance", tmp_path, tmp_path / "out", "--report", tmp_path / "no" / "r.json")


def test_enhance_says_that_weights_are_missing_and_what_to_do(tmp_path):
    said = refused("enhance", tmp_path, tmp_path / "out", "--models", tmp_path)
    assert "sharpness.json" in said
    assert "restore" in said


def test_simulate_refuses_a_misspelt_link():
    assert "pty or tcp://HOST:PORT" in refused("simulate", "--link", "usb")


def test_help_and_version_are_well():
    for arguments in (["--help"], ["--version"], ["simulate", "--help"]):
        ended = run(*arguments)
        assert ended.returncode == 0
        assert ended.stdout
        assert ended.stderr == ""
