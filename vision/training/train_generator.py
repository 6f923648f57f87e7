"""Trains generator against discriminator (stages A1 to A3): seeded, resumable, bounded in time."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from vision import runtime
from vision.models.generator import Generator
from vision.training import checkpoint
from vision.training.batches import batch_of, draw, groups, pick
from vision.training.curves import CurveLog, Panel
from vision.training.curves import draw as draw_curves
from vision.training.data import NOT_SCENES, DataError, Manifest, read_scenes
from vision.training.generator_card import Origin, starting_weights, unusual
from vision.training.generator_judge import judge, write_pictures
from vision.training.generator_training import GeneratorTraining, Plan
from vision.training.samples import Bank, make_bank
from vision.training.schedule import Interrupted, StopSignals, TimeBound, check_finite
from vision.training.world import World, joined

__all__ = [
    "NOT_SCENES",
    "GeneratorTraining",
    "Plan",
    "banks",
    "batch_of",
    "draw",
    "judge",
    "pick",
    "probabilities",
    "train",
]

BLIND = "blind"
STOP_PROBABILITY = 0.5  # mean P(clear) of deblurred val pictures at which they are taken for clear
STOP_CHECKS = 3  # in a row
CHECK_STEPS = 500
LOG_STEPS = 50
CHECKPOINT_S = 180.0
LOSSES = ("total", "faithful", "branches", "harm", "harm_tiles", "adversarial", "charbonnier", "edge", "discriminator")
SCORES = ("score_db", "gain_fused_db", "gain_srcnn_db", "gain_espcn_db", "gain_unet_db", "gain_small_blur_db")
SCORES += ("gain_old_memory_db", "gain_no_memory_db", "gain_none_db", "worst_1_percent_db", "below_minus_0.1_db_share")
SCORES += ("p_clear",)
PANELS = (
    Panel("losses of the generator, weighted as summed", ("total", "faithful", "branches", "harm", "harm_tiles")),
    Panel("adversarial part of the sum", ("adversarial",)),
    Panel("loss of the discriminator (1.386: cannot tell)", ("discriminator",)),
    Panel("val: probability that deblurred pictures are clear", ("p_clear",)),
    Panel("val: gain over the blurred input (dB)", SCORES[1:9]),
    Panel("val: worst percent, and the score that chooses (dB)", ("worst_1_percent_db", "score_db")),
    Panel("learning rate", ("learning_rate",)),
)


@dataclass(slots=True)
class Course:
    """Where a run stands, beside the networks: what a checkpoint holds in words."""

    command: str
    best: dict[str, float] = dataclasses.field(default_factory=dict)  # scores of the weights kept
    clear_checks: int = 0  # in a row at which the discriminator took the output for clear
    sums: dict[str, float] = dataclasses.field(default_factory=dict)  # of losses since the last row of the log
    counts: dict[str, int] = dataclasses.field(default_factory=dict)


def banks(manifest: Manifest, plan: Plan, folder: Path) -> tuple[Bank, Bank]:
    """Samples to fit and to choose by; made once and kept in `folder`."""
    found: list[Bank] = []
    for split, path in bank_paths(manifest, plan, folder).items():
        if not path.is_file():
            items = [item for item in manifest.select(split, "sharp") if item.region not in NOT_SCENES]
            if not items:
                where = manifest.folder / "manifest.tsv"
                raise DataError(f"{where}: expected sharp pictures of tissue in split {split}, found none")
            count, seed = (plan.samples, plan.seed) if split == "train" else (plan.val_samples, 10_000 + plan.seed)
            make_bank(read_scenes(items), count, seed, workers=torch.get_num_threads()).save(path)
        found.append(Bank.load(path))
    return found[0], found[1]


def bank_paths(manifest: Manifest, plan: Plan, folder: Path) -> dict[str, Path]:
    """Where the samples of each split are kept."""
    wanted = {"train": (plan.samples, plan.seed), "val": (plan.val_samples, 10_000 + plan.seed)}
    return {
        split: folder / f"samples-{split}-{count}-{seed}-{manifest.sha256[:8]}.npz"
        for split, (count, seed) in wanted.items()
    }


def probabilities(bank: Bank, plan: Plan) -> NDArray[np.float64]:
    """How often each sample is drawn, (N,) with sum 1: those that are hard and seldom count more."""
    parts, weight = groups(bank), np.ones(len(bank))
    for name in ("small_blur", "old_memory", "no_memory"):
        weight[parts[name]] *= getattr(plan, f"often_{name}")
    return weight / weight.sum()


def train(
    manifest: Manifest, plan: Plan, out: Path, resume: bool, command: str, device: str = "auto", net: str = "generator"
) -> dict[str, float]:
    """Runs the training of "generator", or of "blind", which is fitted on and chosen by the samples without a clear
    memory alone; `out` gets checkpoint, curves, pictures, the weights with the best score, and in `out`/last
    those of the last step.  Returns the best scores.

    Under torchrun each process calls this alike; the first of them writes.  Raises `DataError` (no data, another run's
    checkpoint), `WeightsError` (weights to begin with), `NoDeviceError`, `Diverged`, OSError, and `Interrupted` after
    SIGTERM or Ctrl-C.
    """
    with joined(device) as world, StopSignals() as signals:
        if world.leads:
            checkpoint.keep_other_runs(out, resume)
            banks(manifest, plan, out)
        world.wait()
        fit, choose = banks(manifest, plan, out)
        if net == BLIND:
            fit, choose = (_without_memory(bank) for bank in (fit, choose))
        return _Run(net, manifest, plan, out, resume, command, world, fit, choose).go(signals)


def _without_memory(bank: Bank) -> Bank:
    found = bank.where(bank.ages < 0)
    if not len(found):
        raise DataError(
            f"expected samples that no clear frame comes before, found none among {len(bank)}: ask for more with "
            "--samples and --val-samples"
        )
    return found


class _Run:
    """A whole training: begins or resumes, steps, looks how it goes, keeps, ends."""

    def __init__(
        self,
        net: str,
        manifest: Manifest,
        plan: Plan,
        out: Path,
        resume: bool,
        command: str,
        world: World,
        fit: Bank,
        choose: Bank,
    ) -> None:
        regions = tuple(sorted({item.region for item in manifest.items} - set(NOT_SCENES)))
        arrays, start = starting_weights(net, plan, regions)
        with bank_paths(manifest, plan, out)["train"].open("rb") as file:
            samples = hashlib.file_digest(file, "sha256").hexdigest()
        self.net, self.plan, self.out, self.world = net, plan, out, world
        self.fit, self.choose = fit, choose
        self.probability = probabilities(fit, plan)
        self.course = Course(command)
        tensors, facts = checkpoint.load(out) if resume else ({}, {})
        self.training = GeneratorTraining(plan, regions, world, facts.get("half"), halved=net != BLIND)
        self.origin = Origin(net, manifest, samples, start, self.training.half, world.size, world.device.type)
        spent = None
        if resume:
            facts["settings"] = unusual(facts.get("settings", {}))
            checkpoint.compare(out, facts, self.origin.identity(plan, regions))
            checkpoint.restore(tensors, *self.training.state())
            self.training.done, spent = int(facts["step"]), facts["spent"]
            self.course = Course(**facts["course"])
            self.course.command = f"{self.course.command} && {command}"
        elif arrays is not None:
            self.training.begin_with(arrays)
        self.bound = TimeBound(plan.minutes, plan.cpu_minutes, plan.steps, spent, world.size)
        self.saved_s = time.monotonic()
        if world.leads:
            columns = [*LOSSES, "learning_rate", *SCORES]
            self.log = CurveLog(out / f"{net}-losses.csv", columns, self.training.done if resume else None)

    def go(self, signals: StopSignals) -> dict[str, float]:
        """Steps until the end; returns the best scores.  Raises `Interrupted`."""
        training = self.training
        bar = tqdm(
            desc=self.net,
            initial=training.done,
            total=self.plan.steps,
            unit="step",
            mininterval=5.0,
            disable=not self.world.leads,
        )
        with bar:
            share, over, stop = self._agreed(signals)
            while True:
                if not over:  # a run that is resumed at its very end only looks again
                    self._note(training.step(self.fit, share, self.probability))
                    bar.update()
                    share, over, stop = self._agreed(signals)
                if over or training.done % CHECK_STEPS == 0:
                    if self._check(bool(over), bar):
                        return self.course.best
                elif self.world.leads and time.monotonic() - self.saved_s > CHECKPOINT_S:
                    self._save()
                if stop:
                    self._stop(signals.asked or "a signal to another process")

    def _agreed(self, signals: StopSignals) -> list[float]:
        """Share of the run that lies behind, whether it is over, whether it is to stop: the same in all processes, or
        one would wait for gradients that never come."""
        done = self.training.done
        return self.world.largest([self.bound.share(done), self.bound.over(done), signals.asked is not None])

    def _note(self, losses: dict[str, float]) -> None:
        """Takes losses into the log: means over LOG_STEPS steps."""
        course, done = self.course, self.training.done
        check_finite(losses["total"], done)
        for name, value in losses.items():
            course.sums[name] = course.sums.get(name, 0.0) + value
            course.counts[name] = course.counts.get(name, 0) + 1
        if done % LOG_STEPS == 0 and done % CHECK_STEPS:
            self._write_row({})

    def _write_row(self, scores: dict[str, float]) -> None:
        course = self.course
        means = {name: value / course.counts[name] for name, value in course.sums.items()}
        course.sums, course.counts = {}, {}
        if self.world.leads:
            self.log.add(self.training.done, means | scores)

    def _check(self, over: bool, bar: tqdm) -> bool:
        """Judges, keeps what is best, saves; whether the run ends here."""
        training, course = self.training, self.course
        ends = over
        if self.world.leads:
            generator = training.averaged()
            scores = judge(generator, training.discriminator, self.choose)
            check_finite(scores["score_db"], training.done)
            self._write_row(scores)
            course.clear_checks = course.clear_checks + 1 if scores["p_clear"] >= STOP_PROBABILITY else 0
            taught = training.done > self.plan.adversarial_from + STOP_CHECKS * CHECK_STEPS
            converged = course.clear_checks >= STOP_CHECKS and taught
            ends = over or converged
            why = "time or steps used up" if over else "discriminator takes the output for clear" if converged else ""
            if not course.best or scores["score_db"] > course.best["score_db"]:
                course.best = scores
                self._export(generator, self.out, scores, why or "going on")
            elif ends:
                arrays, card = runtime.read(self.out, self.net)
                runtime.write(self.out, self.net, arrays, card | {"ended": why})
            if ends:
                self._export(generator, self.out / "last", scores, why)
            self._show(generator)
            self._save()
            bar.set_postfix({"gain_db": f"{scores['gain_fused_db']:.2f}", "p_clear": f"{scores['p_clear']:.2f}"})
        else:
            self._write_row({})
        self._look_for_drift()
        return bool(self.world.largest([ends])[0])

    def _look_for_drift(self) -> None:
        """All processes make the same steps, so their weights must be the same to the last bit."""
        both = (self.training.generator, self.training.discriminator)
        sums = [float(value.double().sum()) for module in both for value in module.state_dict().values()]
        if self.world.largest(sums) != [-value for value in self.world.largest([-value for value in sums])]:
            raise RuntimeError("the processes of this run have drifted apart: their weights are no longer the same")

    def _export(self, generator: Generator, folder: Path, scores: dict[str, float], why: str) -> None:
        card = self.origin.card(self.plan, self.training.generator.fusion.regions)
        card |= {
            "command": self.course.command,
            "steps": self.training.done,
            "spent": {name: round(value, 1) for name, value in self.bound.spent().items()},
            "ended": why,
            "scores_val_samples": {name: round(value, 4) for name, value in scores.items()},
        }
        runtime.write(folder, self.net, runtime.arrays_of(generator), card)

    def _show(self, generator: Generator) -> None:
        draw_curves(self.log.path, self.out / f"{self.net}-curves.png", PANELS)
        write_pictures(generator, self.choose, self.out / "pictures" / f"step-{self.training.done:06}.png")

    def _save(self) -> None:
        training = self.training
        facts = {
            "step": training.done,
            "half": training.half,
            "spent": self.bound.spent(),
            "course": dataclasses.asdict(self.course),
            **self.origin.identity(self.plan, training.generator.fusion.regions),
        }
        checkpoint.save(self.out, checkpoint.flatten(*training.state()), facts)
        self.saved_s = time.monotonic()

    def _stop(self, signal_name: str) -> None:
        if self.world.leads:
            self._save()
        raise Interrupted(
            f"stopped by {signal_name} at step {self.training.done}; the checkpoint in {self.out} is kept: "
            "go on with the same command and --resume"
        )
