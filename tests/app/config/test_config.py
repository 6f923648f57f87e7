"""A configuration is taken whole or refused with every problem named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import paths
from app.config import Config, ConfigError, demo_config, load_config
from hardware.quantities import SETPOINTS

REAL = '[bus]\nmode = "real"\nport = "/dev/ttyUSB0"\n[video]\nsource = "/dev/video0"\n'


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "tower.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return str(caught.value)


def test_a_short_file_is_enough_and_the_rest_has_defaults(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, REAL))
    assert (config.bus.mode, config.bus.port, config.bus.baud) == ("real", "/dev/ttyUSB0", 115200)
    assert config.enhance.enabled
    assert config.enhance.models == paths.models()
    assert config.setpoint_ranges() == SETPOINTS


def test_the_example_file_is_valid_and_its_comments_state_the_true_defaults(tmp_path: Path) -> None:
    text = paths.example_config().read_text()
    load_config(paths.example_config())
    switched_on = re.sub(r"^# (?=\[|\w+ = )", "", text, flags=re.M)
    shown = load_config(write(tmp_path, switched_on))
    plain = load_config(write(tmp_path, REAL))
    keys = tomllib.loads(switched_on)
    for section, values in keys.items():
        assert set(values) == set(type(getattr(shown, section)).model_fields if section != "limits" else SETPOINTS)
    assert set(keys) == set(Config.model_fields)
    assert shown.setpoint_ranges() == SETPOINTS
    for section, key in [("bus", "baud"), ("screen", "fullscreen")]:
        assert getattr(getattr(shown, section), key) == getattr(getattr(plain, section), key)
    assert shown.enhance.model_copy(update={"models": plain.enhance.models}) == plain.enhance
    for key in ("codec", "container", "min_free_mb"):
        assert getattr(shown.recording, key) == getattr(plain.recording, key)
    assert shown.log.level == plain.log.level


def test_every_key_is_explained_in_the_documentation() -> None:
    text = (paths.resources().parent / "docs" / "configuration.md").read_text()
    for section, field in Config.model_fields.items():
        assert f"[{section}" in text
        for key in getattr(field.annotation, "model_fields", {}):
            assert f"`{key}`" in text, f"{section}.{key}"


def test_every_problem_is_named_at_once_with_key_line_expectation_and_what_came(tmp_path: Path) -> None:
    text = (
        '[bus]\nmode = "real"\nprot = "/dev/ttyUSB0"\nbaud = "fast"\n'
        '[video]\nsource = 3\nframe_rate = 1000\n[enhance]\nenabled = "yes"\nthreshold = 1.5\n[recoding]\n'
    )
    said = refusal(write(tmp_path, text))
    assert "7 problems" in said
    assert "bus.prot (line 3): unknown key; did you mean bus.port?" in said
    assert re.search(r"bus\.baud \(line 4\): expected one of .*115200.*, got \"fast\" \(text\)", said)
    assert re.search(r"video\.source \(line 6\): expected .*, got 3 \(a whole number\)", said)
    assert re.search(r"video\.frame_rate \(line 7\): expected .*240, got 1000", said)
    assert re.search(r"enhance\.enabled \(line 9\): expected true or false, got \"yes\"", said)
    assert re.search(r"enhance\.threshold \(line 10\): expected .*0 to 1.*, got 1\.5", said)
    assert "recoding (line 11): unknown key; did you mean recording?" in said
    assert str(tmp_path) in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[bus]\nmode = "auto"\n[video]\nsource = "phantom"\n', r'bus\.mode \(line 2\): expected "real" or "sim'),
        ('[bus]\nport = "COM3"\n[video]\nsource = "phantom"\n', r"bus\.mode: missing"),
        ('[video]\nsource = "phantom"\n', r"bus: missing; expected a table \[bus\]"),
        ('bus = "real"\n[video]\nsource = "phantom"\n', r'bus \(line 1\): expected a table \[bus\], got "real"'),
        ('[bus]\nmode = "real"\n[video]\nsource = "a"\n', r'bus\.port: mode is "real", so a port is needed'),
        ('[bus]\nmode = "real"\nport = " "\n[video]\nsource = "a"\n', r"bus\.port \(line 3\): expected a serial port"),
        ("[bus]\nmode = true\n[video]\nsource = 'a'\n", r"bus\.mode .*got true"),
        (REAL.replace("/dev/video0", ""), r"video\.source .* expected a video source"),
        (REAL + "[bus2]\n", r"bus2 \(line 6\): unknown key; did you mean bus\?"),
        (REAL + "[zzz]\n", r"zzz \(line 6\): unknown key; known here: bus, video"),
        (REAL + "[enhance]\nthreshold = nan\n", r"enhance\.threshold .*got nan"),
        (REAL + "[enhance]\nenabled = 1\n", r"enhance\.enabled .*expected true or false, got 1"),
        (REAL + "[enhance]\nmodels = ''\n", r"enhance\.models .*expected the folder"),
        (REAL + '[enhance]\norder = "both"\n', r'enhance\.order .*expected "sharpness_first" .*got "both"'),
        (REAL + "[enhance]\ndeblur = 0\n", r"enhance\.deblur .*expected true or false, got 0"),
        (REAL + "[enhance]\nexposure_share = 0.0\n", r"enhance\.exposure_share .*above 0 up to 1, got 0"),
        (REAL + "[enhance]\ntime_budget_ms = 10.0\n", r"enhance\.time_budget_ms .*from 20 to 1000.*got 10"),
        (REAL + "[screen]\nfullscreen = 'yes'\n", r"screen\.fullscreen .*expected true or false, got .yes."),
        (REAL + "[recording]\nmin_free_mb = 1e3\n", r"recording\.min_free_mb .*whole number"),
        (REAL + "[recording]\ncontainer = 'avi'\n", r'recording\.container .*"mkv" or "mp4", got "avi"'),
        (REAL + "[log]\ndirectory = 1979-05-27\n", r"log\.directory .*got 1979-05-27 \(a date"),
        (REAL + "[log]\nlevel = []\n", r"log\.level .*got a list"),
        (REAL + "[limits.presure_setpoint]\nmaximum = 15\n", r"did you mean limits\.pressure_setpoint\?"),
        (REAL + "[limits.pressure_setpoint]\nmaximun = 15\n", r"did you mean limits\.pressure_setpoint\.maximum\?"),
        (REAL + "[limits.pressure_setpoint]\nmaximum = 31\n", r"int\.maximum \(line 7\): expected 1 to 30 mmHg"),
        (REAL + "[limits.pressure_setpoint]\nmaximum = 8\n", r"default \(line 6\): expected 1 to 8 .*set a default"),
        (REAL + "[limits.flow_setpoint]\nminimum = 9\nmaximum = 2\n", r"int\.maximum \(line 8\): expected 9 to 40"),
        (REAL + "[limits.flow_setpoint]\nminimum = '9'\n", r"limits\.flow_setpoint\.minimum .*expected a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_explained(tmp_path: Path, text: str, expected: str) -> None:
    said = refusal(write(tmp_path, text))
    assert re.search(expected, said), said
    assert "Traceback" not in said
    assert "pydantic" not in said


def test_a_port_together_with_simulation_is_refused_not_chosen_between(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, REAL.replace('"real"', '"simulated"')))
    assert 'bus.port (line 3): mode is "simulated", so no port may be given' in said


def test_a_syntax_error_is_named_with_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, "[bus]\nmode = real\n")
    assert f"{path}:2:" in refusal(path)
    path = write(tmp_path, '[bus]\nmode = "real\n')
    assert f"{path}:2" in refusal(path)


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.toml")
    assert "folder" in refusal(tmp_path)
    assert ":2: expected UTF-8 text, got byte 0xE9" in refusal(write(tmp_path, b'[bus]\nmode = "r\xe9el"\n'))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, b"\xef\xbb\xbf" + REAL.encode())).bus.mode == "real"


def test_relative_folders_start_at_the_file(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, REAL + "[recording]\ndirectory = 'cases'\n[log]\ndirectory = '~/log'\n"))
    assert config.recording.directory == tmp_path / "cases"
    assert config.log.directory == Path.home() / "log"


def test_limits_narrow_a_range_and_out_of_it_is_then_rejected(tmp_path: Path) -> None:
    text = REAL + "[limits.pressure_setpoint]\nmaximum = 15\ndefault = 8\n"
    own = load_config(write(tmp_path, text)).setpoint_ranges()["pressure_setpoint"]
    assert (own.minimum, own.maximum, own.default) == (1.0, 15.0, 8.0)
    with pytest.raises(ValueError, match="1 to 15 mmHg"):
        own.check(16.0)


def test_every_limit_that_cannot_be_is_named_with_its_own_key_and_line(tmp_path: Path) -> None:
    text = REAL + "[limits.pressure_setpoint]\nmaximum = 31\n[limits]\nflow_setpoint.default = 50\n"
    said = refusal(write(tmp_path, text))
    assert "2 problems" in said
    assert "  - limits.pressure_setpoint.maximum (line 7): expected 1 to 30 mmHg, got 31\n" in said
    assert "  - limits.flow_setpoint.default (line 9): expected 0.1 to 40 l/min, got 50\n" in said
    inline = refusal(write(tmp_path, "limits = { light_intensity = { minimum = -1 } }\n" + REAL))
    assert "limits.light_intensity.minimum (line 1): expected 0 to 100 %, got -1" in inline


def test_a_configuration_cannot_change_while_the_tower_runs() -> None:
    config = demo_config()
    with pytest.raises(ValueError, match="frozen"):
        config.bus.mode = "real"  # type: ignore[misc]  # what is not allowed is what is tried
    with pytest.raises(TypeError):
        config.limits["pressure_setpoint"] = None  # type: ignore[index]  # the same


def test_the_demo_is_simulated_and_takes_a_video() -> None:
    assert demo_config().bus.mode == "simulated"
    assert demo_config().video.source == "phantom"
    assert demo_config("film.avi").video.source == "film.avi"
    with pytest.raises(ConfigError, match=r"video\.source"):
        demo_config("")


@given(st.binary(max_size=200))
def test_no_bytes_whatever_give_anything_but_a_configuration_or_a_refusal(tmp_path_factory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigError):
        load_config(path)


def test_the_start_values_of_a_site_reach_the_control_and_a_mode_that_cannot_be_is_named(tmp_path: Path) -> None:
    text = REAL + '[limits.flow_setpoint]\ndefault = 2.0\n[start]\ngas_mode = "paediatric"\ncamera_automatic = false\n'
    start = load_config(write(tmp_path, text)).start_values()
    assert (start.gas_mode.name, start.camera_automatic, start.own_defaults) == ("PAEDIATRIC", False, {"flow_setpoint"})
    said = refusal(write(tmp_path, REAL + '[limits.flow_setpoint]\nminimum = 5\n[start]\ngas_mode = "veress"\n'))
    assert "start.gas_mode (line 9): this mode cannot be the first: Veress allows no set flow within 5 to 40" in said
    said = refusal(write(tmp_path, REAL + '[start]\ngas_mode = "turbo"\n'))
    assert re.search(r'start\.gas_mode \(line 7\): expected "veress", .*, got "turbo"', said)


def test_keys_that_are_unknown_taken_twice_or_of_the_pads_are_refused_with_the_reason(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, REAL + '[keys]\nfreeze = "f13"\nsnapshot = "R"\nenhanced = "Escape"\n'))
    assert "3 problems" in said
    assert 'keys.freeze (line 7): no key is called "f13"; did you mean "F13"?' in said
    assert 'keys.record (line 6): "R" is the key of snapshot already' in said
    assert 'keys.enhanced (line 9): "Escape" is a key of the pads' in said
    config = load_config(write(tmp_path, REAL + '[keys]\nfreeze = "F13"\nrecord = ""\n[access]\nlock_after_min = 10\n'))
    assert config.habits().keys == {"freeze": "F13", "snapshot": "S", "record": "", "enhanced": "E"}
    assert config.habits().lock_after_s == 600.0
