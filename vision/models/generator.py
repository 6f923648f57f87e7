"""The deblurring sub-network: SRCNN, ESPCN and U-Net, each told what the tower knows, and their fusion (A1, A2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vision.models.espcn import ESPCN
from vision.models.fusion import Fusion
from vision.models.srcnn import SRCNN
from vision.models.unet import UNet

CELL = 4  # pixels a side of one grid cell
MULTIPLE = 16  # picture sides the generator takes: cell times the two halvings of the U-Net
CHANNELS = 16 + 16 + 16 + 1  # blurred luma, memory minus blurred, deconvolved minus blurred, confidence
BRANCHES = ("srcnn", "espcn", "unet")
DIFFERENCE_GAIN = 4.0  # differences of luma are small; this brings them to the scale of luma itself


class Generator(nn.Module):
    """Corrections of luma by three networks, on a grid of 4x4 pixel cells.

    Each branch predicts a correction from features and, by two gates, how much of the memory's detail (only where
    the confidence says that it fits) and of the deconvolved detail to take.  All last layers start at zero, so an
    untrained generator leaves the picture as it is.
    """

    def __init__(self, regions: Sequence[str], features: int = 32, width: int = 16) -> None:
        super().__init__()
        self.inform = nn.Conv2d(CHANNELS, features, 1)  # one common reading of the 49 channels for all branches
        self.srcnn = SRCNN(features, width)
        self.espcn = ESPCN(features, width)
        self.unet = UNet(features, width)
        self.fusion = Fusion(regions, len(BRANCHES))
        for last in (self.srcnn.reconstruct, self.espcn.sub_pixel, self.unet.leave):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)  # pyright: ignore[reportArgumentType]
        for branch in (self.srcnn, self.espcn, self.unet):
            nn.init.zeros_(branch.gate.weight)
            nn.init.zeros_(branch.gate.bias)  # pyright: ignore[reportArgumentType]

    def features(self, x: Tensor) -> Tensor:
        """Input (B, 49, h, w) of `pack` -> (B, features, h, w), common to all branches."""
        return torch.relu(self.inform(x))

    def branch(self, name: str, features: Tensor) -> tuple[Tensor, Tensor]:
        """One network: correction (B, 16, h, w) in units of full scale, and the two gates (B, 2, h, w)."""
        return getattr(self, name)(features)

    def forward(self, x: Tensor, rows: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Input (B, 49, h, w) of `pack` and fusion rows (B,) -> fused correction (B, 16, h, w) and that of every
        branch; alignment taken as identity, as in training (see alignment.py for the rest)."""
        features = self.features(x)
        memory = x[:, 16:32] * x[:, 48:49] / DIFFERENCE_GAIN
        sharp = x[:, 32:48] / DIFFERENCE_GAIN
        # Under autocast the convolutions come in half precision; sums over branches and losses stay in float32.
        parts = [self.branch(name, features) for name in BRANCHES]
        layers = [with_detail(correction.float(), gates.float(), memory, sharp) for correction, gates in parts]
        return self.fusion(layers, rows), layers


def with_detail(correction: Tensor, gates: Tensor, memory: Tensor, sharp: Tensor) -> Tensor:
    """A branch's correction with the gated detail of memory (already times confidence) and deconvolution.

    (B, 16, h, w), (B, 2, h, w), (B, 16, h, w), (B, 16, h, w) -> (B, 16, h, w).  Linear in correction and gates, so
    branches may be weighted before it.
    """
    return torch.addcmul(torch.addcmul(correction, memory, gates[:, 0:1]), sharp, gates[:, 1:2])


def to_grid(luma: NDArray[np.uint8]) -> Tensor:
    """(H, W) uint8 with H, W multiples of 4 -> (H/4, W/4, 16) uint8; channel 4 y + x is pixel (y, x) of the cell."""
    height, width = luma.shape
    rows = torch.from_numpy(luma.view(np.int32)).view(height // CELL, CELL, width // CELL)  # four pixels travel as one
    cells = rows.permute(0, 2, 1).contiguous()
    return cells.view(torch.uint8).view(height // CELL, width // CELL, CELL * CELL)


def from_grid(grid: Tensor) -> Tensor:
    """(h, w, 16) of any type -> (4 h, 4 w), the inverse of `to_grid`."""
    height, width, _ = grid.shape
    if grid.dtype == torch.uint8 and grid.is_contiguous():
        cells = grid.view(torch.int32).permute(0, 2, 1).contiguous()  # four pixels travel as one
        return cells.view(torch.uint8).view(height * CELL, width * CELL)
    cells = grid.view(height, width, CELL, CELL).permute(0, 2, 1, 3)
    return cells.reshape(height * CELL, width * CELL)


def pack(blurred: Tensor, memory: Tensor, sharp: Tensor, confidence: Tensor) -> Tensor:
    """Grids (..., h, w, 16) uint8 of blurred, aligned memory and deconvolved luma and (..., h, w) uint8 confidence
    -> (B, 49, h, w) float32 in channels_last, as the generator takes it (its input contract)."""
    if blurred.dim() == 3:
        blurred, memory, sharp, confidence = (t.unsqueeze(0) for t in (blurred, memory, sharp, confidence))
    batch, height, width, _ = blurred.shape
    x = torch.empty(batch, height, width, CHANNELS, device=blurred.device)
    scale = 1.0 / 255.0
    base = blurred.float()
    torch.mul(base, scale, out=x[..., 0:16])
    torch.mul(memory.float().sub_(base), scale * DIFFERENCE_GAIN, out=x[..., 16:32])
    torch.mul(sharp.float().sub_(base), scale * DIFFERENCE_GAIN, out=x[..., 32:48])
    torch.mul(confidence.float(), scale, out=x[..., 48])
    return x.permute(0, 3, 1, 2)
