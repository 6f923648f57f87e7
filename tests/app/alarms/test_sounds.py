"""The alarms' sounds, as they lie on disk: pulses, rhythm, pitch and harmonics in the shape of IEC 60601-1-8."""

from __future__ import annotations

import wave
from itertools import pairwise

import numpy as np
import pytest

from app.alarms.synthesis import TAIL_S, burst, silence, wav_bytes
from app.alarms.tones import PROBE_S, TONES, TRIAL, silence_file, sound_file, trial_file
from ui.viewstate import Priority

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
PULSES = {HIGH: (10,), MEDIUM: (3,), LOW: (1, 2)}
PULSE_S = {HIGH: (0.075, 0.200), MEDIUM: (0.125, 0.250), LOW: (0.125, 0.250)}
SPACING_S = {HIGH: (0.050, 0.125), MEDIUM: (0.125, 0.250), LOW: (0.125, 0.250)}
INTERVAL_S = {HIGH: (2.5, 15.0), MEDIUM: (2.5, 30.0), LOW: (15.0, float("inf"))}


class Sound:
    """One file, measured as a listener's instrument would: it knows nothing of the table."""

    def __init__(self, data: np.ndarray, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.data = data / 32768.0
        # Envelope: the peak within one period of the lowest pitch allowed, 150 Hz, would smear; 3 ms suffice here.
        half = round(0.0015 * rate_hz)
        padded = np.pad(np.abs(self.data), half)
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
        self.envelope = windows.max(axis=1)

    def pulses(self, level: float) -> list[tuple[float, float]]:
        """(begin, end) in seconds of each stretch above `level` of the highest envelope."""
        above = self.envelope > level * self.envelope.max()
        edges = np.flatnonzero(np.diff(np.concatenate([[False], above, [False]]).astype(int)))
        return [(begin / self.rate_hz, end / self.rate_hz) for begin, end in zip(edges[::2], edges[1::2], strict=True)]

    def spectrum(self, pulse: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
        """(frequencies in Hz, magnitudes) of one pulse."""
        piece = self.data[round(pulse[0] * self.rate_hz) : round(pulse[1] * self.rate_hz)]
        count = 1 << 16
        magnitudes = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), count))
        return np.fft.rfftfreq(count, 1 / self.rate_hz), magnitudes


def read(priority: Priority) -> Sound:
    with wave.open(str(sound_file(priority)), "rb") as wav:
        assert (wav.getnchannels(), wav.getsampwidth()) == (1, 2)
        return Sound(np.frombuffer(wav.readframes(wav.getnframes()), "<i2"), wav.getframerate())


def check(priority: Priority, sound: Sound, slack_s: float = 0.0) -> None:
    """Pulses, rhythm and spectrum against clinical.md; `slack_s` for a sound that went through a sound server."""
    pulses = sound.pulses(0.5)
    assert len(pulses) in PULSES[priority]
    low, high = PULSE_S[priority]
    lengths = [round(float(end - begin), 4) for begin, end in pulses]
    assert all(low - slack_s <= length <= high + slack_s for length in lengths), lengths
    gaps = [begin - end for (_, end), (begin, _) in pairwise(pulses)]
    low, high = SPACING_S[priority]
    if priority is HIGH:
        assert 0.35 - slack_s <= gaps.pop(4) <= 1.3 + slack_s, "between pulses 5 and 6"
        groups = [gaps.pop(6), gaps.pop(2)]  # between the three and the two of each half
        assert all(gap > 2 * max(gaps) for gap in groups), "3 + 2 are heard as such"
    assert all(low - slack_s <= gap <= high + slack_s for gap in gaps)
    for begin, end in pulses:
        check_pitch(*sound.spectrum((begin, end)))


def check_pitch(hz: np.ndarray, magnitudes: np.ndarray) -> None:
    peaks = np.flatnonzero((magnitudes[1:-1] > magnitudes[:-2]) & (magnitudes[1:-1] >= magnitudes[2:])) + 1
    strong = peaks[magnitudes[peaks] > 0.1 * magnitudes[peaks].max()]
    fundamental_hz = hz[strong[0]]
    assert 150 <= fundamental_hz <= 1000
    levels_db = []
    for number in range(2, int(4000 // fundamental_hz) + 1):
        near = np.abs(hz - number * fundamental_hz) < 0.2 * fundamental_hz
        if number * fundamental_hz >= 300:
            levels_db.append(20 * np.log10(magnitudes[near].max() / magnitudes[strong[0]]))
    assert sum(abs(level_db) <= 15 for level_db in levels_db) >= 4


@pytest.mark.parametrize("priority", list(Priority))
def test_each_file_has_the_standards_rhythm_and_pitch(priority: Priority) -> None:
    check(priority, read(priority))


@pytest.mark.parametrize("priority", list(Priority))
def test_a_pulse_rises_and_falls_without_a_click(priority: Priority) -> None:
    sound = read(priority)
    (begin, end), *_ = sound.pulses(0.02)
    length_s = end - begin
    shape = sound.envelope[round(begin * sound.rate_hz) : round(end * sound.rate_hz)] / sound.envelope.max()
    rise_s = (np.argmax(shape > 0.9) - np.argmax(shape > 0.1)) / sound.rate_hz
    fall_s = (np.argmax(shape[::-1] > 0.9) - np.argmax(shape[::-1] > 0.1)) / sound.rate_hz
    assert 0.10 * length_s <= rise_s <= 0.20 * length_s
    assert 0.10 * length_s <= fall_s <= 0.20 * length_s
    assert np.abs(sound.data).max() < 0.95, "nothing is clipped"


def test_a_higher_priority_comes_more_often_and_sounds_higher() -> None:
    for priority, (low, high) in INTERVAL_S.items():
        assert low <= TONES[priority].interval_s <= high
    order = [TONES[priority] for priority in (HIGH, MEDIUM, LOW)]
    assert [tone.interval_s for tone in order] == sorted(tone.interval_s for tone in order)
    assert [tone.fundamental_hz for tone in order] == sorted((tone.fundamental_hz for tone in order), reverse=True)


@pytest.mark.parametrize("priority", list(Priority))
def test_the_files_are_those_that_the_script_makes(priority: Priority) -> None:
    assert sound_file(priority).read_bytes() == wav_bytes(burst(TONES[priority]))
    assert trial_file().read_bytes() == wav_bytes(burst(TRIAL))
    assert silence_file().read_bytes() == wav_bytes(silence(PROBE_S))


def test_the_table_gives_the_length_of_the_file() -> None:
    for priority, tone in TONES.items():
        sound = read(priority)
        assert len(sound.data) / sound.rate_hz == pytest.approx(tone.burst_s + TAIL_S, abs=0.002)
