"""What each peer costs beside our generator: parameters, multiply-adds, time a picture, training steps a second."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from vision.models.generator import GATES, PICTURE_CHANNELS, Generator
from vision.peers.peer import PEERS, TITLES, Network, published, run, trainable_here
from vision.peers.train import Plan, begin
from vision.training import generator_training
from vision.training.generator_training import GeneratorTraining
from vision.training.samples import PLANES, SIDE, Bank

COUNTED_SIDE = 256  # pixels a side of the picture that multiply-adds are counted on
LATE_STEP = 10_000  # of our generator's training


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one network."""

    title: str
    parameters: int
    macs_a_pixel: float
    picture_ms: float  # wall time of one picture, the least of the repetitions
    picture_cpu_ms: float  # processor time of all threads, the least of the repetitions
    step_cpu_ms: float | None  # of a training step, one thread; None where it is not trained here


def count_macs(network: nn.Module, forward: Callable[[], object]) -> int:
    """Multiply-adds of all convolutions during `forward`, counted by hooks."""
    total = 0

    def count(module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            kernel = module.kernel_size[0] * module.kernel_size[1]
            total += output.numel() * kernel * module.in_channels // module.groups

    hooks = [module.register_forward_hook(count) for module in network.modules() if isinstance(module, nn.Conv2d)]
    with torch.inference_mode():
        forward()
    for hook in hooks:
        hook.remove()
    return total


def parameters_of(network: nn.Module) -> int:
    """How many numbers were or can be learned."""
    return sum(parameter.numel() for parameter in network.parameters())


def measure_peer(name: str, as_published: bool, size: tuple[int, int], repetitions: int, steps: int) -> Cost:
    """Times a peer on a picture of `size` (width, height) pixels, and its training step unless `as_published`."""
    network: Network = published(name) if as_published else trainable_here(name)
    channels = network.architecture["channels"]
    small = torch.rand(1, channels, COUNTED_SIDE, COUNTED_SIDE)
    picture = torch.rand(1, channels, size[1], size[0])
    network.to(memory_format=torch.channels_last).eval()  # pyright: ignore[reportCallIssue]  # torch's stubs
    macs = count_macs(network, lambda: network(small)) / COUNTED_SIDE**2
    with torch.inference_mode():
        wall, cpu = _least(lambda: run(network, picture), repetitions)
    title = f"{TITLES[name]}, published, RGB" if as_published else f"{TITLES[name]}, trainable here, luma"
    step = None if as_published else _step_cpu_ms(_steps_of_peer(name), steps)
    return Cost(title, parameters_of(network), macs, wall, cpu, step)


def measure_ours(size: tuple[int, int], repetitions: int, steps: int) -> Cost:
    """Times our generator's networks alone (no memory, motion or fusion's alignment), and its training step."""
    generator = Generator(["a"]).eval().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    rows = torch.zeros(1, dtype=torch.long)
    small, grid = _inputs(COUNTED_SIDE, COUNTED_SIDE), _inputs(*size)
    macs = count_macs(generator, lambda: generator(*small, rows)) / COUNTED_SIDE**2
    with torch.inference_mode():
        wall, cpu = _least(lambda: generator(*grid, rows), repetitions)
    training = GeneratorTraining(generator_training.Plan(), ["a"])
    training.done = LATE_STEP  # the discriminator takes part by then
    bank = _bank()
    step = _step_cpu_ms(lambda: training.step(bank), steps)
    return Cost("our generator, its networks alone, luma", parameters_of(generator), macs, wall, cpu, step)


def _inputs(width: int, height: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What the generator takes of a picture: its half-size input and its full-size detail."""
    x = torch.rand(1, PICTURE_CHANNELS + 4, -(-height // 8), -(-width // 8))
    detail = torch.rand(1, 16 * GATES, 2 * x.shape[2], 2 * x.shape[3])
    return x.contiguous(memory_format=torch.channels_last), detail.contiguous(memory_format=torch.channels_last)


def as_table(costs: Sequence[Cost], size: tuple[int, int]) -> str:
    """Markdown."""
    head = ("network", "parameters", "MAC/pixel", f"ms at {size[0]}x{size[1]}", "processor ms", "ms a training step")
    lines = ["| " + " | ".join(head) + " |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for cost in costs:
        step = "-" if cost.step_cpu_ms is None else f"{cost.step_cpu_ms:,.0f}"
        values = (cost.title, f"{cost.parameters:,}", f"{cost.macs_a_pixel:,.0f}", f"{cost.picture_ms:,.0f}")
        lines.append("| " + " | ".join((*values, f"{cost.picture_cpu_ms:,.0f}", step)) + " |")
    return "\n".join(lines)


def _steps_of_peer(name: str) -> Callable[[], object]:
    lessons = begin(name, Plan())
    bank = _bank()
    return lambda: lessons.step(bank)


def _bank(count: int = 24) -> Bank:
    rng = np.random.default_rng(0)
    planes = rng.integers(0, 256, (count, len(PLANES), SIDE, SIDE), dtype=np.uint8)
    return Bank(planes, rng.integers(0, 256, (count, SIDE // 4, SIDE // 4), dtype=np.uint8), ["a"] * count)


def _step_cpu_ms(step: Callable[[], object], count: int) -> float:
    """Mean processor time of `count` steps in one thread, after two that warm up; an even count, since the
    discriminators learn in every second one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for _ in range(2):
            step()
        begin = time.process_time()
        for _ in range(count):
            step()
        return (time.process_time() - begin) * 1e3 / count
    finally:
        torch.set_num_threads(threads)


def _least(call: Callable[[], object], repetitions: int) -> tuple[float, float]:
    """Least wall and processor time in milliseconds, after one call that warms up."""
    call()
    laps: list[tuple[float, float]] = []
    for _ in range(repetitions):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        laps.append(((time.perf_counter() - wall) * 1e3, (time.process_time() - cpu) * 1e3))
    return min(lap[0] for lap in laps), min(lap[1] for lap in laps)


def main() -> None:
    """`python -m vision.peers.measure [--repetitions N] [--steps N] [--threads N]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=3, metavar="N", help="pictures timed (default 3)")
    parser.add_argument("--steps", type=int, default=6, metavar="N", help="training steps timed, even (default 6)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="for the pictures (default 1)")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    size = (1280, 720)
    costs = [measure_ours(size, args.repetitions, args.steps)]
    for name in PEERS:
        costs += [measure_peer(name, whole, size, args.repetitions, args.steps) for whole in (True, False)]
    print(as_table(costs, size))
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"\ntorch {torch.__version__}, {torch.get_num_threads()} threads; machine load {load}")


if __name__ == "__main__":
    main()
