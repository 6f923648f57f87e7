"""The measured table by which number type, threads and the time budget's rungs are chosen at warm-up."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from vision.deblurring.budget import WORK
from vision.deblurring.trust import NotTrustedError
from vision.frames import Rung
from vision.known.box import box_around
from vision.opencv import cv2

if TYPE_CHECKING:  # the deblurrer itself asks for the table
    from vision.deblurring.deblurrer import Deblurrer

Luma = NDArray[np.uint8]  # (H, W)

RUNS = 2  # of each way that count; one more before them does not
HOPELESS = 1.5  # times the best way so far in the run before: not tried again
# Torch's own threads wait for each other after every layer: on few cores, where a picture leaves none of them idle, two
# of one each have always been faster (docs/enhanced-view.md), and the trial alone cost 3 s of processor time.
MANY_CORES = 4
FASTER = 0.95  # of the time of the way before: with less to gain the simpler way is kept


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
    took: dict[tuple[torch.dtype, bool], _Cost] = {}
    deblurrer.remember(picture, 0)
    ways = [
        (precision, alone) for precision in (torch.float32, torch.bfloat16) for alone in _kinds_of_threads(deblurrer)
    ]
    for way in ways:
        _set(deblurrer, *way)
        hopeless_ms = HOPELESS * min((cost.wall_ms for cost in took.values()), default=1e9)
        took[way] = _best(lambda: _deblur(deblurrer, blurred, Rung.THREE), hopeless_ms)
    chosen = ways[0]
    for way in ways[1:]:
        if _is_faster(took[way], took[chosen], same_threads=way[1] == chosen[1], on_processor=_on_processor(deblurrer)):
            chosen = way
    _set(deblurrer, *chosen)
    rows = [Trial(Rung.THREE, *_names(*way), round(cost.wall_ms, 2), way == chosen) for way, cost in took.items()]
    for rung in WORK:
        if rung is not Rung.THREE:
            ms = _best(lambda rung=rung: _deblur(deblurrer, blurred, rung)).wall_ms
            rows.append(Trial(rung, *_names(*chosen), round(ms, 2), True))
    deblurrer.reset()
    _deblur(deblurrer, blurred, Rung.THREE)  # without a memory other networks run: new to them too
    deblurrer.reset()
    return tuple(rows)


def area_of(width: int, height: int) -> int:
    """Pixels of the rectangle that is worked on in a picture without a surround."""
    box = box_around((height, width), None)
    return (box.right - box.left) * (box.bottom - box.top)


def _kinds_of_threads(deblurrer: Deblurrer) -> tuple[bool, ...]:
    if not _on_processor(deblurrer):
        return (True,)
    return (False, True) if (os.cpu_count() or 1) >= MANY_CORES else (False,)


def _on_processor(deblurrer: Deblurrer) -> bool:
    return deblurrer.device.type == "cpu"


def _set(deblurrer: Deblurrer, precision: torch.dtype, alone: bool) -> None:
    deblurrer.set_precision(precision)
    deblurrer.pair.set_alone(alone)


def _names(precision: torch.dtype, alone: bool) -> tuple[str, str]:
    return str(precision).removeprefix("torch."), "torch" if alone else "1+1"


def _deblur(deblurrer: Deblurrer, blurred: Luma, rung: Rung) -> None:
    branches, halved = WORK[rung]
    try:
        deblurrer.deblur(blurred, None, 1, branches, halved=halved)
    except NotTrustedError:
        return  # weights that stray or are not finite show themselves on real frames; the time taken is the same


class _Cost(NamedTuple):
    wall_ms: float
    processor_ms: float  # of all threads


def _is_faster(way: _Cost, chosen: _Cost, *, same_threads: bool, on_processor: bool) -> bool:
    # While others want the cores, wall times say little of the number type; processor times hold.  What number of
    # threads is worth, only wall times tell.
    if same_threads and on_processor:
        return way.processor_ms < FASTER * chosen.processor_ms
    return way.wall_ms < FASTER * chosen.wall_ms


def _best(run: Callable[[], None], hopeless_ms: float = float("inf")) -> _Cost:
    laps: list[_Cost] = []
    for _ in range(RUNS + 1):
        wall, processor = time.perf_counter(), time.process_time()
        run()
        laps.append(_Cost((time.perf_counter() - wall) * 1e3, (time.process_time() - processor) * 1e3))
        if min(laps).wall_ms > hopeless_ms:
            return min(laps)
    # One more before those that count: memory is new to it.
    return _Cost(min(lap.wall_ms for lap in laps[1:]), min(lap.processor_ms for lap in laps[1:]))


def _texture(width: int, height: int) -> Luma:
    """Roughness of several sizes, so that flow and blur estimate have something to work on."""
    rng = np.random.default_rng(0)
    picture = np.full((height, width), 120.0, dtype=np.float32)
    for cell in (3, 9, 31):
        rough = rng.normal(0.0, 4.0 * cell**0.4, (height // cell + 2, width // cell + 2)).astype(np.float32)
        picture += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(picture, 0, 255).astype(np.uint8)
