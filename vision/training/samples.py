"""Training samples of the generator: shots put through the very alignment and deconvolution of the running tower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from vision import motion
from vision.memory import MINIMUM_CONFIDENCE, Aligner, reduce
from vision.training.blur import KINDS, Shot, shoot
from vision.training.data import Scene

SIDE = 192  # pixels a side that the nets see
CONTEXT = 320  # pixels a side that alignment and deconvolution see: their border errors must not be learned
KIND_SHARES = (0.33, 0.33, 0.12, 0.10, 0.12)  # of KINDS
NO_MEMORY_SHARE = 0.22
MOTION_SHARE = 0.5  # of samples without memory: those that have a blur estimated from motion
REPLACED_SHARE = 0.25  # of memories with a part that does not fit

PLANES = ("blurred", "truth", "memory", "sharp")


@dataclass(slots=True)
class Bank:
    """Samples in memory: planes (N, 4, SIDE, SIDE) uint8 in the order of PLANES, confidence (N, SIDE/4, SIDE/4)."""

    planes: NDArray[np.uint8]
    confidence: NDArray[np.uint8]
    regions: list[str]

    def __len__(self) -> int:
        return len(self.regions)

    def save(self, path: Path) -> None:
        """Writes an .npz without pickles."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, planes=self.planes, confidence=self.confidence, regions=np.array(self.regions))

    @staticmethod
    def load(path: Path) -> Bank:
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return Bank(arrays["planes"], arrays["confidence"], [str(region) for region in arrays["regions"]])


def prepare(
    rng: np.random.Generator, aligner: Aligner, shot: Shot, use_memory: bool, use_motion: bool
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Aligned memory, deconvolved luma and confidence of a shot, as `vision.deblur` makes them."""
    blurred = shot.blurred
    half = motion.halve(blurred)
    nothing = np.zeros((blurred.shape[0] // 4, blurred.shape[1] // 4), dtype=np.uint8)
    kernel, memory, confidence = None, blurred, nothing
    if use_memory:
        aligner.forget()
        aligned = aligner.align(reduce(blurred), shot.memory, reduce(shot.memory))
        if aligned.mean >= MINIMUM_CONFIDENCE:
            memory, confidence = aligned.luma, aligned.confidence
            kernel = motion.estimate_psf(half, motion.halve(memory))
    elif use_motion:
        # Between frames a tower sees the drift of the middle of the exposures, not the path within one.
        stretch, turn = float(np.exp(rng.normal(0.0, 0.2))), float(rng.normal(0.0, 0.15))
        dx, dy = shot.mean_direction
        cos, sin = np.cos(turn) * stretch, np.sin(turn) * stretch
        kernel = motion.line_psf(float(cos * dx - sin * dy), float(sin * dx + cos * dy))
    sharp = blurred if kernel is None else motion.deconvolve(blurred, half, kernel)
    return memory, sharp, confidence


def make_bank(scenes: Sequence[Scene], count: int, seed: int, progress: bool = True) -> Bank:
    """`count` samples from scenes, the same for the same seed."""
    rng = np.random.default_rng(seed)
    aligner = Aligner()
    planes = np.empty((count, len(PLANES), SIDE, SIDE), dtype=np.uint8)
    confidences = np.empty((count, SIDE // 4, SIDE // 4), dtype=np.uint8)
    regions: list[str] = []
    edge = (CONTEXT - SIDE) // 2
    inner = slice(edge, edge + SIDE)
    small = slice(edge // 4, (edge + SIDE) // 4)
    for index in tqdm(range(count), desc="samples", disable=not progress, mininterval=5.0):
        scene = scenes[int(rng.integers(len(scenes)))]
        kind = KINDS[int(rng.choice(len(KINDS), p=KIND_SHARES))]
        length = float(rng.uniform(3.0, 10.0) if kind == "defocus" else 4.0 * (26.0 / 4.0) ** rng.random())
        age = int(rng.integers(1, 13))
        other = scenes[int(rng.integers(len(scenes)))] if rng.random() < REPLACED_SHARE else None
        shot = shoot(rng, scene, CONTEXT, kind, length, age, other)
        use_memory = rng.random() >= NO_MEMORY_SHARE
        memory, sharp, confidence = prepare(rng, aligner, shot, use_memory, rng.random() < MOTION_SHARE)
        for plane, picture in enumerate((shot.blurred, shot.truth, memory, sharp)):
            planes[index, plane] = picture[inner, inner]
        confidences[index] = confidence[small, small]
        regions.append(scene.region)
    return Bank(planes, confidences, regions)
