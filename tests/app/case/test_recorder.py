"""A recording holds both feeds in step, survives what happens to it, and counts what it does not hold."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from app.case.recorder import CaseRecorder, RecordingError
from vision.frames import Action, EnhancedFrame, Frame

NOW = datetime(2026, 11, 22, 8, 15, 19, 123456, tzinfo=UTC)
T0 = 1000.0


def frame(number: int, width: int = 160, height: int = 96, seconds: float | None = None) -> Frame:
    image = np.full((height, width, 3), 20 + 5 * (number % 40), np.uint8)
    image[:, : 4 + number % 100] = (0, 0, 255)
    return Frame(number, T0 + (number / 30 if seconds is None else seconds), image)


def enhanced(source: Frame) -> EnhancedFrame:
    return EnhancedFrame(source, 255 - source.image, Action.DEBLURRED, 0.2, "liver", 0.8)


def recorder(directory: Path, **changes) -> CaseRecorder:
    settings = {"source": "clip10.avi", "simulation": False} | changes
    made = CaseRecorder(directory, **settings)
    made.start(NOW)
    return made


def times_s(path: Path) -> list[float]:
    with av.open(str(path)) as film:
        return [float(picture.time) for picture in film.decode(video=0)]


@pytest.mark.parametrize(("codec", "container"), [("libx264", "mkv"), ("libx264", "mp4"), ("ffv1", "mkv")])
def test_both_feeds_run_in_step_and_are_complete(tmp_path: Path, codec: str, container: str) -> None:
    made = recorder(tmp_path, codec=codec, container=container)
    made.write_enhanced(enhanced(frame(9)))  # of a frame from before the recording: not part of it
    for number in range(10, 40):
        assert made.write_raw(frame(number))
        made.write_enhanced(enhanced(frame(9)))  # the enhancer comes late: still not part of it
        if number >= 12:
            assert made.write_enhanced(enhanced(frame(number - 2)))
    summary = made.stop()
    raw, result = summary.files
    assert raw.name == f"recording_20261122T081519.123Z_raw.{container}"
    assert result.name == f"recording_20261122T081519.123Z_enhanced.{container}"
    assert (summary.written_raw, summary.written_enhanced, summary.dropped) == (30, 28, 0)
    assert times_s(raw) == pytest.approx([n / 30 for n in range(30)], abs=0.002)
    assert times_s(result) == pytest.approx([n / 30 for n in range(28)], abs=0.002)
    facts = json.loads(summary.sidecar.read_text())
    assert facts["complete"] is True
    assert (facts["source"], facts["simulation"], facts["started_utc"][:19]) == (
        "clip10.avi", False, "2026-11-22T08:15:19",
    )  # fmt: skip
    assert facts["feeds"]["raw"]["parts"][0] == {
        "file": raw.name, "width": 160, "height": 96, "offset_s": 0.0, "first_frame_id": 10, "frames": 30,
    }  # fmt: skip
    assert "30 raw and 28 enhanced frames written" in str(summary)


def test_the_pictures_are_the_feeds_own(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    for number in range(5):
        made.write_raw(frame(number))
        made.write_enhanced(enhanced(frame(number)))
    raw, result = made.stop().files
    for path, expected in ((raw, frame(0).image), (result, 255 - frame(0).image)):
        with av.open(str(path)) as film:
            picture = next(film.decode(video=0)).to_ndarray(format="bgr24")
        assert np.abs(picture.astype(int) - expected).mean() < 6


def test_frames_that_never_came_and_frames_that_came_twice_are_counted(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    for number in (0, 1, 4, 4, 3, 5):
        made.write_raw(frame(number))
    summary = made.stop()
    assert (summary.written_raw, summary.dropped_raw) == (4, 4)
    assert len(times_s(summary.files[0])) == 4


def test_a_change_of_size_begins_a_new_part_at_its_own_moment(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    for number in range(5):
        made.write_raw(frame(number))
    for number in range(5, 10):
        made.write_raw(frame(number, width=101, height=77))
    summary = made.stop()
    first, second = summary.files
    assert second.name == "recording_20261122T081519.123Z_raw_part2.mkv"
    assert (len(times_s(first)), len(times_s(second))) == (5, 5)
    parts = json.loads(summary.sidecar.read_text())["feeds"]["raw"]["parts"]
    assert [(p["width"], p["height"]) for p in parts] == [(160, 96), (101, 77)]
    assert parts[1]["offset_s"] == pytest.approx(5 / 30, abs=1e-6)
    assert times_s(second)[0] == pytest.approx(0.0, abs=0.002)


def test_an_uneven_pace_is_kept(tmp_path: Path) -> None:
    moments = [0.0, 0.1, 0.11, 0.5, 2.0]
    made = recorder(tmp_path)
    for number, seconds in enumerate(moments):
        made.write_raw(frame(number, seconds=seconds))
    assert times_s(made.stop().files[0]) == pytest.approx(moments, abs=0.002)


def test_simulation_is_marked(tmp_path: Path) -> None:
    made = recorder(tmp_path, simulation=True)
    made.write_raw(frame(0))
    summary = made.stop()
    assert "SIMULATION" in summary.files[0].name
    assert json.loads(summary.sidecar.read_text())["simulation"] is True


@pytest.mark.parametrize("container", ["mkv", "mp4"])
def test_a_killed_program_leaves_films_that_play(tmp_path: Path, container: str) -> None:
    program = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from test_recorder import enhanced, frame, recorder
made = recorder(Path(sys.argv[1]), container={container!r})
for number in range(150):
    made.write_raw(frame(number))
    made.write_enhanced(enhanced(frame(number)))
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).parents[3]
    ended = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, timeout=60
    )
    assert ended.returncode == -signal.SIGKILL
    films = sorted(tmp_path.glob(f"*.{container}"))
    assert len(films) == 2
    for film in films:
        assert len(times_s(film)) >= 90  # of 150 at 30 frames/s: at most 2 s are lost
    facts = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert facts["complete"] is False
    listed = [part["file"] for feed in facts["feeds"].values() for part in feed["parts"]]
    assert sorted(listed) == [film.name for film in films]


@pytest.fixture
def small_files():
    """The operating system refuses files above 200 kB, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_takes_no_more_ends_it_with_a_clear_error_and_keeps_the_rest(tmp_path: Path, small_files) -> None:
    made = recorder(tmp_path)
    noise = np.random.default_rng(1)

    def fill() -> None:
        for number in range(2000):
            made.write_raw(Frame(number, T0 + number / 30, noise.integers(0, 256, (240, 320, 3), dtype=np.uint8)))

    with pytest.raises(RecordingError, match=r"Recording failed: .*(no space left|full|space)"):
        fill()
    with contextlib.suppress(RecordingError):  # whether the film's end still fits is a matter of bytes
        made.stop()
    written = made.written
    assert made.dropped >= 1
    assert 0 < len(times_s(next(tmp_path.glob("*_raw.mkv")))) <= written


