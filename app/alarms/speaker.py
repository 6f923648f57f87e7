"""The tower's side of the sound process: tells it what to sound, hears how it is, and starts it again when it fails."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, QProcess, Slot

from app import paths
from app.alarms.schedule import Sounding

log = logging.getLogger(__name__)

FIRST_WORD_S = 15.0  # a cold start from a slow disk
SILENT_S = 5.0  # it says how it is once a second
AGAIN_S = 2.0  # after it ended or hung; twice as long each time, up to
LOOK_AGAIN_S = 60.0  # a sound server that starts later is only found by a process made anew
FAULT_S = 5.0  # a process that is not heard for so long is made anew, after a while: often that helps
STALL_S = 1.0  # this thread itself stood still: what the process said meanwhile has not been read
END_MS = 1000


class Audio(StrEnum):
    """How the sound stands; the last two are names of conditions."""

    UNKNOWN = "unknown"  # the process has not said anything yet, and may take a while
    WELL = "well"
    NO_DEVICE = "no_audio_device"
    FAILED = "audio_failed"


@dataclass(frozen=True, slots=True)
class SpeakerState:
    """How the sound stands, and why where it does not work."""

    audio: Audio = Audio.UNKNOWN
    text: str = ""


class Speaker(QObject):
    """Lives in the UI thread, which never waits for it.  Call `tell` every cycle: the process takes a long silence
    for a tower that stands still, and sounds."""

    def __init__(self, command: Sequence[str] = ()) -> None:
        """`command` starts the sound process; as a rule this program's own."""
        super().__init__()
        self._command = list(command) or [*paths.program(), "alarms", "--sound-process"]
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_error)
        self._state = SpeakerState()
        self._started_s: float | None = None
        self._heard_s: float | None = None  # of this process
        self._news = False
        self._again_at_s = float("-inf")
        self._again_s = AGAIN_S
        self._told_s = float("-inf")
        self._ended = False
        self.trial = ""  # how the last `try_out` went: "", "playing", "played", "failed"
        self._trial_begins = False  # asked for, and what is said of it is still that of an earlier one

    @property
    def state(self) -> SpeakerState:
        """How the sound stands."""
        return self._state

    @property
    def pid(self) -> int | None:
        """Of the sound process; None while there is none."""
        return self._process.processId() or None

    def tell(self, sounding: Sounding | None, now_s: float) -> None:
        """Say what ought to be heard, and look after the process.  `now_s` is monotonic."""
        if self._ended:
            return
        self._look_after(now_s)
        if sounding is None:
            self._send({"sounding": None})
        else:
            self._send({"sounding": sounding.priority.value, "occurrence": sounding.occurrence})

    def silence(self) -> None:
        """A person acknowledged or paused: cut the burst that sounds."""
        self._send({"silence": True})

    def try_out(self) -> None:
        """Have one short tone played; `trial` then says how that went."""
        self.trial, self._trial_begins = "", True
        self._send({"try": True})

    def stop(self) -> None:
        """Let the process end; it is made to when it does not.  Safe to call twice."""
        if self._ended:
            return
        self._ended = True
        self._send({"end": True})
        self._process.closeWriteChannel()
        if self._process.state() is not QProcess.ProcessState.NotRunning and not self._process.waitForFinished(END_MS):
            self._process.kill()
            self._process.waitForFinished(END_MS)

    def _look_after(self, now_s: float) -> None:
        stalled, self._told_s = now_s - self._told_s > STALL_S, now_s
        if self._process.state() is QProcess.ProcessState.NotRunning:
            if self._started_s is not None:  # it has ended, or could not begin
                self._started_s = None
                self._come_again(now_s)
                if self._state.audio is not Audio.FAILED:
                    self._fail(f"the sound process is gone: {self._process.errorString()}")
            if now_s >= self._again_at_s:
                self._started_s, self._heard_s, self._news = now_s, None, False
                self._process.start(self._command[0], self._command[1:])
            return
        if self._started_s is None:
            return
        if self._news or (stalled and self._heard_s is not None):
            self._heard_s, self._news = now_s, False
        if self._heard_s is None:
            hangs = now_s - self._started_s > FIRST_WORD_S
        else:
            hangs = now_s - self._heard_s > SILENT_S
        failed = self._state.audio is Audio.FAILED and now_s - self._started_s > FAULT_S and self._heard_s is not None
        looks = self._state.audio is Audio.NO_DEVICE and now_s - self._started_s > LOOK_AGAIN_S
        if not (hangs or failed or looks):
            return
        if hangs:
            self._fail("the sound process does not answer")
        if hangs or failed:
            self._come_again(now_s)
        self._process.kill()  # nothing is heard of it as it is
        self._process.waitForFinished(END_MS)
        self._started_s = None

    def _come_again(self, now_s: float) -> None:
        self._again_at_s = now_s + self._again_s
        self._again_s = min(2 * self._again_s, LOOK_AGAIN_S)

    def _send(self, message: dict[str, object]) -> None:
        # While it is starting, what is written waits in Qt's buffer; a process that hangs is killed before that fills.
        if self._process.state() is not QProcess.ProcessState.NotRunning:
            self._process.write(json.dumps(message).encode() + b"\n")

    @Slot()
    def _read(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            try:
                told = json.loads(line)
                outputs, fault = told["outputs"], str(told["fault"])
            except (ValueError, TypeError, KeyError):
                log.error("the sound process said what it must not: %r", line[:200])
                continue
            self._news = True
            trial = str(told.get("trial", ""))
            self._trial_begins = self._trial_begins and trial != "playing"
            if not self._trial_begins:
                self.trial = trial
            if fault:
                self._fail(fault)
            elif outputs:
                self._again_s = AGAIN_S
                self._become(SpeakerState(Audio.WELL, ", ".join(map(str, outputs))))
            else:
                self._become(SpeakerState(Audio.NO_DEVICE, "no sound output was found"))

    @Slot()
    def _read_error(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        for line in text.splitlines():
            log.debug("sound: %s", line)

    def _fail(self, why: str) -> None:
        self._become(SpeakerState(Audio.FAILED, why))

    def _become(self, state: SpeakerState) -> None:
        if state != self._state:
            self._state = state
            (log.warning if state.audio is Audio.FAILED else log.info)("sound: %s: %s", state.audio, state.text)
