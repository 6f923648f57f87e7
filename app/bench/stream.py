"""A stream at camera pace through the enhanced view: what is skipped, and how late pictures are."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.workers.mailbox import ENHANCER_BEHIND, Mailbox

if TYPE_CHECKING:  # see vision.py
    from vision.enhance import Enhancer
    from vision.frames import Frame, Picture

INTERVAL_S = 1.0 / 30.0


def follow(enhancer: Enhancer, pictures: Sequence[tuple[Picture, bool]]) -> dict[str, Any]:
    """Puts `pictures` (and whether each is blurred) at 30 frames/s into a mailbox as the running tower's.

    `backlog_frames`: the most newer frames that had been put when one was taken, beyond those that the mailbox holds.
    """
    mailbox: Mailbox[Frame] = Mailbox(ENHANCER_BEHIND)
    put: list[int] = []  # numbers of the frames, as they went into the mailbox
    offered = [picture for picture, _ in pictures]
    camera = threading.Thread(target=_offer, args=(mailbox, offered, put), name="bench camera")
    wall_ms: list[float] = []
    waiting: list[int] = []
    delays_ms: list[float] = []
    outcome: Counter[str] = Counter()
    camera.start()
    while (frame := mailbox.take(1.0)) is not None:
        waiting.append(put[-1] - frame.id)
        enhancer.set_threshold(1.0 if pictures[frame.id][1] else 0.0)
        seen = enhancer.process(frame)
        wall_ms.append(seen.timings_ms["total"])
        delays_ms.append((time.perf_counter() - frame.captured_s) * 1e3)
        outcome[f"{seen.action}, {seen.rung}" if seen.rung else str(seen.action)] += 1
        if frame.id == len(pictures) - 1:
            break
    camera.join()
    return {
        "offered": len(pictures),
        "skipped": len(pictures) - len(wall_ms),
        "backlog_frames": max(0, max(waiting) - ENHANCER_BEHIND),
        "median_ms": round(float(np.median(wall_ms)), 2),
        "p95_ms": round(float(np.quantile(wall_ms, 0.95)), 2),
        "delay_median_ms": round(float(np.median(delays_ms)), 2),
        "delay_most_ms": round(float(max(delays_ms)), 2),
        "outcome": dict(outcome),
    }


def _offer(mailbox: Mailbox[Frame], pictures: Sequence[Picture], put: list[int]) -> None:
    from vision.frames import Frame

    start = time.perf_counter()
    for index, picture in enumerate(pictures):
        due = start + index * INTERVAL_S
        time.sleep(max(0.0, due - time.perf_counter()))  # the camera's pace
        put.append(index)
        mailbox.put(Frame(index, due, picture))
