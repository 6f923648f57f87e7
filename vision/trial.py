"""The measured table by which number type, threads and the time budget's rungs are chosen at warm-up."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from vision.box import box_around
from vision.budget import WORK
from vision.frames import Rung
from vision.opencv import cv2
from vision.trust import NotTrustedError

if TYPE_CHECKING:  # the deblurrer itself asks for the table
    from vision.deblur import Deblurrer

Luma = NDArray[np.uint8]  # (H, W)

RUNS = 3  # of each way that count; one more before them does not
HOPELESS = 2.0  # times the best way so far in the run before: not tried again.  Torch's own threads may take seconds
FASTER = 0.8  # of the time of the way before: with less to gain the simpler way is kept


@dataclass(frozen=True, slots=True)
class Trial:
    """One row: a way to run the generator on a picture of the size warmed up for, and what it took."""

    rung: Rung
    arithmetic: str  # "float32" or "bfloat16"
    threads: str  # "1+1": two of one torch thread each; "torch": torch's own, as many as there are cores
    best_ms: float  # of a few runs: what else the machine was doing counts least in it
    chosen: bool  # networks are run this way


def measure(deblurrer: Deblurrer, width: int, height: int) -> tuple[Trial, ...]:
    """Tries both number types with both kinds of threads on all branches, keeps the fastest for `deblurrer`, then
    prices each rung that way.  Takes about a second, in which the memory is lost."""
    picture = _texture(width, height)
    blurred = cv2.blur(picture, (11, 1)).astype(np.uint8, copy=False)
    took: dict[tuple[torch.dtype, bool], float] = {}
    deblurrer.remember(picture, 0)
    ways = [
        (precision, alone) for precision in (torch.float32, torch.bfloat16) for alone in _kinds_of_threads(deblurrer)
    ]
    for way in ways:
        _set(deblurrer, *way)
        took[way] = _best_ms(
            lambda: _deblur(deblurrer, blurred, Rung.THREE), HOPELESS * min(took.values(), default=1e9)
        )
    chosen = ways[0]
    for way in ways[1:]:
        if took[way] < FASTER * took[chosen]:
            chosen = way
    _set(deblurrer, *chosen)
    rows = [Trial(Rung.THREE, *_names(*way), round(ms, 2), way == chosen) for way, ms in took.items()]
    for rung in WORK:
        if rung is not Rung.THREE:
            ms = _best_ms(lambda rung=rung: _deblur(deblurrer, blurred, rung))
            rows.append(Trial(rung, *_names(*chosen), round(ms, 2), True))
    deblurrer.reset()
    return tuple(rows)


def area_of(width: int, height: int) -> int:
    """Pixels of the rectangle that is worked on in a picture without a surround."""
    box = box_around((height, width), None)
    return (box.right - box.left) * (box.bottom - box.top)


def _kinds_of_threads(deblurrer: Deblurrer) -> tuple[bool, ...]:
    on_processor = deblurrer.engine.device.type == "cpu"
    return (False, True) if on_processor and (os.cpu_count() or 1) > 1 else (not on_processor,)


def _set(deblurrer: Deblurrer, precision: torch.dtype, alone: bool) -> None:
    deblurrer.engine.set_precision(precision)
    deblurrer.pair.set_alone(alone)


def _names(precision: torch.dtype, alone: bool) -> tuple[str, str]:
    return str(precision).removeprefix("torch."), "torch" if alone else "1+1"


def _deblur(deblurrer: Deblurrer, blurred: Luma, rung: Rung) -> None:
    branches, halved = WORK[rung]
    try:
        deblurrer.deblur(blurred, None, 1, branches, halved=halved)
    except NotTrustedError:
        return  # weights that stray or are not finite show themselves on real frames; the time taken is the same


def _best_ms(run: Callable[[], None], hopeless_ms: float = float("inf")) -> float:
    laps: list[float] = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        run()
        laps.append((time.perf_counter() - start) * 1e3)
        if min(laps) > hopeless_ms:
            return min(laps)
    return min(laps[1:])


def _texture(width: int, height: int) -> Luma:
    """Roughness of several sizes, so that flow and blur estimate have something to work on."""
    rng = np.random.default_rng(0)
    picture = np.full((height, width), 120.0, dtype=np.float32)
    for cell in (3, 9, 31):
        rough = rng.normal(0.0, 4.0 * cell**0.4, (height // cell + 2, width // cell + 2)).astype(np.float32)
        picture += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(picture, 0, 255).astype(np.uint8)
