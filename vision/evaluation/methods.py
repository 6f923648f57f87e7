"""Every way of restoring a frame that is compared: the tower's own code, its parts, classic filters, peers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from vision.deblurring.deblurrer import Deblurrer, NotTrustedError
from vision.enhance import Enhancer
from vision.evaluation.quality import Luma
from vision.field import NothingToJudgeError, find_field, inner_weight, to_luma
from vision.frames import Action, EnhancedFrame, Frame, Picture
from vision.known.box import Box, box_around, cut, paste
from vision.models.generator import BRANCHES, CELL
from vision.opencv import cv2
from vision.peers import Peer
from vision.runtime import Weights
from vision.settings import Settings

INPUT, FUSED, ALONE = "input", "fused", "tower"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a method is called, and what it is in the comparison: input, classic, peer, part or net."""

    label: str
    role: str
    heading: str = ""  # the label in words short enough to stand over a narrow column; empty: the label itself

    @property
    def column(self) -> str:
        """Over a column of a table."""
        return self.heading or self.label


# In the order of the tables.
KINDS: Mapping[str, Kind] = {
    INPUT: Kind("recorded", "input"),
    "unsharp": Kind("unsharp mask", "classic", "un- sharp mask"),
    "wiener": Kind("Wiener", "classic"),  # the blur's shape from the aligned memory
    "wiener_blind": Kind("Wiener blind", "classic"),  # told of no clear frame: the blur's shape from motion
    "richardson_lucy": Kind("Richardson-Lucy", "classic", "Rich. Lucy"),  # as Wiener
    "memory_flow": Kind("memory + flow", "classic", "mem. + flow"),
    "residual": Kind("memory, flow, deconv.", "classic", "with dec."),
    "nafnet": Kind("NAFNet", "peer", "NAF- Net"),
    "deblurgan-v2": Kind("DeblurGAN-v2", "peer", "Deblur GAN-v2"),
    **{name: Kind(label, "part") for name, label in zip(BRANCHES, ("SRCNN", "ESPCN", "U-Net"), strict=True)},
    FUSED: Kind("fused", "net"),  # every blurred frame is deblurred: the generator's measure
    ALONE: Kind("tower alone", "net"),  # as the sharpness net decides
}


