"""Trains the region embedding, then builds the region library from the standard pictures of each region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional as F
from tqdm import tqdm

from vision import runtime
from vision.field import NothingToJudgeError
from vision.frames import Picture
from vision.library import Library, build, calibrate
from vision.library_build import MINIMUM_PICTURES, Pictures, build_library, embed, load_net, thumbnail_of
from vision.models.region import EMBEDDING, RegionNet
from vision.opencv import cv2
from vision.training import checkpoint
from vision.training.checkpoint import Average
from vision.training.curves import CurveLog, Panel, draw
from vision.training.data import DataError, Manifest, read_pictures
from vision.training.metrics import balanced_accuracy
from vision.training.schedule import Interrupted, StopSignals, TimeBound, check_finite
from vision.training.settings import limits

LEFT_OUT = ("unclear",)  # not a region
QUALITIES = ("sharp", "soft", "smoke_haze", "dark", "blurred", "mixed", "colour_corrupt")
SCALE = 12.0  # of cosines in the softmax
CHECK_STEPS = 200
SCORES = ("balanced_accuracy", "balanced_accuracy_laparoscopy", "accuracy")  # in the log
PANELS = (Panel("loss", ("loss",)), Panel("val: shares found right", SCORES))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do."""

    seed: int = 1
    minutes: float | None = limits(None, 1e-6)  # in all, and so the next two; whichever comes first ends the run
    cpu_minutes: float | None = limits(None, 1e-6)  # of processor time
    steps: int | None = limits(None, 1)
    batch: int = 40
    learning_rate: float = 2.0e-3


@dataclass(slots=True)
class Thumbnails:
    """Pictures (N, 112, 112, 3) uint8 BGR, their region, group, and whether they are fit to be standard pictures."""

    pictures: NDArray[np.uint8]
    regions: list[str]
    groups: list[str]
    standard: NDArray[np.bool_]


def read_thumbnails(manifest: Manifest, split: str) -> Thumbnails:
    """All pictures of a split that have a region."""
    pictures: list[Picture] = []
    regions: list[str] = []
    groups: list[str] = []
    fit: list[bool] = []
    for item in manifest.select(split, *QUALITIES):
        if item.region in LEFT_OUT:
            continue
        for picture in read_pictures(item):
            try:
                pictures.append(thumbnail_of(picture))
            except NothingToJudgeError:
                continue
            regions.append(item.region)
            groups.append(item.group)
            fit.append(item.quality in ("sharp", "soft", "mixed"))
    if not pictures:
        raise DataError(f"{manifest.folder}: no picture of the split {split!r} has a region")
    standard = np.array(fit)
    for region in sorted(set(regions)):
        mine = np.array([own == region for own in regions])
        if (mine & standard).sum() < MINIMUM_PICTURES:  # a blurred standard picture is better than none
            standard |= mine
    return Thumbnails(np.stack(pictures), regions, groups, standard)


