"""What a live tower knows of a blurred picture beyond its pixels: memory moved onto it, and the blur undone by it."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vision import motion
from vision.box import Box, cut
from vision.fit import Fit, compose, expect, weigh
from vision.memory import MAXIMUM_AGE, MINIMUM_CONFIDENCE, Aligned, Aligner, reduce
from vision.models.alignment import phase_shift
from vision.opencv import cv2
from vision.pair import Hands, InTurn

Luma = NDArray[np.uint8]  # (H, W)

Shift = tuple[float, float]  # x, y

MAXIMUM_SHAKE_PX = 48.0  # between two frames; more is a new picture, not a shaken one
MINIMUM_RESPONSE = 0.1  # of the correlation peak between two frames
MINIMUM_LIKENESS = 60  # of 255: low-passed likeness below which a part of the memory is not the same thing
SPEED_KEPT = 0.7  # of the speed since the frame before, by the time of the exposure: a shaking hand turns back
MOTION_NOISE = 0.05  # the same where the blur's shape is no more than a guess from movement
WEAK_TRUST = 0.4  # factor of the confidence in a memory that is itself blurred: tells the networks
WEAK_FRAMES = 4  # blurred frames kept
MAXIMUM_WEAK_AGE = 12  # frames
SHARPER = 1.15  # times the sharpness of the present frame, from which on a blurred one is worth offering
MINIMUM_SPREAD = 1.5  # 8-bit luma, as in field.py
MISFIT_NOISE = 0.1  # noise to signal of the deconvolution for each unit of what the memory leaves unexplained


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
    clear: bool = True  # the memory is a clear frame; False: the sharpest of the blurred ones just gone by
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reduced:
    luma: Luma
    half: Luma
    small: Luma


@dataclass(frozen=True)  # without slots, which would leave no place to keep the sharpness in
class _Seen:
    """A blurred frame that went by."""

    picture: _Reduced
    box: Box
    index: int
    inside: NDArray[np.uint8] | None

    @cached_property
    def sharpness(self) -> float:
        """Told when it is first asked for: as long as a clear frame fits, nobody does."""
        return _sharpness(self.picture.half, self.inside)


class Knowledge:
    """Remembers what went by.  Used from one thread; pictures come in time order.

    The tower and the training gather through this same class, so that the networks learn its errors.
    """

    def __init__(self, exposure_share: float = 0.5, hands: Hands | None = None) -> None:
        """`exposure_share`: exposure time as a share of the frame interval, for the blur estimated from motion.

        `hands`: who works side by side; None: nobody but the caller.
        """
        self._exposure_share = exposure_share
        self._hands = InTurn() if hands is None else hands
        self._aligner = Aligner(hands)
        self._clear: Luma | None = None
        self._clear_cut: tuple[Box, _Reduced] | None = None  # what of it was last asked for
        self._clear_index = 0
        self._weak_aligner = Aligner(hands)
        self._seen: deque[_Seen] = deque(maxlen=WEAK_FRAMES)
        self._previous: NDArray[np.float32] | None = None  # eighth-size luma of the frame before, for motion

    def set_exposure_share(self, share: float) -> None:
        """The camera exposes for this share of the frame interval from the next frame on."""
        self._exposure_share = share

    def reset(self) -> None:
        """Forgets everything: the camera or the picture's size has changed."""
        self._clear = None
        self._clear_cut = None
        self._previous = None
        self._seen.clear()
        self._aligner.forget()

    def remember(self, luma: Luma, index: int) -> None:
        """Takes a clear frame as the memory.  `index` counts the source's frames, also those never seen here."""
        if not _is_picture(luma):
            return
        # Cut and reduced only when a blurred frame asks for it: clear frames are many and must cost nothing.
        self._clear = luma
        self._clear_cut = None
        self._clear_index = index
        self._aligner.forget()
        self._previous = None
        self._seen.clear()

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
        since = self._since(now)
        here = _Seen(now, box, index, inside)
        prepared = time.perf_counter()
        age = max(1, index - self._clear_index)
        blurred = self._hands.start(lambda: motion.Blurred.of(now.half))
        aligned = self._recall(now, box, age, inside, since)
        weak, weak_age = (None, 0) if aligned is not None else self._recall_weak(here, inside)
        recalled = time.perf_counter()
        if aligned is not None:
            known = self._with_memory(now, blurred.result(), aligned, age, inside)
        elif weak is not None:
            known = self._with_weak_memory(now, weak, weak_age, inside, since)
        else:
            known = self._without_memory(now, since)
        self._seen.append(here)
        timings: dict[str, float] = {
            "prepare": (prepared - start) * 1e3,
            "memory": (recalled - prepared) * 1e3,
            "deconvolution": (time.perf_counter() - recalled) * 1e3,
        }
        return replace(known, timings_ms=timings)

    def _since(self, now: _Reduced) -> Shift | None:
        """How far the picture has moved since the frame before, in eighth-size pixels; None: not known."""
        eighth = cv2.resize(now.small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
        previous, self._previous = self._previous, eighth
        if previous is None or previous.shape != eighth.shape or min(eighth.shape) < 16:
            return None
        dx, dy, response = phase_shift(previous, eighth)
        if response <= MINIMUM_RESPONSE or max(abs(dx), abs(dy)) * 8.0 * self._exposure_share > MAXIMUM_SHAKE_PX:
            return None
        return dx, dy

    def _recall(
        self, now: _Reduced, box: Box, age: int, inside: NDArray[np.uint8] | None, since: Shift | None
    ) -> Aligned | None:
        """The memory moved onto the picture; None: there is none, or none that fits."""
        if self._clear is None or age > MAXIMUM_AGE or not _is_picture(now.luma):
            return None
        if self._clear_cut is None or self._clear_cut[0] != box:
            self._clear_cut = (box, _reduced(cut(self._clear, box)))
        clear = self._clear_cut[1]
        aligned = self._aligner.align(now.small, clear.luma, clear.small, inside, since)
        return aligned if aligned.mean >= MINIMUM_CONFIDENCE else None

    def _recall_weak(self, here: _Seen, inside: NDArray[np.uint8] | None) -> tuple[Aligned | None, int]:
        """The sharpest of the blurred frames just gone by, moved onto the picture, and its age; None: none is clearly
        sharper or none fits."""
        recent = [s for s in self._seen if s.box == here.box and 0 < here.index - s.index <= MAXIMUM_WEAK_AGE]
        best = max(recent, key=lambda seen: seen.sharpness, default=None)
        if best is None or not _is_picture(here.picture.luma) or best.sharpness < SHARPER * here.sharpness:
            return None, 0
        self._weak_aligner.forget()
        picture = best.picture
        aligned = self._weak_aligner.align(here.picture.small, picture.luma, picture.small, inside)
        return (aligned if aligned.mean >= MINIMUM_CONFIDENCE else None), here.index - best.index

    def _with_memory(
        self,
        now: _Reduced,
        blurred: motion.Blurred,
        aligned: Aligned,
        age: int,
        inside: NDArray[np.uint8] | None,
    ) -> Known:
        memory_half = motion.halve(aligned.luma)
        kernel = motion.estimate_psf(blurred, memory_half)
        fit = weigh(now.half, memory_half, kernel)
        weight = _trusted(fit, aligned, inside)
        change = None
        if kernel is not None:
            expected, fits = expect(now.half, fit, weight)
            noise = max(motion.NOISE, MISFIT_NOISE * fit.unexplained)
            change = motion.undo_residual(blurred, expected, kernel, noise) * fits
        offered, sharp = compose(now.luma, aligned.luma, fit, weight, change, self._hands)
        return Known(
            luma=now.luma,
            small=now.small,
            memory=offered,
            confidence=(weight * 255.0).astype(np.uint8),
            sharp=sharp,
            age=age,
            psf="" if kernel is None else "memory",
        )

    def _with_weak_memory(
        self, now: _Reduced, aligned: Aligned, age: int, inside: NDArray[np.uint8] | None, since: Shift | None
    ) -> Known:
        # Blurred itself, it can't tell the blur's shape: only what both pictures surely show is compared.
        fit = weigh(now.half, motion.halve(aligned.luma), None)
        weight = _trusted(fit, aligned, inside) * np.float32(WEAK_TRUST)
        offered, _ = compose(now.luma, aligned.luma, fit, weight, None, self._hands)
        sharp, psf = self._undo_motion(now, since)
        return Known(
            luma=now.luma,
            small=now.small,
            memory=offered,
            confidence=(weight * 255.0).astype(np.uint8),
            sharp=sharp,
            age=age,
            psf=psf,
            clear=False,
        )

    def _without_memory(self, now: _Reduced, since: Shift | None) -> Known:
        nothing = np.zeros(now.small.shape, dtype=np.uint8)
        sharp, psf = self._undo_motion(now, since)
        return Known(now.luma, now.small, now.luma, nothing, sharp, None, psf)

    def _undo_motion(self, now: _Reduced, since: Shift | None) -> tuple[Luma, str]:
        """The picture deconvolved by a straight movement at the speed since the frame before."""
        share = 8.0 * SPEED_KEPT * self._exposure_share
        kernel = None if since is None else motion.line_psf(since[0] * share, since[1] * share)
        if kernel is None:
            return now.luma, ""
        return motion.deconvolve(now.luma, now.half, kernel, noise=MOTION_NOISE), "motion"


def _trusted(fit: Fit, aligned: Aligned, inside: NDArray[np.uint8] | None) -> NDArray[np.float32]:
    # Where even the low-passed pictures differ, the detail can't fit: an instrument has come in or left.
    weight = fit.weight * (aligned.confidence > MINIMUM_LIKENESS)
    return (weight if inside is None else weight * (inside * np.float32(1.0 / 255.0))).astype(np.float32, copy=False)


def _sharpness(half: Luma, inside: NDArray[np.uint8] | None) -> float:
    """Mean square slope inside the field, low-passed against noise, relative to the brightness."""
    quiet = cv2.GaussianBlur(half, (5, 5), 1.0)
    slopes = [cv2.Sobel(quiet, cv2.CV_16S, dx, dy, ksize=1) for dx, dy in ((1, 0), (0, 1))]
    field = None if inside is None else _within(inside, half.shape)
    energy = sum(cv2.norm(slope, cv2.NORM_L2SQR, mask=field) for slope in slopes)
    return energy / max(1.0, cv2.norm(quiet, cv2.NORM_L2SQR, mask=field))


def _within(inside: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    size = (shape[1], shape[0])
    return cv2.resize((inside > 127).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(np.uint8)


def _is_picture(luma: Luma) -> bool:
    """Not black, white or flat: nothing can be learned from such a frame, and a better memory would be lost."""
    thin = luma[::16, ::16]
    return float(thin.std()) >= MINIMUM_SPREAD and 4.0 < float(thin.mean()) < 251.0


def _reduced(luma: Luma) -> _Reduced:
    return _Reduced(luma, motion.halve(luma), reduce(luma))