class Seen:
    """One frame as the tower sees it, with what several methods need of it."""

    def __init__(self, picture: Picture, index: int, clear: bool) -> None:
        """`index` counts the frames of the sequence; `clear`: by the truth."""
        self.picture, self.index, self.clear = picture, index, clear
        self.luma: Luma = to_luma(picture)

    @cached_property
    def inside(self) -> NDArray[np.uint8] | None:
        """How far each cell lies inside the field of view, as `Enhancer` has it; None: there is nothing to see."""
        try:
            field = find_field(self.luma)
        except NothingToJudgeError:
            return None
        return inner_weight(field, (-(-self.luma.shape[0] // CELL), -(-self.luma.shape[1] // CELL)))

    @cached_property
    def box(self) -> Box:
        """The rectangle that is worked on."""
        return box_around(self.luma.shape, self.inside)

    @cached_property
    def weight(self) -> NDArray[np.uint8] | None:
        """`inside` within the box."""
        if self.inside is None:
            return None
        return cut(self.inside, Box(*(side // CELL for side in self.box)), cv2.BORDER_REPLICATE)

    def shown(self, part: Luma) -> Luma:
        """The frame with the restored box in it, only inside the field of view, as the tower shows its own."""
        if self.inside is None:
            return self.luma
        height, width = self.luma.shape
        size = (self.inside.shape[1] * CELL, self.inside.shape[0] * CELL)
        share = cv2.resize(self.inside, size, interpolation=cv2.INTER_NEAREST)[:height, :width].astype(np.float32)
        share /= 255.0
        change = paste(self.luma, self.box, part).astype(np.float32) - self.luma
        return np.rint(self.luma + change * share).astype(np.uint8)


class Method(Protocol):
    """Restores the frames of a sequence in time order."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of KINDS: what `watch` gives for a blurred frame."""
        ...

    def forget(self) -> None:
        """A new sequence begins."""
        ...

    def watch(self, seen: Seen) -> dict[str, Luma]:
        """The blurred frame by every name, (H, W) uint8; of clear frames, what is not shown as recorded."""
        ...

    def close(self) -> None: ...


class Tower:
    """The enhanced view told by the truth which frames are clear, and each branch of its generator by itself."""

    names = (*BRANCHES, FUSED)

    def __init__(self, weights: Weights, size: tuple[int, int]) -> None:
        self._enhancer = Enhancer(weights, Settings(time_budget_ms=None))
        self._enhancer.warm_up(*size)
        self._parts = Deblurrer(weights.generators)
        self._parts.set_precision(torch.bfloat16 if self.arithmetic == "bfloat16" else torch.float32)
        self._last: EnhancedFrame | None = None
        self.cpu_ms = 0.0  # processor time of all threads for the last frame, without the branches' own run

    @property
    def arithmetic(self) -> str:
        """Number type in which the networks run."""
        return self._enhancer.arithmetic

    @property
    def last(self) -> EnhancedFrame:
        """What the enhanced view made of the frame watched last."""
        return _watched(self._last)

    def forget(self) -> None:
        self._enhancer.reset()
        self._parts.reset()

    def watch(self, seen: Seen) -> dict[str, Luma]:
        begin = time.process_time()
        self._enhancer.set_threshold(0.0 if seen.clear else 1.0)  # a clear frame has to lie above it, a probability
        self._last = self._enhancer.process(Frame(seen.index, 0.0, seen.picture))
        self.cpu_ms = (time.process_time() - begin) * 1e3
        if seen.clear:
            self._parts.remember(seen.luma, seen.index)
            return {}
        restored = dict.fromkeys(self.names, seen.luma) | {FUSED: to_luma(self.last.image)}
        try:
            done = self._parts.deblur(seen.luma, self.last.region, seen.index, inside=seen.inside, keep_layers=True)
        except NotTrustedError:
            return restored  # what is not trusted is shown as recorded
        return restored | dict(zip(BRANCHES, done.layers, strict=True))

    def close(self) -> None:
        self._enhancer.close()
        self._parts.close()


class TowerAlone:
    """The enhanced view as it runs: its sharpness net decides, at its threshold, what is clear and remembered."""

    names = (ALONE,)

    def __init__(self, weights: Weights, size: tuple[int, int], threshold: float = 0.5) -> None:
        self._enhancer = Enhancer(weights, Settings(threshold, time_budget_ms=None))
        self._enhancer.warm_up(*size)
        self._last: EnhancedFrame | None = None

    @property
    def last(self) -> EnhancedFrame:
        """What the enhanced view made of the frame watched last."""
        return _watched(self._last)

    def forget(self) -> None:
        self._enhancer.reset()

    def watch(self, seen: Seen) -> dict[str, Luma]:
        self._last = self._enhancer.process(Frame(seen.index, 0.0, seen.picture))
        return {ALONE: to_luma(self.last.image) if self.last.action is Action.DEBLURRED else seen.luma}

    def close(self) -> None:
        self._enhancer.close()


class Blindly:
    """A peer: the published network, trained here, from the one picture alone."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self.names = (peer.name,)

    def forget(self) -> None: ...

    def watch(self, seen: Seen) -> dict[str, Luma]:
        if seen.clear:
            return {}
        return {self._peer.name: seen.shown(self._peer.restore(cut(seen.luma, seen.box)))}

    def close(self) -> None: ...


def _watched(last: EnhancedFrame | None) -> EnhancedFrame:
    if last is None:
        raise RuntimeError("no frame has been watched yet")
    return last


def close_all(methods: Sequence[Method]) -> None:
    """Ends their helper threads."""
    for method in methods:
        method.close()
