"""Trains the sharpness net: clear frames against exposure-true and real blur."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F
from tqdm import tqdm

from vision import runtime
from vision.field import NothingToJudgeError, cut_crops, find_field, to_luma
from vision.models.sharpness import CROP, CROPS, SharpnessNet
from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.state import SceneState
from vision.training import checkpoint
from vision.training.blur import choose_pose, defocus, expose, hand_path, look, record, straight_path
from vision.training.checkpoint import Average
from vision.training.data import Manifest, Scene, read_pictures, read_scenes
from vision.training.metrics import auc, laplacian_variance

VIEW = 448  # pixels a side of a synthetic view; crops are cut from it as from a frame
ORIGINS = ("real", "made", "phantom")  # a frame as recorded, a view over a still, a frame of the tower's phantom
SHARES = (0.25, 0.5, 0.25)  # of a batch, by origin, clear and blurred alike
VIEWS_A_SCENE = 5  # clear ones, and as many blurred
CLEAR_BELOW_PX = 1.5  # movement during the exposure that still counts as clear
BLURRED_FROM_PX = 4.0  # between the two nothing is taught
TAKEN = 3  # crops of a bag that a training step looks at; the others next time
PHANTOM_SEEDS = {"train": range(100, 108), "val": range(200, 203)}  # the tower shows seed 0 unless told otherwise
PHANTOM_VIEWS = 14  # clear ones a seed, and as many blurred
CHECK_STEPS = 250


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do."""

    seed: int = 1
    minutes: float = 10.0
    steps: int | None = None
    batch: int = 24
    learning_rate: float = 1.0e-3


@dataclass(slots=True)
class Bags:
    """Frames as crops (N, 6, 128, 128) uint8, whether each is clear, and its origin, one of ORIGINS."""

    crops: NDArray[np.uint8]
    clear: NDArray[np.bool_]
    origin: NDArray[np.str_]