def augment(rng: np.random.Generator, picture: Picture) -> Picture:
    """Turned, mirrored, moved nearer, blurred by a shake or dimmed: what changes in a region without changing it."""
    side = picture.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(rng.uniform(-180, 180)), float(rng.uniform(1.0, 1.6)))
    turn[:, 2] += rng.uniform(-0.08, 0.08, 2) * side
    seen = cv2.warpAffine(picture, turn, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    if rng.random() < 0.5:
        seen = seen[:, ::-1]
    if rng.random() < 0.3:
        length = int(rng.integers(2, 6))  # of the thumbnail: up to 40 pixels of a frame
        seen = cv2.blur(seen, (length, 1) if rng.random() < 0.5 else (1, length))
    colour = rng.normal(1.0, 0.06, 3) * rng.uniform(0.6, 1.3)
    gamma = rng.uniform(0.8, 1.25)
    bright = (seen.astype(np.float32) / 255.0) ** np.float32(gamma) * colour.astype(np.float32) * 255.0
    if rng.random() < 0.3:  # smoke
        bright += (rng.uniform(140, 200) - bright) * rng.uniform(0.0, 0.35)
    bright += rng.normal(0.0, 2.0, bright.shape).astype(np.float32)
    return np.clip(bright, 0, 255).astype(np.uint8)


def to_tensor(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """(N, 112, 112, 3) uint8 -> (N, 3, 112, 112) float in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 255.0


class RegionTraining:
    """The net, one learned direction a region (only for training), their optimiser; one `step` after the other."""

    def __init__(self, plan: Plan, regions: Sequence[str]) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.regions = plan, list(regions)
        self.net = RegionNet().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.directions = nn.Linear(EMBEDDING, len(self.regions), bias=False)
        self.average = Average(self.net, 0.99)
        both = [*self.net.parameters(), *self.directions.parameters()]
        self.optimiser = torch.optim.AdamW(both, plan.learning_rate, weight_decay=5e-3)
        self.done = 0

    def step(self, fit: Thumbnails) -> float:
        """One step on a batch with every region about as often; depends on seed and step number alone."""
        rng = np.random.default_rng((self.plan.seed, self.done))
        names = np.array(fit.regions)
        counts = {region: float((names == region).sum()) for region in self.regions}
        # Square root: rare regions more often, but not the same three pictures over and over.
        weight = np.array([counts[name] ** -0.5 for name in fit.regions])
        chosen = rng.choice(len(names), self.plan.batch, p=weight / weight.sum())
        pictures = np.stack([augment(rng, fit.pictures[index]) for index in chosen])
        label = torch.tensor([self.regions.index(fit.regions[index]) for index in chosen])
        self.net.train()
        cosines = self.net(to_tensor(pictures)) @ F.normalize(self.directions.weight, dim=1).T
        loss = F.cross_entropy(SCALE * cosines, label, label_smoothing=0.05)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.done += 1
        self.average.update(self.net, self.done)
        return float(loss.detach())

    def averaged(self) -> RegionNet:
        """A net with the averaged weights."""
        net = RegionNet()
        net.load_state_dict(self.average.values)
        return net.eval()


def embedded(net: RegionNet, read: Thumbnails, manifest: Manifest) -> Pictures:
    """The pictures of a split as what a library is built from."""
    source = {
        **manifest.card(),
        "labels": "regions by eye, no clinician",
        "pictures": {name: read.regions.count(name) for name in sorted(set(read.regions))},
    }
    names, groups = tuple(read.regions), tuple(read.groups)
    return Pictures(embed(net, read.pictures), names, groups, read.standard, (), len(set(groups)) > 1, source)


def library_from(net: RegionNet, fit: Thumbnails) -> Library:
    """Region library of the standard pictures, its limits calibrated on all, operation by operation left out."""
    vectors, standard = embed(net, fit.pictures), fit.standard
    names = [region for region, kept in zip(fit.regions, standard, strict=True) if kept]
    return build(vectors[standard], names, limits=calibrate(vectors, fit.regions, fit.groups, standard=standard))


def mean_colours(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean colour in Lab of each picture, (N, 3): what the baseline compares."""
    return np.stack([cv2.cvtColor(p, cv2.COLOR_BGR2LAB).reshape(-1, 3).mean(axis=0) for p in pictures]).astype(
        np.float32
    )


def judge(net: RegionNet, fit: Thumbnails, choose: Thumbnails) -> tuple[dict[str, float], dict[str, dict[str, int]]]:
    """Balanced accuracy on `choose` with the library built from `fit`, the nearest-mean-colour baseline in the same
    run, and the confusion table {true region: {found region or "unknown": count}}."""
    library = library_from(net, fit)
    found = [library.nearest(vector)[0] for vector in embed(net, choose.pictures)]
    colours, own = mean_colours(fit.pictures), np.array(fit.regions)
    means = {region: colours[own == region].mean(axis=0) for region in sorted(set(fit.regions))}
    by_colour = [min(means, key=lambda r: float(np.linalg.norm(means[r] - c))) for c in mean_colours(choose.pictures)]
    laparoscopy = [index for index, group in enumerate(choose.groups) if group.startswith("case")]

    def part(values: Sequence[str | None]) -> list[str | None]:
        return [values[index] for index in laparoscopy]

    true_part = [choose.regions[index] for index in laparoscopy]
    confusion: dict[str, dict[str, int]] = {}
    for truth, region in zip(choose.regions, found, strict=True):
        row = confusion.setdefault(truth, {})
        row[region or "unknown"] = row.get(region or "unknown", 0) + 1
    return {
        "balanced_accuracy": balanced_accuracy(choose.regions, found),
        "balanced_accuracy_laparoscopy": balanced_accuracy(true_part, part(found)),
        "accuracy": float(np.mean([t == f for t, f in zip(choose.regions, found, strict=True)])),
        "unknown_share": float(np.mean([f is None for f in found])),
        "mean_colour_balanced_accuracy": balanced_accuracy(choose.regions, by_colour),
        "mean_colour_balanced_accuracy_laparoscopy": balanced_accuracy(true_part, part(by_colour)),
        "mean_colour_accuracy": float(np.mean([t == f for t, f in zip(choose.regions, by_colour, strict=True)])),
        "count": float(len(found)),
    }, confusion


def train(manifest: Manifest, plan: Plan, out: Path, resume: bool, command: str) -> dict[str, float]:
    """Runs the training; keeps the weights with the best balanced accuracy on val, and the library made with them.

    Raises `DataError` (also another run's checkpoint), `Diverged`, OSError, and `Interrupted` when asked to stop, after
    the checkpoint is written.
    """
    checkpoint.keep_other_runs(out, resume)
    fit, choose = read_thumbnails(manifest, "train"), read_thumbnails(manifest, "val")
    training = RegionTraining(plan, sorted(set(fit.regions)))
    own = {"net": "region", "seed": plan.seed, "batch": plan.batch, "learning_rate": plan.learning_rate}
    own |= {"manifest": manifest.sha256}
    best, best_scores, spent = -1.0, dict[str, float](), dict[str, float]()
    if resume:
        tensors, facts = checkpoint.load(out)
        checkpoint.compare(out, facts, own)
        command = f"{facts['command']} && {command}"
        checkpoint.restore(tensors, *_state(training))
        training.done, best, best_scores = int(facts["step"]), float(facts["best"]), dict(facts["best_scores"])
        spent = dict(facts["spent"])
    bound = TimeBound(plan.minutes, plan.cpu_minutes, plan.steps, spent)
    log = CurveLog(out / "region-losses.csv", ["loss", *SCORES], training.done if resume else None)
    progress = tqdm(desc="region", initial=training.done, total=plan.steps, unit="step", mininterval=5.0)
    losses: list[float] = []
    with StopSignals() as stop:
        over = resume and bound.over(training.done)
        while not over:
            losses.append(training.step(fit))
            progress.update()
            check_finite(losses[-1], training.done)
            over = bound.over(training.done)
            if training.done % CHECK_STEPS and not over and stop.asked is None:
                continue
            net = training.averaged()
            scores, confusion = judge(net, fit, choose)
            log.add(training.done, {"loss": float(np.mean(losses)), **scores})
            draw(log.path, out / "region-curves.png", PANELS)
            losses.clear()
            worth = scores["balanced_accuracy"] + scores["accuracy"]
            if worth > best:
                best, best_scores = worth, scores
                _export(net, training, manifest, fit, scores, confusion, out, command)
            facts = {"step": training.done, "command": command, "best": best, "best_scores": best_scores}
            checkpoint.save(out, checkpoint.flatten(*_state(training)), {**own, **facts, "spent": bound.spent()})
            progress.set_postfix({"balanced": f"{scores['balanced_accuracy']:.3f}", "all": f"{scores['accuracy']:.3f}"})
            if stop.asked is not None and not over:
                raise Interrupted(
                    f"stopped by {stop.asked} at step {training.done}; the checkpoint in {out} is kept: "
                    "go on with the same command and --resume"
                )
    progress.close()
    return best_scores


def _state(training: RegionTraining) -> tuple[dict, dict, dict]:
    """Modules, optimisers and averages by name, for a checkpoint."""
    modules = {"net": training.net, "directions": training.directions}
    return modules, {"net": training.optimiser}, {"net": training.average}


def _export(
    net: RegionNet,
    training: RegionTraining,
    manifest: Manifest,
    fit: Thumbnails,
    scores: dict[str, float],
    confusion: dict[str, dict[str, int]],
    out: Path,
    command: str,
) -> None:
    counts = {region: fit.regions.count(region) for region in training.regions}
    common = {
        "data": {**manifest.card(), "pictures": counts},
        "labels": "regions by eye, no clinician",
        "command": command,
        "seed": training.plan.seed,
        "steps": training.done,
        "scores_val": {name: round(value, 4) for name, value in scores.items()},
        "confusion_val": confusion,
    }
    title = f"Region embedding: thumbnail of the field of view, unit vector of {EMBEDDING}"
    runtime.write(out, "region", runtime.arrays_of(net), {"title": title, "architecture": {}, **common})
    _, region_sha256 = load_net(out)
    build_library(embedded(net, fit, manifest), out, region_sha256, command)
