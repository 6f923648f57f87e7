"""From scores of frames to figures: means by class of blur, worst frames, flicker, harm; plain values for JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from vision.evaluation.methods import ALONE, FUSED, INPUT, KINDS
from vision.evaluation.quality import RIM_PX
from vision.evaluation.shaken import TRUTH, BlurredScore, Judged, Step, Values
from vision.training.metrics import auc

HARM_DB = -0.1  # a frame that loses more is harmed
EARLY, LATE = range(1, 7), range(7, 13)  # burst ages, frames since the last clear one
LENGTHS_PX = ((0.0, 10.0), (10.0, 16.0), (16.0, 99.0))  # of shake
DISCS_PX = ((0.0, 5.0), (5.0, 99.0))  # diameters of defocus
DEFINITIONS = {
    "gain": "PSNR or SSIM of luma against the truth, minus that of the recorded frame; mean of the frames' gains",
    "judged": f"inside the field of view, {RIM_PX} pixels of its rim left out",
    "standard_error": "of the mean, frames of one sequence taken as one (cluster-robust)",
    "blur_effect": "Crete et al. 2007, 0 sharp to 1 blurred, without looking at the truth",
    "flicker": "mean absolute difference of a frame and the one before, of the output over that of the truth; pairs"
    " with a blurred frame in them",
    "flicker_worst": "the same of the sequence with the largest",
    "warping_error": "the same with the frame before moved along the truth's motion (Lai et al. 2018), over the"
    " truth's; the truth has no noise and no error, so no restoration comes near 1",
    "worst_1_percent": "1 % quantile of the frames' gains",
    "spent": "processor time of all threads, median of the frames",
}

Group = tuple[str, list[BlurredScore]]


def summarise(judged: Judged) -> dict[str, Any]:
    """All figures of shaken sequences.  Raises `ValueError` when no blurred frame was judged."""
    scores = judged.blurred
    if not scores:
        raise ValueError("no blurred frame was judged; ask for more sequences")
    names = [name for name in KINDS if name in scores[0].psnr_db]
    groups = {label: _group(members, names) for label, members in grouped(scores)}
    return {
        "definitions": DEFINITIONS,
        "sequences": judged.sequences,
        "blurred_frames": len(scores),
        "clear_frames": len(judged.clear),
        "operations": sorted({score.operation for score in scores}),
        "seconds": round(judged.seconds, 1),
        "methods": {name: _method(name, judged) for name in names} | {TRUTH: _truth(judged)},
        "groups": groups,
        "clear": _clear(judged),
        "left_raw": dict(Counter(score.left_raw for score in scores if score.left_raw).most_common()),
        "decisions": _decisions(judged),
    }


def grouped(scores: Sequence[BlurredScore]) -> Iterator[Group]:
    """The classes by which figures are told, with their frames; empty ones are left out."""

    def among(label: str, belongs: Callable[[BlurredScore], bool]) -> Iterator[Group]:
        members = [score for score in scores if belongs(score)]
        if members:
            yield label, members

    yield "all blurred", list(scores)
    yield from among("age 1-6", lambda s: s.age in EARLY)
    yield from among("age 7-12", lambda s: s.age in LATE)
    yield from among("no memory", lambda s: s.age is None)
    yield from among("no memory, first", lambda s: s.age is None and s.first)
    yield from among("no memory, later", lambda s: s.age is None and not s.first)
    for kind in dict.fromkeys(score.kind for score in scores):
        yield from among(f"kind {kind}", lambda s, kind=kind: s.kind == kind)
    for kind in dict.fromkeys(score.kind for score in scores):
        yield from among(f"{kind}, memory", lambda s, kind=kind: s.kind == kind and s.age is not None)
        yield from among(f"{kind}, blind", lambda s, kind=kind: s.kind == kind and s.age is None)
    for low, high in LENGTHS_PX:
        name = f"shake {low:.0f}-{high:.0f} px" if high < 99.0 else f"shake from {low:.0f} px"
        name = name.replace("0-", "to ", 1) if low == 0.0 else name
        yield from among(name, lambda s, a=low, b=high: s.kind != "defocus" and a <= s.length_px < b)
    for low, high in DISCS_PX:
        name = f"disc from {low:.0f} px" if low else f"disc to {high:.0f} px"
        yield from among(name, lambda s, a=low, b=high: s.kind == "defocus" and a <= s.length_px < b)
    for age in (*EARLY, *LATE):
        yield from among(f"age {age}", lambda s, age=age: s.age == age)
    for operation in sorted({score.operation for score in scores}):
        yield from among(operation, lambda s, of=operation: s.operation == of)


def _group(members: list[BlurredScore], names: Sequence[str]) -> dict[str, Any]:
    gains = {name: mean([score.gain_db(name) for score in members]) for name in names[1:]}
    likeness = {name: mean([score.ssim[name] - score.ssim[INPUT] for score in members]) for name in names[1:]}
    return {
        "frames": len(members),
        "sequences": len({score.sequence for score in members}),
        "input_psnr_db": _rounded(mean([score.psnr_db[INPUT] for score in members])),
        "input_ssim": _rounded(mean([score.ssim[INPUT] for score in members]), 4),
        "psnr_gain_db": {name: _rounded(value) for name, value in gains.items()},
        "ssim_gain": {name: _rounded(value, 4) for name, value in likeness.items()},
        "standard_error_db": _rounded(_standard_error(members, FUSED)),
        **_margins(gains),
    }


def _margins(gains: Values) -> dict[str, Any]:
    """How far the fused picture lies above the best of the others, and whether above every one."""
    rivals = {name: gain for name, gain in gains.items() if KINDS[name].role in ("classic", "peer")}
    best = max(rivals, key=lambda name: rivals[name]) if rivals else INPUT
    # The recorded frame is a rival too: to leave it as it is costs nothing.
    best, level = (best, rivals[best]) if rivals and rivals[best] > 0.0 else (INPUT, 0.0)
    wieners = [gain for name, gain in rivals.items() if name.startswith("wiener")]
    return {
        "best_other": best,
        "margin_db": _rounded(gains[FUSED] - level),
        "beats_wiener": bool(wieners) and gains[FUSED] > max(wieners),
        "beats_all": gains[FUSED] > level,
    }


def _method(name: str, judged: Judged) -> dict[str, Any]:
    scores = judged.blurred
    gains = np.array([score.gain_db(name) for score in scores])
    row: dict[str, Any] = {
        "label": KINDS[name].label,
        "role": KINDS[name].role,
        "psnr_db": _rounded(mean([score.psnr_db[name] for score in scores])),
        "ssim": _rounded(mean([score.ssim[name] for score in scores]), 4),
        "psnr_gain_db": _rounded(float(gains.mean())),
        "ssim_gain": _rounded(mean([score.ssim[name] - score.ssim[INPUT] for score in scores]), 4),
        "worst_1_percent_db": _rounded(float(np.quantile(gains, 0.01))),
        "worst_db": _rounded(float(gains.min())),
        "harmed_share": _rounded(float((gains < HARM_DB).mean()), 4),
        "blur_effect": _rounded(mean([score.blur[name] for score in scores]), 4),
        **_temporal(name, judged),
    }
    if name in scores[0].colour_db:
        colour = [score.colour_db[name] - score.colour_db[INPUT] for score in scores]
        row["colour_psnr_gain_db"] = _rounded(mean(colour))
    if name in scores[0].spent_ms:
        row["spent_ms"] = _rounded(float(np.median([score.spent_ms[name] for score in scores])), 1)
    return row


def _truth(judged: Judged) -> dict[str, Any]:
    return {
        "label": TRUTH,
        "role": TRUTH,
        "blur_effect": _rounded(mean([score.blur[TRUTH] for score in judged.blurred]), 4),
        **_temporal(TRUTH, judged),
    }


def _temporal(name: str, judged: Judged) -> dict[str, Any]:
    by_sequence: dict[str, list[Step]] = {}
    for step in judged.steps:
        by_sequence.setdefault(step.sequence, []).append(step)
    flickers = [_beside_truth([step.change for step in steps], name) for steps in by_sequence.values()]
    return {
        "flicker": _rounded(_beside_truth([step.change for step in judged.steps], name)),
        "flicker_worst": _rounded(max(flickers, default=float("nan"))),
        "warping_error": _rounded(_beside_truth([step.warping for step in judged.steps], name)),
    }


def _beside_truth(values: Sequence[Values], name: str) -> float:
    """Sum by a method over the truth's; a method that gave no picture showed the recorded ones."""
    true = sum(value[TRUTH] for value in values)
    return sum(value.get(name, value[INPUT]) for value in values) / true if true > 0.0 else float("nan")


