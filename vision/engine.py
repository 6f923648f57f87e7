"""Runs the generator on one picture: arithmetic, threads, alignment of the branches and their fusion."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from numpy.typing import NDArray

from vision.models.alignment import WINDOW_PX, measure_mosaic, project
from vision.models.generator import (
    BRANCHES,
    CELL,
    CHANNELS,
    DIFFERENCE_GAIN,
    Generator,
    from_grid,
    to_grid,
    with_detail,
)
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)
Output = tuple[torch.Tensor, torch.Tensor]  # correction (1, 16, h, w) in full scale and gates (1, 2, h, w) of a branch

TRIAL_RUNS = 4  # of each arithmetic; the first is not counted


class NotFiniteError(Exception):
    """A network gave something that is no number."""


class Engine:
    """The generator made ready for one thread and its helper.

    The networks run side by side in two threads of one torch thread each: one barrier a picture instead of one a layer,
    which on two cores that also paint was found to be ten times faster than torch's own threads.
    """

    def __init__(self, generator: Generator) -> None:
        # A copy: other users of the same weights (a film being enhanced meanwhile) keep theirs in their own arithmetic.
        self._generator = copy.deepcopy(generator).eval()
        self._generator.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self._state = {key: value.clone() for key, value in self._generator.state_dict().items()}  # float32, as loaded
        self._helper = ThreadPoolExecutor(1, "deblur", initializer=torch.set_num_threads, initargs=(1,))
        self._thread = 0  # that torch was last set up for
        self._precision = torch.float32
        self._set_precision(torch.float32)

    @property
    def arithmetic(self) -> str:
        """Number type in which the networks run."""
        return str(self._precision).removeprefix("torch.")

    def close(self) -> None:
        """Ends the helper thread.  Safe to call twice; the object cannot be used afterwards."""
        self._helper.shutdown()

    def own_thread(self) -> None:
        """Tells torch to use one thread where it is called from; costs nothing when already told."""
        if threading.get_ident() != self._thread:
            torch.set_num_threads(1)
            self._thread = threading.get_ident()

    def warm_up(self, rows: int, columns: int) -> None:
        """Runs the networks on a grid of rows x columns cells and keeps the faster arithmetic: bfloat16 where the
        processor has it.  Corrections are small, so its 8 bits of mantissa cost far less than a grey level."""
        self.own_thread()
        noise = torch.randint(0, 256, (rows, columns, 16), dtype=torch.uint8)
        given = torch.full((rows, columns), 200, dtype=torch.uint8)
        took: dict[torch.dtype, float] = {}
        for precision in (torch.float32, torch.bfloat16):
            self._set_precision(precision)
            laps: list[float] = []
            for _ in range(TRIAL_RUNS):
                start = time.perf_counter()
                self._networks(noise, noise, noise, given, BRANCHES)
                laps.append(time.perf_counter() - start)
            took[precision] = min(laps[1:])
        self._set_precision(torch.bfloat16 if took[torch.bfloat16] < 0.8 * took[torch.float32] else torch.float32)

    def _set_precision(self, precision: torch.dtype) -> None:
        self._generator.to(torch.float32).load_state_dict(self._state)  # conversions round: start from what was loaded
        self._generator.to(precision)
        self._precision = precision
        # The first layer with the scales of `pack` folded in, so that grids go in as the integers they are (integers
        # up to 256 are exact in bfloat16).
        scale = torch.full((CHANNELS,), 1.0 / 255.0)
        scale[16:48] *= DIFFERENCE_GAIN
        self._first = (self._state["inform.weight"][:, :, 0, 0] * scale).T.contiguous().to(precision)
        self._first_bias = self._state["inform.bias"].to(precision)

    def run(
        self,
        blurred: Luma,
        memory: Luma,
        sharp: Luma,
        confidence: NDArray[np.uint8],
        region: str | None,
        branches: Sequence[str] = BRANCHES,
        *,
        inside: NDArray[np.uint8] | None = None,
        keep_layers: bool = False,
        laps: dict[str, float] | None = None,
    ) -> tuple[Luma, list[Luma]]:
        """Deblurred luma (H, W), sides multiples of 16, and that of every branch if asked for.

        `inside` (H/4, W/4), 0..255, weighs the change of each cell; None: everywhere in full.
        Raises `NotFiniteError`.  `laps` is given the milliseconds of "networks" and "fusion".
        """
        self.own_thread()
        start = time.perf_counter()
        with torch.inference_mode():
            given = torch.from_numpy(confidence)
            outputs, details = self._networks(to_grid(blurred), to_grid(memory), to_grid(sharp), given, branches)
            weight = None if inside is None else torch.from_numpy(inside).float().mul_(1.0 / 255.0).unsqueeze(-1)
            middle = time.perf_counter()
            result = self._fuse(blurred, outputs, details, weight, self._shares(region, branches), keep_layers)
        if laps is not None:
            laps["networks"], laps["fusion"] = (middle - start) * 1e3, (time.perf_counter() - middle) * 1e3
        return result

    def _networks(
        self,
        blurred: torch.Tensor,
        memory: torch.Tensor,
        sharp: torch.Tensor,
        confidence: torch.Tensor,
        branches: Sequence[str],
    ) -> tuple[list[Output], Output]:
        """The branches' outputs and the details of memory and deconvolution that their gates weigh."""
        with torch.inference_mode():
            base = blurred.to(torch.int16)
            memory_more, sharp_more = memory.to(torch.int16).sub_(base), sharp.to(torch.int16).sub_(base)
            rows, columns = confidence.shape
            x = torch.empty((rows, columns, CHANNELS), dtype=self._precision)
            x[..., 0:16], x[..., 16:32], x[..., 32:48], x[..., 48] = base, memory_more, sharp_more, confidence
            read = torch.addmm(self._first_bias, x.view(-1, CHANNELS), self._first).relu_()  # a 1x1 convolution
            features = read.view(1, rows, columns, -1).permute(0, 3, 1, 2)
        light = [name for name in branches if name != "unet"]

        def aside() -> tuple[list[Output], Output]:
            with torch.inference_mode():
                done = [self._generator.branch(name, features) for name in light]
                fits = confidence.float().mul_(1.0 / 255.0**2).unsqueeze(-1)
                details = (memory_more.float().mul_(fits), sharp_more.float().mul_(1.0 / 255.0))
                return done, tuple(part.permute(2, 0, 1).unsqueeze(0) for part in details)  # pyright: ignore[reportReturnType]

        other = self._helper.submit(aside)
        with torch.inference_mode():
            named = {name: self._generator.branch(name, features) for name in branches if name not in light}
        done, details = other.result()
        named |= dict(zip(light, done, strict=True))
        return [named[name] for name in branches], details

    def _shares(self, region: str | None, branches: Sequence[str]) -> list[float]:
        fusion = self._generator.fusion
        weights = fusion.weights(torch.tensor([fusion.row(region)]))[0].float()
        chosen = torch.stack([weights[BRANCHES.index(name)] for name in branches])
        return (chosen / chosen.sum()).tolist()

    @staticmethod
    def _fuse(
        luma: Luma,
        outputs: list[Output],
        details: Output,
        weight: torch.Tensor | None,
        shares: list[float],
        keep_layers: bool,
    ) -> tuple[Luma, list[Luma]]:
        """Alignment, projection and linear weighting (A21 to A24)."""
        correction, gates = (_weighted([output[part] for output in outputs], shares) for part in (0, 1))
        if not (bool(torch.isfinite(correction.sum())) and bool(torch.isfinite(gates.sum()))):
            raise NotFiniteError
        shifts = measure_mosaic([_central(luma, output, details) for output in outputs])
        still = all(shift == (0.0, 0.0) for shift in shifts)
        layers: list[NDArray[np.float32]] = []
        if keep_layers or not still:
            layers = [luma + _change((output[0].float(), output[1].float()), details, weight) for output in outputs]
        if still:
            # The projection is the identity: weighting before the pixel shuffle gives the same picture for less.
            change = _change((correction, gates), details, weight)
            fused = cv2.add(luma, change, dtype=cv2.CV_8U).astype(np.uint8, copy=False)
        else:
            total = np.zeros(luma.shape, dtype=np.float32)
            for layer, shift, share in zip(layers, shifts, shares, strict=True):
                total += project(layer, shift) * np.float32(share)
            fused = _to_bytes(total)
        return fused, [_to_bytes(layer) for layer in layers] if keep_layers else []


