"""How the phantom's scope, patient and instruments move: pure functions of seed and frame index."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

BREATHS_PER_MIN = 12.0  # ventilated patient
EXPOSURE_FRACTION = 0.5  # of the frame interval: 1/60 s at 30 frames/s, a usual shutter of endoscopic cameras
BURST_EVERY_S = 3.0  # unless told otherwise: a burst of shaken frames begins in each such window
BURST_FRAMES = (1, 12)
SHAKE_PX = (6.0, 24.0)  # path length within one exposure at a height of 720 lines
_SETTLE_S = 0.7  # slow enough that the way back stays below 2 px an exposure, and so is no blur


@dataclass(frozen=True, slots=True)
class ScopePose:
    """Pose of the scope: shift of the picture in px at 720 lines, roll in radians, magnification."""

    x_px: float
    y_px: float
    roll_rad: float
    zoom: float
    breath: float  # -1..1


@dataclass(frozen=True, slots=True)
class _Burst:
    first: int
    frames: int
    radius_px: float  # long half axis of the ellipse that the picture runs through
    flatness: float
    heading_rad: float
    phase_rad: float
    rate_hz: float
    turn: int  # -1 or 1

    def offset_px(self, frames_since_start: float, frame_rate: float) -> tuple[float, float]:
        """Displacement relative to the burst's beginning."""
        angle = 2 * math.pi * self.rate_hz * frames_since_start / frame_rate
        ax, ay = self._ellipse(self.phase_rad + self.turn * angle)
        bx, by = self._ellipse(self.phase_rad)
        return ax - bx, ay - by

    def _ellipse(self, angle_rad: float) -> tuple[float, float]:
        u, v = self.radius_px * math.cos(angle_rad), self.radius_px * self.flatness * math.sin(angle_rad)
        c, s = math.cos(self.heading_rad), math.sin(self.heading_rad)
        return u * c - v * s, u * s + v * c


