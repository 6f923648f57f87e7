"""The doctor finds what is wrong with a machine, says what to do, and never falls over itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import checks, paths
from app.checks import Level
from app.cli import main
from app.qt_probe import PACKAGES, missing_in, packages_for

ROOT = Path(__file__).parents[3]


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_screen")
def test_each_finding_is_one_line_and_what_is_not_well_says_what_to_do() -> None:
    ended = subprocess.run([sys.executable, "main.py", "doctor"], cwd=ROOT, capture_output=True, text=True, timeout=150)
    lines = ended.stdout.splitlines()
    assert ended.stderr == ""
    for line in lines[:-1]:
        assert line.startswith(("ok    ", "warn  ", "FAIL  "))
        assert line.startswith("ok") or "  ->  " in line or "weights" in line
    names = [line[6:].split(":")[0] for line in lines[:-1]]
    for name in ("python", "pyside6", "qt", "display", "audio", "serial ports", "cameras", "weights", "enhanced view"):
        assert name in names, name
    assert "disk space" in names
    (view,) = [line for line in lines if line[6:].startswith("enhanced view: ")]
    assert re.search(r"3 networks \d+ ms, .*half size \d+ ms; 150 ms allowed", view)
    failed = sum(line.startswith("FAIL") for line in lines)
    assert lines[-1].startswith(f"{len(lines) - 1} checks: {failed} failed")
    assert ended.returncode == (1 if failed else 0)
    assert "ok    python: 3." in ended.stdout
    assert "ok    qt: opens on platform offscreen" in ended.stdout
    assert "warn  display: no display" in ended.stdout


@pytest.mark.usefixtures("no_screen")
def test_json_and_a_configuration_that_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tower.toml"
    path.write_text('[bus]\nmode = "real"\nprot = "x"\n')
    assert main(["doctor", "--json", "--config", str(path)]) == 1
    told = json.loads(capsys.readouterr().out)
    (about,) = [f for f in told["findings"] if f["name"] == "configuration"]
    assert about["level"] == "fail"
    assert "did you mean bus.port?" in about["text"]
    assert str(path) in about["action"]
    assert told["failed"] == sum(f["level"] == "fail" for f in told["findings"]) >= 1


def test_a_machine_too_slow_for_its_time_budget_is_told() -> None:
    found = checks.enhanced_view(paths.models(), 0.01)
    assert found.level is Level.WARN
    assert "0.01 ms allowed" in found.text
    assert "time_budget_ms" in found.action


@pytest.mark.usefixtures("no_screen")
def test_what_a_configuration_points_to_is_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tower.toml"
    (tmp_path / "file").write_text("in the way")
    path.write_text(
        f'[bus]\nmode = "real"\nport = "{tmp_path}/ttyNONE"\n[video]\nsource = "{tmp_path}/none.avi"\n'
        '[enhance]\nmodels = "nowhere"\n[recording]\ndirectory = "file/case"\ncodec = "h2647"\n'
    )
    assert main(["doctor", "--json", "--config", str(path)]) == 1
    found = {f["name"]: f for f in json.loads(capsys.readouterr().out)["findings"]}
    assert found["configuration"]["level"] == "ok"
    assert found["bus port"]["level"] == "fail"
    assert "ttyNONE" in found["bus port"]["text"]
    assert found["video source"]["level"] == "fail"
    assert "none.avi" in found["video source"]["text"]
    assert found["weights"]["level"] == "fail"
    assert str(tmp_path / "nowhere") in found["weights"]["text"]
    assert found["enhanced view"]["level"] == "fail"
    assert found["recording folder"]["level"] == "fail"
    assert found["encoder"]["level"] == "fail"
    assert "h2647" in found["encoder"]["text"]
    assert not (tmp_path / "nowhere").exists()


def test_a_qt_that_does_not_open_is_a_finding_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    found = {finding.name: finding for finding in checks.display_and_audio()}
    assert found["qt"].level is Level.FAIL
    assert "nonsense" in found["qt"].text
    assert found["qt"].action


def test_libraries_that_ldd_does_not_find_are_named_as_packages() -> None:
    told = (
        "/x/libqxcb.so:\n\tlinux-vdso.so.1 (0x00007f)\n\tlibxcb-icccm.so.4 => not found\n"
        "\tlibxcb-cursor.so.0 => not found\n\tlibQt6Gui.so.6 => /x/lib/libQt6Gui.so.6 (0x0)\n"
        "/x/other.so:\n\tlibxcb-icccm.so.4 => not found\n\tlibnew.so.1 => not found\n"
    )
    missing = missing_in(told)
    assert missing == ["libnew.so.1", "libxcb-cursor.so.0", "libxcb-icccm.so.4"]
    assert packages_for(missing) == ["libnew.so.1", "libxcb-cursor0", "libxcb-icccm4"]


def test_every_package_named_is_one_that_set_up_installs() -> None:
    listed = (ROOT / "packaging" / "system-packages.txt").read_text().replace("|", "\n").split()
    assert set(PACKAGES.values()) <= set(listed)


@pytest.mark.parametrize(("min_free_mb", "level"), [(1, Level.OK), (10**12, Level.WARN)])
def test_space_is_judged_against_the_configured_alarm(tmp_path: Path, min_free_mb: int, level: Level) -> None:
    folder, space = checks.recordings(tmp_path / "not" / "yet", min_free_mb)
    assert folder.level is Level.OK
    assert space.level is level
    assert list(tmp_path.iterdir()) == []
