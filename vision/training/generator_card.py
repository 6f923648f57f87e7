"""What a generator was made of, as its card and its checkpoint say it: data, samples, settings, first weights."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vision import runtime
from vision.settings import WeightsError
from vision.training import samples
from vision.training.data import Manifest
from vision.training.generator_training import Plan

BOUNDS = ("minutes", "cpu_minutes", "steps")  # settings of which a resumed run may be given more
TITLES = {
    "generator": "Generator: SRCNN, ESPCN and U-Net on the 4x grid of half-size luma, fused by weights per region",
    "blind": "The same for pictures without a clear memory: on the 4x grid of full-size luma",
}
NETS = tuple(TITLES)
TOLD_OF_START = ("sha256", "command", "seed", "steps", "data", "start")  # of the card of the weights begun with


@dataclass(frozen=True, slots=True)
class Origin:
    """What a run is made of, beside its settings."""

    net: str  # of NETS
    manifest: Manifest
    samples: str  # SHA-256 of the bank fitted on
    start: dict[str, Any] | None  # of the weights begun with: hash, and how they were made in their turn
    half: bool  # convolutions in bfloat16
    processes: int
    device: str

    def identity(self, plan: Plan, regions: Sequence[str]) -> dict[str, Any]:
        """What must be the same where a run goes on."""
        return {
            "settings": unusual(settings(plan)),
            "regions": list(regions),
            "manifest": self.manifest.sha256,
            "samples": self.samples,
            "start": None if self.start is None else self.start["sha256"],
            "processes": self.processes,
        }

    def card(self, plan: Plan, regions: Sequence[str]) -> dict[str, Any]:
        """The model card but for what only the end of the run knows."""
        return {
            "title": TITLES[self.net],
            "architecture": {"regions": list(regions), "features": plan.features, "width": plan.width},
            "data": self.manifest.card(),
            "synthesis": samples.card(),
            "samples_sha256": self.samples,
            "seed": plan.seed,
            "settings": settings(plan),
            "arithmetic": "bfloat16 convolutions, the rest float32" if self.half else "float32",
            "processes": self.processes,
            "device": self.device,
            "start": self.start,
            "chosen_by": "score_db: mean gain on val samples less twice what the worst percent lies below -0.1 dB",
        }


def settings(plan: Plan) -> dict[str, Any]:
    """The effective settings, without paths of this machine: the weights begun with are told by their hash."""
    return {name: value for name, value in dataclasses.asdict(plan).items() if not isinstance(value, Path)}


def unusual(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that differ from the defaults, without bounds: what a later version adds is at its default."""
    usual = settings(Plan())
    return {name: value for name, value in values.items() if name not in BOUNDS and usual.get(name) != value}


def starting_weights(
    net: str, plan: Plan, regions: Sequence[str]
) -> tuple[dict[str, np.ndarray] | None, dict[str, Any] | None]:
    """Arrays of the folder that the plan begins with, and what the new card says of them; None for both without one.

    Raises `WeightsError` when they cannot be read or belong to another architecture.
    """
    if plan.start is None:
        return None, None
    arrays, card = runtime.read(plan.start, net)
    expected = {"regions": list(regions), "features": plan.features, "width": plan.width}
    found = card.get("architecture", {})
    wrong = [
        f"{key} expected {value!r}, found {found.get(key)!r}"
        for key, value in expected.items()
        if found.get(key) != value
    ]
    if wrong:
        raise WeightsError(
            f"{plan.start}: these weights cannot be begun with: {'; '.join(wrong)}.  Give the same architecture and "
            "data, or begin without --start"
        )
    return arrays, {key: card.get(key) for key in TOLD_OF_START if card.get(key) is not None}