def bag_of(luma: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Crops of a frame as the running tower cuts them; None when there is nothing to judge."""
    try:
        return cut_crops(luma, find_field(luma))
    except NothingToJudgeError:
        return None


def synthetic_view(rng: np.random.Generator, scene: Scene, clear: bool) -> NDArray[np.uint8]:
    """A view of a scene, sharp or blurred by shake, defocus or both, with noise and JPEG."""
    side = min(VIEW, int(0.9 * min(scene.linear.shape)))
    pose = choose_pose(rng, scene, side, (0.9, 1.3))
    kind = rng.random()
    if clear:
        light = look(scene.linear, pose, side)
        if rng.random() < 0.4:
            light = expose(scene.linear, pose, hand_path(rng, rng.uniform(0.3, CLEAR_BELOW_PX)), 0.0, side)
    elif kind < 0.25:
        light = defocus(look(scene.linear, pose, side), float(rng.uniform(2.2, 6.0)))
    else:
        length = float(BLURRED_FROM_PX * (30.0 / BLURRED_FROM_PX) ** rng.random())
        path = straight_path(length, rng.uniform(0, 2 * np.pi)) if kind < 0.6 else hand_path(rng, 1.5 * length)
        light = expose(scene.linear, pose, path, float(rng.normal(0.0, 0.01)), side)
        if kind > 0.9:
            light = defocus(light, float(rng.uniform(0.8, 2.5)))
    quality = int(rng.integers(70, 97)) if rng.random() < 0.6 else None
    return record(rng, np.clip(light * np.float32(rng.uniform(0.6, 1.15)), 0, 1), float(rng.uniform(0.3, 3.0)), quality)


def make_bags(manifest: Manifest, split: str, seed: int, views: int = VIEWS_A_SCENE) -> Bags:
    """Bags of a split: its real clear and blurred frames, and views of its clear scenes."""
    rng = np.random.default_rng(seed)
    crops: list[NDArray[np.uint8]] = []
    clear: list[bool] = []
    origin: list[str] = []

    def add(bag: NDArray[np.uint8] | None, is_clear: bool, of: str) -> None:
        if bag is not None:
            crops.append(bag)
            clear.append(is_clear)
            origin.append(of)

    for item in manifest.select(split, "sharp", "blurred"):
        for picture in read_pictures(item):
            add(bag_of(to_luma(picture)), item.quality == "sharp", "real")
    for luma, is_clear in phantom_views(rng, PHANTOM_SEEDS[split]):
        add(bag_of(luma), is_clear, "phantom")
    scenes = read_scenes(manifest.select(split, "sharp"))
    for scene in tqdm(scenes, desc=f"views {split}", mininterval=5.0):
        for _ in range(views):
            for is_clear in (True, False):
                add(bag_of(synthetic_view(rng, scene, is_clear)), is_clear, "made")
    return Bags(np.stack(crops), np.array(clear), np.array(origin))


def phantom_views(rng: np.random.Generator, seeds: Iterable[int]) -> Iterator[tuple[NDArray[np.uint8], bool]]:
    """Luma of phantom frames in every light and room, shaken and not in equal number, and whether each is clear."""
    for seed in seeds:
        camera = PhantomCamera(1280, 720, 30.0, seed)
        indices = np.arange(600)
        shaken = np.array([camera.motion.shaken(int(index)) for index in indices])
        for is_clear in (True, False):
            for index in rng.choice(indices[shaken != is_clear], PHANTOM_VIEWS, replace=False):
                state = SceneState(float(rng.uniform(0.15, 1.0)), float(rng.uniform(0.0, 1.0)))
                yield to_luma(camera.expose(int(index), state).image), is_clear


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
    """Moves the last unit's bias so that 0.5 tells clear from blurred best on `bags`; returns by how much (logits).

    Balanced accuracy, the mean over the origins; of equally good offsets the middle one.
    """
    p = np.clip(probabilities(net.eval(), bags), 1e-7, 1.0 - 1e-7)
    logits = np.log(p / (1.0 - p))
    offsets = np.linspace(-6.0, 6.0, 481)

    def worth(offset: float) -> float:
        judged = logits + offset > 0.0
        parts = [
            np.mean(judged[(bags.origin == origin) & (bags.clear == is_clear)] == is_clear)
            for origin in ORIGINS
            for is_clear in (True, False)
            if ((bags.origin == origin) & (bags.clear == is_clear)).any()
        ]
        return float(np.mean(parts))

    worths = np.array([worth(float(offset)) for offset in offsets])
    best = float(np.median(offsets[worths >= worths.max() - 0.002]))
    net.unit.bias.add_(best)
    return best


class SharpnessTraining:
    """The net, its optimiser and running average; one `step` after the other."""

    def __init__(self, plan: Plan) -> None:
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.net = SharpnessNet().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.average = Average(self.net, 0.995)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), plan.learning_rate, weight_decay=1e-3)
        self.done = 0

    def step(self, bags: Bags) -> float:
        """One step on a batch that depends on seed and step number alone, half of it clear; returns the loss."""
        rng = np.random.default_rng((self.plan.seed, self.done))
        chosen_parts: list[NDArray[np.intp]] = []
        for is_clear in (True, False):
            for origin, share in zip(ORIGINS, SHARES, strict=True):
                pool = np.flatnonzero((bags.clear == is_clear) & (bags.origin == origin))
                if pool.size:
                    chosen_parts.append(rng.choice(pool, round(share * self.plan.batch / 2)))
        chosen = np.concatenate(chosen_parts)
        taken = np.stack([rng.choice(CROPS, TAKEN, replace=False) for _ in chosen])
        crops = bags.crops[chosen[:, None], taken].astype(np.float32)
        crops = np.rot90(crops, int(rng.integers(4)), (2, 3))
        if rng.random() < 0.5:
            crops = crops[..., ::-1]
        gamma = rng.uniform(0.75, 1.33, (len(chosen), 1, 1, 1)).astype(np.float32)
        crops = (crops / 255.0) ** gamma
        crops = crops + rng.standard_normal(crops.shape, dtype=np.float32) * rng.uniform(0, 0.008)
        label = torch.from_numpy(bags.clear[chosen].astype(np.float32))
        loss = F.binary_cross_entropy_with_logits(self.net(torch.from_numpy(np.ascontiguousarray(crops))), label)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.done += 1
        self.average.update(self.net, self.done)
        return float(loss.detach())

    def averaged(self) -> SharpnessNet:
        """A net with the averaged weights."""
        net = SharpnessNet()
        net.load_state_dict(self.average.values)
        return net.eval()


def train(manifest: Manifest, plan: Plan, out: Path, resume: bool, command: str) -> dict[str, float]:
    """Runs the training; `out` keeps the weights that judge val best, calibrated on it."""
    end = time.monotonic() + plan.minutes * 60.0
    fit, choose = make_bags(manifest, "train", plan.seed), make_bags(manifest, "val", 10_000 + plan.seed)
    training = SharpnessTraining(plan)
    best, best_scores = -1.0, dict[str, float]()
    if resume:
        tensors, facts = checkpoint.load(out)
        command = f"{facts.get('command', '')} && {command}"
        checkpoint.restore(tensors, *_state(training))
        training.done, best, best_scores = int(facts["step"]), float(facts["best"]), dict(facts["best_scores"])
    progress = tqdm(desc="sharpness", initial=training.done, total=plan.steps, unit="step", mininterval=5.0)
    losses: list[float] = []
    while True:
        losses.append(training.step(fit))
        progress.update()
        over = time.monotonic() >= end or (plan.steps is not None and training.done >= plan.steps)
        if training.done % CHECK_STEPS == 0 or over:
            net = training.averaged()
            offset = calibrate(net, choose)
            scores = {"calibration_offset": offset, **judge(net, choose)}
            parts = ("auc", "clear_found", "blurred_found")
            worth = float(np.nansum([scores[f"{part}_{origin}"] for part in parts for origin in ORIGINS]))
            with (out / "sharpness-losses.csv").open("a", encoding="utf-8") as log:
                areas = ",".join(f"{scores[f'auc_{origin}']:.4f}" for origin in ORIGINS)
                log.write(f"{training.done},{np.mean(losses):.5f},{areas}\n")
            losses.clear()
            if worth > best:
                best, best_scores = worth, scores
                _export(net, training, manifest, scores, out, command, fit)
            facts = {"step": training.done, "command": command, "best": best, "best_scores": best_scores}
            checkpoint.save(out, checkpoint.flatten(*_state(training)), facts)
            progress.set_postfix({origin: f"{scores[f'auc_{origin}']:.3f}" for origin in ORIGINS})
            if over:
                break
    progress.close()
    return best_scores


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
    runtime.write(
        out,
        "sharpness",
        runtime.arrays_of(net),
        {
            "title": f"Sharpness classifier: {CROPS} crops of {CROP} pixels at native resolution, P(clear)",
            "architecture": {},
            "data": {**manifest.card(), "frames": counts},
            "labels": "sharp = clear; blurred = not clear; soft, smoke_haze, dark and mixed were left out",
            "synthesis": f"blur from {BLURRED_FROM_PX} px, clear up to {CLEAR_BELOW_PX} px of movement",
            "phantom": f"frames of the tower's phantom are among them (seeds {list(PHANTOM_SEEDS['train'])} to fit, "
            f"{list(PHANTOM_SEEDS['val'])} to choose); the demo shows other seeds",
            "command": command,
            "seed": training.plan.seed,
            "steps": training.done,
            "scores_val": {name: round(value, 4) for name, value in scores.items()},
        },
    )
