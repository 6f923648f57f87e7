"""The deblurring sub-network: SRCNN, ESPCN and U-Net, each told what the tower knows, and their fusion (A1, A2).

Where there is a clear memory the networks look at the picture at half its size, which shake leaves little above, in
cells of 4x4 of its pixels.  What they say of each cell is a correction at half size and how much of the known detail to
take; the detail itself comes at full size from the memory.  Without one, a second set of them works at full size: it
has to draw all detail itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from vision.models.espcn import ESPCN
from vision.models.fusion import Fusion
from vision.models.srcnn import SRCNN
from vision.models.unet import UNet

CELL = 4  # pixels a side of one cell of a grid, whatever the size of the picture it lies over
MULTIPLE = 32  # picture sides the generator takes: half size, cell, and the two halvings of the U-Net
PICTURE_CHANNELS = (
    16 + 16 + 16
)  # channels of blurred luma, memory minus blurred, deconvolved minus blurred; confidence follows
GATES = 3  # memory where it fits, deconvolution, memory anywhere
BRANCHES = ("srcnn", "espcn", "unet")
DIFFERENCE_GAIN = 4.0  # differences of luma are small; this brings them to the scale of luma itself


class Generator(nn.Module):
    """Corrections of luma by three networks, on a grid of 4x4 pixel cells of the picture, or of its half size.

    Each branch predicts a correction from features and, by three gates for each 4x4 pixels of the full size, how much
    to take of the memory's detail where the confidence says that it fits, of the deconvolved detail, and of the
    memory's detail whatever the confidence says.  All last layers start at zero, so an untrained generator leaves the
    picture as it is.
    """

    def __init__(self, regions: Sequence[str], features: int = 32, width: int = 16, halved: bool = True) -> None:
        """`halved`: looks at the picture at half its size; a cell then has four confidences and gates for one."""
        super().__init__()
        self.halved = halved
        parts = 4 if halved else 1
        self.inform = nn.Conv2d(
            PICTURE_CHANNELS + parts, features, 1
        )  # one common reading of all channels for all branches
        self.srcnn = SRCNN(features, width, parts * GATES)
        self.espcn = ESPCN(features, width, parts * GATES)
        self.unet = UNet(features, width, parts * GATES)
        self.fusion = Fusion(regions, len(BRANCHES))
        for last in (self.srcnn.reconstruct, self.espcn.sub_pixel, self.unet.leave):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)  # pyright: ignore[reportArgumentType]
        for branch in (self.srcnn, self.espcn, self.unet):
            nn.init.zeros_(branch.gate.weight)
            nn.init.zeros_(branch.gate.bias)  # pyright: ignore[reportArgumentType]

    def features(self, x: Tensor) -> Tensor:
        """Input (B, 52 or 49, h, w) of `pack` -> (B, features, h, w), common to all branches."""
        return torch.relu(self.inform(x))

    def branch(self, name: str, features: Tensor) -> tuple[Tensor, Tensor]:
        """One network: correction (B, 16, h, w) in units of full scale, and the gates (B, 12 or 3, h, w)."""
        return getattr(self, name)(features)

    def forward(self, x: Tensor, detail: Tensor, rows: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Input (B, 52, h, w) of `pack`, full-size detail (B, 48, 2h, 2w) of `pack_detail`, fusion rows (B,) -> fused
        change of the full-size picture (B, 16, 2h, 2w) and that of every branch; not halved: (B, 49, h, w), (B, 48, h,
        w) -> (B, 16, h, w).  Alignment taken as identity, as in training (see alignment.py for the rest)."""
        features = self.features(x)
        # Under autocast the convolutions come in half precision; sums over branches and losses stay in float32.
        parts = [self.branch(name, features) for name in BRANCHES]
        corrections = torch.cat([correction.float() for correction, _ in parts])
        gates = torch.cat([gate.float() for _, gate in parts])
        if self.halved:
            corrections, gates = enlarge_grid(corrections), F.pixel_shuffle(gates, 2)
        layers = list(with_detail(corrections, gates, detail.repeat(len(parts), 1, 1, 1)).chunk(len(parts)))
        return self.fusion(layers, rows), layers


