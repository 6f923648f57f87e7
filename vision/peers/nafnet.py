"""NAFNet, a peer to compare with: Chen et al. 2022, "Simple Baselines for Image Restoration" (arXiv 2204.04676)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vision.peers.means import local_mean

PUBLISHED_PARAMETERS = 17.1e6  # of the GoPro model of width 32, as its authors state it


class LayerNorm2d(nn.Module):
    """Layer normalisation over the channels of each pixel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> the same; without a copy when `x` lies in channels_last."""
        last = x.permute(0, 2, 3, 1)
        return F.layer_norm(last, self.weight.shape, self.weight, self.bias, 1e-6).permute(0, 3, 1, 2)


def simple_gate(x: Tensor) -> Tensor:
    """Product of the two halves of the channels, (B, 2 C, h, w) -> (B, C, h, w): the network's only non-linearity."""
    one, other = x.chunk(2, dim=1)
    return one * other


class SimplifiedAttention(nn.Module):
    """Channels scaled by a linear reading of their own means (simplified channel attention).

    With a window the means are those of the surroundings of each pixel: pictures larger than those of the training
    then meet the statistics that the network was fitted on (Chu et al. 2022, arXiv 2112.04491; used by the published
    GoPro figures).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.read = nn.Conv2d(channels, channels, 1)
        self.window: int | None = None  # cells of this level a side

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> the same."""
        if self.window is None or self.window >= max(x.shape[2:]):
            return x * self.read(x.mean(dim=(2, 3), keepdim=True))
        return x * self.read(local_mean(x, self.window))


class NAFBlock(nn.Module):
    """Two residual halves, each begun by a normalisation and scaled by weights that start at zero."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        wide = 2 * channels
        self.norm1 = LayerNorm2d(channels)
        self.widen = nn.Conv2d(channels, wide, 1)
        self.depthwise = nn.Conv2d(wide, wide, 3, padding=1, groups=wide)
        self.attention = SimplifiedAttention(channels)
        self.project = nn.Conv2d(channels, channels, 1)
        self.norm2 = LayerNorm2d(channels)
        self.feed = nn.Conv2d(channels, wide, 1)
        self.leave = nn.Conv2d(channels, channels, 1)
        self.beta = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.gamma = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, h, w) -> the same."""
        spatial = self.attention(simple_gate(self.depthwise(self.widen(self.norm1(x)))))
        x = x + self.project(spatial) * self.beta
        return x + self.leave(simple_gate(self.feed(self.norm2(x)))) * self.gamma


class NAFNet(nn.Module):
    """U-shape of NAF blocks: strided down, pixel shuffle up, skips added, the picture itself added at the end.

    `cell` > 1 works on a grid of cells of so many pixels a side instead of on single pixels (see `trainable_here`).
    """

    def __init__(
        self, channels: int, width: int, encoder: Sequence[int], middle: int, decoder: Sequence[int], cell: int = 1
    ) -> None:
        super().__init__()
        if len(encoder) != len(decoder):
            raise ValueError(f"as many levels down as up are needed, got {list(encoder)} and {list(decoder)}")
        self.architecture = {
            "channels": channels,
            "width": width,
            "encoder": list(encoder),
            "middle": middle,
            "decoder": list(decoder),
            "cell": cell,
        }
        # Of a whole picture at the finest level: block's input, skip, twice the doubled channels, running sums.
        self.bytes_a_pixel = 48 * width / cell**2
        self.cell = cell
        self.multiple = cell * 2 ** len(encoder)  # of pixels a side that the levels need
        self.intro = nn.Conv2d(channels * cell**2, width, 3, padding=1)
        self.ending = nn.Conv2d(width, channels * cell**2, 3, padding=1)
        self.encoders, self.downs, self.ups, self.decoders = (nn.ModuleList() for _ in range(4))
        for count in encoder:
            self.encoders.append(_blocks(width, count))
            self.downs.append(nn.Conv2d(width, 2 * width, 2, stride=2))
            width *= 2
        self.middle = _blocks(width, middle)
        for count in decoder:
            self.ups.append(nn.Sequential(nn.Conv2d(width, 2 * width, 1, bias=False), nn.PixelShuffle(2)))
            width //= 2
            self.decoders.append(_blocks(width, count))

    def pool_locally(self, side_px: int | None) -> None:
        """Attention from the means of a window of so many pixels a side (None: of the whole picture)."""
        levels = [*self.encoders, self.middle]
        for level, stage in [*enumerate(levels), *((len(levels) - 2 - i, s) for i, s in enumerate(self.decoders))]:
            for block in stage.modules():
                if isinstance(block, SimplifiedAttention):
                    block.window = None if side_px is None else max(1, side_px // (self.cell << level))

    def forward(self, picture: Tensor) -> Tensor:
        """Picture (B, C, H, W) in 0..1 of any size -> restored, the same shape, about 0..1 (not clipped)."""
        height, width = picture.shape[2:]
        padded = F.pad(picture, (0, -width % self.multiple, 0, -height % self.multiple), mode="replicate")
        x = self.intro(F.pixel_unshuffle(padded, self.cell).contiguous(memory_format=torch.channels_last))
        skips: list[Tensor] = []
        for stage, down in zip(self.encoders, self.downs, strict=True):
            x = stage(x)
            skips.append(x)
            x = down(x)
        x = self.middle(x)
        for stage, up in zip(self.decoders, self.ups, strict=True):
            x = stage(up(x).contiguous(memory_format=torch.channels_last) + skips.pop())
        return picture + F.pixel_shuffle(self.ending(x), self.cell)[..., :height, :width]


def _blocks(channels: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(NAFBlock(channels) for _ in range(count)))


def published() -> NAFNet:
    """The GoPro model of width 32 as published: RGB, 17.1 million parameters."""
    return NAFNet(3, 32, (1, 1, 1, 28), 1, (1, 1, 1, 1))


def trainable_here() -> NAFNet:
    """Half the published width and 8 of the 28 blocks of the fourth level, luma, on a grid of 4x4 pixel cells.

    On single pixels not even width 8 with one block a level made a third of our generator's steps a second; on the
    grid, which our own networks work on too, the published four levels are affordable.
    """
    return NAFNet(1, 16, (1, 1, 1, 8), 1, (1, 1, 1, 1), cell=4)
