"""Trains generator against discriminator (stages A1 to A3): seeded, resumable, bounded in time."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from vision import runtime
from vision.models.discriminator import Discriminator
from vision.models.generator import BRANCHES, Generator, pack
from vision.training import checkpoint
from vision.training.checkpoint import Average
from vision.training.data import Manifest, read_scenes
from vision.training.losses import adversarial, charbonnier, discrimination, edge, fairness
from vision.training.samples import Bank, make_bank

LOSS_WEIGHTS = {"charbonnier": 1.0, "edge": 0.5, "adversarial": 0.0015}
BRANCH_SHARE = 0.3  # of the loss that each branch bears alone, so that each one deblurs
ADVERSARIAL_FROM = 1000  # steps: the discriminator first learns what it judges
STOP_PROBABILITY = 0.5  # mean P(clear) of deblurred val pictures at which they are taken for clear
STOP_CHECKS = 3  # in a row
CHECK_STEPS = 500
NOT_SCENES = ("out_of_body", "trocar", "unclear")  # rooms, plastic, and nothing to see


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do."""

    seed: int = 1
    minutes: float = 60.0
    steps: int | None = None  # ends earlier at this many steps in all
    samples: int = 4000
    val_samples: int = 240
    batch: int = 12
    learning_rate: float = 1.0e-3
    features: int = 32
    width: int = 16


class GeneratorTraining:
    """Both networks, their optimisers and the running average; one `step` after the other."""

    def __init__(self, plan: Plan, regions: Sequence[str]) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.generator = Generator(regions, plan.features, plan.width).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.discriminator = Discriminator()
        self.average = Average(self.generator)
        self.g_optimiser = torch.optim.AdamW(
            self.generator.parameters(), plan.learning_rate, (0.9, 0.98), weight_decay=1e-4
        )
        self.d_optimiser = torch.optim.AdamW(self.discriminator.parameters(), 2e-4, (0.5, 0.98), weight_decay=1e-4)
        self.done = 0  # steps

    def state(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Average]]:
        """Modules, optimisers and averages by name, for a checkpoint."""
        return (
            {"generator": self.generator, "discriminator": self.discriminator},
            {"generator": self.g_optimiser, "discriminator": self.d_optimiser},
            {"generator": self.average},
        )

    def step(self, bank: Bank) -> dict[str, float]:
        """One step on a batch that depends on seed and step number alone; returns the losses."""
        rng = np.random.default_rng((self.plan.seed, self.done))
        x, truth, base, rows = draw(bank, rng, self.plan.batch, self.generator)
        correction, layers = self.generator(x, rows)
        output = base + correction
        share = fairness(base, truth)
        parts = {
            "charbonnier": (share * charbonnier(output, truth)).mean(),
            "edge": (share * edge(_pixels(output), _pixels(truth))).mean(),
        }
        if self.done >= ADVERSARIAL_FROM:
            parts["adversarial"] = adversarial(self.discriminator(output))
        total = torch.stack([LOSS_WEIGHTS[name] * value for name, value in parts.items()]).sum()
        alone = [
            (share * (charbonnier(each, truth) + LOSS_WEIGHTS["edge"] * edge(_pixels(each), _pixels(truth)))).mean()
            for each in (base + layer for layer in layers)
        ]
        total = total + BRANCH_SHARE * torch.stack(alone).mean()
        self.g_optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.generator.parameters(), 0.5)
        self.g_optimiser.step()
        if self.done % 2 == 0:
            loss = discrimination(self.discriminator(truth), self.discriminator(output.detach()))
            self.d_optimiser.zero_grad(set_to_none=True)
            loss.backward()
            self.d_optimiser.step()
            parts["discriminator"] = loss
        self.done += 1
        self.average.update(self.generator, self.done)
        return {"total": float(total.detach()), **{name: float(value.detach()) for name, value in parts.items()}}

    def averaged(self) -> Generator:
        """A generator with the averaged weights, ready to judge or ship."""
        plan = self.plan
        copy = Generator(self.generator.fusion.regions, plan.features, plan.width)
        copy.load_state_dict(self.average.values)
        return copy.eval()


