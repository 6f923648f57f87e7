"""Trains a peer on the samples, seed, batch and bound of our generator: seeded, resumable, its best weights kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from vision import runtime
from vision.peers.lessons import Lessons, facts_of, judge, lessons_for
from vision.peers.peer import TITLES, trainable_here
from vision.training import checkpoint, train_generator
from vision.training.curves import CurveLog, Panel, draw
from vision.training.data import Manifest
from vision.training.samples import SIDE, Bank
from vision.training.schedule import Interrupted, StopSignals, TimeBound, check_finite, learning_rate
from vision.training.settings import limits
from vision.training.world import ARITHMETICS, half_precision

CHECK_STEPS = 500
WARM_UP_STEPS = 100
NOTHING_YET_DB = -1000.0  # below any gain


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do.  Without any bound it takes twenty minutes."""

    seed: int = limits(1, 0)
    minutes: float | None = limits(None, 0.01)
    cpu_minutes: float | None = limits(None, 0.01)
    steps: int | None = limits(None, 1)
    samples: int = limits(4000, 8)
    val_samples: int = limits(240, 8)
    batch: int = limits(12, 1)
    learning_rate: float = limits(1.0e-3, 1e-6, 1.0)
    arithmetic: str = limits("auto", choices=ARITHMETICS)  # of the convolutions, as for our generator
    bank: Path | None = None  # folder of the samples, so that several runs share them; --out unless given


def begin(name: str, plan: Plan) -> Lessons:
    """A fresh, seeded start."""
    torch.manual_seed(plan.seed)
    half = half_precision(plan.arithmetic, torch.device("cpu"))
    return lessons_for(name, trainable_here(name), plan.seed, plan.batch, plan.learning_rate, half)


def train(name: str, manifest: Manifest, plan: Plan, out: Path, resume: bool, command: str) -> dict[str, float]:
    """Runs the training of "nafnet" or "deblurgan-v2"; returns the scores of its best weights.

    Writes checkpoint, loss curve and, whenever they are better on val than before, weights with their card into `out`.
    SIGTERM and Ctrl-C end it after the step at hand, with a checkpoint.  Raises `DataError` (no data, another
    run's checkpoint), `Diverged`, OSError, and `Interrupted` after a signal.
    """
    checkpoint.keep_other_runs(out, resume)
    fit, choose = samples(manifest, plan, plan.bank or out)
    return learn(name, fit, choose, manifest.card(), plan, out, resume, command)


def samples(manifest: Manifest, plan: Plan, folder: Path) -> tuple[Bank, Bank]:
    """The samples that our generator's training makes for the same seed and number, to fit and to choose by."""
    return train_generator.banks(manifest, _as_generator(plan), folder)


