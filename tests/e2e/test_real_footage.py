"""Real footage through the whole tower and through `enhance`, to the end, with every frame accounted for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from vision.offline.reader import FilmReader

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CLIPS = DATA / "hysterectomy"
CLIP = CLIPS / "clip17.avi"
FRAMES = 50  # in each clip: manifest.tsv

pytestmark = [
    pytest.mark.footage,
    pytest.mark.skipif(not CLIP.is_file(), reason="the real footage (../shared/data) is not here"),
]


def limpid(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def pictures(film: Path) -> list[np.ndarray]:
    with FilmReader(film) as reader:
        return [image for image, _ in reader.frames()]


def test_the_tower_plays_a_real_clip_to_its_end_and_counts_every_frame(tmp_path):
    report_file = tmp_path / "run.json"
    done = limpid("--demo", "--at-rest", "--video", CLIP, "--report", report_file)
    assert done.returncode == 0, done.stderr
    report = json.loads(report_file.read_text())
    frames = report["frames"]
    assert frames["grabbed"] == FRAMES
    assert frames["shown_raw"] + frames["dropped_raw"] == FRAMES
    assert frames["enhanced"] + frames["dropped_enhanced"] == FRAMES
    # 2 frames a second leave time for everything but the first seconds, in which the nets are loaded.
    assert frames["shown_raw"] >= FRAMES - 2
    assert frames["enhanced"] >= FRAMES - 12
    assert report["source"] == CLIP.name
    assert report["safe_shutdown"] is True


@pytest.mark.parametrize("name", ["clip10", "clip11", "clip12", "clip16", "clip17"])
def test_enhance_leaves_clear_frames_of_a_real_clip_unchanged(tmp_path, name):
    """The command itself, within this process: torch is imported once for all five."""
    clip = CLIPS / f"{name}.avi"
    film, report_file = tmp_path / "enhanced.mkv", tmp_path / "report.json"
    assert main(["enhance", str(clip), str(film), "--report", str(report_file)]) == 0
    report = json.loads(report_file.read_text())
    assert report["frames_in"] == report["frames_out"] == FRAMES
    assert report["passed"] + report["deblurred"] + report["raw"]["count"] == FRAMES
    before, after = pictures(clip), pictures(film)
    assert len(before) == len(after) == FRAMES
    unchanged = sum(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert unchanged == report["passed"] + report["raw"]["count"]
