"""Trains the sharpness net: clear frames against exposure-true and real blur."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F
from tqdm import tqdm

from vision import runtime
from vision.models.sharpness import CROP, CROPS, SharpnessNet
from vision.training import checkpoint
from vision.training.checkpoint import Average
from vision.training.curves import CurveLog, Panel, draw
from vision.training.data import Manifest
from vision.training.metrics import auc, laplacian_variance
from vision.training.schedule import Interrupted, StopSignals, TimeBound, check_finite, learning_rate
from vision.training.settings import limits
from vision.training.sharpness_data import CLEAR_BELOW_PX, ORIGINS, PHANTOM_SEEDS, RECIPES, Bags, make_bags

SHARES = (0.2, 0.6, 0.2)  # of a batch, by origin, clear and blurred alike
TAKEN = 2  # crops of a bag that a training step looks at; the others next time
RANKING = 0.5  # weight of the ranking loss beside the cross-entropy
CLEAR_KEPT = 0.93  # of the clear frames at P = 0.5, at least
WARM_UP_STEPS = 50
CHECK_STEPS = 500
VAL_VIEWS = 5
SCORES = ("auc_together", *(f"auc_{origin}" for origin in ORIGINS))  # in the log
PANELS = (Panel("loss", ("loss",)), Panel("val: area under the ROC curve", SCORES))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do."""

    seed: int = 1
    minutes: float | None = limits(None, 0.0)  # in all, and so the next two; whichever comes first ends the run
    cpu_minutes: float | None = limits(None, 0.0)  # of processor time
    steps: int | None = limits(None, 1)
    batch: int = limits(24, 4)  # frames, half of them clear
    learning_rate: float = limits(3.0e-3, 0.0)  # at its highest
    views: int = limits(8, 1)  # clear ones of each still, and as many blurred


@torch.no_grad()
def probabilities(net: SharpnessNet, bags: Bags) -> NDArray[np.float64]:
    """P(clear) of every bag."""
    parts = [
        torch.sigmoid(net(torch.from_numpy(bags.crops[start : start + 16]).float() / 255.0)).numpy()
        for start in range(0, len(bags.crops), 16)
    ]
    return np.concatenate(parts).astype(np.float64)


def judge(net: SharpnessNet, bags: Bags) -> dict[str, float]:
    """Areas under the ROC curve on real and synthetic blur, the Laplacian's beside them, and accuracy at 0.5."""
    p = probabilities(net.eval(), bags)
    laplacian = np.array([laplacian_variance(crops) for crops in bags.crops])
    scores: dict[str, float] = {}
    tissue = bags.origin != "phantom"
    scores["auc_together"] = auc(p[tissue & bags.clear].tolist(), p[tissue & ~bags.clear].tolist())
    for name in ORIGINS:
        of = bags.origin == name
        good, bad = of & bags.clear, of & ~bags.clear
        scores[f"auc_{name}"] = auc(p[good].tolist(), p[bad].tolist())
        scores[f"laplacian_auc_{name}"] = auc(laplacian[good].tolist(), laplacian[bad].tolist())
        scores[f"clear_found_{name}"] = float(np.mean(p[good] > 0.5))
        scores[f"blurred_found_{name}"] = float(np.mean(p[bad] <= 0.5))
        scores[f"count_clear_{name}"] = float(good.sum())
        scores[f"count_blurred_{name}"] = float(bad.sum())
    return scores


@torch.no_grad()
def calibrate(net: SharpnessNet, bags: Bags) -> float:
    """Moves the last unit's bias so that 0.5 tells clear from blurred best on `bags` while the share `CLEAR_KEPT` of
    the clear ones is found; returns by how much (logits).

    Means over the origins; of equally good offsets the middle one.  A slight blur that is left alone harms nobody, a
    clear frame that is deblurred costs the time of a blurred one: so the clear ones come first.
    """
    p = np.clip(probabilities(net.eval(), bags), 1e-7, 1.0 - 1e-7)
    logits = np.log(p / (1.0 - p))
    offsets = np.linspace(-6.0, 6.0, 481)

    def found(is_clear: bool) -> NDArray[np.float64]:
        """Share of one kind that each offset finds, mean over the origins."""
        own = [logits[(bags.origin == origin) & (bags.clear == is_clear)] for origin in ORIGINS]
        shares = [np.mean((of + offsets[:, None] > 0.0) == is_clear, axis=1) for of in own if of.size]
        return np.mean(shares, axis=0)

    clear = found(True)
    worths = np.where(clear >= min(CLEAR_KEPT, clear.max()), clear + found(False), 0.0)
    best = float(np.median(offsets[worths >= worths.max() - 0.004]))
    net.unit.bias.add_(best)
    return best


