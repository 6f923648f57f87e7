"""How a hand holds a scope: one continuous path over a whole sequence, quiet on clear frames and quick in a burst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Manner:
    """How hands move, in all sequences; pairs are limits to draw from."""

    oscillations_per_axis: int = 5
    frequency_spread: float = 0.45  # standard deviation of the logarithm of the oscillations' frequencies
    jerk_share: tuple[float, float] = (0.0, 0.3)  # of the amplitude, 3 to 6 times as fast: from smooth to violent
    ellipticity: tuple[float, float] = (0.1, 0.9)  # how far the hand moves across its main direction
    turning: float = 0.25  # movement of the picture's corners by roll, as a share of that by translation, at most
    approaching: float = 0.15  # the same by zoom


MANNER = Manner()
_STEPS = 128  # of the hand's course for one mean period
_SAMPLES = 32  # of the path in one exposure


@dataclass(frozen=True, slots=True)
class Path:
    """Where the picture's content lies at any time.  Time counts in frames; frame k is exposed around time k.

    The path within an exposure and the way from frame to frame are parts of one curve, so that motion measured between
    frames tells of the blur within one, as far as it does in a real hand.
    """

    times: Array  # (N,) rising
    states: Array  # (N, 4): displacement x, y in pixels, roll in rad, logarithm of the magnification
    exposure_share: float  # exposure time as a share of the frame interval

    def at(self, times: Array) -> Array:
        """(n, 4) states at (n,) times."""
        return np.column_stack([np.interp(times, self.times, column) for column in self.states.T])

    def exposure(self, frame: int, count: int) -> Array:
        """(count, 4) states in the middles of `count` equal parts of a frame's exposure."""
        parts = (np.arange(count) + 0.5) / count - 0.5
        return self.at(frame + parts * self.exposure_share)

    def middle(self, frame: int) -> Array:
        """(4,) mean state of an exposure: about it the light is spread evenly, so that the blur displaces nothing."""
        return self.exposure(frame, 2 * _SAMPLES).mean(axis=0)

    def length_px(self, frame: int) -> float:
        """Way of the picture's middle during the exposure."""
        return float(self._steps(frame).sum())

    def straightness(self, frame: int) -> float:
        """Distance from end to end by length of the way: 1 for a line, 0 for there and back."""
        steps = self._steps(frame)
        ends = self.at(np.array([-0.5, 0.5]) * self.exposure_share + frame)[:, :2]
        return float(np.linalg.norm(ends[1] - ends[0]) / max(float(steps.sum()), 1e-9))

    def _steps(self, frame: int) -> Array:
        points = self.at(frame + np.linspace(-0.5, 0.5, 2 * _SAMPLES + 1) * self.exposure_share)[:, :2]
        return np.linalg.norm(np.diff(points, axis=0), axis=1)


def line(dx: float, dy: float, frames: int, exposure_share: float = 0.5) -> Path:
    """A path at constant speed, (dx, dy) pixels during each exposure, at (0, 0) in the middle of frame 0."""
    times = np.array([-1.0, float(frames)])
    along = times[:, None] / exposure_share
    return Path(times, np.hstack([along * dx, along * dy, np.zeros((2, 2))]), exposure_share)


def shake(
    rng: np.random.Generator,
    lengths_px: Sequence[float],
    amplitude_px: float,
    exposure_share: float,
    half_diagonal_px: float,
) -> Path:
    """A path whose exposure of frame k is `lengths_px[k]` long, by a hand of root mean square `amplitude_px`.

    The hand's course is a sum of oscillations, passed through quickly where the exposures are long and slowly where
    they are short: the speed changes without a step, the hand stays near its place, and where it turns, it is slow.
    """
    periods = 4.0 + sum(lengths_px) / exposure_share / (2.0 * amplitude_px)
    course = np.arange(0.0, periods, 1.0 / _STEPS)
    states = _course(rng, course, amplitude_px, half_diagonal_px)
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(states[:, :2], axis=0), axis=1))])
    times, places = _pace(course, way, lengths_px, exposure_share)
    return Path(times, np.column_stack([np.interp(places, course, column) for column in states.T]), exposure_share)


def _course(rng: np.random.Generator, course: Array, amplitude_px: float, half_diagonal_px: float) -> Array:
    jerk, ellipticity = float(rng.uniform(*MANNER.jerk_share)), float(rng.uniform(*MANNER.ellipticity))
    main, across = (_oscillate(rng, course, jerk) * amplitude_px * size for size in (1.0, ellipticity))
    angle = float(rng.uniform(0.0, 2.0 * np.pi))
    cos, sin = np.cos(angle), np.sin(angle)
    small = amplitude_px / half_diagonal_px
    roll, zoom = (
        _oscillate(rng, course, 0.0) * small * share * float(rng.uniform(0.2, 1.0))
        for share in (MANNER.turning, MANNER.approaching)
    )
    return np.column_stack([cos * main - sin * across, sin * main + cos * across, roll, zoom])


def _oscillate(rng: np.random.Generator, course: Array, jerk: float) -> Array:
    """Sum of oscillations about once a unit of `course`, root mean square 1 without the jerks."""
    count = MANNER.oscillations_per_axis
    frequencies = np.exp(rng.normal(0.0, MANNER.frequency_spread, count))
    sizes = rng.uniform(0.4, 1.0, count)
    sizes *= np.sqrt(2.0 / float((sizes**2).sum()))
    phases = rng.uniform(0.0, 2.0 * np.pi, count + 2)
    frequencies = np.append(frequencies, rng.uniform(3.0, 6.0, 2))
    sizes = np.append(sizes, np.full(2, jerk / 2.0))
    return np.sin(2.0 * np.pi * np.outer(course, frequencies) + phases) @ sizes


def _pace(course: Array, way: Array, lengths_px: Sequence[float], share: float) -> tuple[Array, Array]:
    """Times and places on the course, such that each exposure passes through its length.

    The pace is constant within an exposure and changes linearly between them; each is found by halving.
    """
    gap = 1.0 - share
    fine = np.linspace(0.0, 1.0, _SAMPLES + 1)
    times: list[Array] = []
    places: list[Array] = []
    place, before = 0.0, -1.0
    for frame, length in enumerate(lengths_px):
        low, high = 0.0, float(course[-1])
        for _ in range(48):
            pace = (low + high) / 2.0
            start = place + (0.0 if before < 0.0 else gap * (before + pace) / 2.0)
            passed = float(np.interp(start + pace * share, course, way) - np.interp(start, course, way))
            low, high = (pace, high) if passed < length else (low, pace)
        pace = (low + high) / 2.0
        if before >= 0.0:
            times.append(frame - 1 + share / 2.0 + gap * fine[:-1])
            places.append(place + gap * (before * fine[:-1] + (pace - before) * fine[:-1] ** 2 / 2.0))
            place += gap * (before + pace) / 2.0
        times.append(frame - share / 2.0 + share * fine[:-1])
        places.append(place + pace * share * fine[:-1])
        place, before = place + pace * share, pace
    times.append(np.array([len(lengths_px) - 1 + share / 2.0]))
    places.append(np.array([place]))
    return np.concatenate(times), np.concatenate(places)
