"""Deblurs one luma picture: what the tower remembers is gathered, the engine runs, the result is guarded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision.box import Box, box_around, cut, paste
from vision.engine import Engine, NotFiniteError
from vision.knowledge import Knowledge
from vision.models.generator import BRANCHES, CELL, Generator
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)

STRAYS_MEAN = 10.0  # 8-bit luma of the 16x reduced picture: deblurring moves detail, not brightness
STRAYS_PEAK = 64.0


class NotTrustedError(Exception):
    """The result must not be shown.  The text says why."""


@dataclass(frozen=True, slots=True)
class Deblurred:
    """What `Deblurrer.deblur` made of a picture."""

    luma: Luma  # (H, W)
    memory_age: int | None  # frames; None: worked without memory
    psf: str  # where the blur's shape came from: "memory", "motion" or "" for unknown
    layers: tuple[Luma, ...] = ()  # each branch's picture, when asked for
    timings_ms: dict[str, float] = field(default_factory=dict)


class Deblurrer:
    """Holds the memory.  Used from one thread; pictures come in time order."""

    def __init__(self, generator: Generator, exposure_share: float = 0.5) -> None:
        """`exposure_share`: exposure time as a share of the frame interval, for the blur estimated from motion."""
        self._engine = Engine(generator)
        self.knowledge = Knowledge(exposure_share)

    @property
    def arithmetic(self) -> str:
        """Number type in which the networks run."""
        return self._engine.arithmetic

    def close(self) -> None:
        """Ends the helper thread.  Safe to call twice; the object cannot be used afterwards."""
        self.reset()
        self._engine.close()

    def own_thread(self) -> None:
        """Call at the start of a frame: torch's number of threads is a property of the calling thread."""
        self._engine.own_thread()

    def warm_up(self, height: int, width: int) -> None:
        """Runs the networks at this size and keeps the faster arithmetic."""
        box = box_around((height, width), None)
        self._engine.warm_up(box.bottom // CELL, box.right // CELL)

    def reset(self) -> None:
        """Forgets everything: the camera or the picture's size has changed."""
        self.knowledge.reset()

    def remember(self, luma: Luma, index: int) -> None:
        """Takes a clear frame as the memory.  `index` counts the source's frames, also those never seen here."""
        self.knowledge.remember(luma, index)

    def skip(self) -> None:
        """A blurred frame went by without being deblurred: motion cannot be told from the one before it."""
        self.knowledge.skip()

    def deblur(
        self,
        luma: Luma,
        region: str | None,
        index: int,
        branches: Sequence[str] = BRANCHES,
        *,
        inside: NDArray[np.uint8] | None = None,
        keep_layers: bool = False,
    ) -> Deblurred:
        """Deblurs (H, W) uint8, both sides at least 48, frame `index` of the source.

        `inside` (ceil(H/4), ceil(W/4)), 0..255: where the field of view is.  Nothing changes outside of it, and only
        the rectangle around it is worked on.  None: everywhere.
        Raises `NotTrustedError`: the result is not to be shown.
        """
        box = box_around(luma.shape, inside)
        weight = None if inside is None else cut(inside, Box(*(side // CELL for side in box)), cv2.BORDER_REPLICATE)
        known = self.knowledge.gather(luma, box, index, weight)
        laps = dict(known.timings_ms)
        try:
            fused, layers = self._engine.run(
                known.luma,
                known.memory,
                known.sharp,
                known.confidence,
                region,
                branches,
                inside=weight,
                keep_layers=keep_layers,
                laps=laps,
            )
        except NotFiniteError as error:
            raise NotTrustedError("the deblurred picture was not finite; check the weights with `evaluate`") from error
        start = time.perf_counter()
        self._guard(known.small, fused)
        result, *kept = (paste(luma, box, picture) for picture in (fused, *layers))
        laps["guard"] = (time.perf_counter() - start) * 1000.0
        return Deblurred(result, known.age, known.psf, tuple(kept), laps)

    @staticmethod
    def _guard(before_small: Luma, after: Luma) -> None:
        size = (max(1, before_small.shape[1] // 4), max(1, before_small.shape[0] // 4))
        before = cv2.resize(before_small, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        change = cv2.absdiff(cv2.resize(after, size, interpolation=cv2.INTER_AREA).astype(np.float32), before)
        if float(change.mean()) > STRAYS_MEAN or float(change.max()) > STRAYS_PEAK:
            raise NotTrustedError("the deblurred picture strayed from the grabbed one")
