"""Plays the alarms' WAV files on the system's default output, by Qt.  Runs in the sound process only."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Slot
from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

from app.alarms.tones import PROBE_S, TONES, TRIAL, silence_file, trial_file
from ui.viewstate import Priority

LATE_S = 3.0  # a sound that ends so much too late is not taken by the output; sound servers buffer up to 2 s
BEGINS_WITHIN_S = 1.0
EARLY_S = 0.2  # the end may be told before the last samples were heard
PROBE_EVERY_S = 10.0  # a silent sound, because Qt does not tell of every output that goes
PROBE = "silence"
TRIED = "trial"
_LENGTHS_S = {PROBE: PROBE_S, TRIED: TRIAL.burst_s} | {priority.value: tone.burst_s for priority, tone in TONES.items()}
_Status = QSoundEffect.Status


class EffectPlayer(QObject):
    """One `QSoundEffect` a sound, loaded beforehand.  All of them are made anew when the outputs change."""

    def __init__(self, files: Mapping[Priority, Path]) -> None:
        super().__init__()
        self._files: dict[str, Path] = {priority.value: file for priority, file in files.items()}
        self._files |= {PROBE: silence_file(), TRIED: trial_file()}
        self._devices = QMediaDevices(self)
        self._effects: dict[str, QSoundEffect] = {}
        self._playing = ""
        self._asked_s = 0.0
        self._fault = ""
        self._tried = False
        self._trial = ""
        self._load()
        self._devices.audioOutputsChanged.connect(self._on_outputs)

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(device.description() for device in self._devices.audioOutputs())

    @property
    def fault(self) -> str:
        """Judged anew each time: a file that cannot be played, or a sound that does not begin or does not end.

        It stands until a sound was played to its end.
        """
        for name, effect in self._effects.items():
            if effect.status() is _Status.Error:
                return f"this sound cannot be played: {self._files[name]}"
        now_s = time.monotonic()
        effect = self._effects.get(self._playing)
        if effect is None:
            if now_s - self._asked_s > PROBE_EVERY_S and self._effects:
                self._begin(PROBE)
            return self._fault
        since_s = now_s - self._asked_s
        length_s = _LENGTHS_S[self._playing]
        if effect.isPlaying():
            if since_s > length_s + LATE_S:
                self._end("the output takes no sound")
        elif since_s >= length_s - EARLY_S:
            self._end("")
        elif since_s > BEGINS_WITHIN_S:
            self._end("the output breaks the sound off")
        return self._fault

    @property
    def tried(self) -> bool:
        """True once a sound was played to its end, or failed to be; or where there is nothing to play on."""
        return self._tried or not self._effects or bool(self.fault)

    @property
    def trial(self) -> str:
        return self._trial

    def try_out(self) -> None:
        self._trial = "playing"
        if self._playing in ("", PROBE):  # an alarm that sounds is as good a trial, and is not cut
            self.stop()
            self._begin(TRIED)

    def play(self, priority: Priority) -> None:
        self.stop()
        self._begin(priority.value)

    def stop(self) -> None:
        self._playing = ""
        for effect in self._effects.values():
            effect.stop()

    def _begin(self, name: str) -> None:
        self._playing, self._asked_s = name, time.monotonic()
        if (effect := self._effects.get(name)) is not None:
            effect.play()

    def _end(self, fault: str) -> None:
        # What is late is not cut: it may still be heard.
        self._playing, self._fault, self._tried = "", fault, True
        if self._trial == "playing":
            self._trial = "failed" if fault else "played"

    @Slot()
    def _on_outputs(self) -> None:
        # Also where the default is still called the same: it may be another one, to which the old streams do not lead.
        playing = self._playing
        self._load()
        if playing:
            self._begin(playing)

    def _load(self) -> None:
        for effect in self._effects.values():
            effect.stop()
            effect.deleteLater()
        self._effects, self._playing = {}, ""
        device = self._devices.defaultAudioOutput()
        if device.isNull():
            return
        for name, file in self._files.items():
            effect = QSoundEffect(device, self)
            effect.setSource(QUrl.fromLocalFile(str(file)))
            effect.setVolume(1.0)
            self._effects[name] = effect
        self._begin(PROBE)


class _Loop:
    """Qt's event loop without a screen, polling one function."""

    def __init__(self) -> None:
        self._application = QCoreApplication([])

    def run(self, poll: Callable[[], None], every_ms: int) -> int:
        timer = QTimer()
        timer.timeout.connect(poll)
        timer.start(every_ms)
        return self._application.exec()

    def quit(self) -> None:
        self._application.quit()


def event_loop() -> _Loop:
    """Make Qt's application; once a process."""
    return _Loop()