def loss_of(logits: torch.Tensor, clear: torch.Tensor) -> torch.Tensor:
    """Cross-entropy, and for each pair of a clear and a blurred frame, that the clear one ranks higher.

    The area under the ROC curve counts exactly these pairs.
    """
    pairs = logits[clear > 0.5][:, None] - logits[clear < 0.5][None, :]
    ranking = F.softplus(-pairs).mean() if pairs.numel() else logits.new_zeros(())
    return F.binary_cross_entropy_with_logits(logits, clear) + RANKING * ranking


class SharpnessTraining:
    """The net, its optimiser and running average; one `step` after the other."""

    def __init__(self, plan: Plan) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.net = SharpnessNet().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # torch's stub lacks this keyword
        self.average = Average(self.net, 0.995)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), plan.learning_rate, weight_decay=1e-3)
        self.done = 0

    def step(self, bags: Bags, share: float = 0.0) -> float:
        """One step on a batch that depends on seed and step number alone, half of it clear; returns the loss.

        `share` of the run that lies behind, 0..1: the learning rate falls with it.
        """
        rng = np.random.default_rng((self.plan.seed, self.done))
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.plan.learning_rate, self.done, share, WARM_UP_STEPS)
        crops, clear = self._batch(rng, bags)
        # bfloat16 halves the time of a step; the logarithms and the loss stay float32.
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.net(crops)
        loss = loss_of(logits.float(), clear)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.done += 1
        self.average.update(self.net, self.done)
        return float(loss.detach())

    def _batch(self, rng: np.random.Generator, bags: Bags) -> tuple[torch.Tensor, torch.Tensor]:
        """Crops (B, TAKEN, 128, 128), turned, mirrored, and of another gamma and noise; and whether each is clear."""
        parts: list[NDArray[np.intp]] = []
        for is_clear in (True, False):
            for origin, share in zip(ORIGINS, SHARES, strict=True):
                pool = np.flatnonzero((bags.clear == is_clear) & (bags.origin == origin))
                if pool.size:
                    parts.append(rng.choice(pool, round(share * self.plan.batch / 2)))
        chosen = np.concatenate(parts)
        taken = np.stack([rng.choice(CROPS, TAKEN, replace=False) for _ in chosen])
        crops = bags.crops[chosen[:, None], taken].astype(np.float32)
        crops = np.rot90(crops, int(rng.integers(4)), (2, 3))
        if rng.random() < 0.5:
            crops = crops[..., ::-1]
        gamma = rng.uniform(0.75, 1.33, (len(chosen), 1, 1, 1)).astype(np.float32)
        crops = (crops / 255.0) ** gamma
        crops = crops + rng.standard_normal(crops.shape, dtype=np.float32) * np.float32(rng.uniform(0, 0.008))
        clear = torch.from_numpy(bags.clear[chosen].astype(np.float32))
        return torch.from_numpy(np.ascontiguousarray(crops)), clear

    def averaged(self) -> SharpnessNet:
        """A net with the averaged weights."""
        net = SharpnessNet().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # torch's stub lacks this keyword
        net.load_state_dict(self.average.values)
        return net.eval()


