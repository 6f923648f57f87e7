"""Presets: files read one by one, bad ones named, and a preset sent to the modules step by step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.presets import load_presets
from hardware.protocol import SetIntensity, SetMode, SetPressure
from hardware.quantities import SETPOINTS
from tests.app.conftest import refuse
from ui import practice
from ui.intents import ApplyPreset, SeenSetpoint, SetCameraAutomatic, SetGasMode, SetSetpoint
from ui.viewstate import SetpointState

GOOD = """
source = "Our department's list of 2026"
[name]
en = "Hernia"
[gas]
mode = "adult"
pressure_mmhg = 11.0
flow_l_min = 8.0
[light]
intensity_percent = 35.0
"""


def site_folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


# -- files -------------------------------------------------------------------------------------------------------------


def test_every_preset_of_the_program_is_whole_named_in_both_languages_and_says_its_source():
    loaded = load_presets(None, SETPOINTS)
    assert loaded.problems == ()
    keys = ["adult", "paediatric", "infant", "bariatric", "thoracoscopy", "arthroscopy"]
    assert [preset.key for preset in loaded.presets] == keys
    for preset in loaded.presets:
        assert [language for language, _ in preset.names] == ["en", "zh"]
        assert preset.source


def test_no_preset_of_the_program_leaves_safe_practice_and_arthroscopy_has_no_gas():
    presets = {preset.key: preset for preset in load_presets(None, SETPOINTS).presets}
    for preset in presets.values():
        for key, value in preset.values:
            assert practice.asks_again(key, preset.gas_mode, value) is None, (preset.key, key)
    assert presets["arthroscopy"].gas_mode is None
    assert [key for key, _ in presets["arthroscopy"].values] == ["light_intensity"]
    assert 6 <= dict(presets["thoracoscopy"].values)["pressure_setpoint"] <= 8


def test_the_sites_own_presets_follow_and_one_of_the_same_name_stands_in_the_programs_place(tmp_path):
    adult = GOOD.replace("Hernia", "Adult here")
    loaded = load_presets(site_folder(tmp_path, hernia=GOOD, adult=adult), SETPOINTS)
    assert loaded.problems == ()
    assert len(loaded.presets) == 7
    presets = {preset.key: preset for preset in loaded.presets}
    assert presets["hernia"].name("zh") == "Hernia"
    assert presets["hernia"].values == (("pressure_setpoint", 11.0), ("flow_setpoint", 8.0), ("light_intensity", 35.0))
    assert presets["adult"].name("en") == "Adult here"
    assert presets["adult"].of_site
    assert not presets["infant"].of_site


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("pressure_mmhg = 11.0", "pressure_mmhg = 31.0"), "gas.pressure_mmhg: expected 1 to 30 mmHg in mode Adult"),
        (("pressure_mmhg = 11.0", "pressure_mmhg = 11.444"), "gas.pressure_mmhg: expected at most 2 decimals"),
        (("flow_l_min = 8.0", "flow_l_min = nan"), "gas.flow_l_min (line 8): expected a number in l/min"),
        (('mode = "adult"', 'mode = "grown-up"'), 'gas.mode (line 6): expected "veress", "adult"'),
        (("intensity_percent = 35.0", 'intensity_percent = "35"'), "light.intensity_percent (line 10): expected a num"),
        (("intensity_percent", "intensity"), "light.intensity (line 10): unknown key; did you mean"),
        (('en = "Hernia"', ""), "name (line 3): expected a table [name]"),
        (("[gas]", "[gas"), "not valid TOML"),
        (('source = "Our department\'s list of 2026"', ""), "source: missing; expected where the figures are from"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong_and_left_out_and_the_others_stay(tmp_path, change, said):
    folder = site_folder(tmp_path, good=GOOD, bad=GOOD.replace(*change))
    loaded = load_presets(folder, SETPOINTS)
    assert {"good", "adult"} <= {preset.key for preset in loaded.presets}
    assert "bad" not in {preset.key for preset in loaded.presets}
    problems = [problem for problem in loaded.problems if "bad.toml is left out" in problem]
    assert len(problems) == len(loaded.problems) > 0
    assert any(said in problem for problem in problems), problems
    assert (folder / "bad.toml").read_text(encoding="utf-8") == GOOD.replace(*change)


def test_a_folder_a_huge_file_and_bytes_that_are_no_text_are_left_out(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "huge.toml").write_text("#" * 100_000)
    (tmp_path / "bytes.toml").write_bytes(b"source = '\xff\xfe'")
    problems = " ".join(load_presets(tmp_path, SETPOINTS).problems)
    assert "folder.toml is left out: expected a TOML file, got a folder" in problems
    assert "huge.toml is left out: expected a preset of at most 65536 bytes, got 100000" in problems
    assert "bytes.toml is left out" in problems


def test_a_folder_that_is_not_there_is_said_and_the_programs_presets_stay(tmp_path):
    loaded = load_presets(tmp_path / "none", SETPOINTS)
    assert len(loaded.presets) == 6
    assert "cannot be read: No such file or directory" in loaded.problems[0]


def test_a_preset_outside_of_the_sites_limits_is_left_out():
    narrow = SETPOINTS | {"pressure_setpoint": replace(SETPOINTS["pressure_setpoint"], maximum=10.0, default=8.0)}
    loaded = load_presets(None, narrow)
    assert [preset.key for preset in loaded.presets] == ["paediatric", "infant", "thoracoscopy", "arthroscopy"]
    assert "adult.toml is left out: gas.pressure_mmhg: expected 1 to 10 mmHg in mode Adult at this site, got 12" in (
        loaded.problems
    )


# -- on its way to the modules -----------------------------------------------------------------------------------------

BARIATRIC = ApplyPreset(
    "bariatric",
    (
        SetSetpoint("pressure_setpoint", 15.0),
        SetSetpoint("flow_setpoint", 25.5),
        SetSetpoint("light_intensity", 40.0),
        SetGasMode("high_flow"),
        SetCameraAutomatic(True),
    ),
)


def steps(status):
    return {} if status.preset is None else {step.key: step for step in status.preset.steps}


def settled(status):
    return steps(status) and all(step.state is not SetpointState.SENT for step in steps(status).values())


def test_every_change_of_a_preset_becomes_active_by_readback_and_neither_gas_nor_light_is_started(bench):
    bench.ask(BARIATRIC)
    assert steps(bench.cycle())["flow_setpoint"].state is SetpointState.SENT
    status = bench.until("the preset is through", settled)
    assert {step.state for step in steps(status).values()} == {SetpointState.ACTIVE}
    gas, light = bench.rig.insufflator, bench.rig.light
    assert (gas.mode.name, gas.pressure_setpoint_mmhg, gas.flow_setpoint_l_min) == ("HIGH_FLOW", 15.0, 25.5)
    assert light.intensity_percent == 40.0
    assert not gas.running
    assert not status.light.on
    assert "Preset: all changes are active" in bench.notices


def test_flow_is_never_asked_for_before_the_mode_that_allows_it_is_entered(bench):
    """25.5 l/min is refused in the adult mode, which was active before."""
    bench.ask(BARIATRIC)
    bench.until("the preset is through", settled)
    assert all(s.setpoints["flow_setpoint"].state is not SetpointState.REJECTED for s in bench.seen)


def test_a_refused_change_is_named_and_does_not_stop_the_others(bench, monkeypatch):
    refuse(monkeypatch, bench.rig.light, SetIntensity)
    bench.ask(BARIATRIC)
    found = steps(bench.until("the preset is through", settled))
    assert found.pop("light_intensity").state is SetpointState.REJECTED
    assert {step.state for step in found.values()} == {SetpointState.ACTIVE}
    assert "Preset: 1 of 5 changes not made; the others are active" in bench.notices


def test_without_its_mode_a_presets_pressure_and_flow_are_not_sent(bench, monkeypatch):
    refuse(monkeypatch, bench.rig.insufflator, SetMode)
    bench.ask(BARIATRIC)
    found = steps(bench.until("the preset is through", settled))
    assert found["gas_mode"].state is SetpointState.REJECTED
    assert "interlock" in found["gas_mode"].reason
    for key in ("pressure_setpoint", "flow_setpoint"):
        assert found[key].state is SetpointState.REJECTED
        assert found[key].reason == "not sent, because the mode was not entered"
    assert found["light_intensity"].state is SetpointState.ACTIVE
    assert bench.rig.insufflator.pressure_setpoint_mmhg == 12.0


def test_what_is_lost_with_the_link_is_not_sent_when_the_link_is_back(bench):
    tap = bench.rig.taps["insufflator"]
    tap.mute = True
    bench.until("the insufflator is silent", lambda s: s.details[min(s.details)].startswith("no valid reply"))
    bench.ask(BARIATRIC)
    found = steps(bench.until("the preset is through", settled))
    assert found["gas_mode"].state in (SetpointState.LOST, SetpointState.REJECTED)
    assert found["light_intensity"].state is SetpointState.ACTIVE
    tap.mute = False
    bench.until("the insufflator is back", lambda s: s.setpoints["pressure_setpoint"].active is not None)
    bench.cycles(50)
    # A module that is mute hears all the same: it has entered the mode, and nothing after that.
    gas = bench.rig.insufflator
    assert (gas.pressure_setpoint_mmhg, gas.flow_setpoint_l_min) == (12.0, 25.0)


def test_an_all_stop_ends_what_a_preset_has_not_done_yet(bench):
    bench.ask(BARIATRIC)
    bench.control.make_safe(bench.status.time_s)
    found = steps(bench.cycle())
    assert found["flow_setpoint"].state is SetpointState.LOST
    assert found["flow_setpoint"].reason == "overtaken by the all-stop"
    bench.cycles(50)
    assert bench.rig.insufflator.flow_setpoint_l_min == 10.0


def test_a_value_set_by_hand_meanwhile_is_kept_and_said(bench):
    bench.ask(ApplyPreset("x", (SetSetpoint("pressure_setpoint", 8.0),)))
    bench.ask(SetSetpoint("pressure_setpoint", 14.0))
    found = steps(bench.until("the preset is through", settled))
    assert found["pressure_setpoint"].reason == "another value has been set meanwhile"
    bench.until("14 mmHg is active", lambda s: s.setpoints["pressure_setpoint"].active == 14.0)


def test_a_refusal_that_was_seen_is_over(bench, monkeypatch):
    refuse(monkeypatch, bench.rig.insufflator, SetPressure)
    bench.ask(SetSetpoint("pressure_setpoint", 14.0))
    bench.until("refused", lambda s: s.setpoints["pressure_setpoint"].state is SetpointState.REJECTED)
    bench.ask(SeenSetpoint("pressure_setpoint"))
    assert bench.cycle().setpoints["pressure_setpoint"].state is SetpointState.ACTIVE
