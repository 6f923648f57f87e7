"""Deblurs one luma picture: what the tower remembers is gathered, the engine runs, the result is guarded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray

from vision.deblurring.engine import Engine
from vision.deblurring.evidence import Evidence, strength_by_probability
from vision.deblurring.fusing import NotFiniteError, fuse_shifted, to_bytes
from vision.deblurring.trial import Trial, measure
from vision.deblurring.trust import NotTrustedError, check_brightness
from vision.field import halve
from vision.frames import Fault
from vision.known.box import Box, box_around, cut, paste
from vision.known.knowledge import Knowledge, Known
from vision.models.generator import BRANCHES, CELL, Generators
from vision.opencv import cv2
from vision.pair import Pair

__all__ = ["Deblurred", "Deblurrer", "NotTrustedError"]

Luma = NDArray[np.uint8]  # (H, W)
Plane = NDArray[np.float32]

MINIMUM_HALVED = 128  # pixels; a smaller side is not worked on at half size: it costs little anyway


@dataclass(frozen=True, slots=True)
class Deblurred:
    """What `Deblurrer.deblur` made of a picture."""

    luma: Luma  # (H, W)
    box: Box  # outside of it nothing was changed
    memory_age: int | None  # frames; None: worked without memory
    memory_clear: bool | None  # the memory was a clear frame; False: a sharper one of the blurred; None: no memory
    psf: str  # where the blur's shape came from: "memory", "motion" or "" for unknown
    layers: tuple[Luma, ...] = ()  # each branch's picture, when asked for
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Job:
    """What `Deblurrer.deblur` was asked for, at the size that is worked on."""

    region: str | None
    index: int
    branches: Sequence[str]
    inside: NDArray[np.uint8] | None
    share: Future[float]  # of the change, by the clear frame that is remembered
    p_clear: float
    deadline_s: float | None


class Deblurrer:
    """Holds the memory.  Used from one thread; pictures come in time order."""

    def __init__(
        self,
        generators: Generators,
        exposure_share: float = 0.5,
        *,
        pair: Pair | None = None,
        device: torch.device | None = None,
    ) -> None:
        """`exposure_share`: exposure time as a share of the frame interval, for the blur estimated from motion.

        `pair`: threads to share with others; None: own ones.  `device`: where the networks run; None: the processor.
        """
        self.pair = Pair() if pair is None else pair
        self._informed, self._blind = (Engine(generator, self.pair, device) for generator in generators)
        self.knowledge = Knowledge(exposure_share, self.pair)
        # Of the same pictures at half their size.
        self._knowledge_halved = Knowledge(exposure_share, self.pair)
        self._halved = False  # which of the two is kept up to date
        self._clear: tuple[Luma, int] | None = None  # for the other one, should it be asked
        self._evidence: Evidence | None = None  # of the same clear frame

    @property
    def arithmetic(self) -> str:
        """Number type in which the networks run."""
        return str(self._informed.precision).removeprefix("torch.")

    @property
    def device(self) -> torch.device:
        """Where the networks run."""
        return self._informed.device

    def set_precision(self, precision: torch.dtype) -> None:
        """Number type in which the networks run from the next picture on."""
        for engine in (self._informed, self._blind):
            engine.set_precision(precision)

    def close(self) -> None:
        """Ends the helper thread.  Safe to call twice; the object cannot be used afterwards."""
        self.reset()
        self.pair.close()

    def own_thread(self) -> None:
        """Call at the start of a frame: torch's number of threads is a property of the calling thread."""
        self.pair.own_thread()

    def warm_up(self, height: int, width: int) -> tuple[Trial, ...]:
        """Measures the ways to run the networks at this size, keeps the fastest and returns the table."""
        return measure(self, width, height)

    def reset(self) -> None:
        """Forgets everything: the camera or the picture's size has changed."""
        self.knowledge.reset()
        self._knowledge_halved.reset()
        self._clear, self._evidence = None, None

    def set_exposure_share(self, share: float) -> None:
        """The camera exposes for this share of the frame interval from the next frame on."""
        for knowledge in (self.knowledge, self._knowledge_halved):
            knowledge.set_exposure_share(share)

    def remember(self, luma: Luma, index: int) -> None:
        """Takes a clear frame as the memory.  `index` counts the source's frames, also those never seen here."""
        self._clear, self._evidence = (luma, index), Evidence(luma)
        if self._halved:
            self._knowledge_halved.remember(halve(luma), index)
        else:
            self.knowledge.remember(luma, index)

    def skip(self) -> None:
        """A blurred frame went by without being deblurred: motion cannot be told from the one before it."""
        (self._knowledge_halved if self._halved else self.knowledge).skip()

    def deblur(
        self,
        luma: Luma,
        region: str | None,
        index: int,
        branches: Sequence[str] = BRANCHES,
        *,
        halved: bool = False,
        inside: NDArray[np.uint8] | None = None,
        keep_layers: bool = False,
        deadline_s: float | None = None,
        p_clear: float = 0.0,
    ) -> Deblurred:
        """Deblurs (H, W) uint8, both sides at least 48, frame `index` of the source.

        `halved`: works at half the size and scales the change up, at a quarter of the cost; there are no layers then.
        `inside` (ceil(H/4), ceil(W/4)), 0..255: where the field of view is.  Nothing changes outside of it, and only
        the rectangle around it is worked on.  None: everywhere.
        `deadline_s`, `time.perf_counter`: the networks are not begun after it.
        `p_clear`: what the sharpness net said of the frame; without a clear memory the change is weighted by it.
        Raises `NotTrustedError`: the result is not to be shown.
        """
        # Told beside the gathering, from the whole picture also where the networks see half of it.
        share = self._share(luma, box_around(luma.shape, inside))
        if not halved or min(luma.shape) < MINIMUM_HALVED:
            self._keep_up_to_date(halved=False)
            job = _Job(region, index, branches, inside, share, p_clear, deadline_s)
            return self._deblur(self.knowledge, luma, job, keep_layers)
        self._keep_up_to_date(halved=True)
        small = halve(luma)
        if inside is not None:
            size = (-(-small.shape[1] // CELL), -(-small.shape[0] // CELL))
            inside = cv2.resize(inside, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        job = _Job(region, index, branches, inside, share, p_clear, deadline_s)
        done = self._deblur(self._knowledge_halved, small, job, keep_layers=False)
        start = time.perf_counter()
        change = cv2.subtract(done.luma, small, dtype=cv2.CV_16S)
        change = cv2.resize(change, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)
        result = cv2.add(luma, change, dtype=cv2.CV_8U).astype(np.uint8, copy=False)
        # Scaling spreads a change by a pixel over the border of the box.
        box = Box(*(2 * side + grow for side, grow in zip(done.box, (-2, -2, 2, 2), strict=True)))
        laps = done.timings_ms | {"scaling": (time.perf_counter() - start) * 1e3}
        box = Box(max(0, box.left), max(0, box.top), *box[2:])
        return replace(done, luma=result, box=box, timings_ms=laps)

    def _share(self, luma: Luma, box: Box) -> Future[float]:
        evidence = self._evidence
        if evidence is None or evidence.clear.shape != luma.shape:
            nothing: Future[float] = Future()
            nothing.set_result(1.0)
            return nothing
        return self.pair.start(lambda: evidence.strength(luma, box))

    def _keep_up_to_date(self, *, halved: bool) -> None:
        if halved == self._halved:
            return
        self._halved = halved
        other = self._knowledge_halved if halved else self.knowledge
        other.reset()
        if self._clear is not None:
            luma, index = self._clear
            other.remember(halve(luma) if halved else luma, index)

    def _deblur(self, knowledge: Knowledge, luma: Luma, job: _Job, keep_layers: bool) -> Deblurred:
        box, inside = box_around(luma.shape, job.inside), job.inside
        weight = None if inside is None else cut(inside, Box(*(side // CELL for side in box)), cv2.BORDER_REPLICATE)
        known = knowledge.gather(luma, box, job.index, weight)
        laps = dict(known.timings_ms)
        if job.deadline_s is not None and time.perf_counter() > job.deadline_s:
            raise NotTrustedError("deblurring would be late: this frame was held up", Fault.LATE)
        remembers = known.age is not None and known.clear
        evidence = job.share.result() if remembers else strength_by_probability(job.p_clear)
        weight = _weight(weight, evidence, known.now.small.shape)
        fused, layers = self._run(known, job.region, job.branches, weight, keep_layers, laps)
        start = time.perf_counter()
        check_brightness(known.now.small, fused)
        result, *kept = (paste(luma, box, picture) for picture in (fused, *layers))
        laps["guard"] = (time.perf_counter() - start) * 1000.0
        clear = None if known.age is None else known.clear
        return Deblurred(result, box, known.age, clear, known.psf, tuple(kept), laps)

    def _run(
        self,
        known: Known,
        region: str | None,
        branches: Sequence[str],
        weight: Plane,
        keep_layers: bool,
        laps: dict[str, float],
    ) -> tuple[Luma, list[Luma]]:
        """The fused picture, and that of every branch if asked for, (H, W)."""
        if known.age is not None and known.clear:
            engine, planes = self._informed, (known.now.half, known.offered, known.likely)
        else:
            engine, planes = self._blind, (known.now.luma, known.memory, known.sharp)
        try:
            answer = engine.run(*planes, known.confidence, region, branches, laps=laps)
            start = time.perf_counter()
            fused = known.chosen(*answer.fused, weight)
            shifts = answer.shifts()
            moved = any(shift != (0.0, 0.0) for shift in shifts)
            said = answer.alone() if moved or keep_layers else []
        except NotFiniteError as error:
            text = "the deblurred picture was not finite; check the weights with `evaluate`"
            raise NotTrustedError(text, Fault.NOT_FINITE) from error
        if moved:
            pictures = [known.chosen(*one, np.ones_like(weight)).astype(np.float32) for one in said]
            fused = to_bytes(fuse_shifted(pictures, shifts, answer.shares), known.now.luma, weight)
        layers = [known.chosen(*one, weight) for one in said] if keep_layers else []
        laps["drawing"] = (time.perf_counter() - start) * 1e3
        return fused, layers


def _weight(inside: NDArray[np.uint8] | None, evidence: float, shape: tuple[int, ...]) -> Plane:
    """How far the change counts, 0..1, (H/4, W/4)."""
    if inside is None:
        return np.full(shape, evidence, dtype=np.float32)
    return inside * np.float32(evidence / 255.0)