def train(manifest: Manifest, plan: Plan, out: Path, resume: bool, command: str) -> dict[str, float]:
    """Runs the training; `out` keeps the weights that judge val best, calibrated on it.

    Raises `DataError` (also another run's checkpoint), `Diverged`, OSError, and `Interrupted` when asked to stop, after
    the checkpoint is written.
    """
    checkpoint.keep_other_runs(out, resume)
    training, best, best_scores, spent = SharpnessTraining(plan), -1.0, dict[str, float](), dict[str, float]()
    own = {"net": "sharpness", "seed": plan.seed, "batch": plan.batch, "views": plan.views}
    own |= {"learning_rate": plan.learning_rate, "manifest": manifest.sha256}
    if resume:
        tensors, facts = checkpoint.load(out)
        checkpoint.compare(out, facts, own)
        command = f"{facts['command']} && {command}"
        checkpoint.restore(tensors, *_state(training))
        training.done, best, best_scores = int(facts["step"]), float(facts["best"]), dict(facts["best_scores"])
        spent = dict(facts["spent"])
    fit = make_bags(manifest, "train", plan.seed, plan.views)
    choose = make_bags(manifest, "val", 10_000 + plan.seed, VAL_VIEWS)
    bound = TimeBound(plan.minutes, plan.cpu_minutes, plan.steps, spent)
    log = CurveLog(out / "sharpness-losses.csv", ["loss", *SCORES], training.done if resume else None)
    progress = tqdm(desc="sharpness", initial=training.done, total=plan.steps, unit="step", mininterval=5.0)
    losses: list[float] = []
    with StopSignals() as stop:
        over = resume and bound.over(training.done)
        while not over:
            losses.append(training.step(fit, bound.share(training.done)))
            progress.update()
            check_finite(losses[-1], training.done)
            over = bound.over(training.done)
            if training.done % CHECK_STEPS and not over and stop.asked is None:
                continue
            net = training.averaged()
            offset = calibrate(net, choose)
            scores = {"calibration_offset": offset, **judge(net, choose)}
            log.add(training.done, {"loss": float(np.mean(losses)), **scores})
            draw(log.path, out / "sharpness-curves.png", PANELS)
            losses.clear()
            if worth(scores) > best:
                best, best_scores = worth(scores), scores
                _export(net, training, manifest, scores, out, command, fit)
            facts = {"step": training.done, "command": command, "best": best, "best_scores": best_scores}
            checkpoint.save(out, checkpoint.flatten(*_state(training)), {**own, **facts, "spent": bound.spent()})
            progress.set_postfix({origin: f"{scores[f'auc_{origin}']:.3f}" for origin in ORIGINS})
            if stop.asked is not None and not over:
                raise Interrupted(
                    f"stopped by {stop.asked} at step {training.done}; the checkpoint in {out} is kept: "
                    "go on with the same command and --resume"
                )
    progress.close()
    return best_scores


def worth(scores: dict[str, float]) -> float:
    """What the best weights are chosen by: the area under the curve of real and made blur together.

    Each origin alone says too little: a rank or two of the four real blurred frames of val outweighed hundreds of
    views.  0 where val holds nothing blurred to choose by.
    """
    return float(np.nan_to_num(scores["auc_together"]))


def _state(training: SharpnessTraining) -> tuple[dict, dict, dict]:
    return {"net": training.net}, {"net": training.optimiser}, {"net": training.average}


def _export(
    net: SharpnessNet,
    training: SharpnessTraining,
    manifest: Manifest,
    scores: dict[str, float],
    out: Path,
    command: str,
    fit: Bags,
) -> None:
    counts = {
        f"{origin}, {'clear' if is_clear else 'blurred'}": int(((fit.clear == is_clear) & (fit.origin == origin)).sum())
        for origin in ORIGINS
        for is_clear in (True, False)
    }
    card = {
        "title": f"Sharpness classifier: {CROPS} crops of {CROP} pixels at native resolution, P(clear)",
        "architecture": {},
        "data": {**manifest.card(), "frames": counts},
        "labels": "sharp = clear; blurred = not clear; soft, smoke_haze and dark were left out; of clips (mixed) the "
        "sharper half of the frames is clear, and only under made blur",
        "synthesis": {
            "clear_below_px": CLEAR_BELOW_PX,
            **{split: {name: getattr(recipe, name) for name in recipe.__slots__} for split, recipe in RECIPES.items()},
        },
        "phantom": f"frames of the tower's phantom are among them (seeds {list(PHANTOM_SEEDS['train'])} to fit, "
        f"{list(PHANTOM_SEEDS['val'])} to choose); the demo shows other seeds",
        "command": command,
        "seed": training.plan.seed,
        "steps": training.done,
        "scores_val": {name: round(value, 4) for name, value in scores.items()},
    }
    runtime.write(out, "sharpness", runtime.arrays_of(net), card)
