"""U-Net, the third of the three deblurring networks (patent stage A1), on the 4x pixel-unshuffled luma grid."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class UNet(nn.Module):
    """Two levels down and up with skips (Ronneberger 2015): sees about 180 pixels around each one."""

    def __init__(self, features: int = 32, width: int = 16, gates: int = 12) -> None:
        super().__init__()
        self.enter = nn.Conv2d(features, width, 1)
        self.down1 = nn.Conv2d(features, 2 * width, 3, stride=2, padding=1)
        self.same1 = nn.Conv2d(2 * width, 2 * width, 3, padding=1)
        self.down2 = nn.Conv2d(2 * width, 3 * width, 3, stride=2, padding=1)
        self.same2 = nn.Conv2d(3 * width, 3 * width, 3, padding=1)
        self.bottom = nn.Conv2d(3 * width, 3 * width, 3, padding=2, dilation=2)
        self.up2 = nn.Conv2d(3 * width, 2 * width, 1)
        self.merge2 = nn.Conv2d(2 * width, 2 * width, 3, padding=1)
        self.up1 = nn.Conv2d(2 * width, width, 1)
        self.merge1 = nn.Conv2d(width, width, 3, padding=1)
        self.leave = nn.Conv2d(width, 16, 3, padding=1)
        self.gate = nn.Conv2d(width, gates, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, features, h, w) -> correction (B, 16, h, w) and gates (B, gates, h, w); h and w are multiples of 4."""
        full = self.enter(x)  # (B, width, h, w)
        half = torch.relu(self.same1(torch.relu(self.down1(x))))  # (B, 2 width, h/2, w/2)
        low = torch.relu(self.same2(torch.relu(self.down2(half))))  # (B, 3 width, h/4, w/4)
        low = low + torch.relu(self.bottom(low))
        half = half + F.interpolate(self.up2(low), scale_factor=2.0, mode="nearest")  # skips add: no wide concatenation
        half = torch.relu(self.merge2(half))
        full = torch.relu(full + F.interpolate(self.up1(half), scale_factor=2.0, mode="nearest"))
        full = torch.relu(self.merge1(full))
        return self.leave(full), self.gate(full)
