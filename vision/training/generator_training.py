"""One step of the generator's training after the other: both networks, their optimisers, the losses (A1 to A3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vision.models.discriminator import Discriminator
from vision.models.generator import Generator
from vision.training.batches import draw
from vision.training.checkpoint import Average
from vision.training.losses import adversarial, discrimination, fairness, faithfulness, harm, squared_errors
from vision.training.samples import Bank
from vision.training.schedule import learning_rate
from vision.training.settings import limits
from vision.training.world import ARITHMETICS, World, half_precision

M = TypeVar("M", bound=nn.Module)
DISCRIMINATOR_RATE = 0.2  # of the generator's learning rate


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do.  Each field is a setting of the configuration file."""

    seed: int = limits(1, 0)
    minutes: float | None = limits(None, 1e-6)  # wall clock in all
    cpu_minutes: float | None = limits(None, 1e-6)  # processor time in all
    steps: int | None = limits(None, 1)  # in all
    samples: int = limits(4000, 8)
    val_samples: int = limits(240, 8)
    batch: int = limits(12, 1, 4096)  # a process
    learning_rate: float = limits(1.0e-3, 1e-7, 1.0)
    warm_up_steps: int = limits(100, 0)
    gradient_clip: float = limits(0.5, 1e-6)  # norm of the generator's gradient
    features: int = limits(32, 8, 512)
    width: int = limits(16, 8, 512)
    start: Path | None = None  # folder whose weights are begun with
    arithmetic: str = limits("auto", choices=ARITHMETICS)  # of the convolutions
    edge: float = limits(0.5, 0.0)  # weights of the losses beside charbonnier, which has 1
    adversarial: float = limits(0.0015, 0.0)
    adversarial_from: int = limits(1000, 0)  # steps: the discriminator first learns what it judges
    branches_alone: float = limits(0.3, 0.0)  # so that each branch deblurs
    harm: float = limits(0.03, 0.0)  # of pictures
    harm_tiles: float = limits(0.01, 0.0)  # of their tiles of 48x48 pixels
    harm_rise: float = limits(0.3, 0.0, 1.0)  # share of the run over which both grow from 0
    harm_margin_db: float = limits(0.2, 0.0, 10.0)  # gain below which a picture counts as harmed
    often_small_blur: float = limits(1.5, 0.01, 100.0)  # how much more often such samples are drawn
    often_old_memory: float = limits(1.5, 0.01, 100.0)
    often_no_memory: float = limits(1.5, 0.01, 100.0)


