"""The sharpness classifier (stage S1021b): crops at native resolution -> probability that the frame is clear."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CROP = 128  # pixels a side: blur is seen at native resolution only (a thumbnail gave AUC 0.58)
CROPS = 6  # a frame


class SharpnessNet(nn.Module):
    """Plain strided CNN over the crops of a frame; its last layer is one fully connected unit."""

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(4, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        self.conv3 = nn.Conv2d(2 * width, 2 * width, 3, stride=2, padding=1)
        self.conv4 = nn.Conv2d(2 * width, 3 * width, 3, stride=2, padding=1)
        self.unit = nn.Linear(3 * width * 2, 1)

    def forward(self, crops: Tensor) -> Tensor:
        """Luma (B, K, 128, 128) float in [0, 1], K crops of each of B frames -> logits (B,)."""
        batch, count, side, _ = crops.shape
        x = crops.reshape(batch * count, 1, side, side)
        var, mean = torch.var_mean(x, dim=(2, 3), keepdim=True, unbiased=False)
        x = (x - mean) * var.add(1e-4).rsqrt()  # lamp and exposure are not sharpness
        x = F.pixel_unshuffle(x, 2).contiguous(memory_format=torch.channels_last)  # (B K, 4, 64, 64)
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))  # 32 x 32
        x = torch.relu(self.conv3(x))  # 16 x 16
        x = torch.relu(self.conv4(x))  # 8 x 8
        x = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1).view(batch, count, -1).mean(dim=1)
        return self.unit(x).squeeze(1)
