"""What a live tower knows of a blurred picture beyond its pixels: memory moved onto it, and the blur undone by it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision import motion
from vision.box import Box, cut
from vision.memory import MAXIMUM_AGE, MINIMUM_CONFIDENCE, Aligner, reduce
from vision.models.alignment import phase_shift
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)

MAXIMUM_SHAKE_PX = 48.0  # between two frames; more is a new picture, not a shaken one


@dataclass(frozen=True, slots=True)
class Known:
    """The generator's input, all (H, W) in the coordinates of the blurred picture, sides multiples of 16."""

    luma: Luma  # the blurred picture itself
    small: Luma  # (H/4, W/4), reduced
    memory: Luma  # an earlier picture moved onto it; the blurred one itself where there is none
    confidence: NDArray[np.uint8]  # (H/4, W/4), 0..255: where the memory fits
    sharp: Luma  # deconvolved; the blurred one itself where the blur is not known
    age: int | None  # frames since the memory was seen; None: there is none
    psf: str  # where the blur's shape came from: "memory", "motion" or "" for unknown
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Reduced:
    luma: Luma
    half: Luma
    small: Luma


class Knowledge:
    """Remembers what went by.  Used from one thread; pictures come in time order.

    The tower and the training gather through this same class, so that the networks learn its errors.
    """

    def __init__(self, exposure_share: float = 0.5) -> None:
        """`exposure_share`: exposure time as a share of the frame interval, for the blur estimated from motion."""
        self._exposure_share = exposure_share
        self._aligner = Aligner()
        self._clear: Luma | None = None
        self._clear_cut: tuple[Box, _Reduced] | None = None  # what of it was last asked for
        self._clear_index = 0
        self._previous: NDArray[np.float32] | None = None  # eighth-size luma of the frame before, for motion

    def set_exposure_share(self, share: float) -> None:
        """The camera exposes for this share of the frame interval from the next frame on."""
        self._exposure_share = share

    def reset(self) -> None:
        """Forgets everything: the camera or the picture's size has changed."""
        self._clear = None
        self._clear_cut = None
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

    def gather(self, luma: Luma, box: Box, index: int, inside: NDArray[np.uint8] | None = None) -> Known:
        """All that is known of blurred frame `index` of the source, (H, W), within `box`.

        `inside` (box height/4, box width/4), 0..255: where the field of view is; None: everywhere.
        """
        start = time.perf_counter()
        if self._clear is not None and self._clear.shape != luma.shape:
            self.reset()
        now = _reduced(cut(luma, box))
        prepared = time.perf_counter()
        memory, confidence, age = self._recall(now, box, max(1, index - self._clear_index), inside)
        recalled = time.perf_counter()
        sharp, psf = self._deconvolve(now, memory if age is not None else None)
        timings: dict[str, float] = {
            "prepare": (prepared - start) * 1e3,
            "memory": (recalled - prepared) * 1e3,
            "deconvolution": (time.perf_counter() - recalled) * 1e3,
        }
        return Known(now.luma, now.small, memory, confidence, sharp, age, psf, timings)

    def _recall(
        self, now: _Reduced, box: Box, age: int, inside: NDArray[np.uint8] | None
    ) -> tuple[Luma, NDArray[np.uint8], int | None]:
        nothing = np.zeros(now.small.shape, dtype=np.uint8)
        if self._clear is None or age > MAXIMUM_AGE:
            return now.luma, nothing, None
        if self._clear_cut is None or self._clear_cut[0] != box:
            self._clear_cut = (box, _reduced(cut(self._clear, box)))
        clear = self._clear_cut[1]
        aligned = self._aligner.align(now.small, clear.luma, clear.small, inside)
        if aligned.mean < MINIMUM_CONFIDENCE:
            return now.luma, nothing, None
        return aligned.luma, aligned.confidence, age

    def _deconvolve(self, now: _Reduced, memory: Luma | None) -> tuple[Luma, str]:
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


def _reduced(luma: Luma) -> _Reduced:
    return _Reduced(luma, motion.halve(luma), reduce(luma))
