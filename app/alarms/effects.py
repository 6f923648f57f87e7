"""Plays the alarms' WAV files on the system's default output, by Qt.  Runs in the sound process only."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Slot
from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

from app.alarms.tones import TONES
from ui.viewstate import Priority

BEGINS_WITHIN_S = 1.0  # and ends so much later than its length at most; else the output does not take it
_Status = QSoundEffect.Status


class EffectPlayer(QObject):
    """One `QSoundEffect` a priority, loaded beforehand.  All of them move when the default output changes."""

    def __init__(self, files: Mapping[Priority, Path]) -> None:
        super().__init__()
        self._files = files
        self._devices = QMediaDevices(self)
        self._effects: dict[Priority, QSoundEffect] = {}
        self._playing: Priority | None = None
        self._asked_s = 0.0
        self._fault = ""
        self._device = b""
        self._load()
        self._devices.audioOutputsChanged.connect(self._on_outputs)

    @property
    def outputs(self) -> tuple[str, ...]:
        return tuple(device.description() for device in self._devices.audioOutputs())

    @property
    def fault(self) -> str:
        """Judged anew each time: a file that cannot be played, or a burst that does not begin or does not end."""
        for priority, effect in self._effects.items():
            if effect.status() is _Status.Error:
                return f"the sound of {priority.value} alarms cannot be played: {self._files[priority]}"
        effect = self._effects.get(self._playing) if self._playing is not None else None
        if self._playing is None or effect is None:
            return self._fault
        since_s = time.monotonic() - self._asked_s
        length_s = TONES[self._playing].burst_s
        if effect.isPlaying() == (since_s < length_s):
            self._fault = ""
        elif since_s > length_s + BEGINS_WITHIN_S or (since_s > BEGINS_WITHIN_S and since_s < length_s):
            self._fault = "the output takes no sound"
        return self._fault

    def play(self, priority: Priority) -> None:
        self.stop()
        self._playing, self._asked_s = priority, time.monotonic()
        if (effect := self._effects.get(priority)) is not None:
            effect.play()

    def stop(self) -> None:
        self._playing = None
        for effect in self._effects.values():
            effect.stop()

    @Slot()
    def _on_outputs(self) -> None:
        if bytes(self._devices.defaultAudioOutput().id().data()) != self._device:
            self._load()

    def _load(self) -> None:
        for effect in self._effects.values():
            effect.stop()
            effect.deleteLater()
        self._effects, self._playing, self._fault = {}, None, ""
        device = self._devices.defaultAudioOutput()
        self._device = bytes(device.id().data())
        if device.isNull():
            return
        for priority, file in self._files.items():
            effect = QSoundEffect(device, self)
            effect.setSource(QUrl.fromLocalFile(str(file)))
            effect.setVolume(1.0)
            self._effects[priority] = effect


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
