"""The file that the set-up writes: whole, usable, commented, and no old one is ever lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.config import load_config
from app.setup import writer
from app.setup.found import present_choice, saved_from
from app.setup.writer import SetupError, save
from ui.setup.view import PHANTOM, SIMULATED, Choice

TODAY = date(2026, 11, 22)
REAL = Choice("zh", 23.8, "/dev/ttyUSB0", "/dev/video0", "/data/cases")


def backups(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if ".bak" in path.name)


def test_a_first_one_is_the_commented_example_with_what_was_chosen(tmp_path: Path) -> None:
    path = tmp_path / "limpid" / "limpid.toml"
    config = save(REAL, path, TODAY)
    assert (config.bus.mode, config.bus.port, config.video.source) == ("real", "/dev/ttyUSB0", "/dev/video0")
    assert (config.screen.language, config.screen.diagonal_inch) == ("zh", 23.8)
    assert config.recording.directory == Path("/data/cases")
    text = path.read_text()
    assert "written by the set-up on 2026-11-22" in text
    assert "# gas_mode" in text, "every key is shown"
    assert [entry.name for entry in path.parent.iterdir()] == ["limpid.toml"], "nothing else is left behind"


def test_simulated_modules_have_no_port(tmp_path: Path) -> None:
    config = save(Choice("en", None, SIMULATED, PHANTOM, "/data"), tmp_path / "c.toml", TODAY)
    assert (config.bus.mode, config.bus.port, config.video.source) == ("simulated", None, "phantom")


def test_what_was_saved_is_what_the_set_up_opens_with(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    assert present_choice(save(REAL, path, TODAY)) == REAL
    assert present_choice(load_config(path)) == REAL


def test_a_good_file_keeps_its_other_keys_and_comments_and_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    old = '# ours\n[bus]\nmode = "real"\nport = "/dev/a"\n[video]\nsource = "0"\n[limits.flow_setpoint]\nmaximum = 20\n'
    path.write_text(old)
    config = save(REAL, path, TODAY)
    assert config.setpoint_ranges()["flow_setpoint"].maximum == 20
    assert path.read_text().startswith("# ours\n")
    assert (tmp_path / "c.toml.bak").read_text() == old
    save(Choice("en", 15.6, SIMULATED, PHANTOM, "/data"), path, TODAY)
    assert len(backups(tmp_path)) == 2, "the first copy is not overwritten"


@pytest.mark.parametrize("old", [b"[bus\n", b"\xff\xfe\x00", b'[bus]\nmode = "reel"\nport = "/dev/a"\n', b""])
def test_one_that_cannot_be_used_is_replaced_and_kept_as_a_copy(tmp_path: Path, old: bytes) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(old)
    assert save(REAL, path, TODAY).bus.port == "/dev/ttyUSB0"
    assert (tmp_path / "c.toml.bak").read_bytes() == old


def test_what_can_still_be_read_of_a_bad_one_is_offered(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[bus]\nmode = "reel"\nport = "/dev/a"\n[video]\nsource = 7\n[screen]\nlanguage = "zh"\n')
    choice = saved_from(path)
    assert (choice.language, choice.port, choice.source) == ("zh", "/dev/a", None)
    path.write_bytes(b"\xff")
    assert saved_from(path) == present_choice(None)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="cannot be written"):
        save(REAL, tmp_path / "file" / "c.toml", TODAY)


def test_a_disk_that_is_full_leaves_the_old_file_as_it_was(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "c.toml"
    save(REAL, path, TODAY)
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "write_whole", full)
    with pytest.raises(SetupError, match="No space left"):
        save(Choice("en", 15.6, SIMULATED, PHANTOM, "/data"), path, TODAY)
    assert path.read_bytes() == before


def test_an_incomplete_choice_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="choose it first"):
        save(Choice(), tmp_path / "c.toml", TODAY)
    assert not list(tmp_path.iterdir())