class GeneratorTraining:
    """Both networks, their optimisers and the running average; one `step` after the other."""

    def __init__(
        self,
        plan: Plan,
        regions: Sequence[str],
        world: World | None = None,
        half: bool | None = None,
        *,
        halved: bool = True,
    ) -> None:
        """`half`: bfloat16 convolutions; None: as the plan says.  `halved`: the generator looks at half the size."""
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.world = World() if world is None else world
        self.half = half_precision(plan.arithmetic, self.world.device) if half is None else half
        self.generator = _ready(Generator(regions, plan.features, plan.width, halved), self.world)
        self.discriminator = _ready(Discriminator(), self.world)
        self._shared_generator = self.world.share(self.generator)
        self._shared_discriminator = self.world.share(self.discriminator)
        self.average = Average(self.generator)
        self.g_optimiser = torch.optim.AdamW(
            self.generator.parameters(), plan.learning_rate, (0.9, 0.98), weight_decay=1e-4, fused=True
        )
        self.d_optimiser = torch.optim.AdamW(
            self.discriminator.parameters(),
            DISCRIMINATOR_RATE * plan.learning_rate,
            (0.5, 0.98),
            weight_decay=1e-4,
            fused=True,
        )
        self.done = 0  # steps

    def state(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Average]]:
        """Modules, optimisers and averages by name, for a checkpoint."""
        return (
            {"generator": self.generator, "discriminator": self.discriminator},
            {"generator": self.g_optimiser, "discriminator": self.d_optimiser},
            {"generator": self.average},
        )

    def begin_with(self, weights: dict[str, NDArray[Any]]) -> None:
        """Takes weights of the same architecture; optimisers stay fresh."""
        self.generator.load_state_dict({key: torch.from_numpy(np.array(value)) for key, value in weights.items()})
        self.average = Average(self.generator)

    def step(self, bank: Bank, share: float = 0.0, probability: NDArray[np.float64] | None = None) -> dict[str, float]:
        """One step on a batch that depends on seed and step number alone; returns the losses of all processes.

        `share` of the run that lies behind (0..1) sets the learning rate; `probability` (N,) of each sample.
        """
        plan = self.plan
        rng = np.random.default_rng((plan.seed, self.done))
        count = plan.batch * self.world.size
        batch, rows = draw(bank, rng, count, self.generator, probability, self.world.shard)
        truth, base = batch.truth, batch.base
        rate = learning_rate(plan.learning_rate, self.done, share, plan.warm_up_steps)
        with self._convolutions():
            change, layers = self._shared_generator(batch.x, batch.detail, rows)
        output = base + change
        losses, seen = self._losses(output, layers, base, truth, share)
        if self.done >= plan.adversarial_from:
            losses["adversarial"] = plan.adversarial * self._not_taken_for_clear(output)
        total = torch.stack(list(losses.values())).sum()
        _descend(total, self.g_optimiser, rate, self.generator, plan.gradient_clip)
        if self.done % 2 == 0:
            seen["discriminator"] = self._teach_discriminator(truth, output.detach(), rate)
        self.done += 1
        self.average.update(self.generator, self.done)
        shown = {"total": total, **losses, **seen}
        means = self.world.mean([float(value.detach()) for value in shown.values()])
        return dict(zip(shown, means, strict=True)) | {"learning_rate": rate}

    def averaged(self) -> Generator:
        """A generator with the averaged weights, ready to judge or ship."""
        plan = self.plan
        copy = Generator(self.generator.fusion.regions, plan.features, plan.width, self.generator.halved)
        copy.load_state_dict(self.average.values)
        return copy.to(self.world.device).eval()

    def _losses(
        self, output: Tensor, layers: list[Tensor], base: Tensor, truth: Tensor, run_share: float
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """The losses of a batch as they are summed, without the adversarial one, and what else the log shows."""
        plan = self.plan
        share = fairness(base, truth)
        faithful, away, steep = faithfulness(output, truth, plan.edge)
        alone = torch.stack([faithfulness(base + layer, truth, plan.edge)[0] for layer in layers]).mean(dim=0)
        before, after = squared_errors(base, truth), squared_errors(output, truth)
        pictures = harm(after.mean(dim=(1, 2)), before.mean(dim=(1, 2)), plan.harm_margin_db)
        tiles = harm(after, before, plan.harm_margin_db)
        # First learn to gain, then to harm nobody: felt in full from the start, it held the gain of 120 steps at
        # 0.5 dB instead of 1.3.
        felt = min(1.0, run_share / plan.harm_rise) if plan.harm_rise > 0.0 else 1.0
        losses = {
            "faithful": (share * faithful).mean(),
            "branches": plan.branches_alone * (share * alone).mean(),
            "harm": felt * plan.harm * pictures.mean(),
            "harm_tiles": felt * plan.harm_tiles * tiles.mean(),
        }
        return losses, {"charbonnier": (share * away).mean(), "edge": (share * steep).mean()}

    def _not_taken_for_clear(self, output: Tensor) -> Tensor:
        """The adversarial loss.  The discriminator only judges: its own gradients would be thrown away."""
        self.discriminator.requires_grad_(False)
        with self._convolutions():
            logits = self.discriminator(output)
        self.discriminator.requires_grad_(True)
        return adversarial(logits.float())

    def _teach_discriminator(self, truth: Tensor, fake: Tensor, rate: float) -> Tensor:
        """Its own step; both kinds in one pass, so that processes exchange gradients once."""
        with self._convolutions():
            real, made = self._shared_discriminator(torch.cat([truth, fake])).float().chunk(2)
        loss = discrimination(real, made)
        _descend(loss, self.d_optimiser, DISCRIMINATOR_RATE * rate)
        return loss

    def _convolutions(self) -> torch.autocast:
        return torch.autocast(self.world.device.type, torch.bfloat16, enabled=self.half)


def _ready(module: M, world: World) -> M:
    return module.to(world.device).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # torch's stub lacks it


def _descend(
    loss: Tensor, optimiser: torch.optim.Optimizer, rate: float, clipped: nn.Module | None = None, norm: float = 0.0
) -> None:
    """One step of an optimiser at this learning rate; gradients of `clipped` are held to `norm`."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    if clipped is not None:
        nn.utils.clip_grad_norm_(clipped.parameters(), norm)
    optimiser.step()
