"""The adversary of DeblurGAN-v2's training: a discriminator of two scales, relativistic average least squares."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class PatchJudge(nn.Module):
    """PatchGAN (Isola et al. 2017): `halvings` strided convolutions, then a score for each patch that it sees."""

    def __init__(self, channels: int, width: int, halvings: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(channels, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        for level in range(1, halvings):
            before, after = width * min(2 ** (level - 1), 8), width * min(2**level, 8)
            layers += [nn.Conv2d(before, after, 4, 2, 1), nn.InstanceNorm2d(after), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width * min(2 ** (halvings - 1), 8), 1, 4, 1, 1))

    def forward(self, picture: Tensor) -> Tensor:
        """(B, C, H, W) in -1..1 -> scores (B, 1, h, w), without bound."""
        return self.layers(picture)


class DoubleScaleJudge(nn.Module):
    """One judge of patches of some 46 pixels, one of patches of some 190, which is a whole training picture.

    Both see cells of `CELL` pixels a side as channels, in the place of their first halving.  The published ones are of
    width 64 and cost many times what the generator at our width does.
    """

    CELL = 2

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.patch = PatchJudge(channels * self.CELL**2, width, 2)
        self.whole = PatchJudge(channels * self.CELL**2, width, 4)

    def forward(self, picture: Tensor) -> list[Tensor]:
        """(B, C, H, W) in 0..1 -> scores of both judges."""
        signed = F.pixel_unshuffle(picture * 2.0 - 1.0, self.CELL).contiguous(memory_format=torch.channels_last)
        return [self.patch(signed), self.whole(signed)]


def judging_loss(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """RaGAN-LS of the discriminator: real scores 1 above the mean of the fake ones, fake ones 1 below that of the
    real ones; mean of the scales."""
    parts = [
        ((r - f.mean() - 1.0) ** 2).mean() + ((f - r.mean() + 1.0) ** 2).mean() for r, f in zip(real, fake, strict=True)
    ]
    return torch.stack(parts).mean() * 0.5


def deceiving_loss(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """RaGAN-LS of the generator: the same with real and fake exchanged."""
    return judging_loss(fake, real)
