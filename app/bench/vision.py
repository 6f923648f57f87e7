"""`bench vision`: what the enhanced view costs a frame, stage by stage, against the peer, and at camera pace."""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app import paths
from app.arguments import positive_count
from app.bench.stream import follow
from vision.settings import Settings, WeightsError

if TYPE_CHECKING:  # the nets' library is loaded when the bench runs: the other benches do not wait for it
    from vision.enhance import Enhancer
    from vision.frames import Picture
    from vision.runtime import Weights

SIZES = ((1280, 720), (1920, 1080))
FIELD_WIDTH = 0.8  # of the picture's: middle of the 13 laparoscopic operations seen (0.72 to 0.95)
DRIFT_PX = 3  # between two frames
SHAKE_PX = 13
BLURRED_OF_20 = 9  # 45 % of the stream
PEER_RUNS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `bench vision`."""
    parser.add_argument("--frames", type=positive_count, default=60, help="of each kind and size (default 60)")
    parser.add_argument(
        "--models", type=Path, default=None, metavar="DIR", help="folder of weights (the installed ones)"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """All figures, in milliseconds.  Raises `RuntimeError` when the weights cannot be used."""
    from vision import runtime
    from vision.opencv import cv2

    cv2.setNumThreads(1)  # as in the tower's process of the enhanced view
    try:
        weights = runtime.load(paths.models() if args.models is None else args.models)
    except WeightsError as error:
        raise RuntimeError(str(error)) from error
    figures: dict[str, Any] = {"machine": {"cores": os.cpu_count(), "device": str(runtime.pick_device())}}
    for width, height in SIZES:
        figures[f"{width}x{height}"] = _measure_size(weights, width, height, args.frames)
    width, height = SIZES[0]
    figures["peer"] = _measure_peer(width, height, figures[f"{width}x{height}"]["blurred"])
    figures["machine"]["load"] = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    return figures


def tissue(width: int, height: int, seed: int = 0) -> Picture:
    """A textured picture in a round field of view, (height, width, 3) uint8 BGR."""
    from vision.opencv import cv2

    rng = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), dtype=np.float32)
    for cell in (2, 5, 12, 40):
        rough = rng.normal(0.0, 1.0, (height // cell + 2, width // cell + 2)).astype(np.float32)
        detail = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
        picture += detail * np.array([0.7, 0.75, 1.0], dtype=np.float32) * cell**0.5 * 4.0  # tissue: one hue
    picture += np.array([90.0, 95.0, 160.0], dtype=np.float32)
    inside = cv2.circle(
        np.zeros((height, width), np.uint8), (width // 2, height // 2), int(FIELD_WIDTH / 2 * width), 1, -1
    )
    return (np.clip(picture, 20, 255) * inside[..., None]).astype(np.uint8)


def shaken(picture: Picture, index: int) -> Picture:
    """The picture drifted and blurred along its rows."""
    from vision.opencv import cv2

    moved = np.roll(picture, DRIFT_PX * index % 60, axis=1)
    return cv2.blur(moved, (SHAKE_PX, 1)).astype(np.uint8, copy=False)


@dataclass(slots=True)
class _Laps:
    """Of frames of one kind."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    stages_ms: list[Mapping[str, float]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, Any]:
        stages = {name: [lap.get(name, 0.0) for lap in self.stages_ms] for name in self.stages_ms[0]}
        return {
            "median_ms": _round(np.median(self.wall_ms)),
            "p95_ms": _round(np.quantile(self.wall_ms, 0.95)),
            "processor_ms": _round(np.median(self.cpu_ms)),
            "stages_ms": {name: _round(np.median(laps)) for name, laps in stages.items() if name != "total"},
            "outcome": dict(self.done),
        }


def _measure_size(weights: Weights, width: int, height: int, frames: int) -> dict[str, Any]:
    from vision.enhance import Enhancer

    picture = tissue(width, height)
    blurred = [shaken(picture, index) for index in range(20)]
    unlimited = Enhancer(weights, Settings(time_budget_ms=None))
    unlimited.warm_up(width, height)
    clear_laps, blurred_laps = _Laps(), _Laps()
    for index in range(frames):
        _lap(unlimited, 2 * index, picture, 0.0, clear_laps)
        _lap(unlimited, 2 * index + 1, blurred[index % len(blurred)], 1.0, blurred_laps)
    table = [
        {
            "rung": str(row.rung),
            "arithmetic": row.arithmetic,
            "threads": row.threads,
            "best_ms": row.best_ms,
            "chosen": row.chosen,
        }
        for row in unlimited.runtime_table
    ]
    unlimited.close()
    limited = Enhancer(weights, Settings())
    limited.warm_up(width, height)
    stream = follow(
        limited, [(blurred[i], True) if i % 20 >= 20 - BLURRED_OF_20 else (picture, False) for i in range(frames)]
    )
    limited.close()
    return {
        "clear": clear_laps.figures(),
        "blurred": blurred_laps.figures(),
        "runtime_table": table,
        "stream": stream | {"time_budget_ms": _round(Settings().time_budget_ms or 0.0)},
    }


