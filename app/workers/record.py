"""The recorder's thread: keeps the last picture of both feeds, takes snapshots, writes the recording."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from app.case.recorder import CaseRecorder, RecordingError
from app.case.snapshot import SnapshotError
from app.workers.mailbox import Mailbox
from vision.frames import EnhancedFrame, Frame

log = logging.getLogger(__name__)

TELL_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """What the recorder is doing; `notice` is for the status line, an error is an alarm."""

    recording: bool
    seconds: float = 0.0
    written: int = 0
    dropped: int = 0
    disk_low: bool = False
    notice: str = ""
    error: str = ""
    snapshot_error: str = ""
    snapshots: int = 0  # saved so far


class RecordWorker(QObject):
    """Owns files being written.  A full disk or a broken encoder ends the recording, not the picture."""

    status = Signal(object)  # RecorderStatus

    def __init__(
        self,
        make_recorder: Callable[[str], CaseRecorder],
        snapshot: Callable[[Frame, EnhancedFrame | None, str], str],
        raw: Mailbox[Frame],
        enhanced: Mailbox[EnhancedFrame],
    ) -> None:
        super().__init__()
        self._make_recorder = make_recorder
        self._snapshot = snapshot
        self._raw = raw
        self._enhanced = enhanced
        self._stop = threading.Event()
        self._asked: deque[str] = deque()  # commands from the screen; appends and pops are atomic
        self._recorder: CaseRecorder | None = None
        self._said_s = 0.0
        self._snapshots = 0
        self._last_raw: Frame | None = None
        self.source_name = ""  # for the files; set from the UI thread when the source opens
        self._last_enhanced: EnhancedFrame | None = None

    def request_stop(self) -> None:
        """Ask the loop to end; a running recording is closed properly.  Any thread."""
        self._stop.set()

    def ask_snapshot(self) -> None:
        """Save the current pictures.  Any thread."""
        self._asked.append("snapshot")

    def ask_recording(self, on: bool) -> None:
        """Start or stop recording.  Any thread."""
        self._asked.append("start" if on else "stop")

    @Slot()
    def run(self) -> None:
        """Write frames as they come, obey what was asked, until told to stop."""
        try:
            while not self._stop.is_set():
                self._obey()
                self._take(self._raw.take(0.02))
                while not self._stop.is_set() and (result := self._enhanced.take()) is not None:
                    self._take(result)
                if self._recorder is not None and time.monotonic() - self._said_s > TELL_EVERY_S:
                    self._say()
        finally:
            self._end("Recording saved")

    def _obey(self) -> None:
        while self._asked:
            what = self._asked.popleft()
            if what == "snapshot":
                self._take_snapshot()
            elif what == "start" and self._recorder is None:
                self._begin()
            elif what == "stop":
                self._end("Recording saved")

    def _take_snapshot(self) -> None:
        if self._last_raw is None:
            self._say(notice="No picture to save yet")
            return
        try:
            notice = self._snapshot(self._last_raw, self._last_enhanced, self.source_name)
            self._snapshots += 1
            self._say(notice=notice)
        except SnapshotError as error:
            log.error("snapshot: %s", error)
            self._say(snapshot_error=str(error))

    def _begin(self) -> None:
        recorder = self._make_recorder(self.source_name)
        try:
            recorder.start()
        except RecordingError as error:
            log.error("recording: %s", error)
            self._say(error=str(error))
            return
        self._recorder = recorder
        self._say(notice="Recording")

    def _take(self, picture: Frame | EnhancedFrame | None) -> None:
        if isinstance(picture, Frame):
            self._last_raw = picture
        elif picture is not None:
            self._last_enhanced = picture
        if picture is None or self._recorder is None:
            return
        try:
            if isinstance(picture, Frame):
                self._recorder.write_raw(picture)
            else:
                self._recorder.write_enhanced(picture)
        except RecordingError as error:
            self._fail(error)

    def _fail(self, error: RecordingError) -> None:
        log.error("recording: %s", error)
        self._end("")
        self._say(error=str(error))

    def _end(self, notice: str) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        try:
            summary = recorder.stop()
            self._say(notice=f"{notice}: {summary}" if notice else "")
        except RecordingError as error:
            log.error("recording: %s", error)
            self._say(error=str(error))

    def _say(self, notice: str = "", error: str = "", snapshot_error: str = "") -> None:
        recorder = self._recorder
        self._said_s = time.monotonic()
        status = RecorderStatus(
            False, notice=notice, error=error, snapshot_error=snapshot_error, snapshots=self._snapshots
        )
        if recorder is not None:
            status = replace(
                status,
                recording=True,
                seconds=recorder.seconds,
                written=recorder.written,
                dropped=recorder.dropped,
                disk_low=recorder.disk_low,
            )
        self.status.emit(status)
