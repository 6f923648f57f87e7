"""The sharpness classifier (stage S1021b): crops at native resolution -> probability that the frame is clear."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CROP = 128  # pixels a side: blur is seen at native resolution only (a thumbnail gave AUC 0.58)
CROPS = 6  # a frame
CELLS = 8  # a side: parts of a crop whose mean activity is told apart
HIDDEN = 32  # channels between activities and the unit
FLOOR = 0.01  # activity below which a channel counts as silent; the crops have variance 1


class SharpnessNet(nn.Module):
    """Plain strided CNN over the crops of a frame; its last layer is one fully connected unit.

    What is weighed is the logarithm of how active each channel of each layer is, in the mean and in the liveliest of
    8 x 8 parts.  Blur shows in the ratio of fine to coarse detail, and shake in that of detail along to detail across:
    ratios are differences of logarithms.  A hidden layer can take them up whichever way the shake runs
    (docs/enhanced-view.md has what was tried; what each of this brings by itself was not separated).
    """

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 5, stride=2, padding=2)
        self.conv2 = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        self.conv3 = nn.Conv2d(2 * width, 2 * width, 3, stride=2, padding=1)
        self.conv4 = nn.Conv2d(2 * width, 3 * width, 3, stride=2, padding=1)
        self.weigh = nn.Linear(2 * 8 * width, HIDDEN)
        self.unit = nn.Linear(HIDDEN, 1)

    def forward(self, crops: Tensor) -> Tensor:
        """Luma (B, K, 128, 128) float in [0, 1], K crops of each of B frames -> logits (B,)."""
        batch, count, side, _ = crops.shape
        x = crops.reshape(batch * count, 1, side, side)
        x = x - x.mean(dim=(2, 3), keepdim=True)
        x = x * (x * x).mean(dim=(2, 3), keepdim=True).add(1e-4).rsqrt()  # lamp and exposure are not sharpness
        x = x.contiguous(memory_format=torch.channels_last)
        seen: list[Tensor] = []
        for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
            x = torch.relu(conv(x))  # 64, 32, 16, 8 pixels a side
            parts = F.avg_pool2d(x, x.shape[-1] // CELLS) if x.shape[-1] > CELLS else x
            seen += [parts.mean(dim=(2, 3)), parts.amax(dim=(2, 3))]
        activity = torch.cat(seen, dim=1).float().add(FLOOR).log().view(batch, count, -1).mean(dim=1)
        return self.unit(torch.relu(self.weigh(activity.to(self.weigh.weight.dtype)))).squeeze(1)
