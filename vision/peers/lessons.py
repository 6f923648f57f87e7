"""How each peer is fitted: its losses and optimisers after its paper, one step after the other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from vision.peers.judges import DoubleScaleJudge, deceiving_loss, judging_loss
from vision.peers.nafnet import NAFNet
from vision.peers.peer import Network, build
from vision.training.batches import groups, pick
from vision.training.checkpoint import Average
from vision.training.losses import fairness
from vision.training.samples import PLANES, Bank

DECIBEL = 10.0 / math.log(10.0)
ADVERSARIAL = 0.0001  # of the loss; 0.01 as published, where the perceptual loss outweighs it
JUDGE_WIDTH = 12  # of the discriminator (64 as published)
JUDGE_EVERY = 2  # steps between two of the discriminator, as in our generator's training
PAIR = [PLANES.index("blurred"), PLANES.index("truth")]  # all that a blind network learns from


class Lessons:
    """A network, its optimiser and the running average of its weights; `step` learns from one batch."""

    LOSSES: tuple[str, ...] = ()

    def __init__(
        self, name: str, network: Network, seed: int, batch: int, learning_rate: float, half: bool = False
    ) -> None:
        """`half`: convolutions in bfloat16, where our generator's training has them so."""
        self.name, self.seed, self.batch, self.base_rate, self.half = name, seed, batch, learning_rate, half
        self.network = network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # torch's stubs
        self.average = Average(self.network)
        self.optimiser = self.choose_optimiser()
        self.done = 0  # steps

    def choose_optimiser(self) -> torch.optim.Optimizer:
        """The published one, at our learning rate."""
        raise NotImplementedError

    def losses(self, output: Tensor, blurred: Tensor, truth: Tensor) -> dict[str, Tensor]:
        """Weighted parts of the network's loss, by name; their sum moves the weights."""
        raise NotImplementedError

    def after(self, output: Tensor, truth: Tensor) -> dict[str, Tensor]:
        """What else is to be fitted after the network's own step; its losses by name."""
        del output, truth
        return {}

    def state(self) -> tuple[dict[str, nn.Module], dict[str, torch.optim.Optimizer], dict[str, Average]]:
        """Modules, optimisers and averages by name, for a checkpoint."""
        return {"network": self.network}, {"network": self.optimiser}, {"network": self.average}

    def step(
        self, bank: Bank, rate_share: float = 1.0, probability: NDArray[np.float64] | None = None
    ) -> dict[str, float]:
        """One step at `rate_share` of the learning rate.

        The batch depends on seed and step number alone, and is the one that our generator gets at that step:
        `probability` (N,) of each sample as there.
        """
        rng = np.random.default_rng((self.seed, self.done))
        blurred, truth = pairs_of(pick(bank, rng, self.batch, probability).planes)
        for group in self.optimiser.param_groups:
            group["lr"] = self.base_rate * rate_share
        with self.convolutions():
            output = self.network(blurred).float()
        parts = self.losses(output, blurred, truth)
        total = torch.stack(list(parts.values())).sum()
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        parts |= self.after(output.detach(), truth)
        self.done += 1
        self.average.update(self.network, self.done)
        return {"total": float(total.detach()), **{name: float(value.detach()) for name, value in parts.items()}}

    def convolutions(self) -> torch.autocast:
        """The context in which networks are run: bfloat16 or as they are."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self.half)

    def averaged(self) -> Network:
        """A network with the averaged weights, ready to judge or ship."""
        copy = build(self.name, self.network.architecture)
        copy.load_state_dict(self.average.values)
        return copy.to(memory_format=torch.channels_last).eval()  # pyright: ignore[reportCallIssue]  # torch's stubs


class NAFNetLessons(Lessons):
    """PSNR as the loss, AdamW with betas of 0.9 and no decay, as published."""

    LOSSES = ("psnr",)

    def choose_optimiser(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.network.parameters(), self.base_rate, (0.9, 0.9), weight_decay=0.0, fused=True)

    def losses(self, output: Tensor, blurred: Tensor, truth: Tensor) -> dict[str, Tensor]:
        del blurred
        return {"psnr": DECIBEL * torch.log(((output - truth) ** 2).mean(dim=(1, 2, 3)) + 1e-8).mean()}


class DeblurGANLessons(Lessons):
    """Pixels and RaGAN-LS with a discriminator of two scales.

    Published as 0.5 pixels + 0.006 perceptual + 0.01 adversarial.  The perceptual loss compares features of a VGG19
    fitted on ImageNet, whose weights are not to be had without a network connection: it is left out.  The adversary
    alone would then rule: at the published weight the pictures were 4.9 dB worse than their input after 85 steps.
    """

    LOSSES = ("pixels", "adversarial", "discriminator")

    def __init__(
        self, name: str, network: Network, seed: int, batch: int, learning_rate: float, half: bool = False
    ) -> None:
        super().__init__(name, network, seed, batch, learning_rate, half)
        self.judge = DoubleScaleJudge(network.architecture["channels"], JUDGE_WIDTH)
        self.judge_optimiser = torch.optim.Adam(self.judge.parameters(), 1e-4, fused=True)

    def choose_optimiser(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.network.parameters(), self.base_rate, fused=True)

    def losses(self, output: Tensor, blurred: Tensor, truth: Tensor) -> dict[str, Tensor]:
        # Squared error in the network's range of -1..1, as published; each picture by the inverse of its own blur, as
        # in our training, since gain in dB is what both are judged by.
        error = (2.0 * (output - truth)).square().mean(dim=(1, 2, 3))
        self.judge.requires_grad_(False)
        real, fake = self._scores(truth), self._scores(output)
        self.judge.requires_grad_(True)
        deceiving = deceiving_loss(real, fake)
        return {"pixels": 0.5 * (fairness(blurred, truth) * error).mean(), "adversarial": ADVERSARIAL * deceiving}

    def after(self, output: Tensor, truth: Tensor) -> dict[str, Tensor]:
        if self.done % JUDGE_EVERY:
            return {}
        loss = judging_loss(self._scores(truth), self._scores(output))
        self.judge_optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.judge_optimiser.step()
        return {"discriminator": loss}

    def _scores(self, picture: Tensor) -> list[Tensor]:
        with self.convolutions():
            return [score.float() for score in self.judge(picture)]

    def state(self) -> tuple[dict[str, nn.Module], dict[str, torch.optim.Optimizer], dict[str, Average]]:
        modules, optimisers, averages = super().state()
        return {**modules, "judge": self.judge}, {**optimisers, "judge": self.judge_optimiser}, averages


def lessons_for(
    name: str, network: Network, seed: int, batch: int, learning_rate: float, half: bool = False
) -> Lessons:
    """The lessons that fit a network, from its first step.

    The last convolution starts at zero, as in our generator: the picture then comes out as it went in, and no step is
    spent on unlearning what chance has put there.
    """
    last = network.ending if isinstance(network, NAFNet) else network.leave
    for parameter in last.parameters():
        nn.init.zeros_(parameter)
    kind = NAFNetLessons if isinstance(network, NAFNet) else DeblurGANLessons
    return kind(name, network, seed, batch, learning_rate, half)


def pairs_of(planes: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """Planes (B, 4, S, S) uint8 in the order of samples.PLANES -> blurred and true luma (B, 1, S, S) in 0..1."""
    blurred, truth = torch.from_numpy(planes[:, PAIR]).float().div_(255.0).split(1, dim=1)
    return blurred, truth


@torch.no_grad()
def judge(network: Network, bank: Bank) -> dict[str, float]:
    """Gain in PSNR over the blurred input on a bank, dB: mean and worst hundredth, measured as our generator's:
    samples without blur do not count."""
    gains: list[float] = []
    for start in range(0, len(bank), 16):
        blurred, truth = pairs_of(bank.planes[start : start + 16])
        before = ((blurred - truth) ** 2).mean(dim=(1, 2, 3)).clamp_min(1e-7)
        after = ((network(blurred).clamp(0.0, 1.0) - truth) ** 2).mean(dim=(1, 2, 3)).clamp_min(1e-7)
        gains += (10.0 * torch.log10(before / after)).tolist()
    blurred_gains = np.array(gains)[~groups(bank)["none"]]
    return {
        "gain_db": float(np.mean(blurred_gains)),
        "worst_1_percent_db": float(np.quantile(blurred_gains, 0.01)),
    }


def facts_of(lessons: Lessons) -> dict[str, Any]:
    """What a model card says of the way a network was fitted."""
    if isinstance(lessons, DeblurGANLessons):
        return {
            "losses": f"0.5 squared error (-1..1, weighted by the inverse of the blur) + {ADVERSARIAL} RaGAN-LS; "
            "perceptual loss left out (needs weights of VGG19)",
            "optimiser": f"Adam; discriminators of width {JUDGE_WIDTH} every {JUDGE_EVERY} steps at 1e-4",
        }
    return {"losses": "PSNR", "optimiser": "AdamW, betas 0.9, 0.9, no decay"}
