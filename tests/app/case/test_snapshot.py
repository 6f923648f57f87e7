"""A snapshot is both pictures and what they are, whole, or a clear error and nothing left behind."""

from __future__ import annotations

import json
import resource
import signal
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.case.snapshot import SnapshotError, save_snapshot
from vision.frames import Action, EnhancedFrame, Frame
from vision.opencv import cv2

NOW = datetime(2026, 11, 22, 8, 15, 19, 123456, tzinfo=UTC)


def picture(seed: int, width: int = 321, height: int = 181) -> np.ndarray:
    image = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    image.flags.writeable = False
    return image


def enhanced_of(frame: Frame, seed: int = 9, p_clear: float = 0.25) -> EnhancedFrame:
    height, width = frame.image.shape[:2]
    return EnhancedFrame(frame, picture(seed, width, height), Action.DEBLURRED, p_clear, "liver", 0.75, memory_age=3)


def test_both_pictures_come_back_bit_for_bit_with_what_they_are(tmp_path: Path) -> None:
    raw = Frame(41, 12.5, picture(1), media_s=2.0)
    result = enhanced_of(Frame(40, 12.4, picture(2)))
    saved = save_snapshot(tmp_path / "a" / "b", raw, result, source="clip10.avi", simulation=False, now=NOW)
    assert saved.enhanced is not None
    assert np.array_equal(cv2.imread(str(saved.raw)), raw.image)
    assert np.array_equal(cv2.imread(str(saved.enhanced)), result.image)
    facts = json.loads(saved.sidecar.read_text())
    assert facts["taken_utc"] == "2026-11-22T08:15:19.123456+00:00"
    assert (facts["source"], facts["simulation"]) == ("clip10.avi", False)
    assert facts["raw"] == {
        "file": saved.raw.name, "frame_id": 41, "captured_monotonic_s": 12.5, "media_s": 2.0,
        "width": 321, "height": 181,
    }  # fmt: skip
    about = facts["enhanced"]
    assert (about["frame_id"], about["same_frame_as_raw"]) == (40, False)
    assert (about["action"], about["p_clear"], about["region"]) == ("deblurred", 0.25, "liver")
    assert sorted(p.name for p in (tmp_path / "a" / "b").iterdir()) == [
        "snapshot_20261122T081519.123Z.json",
        "snapshot_20261122T081519.123Z_enhanced.png",
        "snapshot_20261122T081519.123Z_raw.png",
    ]


def test_without_an_enhanced_picture_the_raw_one_is_kept_and_the_lack_is_said(tmp_path: Path) -> None:
    saved = save_snapshot(tmp_path, Frame(0, 0.0, picture(1, 1, 1)), None, source="x", simulation=False, now=NOW)
    assert saved.enhanced is None
    assert json.loads(saved.sidecar.read_text())["enhanced"] is None


def test_simulation_is_marked_in_name_and_facts(tmp_path: Path) -> None:
    saved = save_snapshot(tmp_path, Frame(0, 0.0, picture(1)), None, source="Phantom", simulation=True, now=NOW)
    assert "SIMULATION" in saved.raw.name
    assert json.loads(saved.sidecar.read_text())["simulation"] is True


def test_two_snapshots_of_one_moment_do_not_overwrite_each_other(tmp_path: Path) -> None:
    first = save_snapshot(tmp_path, Frame(0, 0.0, picture(1)), None, source="x", simulation=False, now=NOW)
    second = save_snapshot(tmp_path, Frame(1, 0.0, picture(2)), None, source="x", simulation=False, now=NOW)
    assert np.array_equal(cv2.imread(str(first.raw)), picture(1))
    assert np.array_equal(cv2.imread(str(second.raw)), picture(2))
    assert json.loads(second.sidecar.read_text())["raw"]["file"] == second.raw.name


def test_an_unknown_probability_gives_json_that_every_reader_takes(tmp_path: Path) -> None:
    raw = Frame(0, 0.0, picture(1))
    result = enhanced_of(raw, p_clear=float("nan"))
    saved = save_snapshot(tmp_path, raw, result, source="x", simulation=False, now=NOW)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    facts = json.loads(saved.sidecar.read_text(), parse_constant=refuse)
    assert facts["enhanced"]["p_clear"] is None


@pytest.fixture
def small_files():
    """The operating system refuses files above 100 kB, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_takes_no_more_is_said_and_nothing_half_written_stays(tmp_path: Path, small_files) -> None:
    raw = Frame(0, 0.0, np.zeros((200, 200, 3), np.uint8))  # small enough; the enhanced one is not
    result = EnhancedFrame(raw, picture(3, 400, 400), Action.DEBLURRED, 0.1, None, 0.0)
    with pytest.raises(SnapshotError, match=r"Snapshot not saved: no space left for .*_enhanced\.png: delete or move"):
        save_snapshot(tmp_path, raw, result, source="x", simulation=False, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SnapshotError, match=r"file stands in a folder's place: set another \[recording\] directory"):
        save_snapshot(tmp_path / "file", Frame(0, 0.0, picture(1)), None, source="x", simulation=False, now=NOW)
    with pytest.raises(SnapshotError, match="Snapshot not saved"):
        save_snapshot(Path("/proc/limpid"), Frame(0, 0.0, picture(1)), None, source="x", simulation=False, now=NOW)
