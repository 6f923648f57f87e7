"""Deblurs one luma picture: memory, deconvolution, three networks, alignment, fusion, and what guards the result."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from vision import motion
from vision.memory import MAXIMUM_AGE, MINIMUM_CONFIDENCE, Aligner, reduce
from vision.models.alignment import WINDOW_PX, measure_mosaic, project
from vision.models.generator import BRANCHES, CELL, CHANNELS, MULTIPLE, Generator, from_grid, pack, to_grid, with_detail

Luma = NDArray[np.uint8]  # (H, W)
_Output = tuple[torch.Tensor, torch.Tensor]  # correction (1, 16, h, w) and gates (1, 2, h, w) of a branch

STRAYS_MEAN = 6.0  # 8-bit luma of the 16x reduced picture: deblurring moves detail, not brightness
STRAYS_PEAK = 48.0
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
        # A copy: other users of the same weights (a film being enhanced meanwhile) keep theirs in their own arithmetic.
        self._generator = copy.deepcopy(generator).eval().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self._state = {key: value.clone() for key, value in generator.state_dict().items()}  # as loaded, in float32
        self._precision = torch.float32
        self._helper = ThreadPoolExecutor(1, "deblur", initializer=torch.set_num_threads, initargs=(1,))
        self._exposure_share = exposure_share
        self._aligner = Aligner()
        self._clear: _Known | None = None
        self._clear_age = 0
        self._previous: NDArray[np.float32] | None = None  # eighth-size luma of the frame before, for motion

    @property
    def arithmetic(self) -> str:
        """Number type in which the networks run."""
        return str(self._precision).removeprefix("torch.")

    def close(self) -> None:
        """Ends the helper thread.  Safe to call twice; the object cannot be used afterwards."""
        self.reset()
        self._helper.shutdown()

    def warm_up(self, height: int, width: int) -> None:
        """Runs the networks at this size and takes the faster arithmetic: bfloat16 where the processor has it.

        Corrections are small, so its 8 bits of mantissa cost less than a grey level; see docs/models.md.
        """
        torch.set_num_threads(1)  # of the calling thread; the branches are what runs side by side
        rows, columns = _padded((height, width))
        x = torch.rand(1, CHANNELS, rows // CELL, columns // CELL).contiguous(memory_format=torch.channels_last)
        took: dict[torch.dtype, float] = {}
        for precision in (torch.float32, torch.bfloat16):
            self._generator.to(precision)
            laps: list[float] = []
            with torch.inference_mode():
                for _ in range(4):
                    start = time.perf_counter()
                    self._run(self._generator.features(x.to(precision)), BRANCHES)
                    laps.append(time.perf_counter() - start)
            took[precision] = min(laps[1:])
        self._precision = torch.bfloat16 if took[torch.bfloat16] < 0.8 * took[torch.float32] else torch.float32
        self._generator.to(torch.float32).load_state_dict(self._state)  # rounded by the trial
        self._generator.to(self._precision)

    def reset(self) -> None:
        """Forgets everything: the camera or the picture's size has changed."""
        self._clear = None
        self._previous = None

    def remember(self, luma: Luma) -> None:
        """Takes a clear frame as the memory."""
        # Reduced only when a blurred frame asks for it: clear frames are many and must cost nothing.
        self._clear = _Known(luma, luma, luma)
        self._clear_age = 0
        self._previous = None

    def skip(self) -> None:
        """A blurred frame went by without being deblurred: the memory is a frame older."""
        self._clear_age += 1
        self._previous = None

    def deblur(
        self, luma: Luma, region: str | None, branches: Sequence[str] = BRANCHES, *, keep_layers: bool = False
    ) -> Deblurred:
        """Deblurs (H, W) uint8, both sides at least 48.  Raises `NotTrustedError`: the result is not to be shown."""
        watch = _Watch()
        self._clear_age += 1
        height, width = luma.shape
        if self._clear is not None and self._clear.luma.shape != luma.shape and not self._padded_from(luma.shape):
            self.reset()
        now = _known(_pad(luma))
        watch.lap("prepare")
        memory, confidence, age = self._recall(now)
        watch.lap("memory")
        sharp, psf = self._deconvolve(now, memory if age is not None else None)
        watch.lap("deconvolution")
        with torch.inference_mode():
            base, memory_grid, sharp_grid = to_grid(now.luma), to_grid(memory), to_grid(sharp)
            given = torch.from_numpy(confidence)
            features = self._generator.features(pack(base, memory_grid, sharp_grid, given).to(self._precision))
            outputs = self._run(features, branches)
            watch.lap("networks")
            if not all(bool(torch.isfinite(tensor.sum())) for output in outputs for tensor in output):
                raise NotTrustedError("the deblurred picture was not finite; check the weights with `evaluate`")
            details = _details(base, memory_grid, sharp_grid, given)
            fused, layers = self._fuse(now.luma, outputs, details, region, branches, keep_layers)
        watch.lap("fusion")
        self._guard(now.small, fused)
        result = np.ascontiguousarray(fused[:height, :width])
        kept = tuple(np.ascontiguousarray(layer[:height, :width]) for layer in layers)
        watch.lap("guard")
        return Deblurred(result, age, psf, kept, watch.laps)

    def _padded_from(self, shape: tuple[int, ...]) -> bool:
        assert self._clear is not None
        return self._clear.luma.shape == _padded(shape)

    def _recall(self, now: _Known) -> tuple[Luma, NDArray[np.uint8], int | None]:
        nothing = np.zeros(now.small.shape, dtype=np.uint8)
        if self._clear is None or self._clear_age > MAXIMUM_AGE:
            return now.luma, nothing, None
        if self._clear.small is self._clear.luma:
            self._clear = _known(_pad(self._clear.luma))
        aligned = self._aligner.align(now.small, self._clear.luma, self._clear.small)
        if aligned.mean < MINIMUM_CONFIDENCE:
            return now.luma, nothing, None
        return aligned.luma, aligned.confidence, self._clear_age

    def _deconvolve(self, now: _Known, memory: Luma | None) -> tuple[Luma, str]:
        eighth = cv2.resize(now.small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
        previous, self._previous = self._previous, eighth
        kernel, source = None, ""
        if memory is not None:
            kernel, source = motion.estimate_psf(now.half, motion.halve(memory)), "memory"
        elif previous is not None and previous.shape == eighth.shape and min(eighth.shape) >= 16:
            window = cv2.createHanningWindow((eighth.shape[1], eighth.shape[0]), cv2.CV_32F)
            (dx, dy), response = cv2.phaseCorrelate(previous, eighth, window)
            share = 8.0 * self._exposure_share
            if response > 0.1 and max(abs(dx), abs(dy)) * share <= MAXIMUM_SHAKE_PX:
                kernel, source = motion.line_psf(dx * share, dy * share), "motion"
        if kernel is None:
            return now.luma, ""
        return motion.deconvolve(now.luma, now.half, kernel), source

    def _run(self, features: torch.Tensor, branches: Sequence[str]) -> list[_Output]:
        """The branches' corrections and gates, two threads at work: a barrier a picture instead of one a layer, which
        on a machine that also paints costs far less than torch's own threads."""
        heavy = [name for name in branches if name == "unet"]
        light = [name for name in branches if name != "unet"]
        if not heavy or not light:
            return [self._branch(name, features) for name in branches]
        other = self._helper.submit(lambda: [self._branch(name, features) for name in light])
        done = dict(zip(heavy, [self._branch(name, features) for name in heavy], strict=True))
        done.update(zip(light, other.result(), strict=True))
        return [done[name] for name in branches]

    def _branch(self, name: str, features: torch.Tensor) -> _Output:
        with torch.inference_mode():
            correction, gates = self._generator.branch(name, features)
            return correction.float(), gates.float()

    def _fuse(
        self,
        luma: Luma,
        outputs: list[_Output],
        details: tuple[torch.Tensor, torch.Tensor],
        region: str | None,
        branches: Sequence[str],
        keep_layers: bool,
    ) -> tuple[Luma, list[Luma]]:
        """Alignment, projection and linear weighting: (H, W) uint8 and, when asked for, that of every branch."""
        fusion = self._generator.fusion
        weights = fusion.weights(torch.tensor([fusion.row(region)]))[0].float()
        weights = torch.stack([weights[BRANCHES.index(name)] for name in branches])
        shares: list[float] = (weights / weights.sum()).tolist()
        shifts = measure_mosaic([_central(luma, output, details) for output in outputs])
        still = all(shift == (0.0, 0.0) for shift in shifts)
        layers: list[NDArray[np.float32]] = []
        if keep_layers or not still:
            layers = [luma + _change(with_detail(*output, *details)) for output in outputs]
        if still:
            # The projection is the identity: weighting before the pixel shuffle gives the same picture for less.
            correction, gates = (
                sum((tensor * share for tensor, share in zip(tensors, shares, strict=True)), torch.zeros(1))
                for tensors in zip(*outputs, strict=True)
            )
            change = _change(with_detail(correction, gates, *details))
            fused = cv2.add(luma, change, dtype=cv2.CV_8U).astype(np.uint8, copy=False)
        else:
            total = np.zeros(luma.shape, dtype=np.float32)
            for layer, shift, share in zip(layers, shifts, shares, strict=True):
                total += project(layer, shift) * np.float32(share)
            fused = _to_bytes(total)
        return fused, [_to_bytes(layer) for layer in layers] if keep_layers else []

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


def _padded(shape: tuple[int, ...]) -> tuple[int, int]:
    return -(-shape[0] // MULTIPLE) * MULTIPLE, -(-shape[1] // MULTIPLE) * MULTIPLE


def _pad(luma: Luma) -> Luma:
    height, width = _padded(luma.shape)
    if (height, width) == luma.shape:
        return np.ascontiguousarray(luma)
    grow_y, grow_x = height - luma.shape[0], width - luma.shape[1]
    return cv2.copyMakeBorder(luma, 0, grow_y, 0, grow_x, cv2.BORDER_REFLECT).astype(np.uint8, copy=False)


def _known(luma: Luma) -> _Known:
    return _Known(luma, motion.halve(luma), reduce(luma))


def _details(
    base: torch.Tensor, memory: torch.Tensor, sharp: torch.Tensor, confidence: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """What memory (times confidence) and deconvolution have beyond the blurred picture, (1, 16, h, w) in full scale."""
    blurred = base.float()
    memory_detail = memory.float().sub_(blurred).mul_(confidence.float().mul_(1.0 / 255.0**2).unsqueeze(-1))
    sharp_detail = sharp.float().sub_(blurred).mul_(1.0 / 255.0)
    return memory_detail.permute(2, 0, 1).unsqueeze(0), sharp_detail.permute(2, 0, 1).unsqueeze(0)


def _change(correction: torch.Tensor) -> NDArray[np.float32]:
    """(1, 16, h, w) in full scale -> (4 h, 4 w) in 8-bit steps."""
    return from_grid((correction[0] * 255.0).permute(1, 2, 0).contiguous()).numpy()


def _central(luma: Luma, output: _Output, details: tuple[torch.Tensor, torch.Tensor]) -> NDArray[np.float32]:
    """The middle of a branch's deblurred picture, for measuring its shift."""
    rows, columns = output[0].shape[2:]
    side_y, side_x = min(WINDOW_PX // CELL, rows), min(WINDOW_PX // CELL, columns)
    top, left = (rows - side_y) // 2, (columns - side_x) // 2
    parts = [t[:, :, top : top + side_y, left : left + side_x] for t in (*output, *details)]
    change = _change(with_detail(*parts))
    y, x = top * CELL, left * CELL
    return change + luma[y : y + change.shape[0], x : x + change.shape[1]]


def _to_bytes(picture: NDArray[np.float32]) -> Luma:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)
