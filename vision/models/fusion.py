"""Linear weighting of the three deblurred pictures in their overlap, with learned weights per region (stage A24)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Fusion(nn.Module):
    """One row of three weights a region, each row positive with sum 1; the last row is for an unknown region."""

    def __init__(self, regions: Sequence[str], branches: int = 3) -> None:
        super().__init__()
        self.regions = tuple(regions)
        self.common = nn.Parameter(torch.zeros(branches))  # what all regions share: few frames show some of them
        self.own = nn.Parameter(torch.zeros(len(self.regions) + 1, branches))

    def row(self, region: str | None) -> int:
        """Row of a region's weights; that of "unknown" for None or a region that was not trained."""
        return self.regions.index(region) if region in self.regions else len(self.regions)

    def weights(self, rows: Tensor) -> Tensor:
        """(B,) int64 rows -> (B, branches), each row summing to 1."""
        return torch.softmax(self.common + self.own[rows], dim=-1)

    def forward(self, layers: Sequence[Tensor], rows: Tensor) -> Tensor:
        """Aligned layers, each (B, C, h, w), and rows (B,) -> (B, C, h, w)."""
        weights = self.weights(rows)
        fused = layers[0] * weights[:, 0, None, None, None]
        for index, layer in enumerate(layers[1:], start=1):
            fused = torch.addcmul(fused, layer, weights[:, index, None, None, None])
        return fused
