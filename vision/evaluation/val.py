"""The evaluation of a data folder: its val operations through every section that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from vision.evaluation import classifiers
from vision.evaluation.classic import Blind, Informed, Known, Unsharp
from vision.evaluation.figures import summarise
from vision.evaluation.goals import Goal, generator_goals
from vision.evaluation.methods import KINDS, Blindly, Method, Tower, TowerAlone, close_all
from vision.evaluation.report import generator_tables, goal_table
from vision.evaluation.shaken import judge
from vision.evaluation.sheet import Sheets
from vision.evaluation.tables import Table
from vision.opencv import cv2
from vision.peers import load as load_peers
from vision.runtime import Weights
from vision.training.data import DataError, Manifest
from vision.training.shaking import val_sequences


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for."""

    sections: tuple[str, ...]  # of generator, sharpness, region
    sequences: int
    seed: int
    size: tuple[int, int]  # width, height of the sequences
    threshold: float  # P(clear) above which the tower alone calls a frame clear
    peers: Path | None = None  # folder of their weights
    sheets: Path | None = None  # folder to write to


def judge_val(manifest: Manifest, weights: Weights, plan: Plan) -> tuple[dict[str, Any], list[Table]]:
    """All figures as plain values, and their tables.  Raises `DataError`, `WeightsError`, OSError."""
    figures: dict[str, Any] = {
        "weights": {net: card.get("sha256") for net, card in weights.cards.items()},
        "manifest_sha256": manifest.sha256,
        "seed": plan.seed,
    }
    goals: list[Goal] = []
    tables: list[Table] = []
    if "generator" in plan.sections:
        found = judge_generator(manifest, weights, plan)
        figures["generator"] = found
        goals += generator_goals(found)
        tables += generator_tables(found)
    if "sharpness" in plan.sections:
        found = classifiers.judge_sharpness(weights, manifest, plan.seed)
        figures["sharpness"] = found
        goals += classifiers.sharpness_goals(found)
        tables += classifiers.sharpness_tables(found)
    if "region" in plan.sections:
        found = classifiers.judge_region(weights, manifest)
        figures["region"] = found
        goals += classifiers.region_goals(found)
        tables += classifiers.region_tables(found)
    figures["goals"] = [goal.as_json() for goal in goals]
    return figures, [*tables, goal_table(goals)]


def judge_generator(manifest: Manifest, weights: Weights, plan: Plan) -> dict[str, Any]:
    """The shaken sequences of val operations by every method.  Raises `DataError`, `WeightsError`, OSError."""
    peers: list[Method] = [] if plan.peers is None else [Blindly(peer) for peer in load_peers(plan.peers)]
    # One thread: sizes of this kind gain little from more, and figures of time are then those of one core.
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    sequences = val_sequences(manifest, plan.seed, plan.sequences, plan.size)
    first = next(sequences)  # what is wrong with the data is said before the towers warm up
    tower, alone = Tower(weights, plan.size), TowerAlone(weights, plan.size, plan.threshold)
    others: list[Method] = [Unsharp(), Informed(), Blind(), Known(), *peers]
    sheets = None if plan.sheets is None else Sheets()
    progress = tqdm(chain([first], sequences), total=plan.sequences, desc="shaken sequences", mininterval=2.0)
    try:
        judged = judge(progress, tower, alone, others, None if sheets is None else sheets.watch)
    finally:
        close_all((tower, alone, *others))
    if sheets is not None and plan.sheets is not None:
        sheets.write(plan.sheets)
    if not judged.blurred:
        raise DataError(f"{plan.sequences} sequences held no blurred frame; ask for more with --sequences")
    missing = [
        kind.label for name, kind in KINDS.items() if kind.role == "peer" and name not in judged.blurred[0].psnr_db
    ]
    return summarise(judged) | {
        "size": list(plan.size),
        "threshold": plan.threshold,
        "arithmetic": tower.arithmetic,
        "peers_missing": missing,
    }
