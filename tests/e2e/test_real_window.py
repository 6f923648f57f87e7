"""The program in a real window on an X server, touched by a hand from outside: a click takes a snapshot."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vision.offline.pictures import read_picture

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not os.environ.get("DISPLAY") or shutil.which("xdotool") is None,
    reason="needs an X server (DISPLAY) and xdotool; `make test` brings both along",
)

SIZE = (1280, 800)
SNAPSHOT_KEY = (1218, 588)  # where the key stands at this size; the screenshot below shows it if that changes


def xdotool(*arguments: object) -> str:
    done = subprocess.run(["xdotool", *map(str, arguments)], capture_output=True, text=True, timeout=20, check=False)
    return done.stdout.strip()


def test_a_click_on_the_real_screen_saves_both_pictures_and_closing_is_safe(tmp_path):
    report = tmp_path / "run.json"
    program = subprocess.Popen(
        [sys.executable, "main.py", "--demo", "--size", "{}x{}".format(*SIZE), "--report", str(report)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "xcb", "XDG_DATA_HOME": str(tmp_path / "data")},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        folder = tmp_path / "data" / "limpid" / "recordings"
        until = time.monotonic() + 60
        window = ""
        while not list(folder.glob("snapshot_*.json")):
            assert program.poll() is None, program.stderr.read() if program.stderr else ""
            assert time.monotonic() < until, "no snapshot was taken by clicks on the key"
            window = xdotool("search", "--onlyvisible", "--name", "^Limpid$").partition("\n")[0]
            if window:
                xdotool("mousemove", "--window", window, *SNAPSHOT_KEY, "click", 1)
            with contextlib.suppress(subprocess.TimeoutExpired):  # it runs on; the next look comes a second later
                program.wait(1.0)
        program.send_signal(signal.SIGTERM)
        program.wait(30)
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()
    assert program.returncode == 0, program.stderr.read() if program.stderr else ""
    sidecar = json.loads(next(folder.glob("snapshot_*.json")).read_text())
    assert sidecar["simulation"] is True
    raw = next(folder.glob("snapshot_*raw*.png"))
    assert read_picture(raw).shape == (720, 1280, 3)
    assert json.loads(report.read_text())["safe_shutdown"] is True
