"""What is asked of the enhanced view, beside what was found."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vision.evaluation.methods import FUSED, KINDS

_COMPARE = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "=": operator.eq}


@dataclass(frozen=True, slots=True)
class Goal:
    """One demand.  `found` None: nothing was there to measure, `why` says what is missing."""

    name: str
    relation: str  # of _COMPARE
    wanted: float
    found: float | None
    unit: str = ""
    why: str = ""

    @property
    def met(self) -> bool | None:
        """None: not measured."""
        return None if self.found is None else bool(_COMPARE[self.relation](self.found, self.wanted))

    @property
    def verdict(self) -> str:
        """For a table."""
        return {True: "met", False: "MISSED", None: "not measured"}[self.met]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "goal": self.name,
            "wanted": f"{self.relation} {self.wanted:g}{' ' + self.unit if self.unit else ''}",
            "found": self.found,
            "met": self.met,
            **({"why": self.why} if self.found is None else {}),
        }


def generator_goals(figures: Mapping[str, Any]) -> list[Goal]:
    """Of the figures of shaken sequences (`figures.summarise`)."""
    groups, methods = figures["groups"], figures["methods"]
    goals = [
        _gain(groups, "age 1-6", 3.0),
        _gain(groups, "age 7-12", 1.5),
        _gain(groups, "no memory", 0.5),
    ]
    overall = groups["all blurred"]["psnr_gain_db"]
    classic = {name: gain for name, gain in overall.items() if KINDS[name].role == "classic"}
    best = max(classic, key=lambda name: classic[name], default=None)
    label = "above the best classic method" + (f" ({KINDS[best].label})" if best else "")
    margin = overall[FUSED] - classic[best] if best else None
    goals.append(Goal(label, ">=", 1.0, margin, "dB", "no classic method was run"))
    for name, kind in KINDS.items():
        if kind.role == "peer":
            margin = overall[FUSED] - overall[name] if name in overall else None
            goals.append(Goal(f"above {kind.label}", ">=", 1.0, margin, "dB", "no weights of it were given (--peers)"))
    goals.append(_above_wiener(groups))
    net, clear = methods[FUSED], figures["clear"]
    no_clear = "no clear frame came by"
    bits = float(clear["changed_bits"] + clear["changed_bits_of_passed"]) if clear["frames"] else None
    return [
        *goals,
        Goal("worst 1 % of the frames", ">=", -0.1, net["worst_1_percent_db"], "dB"),
        Goal("changed bits of clear frames", "=", 0.0, bits, "", no_clear),
        Goal("flicker, the truth's being 1", "<=", 1.1, net["flicker"], "", "no two frames in a row"),
    ]


def _gain(groups: Mapping[str, Any], name: str, wanted_db: float) -> Goal:
    found = groups[name]["psnr_gain_db"][FUSED] if name in groups else None
    return Goal(f"gain, {name}", ">=", wanted_db, found, "dB", "no such frame came by")


def _above_wiener(groups: Mapping[str, Any]) -> Goal:
    """In the class of blur where Wiener comes nearest."""
    margins: dict[str, float] = {}
    for name, group in groups.items():
        wiener = [gain for method, gain in group["psnr_gain_db"].items() if method.startswith("wiener")]
        if name.startswith("kind ") and wiener:
            margins[name] = group["psnr_gain_db"][FUSED] - max(wiener)
    narrowest = min(margins, key=lambda name: margins[name], default=None)
    label = "above Wiener in every class of blur" + (f" ({narrowest})" if narrowest else "")
    return Goal(label, ">", 0.0, margins[narrowest] if narrowest else None, "dB", "no Wiener filter was run")
