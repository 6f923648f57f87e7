"""Makes the alarms' WAV files from the table of tones: the same bytes each time.  packaging/make_sounds.py runs it."""

from __future__ import annotations

import io
import math
import wave

import numpy as np
from numpy.typing import NDArray

from app.alarms.tones import Tone

SAMPLE_RATE_HZ = 24_000
TAIL_S = 0.15  # of silence: what a sound server keeps back until the next burst must not be heard then
PEAK = 0.9  # of full scale: room for a sound card's converter


def burst(tone: Tone) -> NDArray[np.int16]:
    """One burst, (samples,) int16, mono at `SAMPLE_RATE_HZ`."""
    pulse = _pulse(tone)
    gaps = [np.zeros(_samples(gap_s)) for gap_s in (*tone.gaps_s, TAIL_S)]
    samples = np.concatenate([part for gap in gaps for part in (pulse, gap)])
    return np.round(samples * (PEAK * 32767.0)).astype(np.int16)


def silence(seconds: float) -> NDArray[np.int16]:
    """Silence of this length, (samples,) int16."""
    return np.zeros(_samples(seconds), np.int16)


def wav_bytes(samples: NDArray[np.int16]) -> bytes:
    """`samples` as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(SAMPLE_RATE_HZ)
        wav.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def _pulse(tone: Tone) -> NDArray[np.float64]:
    """One pulse with its highest sample at 1: fundamental and harmonics under a linear rise and fall."""
    count, ramp = _samples(tone.pulse_s), _samples(tone.ramp_s)
    amplitudes = [1.0, *(10 ** (level_db / 20) for level_db in tone.harmonics_db)]
    wave_ = np.zeros(count)
    for number, amplitude in enumerate(amplitudes, start=1):
        step = 2 * math.pi * number * tone.fundamental_hz / SAMPLE_RATE_HZ
        # Phases of Schroeder keep the peaks low, so that the burst is loud at the same highest sample.
        phase = -math.pi * number * (number - 1) / len(amplitudes)
        wave_ += [amplitude * math.sin(step * at + phase) for at in range(count)]
    envelope = np.ones(count)
    rise = np.arange(ramp) / ramp
    envelope[:ramp] = rise
    envelope[count - ramp :] = rise[::-1]
    wave_ *= envelope
    return wave_ / np.abs(wave_).max()


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)
