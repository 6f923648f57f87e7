"""The region classifier (stage S1022b): a picture -> a unit vector, compared with those of the region library."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 112  # pixels a side of the thumbnail of the field of view
EMBEDDING = 64


class RegionNet(nn.Module):
    """Plain strided CNN.  Regions are told apart by nearness to prototypes, so a new region needs no training."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 5, stride=2, padding=2)
        self.conv2 = nn.Conv2d(width, width, 3, stride=2, padding=1)
        self.conv3 = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        self.conv4 = nn.Conv2d(2 * width, 3 * width, 3, stride=2, padding=1)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in (width, width, 2 * width, 3 * width)])
        self.embed = nn.Linear(3 * width * 2, EMBEDDING)

    def forward(self, thumbnails: Tensor) -> Tensor:
        """BGR (B, 3, 112, 112) float in [0, 1] -> unit vectors (B, 64)."""
        x = (thumbnails - 0.4) * 4.0
        for conv, norm in zip((self.conv1, self.conv2, self.conv3, self.conv4), self.norms, strict=True):
            x = torch.relu(norm(conv(x)))  # 56, 28, 14, 7 pixels a side
        x = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)
        return F.normalize(self.embed(x), dim=1)
