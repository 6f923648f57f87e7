"""Means over the surroundings of every pixel, whatever the size of the window."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def local_mean(x: Tensor, window: int) -> Tensor:
    """Mean of the `window` x `window` cells around each one, (B, C, h, w) -> the same shape.

    At the border the window is moved inside, so that it is always full; a side shorter than the window is averaged
    whole.  By running sums, so the cost does not grow with the window.
    """
    for dim in (2, 3):
        size = x.shape[dim]
        if window >= size:
            x = x.mean(dim=dim, keepdim=True)
            continue
        # Double precision: running sums over a whole side would lose the last digits of single.
        sums = F.pad(x.double().cumsum(dim), (1, 0) if dim == 3 else (0, 0, 1, 0))
        inside = (sums.narrow(dim, window, size + 1 - window) - sums.narrow(dim, 0, size + 1 - window)) / window
        before = (window - 1) // 2
        index = (torch.arange(size) - before).clamp(0, size - window)
        x = inside.to(x.dtype).index_select(dim, index)
    return x
