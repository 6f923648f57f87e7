"""The arithmetic of the fusion: corrections and gated details of the branches, weighted, added to the picture (A24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vision.models.alignment import WINDOW_PX, Shift, project
from vision.models.generator import CELL, GATES, from_grid

Luma = NDArray[np.uint8]  # (H, W)
Plane = NDArray[np.float32]
Layer = NDArray[np.float32]  # (H, W), 8-bit steps


class NotFiniteError(Exception):
    """A network gave something that is no number."""


class Said(NamedTuple):
    """What networks say of a picture (H, W): how to change it."""

    memory: Plane  # (H/4, W/4), share of the offered detail to take where it fits
    sharp: Plane  # (H/4, W/4), the same of the deconvolved detail
    anywhere: Plane  # (H/4, W/4), share of the offered detail to take whether it fits or not
    correction: Plane  # (H/2, W/2) or (H, W), 8-bit steps


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the branches gave for a picture, at full or half size, and what they were told; all on its grid of h x w."""

    blurred: torch.Tensor  # (h, w, 16) uint8
    memory: torch.Tensor  # (h, w, 16) uint8
    sharp: torch.Tensor  # (h, w, 16) uint8, deconvolved
    confidence: torch.Tensor  # (h, w, 1) uint8, or (h, w, 4) of the quarters of a cell
    corrections: list[torch.Tensor]  # of each branch, (h, w, 16) in units of full scale
    gates: list[torch.Tensor]  # of each branch, (h, w, 3), or (h, w, 12) for each quarter of a cell


def change_of(outputs: Outputs, shares: Sequence[float], rows: slice, columns: slice = slice(None)) -> torch.Tensor:
    """Weighted change of half-size luma in 8-bit steps, (rows, columns, 16) float32.  Linear in correction and gates,
    as `with_detail` says, so the branches are weighted first."""
    part = (rows, columns)
    correction = _weighted([tensor[part] for tensor in outputs.corrections], shares).mul_(255.0)
    gates = _weighted([tensor[part] for tensor in outputs.gates], shares).unflatten(-1, (GATES, -1))
    base = outputs.blurred[part].float()
    fits = outputs.confidence[part].float().mul_(1.0 / 255.0)
    # The parts of a cell are taken together here: a shift is told from the picture as a whole.
    offered = (gates[..., 0, :] * fits + gates[..., 2, :]).mean(dim=-1, keepdim=True)
    correction.addcmul_(outputs.memory[part].float().sub_(base), offered)
    return correction.addcmul_(outputs.sharp[part].float().sub_(base), gates[..., 1, :].mean(dim=-1, keepdim=True))


def say(outputs: Outputs, shares: Sequence[float]) -> Said:
    """What the branches say together, aligned layers taken as given: what is weighted may be added up before it is
    drawn.  Raises `NotFiniteError`."""
    correction = _weighted(outputs.corrections, shares).mul_(255.0)
    gates = _weighted(outputs.gates, shares)
    if not bool(torch.isfinite(correction.sum() + gates.sum())):
        raise NotFiniteError("a network gave something that is no number")
    height, width, count = gates.shape
    side = 1 if count == GATES else 2  # parts of a cell that have gates of their own
    parts = gates.view(height, width, GATES, side, side).permute(2, 0, 3, 1, 4)
    memory, sharp, anywhere = parts.reshape(GATES, side * height, side * width).cpu().numpy()
    return Said(memory, sharp, anywhere, from_grid(correction).cpu().numpy())


def say_alone(outputs: Outputs, index: int) -> Said:
    """What one branch says by itself.  Raises `NotFiniteError`."""
    return say(*_only(outputs, index))


def central(outputs: Outputs, index: int) -> Layer:
    """The middle of a branch's deblurred half-size picture, for measuring its shift."""
    height, width, _ = outputs.confidence.shape
    side_y, side_x = min(WINDOW_PX // CELL, height), min(WINDOW_PX // CELL, width)
    top, left = (height - side_y) // 2, (width - side_x) // 2
    rows, columns = slice(top, top + side_y), slice(left, left + side_x)
    change = change_of(*_only(outputs, index), rows, columns)
    return from_grid(change.add_(outputs.blurred[rows, columns])).cpu().numpy()


def fuse_shifted(layers: Sequence[Layer], shifts: Sequence[Shift], shares: Sequence[float]) -> Layer:
    """Layers projected into the common frame and weighted there."""
    total = np.zeros(layers[0].shape, dtype=np.float32)
    for picture, shift, share in zip(layers, shifts, shares, strict=True):
        total += project(picture, shift) * np.float32(share)
    return total


def to_bytes(picture: Layer, blurred: Luma, weight: Plane) -> Luma:
    """A picture as bytes, its difference from the blurred one weighted by `weight` (H/4, W/4), 0..1."""
    wide = np.repeat(np.repeat(weight, CELL, axis=0), CELL, axis=1)
    return np.clip(np.rint(blurred + (picture - blurred) * wide), 0, 255).astype(np.uint8)


def _only(outputs: Outputs, index: int) -> tuple[Outputs, list[float]]:
    told = (outputs.blurred, outputs.memory, outputs.sharp, outputs.confidence)
    return Outputs(*told, [outputs.corrections[index]], [outputs.gates[index]]), [1.0]


def _weighted(tensors: Sequence[torch.Tensor], shares: Sequence[float]) -> torch.Tensor:
    total = tensors[0].float()
    total = total.mul_(shares[0]) if total is not tensors[0] else total * shares[0]
    for tensor, share in zip(tensors[1:], shares[1:], strict=True):
        total.add_(tensor, alpha=share)
    return total
