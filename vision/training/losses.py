"""The three losses whose sum adjusts the networks and the fusion (stages A31, A32)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def charbonnier(output: Tensor, truth: Tensor) -> Tensor:
    """Mean of sqrt(difference^2 + eps^2): faithful everywhere, lenient with the few pixels that nothing can restore."""
    return torch.sqrt((output - truth) ** 2 + 1e-6).mean()


def edge(output: Tensor, truth: Tensor) -> Tensor:
    """Mean absolute difference of horizontal and vertical slopes of (B, 1, H, W): edges as steep as the truth's."""
    difference = output - truth
    across = (difference[..., :, 1:] - difference[..., :, :-1]).abs().mean()
    down = (difference[..., 1:, :] - difference[..., :-1, :]).abs().mean()
    return across + down


def adversarial(logits: Tensor) -> Tensor:
    """Small where the discriminator takes the deblurred picture for a clear one."""
    return F.softplus(-logits).mean()


def discrimination(real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's own loss: clear pictures against deblurred ones, one-sided smoothing of the real label."""
    return 0.9 * F.softplus(-real).mean() + 0.1 * F.softplus(real).mean() + F.softplus(fake).mean()
