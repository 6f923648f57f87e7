"""How long the enhanced view takes for one frame, stage by stage, with the committed weights."""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vision import runtime
from vision.enhance import Enhancer, Settings
from vision.frames import Action, Frame, Picture
from vision.opencv import cv2

FRAMES = 30  # of each kind


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds a frame."""

    size: str
    clear_median_ms: float
    blurred_median_ms: float
    blurred_p95_ms: float
    clear_cpu_ms: float  # processor time of all threads: unlike the others it hardly depends on what else is running
    blurred_cpu_ms: float
    stages_ms: dict[str, float]  # medians of a blurred frame
    arithmetic: str
    load: float  # of the machine in the last minute, processes


def tissue(width: int, height: int, seed: int = 0) -> Picture:
    """A textured picture in a round field of view, (height, width, 3) uint8 BGR."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), dtype=np.float32)
    for cell in (2, 5, 12, 40):
        rough = rng.normal(0.0, 1.0, (height // cell + 2, width // cell + 2, 3)).astype(np.float32)
        picture += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC) * cell**0.5 * 5.0
    picture += np.array([90.0, 95.0, 160.0], dtype=np.float32)
    field = np.zeros((height, width), dtype=np.uint8)
    cv2.circle(field, (width // 2, height // 2), int(0.55 * height), 1, -1)
    return (np.clip(picture, 20, 255) * field[..., None]).astype(np.uint8)


def measure(weights: runtime.Weights, width: int, height: int, frames: int = FRAMES) -> Speed:
    """Times clear frames, then blurred ones with memory, motion and fusion, through the whole of `Enhancer`."""
    picture = tissue(width, height)
    enhancer = Enhancer(weights, Settings(time_budget_ms=None, threshold=0.0))
    enhancer.warm_up(width, height)
    clear: list[float] = []
    cpu: tuple[list[float], list[float]] = ([], [])
    blurred: list[dict[str, float]] = []
    for index in range(frames):
        enhancer.set_threshold(0.0)  # passes as clear and is remembered
        begin = time.process_time()
        seen = enhancer.process(Frame(2 * index, 0.0, picture))
        cpu[0].append((time.process_time() - begin) * 1e3)
        clear.append(seen.timings_ms["total"])
        enhancer.set_threshold(1.0)
        moved = cv2.blur(np.roll(picture, 3 * index % 60, axis=1), (13, 1)).astype(np.uint8, copy=False)
        begin = time.process_time()
        seen = enhancer.process(Frame(2 * index + 1, 0.0, moved))
        cpu[1].append((time.process_time() - begin) * 1e3)
        if seen.action is Action.DEBLURRED:
            blurred.append(dict(seen.timings_ms))
    enhancer.close()
    totals = [lap["total"] for lap in blurred] or [float("nan")]
    return Speed(
        f"{width}x{height}",
        float(np.median(clear)),
        float(np.median(totals)),
        float(np.quantile(totals, 0.95)),
        float(np.median(cpu[0])),
        float(np.median(cpu[1])),
        {name: float(np.median([lap[name] for lap in blurred])) for name in (blurred[0] if blurred else {})},
        enhancer.arithmetic,
        os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan"),
    )


def as_text(speed: Speed) -> str:
    """One paragraph."""
    stages = ", ".join(f"{name} {value:.1f}" for name, value in speed.stages_ms.items())
    return (
        f"{speed.size}: clear {speed.clear_median_ms:.1f} ms; blurred {speed.blurred_median_ms:.1f} ms "
        f"(p95 {speed.blurred_p95_ms:.1f}) in {speed.arithmetic}; machine load {speed.load:.1f}\n"
        f"  processor time of all threads: clear {speed.clear_cpu_ms:.1f} ms, blurred {speed.blurred_cpu_ms:.1f} ms\n"
        f"  blurred: {stages}"
    )


def main() -> None:
    """`python -m vision.training.speed [--models DIR]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[2] / "resources" / "models"
    parser.add_argument("--models", type=Path, default=default)
    weights = runtime.load(parser.parse_args().models)
    for width, height in ((1280, 720), (1920, 1080)):
        print(as_text(measure(weights, width, height)))


if __name__ == "__main__":
    main()
