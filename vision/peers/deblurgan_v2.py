"""DeblurGAN-v2 with MobileNetV2, a peer to compare with: Kupyn et al. 2019 (arXiv 1908.03826), its generator."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Channels, blocks and first stride of MobileNetV2's stages (Sandler et al. 2018, arXiv 1801.04381, table 2), each
# block 6 times wider inside but for the first.  DeblurGAN-v2 taps the stages marked and stops after the third block of
# width 160, so the stage of width 320 is not there.
STAGES = (
    # channels, blocks, stride, tapped
    (16, 1, 1, True),  # 1/2 of the picture's size
    (24, 2, 2, True),  # 1/4
    (32, 3, 2, True),  # 1/8
    (64, 4, 2, True),  # 1/16
    (96, 3, 1, False),
    (160, 2, 2, True),  # 1/32
)
STEM = 32  # channels of the first convolution
MULTIPLE = 32  # pixels (cells) a side that the stages need
PUBLISHED_PARAMETERS = 3.31e6  # as counted in the published program, which also holds what it never runs:
UNUSED_PARAMETERS = 1_206_080  # MobileNetV2's last block of 160, its block of 320 and its convolution to 1280 channels


class InvertedResidual(nn.Module):
    """MobileNetV2's block: 1x1 wider, 3x3 depthwise, 1x1 narrower and linear; added to its input where shapes agree."""

    def __init__(self, channels_in: int, channels: int, stride: int, wider: int) -> None:
        super().__init__()
        inner = channels_in * wider
        layers: list[nn.Module] = [] if wider == 1 else _unit(channels_in, inner, 1)
        layers += _unit(inner, inner, 3, stride, groups=inner)
        layers += [nn.Conv2d(inner, channels, 1, bias=False), nn.BatchNorm2d(channels)]
        self.layers = nn.Sequential(*layers)
        self.adds = stride == 1 and channels_in == channels

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels_in, h, w) -> (B, channels, h / stride, w / stride)."""
        return x + self.layers(x) if self.adds else self.layers(x)


class Backbone(nn.Module):
    """MobileNetV2 down to 1/32 of the size; gives the five maps that the pyramid is built from."""

    def __init__(self, channels: int, multiplier: float) -> None:
        super().__init__()
        width = _eighths(STEM * multiplier)
        self.stem = nn.Sequential(*_unit(channels, width, 3, stride=2))
        self.stages = nn.ModuleList()
        self.tapped: list[int] = []  # channels of the maps given, fine to coarse
        for index, (nominal, blocks, stride, tapped) in enumerate(STAGES):
            stage = nn.Sequential()
            for block in range(blocks):
                after = _eighths(nominal * multiplier)
                stage.append(InvertedResidual(width, after, stride if block == 0 else 1, 1 if index == 0 else 6))
                width = after
            self.stages.append(stage)
            if tapped:
                self.tapped.append(width)

    def forward(self, picture: Tensor) -> list[Tensor]:
        """(B, C, H, W) -> maps at 1/2, 1/4, 1/8, 1/16 and 1/32 of the size."""
        maps: list[Tensor] = []
        x = self.stem(picture)
        for stage, (_, _, _, tapped) in zip(self.stages, STAGES, strict=True):
            x = stage(x)
            if tapped:
                maps.append(x)
        return maps


class DeblurGANv2(nn.Module):
    """Feature pyramid over MobileNetV2; heads of four levels meet at 1/4 of the size; tanh residual on the picture.

    `filters`: channels of each head (64 as published); the pyramid has twice as many.  `cell` > 1 works on a grid of
    cells of so many pixels a side instead of on single pixels (see `trainable_here`).
    """

    def __init__(self, channels: int, multiplier: float = 1.0, filters: int = 64, cell: int = 1) -> None:
        super().__init__()
        wide = 2 * filters
        self.architecture = {"channels": channels, "multiplier": multiplier, "filters": filters, "cell": cell}
        self.bytes_a_pixel = (12.0 * filters + 400.0 * multiplier) / cell**2  # of a whole picture at the finest levels
        self.cell = cell
        self.multiple = cell * MULTIPLE
        channels *= cell**2
        self.backbone = Backbone(channels, multiplier)
        first, *others = self.backbone.tapped
        self.lateral_half = nn.Conv2d(first, filters, 1, bias=False)
        self.laterals = nn.ModuleList(nn.Conv2d(width, wide, 1, bias=False) for width in others)
        # The coarsest map goes on as it is; each finer one is smoothed after the coarser has been added.
        self.smoothers = nn.ModuleList(_normed(wide, wide) for _ in others[:-1])
        self.heads = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(wide, filters, 3, padding=1, bias=False),
                nn.ReLU(inplace=True),
                nn.Conv2d(filters, filters, 3, padding=1, bias=False),
                nn.ReLU(inplace=True),
            )
            for _ in others
        )
        self.join = _normed(len(others) * filters, filters)
        self.finer = nn.Sequential(nn.Conv2d(filters, filters // 2, 3, padding=1), nn.ReLU(inplace=True))
        self.leave = nn.Conv2d(filters // 2, channels, 3, padding=1)

    def pyramid(self, maps: list[Tensor]) -> list[Tensor]:
        """Maps at 1/4 .. 1/32 -> the same sizes, (B, 2 filters, h, w) each, every one told what the coarser hold."""
        levels = [lateral(each) for lateral, each in zip(self.laterals, maps, strict=True)]
        for index in reversed(range(len(levels) - 1)):
            levels[index] = self.smoothers[index](levels[index] + _larger(levels[index + 1], 2))
        return levels

    def forward(self, picture: Tensor) -> Tensor:
        """Picture (B, C, H, W) in 0..1 of any size -> restored, the same shape, in 0..1."""
        height, width = picture.shape[2:]
        padded = F.pad(picture, (0, -width % self.multiple, 0, -height % self.multiple), mode="replicate")
        signed = F.pixel_unshuffle(padded * 2.0 - 1.0, self.cell)  # the network's range is -1..1
        signed = signed.contiguous(memory_format=torch.channels_last)
        half, *maps = self.backbone(signed)
        levels = self.pyramid(maps)
        heads = [_larger(head(x), 2**index) for index, (head, x) in enumerate(zip(self.heads, levels, strict=True))]
        x = self.join(torch.cat(heads, dim=1))  # (B, filters, H/4, W/4)
        x = self.finer(_larger(x, 2) + self.lateral_half(half))  # (B, filters/2, H/2, W/2)
        residual = torch.tanh(self.leave(_larger(x, 2)))
        restored = F.pixel_shuffle((signed + residual).clamp(-1.0, 1.0), self.cell)
        return (restored[..., :height, :width] + 1.0) * 0.5


def _unit(channels_in: int, channels: int, kernel: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    """Convolution, batch normalisation, ReLU6."""
    convolution = nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [convolution, nn.BatchNorm2d(channels), nn.ReLU6(inplace=True)]


def _normed(channels_in: int, channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, 3, padding=1), nn.InstanceNorm2d(channels), nn.ReLU(inplace=True)
    )


def _larger(x: Tensor, times: int) -> Tensor:
    return x if times == 1 else F.interpolate(x, scale_factor=float(times), mode="nearest")


def _eighths(channels: float) -> int:
    """Nearest multiple of 8, 8 at least: what processors like."""
    return max(8, int(channels + 4) // 8 * 8)


def published() -> DeblurGANv2:
    """The MobileNet model at its published width: RGB."""
    return DeblurGANv2(3)


def trainable_here() -> DeblurGANv2:
    """Luma, half of MobileNetV2's width and a quarter of the heads', on a grid of 2x2 pixel cells.

    On single pixels a quarter of MobileNetV2's width still took more than twice our generator's time a step.
    """
    return DeblurGANv2(1, 0.5, 16, cell=2)
