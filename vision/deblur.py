"""Deblurs one luma picture: what the tower remembers is gathered, the engine runs, the result is guarded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vision import motion
from vision.engine import Engine, NotFiniteError
from vision.memory import MAXIMUM_AGE, MINIMUM_CONFIDENCE, Aligner, reduce
from vision.models.alignment import phase_shift
from vision.models.generator import BRANCHES, CELL, MULTIPLE, Generator
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)

STRAYS_MEAN = 10.0  # 8-bit luma of the 16x reduced picture: deblurring moves detail, not brightness
STRAYS_PEAK = 64.0
MAXIMUM_SHAKE_PX = 48.0  # between two frames; more is a new picture, not a shaken one


class NotTrustedError(Exception):
    """The result must not be shown.  The text says why."""


@dataclass(frozen=True, slots=True)
class Deblurred:
    """What `Deblurrer.deblur` made of a picture."""

    luma: Luma  # (H, W)
    memory_age: int | None  # frames; None: worked without memory
    psf: str  # where the blur's shape came from: "memory", "motion" or "" for unknown
    layers: tuple[Luma, ...] = ()  # each branch's picture, when asked for
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """A picture padded to the generator's multiple, with its reductions."""

    luma: Luma
    half: Luma
    small: Luma


class Deblurrer:
    """Holds the memory.  Used from one thread; pictures come in time order."""

    def __init__(self, generator: Generator, exposure_share: float = 0.5) -> None:
        """`exposure_share`: exposure time as a share of the frame interval, for the blur estimated from motion."""
        self._engine = Engine(generator)
        self._exposure_share = exposure_share
        self._aligner = Aligner()
        self._clear: Luma | None = None
        self._clear_cut: tuple[_Box, _Known] | None = None  # what of it was last asked for
        self._clear_index = 0
        self._previous: NDArray[np.float32] | None = None  # eighth-size luma of the frame before, for motion

    @property
    def arithmetic(self) -> str:
        """Number type in which the networks run."""
        return self._engine.arithmetic

    def close(self) -> None:
        """Ends the helper thread.  Safe to call twice; the object cannot be used afterwards."""
        self.reset()
        self._engine.close()

    def own_thread(self) -> None:
        """Call at the start of a frame: torch's number of threads is a property of the calling thread."""
        self._engine.own_thread()

    def warm_up(self, height: int, width: int) -> None:
        """Runs the networks at this size and keeps the faster arithmetic."""
        box = _box((height, width), None)
        self._engine.warm_up(box.bottom // CELL, box.right // CELL)

    def reset(self) -> None:
        """Forgets everything: the camera or the picture's size has changed."""
        self._clear = None
        self._previous = None

    def remember(self, luma: Luma, index: int) -> None:
        """Takes a clear frame as the memory.  `index` counts the source's frames, also those never seen here."""
        # Cut and reduced only when a blurred frame asks for it: clear frames are many and must cost nothing.
        self._clear = luma
        self._clear_cut = None
        self._clear_index = index
        self._aligner.forget()
        self._previous = None

    def skip(self) -> None:
        """A blurred frame went by without being deblurred: motion cannot be told from the one before it."""
        self._previous = None

    def deblur(
        self,
        luma: Luma,
        region: str | None,
        index: int,
        branches: Sequence[str] = BRANCHES,
        *,
        inside: NDArray[np.uint8] | None = None,
        keep_layers: bool = False,
    ) -> Deblurred:
        """Deblurs (H, W) uint8, both sides at least 48, frame `index` of the source.

        `inside` (ceil(H/4), ceil(W/4)), 0..255: where the field of view is.  Nothing changes outside of it, and only
        the rectangle around it is worked on.  None: everywhere.
        Raises `NotTrustedError`: the result is not to be shown.
        """
        watch = _Watch()
        if self._clear is not None and self._clear.shape != luma.shape:
            self.reset()
        box = _box(luma.shape, inside)
        now = _known(_cut(luma, box))
        weight = None if inside is None else _cut(inside, _Box(*(side // CELL for side in box)), cv2.BORDER_REPLICATE)
        watch.lap("prepare")
        memory, confidence, age = self._recall(now, box, max(1, index - self._clear_index), weight)
        watch.lap("memory")
        sharp, psf = self._deconvolve(now, memory if age is not None else None)
        watch.lap("deconvolution")
        try:
            fused, layers = self._engine.run(
                now.luma,
                memory,
                sharp,
                confidence,
                region,
                branches,
                inside=weight,
                keep_layers=keep_layers,
                laps=watch.laps,
            )
        except NotFiniteError as error:
            raise NotTrustedError("the deblurred picture was not finite; check the weights with `evaluate`") from error
        watch.lap("run")
        del watch.laps["run"]  # told apart as networks and fusion
        self._guard(now.small, fused)
        result, *kept = (_paste(luma, box, picture) for picture in (fused, *layers))
        watch.lap("guard")
        return Deblurred(result, age, psf, tuple(kept), watch.laps)

    def _recall(
        self, now: _Known, box: _Box, age: int, weight: NDArray[np.uint8] | None
    ) -> tuple[Luma, NDArray[np.uint8], int | None]:
        nothing = np.zeros(now.small.shape, dtype=np.uint8)
        if self._clear is None or age > MAXIMUM_AGE:
            return now.luma, nothing, None
        if self._clear_cut is None or self._clear_cut[0] != box:
            self._clear_cut = (box, _known(_cut(self._clear, box)))
        clear = self._clear_cut[1]
        aligned = self._aligner.align(now.small, clear.luma, clear.small, weight)
        if aligned.mean < MINIMUM_CONFIDENCE:
            return now.luma, nothing, None
        return aligned.luma, aligned.confidence, age

    def _deconvolve(self, now: _Known, memory: Luma | None) -> tuple[Luma, str]:
        eighth = cv2.resize(now.small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
        previous, self._previous = self._previous, eighth
        kernel, source = None, ""
        if memory is not None:
            kernel, source = motion.estimate_psf(now.half, motion.halve(memory)), "memory"
        elif previous is not None and previous.shape == eighth.shape and min(eighth.shape) >= 16:
            dx, dy, response = phase_shift(previous, eighth)
            share = 8.0 * self._exposure_share
            if response > 0.1 and max(abs(dx), abs(dy)) * share <= MAXIMUM_SHAKE_PX:
                kernel, source = motion.line_psf(dx * share, dy * share), "motion"
        if kernel is None:
            return now.luma, ""
        return motion.deconvolve(now.luma, now.half, kernel), source

    @staticmethod
    def _guard(before_small: Luma, after: Luma) -> None:
        size = (max(1, before_small.shape[1] // 4), max(1, before_small.shape[0] // 4))
        before = cv2.resize(before_small, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        change = cv2.absdiff(cv2.resize(after, size, interpolation=cv2.INTER_AREA).astype(np.float32), before)
        if float(change.mean()) > STRAYS_MEAN or float(change.max()) > STRAYS_PEAK:
            raise NotTrustedError("the deblurred picture strayed from the grabbed one")


class _Watch:
    """Times the stages of one picture."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = (now - self._last) * 1000.0
        self._last = now


class _Box(NamedTuple):
    """A rectangle of the picture; right and bottom are exclusive and may lie past the picture's edge."""

    left: int
    top: int
    right: int
    bottom: int


def _box(shape: tuple[int, ...], inside: NDArray[np.uint8] | None) -> _Box:
    """The rectangle around what is inside, with sides that the generator takes."""
    left, top, right, bottom = 0, 0, shape[1], shape[0]
    if inside is not None and inside.any():
        columns, rows = np.flatnonzero(inside.any(axis=0)) * CELL, np.flatnonzero(inside.any(axis=1)) * CELL
        left, right = int(columns[0]) // MULTIPLE * MULTIPLE, int(columns[-1]) + CELL
        top, bottom = int(rows[0]) // MULTIPLE * MULTIPLE, int(rows[-1]) + CELL
    right = left + -(-(right - left) // MULTIPLE) * MULTIPLE
    bottom = top + -(-(bottom - top) // MULTIPLE) * MULTIPLE
    # At least three steps: a field of view that small is no field, and the reductions need something to reduce.
    return _Box(left, top, max(right, left + 3 * MULTIPLE), max(bottom, top + 3 * MULTIPLE))


def _cut(plane: NDArray[np.uint8], box: _Box, border: int = cv2.BORDER_REFLECT) -> NDArray[np.uint8]:
    """The rectangle, contiguous; what lies past the picture's edge is made up from what lies before it."""
    part = plane[box.top : box.bottom, box.left : box.right]
    grow_y, grow_x = box.bottom - box.top - part.shape[0], box.right - box.left - part.shape[1]
    if grow_y or grow_x:
        part = cv2.copyMakeBorder(part, 0, grow_y, 0, grow_x, border).astype(np.uint8, copy=False)
    return np.ascontiguousarray(part)


def _paste(luma: Luma, box: _Box, part: Luma) -> Luma:
    """A copy of the picture with the rectangle replaced."""
    result = luma.copy()
    target = result[box.top : box.bottom, box.left : box.right]
    target[:] = part[: target.shape[0], : target.shape[1]]
    return result


def _known(luma: Luma) -> _Known:
    return _Known(luma, motion.halve(luma), reduce(luma))
