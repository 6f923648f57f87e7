"""Batches from a bank of samples: which ones, turned and mirrored how; the same for the same seed and step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from vision.models.generator import CELL, Generator, pack, pack_detail
from vision.training.samples import Bank

UNKNOWN_REGION_SHARE = 0.15  # of samples told to the fusion without their region

SMALL_BLUR_PX = 8.0  # path length, or a defocus disc's diameter
OLD_MEMORY_FRAMES = 7


@dataclass(frozen=True, slots=True)
class Picked:
    """Samples as pixels: planes (B, 4, S, S) uint8 in the order of samples.PLANES, confidence (B, S/4, S/4) uint8,
    and the region of each, None where it is not to be told."""

    planes: NDArray[np.uint8]
    confidence: NDArray[np.uint8]
    regions: Sequence[str | None]


def pick(
    bank: Bank,
    rng: np.random.Generator,
    count: int,
    probability: NDArray[np.float64] | None = None,
    shard: tuple[int, int] = (0, 1),
) -> Picked:
    """`count` different samples (all, when there are fewer), turned by a quarter and mirrored by chance, alike in a
    batch.

    `probability` (N,) of being taken, sum 1; None: all alike.  `shard` (rank, size): this process's part of the
    `count`; the same `rng` state in all processes gives parts of the same batch.  Works for any network on the bank.
    """
    chosen = np.sort(rng.choice(len(bank), min(count, len(bank)), replace=False, p=probability))
    turns, mirrored = int(rng.integers(4)), rng.random() < 0.5
    told = rng.random(len(chosen)) >= UNKNOWN_REGION_SHARE
    rank, size = shard
    chosen, told = chosen[rank::size], told[rank::size]
    planes, confidence = bank.planes[chosen], bank.confidence[chosen]
    planes, confidence = np.rot90(planes, turns, (2, 3)), np.rot90(confidence, turns, (1, 2))
    if mirrored:
        planes, confidence = planes[..., ::-1], confidence[..., ::-1]
    regions = [bank.regions[index] if tell else None for index, tell in zip(chosen, told, strict=True)]
    return Picked(np.ascontiguousarray(planes), np.ascontiguousarray(confidence), regions)


def groups(bank: Bank) -> dict[str, NDArray[np.bool_]]:
    """Masks (N,) of the samples that are hard in their own way: "small_blur", "old_memory", "no_memory" (no clear frame
    has been seen), and of those that are not blurred at all, "none".  All False where the bank does not say."""
    unsaid = np.zeros(len(bank), dtype=np.bool_)
    if not bank.kinds:
        return dict.fromkeys(("small_blur", "old_memory", "no_memory", "none"), unsaid)
    none = np.array([kind == "none" for kind in bank.kinds], dtype=np.bool_)
    return {
        "small_blur": ~none & (bank.lengths_px <= SMALL_BLUR_PX),
        "old_memory": ~none & (bank.ages >= OLD_MEMORY_FRAMES),
        "no_memory": ~none & (bank.ages < 0),
        "none": none,
    }


def draw(
    bank: Bank,
    rng: np.random.Generator,
    count: int,
    generator: Generator,
    probability: NDArray[np.float64] | None = None,
    shard: tuple[int, int] = (0, 1),
) -> tuple[Batch, Tensor]:
    """A batch as `pick` chooses it, and fusion rows (B,), on the generator's device."""
    picked = pick(bank, rng, count, probability, shard)
    device = generator.inform.weight.device
    rows = torch.tensor([generator.fusion.row(region) for region in picked.regions], device=device)
    return batch_of(picked.planes, picked.confidence, device, generator.halved), rows


class Batch(NamedTuple):
    """Samples as the generator takes them, channels_last; h and w count cells of the full-size picture."""

    x: Tensor  # (B, 49, h, w), or halved (B, 52, h/2, w/2), see `pack`
    detail: Tensor  # (B, 48, h, w), see `pack_detail`
    truth: Tensor  # (B, 16, h, w) in 0..1
    base: Tensor  # (B, 16, h, w) in 0..1, blurred


def batch_of(
    planes: NDArray[np.uint8], confidence: NDArray[np.uint8], device: torch.device | None = None, halved: bool = True
) -> Batch:
    """Planes (B, 4, S, S) uint8 and confidence (B, S/4, S/4), both contiguous, as a batch for a generator that looks
    at half the size, or not."""
    given, fits = torch.from_numpy(planes).to(device), torch.from_numpy(confidence).to(device)
    blurred, truth, memory, sharp = _grids(given).unbind(1)
    detail = pack_detail(blurred, memory, sharp, fits)
    seen, seen_memory, seen_sharp = blurred, memory, sharp
    if halved:
        halves = F.avg_pool2d(given.float(), 2).round_().to(torch.uint8)
        seen, _, seen_memory, seen_sharp = _grids(halves).unbind(1)
    return Batch(pack(seen, seen_memory, seen_sharp, fits), detail, _unit(truth), _unit(blurred))


def _grids(planes: Tensor) -> Tensor:
    """(B, K, H, W) uint8 -> (B, K, H/4, W/4, 16)."""
    batch, kinds, height, width = planes.shape
    # Four neighbouring pixels travel as one: twice as fast as shuffling bytes.
    rows = planes.view(torch.int32).view(batch, kinds, height // CELL, CELL, width // CELL)
    cells = rows.transpose(3, 4).contiguous().view(torch.uint8)
    return cells.view(batch, kinds, height // CELL, width // CELL, CELL * CELL)


def _unit(grid: Tensor) -> Tensor:
    """(B, h, w, 16) uint8 -> (B, 16, h, w) float32 in 0..1."""
    return grid.float().mul_(1.0 / 255.0).permute(0, 3, 1, 2)