def learn(
    name: str,
    fit: Bank,
    choose: Bank,
    data: dict[str, Any],
    plan: Plan,
    out: Path,
    resume: bool = False,
    command: str = "",
) -> dict[str, float]:
    """`train` with the samples at hand; `data` is what the card says of them."""
    lessons = begin(name, plan)
    spent: dict[str, float] = {}
    best: dict[str, float] = {"gain_db": NOTHING_YET_DB}
    if resume:
        facts = _restore(lessons, _identity(lessons, plan, data), out)
        spent, best, command = facts["spent"], facts["best"], f"{facts['command']} && {command}"
    columns = ["total", *lessons.LOSSES, "gain_db", "worst_1_percent_db"]
    log = CurveLog(out / f"{name}-losses.csv", columns, lessons.done if resume else None)
    probability = train_generator.probabilities(fit, _as_generator(plan))
    bound = TimeBound(plan.minutes, plan.cpu_minutes, plan.steps, spent)
    progress = tqdm(desc=name, initial=lessons.done, total=plan.steps, unit="step", mininterval=5.0)
    finished = resume and bound.over(lessons.done)
    with StopSignals() as signals:
        while not finished:
            rate = learning_rate(1.0, lessons.done, bound.share(lessons.done), WARM_UP_STEPS)
            losses = lessons.step(fit, rate, probability)
            progress.update()
            check_finite(losses["total"], lessons.done)
            over = bound.over(lessons.done)
            if lessons.done % CHECK_STEPS and not over and signals.asked is None:
                continue
            scores = judge(lessons.averaged(), choose)
            log.add(lessons.done, losses | scores)
            finished = over or signals.asked is not None
            if scores["gain_db"] > best["gain_db"]:
                best = {**scores, "step": float(lessons.done)}
                _export(lessons, best, data, plan, out, command, bound.spent())
            facts = {"step": lessons.done, "best": best, "spent": bound.spent(), "command": command}
            facts |= _identity(lessons, plan, data)
            checkpoint.save(out, checkpoint.flatten(*lessons.state()), facts)
            progress.set_postfix({"gain_db": f"{scores['gain_db']:.2f}"})
    progress.close()
    if bound.over(lessons.done) and best["gain_db"] > NOTHING_YET_DB:
        _note_end(name, out, lessons.done, bound.spent())
    panels = (Panel("losses", ("total", *lessons.LOSSES)), Panel("gain on val, dB", ("gain_db",)))
    draw(log.path, out / f"{name}-losses.png", panels)
    if signals.asked is not None and not bound.over(lessons.done):
        raise Interrupted(
            f"stopped by {signals.asked} at step {lessons.done}; the checkpoint in {out} is kept: "
            "go on with the same command and --resume"
        )
    return best


def _as_generator(plan: Plan) -> train_generator.Plan:
    """What decides, in our generator's training, which samples there are and how often each is drawn."""
    return train_generator.Plan(seed=plan.seed, samples=plan.samples, val_samples=plan.val_samples)


def _identity(lessons: Lessons, plan: Plan, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a resumed run must have in common with the one that was interrupted."""
    return {
        "net": lessons.name,
        "seed": plan.seed,
        "samples": plan.samples,
        "val_samples": plan.val_samples,
        "batch": plan.batch,
        "learning_rate": plan.learning_rate,
        "half": lessons.half,
        "manifest": data.get("manifest_sha256"),
    }


def _restore(lessons: Lessons, identity: dict[str, Any], out: Path) -> dict[str, Any]:
    tensors, facts = checkpoint.load(out)
    checkpoint.compare(out, facts, identity)
    checkpoint.restore(tensors, *lessons.state())
    lessons.done = int(facts["step"])
    return facts


def _export(
    lessons: Lessons,
    scores: dict[str, float],
    data: dict[str, Any],
    plan: Plan,
    out: Path,
    command: str,
    spent: dict[str, float],
) -> None:
    runtime.write(
        out,
        lessons.name,
        runtime.arrays_of(lessons.averaged()),
        {
            "title": f"{TITLES[lessons.name]}, narrowed, on luma: a peer to compare the generator with",
            "architecture": lessons.network.architecture,
            "side_px": SIDE,
            "data": data,
            "synthesis": "the generator's own training samples, blurred and true luma alone",
            "command": command,
            "seed": plan.seed,
            "steps": lessons.done,
            "batch": plan.batch,
            "samples": plan.samples,
            "learning_rate": f"{plan.learning_rate:g}, cosine to 2 % over the run, {WARM_UP_STEPS} steps of rise",
            "arithmetic": "bfloat16 convolutions" if lessons.half else "float32",
            **facts_of(lessons),
            "spent_s": {key: round(value, 1) for key, value in spent.items()},
            "ended": "going on",
            "scores_val_samples": {key: round(value, 4) for key, value in scores.items()},
        },
    )


def _note_end(name: str, out: Path, steps: int, spent: Mapping[str, float]) -> None:
    """The card of the best weights also tells how long the run went on after them."""
    arrays, card = runtime.read(out, name)
    whole = {key: round(value, 1) for key, value in spent.items()}
    ended = f"time or steps used up after {steps} steps; none later was better"
    if card["steps"] == steps:
        ended = "time or steps used up"
    runtime.write(out, name, arrays, {**card, "ended": ended, "run_spent_s": whole})
