"""ESPCN, the second of the three deblurring networks (patent stage A1), on the 4x pixel-unshuffled luma grid."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ESPCN(nn.Module):
    """Two feature layers and a sub-pixel layer (Shi 2016): its 16 channels are the 4x4 pixels of one grid cell.

    The pixel shuffle itself is left to the fusion, which is linear and so may come before it.
    """

    def __init__(self, features: int = 32, width: int = 16, gates: int = 12) -> None:
        super().__init__()
        self.first = nn.Conv2d(features, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.sub_pixel = nn.Conv2d(width, 16, 3, padding=1)
        self.gate = nn.Conv2d(width, gates, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, features, h, w) -> correction (B, 16, h, w) and `gates` gates."""
        x = torch.tanh(self.first(x))  # (B, width, h, w); the published activation
        x = torch.relu(self.second(x))
        return self.sub_pixel(x), self.gate(x)