def draw(
    bank: Bank, rng: np.random.Generator, count: int, generator: Generator
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """A batch: input (B, 49, h, w), truth and blurred grids (B, 16, h, w) in 0..1, fusion rows (B,)."""
    chosen = np.sort(rng.choice(len(bank), min(count, len(bank)), replace=False))
    planes, confidence = bank.planes[chosen], bank.confidence[chosen]
    turns, mirrored = int(rng.integers(4)), rng.random() < 0.5
    planes, confidence = np.rot90(planes, turns, (2, 3)), np.rot90(confidence, turns, (1, 2))
    if mirrored:
        planes, confidence = planes[..., ::-1], confidence[..., ::-1]
    rows = [generator.fusion.row(None if rng.random() < 0.15 else bank.regions[index]) for index in chosen]
    x, truth, base = batch_of(np.ascontiguousarray(planes), np.ascontiguousarray(confidence))
    return x, truth, base, torch.tensor(rows)


def batch_of(planes: np.ndarray, confidence: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
    """Planes (B, 4, S, S) uint8 and confidence (B, S/4, S/4) -> input, truth and blurred grids."""
    cells = F.pixel_unshuffle(torch.from_numpy(planes).flatten(0, 1).unsqueeze(1), 4)
    grids = cells.permute(0, 2, 3, 1).reshape(planes.shape[0], 4, *cells.shape[2:], 16)
    blurred, truth, memory, sharp = grids.unbind(1)
    x = pack(blurred, memory, sharp, torch.from_numpy(confidence))
    scale = 1.0 / 255.0
    return x, truth.permute(0, 3, 1, 2).float() * scale, blurred.permute(0, 3, 1, 2).float() * scale


def _pixels(grid: Tensor) -> Tensor:
    return F.pixel_shuffle(grid, 4)


@torch.no_grad()
def judge(generator: Generator, discriminator: Discriminator, bank: Bank) -> dict[str, float]:
    """Mean gain in PSNR over the blurred input (dB) with and without memory, of each branch and fused, and the
    discriminator's probability that the output is clear."""
    gains: dict[str, list[float]] = {name: [] for name in ("fused", *BRANCHES)}
    with_memory: list[bool] = []
    probability: list[float] = []
    discriminator.eval()
    for start in range(0, len(bank), 16):
        part = slice(start, start + 16)
        x, truth, base = batch_of(bank.planes[part], bank.confidence[part])
        rows = torch.tensor([generator.fusion.row(region) for region in bank.regions[part]])
        correction, layers = generator(x, rows)
        before = ((base - truth) ** 2).mean(dim=(1, 2, 3)).clamp_min(1e-7)
        for name, layer in zip(gains, (correction, *layers), strict=True):
            after = (((base + layer).clamp(0, 1) - truth) ** 2).mean(dim=(1, 2, 3)).clamp_min(1e-7)
            gains[name] += (10.0 * torch.log10(before / after)).tolist()
        with_memory += (bank.confidence[part].reshape(len(before), -1).mean(axis=1) > 0).tolist()
        probability.append(discriminator.probability((base + correction).clamp(0, 1)))
    discriminator.train()
    fused, told = np.array(gains["fused"]), np.array(with_memory)
    return {
        **{f"gain_{name}_db": float(np.mean(values)) for name, values in gains.items()},
        "gain_with_memory_db": float(fused[told].mean()) if told.any() else 0.0,
        "gain_without_memory_db": float(fused[~told].mean()) if (~told).any() else 0.0,
        "worst_1_percent_db": float(np.quantile(fused, 0.01)),
        "p_clear": float(np.mean(probability)),
    }


def banks(manifest: Manifest, plan: Plan, folder: Path) -> tuple[Bank, Bank]:
    """Samples to fit and to choose by; made once and kept in `folder`."""
    found: list[Bank] = []
    for split, count, seed in (("train", plan.samples, plan.seed), ("val", plan.val_samples, 10_000 + plan.seed)):
        path = folder / f"samples-{split}-{count}-{seed}-{manifest.sha256[:8]}.npz"
        if not path.is_file():
            items = [item for item in manifest.select(split, "sharp") if item.region not in NOT_SCENES]
            make_bank(read_scenes(items), count, seed).save(path)
        found.append(Bank.load(path))
    return found[0], found[1]


def train(manifest: Manifest, plan: Plan, out: Path, resume: bool, command: str) -> dict[str, float]:
    """Runs the training; writes checkpoint, loss curve and, at every check, weights with their card into `out`."""
    end = time.monotonic() + plan.minutes * 60.0
    fit, choose = banks(manifest, plan, out)
    regions = sorted({item.region for item in manifest.items} - set(NOT_SCENES))
    training = GeneratorTraining(plan, regions)
    if resume:
        tensors, facts = checkpoint.load(out)
        command = f"{facts.get('command', '')} && {command}"
        checkpoint.restore(tensors, *training.state())
        training.done = int(facts["step"])
    scores: dict[str, float] = {}
    clear_checks = 0
    log = out / "generator-losses.csv"
    progress = tqdm(desc="generator", initial=training.done, total=plan.steps, unit="step", mininterval=5.0)
    while True:
        losses = training.step(fit)
        progress.update()
        over = time.monotonic() >= end or (plan.steps is not None and training.done >= plan.steps)
        if training.done % CHECK_STEPS == 0 or over:
            scores = judge(training.averaged(), training.discriminator, choose)
            _note(log, {"step": training.done, **losses, **scores})
            checkpoint.save(out, checkpoint.flatten(*training.state()), {"step": training.done, "command": command})
            clear_checks = clear_checks + 1 if scores["p_clear"] >= STOP_PROBABILITY else 0
            converged = clear_checks >= STOP_CHECKS and training.done > ADVERSARIAL_FROM + STOP_CHECKS * CHECK_STEPS
            why = "time or steps used up" if over else "discriminator takes the output for clear" if converged else ""
            export(training, manifest, scores, out, command, why or "going on")
            progress.set_postfix({"gain_db": f"{scores['gain_fused_db']:.2f}", "p_clear": f"{scores['p_clear']:.2f}"})
            if why:
                break
    progress.close()
    return scores


def export(
    training: GeneratorTraining, manifest: Manifest, scores: dict[str, float], out: Path, command: str, why: str
) -> None:
    """Averaged weights and their card."""
    plan = training.plan
    runtime.write(
        out,
        "generator",
        runtime.arrays_of(training.averaged()),
        {
            "title": "Generator: SRCNN, ESPCN and U-Net on the 4x luma grid, fused with learned weights per region",
            "architecture": {
                "regions": list(training.generator.fusion.regions),
                "features": plan.features,
                "width": plan.width,
            },
            "data": manifest.card(),
            "synthesis": "vision/training/blur.py and samples.py; only stills labelled sharp",
            "command": command,
            "seed": plan.seed,
            "steps": training.done,
            "batch": plan.batch,
            "samples": plan.samples,
            "losses": {**LOSS_WEIGHTS, "each_branch_alone": BRANCH_SHARE},
            "ended": why,
            "scores_val_samples": {name: round(value, 4) for name, value in scores.items()},
        },
    )


def _note(path: Path, values: dict[str, float]) -> None:
    columns = ["step", "total", "charbonnier", "edge", "adversarial", "discriminator", "p_clear"]
    columns += [name for name in values if name.startswith(("gain", "worst"))]
    new = not path.is_file()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="")
        if new:
            writer.writeheader()
        writer.writerow(values)
