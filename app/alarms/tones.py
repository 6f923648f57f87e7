"""How each priority sounds: pulses, rhythm, pitch and repetition, in the shape of IEC 60601-1-8.

The ranges are those of clinical.md, "Alarms".  The longer gap inside 3+2 pulses (twice the spacing and one pulse) is
the standard's from general knowledge; check against the purchased standard.  The lengths fit the ranges whether a
pulse is measured where it begins and ends or at 90 % of its height.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app import paths
from ui.viewstate import Priority

# Shortest silence between two bursts that the standard allows high and medium: a new alarm may sound after this.
LEAST_GAP_S = 2.5


@dataclass(frozen=True, slots=True)
class Tone:
    """One burst and its repetition.  Times in seconds, pitch in Hz.

    `gaps_s` are the silences after each pulse but the last.  `harmonics_db` are the levels of the second, third, ...
    harmonic against the fundamental.  `interval_s` is the silence from the end of a burst to the next.
    """

    pulse_s: float
    ramp_s: float  # rise and fall alike, linear, from nothing to full
    gaps_s: tuple[float, ...]
    fundamental_hz: float
    harmonics_db: tuple[float, ...]
    interval_s: float

    @property
    def pulses(self) -> int:
        """Pulses of one burst."""
        return len(self.gaps_s) + 1

    @property
    def burst_s(self) -> float:
        """Length of one burst."""
        return self.pulses * self.pulse_s + sum(self.gaps_s)


def _high(pulse_s: float, spacing_s: float, middle_s: float) -> tuple[float, ...]:
    """The gaps of 3+2 pulses, twice."""
    half = (spacing_s, spacing_s, 2 * spacing_s + pulse_s, spacing_s)
    return (*half, middle_s, *half)


# Five harmonics or more between 300 and 4000 Hz, so that a small loudspeaker or a hard of hearing ear still has some.
_RICH_DB = (-2.0, -4.0, -6.0, -8.0, -10.0)

TONES: dict[Priority, Tone] = {
    Priority.HIGH: Tone(0.130, 0.022, _high(0.130, 0.075, 0.500), 660.0, _RICH_DB, 4.0),
    Priority.MEDIUM: Tone(0.200, 0.034, (0.160, 0.160), 520.0, _RICH_DB, 8.0),
    Priority.LOW: Tone(0.200, 0.034, (0.160,), 400.0, _RICH_DB, 20.0),
}


# The start's trial of the loudspeaker: one short soft pulse, so that nobody takes it for an alarm.
TRIAL = Tone(0.120, 0.040, (), 523.0, (-12.0, -18.0), 0.0)


def sound_file(priority: Priority) -> Path:
    """The WAV file of one burst, as made by packaging/make_sounds.py."""
    return paths.sounds() / f"{priority.value}.wav"


def trial_file() -> Path:
    """The WAV file of the start's trial tone."""
    return paths.sounds() / "trial.wav"


PROBE_S = 0.2


def silence_file() -> Path:
    """A WAV file of `PROBE_S` of silence, to find out whether the output takes sound at all."""
    return paths.sounds() / "silence.wav"
