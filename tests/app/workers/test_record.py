"""The recorder's thread writes real files, and a disk that fails ends the recording, not the picture."""

from __future__ import annotations

import cv2
import pytest

from app.case.recorder import CaseRecorder
from app.case.snapshot import save_snapshot
from app.workers.mailbox import Mailbox
from app.workers.record import RecordWorker
from tests.app.workers.conftest import WAIT_MS, Heard
from vision.frames import Action, EnhancedFrame, Frame
from vision.offline.reader import FilmReader


class Desk:
    """A record worker with its mailboxes, writing to `directory`."""

    def __init__(self, directory) -> None:
        self.directory = directory
        self.raw: Mailbox[Frame] = Mailbox()
        self.enhanced: Mailbox[EnhancedFrame] = Mailbox()
        self.worker = RecordWorker(self._recorder, self._snapshot, self.raw, self.enhanced)
        self.worker.source_name = "test"
        self.status = Heard(self.worker.status)

    def _recorder(self, name: str) -> CaseRecorder:
        return CaseRecorder(
            self.directory, source=name, codec="libx264", container="mkv", min_free_mb=200, simulation=True
        )

    def _snapshot(self, raw, enhanced, name) -> str:
        return f"Saved {save_snapshot(self.directory, raw, enhanced, source=name, simulation=True)}"

    def said(self, text: str):
        return any(text in s.notice or text in s.error or text in s.snapshot_error for s in self.status.all)


@pytest.fixture
def desk(tmp_path, start) -> Desk:
    desk = Desk(tmp_path / "case")
    start(desk.worker)
    return desk


def enhanced(frame: Frame) -> EnhancedFrame:
    return EnhancedFrame(frame, frame.image, Action.PASSED, 0.9, "liver", 0.8)


def feed(desk: Desk, frame: Frame, qtbot) -> None:
    desk.raw.put(frame)
    desk.enhanced.put(enhanced(frame))
    qtbot.waitUntil(lambda: desk.raw.take() is None and desk.enhanced.take() is None, timeout=WAIT_MS)


def test_a_snapshot_of_the_last_pictures_lies_in_the_folder(desk, frame, qtbot):
    desk.worker.ask_snapshot()
    qtbot.waitUntil(lambda: desk.said("No picture to save yet"), timeout=WAIT_MS)
    desk.raw.put(frame(3))
    qtbot.waitUntil(lambda: desk.worker._last_raw is not None, timeout=WAIT_MS)
    desk.worker.ask_snapshot()
    qtbot.waitUntil(lambda: desk.said("Saved snapshot_"), timeout=WAIT_MS)
    (saved,) = desk.directory.glob("*_raw.png")
    assert "SIMULATION" in saved.name
    assert (cv2.imread(str(saved)) == frame(3).image).all()


def test_what_was_shown_while_recording_is_in_the_films(desk, frame, qtbot):
    desk.worker.ask_recording(True)
    qtbot.waitUntil(lambda: bool(desk.status.all) and desk.status.last.recording, timeout=WAIT_MS)
    for number in range(5):
        desk.raw.put(frame(number))
        qtbot.waitUntil(lambda: desk.worker._recorder.written >= 2 * number + 1, timeout=WAIT_MS)  # noqa: B023
        desk.enhanced.put(enhanced(frame(number)))
        qtbot.waitUntil(lambda: desk.worker._recorder.written >= 2 * number + 2, timeout=WAIT_MS)  # noqa: B023
    desk.worker.ask_recording(False)
    qtbot.waitUntil(lambda: desk.said("Recording saved"), timeout=WAIT_MS)
    assert not desk.status.last.recording
    for name in ("raw", "enhanced"):
        (film,) = desk.directory.glob(f"*_{name}.mkv")
        with FilmReader(film) as reader:
            assert len(list(reader.frames())) == 5


def test_a_recording_under_way_is_closed_when_the_tower_is_left(desk, frame, qtbot):
    desk.worker.ask_recording(True)
    qtbot.waitUntil(lambda: bool(desk.status.all) and desk.status.last.recording, timeout=WAIT_MS)
    desk.raw.put(frame(0))
    qtbot.waitUntil(lambda: desk.worker._recorder.written == 1, timeout=WAIT_MS)
    desk.worker.request_stop()
    qtbot.waitUntil(lambda: desk.said("Recording saved"), timeout=WAIT_MS)
    (film,) = desk.directory.glob("*_raw.mkv")
    with FilmReader(film) as reader:
        assert len(list(reader.frames())) == 1
        assert reader.damage == ""


def test_a_recording_that_cannot_begin_is_said_once_with_its_reason_and_frames_go_on(desk, frame, qtbot):
    desk.directory.write_text("a file stands in the folder's place")
    desk.worker.ask_recording(True)
    qtbot.waitUntil(lambda: desk.said("Recording not started"), timeout=WAIT_MS)
    errors = [s.error for s in desk.status.all if s.error]
    assert len(errors) == 1
    assert str(desk.directory) in errors[0]
    assert not desk.status.last.recording
    desk.directory.unlink()
    desk.raw.put(frame(0))
    qtbot.waitUntil(lambda: desk.worker._last_raw is not None, timeout=WAIT_MS)
    desk.worker.ask_recording(True)
    qtbot.waitUntil(lambda: desk.status.last.recording, timeout=WAIT_MS)


def test_a_full_disk_ends_the_recording_with_an_error_and_the_pictures_go_on(desk, frame, qtbot, monkeypatch):
    desk.worker.ask_recording(True)
    qtbot.waitUntil(lambda: bool(desk.status.all) and desk.status.last.recording, timeout=WAIT_MS)

    def full(self):
        self._free_mb = 1.0

    monkeypatch.setattr(CaseRecorder, "_look_at_disk", full)
    desk.raw.put(frame(0))
    qtbot.waitUntil(lambda: desk.said("Recording ended: only 1 MB free"), timeout=WAIT_MS)
    assert not desk.status.last.recording
    desk.raw.put(frame(1))
    qtbot.waitUntil(lambda: desk.worker._last_raw.id == 1, timeout=WAIT_MS)


def test_a_snapshot_that_fails_does_not_call_the_recording_failed(desk, frame, qtbot):
    desk.worker.ask_recording(True)
    qtbot.waitUntil(lambda: bool(desk.status.all) and desk.status.last.recording, timeout=WAIT_MS)
    desk.raw.put(frame(0))
    qtbot.waitUntil(lambda: desk.worker._recorder.written == 1, timeout=WAIT_MS)
    good, desk.directory = desk.directory, desk.directory / "snapshots"
    desk.directory.write_text("a file stands in the folder's place")
    desk.worker.ask_snapshot()
    qtbot.waitUntil(lambda: desk.said("Snapshot not saved"), timeout=WAIT_MS)
    assert desk.status.last.recording
    assert not any(s.error for s in desk.status.all)
    assert list(good.glob("*_raw.mkv"))