def _weighted(tensors: list[torch.Tensor], shares: list[float]) -> torch.Tensor:
    total = tensors[0].float() * shares[0]
    for tensor, share in zip(tensors[1:], shares[1:], strict=True):
        total.add_(tensor, alpha=share)
    return total


def _change(output: Output, details: Output, weight: torch.Tensor | None = None) -> NDArray[np.float32]:
    """Change of luma in 8-bit steps, (4 h, 4 w), weighted by (h, w, 1)."""
    change = with_detail(*output, *details)[0].permute(1, 2, 0).contiguous().mul_(255.0)
    return from_grid(change if weight is None else change.mul_(weight)).numpy()


def _central(luma: Luma, output: Output, details: Output) -> NDArray[np.float32]:
    """The middle of a branch's deblurred picture, for measuring its shift."""
    rows, columns = output[0].shape[2:]
    side_y, side_x = min(WINDOW_PX // CELL, rows), min(WINDOW_PX // CELL, columns)
    top, left = (rows - side_y) // 2, (columns - side_x) // 2
    correction, gates, memory, sharp = (
        part[:, :, top : top + side_y, left : left + side_x].float() for part in (*output, *details)
    )
    change = _change((correction, gates), (memory, sharp))
    y, x = top * CELL, left * CELL
    return change + luma[y : y + change.shape[0], x : x + change.shape[1]]


def _to_bytes(picture: NDArray[np.float32]) -> Luma:
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)
