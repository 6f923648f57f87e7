"""`bench bus` measures the real bus worker against the simulator's process, in peace and in trouble."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from app import paths

MAIN = paths.resources().parent / "main.py"


def test_it_measures_idle_a_mute_slave_and_noise_and_writes_its_figures(tmp_path: Path) -> None:
    figures = tmp_path / "bus.json"
    run = subprocess.run(
        [sys.executable, str(MAIN), "bench", "bus", "--seconds", "2", "--json", str(figures)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(figures.read_text())
    for name in ("idle", "light_mute", "noise_1e-4"):
        row = found[name]
        assert row["cycles"] + row["cycles_missed"] >= 50
        assert 0.0 <= row["lateness_ms"]["p50"] <= row["lateness_ms"]["p99"] <= row["lateness_ms"]["max"]
        assert 10.0 < row["insufflator_period_ms"]["p50"] < 100.0
        assert row["round_trip_ms"]["insufflator"]["median"] > 0.0
        assert "stolen_percent" in row
    assert found["idle"]["counts"]["crc_errors"] == 0
    assert found["light_mute"]["counts"]["timeouts"] >= 2
    assert found["noise_1e-4"]["counts"]["crc_errors"] + found["noise_1e-4"]["counts"]["timeouts"] >= 1


def test_no_time_at_all_is_refused(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(MAIN), "bench", "bus", "--seconds", "0"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "expected a number of seconds above 0" in run.stderr
