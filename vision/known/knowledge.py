"""What a live tower knows of a blurred picture beyond its pixels: memory moved onto it, and the blur undone by it."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vision.known import motion
from vision.known.blend import blend
from vision.known.box import Box, cut, enlarged
from vision.known.fit import Fit, expect, weigh
from vision.known.memory import MAXIMUM_AGE, MINIMUM_CONFIDENCE, Aligned, Aligner, Reduced
from vision.models.alignment import phase_shift
from vision.opencv import cv2
from vision.pair import Hands, InTurn

Luma = NDArray[np.uint8]  # (H, W)
Plane = NDArray[np.float32]
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


@dataclass(frozen=True)  # without slots, which would leave no place to keep the full-size pictures in
class Known:
    """What is known of a blurred picture (H, W), in its coordinates; sides are multiples of 32.

    The networks look at half the size.  What they choose of it is drawn at full size by `chosen`, in one pass.
    """

    now: Reduced  # the blurred picture itself
    offered: Luma  # (H/2, W/2), an earlier picture moved onto it; the blurred one itself where there is none
    likely: Luma  # (H/2, W/2), deconvolved; the blurred one itself where the blur is not known
    confidence: NDArray[np.uint8]  # (H/4, W/4), 0..255: where the memory fits
    age: int | None  # frames since the memory was seen; None: there is none
    psf: str  # where the blur's shape came from: "memory", "motion" or "" for unknown
    clear: bool = True  # the memory is a clear frame; False: the sharpest of the blurred ones just gone by
    timings_ms: dict[str, float] = field(default_factory=dict)
    source: Luma | None = None  # (H, W), what is offered at full size, but for the misfit
    misfit: Plane | None = None  # (H/2, W/2), to be added to it
    undone: Plane | None = None  # (H/2, W/2), what deconvolution adds
    on_memory: bool = False  # deconvolution adds it to the offered picture where that fits, not to the blurred one
    hands: Hands = field(default_factory=InTurn)

    def chosen(self, offered: Plane, undone: Plane, anywhere: Plane, correction: Plane, weight: Plane) -> Luma:
        """The picture (H, W) with so much of the offered detail where the memory fits, of deconvolution, and of the
        offered detail anywhere, all (H/4, W/4), and a correction (H/2, W/2 or H, W; 8-bit steps); `weight` (H/4, W/4),
        0..1, weighs all of it."""
        share = np.multiply(self.confidence, np.float32(1.0 / 255.0), dtype=np.float32)  # where the memory fits
        share *= offered + undone if self.on_memory else offered
        share += anywhere
        share *= weight
        changes = [_enlarge(weight, correction) * correction]
        if self.undone is not None:
            changes.append(_enlarge(weight * undone, self.undone) * self.undone)
        if self.misfit is not None:
            changes.append(_enlarge(share, self.misfit) * self.misfit)
        for size in {plane.shape for plane in changes}:  # what has the same size is scaled up once
            alike = [plane for plane in changes if plane.shape == size]
            changes = [plane for plane in changes if plane.shape != size] + [sum(alike[1:], alike[0])]
        return blend(self.now.luma, self.source, share, changes, self.hands)

    @cached_property
    def memory(self) -> Luma:
        """What is offered at full size, (H, W); the blurred picture itself where there is none."""
        if self.source is None:
            return self.now.luma
        everywhere, nowhere = self._constant(1.0), self._constant(0.0)
        unchanged = np.zeros(self.now.half.shape, dtype=np.float32)
        return self.chosen(nowhere, nowhere, everywhere, unchanged, everywhere)

    @cached_property
    def sharp(self) -> Luma:
        """The deconvolved picture at full size, (H, W); the blurred one itself where the blur is not known."""
        if self.undone is None:
            return self.now.luma
        everywhere, nowhere = self._constant(1.0), self._constant(0.0)
        unchanged = np.zeros(self.now.half.shape, dtype=np.float32)
        return self.chosen(nowhere, everywhere, nowhere, unchanged, everywhere)

    def _constant(self, value: float) -> Plane:
        return np.full(self.confidence.shape, value, dtype=np.float32)


@dataclass(frozen=True)  # without slots, which would leave no place to keep the sharpness in
class _Seen:
    """A blurred frame that went by."""

    picture: Reduced
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
        self._clear_cut: tuple[Box, Reduced] | None = None  # what of it was last asked for
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
        now = Reduced.of(cut(luma, box))
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

    def _since(self, now: Reduced) -> Shift | None:
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
        self, now: Reduced, box: Box, age: int, inside: NDArray[np.uint8] | None, since: Shift | None
    ) -> Aligned | None:
        """The memory moved onto the picture; None: there is none, or none that fits."""
        if self._clear is None or age > MAXIMUM_AGE or not _is_picture(now.luma):
            return None
        if self._clear_cut is None or self._clear_cut[0] != box:
            self._clear_cut = (box, Reduced.of(cut(self._clear, box)).crisp())
        clear = self._clear_cut[1]
        aligned = self._aligner.align(now.small, clear, inside, since)
        return aligned if aligned.mean >= MINIMUM_CONFIDENCE else None

    def _recall_weak(self, here: _Seen, inside: NDArray[np.uint8] | None) -> tuple[Aligned | None, int]:
        """The sharpest of the blurred frames just gone by, moved onto the picture, and its age; None: none is clearly
        sharper or none fits."""
        recent = [s for s in self._seen if s.box == here.box and 0 < here.index - s.index <= MAXIMUM_WEAK_AGE]
        best = max(recent, key=lambda seen: seen.sharpness, default=None)
        if best is None or not _is_picture(here.picture.luma) or best.sharpness < SHARPER * here.sharpness:
            return None, 0
        self._weak_aligner.forget()
        aligned = self._weak_aligner.align(here.picture.small, best.picture.crisp(), inside)
        return (aligned if aligned.mean >= MINIMUM_CONFIDENCE else None), here.index - best.index

    def _with_memory(
        self,
        now: Reduced,
        blurred: motion.Blurred,
        aligned: Aligned,
        age: int,
        inside: NDArray[np.uint8] | None,
    ) -> Known:
        kernel = motion.estimate_psf(blurred, aligned.half)
        fit = weigh(now.half, aligned.half, kernel)
        weight = _trusted(fit, aligned, inside)
        undone, likely = None, now.half
        if kernel is not None:
            expected, fits = expect(now.half, fit, weight)
            noise = max(motion.NOISE, MISFIT_NOISE * fit.unexplained)
            undone = motion.undo_residual(blurred, expected, kernel, noise) * fits
            likely = _to_bytes(expected + undone)
        return Known(
            now=now,
            offered=_to_bytes(fit.half),
            likely=likely,
            confidence=(weight * 255.0).astype(np.uint8),
            age=age,
            psf="" if kernel is None else "memory",
            source=aligned.luma,
            misfit=fit.misfit,
            undone=undone,
            on_memory=kernel is not None,
            hands=self._hands,
        )

    def _with_weak_memory(
        self, now: Reduced, aligned: Aligned, age: int, inside: NDArray[np.uint8] | None, since: Shift | None
    ) -> Known:
        # Blurred itself, it can't tell the blur's shape: only what both pictures surely show is compared.
        fit = weigh(now.half, aligned.half, None)
        weight = _trusted(fit, aligned, inside) * np.float32(WEAK_TRUST)
        return replace(
            self._without_memory(now, since),
            offered=_to_bytes(fit.half),
            confidence=(weight * 255.0).astype(np.uint8),
            age=age,
            clear=False,
            source=aligned.luma,
            misfit=fit.misfit,
        )

    def _without_memory(self, now: Reduced, since: Shift | None) -> Known:
        nothing = np.zeros(now.small.shape, dtype=np.uint8)
        undone = self._undo_motion(now, since)
        return Known(
            now=now,
            offered=now.half,
            likely=now.half if undone is None else _to_bytes(now.half.astype(np.float32) + undone),
            confidence=nothing,
            age=None,
            psf="" if undone is None else "motion",
            undone=undone,
            hands=self._hands,
        )

    def _undo_motion(self, now: Reduced, since: Shift | None) -> Plane | None:
        """What the deconvolution by a straight movement at the speed since the frame before adds, (H/2, W/2); None:
        the movement is not known."""
        share = 8.0 * SPEED_KEPT * self._exposure_share
        kernel = None if since is None else motion.line_psf(since[0] * share, since[1] * share)
        return None if kernel is None else motion.undo(now.half, kernel, noise=MOTION_NOISE)


def _enlarge(quarter: Plane, like: Plane) -> Plane:
    height, width = like.shape
    return enlarged(quarter, width, height, 0, height)


def _trusted(fit: Fit, aligned: Aligned, inside: NDArray[np.uint8] | None) -> NDArray[np.float32]:
    # Where even the low-passed pictures differ, the detail can't fit: an instrument has come in or left.
    weight = fit.weight * (aligned.confidence > MINIMUM_LIKENESS)
    return (weight if inside is None else weight * (inside * np.float32(1.0 / 255.0))).astype(np.float32, copy=False)


def _to_bytes(plane: NDArray[np.floating]) -> Luma:
    return np.clip(np.rint(plane), 0.0, 255.0).astype(np.uint8)


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
