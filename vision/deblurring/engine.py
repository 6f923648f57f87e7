"""Runs the generator on one picture: number type, threads, the networks strip by strip, and their fusion."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from vision.deblurring.fusing import Outputs, Said, central, say, say_alone
from vision.models.alignment import Shift, measure_mosaic
from vision.models.generator import BRANCHES, CELL, DIFFERENCE_GAIN, PICTURE_CHANNELS, Generator, by_cell, to_grid
from vision.pair import Pair, Task

Luma = NDArray[np.uint8]  # (H, W)

# Rows of the grid that a branch needs beyond a strip to give the strip itself exactly as in the whole picture.
HALO = {"srcnn": 2, "espcn": 3, "unet": 24}  # U-Net: 21, up to the next multiple of the 4 that it halves by
STRIP_ROWS = 24  # of the grid, where no halo is needed: what is worked on stays in the core's own cache
# Pieces a branch is worked off in: whole where it can be, since halos cost; the last one taken fills up the gaps.
PIECES = {"unet": 1, "espcn": 1, "srcnn": 3}


class Engine:
    """The generator made ready for one picture after the other.  Used from one thread."""

    def __init__(self, generator: Generator, pair: Pair, device: torch.device | None = None) -> None:
        """`device`: where the networks run; None: the processor."""
        self._device = torch.device("cpu") if device is None else device
        # A copy: other users of the same weights (a film being enhanced meanwhile) keep theirs as they are.
        self._generator = copy.deepcopy(generator).eval().to(self._device)
        self._generator.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self._state = {key: value.clone() for key, value in self._generator.state_dict().items()}  # float32, as loaded
        self._pair = pair
        self._buffers: _Buffers | None = None
        self._precision = torch.float32
        self.set_precision(torch.float32)

    @property
    def device(self) -> torch.device:
        """Where the networks run."""
        return self._device

    @property
    def precision(self) -> torch.dtype:
        """Number type in which the networks run."""
        return self._precision

    def set_precision(self, precision: torch.dtype) -> None:
        """float32, or bfloat16: corrections are small, so its 8 bits of mantissa cost far less than a grey level."""
        self._generator.to(torch.float32).load_state_dict(self._state)  # conversions round: start from what was loaded
        self._generator.to(precision)
        self._precision = precision
        self._buffers = None
        # The first layer with the scales of `pack` folded in, so that grids go in as the integers they are (integers
        # up to 256 are exact in bfloat16).
        scale = torch.full((self._generator.inform.in_channels,), 1.0 / 255.0, device=self._device)
        scale[16:PICTURE_CHANNELS] *= DIFFERENCE_GAIN
        self._first = (self._state["inform.weight"][:, :, 0, 0] * scale).T.contiguous().to(precision)
        self._first_bias = self._state["inform.bias"].to(precision)

    def run(
        self,
        blurred: Luma,
        offered: Luma,
        likely: Luma,
        confidence: NDArray[np.uint8],
        region: str | None,
        branches: Sequence[str] = BRANCHES,
        laps: dict[str, float] | None = None,
    ) -> Answer:
        """What the networks say of a picture (H, W) of which these are the planes at the size that the generator looks
        at, (H/2, W/2) or (H, W), sides multiples of 16, and the confidence in the memory, (H/4, W/4), 0..255.

        Raises `NotFiniteError`.  `laps` is given the milliseconds of "networks" and "fusion".
        """
        start = time.perf_counter()
        with torch.inference_mode():
            grids = [to_grid(plane).to(self._device) for plane in (blurred, offered, likely)]
            fits = by_cell(torch.from_numpy(confidence), grids[0].shape[1]).contiguous().to(self._device)
            outputs = self._networks(grids, fits, branches)
            middle = time.perf_counter()
            # Nearly always the branches agree to a tenth of a pixel.  Then what they say may be weighted before it is
            # drawn, which is begun while the shifts are still being measured.
            shifts = self._pair.start(lambda: _align(outputs))
            shares = self._shares(region, branches)
            fused = say(outputs, shares)
        if laps is not None:
            laps["networks"], laps["fusion"] = (middle - start) * 1e3, (time.perf_counter() - middle) * 1e3
        return Answer(fused, shares, 2.0 if self._generator.halved else 1.0, shifts, outputs)

    def _networks(self, grids: list[torch.Tensor], confidence: torch.Tensor, branches: Sequence[str]) -> Outputs:
        rows, columns, _ = confidence.shape
        if self._buffers is None or self._buffers.x.shape[:2] != (rows, columns):
            self._buffers = _Buffers(rows, columns, self._generator, self._precision, self._device)
        buffers = self._buffers

        def read(top: int, bottom: int) -> Task:
            return lambda: self._read(buffers, grids, confidence, slice(top, bottom))

        def branch(name: str, top: int, bottom: int) -> Task:
            return lambda: self._branch(buffers, name, top, bottom)

        self._pair.work_off([read(*strip) for strip in self._pieces(rows, rows // STRIP_ROWS)])
        tasks: list[Task] = []
        for name in ("unet", "espcn", "srcnn"):  # the longest first
            if name in branches:
                # Beside less than two others U-Net would keep one thread waiting; in halves it costs a quarter more.
                pieces = 2 if name == "unet" and len(branches) < 3 else PIECES[name]
                tasks += [branch(name, *piece) for piece in self._pieces(rows, pieces)]
        self._pair.work_off(tasks)
        outputs = [buffers.outputs[name] for name in branches]
        blurred, memory, sharp = grids
        corrections, gates = [done[0] for done in outputs], [done[1] for done in outputs]
        return Outputs(blurred, memory, sharp, confidence, corrections, gates)

    def _pieces(self, rows: int, count: int) -> list[tuple[int, int]]:
        """Rows of the grid, a multiple of 4, in up to `count` pieces that begin at multiples of 4."""
        if self._device.type != "cpu" or self._pair.alone:
            count = 1
        height = max(-(-rows // max(1, count)), 1) + 3 & ~3
        return [(top, min(top + height, rows)) for top in range(0, rows, height)]

    def _read(self, buffers: _Buffers, grids: list[torch.Tensor], confidence: torch.Tensor, rows: slice) -> None:
        """Packs rows of the grids (see `pack`) and reads them with the layer that all branches share."""
        x = buffers.x[rows]
        base, memory, sharp = (grid[rows].to(torch.int16) for grid in grids)
        x[..., 0:16], x[..., 16:32], x[..., 32:48] = base, memory.sub_(base), sharp.sub_(base)
        x[..., PICTURE_CHANNELS:] = confidence[rows]
        features = buffers.features[rows].view(-1, self._first.shape[1])
        torch.addmm(self._first_bias, x.view(-1, x.shape[-1]), self._first, out=features).relu_()  # a 1x1 convolution

    def _branch(self, buffers: _Buffers, name: str, top: int, bottom: int) -> None:
        first, last = max(0, top - HALO[name]), min(buffers.features.shape[0], bottom + HALO[name])
        features = buffers.features[first:last].permute(2, 0, 1).unsqueeze(0)
        correction, gates = (part[0].permute(1, 2, 0) for part in self._generator.branch(name, features))
        own = slice(top - first, bottom - first)
        buffers.outputs[name][0][top:bottom], buffers.outputs[name][1][top:bottom] = correction[own], gates[own]

    def _shares(self, region: str | None, branches: Sequence[str]) -> list[float]:
        fusion = self._generator.fusion
        weights = fusion.weights(torch.tensor([fusion.row(region)], device=self._device))[0].float()
        chosen = torch.stack([weights[BRANCHES.index(name)] for name in branches])
        return (chosen / chosen.sum()).tolist()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the networks say of one picture; to be used up before the next one is begun."""

    fused: Said  # of all branches, weighted, taken as aligned
    shares: list[float]  # of the branches
    scale: float  # full-size pixels for one that the networks looked at
    _shifts: Future[list[Shift]]
    _outputs: Outputs

    def shifts(self) -> list[Shift]:
        """Of each branch's picture into the common frame, in full-size pixels (A21, A22)."""
        return [(self.scale * x, self.scale * y) for x, y in self._shifts.result()]

    def alone(self) -> list[Said]:
        """What each branch says by itself.  Raises `NotFiniteError`."""
        with torch.inference_mode():
            return [say_alone(self._outputs, index) for index in range(len(self.shares))]


def _align(outputs: Outputs) -> list[Shift]:
    with torch.inference_mode():  # a property of the thread
        return measure_mosaic([central(outputs, index) for index in range(len(outputs.corrections))])


class _Buffers:
    """What the networks read and write, kept from picture to picture: fresh memory costs a page fault each 4 KiB."""

    def __init__(
        self, rows: int, columns: int, generator: Generator, precision: torch.dtype, device: torch.device
    ) -> None:
        def plane(channels: int) -> torch.Tensor:
            return torch.empty((rows, columns, channels), dtype=precision, device=device)

        self.x = plane(generator.inform.in_channels)
        self.features = plane(generator.inform.out_channels)
        self.outputs = {
            name: (plane(CELL * CELL), plane(getattr(generator, name).gate.out_channels)) for name in BRANCHES
        }