def _lap(enhancer: Enhancer, index: int, picture: Picture, threshold: float, laps: _Laps) -> None:
    from vision.frames import Frame

    enhancer.set_threshold(threshold)  # 0: passes as clear and is remembered; 1: is deblurred
    cpu = time.process_time()
    seen = enhancer.process(Frame(index, index / 30, picture))
    laps.cpu_ms.append((time.process_time() - cpu) * 1e3)
    laps.wall_ms.append(seen.timings_ms["total"])
    laps.stages_ms.append(seen.timings_ms)
    laps.done[f"{seen.action}, {seen.rung}" if seen.rung else str(seen.action)] += 1


def _measure_peer(width: int, height: int, ours: Mapping[str, Any]) -> dict[str, Any]:
    """DeblurGAN-v2 with MobileNetV2 at its published width, with all of torch's threads, in its faster number type."""
    import torch

    from vision.peers import deblurgan_v2

    before = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count() or 1)
    laps: dict[str, tuple[float, float]] = {}
    try:
        for precision in (torch.float32, torch.bfloat16):
            network = deblurgan_v2.published().eval().to(precision).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # torch's stub lacks this keyword
            rows, columns = (-(-side // deblurgan_v2.MULTIPLE) * deblurgan_v2.MULTIPLE for side in (height, width))
            given = torch.rand(1, 3, rows, columns).to(precision).contiguous(memory_format=torch.channels_last)
            laps[str(precision).removeprefix("torch.")] = _best_lap(network, given)
    finally:
        torch.set_num_threads(before)
    arithmetic = min(laps, key=lambda name: laps[name][0])
    wall_ms, cpu_ms = laps[arithmetic]
    return {
        "name": "DeblurGAN-v2, MobileNetV2, published width",
        "size": f"{width}x{height}",
        "arithmetic": arithmetic,
        "best_ms": _round(wall_ms),
        "processor_ms": _round(cpu_ms),
        "times_slower": _round(wall_ms / ours["median_ms"]),
        "times_more_processor": _round(cpu_ms / ours["processor_ms"]),
    }


def _best_lap(network: Any, given: Any) -> tuple[float, float]:
    import torch

    laps: list[tuple[float, float]] = []
    with torch.inference_mode():
        for _ in range(PEER_RUNS):
            wall, cpu = time.perf_counter(), time.process_time()
            network(given)
            laps.append(((time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3))
    return min(laps)


def table(figures: Mapping[str, Any]) -> list[str]:
    """The figures as text."""
    machine = figures["machine"]
    lines = [f"{machine['cores']} cores, networks on {machine['device']}; machine load {machine['load']}"]
    for width, height in SIZES:
        lines += ["", *_size_lines(f"{width}x{height}", figures[f"{width}x{height}"])]
    return [*lines, "", *_peer_lines(figures["peer"])]


def _size_lines(name: str, size: Mapping[str, Any]) -> list[str]:
    lines = [f"{name:17}{'median':>9}{'p95':>9}{'processor':>11}   milliseconds a frame"]
    for kind in ("clear", "blurred"):
        row = size[kind]
        times = f"{row['median_ms']:9.1f}{row['p95_ms']:9.1f}{row['processor_ms']:11.1f}"
        lines += [f"  {kind:15}{times}   {_list(row['outcome'])}", f"    stages: {_list(row['stages_ms'])}"]
    lines.append("  runtime table, the best of a few runs")
    for row in size["runtime_table"]:
        way = f"{row['rung']:12}{row['arithmetic']:10}{row['threads']:7}"
        lines.append(f"    {way}{row['best_ms']:8.1f}{'  chosen' if row['chosen'] else ''}")
    stream = size["stream"]
    return [
        *lines,
        f"  30 frames/s, 45 % blurred, {stream['time_budget_ms']:.0f} ms allowed: median {stream['median_ms']:.1f}, "
        f"p95 {stream['p95_ms']:.1f}; {stream['skipped']} of {stream['offered']} skipped",
        f"    from capture to done: median {stream['delay_median_ms']:.1f}, at most {stream['delay_most_ms']:.1f}; "
        f"backlog {stream['backlog_frames']} frames; {_list(stream['outcome'])}",
    ]


def _peer_lines(peer: Mapping[str, Any]) -> list[str]:
    return [
        f"{peer['name']}, {peer['size']}, {peer['arithmetic']}: {peer['best_ms']:.0f} ms, "
        f"{peer['processor_ms']:.0f} ms of processor;",
        f"  that is {peer['times_slower']:.1f} times the median of a blurred frame here, and "
        f"{peer['times_more_processor']:.1f} times its processor time",
    ]


def _list(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _round(value: float) -> float:
    return round(float(value), 2)
