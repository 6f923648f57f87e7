"""How good a generator in training is on its val samples, as figures and as pictures side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from vision.models.discriminator import Discriminator
from vision.models.generator import BRANCHES, CELL, Generator
from vision.opencv import cv2
from vision.training.batches import batch_of, groups
from vision.training.samples import Bank

SMALLEST_MSE = 1e-7  # of full scale 1: what is nearer to the truth counts as this near
WORST_ALLOWED_DB = -0.1  # the goal for the worst percent
WORST_PRICE = 2.0  # dB of mean gain that one dB below that goal is held to be worth
PICTURES = 6  # samples on a sheet
COLUMNS = ("blurred", *BRANCHES, "fused", "truth")
HEAD_PX = 22  # height of the line of names


@torch.no_grad()
def restore(generator: Generator, bank: Bank, part: slice) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Truth and blurred grids (B, 16, h, w) of samples, and the fused output and that of each branch, in 0..1."""
    device = generator.inform.weight.device
    x, detail, truth, base = batch_of(bank.planes[part], bank.confidence[part], device, generator.halved)
    rows = torch.tensor([generator.fusion.row(region) for region in bank.regions[part]], device=device)
    change, layers = generator(x, detail, rows)
    return truth, base, [(base + layer).clamp(0.0, 1.0) for layer in (change, *layers)]


@torch.no_grad()
def judge(generator: Generator, discriminator: Discriminator, bank: Bank) -> dict[str, float]:
    """Gain in PSNR over the blurred input (dB), fused and of each branch, by groups of samples and of the worst
    percent; the discriminator's probability that the output is clear; and `score_db`, by which weights are chosen.

    Samples without blur count in `gain_none_db` alone.
    """
    gains: dict[str, list[float]] = {name: [] for name in ("fused", *BRANCHES)}
    probability: list[float] = []
    discriminator.eval()
    for start in range(0, len(bank), 16):
        truth, base, outputs = restore(generator, bank, slice(start, start + 16))
        before = _mse(base, truth)
        for name, output in zip(gains, outputs, strict=True):
            gains[name] += (10.0 * torch.log10(before / _mse(output, truth))).tolist()
        probability += torch.sigmoid(discriminator(outputs[0])).tolist()
    discriminator.train()
    fused = np.array(gains["fused"])
    parts = groups(bank)
    blurred = ~parts["none"]
    scores = {f"gain_{name}_db": float(np.mean(np.array(values)[blurred])) for name, values in gains.items()}
    scores |= {f"gain_{name}_db": float(fused[mask].mean()) for name, mask in parts.items() if mask.any()}
    scores["worst_1_percent_db"] = float(np.quantile(fused[blurred], 0.01))
    scores["below_minus_0.1_db_share"] = float(np.mean(fused[blurred] < WORST_ALLOWED_DB))
    scores["p_clear"] = float(np.mean(probability))
    scores["score_db"] = score(scores["gain_fused_db"], scores["worst_1_percent_db"])
    return scores


def score(mean_gain_db: float, worst_1_percent_db: float) -> float:
    """What weights are chosen by: the mean gain, less twice what the worst percent lies below -0.1 dB."""
    return mean_gain_db - WORST_PRICE * max(0.0, WORST_ALLOWED_DB - worst_1_percent_db)


def write_pictures(generator: Generator, bank: Bank, target: Path) -> None:
    """A sheet of val samples, one a line: blurred, each branch, fused, truth.  Raises OSError.

    It shows crops of the training data, so it belongs into the run's own folder and nowhere else.
    """
    spread = np.linspace(0, len(bank) - 1, min(PICTURES, len(bank))).astype(int)
    lines = [_head(bank.planes.shape[-1])]
    for index in spread:
        truth, base, (fused, *layers) = restore(generator, bank, slice(int(index), int(index) + 1))
        lines.append(np.concatenate([_luma(grid) for grid in (base, *layers, fused, truth)], axis=1))
    ok, data = cv2.imencode(".png", np.concatenate(lines))
    if not ok:
        raise OSError(f"{target}: the pictures could not be encoded as PNG")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data.tobytes())


def _mse(picture: Tensor, truth: Tensor) -> Tensor:
    return ((picture - truth) ** 2).mean(dim=(1, 2, 3)).clamp_min(SMALLEST_MSE)


def _luma(grid: Tensor) -> NDArray[np.uint8]:
    return F.pixel_shuffle(grid, CELL)[0, 0].clamp(0.0, 1.0).mul(255.0).round().to(torch.uint8).cpu().numpy()


def _head(side: int) -> NDArray[np.uint8]:
    line = np.full((HEAD_PX, side * len(COLUMNS)), 255, dtype=np.uint8)
    for number, name in enumerate(COLUMNS):
        cv2.putText(line, name, (side * number + 6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    return line
