"""The alarm log outlives the program: a restart, a kill, a torn line, a damaged file, a full disk."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import __version__
from app.alarms.log import FILE_NAME, OLDER_NAME, AlarmLog, read_entries
from app.cli import main

ROOT = Path(__file__).parents[3]


def names(directory: Path) -> list[str]:
    return [entry.name for entry in read_entries(directory) if entry.name != "program"]


def test_what_happened_is_there_after_a_restart_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    log = AlarmLog(tmp_path)
    log.write(12.3456, "over_pressure", "high", "raised")
    log.close()
    again = AlarmLog(tmp_path)
    started, ended, entry, first = again.entries(10)
    assert (started.change, started.note) == ("run started", "")
    assert (ended.change, ended.run) == ("run ended", entry.run)
    assert (entry.name, entry.priority, entry.change) == ("over_pressure", "high", "raised")
    assert (entry.monotonic_s, entry.version) == (12.346, __version__)
    assert entry.wall[:4] == "20" + time.strftime("%y")
    assert entry.wall[-6] in "+-"
    assert first.change == "run started"
    assert started.run != entry.run
    again.close()


def test_a_thousand_entries_and_more_survive_and_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    for _ in range(3):
        log = AlarmLog(tmp_path, kept=1200)
        for number in range(1500):
            log.write(0.0, f"alarm_{number}", "low", "raised")
        assert len(log.entries(1200)) == 1200
        log.close()
    entries = read_entries(tmp_path)
    assert 1200 <= len(entries) <= 2400
    assert [entry.name for entry in entries][-4:] == ["alarm_1497", "alarm_1498", "alarm_1499", "program"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([FILE_NAME, OLDER_NAME])


def test_a_killed_program_loses_nothing_that_it_had_said(tmp_path: Path) -> None:
    program = (
        "import itertools, sys; from pathlib import Path; from app.alarms.log import AlarmLog;"
        "log = AlarmLog(Path(sys.argv[1]))\n"
        "for n in itertools.count():\n"
        "    log.write(0.0, f'alarm_{n}', 'high', 'raised'); print(n, flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(300):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    said = [300, *map(int, process.stdout.read().split())][-1]
    process.wait()
    process.stdout.close()
    kept = names(tmp_path)
    assert kept[:said] == [f"alarm_{number}" for number in range(said)]
    log = AlarmLog(tmp_path)
    assert log.entries(1)[0].note == "the run before was not ended"
    assert log.notices == []
    log.close()


def test_half_a_last_line_is_cut_off_and_all_others_stay(tmp_path: Path) -> None:
    log = AlarmLog(tmp_path)
    log.write(0.0, "first", "low", "raised")
    log.close()
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes() + b'{"wall": "2026-11-2')
    log = AlarmLog(tmp_path)
    log.write(0.0, "second", "low", "raised")
    log.close()
    assert names(tmp_path) == ["first", "second"]
    assert AlarmLog(tmp_path).notices == []
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [b"\0" * 4096, b"\xff\xfe garbage\n", b'{"wall": 7}\n', b"[]\n", b"\n", b'{"a": "' + b"x" * 100_000 + b'"}\n'],
)
def test_a_damaged_file_is_set_aside_and_said_and_its_good_lines_go_on(tmp_path: Path, damage: bytes) -> None:
    log = AlarmLog(tmp_path)
    log.write(0.0, "good", "low", "raised")
    log.close()
    path = tmp_path / FILE_NAME
    first, *rest = path.read_bytes().splitlines(keepends=True)
    broken = first + damage + b"\n" + b"".join(rest)
    path.write_bytes(broken)
    log = AlarmLog(tmp_path)
    (notice,) = log.notices
    (aside,) = tmp_path.glob("*damaged*")
    assert aside.name in notice
    assert aside.read_bytes() == broken, "nothing of it is lost"
    log.write(0.0, "new", "low", "raised")
    log.close()
    assert names(tmp_path) == ["good", "new"]


def test_a_log_that_cannot_be_written_is_said_and_is_served_from_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    log = AlarmLog(tmp_path / "file")
    log.write(0.0, "over_pressure", "high", "raised")
    assert log.failed
    assert log.entries(1)[0].name == "over_pressure"
    log.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).symlink_to("/dev/full")
    log = AlarmLog(tmp_path)
    assert "No space left" in log.failed
    log.close()


def test_an_entry_costs_the_screen_less_than_a_millisecond(tmp_path: Path) -> None:
    log = AlarmLog(tmp_path)
    took = []
    for _ in range(500):
        began_s = time.perf_counter()
        log.write(0.0, "over_pressure", "high", "raised")
        took.append(time.perf_counter() - began_s)
    log.close()
    assert sorted(took)[250] < 0.001


def test_the_command_prints_the_latest_entries(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    config = tmp_path / "tower.toml"
    config.write_text(
        f'[bus]\nmode = "simulated"\n[video]\nsource = "phantom"\n[log]\ndirectory = "{tmp_path / "log"}"\n'
    )
    assert main(["alarms", "--config", str(config)]) == 1
    assert "no alarm log" in capsys.readouterr().err
    log = AlarmLog(tmp_path / "log")
    for number in range(5):
        log.write(0.0, f"alarm_{number}", "high", "raised")
    log.close()
    assert main(["alarms", "--config", str(config), "--last", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[-1].strip() for line in lines] == [
        "alarm_3: raised",
        "alarm_4: raised",
        "program: run ended",
    ]
    assert main(["alarms", "--config", str(config), "--last", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["name"] == "alarm_4"
    with pytest.raises(SystemExit) as ended:
        main(["alarms", "--last", "0"])
    assert ended.value.code == 2
    assert [path.name for path in (tmp_path / "log").iterdir()] == [FILE_NAME]