class Generators(NamedTuple):
    """The two sets of networks that a tower needs."""

    informed: Generator  # with a clear memory: halved
    blind: Generator  # without one


def with_detail(correction: Tensor, gates: Tensor, detail: Tensor) -> Tensor:
    """A branch's correction with the gated details: (B, 16, h, w), (B, 3, h, w), (B, 48, h, w) -> (B, 16, h, w).

    Linear in correction and gates, so branches may be weighted before it.
    """
    for index, plane in enumerate(detail.chunk(GATES, dim=1)):
        correction = torch.addcmul(correction, plane, gates[:, index : index + 1])
    return correction


def enlarge_grid(grid: Tensor) -> Tensor:
    """A half-size picture on its grid (B, 16, h, w) -> the picture at full size on its own (B, 16, 2h, 2w)."""
    picture = F.interpolate(F.pixel_shuffle(grid, CELL), scale_factor=2.0, mode="bilinear")
    return F.pixel_unshuffle(picture, CELL)


def to_grid(luma: NDArray[np.uint8]) -> Tensor:
    """(H, W) uint8 with H, W multiples of 4 -> (H/4, W/4, 16) uint8; channel 4 y + x is pixel (y, x) of the cell."""
    height, width = luma.shape
    rows = torch.from_numpy(luma.view(np.int32)).view(height // CELL, CELL, width // CELL)  # four pixels travel as one
    cells = rows.permute(0, 2, 1).contiguous()
    return cells.view(torch.uint8).view(height // CELL, width // CELL, CELL * CELL)


def from_grid(grid: Tensor) -> Tensor:
    """(h, w, 16) of any type -> (4 h, 4 w), the inverse of `to_grid`."""
    height, width, _ = grid.shape
    cells = grid.view(height, width, CELL, CELL).permute(0, 2, 1, 3)
    return cells.reshape(height * CELL, width * CELL)


def pack(blurred: Tensor, memory: Tensor, sharp: Tensor, confidence: Tensor) -> Tensor:
    """Grids (B, h, w, 16) uint8 of blurred, aligned memory and deconvolved luma and (B, h, w) uint8 confidence -> (B,
    49, h, w) float32 in channels_last, as the generator takes it (its input contract).  Of half-size pictures, whose
    confidence (B, 2h, 2w) is of the full size: (B, 52, h, w)."""
    fits = by_cell(confidence, blurred.shape[2])
    batch, height, width, _ = blurred.shape
    x = torch.empty(batch, height, width, PICTURE_CHANNELS + fits.shape[-1], device=blurred.device)
    scale = 1.0 / 255.0
    base = blurred.float()
    torch.mul(base, scale, out=x[..., 0:16])
    torch.mul(memory.float().sub_(base), scale * DIFFERENCE_GAIN, out=x[..., 16:32])
    torch.mul(sharp.float().sub_(base), scale * DIFFERENCE_GAIN, out=x[..., 32:48])
    torch.mul(fits.float(), scale, out=x[..., PICTURE_CHANNELS:])
    return x.permute(0, 3, 1, 2)


def by_cell(confidence: Tensor, width: int) -> Tensor:
    """(..., h, w) -> (..., h, w, 1) for a grid of `width` w; (..., 2h, 2w) -> (..., h, w, 4), of the 2x2 parts of each
    cell, where the picture is at half size."""
    if confidence.shape[-1] == width:
        return confidence.unsqueeze(-1)
    return confidence.unflatten(-2, (-1, 2)).unflatten(-1, (-1, 2)).transpose(-3, -2).flatten(-2)


def pack_detail(blurred: Tensor, memory: Tensor, sharp: Tensor, confidence: Tensor) -> Tensor:
    """The same of the full-size picture, (B, h, w, 16) and (B, h, w) -> (B, 48, h, w) float32 in channels_last, in
    units of full scale and in the order of the gates: detail of the memory times confidence, of the deconvolved
    picture, of the memory."""
    base = blurred.float()
    fits = confidence.float().mul_(1.0 / 255.0).unsqueeze(-1)
    known = memory.float().sub_(base).mul_(1.0 / 255.0)
    return torch.cat((known * fits, sharp.float().sub_(base).mul_(1.0 / 255.0), known), dim=-1).permute(0, 3, 1, 2)