class Motion:
    """All motion of one phantom.  Lengths are px at 720 lines; times are frame indices, also fractional ones."""

    def __init__(self, seed: int, frame_rate: float, burst_every_s: float = BURST_EVERY_S) -> None:
        self.seed, self.frame_rate, self.burst_every_s = seed, frame_rate, burst_every_s
        rng = np.random.default_rng((seed, 1))
        self._phases = rng.uniform(0, 2 * math.pi, 16)
        self._burst = lru_cache(maxsize=8)(self._make_burst)

    def scope(self, index: float) -> ScopePose:
        """Hand-held drift and breathing, without the shake."""
        t, p = index / self.frame_rate, self._phases
        breath = math.sin(2 * math.pi * BREATHS_PER_MIN / 60 * t + p[0])
        wave = lambda hz, k: math.sin(2 * math.pi * hz * t + p[k])  # noqa: E731 - three letters for one formula
        return ScopePose(
            x_px=26 * wave(0.071, 1) + 9 * wave(0.23, 2) + 1.2 * wave(1.1, 3),
            y_px=18 * wave(0.053, 4) + 7 * wave(0.19, 5) + 1.2 * wave(0.93, 6) + 4 * breath,
            roll_rad=math.radians(2.4 * wave(0.037, 7) + 0.7 * wave(0.17, 8)),
            zoom=1.0 + 0.025 * wave(0.043, 9) + 0.008 * breath,
            breath=breath,
        )

    def instrument(self, which: int, index: float) -> tuple[float, float, float]:
        """Offset of an instrument's tip from its resting place (x, y in px) and opening of its jaws 0..1."""
        t, p = index / self.frame_rate, self._phases
        a, b = p[10 + which], p[12 + which]
        slow = 2 * math.pi * (0.11 + 0.05 * which) * t
        fast = 2 * math.pi * (0.41 + 0.12 * which) * t
        x = 55 * math.sin(slow + a) + 10 * math.sin(fast + b)
        y = 38 * math.sin(1.3 * slow + b) + 8 * math.sin(1.21 * fast + a)
        return x, y, 0.5 + 0.5 * math.sin(2 * math.pi * 0.23 * t + a + b)

    def shake(self, index: float) -> tuple[float, float]:
        """Displacement of the picture by the shake, px at 720 lines; 0, 0 long after a burst."""
        burst = self._burst(self._number(index))
        after = index - (burst.first + burst.frames)
        if index < burst.first:
            if (number := self._number(index)) == 0:
                return 0.0, 0.0
            burst = self._burst(number - 1)
            after = index - (burst.first + burst.frames)
        if after < 0:
            return burst.offset_px(index - burst.first, self.frame_rate)
        x, y = burst.offset_px(burst.frames, self.frame_rate)
        back = math.exp(-after / self.frame_rate / _SETTLE_S)
        return x * back, y * back

    def shaken(self, index: int) -> bool:
        """Whether frame `index` lies in a burst."""
        burst = self._burst(self._number(index))
        return burst.first <= index < burst.first + burst.frames

    def exposure_path(self, index: int, scale: float, exposure: float = 1.0) -> np.ndarray:
        """(K, 2) int: whole sensor px from mid-exposure, at equal times in the exposure, steps of about 1 px.

        `exposure` is the share of the longest one, which lies around the same moment.

        Whole px keep every sub-frame at full sharpness; with a step of at most about one px nothing falls between.
        """
        centre = index + EXPOSURE_FRACTION / 2
        x0, y0 = self.shake(centre)
        count = max(3, round(self.shake_length_px(index, scale, exposure)) + 1)
        times = _moments(index, exposure, count)
        path = np.array([self.shake(t) for t in times])
        return np.rint((path - (x0, y0)) * scale).astype(int)

    def shake_length_px(self, index: int, scale: float, exposure: float = 1.0) -> float:
        """Length of the picture's path during the exposure, sensor px."""
        places = np.array([self.shake(t) for t in _moments(index, exposure, 33)]) * scale
        return float(np.hypot(*np.diff(places, axis=0).T).sum())

    def _number(self, index: float) -> int:
        return max(0, int(index / self.frame_rate // self.burst_every_s))

    def _make_burst(self, number: int) -> _Burst:
        rng = np.random.default_rng((self.seed, 2, number))
        window = self.burst_every_s * self.frame_rate
        frames = int(rng.integers(BURST_FRAMES[0], BURST_FRAMES[1] + 1))
        frames = max(1, min(frames, int(window * 0.6)))
        first = math.ceil(window * number + rng.uniform(0.1, 0.35) * window)
        # The speed on the ellipse lies between flatness and 1 of its peak, so the path within an exposure stays in
        # SHAKE_PX, and it is curved, straight or turning as a hand's is.
        rate_hz, flatness = float(rng.uniform(4.0, 8.0)), float(rng.uniform(0.5, 0.75))
        peak_px = float(rng.uniform(SHAKE_PX[0] / flatness, SHAKE_PX[1]))
        sweep_rad = 2 * math.pi * rate_hz * EXPOSURE_FRACTION / self.frame_rate
        # A sweep of many radians (slow cameras) is longer than its chord; a bound on the radius keeps it in the view.
        radius = min(peak_px / sweep_rad, 45.0)
        return _Burst(
            first, frames, radius, flatness,
            float(rng.uniform(0, 2 * math.pi)), float(rng.uniform(0, 2 * math.pi)), rate_hz, int(rng.choice((-1, 1))),
        )  # fmt: skip


def _moments(index: int, exposure: float, count: int) -> np.ndarray:
    """(count,) moments over an exposure that is this share of the longest one, in frames."""
    centre, half = index + EXPOSURE_FRACTION / 2, exposure * EXPOSURE_FRACTION / 2
    return np.linspace(centre - half, centre + half, count)