def _clear(judged: Judged) -> dict[str, Any]:
    touched = [score for score in judged.clear if score.alone_changed_bits > 0]
    return {
        "frames": len(judged.clear),
        "changed_bits": sum(score.changed_bits for score in judged.clear),
        "changed_bits_of_passed": sum(score.alone_changed_bits for score in judged.clear if score.passed),
        "called_clear": sum(score.passed for score in judged.clear),
        "touched": len(touched),
        "touched_gain_db": _rounded(mean([score.alone_gain_db for score in touched])),
        "forced_frames": len(judged.forced_gain_db),
        "forced_gain_db": _rounded(mean(judged.forced_gain_db)),
    }


def _decisions(judged: Judged) -> dict[str, Any]:
    """How the sharpness net judged the frames of the sequences."""
    clear = [p for p, truth in judged.judged_clear if truth]
    blurred = [p for p, truth in judged.judged_clear if not truth]
    return {"auc": _rounded(auc(clear, blurred), 4) if clear and blurred else None, "judged": len(judged.judged_clear)}


def _standard_error(members: list[BlurredScore], name: str) -> float:
    gains = np.array([score.gain_db(name) for score in members])
    sums: dict[str, float] = {}
    for score, rest in zip(members, gains - gains.mean(), strict=True):
        sums[score.sequence] = sums.get(score.sequence, 0.0) + float(rest)
    return float(np.sqrt(sum(value**2 for value in sums.values()))) / len(members)


def mean(values: Sequence[float]) -> float:
    """NaN of nothing, without numpy's warning."""
    return float(np.mean(values)) if len(values) else float("nan")


def _rounded(value: float, digits: int = 3) -> float | None:
    """None where there is no figure: JSON has no NaN."""
    return round(value, digits) if np.isfinite(value) else None


__all__ = ["ALONE", "FUSED", "grouped", "mean", "summarise"]
