"""The arithmetic of the fusion: corrections and gated details of the branches, weighted, added to the picture (A24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from vision.models.alignment import WINDOW_PX, Shift, project
from vision.models.generator import CELL, from_grid

Luma = NDArray[np.uint8]  # (H, W)
Layer = NDArray[np.float32]  # (H, W), 8-bit steps


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the branches gave for a picture, and what they were told; all on the grid of h x w cells."""

    blurred: torch.Tensor  # (h, w, 16) uint8
    memory: torch.Tensor  # (h, w, 16) uint8
    sharp: torch.Tensor  # (h, w, 16) uint8, deconvolved
    confidence: torch.Tensor  # (h, w) uint8
    corrections: list[torch.Tensor]  # of each branch, (h, w, 16) in units of full scale
    gates: list[torch.Tensor]  # of each branch, (h, w, 2): how much of memory and of deconvolution to take


def change_of(outputs: Outputs, shares: Sequence[float], rows: slice, columns: slice = slice(None)) -> torch.Tensor:
    """Weighted change of luma in 8-bit steps, (rows, columns, 16) float32.  Linear in correction and gates, as
    `with_detail` says, so the branches are weighted first."""
    part = (rows, columns)
    correction = _weighted([tensor[part] for tensor in outputs.corrections], shares).mul_(255.0)
    gates = _weighted([tensor[part] for tensor in outputs.gates], shares)
    base = outputs.blurred[part].float()
    fits = outputs.confidence[part].float().mul_(1.0 / 255.0).unsqueeze(-1)
    correction.addcmul_(outputs.memory[part].float().sub_(base), fits.mul_(gates[..., 0:1]))
    return correction.addcmul_(outputs.sharp[part].float().sub_(base), gates[..., 1:2])


def fuse_rows(
    outputs: Outputs, shares: Sequence[float], weight: torch.Tensor | None, rows: slice, result: torch.Tensor
) -> bool:
    """Writes rows of the fused picture (h, w, 16) uint8, aligned layers taken as given.

    `weight` (h, w, 1) uint8 weighs the change.  False: a network gave something that is no number.
    """
    change = change_of(outputs, shares, rows)
    if not bool(torch.isfinite(change.sum())):
        return False
    if weight is not None:
        change.mul_(weight[rows].float().mul_(1.0 / 255.0))
    result[rows] = change.add_(outputs.blurred[rows]).round_().clamp_(0.0, 255.0)
    return True


def layer(outputs: Outputs, index: int) -> Layer:
    """The picture that one branch alone gives."""
    change = change_of(*_only(outputs, index), slice(None))
    return from_grid(change.add_(outputs.blurred)).cpu().numpy()


def central(outputs: Outputs, index: int) -> Layer:
    """The middle of a branch's deblurred picture, for measuring its shift."""
    height, width = outputs.confidence.shape
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


def to_bytes(picture: Layer, blurred: Luma, inside: Luma | None) -> Luma:
    """A picture as bytes, its difference from the blurred one weighted by `inside` (H/4, W/4), 0..255."""
    if inside is not None:
        weight = np.repeat(np.repeat(inside, CELL, axis=0), CELL, axis=1) * np.float32(1.0 / 255.0)
        picture = (blurred + (picture - blurred) * weight).astype(np.float32, copy=False)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _only(outputs: Outputs, index: int) -> tuple[Outputs, list[float]]:
    told = (outputs.blurred, outputs.memory, outputs.sharp, outputs.confidence)
    return Outputs(*told, [outputs.corrections[index]], [outputs.gates[index]]), [1.0]


def _weighted(tensors: Sequence[torch.Tensor], shares: Sequence[float]) -> torch.Tensor:
    total = tensors[0].float()
    total = total.mul_(shares[0]) if total is not tensors[0] else total * shares[0]
    for tensor, share in zip(tensors[1:], shares[1:], strict=True):
        total.add_(tensor, alpha=share)
    return total