def test_little_space_is_told_before_it_runs_out(tmp_path: Path) -> None:
    made = recorder(tmp_path, min_free_mb=10**12)
    assert made.disk_low
    assert not recorder(tmp_path, min_free_mb=1).disk_low


def test_a_recording_that_cannot_begin_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RecordingError, match=r"Recording not started: .* set another \[recording\] directory"):
        recorder(tmp_path / "file" / "case")
    with pytest.raises(RecordingError, match="Recording not started"):
        recorder(Path("/proc/limpid"))


def test_an_encoder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    made = recorder(tmp_path, codec="h2647")
    with pytest.raises(RecordingError, match="h2647"):
        made.write_raw(frame(0))


def test_stopping_twice_gives_the_same_and_writing_after_it_is_refused(tmp_path: Path) -> None:
    made = recorder(tmp_path)
    made.write_raw(frame(0))
    assert made.stop() == made.stop()
    with pytest.raises(RecordingError, match="has ended"):
        made.write_raw(frame(1))
    with pytest.raises(RecordingError, match="make a new one"):
        made.start(NOW)


def test_two_recordings_of_one_moment_do_not_overwrite_each_other(tmp_path: Path) -> None:
    first, second = recorder(tmp_path), recorder(tmp_path)
    for made in (first, second):
        made.write_raw(frame(0))
    assert len({first.stop().sidecar, second.stop().sidecar, *first.stop().files, *second.stop().files}) == 4


def test_a_film_that_is_there_already_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "recording_20261122T081519.123Z_raw.mkv").write_text("somebody's only copy")
    made = recorder(tmp_path)
    made.write_raw(frame(0))
    (film,) = made.stop().files
    assert film.name == "recording_20261122T081519.123Z_raw-2.mkv"
    assert (tmp_path / "recording_20261122T081519.123Z_raw.mkv").read_text() == "somebody's only copy"
