"""The sound process as the tower has it: really heard, looked after, and never silent without an alarm."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app import paths
from app.alarms import speaker as speaker_module
from app.alarms.schedule import Sounding
from app.alarms.speaker import Audio, Speaker
from app.alarms.tones import TONES, TRIAL
from ui.viewstate import Priority

HERE = Path(__file__).parent
WITHIN_MS = 40_000


def load(name: str):
    """A neighbour of this file: tests are no package."""
    spec = importlib.util.spec_from_file_location(f"alarms_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


recordings, sounds = load("conftest"), load("test_sounds")


class Tower:
    """Tells the speaker ten times a second, as the session does."""

    def __init__(self, qtbot, command: tuple[str, ...] = ()) -> None:
        self._qtbot = qtbot
        self.speaker = Speaker(command)
        self.sounding: Sounding | None = None

    def until(self, audio: Audio) -> str:
        """Wait for the state; returns its text."""

        def there() -> bool:
            self.speaker.tell(self.sounding, time.monotonic())
            return self.speaker.state.audio is audio

        self._qtbot.waitUntil(there, timeout=WITHIN_MS)
        return self.speaker.state.text

    def until_trial(self, trial: str) -> None:
        """Wait for how the trial tone went."""

        def there() -> bool:
            self.speaker.tell(self.sounding, time.monotonic())
            return self.speaker.trial == trial

        self._qtbot.waitUntil(there, timeout=WITHIN_MS)

    def run(self, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self.speaker.tell(self.sounding, time.monotonic())
            self._qtbot.wait(100)


@pytest.fixture
def tower(qtbot, request):
    made: list[Tower] = []

    def make(*command: str) -> Tower:
        made.append(Tower(qtbot, command))
        return made[-1]

    yield make
    for each in made:
        pid = each.speaker.pid
        if pid is not None:
            os.kill(pid, signal.SIGCONT)
        each.speaker.stop()


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def server(sound_server, monkeypatch: pytest.MonkeyPatch):
    for key in ("PULSE_SERVER", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(key, sound_server.environment[key])
    return sound_server


def test_without_an_output_that_is_said(tower, no_server) -> None:
    assert "no sound output" in tower().until(Audio.NO_DEVICE)


def test_without_a_backend_of_qt_the_tower_goes_on_and_says_so(tower, no_server, monkeypatch) -> None:
    monkeypatch.setenv("QT_MEDIA_BACKEND", "nonsense")
    tower().until(Audio.NO_DEVICE)


def test_with_a_system_library_missing_the_tower_goes_on_and_says_so(tower) -> None:
    program = (
        "import sys; sys.modules['PySide6.QtMultimedia'] = None; sys.path.insert(0, sys.argv.pop(1));"
        "from app.cli import main; sys.exit(main(['alarms', '--sound-process']))"
    )
    assert "cannot be loaded" in tower(sys.executable, "-c", program, str(paths.resources().parent)).until(Audio.FAILED)


def test_a_program_that_cannot_be_started_is_said(tower, tmp_path) -> None:
    assert "gone" in tower(str(tmp_path / "none")).until(Audio.FAILED)


def test_one_that_is_killed_comes_back(tower, no_server, monkeypatch) -> None:
    monkeypatch.setattr(speaker_module, "AGAIN_S", 0.1)
    made = tower()
    made.until(Audio.NO_DEVICE)
    pid = made.speaker.pid
    os.kill(pid, signal.SIGKILL)
    assert "gone" in made.until(Audio.FAILED)
    made.until(Audio.NO_DEVICE)
    assert made.speaker.pid not in (None, pid)


def test_one_that_hangs_is_ended_and_comes_back(tower, no_server, monkeypatch) -> None:
    monkeypatch.setattr(speaker_module, "SILENT_S", 2.5)
    made = tower()
    made.until(Audio.NO_DEVICE)
    os.kill(made.speaker.pid, signal.SIGSTOP)
    assert "does not answer" in made.until(Audio.FAILED)
    made.until(Audio.NO_DEVICE)


def test_a_busy_screen_takes_nobody_for_hanging(tower, no_server, monkeypatch) -> None:
    monkeypatch.setattr(speaker_module, "SILENT_S", 1.5)
    made = tower()
    made.until(Audio.NO_DEVICE)
    pid = made.speaker.pid
    threading.Event().wait(2.0)  # the screen's thread stands still
    made.run(1.0)
    assert made.speaker.pid == pid


def test_it_leaves_nothing_behind(tower, no_server) -> None:
    made = tower()
    made.until(Audio.NO_DEVICE)
    pid = made.speaker.pid
    made.speaker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_is_asked_for_is_really_heard_and_goes_on_while_the_screen_is_busy(tower, server, tmp_path) -> None:
    made = tower()
    made.until(Audio.WELL)
    recorder = server.record(tmp_path / "heard.raw")
    made.sounding = Sounding(Priority.HIGH, 1)
    made.run(0.5)
    threading.Event().wait(2 * TONES[Priority.HIGH].burst_s + TONES[Priority.HIGH].interval_s + 0.5)  # no screen
    made.run(0.5)
    assert made.speaker.state.audio is Audio.WELL
    made.speaker.stop()
    recorder.terminate()
    recorder.wait()
    data = recordings.heard(tmp_path / "heard.raw")
    whole = sounds.Sound(data, recordings.RATE_HZ)
    ends = whole.pulses(0.5)
    assert len(ends) >= 20, "two bursts, the second while the screen stood still"
    ends = ends[:20]
    pause_s = max(begin - end for (_, end), (begin, _) in pairwise(ends))
    assert pause_s == pytest.approx(TONES[Priority.HIGH].interval_s, abs=0.5)
    for first in (0, 10):
        begin, end = ends[first][0], ends[first + 9][1]
        rate_hz = recordings.RATE_HZ
        piece = data[max(0, round((begin - 0.05) * rate_hz)) : round((end + 0.05) * rate_hz)]
        sounds.check(Priority.HIGH, sounds.Sound(piece, rate_hz), slack_s=0.03)


@pytest.mark.parametrize("priority", [Priority.MEDIUM, Priority.LOW])
def test_each_priority_is_heard_as_itself_and_silence_cuts_it(tower, server, tmp_path, priority) -> None:
    made = tower()
    made.until(Audio.WELL)
    recorder = server.record(tmp_path / "heard.raw")
    made.sounding = Sounding(priority, 1)
    made.run(1.5)
    made.sounding = Sounding(Priority.HIGH, 2)
    made.run(0.6)
    made.sounding = None
    made.speaker.silence()
    made.run(1.5)
    recorder.terminate()
    recorder.wait()
    data = recordings.heard(tmp_path / "heard.raw")
    rate_hz = recordings.RATE_HZ
    assert 1.6 < len(data) / rate_hz < 2.6, "the high burst of 2.8 s was cut"
    first = data[: round((TONES[priority].burst_s + 0.05) * rate_hz)]
    sounds.check(priority, sounds.Sound(first, rate_hz), slack_s=0.03)


def test_a_loudspeaker_that_goes_is_noticed_although_no_alarm_sounds(tower, server) -> None:
    made = tower()
    made.until(Audio.WELL)
    server.pull_out()
    made.until(Audio.FAILED)


def test_a_loudspeaker_pulled_out_and_plugged_in_is_noticed(tower, server, tmp_path) -> None:
    made = tower()
    made.until(Audio.WELL)
    made.sounding = Sounding(Priority.HIGH, 1)
    made.run(1.0)
    server.pull_out()
    made.until(Audio.FAILED)
    server.plug_in()
    made.until(Audio.WELL)
    recorder = server.record(tmp_path / "heard.raw")
    made.run(TONES[Priority.HIGH].burst_s + TONES[Priority.HIGH].interval_s + 0.5)
    recorder.terminate()
    recorder.wait()
    assert len(recordings.heard(tmp_path / "heard.raw")), "the same process or a new one sounds on"


def test_a_tower_that_dies_is_heard(server, tmp_path) -> None:
    """Killed, it cannot say farewell: the sound process does not go with it."""
    program = (
        "import sys, threading, time; sys.path.insert(0, sys.argv[1]); from PySide6.QtCore import QCoreApplication;"
        "from app.alarms.speaker import Audio, Speaker; app = QCoreApplication([]); speaker = Speaker()\n"
        "told = False\n"
        "while True:\n"
        "    speaker.tell(None, time.monotonic()); app.processEvents(); threading.Event().wait(0.1)\n"
        "    if speaker.state.audio is Audio.WELL and not told:\n"
        "        told = True; print(speaker.pid, flush=True)"
    )
    recorder = server.record(tmp_path / "heard.raw")
    killed = subprocess.Popen(
        [sys.executable, "-c", program, str(paths.resources().parent)], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    pid = int(killed.stdout.readline())
    killed.kill()
    killed.wait()
    killed.stdout.close()
    try:
        assert recordings.until(lambda: (tmp_path / "heard.raw").stat().st_size > 0)
        loud = recordings.until(lambda: len(recordings.heard(tmp_path / "heard.raw")) > recordings.RATE_HZ)
    finally:
        os.kill(pid, signal.SIGKILL)
        recorder.terminate()
        recorder.wait()
    assert loud
    assert np.abs(recordings.heard(tmp_path / "heard.raw").astype(int)).max() > 10_000


def test_the_starts_trial_tone_is_really_heard_and_its_end_is_told(tower, server, tmp_path) -> None:
    made = tower()
    made.until(Audio.WELL)
    recorder = server.record(tmp_path / "heard.raw")
    made.speaker.try_out()
    made.until_trial("played")
    made.run(0.3)
    recorder.terminate()
    recorder.wait()
    heard_s = len(recordings.heard(tmp_path / "heard.raw")) / recordings.RATE_HZ
    assert 0.5 * TRIAL.burst_s < heard_s < 1.5 * TRIAL.burst_s, "one short tone, and nothing else"


def test_a_trial_that_the_output_does_not_take_is_told_as_failed(tower, server) -> None:
    made = tower()
    made.until(Audio.WELL)
    server.pull_out()
    made.speaker.try_out()
    made.until_trial("failed")
