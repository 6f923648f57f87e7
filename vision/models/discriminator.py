"""Judges for the training whether luma is a clear picture: probability in [0, 1], and the stop criterion (A3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm


class Discriminator(nn.Module):
    """Strided convolutions on the 4x grid with spectral norm, which bounds its slope and so keeps training stable."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                spectral_norm(nn.Conv2d(16, width, 3, padding=1)),
                spectral_norm(nn.Conv2d(width, width, 3, stride=2, padding=1)),
                spectral_norm(nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)),
                spectral_norm(nn.Conv2d(2 * width, 2 * width, 3, padding=1)),
            ]
        )
        self.judge = nn.Linear(2 * width, 1)

    def forward(self, grid: Tensor) -> Tensor:
        """Luma grid (B, 16, h, w) in [0, 1] -> logits (B,) of "this is a clear picture"."""
        # The mean of each cell says how bright the tissue is, not how clear: only detail is judged.
        x = (grid - grid.mean(dim=1, keepdim=True)) * 8.0
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
        return self.judge(x.mean(dim=(2, 3))).squeeze(1)

    @torch.no_grad()
    def probability(self, grid: Tensor) -> float:
        """Mean probability of clear over a batch, 0..1."""
        return float(torch.sigmoid(self(grid)).mean())
