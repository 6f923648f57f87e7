"""A trained peer as the evaluation uses it: luma in, luma out, whatever the size; read from a folder of weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vision import runtime
from vision.peers import deblurgan_v2, nafnet
from vision.peers.deblurgan_v2 import DeblurGANv2
from vision.peers.nafnet import NAFNet
from vision.settings import WeightsError

PEERS = ("nafnet", "deblurgan-v2")
TITLES = {"nafnet": "NAFNet", "deblurgan-v2": "DeblurGAN-v2 (MobileNetV2)"}
WINDOW = 1.5  # of the training pictures' side: means that NAFNet's attention takes from a larger picture
MEMORY_BYTES = 2e9  # about; a picture that needs more is worked on in tiles
OVERLAP_PX = 64  # of two tiles, where one fades into the other

Network = NAFNet | DeblurGANv2
Luma = NDArray[np.uint8]


def published(name: str) -> Network:
    """A peer as its authors published it (RGB, without weights): for the timing."""
    return nafnet.published() if name == "nafnet" else deblurgan_v2.published()


def trainable_here(name: str) -> Network:
    """A peer on luma at a width that makes about as many training steps a minute as our generator."""
    return nafnet.trainable_here() if name == "nafnet" else deblurgan_v2.trainable_here()


def build(name: str, architecture: Mapping[str, Any]) -> Network:
    """An untrained network after a card.  Raises KeyError, TypeError or ValueError when it cannot be read."""
    kind = {"nafnet": NAFNet, "deblurgan-v2": DeblurGANv2}[name]
    return kind(**architecture)


@dataclass(frozen=True, slots=True)
class Peer:
    """One network with its weights."""

    name: str
    network: Network = field(repr=False)
    card: Mapping[str, Any] = field(repr=False)

    @property
    def title(self) -> str:
        """As a table names it."""
        return TITLES[self.name]

    def restore(self, luma: Luma) -> Luma:
        """Deblurred luma, (H, W) uint8 -> (H, W) uint8, any size from 1x1.

        Blind: from this one picture, as published.  Raises ValueError for anything but luma.
        """
        if luma.ndim != 2 or luma.dtype != np.uint8 or luma.size == 0:
            raise ValueError(f"expected luma (H, W) uint8, got {luma.shape} {luma.dtype}; convert colour first")
        picture = torch.from_numpy(np.array(luma)).float().div_(255.0)[None, None]
        with torch.inference_mode():
            restored = run(self.network, picture)
        return restored[0, 0].clamp(0.0, 1.0).mul(255.0).round().to(torch.uint8).numpy()


def run(network: Network, picture: Tensor, memory_bytes: float = MEMORY_BYTES) -> Tensor:
    """(1, C, H, W) through the network, in tiles that fade into each other where the whole would take more memory."""
    height, width = picture.shape[2:]
    if height * width * network.bytes_a_pixel <= memory_bytes:
        return network(picture)
    side = int((memory_bytes / network.bytes_a_pixel) ** 0.5) // network.multiple * network.multiple
    side = max(side, 3 * OVERLAP_PX // network.multiple * network.multiple)
    total, weights = torch.zeros_like(picture), torch.zeros(1, 1, height, width)
    for top in _starts(height, side, network.multiple):
        for left in _starts(width, side, network.multiple):
            tile = picture[..., top : top + side, left : left + side]
            weight = _fade(top, tile.shape[2], height)[:, None] * _fade(left, tile.shape[3], width)[None, :]
            total[..., top : top + side, left : left + side] += network(tile) * weight
            weights[..., top : top + side, left : left + side] += weight
    return total / weights


def _starts(size: int, side: int, multiple: int) -> Iterator[int]:
    """First pixels of the tiles along one axis; a tile begins where a cell of the coarsest level does."""
    step = (side - OVERLAP_PX) // multiple * multiple
    start = 0
    while start + side < size:
        yield start
        start += step
    yield start


def _fade(start: int, length: int, size: int) -> Tensor:
    """Weights (length,) of a tile along one axis: falling over the overlap, but not at the picture's border."""
    position = torch.arange(length, dtype=torch.float32)
    rise = torch.ones(length) if start == 0 else ((position + 1.0) / (OVERLAP_PX + 1.0)).clamp(max=1.0)
    if start + length >= size:
        return rise
    return rise * ((length - position) / (OVERLAP_PX + 1.0)).clamp(max=1.0)


def load(folder: Path) -> list[Peer]:
    """All peers whose weights lie in `folder`, in the order of PEERS.

    Raises `WeightsError` when there is none, and when weights are truncated, altered or another network's.
    """
    found = [_read(folder, name) for name in PEERS if _there(folder, name)]
    if not found:
        commands = " and ".join(f"main.py train {name} --out {folder}" for name in PEERS)
        raise WeightsError(f"{folder}: no weights of a peer ({', '.join(PEERS)}); train them: {commands}")
    return found


def _there(folder: Path, name: str) -> bool:
    return any((folder / f"{name}{suffix}").exists() for suffix in (".json", ".safetensors"))


def _read(folder: Path, name: str) -> Peer:
    arrays, card = runtime.read(folder, name)
    try:
        network = build(name, card["architecture"])
        side_px = int(card["side_px"])
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(
            f"{folder / name}.json: the card's architecture cannot be read ({error!r}); "
            + runtime.REMEDY.format(net=name)
        ) from error
    runtime.fill(network, arrays, folder / f"{name}.safetensors")
    network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # torch's stubs lack the keyword
    network.eval()
    if isinstance(network, NAFNet):
        network.pool_locally(int(WINDOW * side_px))
    return Peer(name, network, card)
