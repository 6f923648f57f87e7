"""The three losses whose sum adjusts the networks and the fusion (stages A31, A32)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def charbonnier(output: Tensor, truth: Tensor) -> Tensor:
    """Mean of sqrt(difference^2 + eps^2) a picture, (B, C, h, w) -> (B,): faithful everywhere, lenient with the few
    pixels that nothing can restore."""
    return torch.sqrt((output - truth) ** 2 + 1e-6).mean(dim=(1, 2, 3))


def edge(output: Tensor, truth: Tensor) -> Tensor:
    """Mean absolute difference of horizontal and vertical slopes, (B, 1, H, W) -> (B,): edges as steep as the
    truth's."""
    difference = output - truth
    across = (difference[..., :, 1:] - difference[..., :, :-1]).abs().mean(dim=(1, 2, 3))
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean(dim=(1, 2, 3))
    return across + down


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
