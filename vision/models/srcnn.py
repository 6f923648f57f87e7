"""SRCNN, the first of the three deblurring networks (patent stage A1), on the 4x pixel-unshuffled luma grid."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SRCNN(nn.Module):
    """Patch extraction, non-linear mapping, reconstruction (Dong 2014), three layers without skips.

    A 3x3 kernel on the 4x grid sees 12x12 pixels, so it takes the place of the published 9x9 at a sixteenth
    of the positions.
    """

    def __init__(self, features: int = 32, width: int = 16, gates: int = 12) -> None:
        super().__init__()
        self.extract = nn.Conv2d(features, width, 3, padding=1)
        self.map = nn.Conv2d(width, width, 1)
        self.reconstruct = nn.Conv2d(width, 16, 3, padding=1)
        self.gate = nn.Conv2d(width, gates, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, features, h, w) -> correction (B, 16, h, w) and `gates` gates."""
        x = torch.relu(self.extract(x))  # (B, width, h, w)
        x = torch.relu(self.map(x))
        return self.reconstruct(x), self.gate(x)
