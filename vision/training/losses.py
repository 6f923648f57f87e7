"""The losses whose sum adjusts networks and fusion (stages A31, A32): faithful, steep edges, no harm, clear."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

EPS = 1e-6  # of charbonnier, squared units of full scale: a quarter of a grey level
NOISE_FLOOR = (0.5 / 255.0) ** 2  # squared error (full scale 1) that is not told from none: half a grey level
TILE_CELLS = 12  # a tile of the harm loss is 48x48 pixels


def charbonnier(output: Tensor, truth: Tensor) -> Tensor:
    """Mean of sqrt(difference^2 + eps^2) a picture, (B, C, h, w) -> (B,): faithful everywhere, lenient with the few
    pixels that nothing can restore."""
    return torch.sqrt((output - truth) ** 2 + EPS).mean(dim=(1, 2, 3))


def edge(output: Tensor, truth: Tensor) -> Tensor:
    """Mean absolute difference of horizontal and vertical slopes, (B, 1, H, W) -> (B,): edges as steep as the
    truth's."""
    difference = output - truth
    across = (difference[..., :, 1:] - difference[..., :, :-1]).abs().mean(dim=(1, 2, 3))
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean(dim=(1, 2, 3))
    return across + down


def faithfulness(output: Tensor, truth: Tensor, edge_weight: float) -> tuple[Tensor, Tensor, Tensor]:
    """`charbonnier` + `edge_weight` * `edge` of pictures on the 4x grid, (B, 16, h, w) twice -> (B,) three times: the
    sum, and its two parts for the log alone (they carry no gradient).

    The gradient is written down while the differences are at hand: a third of the time that autograd takes over it,
    and no picture is shuffled back to pixels.
    """
    return _Faithfulness.apply(output, truth, edge_weight)  # pyright: ignore[reportReturnType]  # apply is untyped


class _Faithfulness(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, output: Tensor, truth: Tensor, edge_weight: float) -> tuple[Tensor, Tensor, Tensor]:
        difference = (output - truth).contiguous(memory_format=torch.contiguous_format)
        root = (difference * difference).add_(EPS).sqrt_()
        away = root.mean(dim=(1, 2, 3))
        gradient = torch.div(difference, root, out=root).mul_(1.0 / difference[0].numel())
        cells, slopes = difference.unflatten(1, (4, 4)), gradient.unflatten(1, (4, 4))  # (B, 4 y, 4 x, h, w)
        _, _, _, height, width = cells.shape
        across, down = 1.0 / (4 * height * (4 * width - 1)), 1.0 / (4 * width * (4 * height - 1))
        steep = torch.zeros_like(away)
        # Neighbours within a cell, then those of which one is the next cell's: both across, then both down.
        for ahead, here, share in (
            ((..., slice(1, None), slice(None), slice(None)), (..., slice(0, -1), slice(None), slice(None)), across),
            ((..., 0, slice(None), slice(1, None)), (..., 3, slice(None), slice(0, -1)), across),
            ((slice(None), slice(1, None)), (slice(None), slice(0, -1)), down),
            ((slice(None), 0, slice(None), slice(1, None)), (slice(None), 3, slice(None), slice(0, -1)), down),
        ):
            step = cells[ahead] - cells[here]
            steep += step.abs().flatten(1).sum(dim=1) * share
            step.sign_()
            slopes[ahead].add_(step, alpha=edge_weight * share)
            slopes[here].sub_(step, alpha=edge_weight * share)
        like = (
            torch.channels_last if output.is_contiguous(memory_format=torch.channels_last) else torch.contiguous_format
        )
        ctx.save_for_backward(gradient.contiguous(memory_format=like))
        ctx.mark_non_differentiable(away, steep)
        return away + edge_weight * steep, away, steep

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor, None, None]:  # pyright: ignore[reportIncompatibleMethodOverride]  # autograd calls it by position
        (gradient,) = ctx.saved_tensors
        return gradient * upstream[0][:, None, None, None], None, None


def squared_errors(picture: Tensor, truth: Tensor) -> Tensor:
    """Mean squared error a tile of 48x48 pixels, on the 4x grid: (B, 16, h, w) twice -> (B, h/12, w/12); what is left
    at the right and lower rim belongs to no tile."""
    difference = picture - truth
    return F.avg_pool2d((difference * difference).mean(dim=1, keepdim=True), TILE_CELLS).squeeze(1)


def harm(output: Tensor, blurred: Tensor, margin_db: float) -> Tensor:
    """What a picture, or a tile of it, lacks of a gain of `margin_db` over the blurred one; squared errors of any
    shape twice, element by element -> the same shape, nepers of squared error; 0 where it gains enough.

    The mean gain forgives a few pictures that lose a decibel; the surgeon does not.  The ratio is that of PSNR, so
    that a small error added to a hardly blurred picture weighs as much as a large one to a strongly blurred one.
    """
    ratio = torch.log((output + NOISE_FLOOR) / (blurred + NOISE_FLOOR))
    return F.relu(ratio + margin_db * math.log(10.0) / 10.0)


def fairness(blurred: Tensor, truth: Tensor) -> Tensor:
    """Weight of each picture, (B,), about 1 on average: the smaller its blur, the dearer the same error.

    What counts is the gain in dB, a ratio: without it the strongly blurred pictures rule, and pictures with hardly any
    blur are harmed.
    """
    return 0.02 / (charbonnier(blurred, truth) + 0.006)


def adversarial(logits: Tensor) -> Tensor:
    """Small where the discriminator takes the deblurred picture for a clear one."""
    return F.softplus(-logits).mean()


def discrimination(real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's own loss: clear pictures against deblurred ones, one-sided smoothing of the real label."""
    return 0.9 * F.softplus(-real).mean() + 0.1 * F.softplus(real).mean() + F.softplus(fake).mean()
