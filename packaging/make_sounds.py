"""Writes resources/sounds from the table of tones.  Run it after a change of app/alarms/tones.py or synthesis.py."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import paths
from app.alarms.synthesis import burst, silence, wav_bytes
from app.alarms.tones import PROBE_S, TONES, TRIAL, silence_file, sound_file, trial_file


def main() -> int:
    """Make every file anew; returns the exit code."""
    paths.sounds().mkdir(parents=True, exist_ok=True)
    for priority, tone in TONES.items():
        data = wav_bytes(burst(tone))
        sound_file(priority).write_bytes(data)
        print(f"{sound_file(priority)}: {len(data)} bytes, {tone.pulses} pulses, {tone.burst_s:.2f} s")
    trial_file().write_bytes(wav_bytes(burst(TRIAL)))
    silence_file().write_bytes(wav_bytes(silence(PROBE_S)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
