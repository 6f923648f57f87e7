"""The figures of an evaluation as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vision.evaluation.figures import ALONE, FUSED
from vision.evaluation.goals import Goal
from vision.evaluation.methods import INPUT, KINDS
from vision.evaluation.tables import Table, plain, share, signed


def generator_tables(figures: Mapping[str, Any]) -> list[Table]:
    """Gains by class beside the baselines, the parts beside the whole, every method's other figures, harm."""
    groups = figures["groups"]
    present = [name for name in KINDS if name in figures["methods"] and name != INPUT]
    rivals = [name for name in present if KINDS[name].role in ("classic", "peer")]
    parts = [name for name in present if KINDS[name].role in ("part", "net")]
    return [_gains(groups, rivals), _verdicts(groups), _parts(groups, parts), _methods(figures), _clear(figures)]


def _gains(groups: Mapping[str, Any], rivals: Sequence[str]) -> Table:
    rows = [
        (
            label,
            str(group["frames"]),
            plain(group["input_psnr_db"], 1),
            *(signed(group["psnr_gain_db"][name]) for name in rivals),
            signed(group["psnr_gain_db"][FUSED]),
            plain(group["standard_error_db"]),
            signed(group["margin_db"]),
        )
        for label, group in groups.items()
    ]
    return Table(
        "Gain in PSNR of luma over the recorded frame, dB",
        ("", "n", "input dB", *(KINDS[name].column for name in rivals), "fused", "+-", "margin"),
        tuple(rows),
        (
            "+-: standard error of fused, frames of one sequence taken as one; margin: fused above the best of the"
            " others, the recorded frame being one of them: below 0, something else is better; mem. + flow: the"
            " memory's detail pasted where it is trusted; with dec.: and the rest deconvolved (Yuan et al. 2007).",
        ),
    )


def _verdicts(groups: Mapping[str, Any]) -> Table:
    """In so many words, by class of blur."""
    rows = [
        (
            label,
            signed(group["psnr_gain_db"][FUSED]),
            KINDS[group["best_other"]].label,
            signed(group["psnr_gain_db"].get(group["best_other"], 0.0)),
            _verdict(group["beats_wiener"]),
            _verdict(group["beats_all"]),
        )
        for label, group in groups.items()
        if label.startswith(("all", "age 1-6", "age 7-12", "no memory", "kind", "shake", "disc"))
    ]
    return Table(
        "Does the net beat the others, class by class (gain, dB)",
        ("", "fused", "best of the others", "its gain", "beats Wiener", "beats every one"),
        tuple(rows),
        text_columns=frozenset({0, 2, 4, 5}),
    )


def _verdict(beaten: bool) -> str:
    return "yes" if beaten else "NO"


def _parts(groups: Mapping[str, Any], parts: Sequence[str]) -> Table:
    rows = [
        (
            label,
            str(group["frames"]),
            *(signed(group["psnr_gain_db"][name]) for name in parts),
            plain(group["input_ssim"], 3),
            *(signed(group["ssim_gain"][name], 3) for name in parts),
        )
        for label, group in groups.items()
    ]
    labels = [KINDS[name].column for name in parts]
    return Table(
        "The generator's branches, fused, and the tower deciding by itself: gain in PSNR (dB), then in SSIM",
        ("", "n", *labels, "input SSIM", *labels),
        tuple(rows),
    )


def _methods(figures: Mapping[str, Any]) -> Table:
    rows = [
        (
            method["label"],
            signed(method.get("psnr_gain_db")),
            signed(method.get("colour_psnr_gain_db")),
            signed(method.get("ssim_gain"), 3),
            signed(method.get("worst_1_percent_db")),
            signed(method.get("worst_db")),
            share(method.get("harmed_share")),
            plain(method["blur_effect"], 3),
            plain(method["flicker"]),
            plain(method["flicker_worst"]),
            plain(method["warping_error"]),
            plain(method.get("spent_ms"), 0),
        )
        for method in figures["methods"].values()
    ]
    return Table(
        "Every method over all blurred frames",
        (
            "",
            "PSNR gain",
            "colour gain",
            "SSIM gain",
            "worst 1 %",
            "worst",
            "below -0.1 dB",
            "blur effect",
            "flicker",
            "flicker worst",
            "warp. error",
            "cpu ms",
        ),
        tuple(rows),
        (
            "blur effect: Crete et al. 2007, 0 sharp to 1 blurred; flicker: mean difference of a frame and the one"
            " before, the truth's being 1 (worst: of one sequence); warp. error: the same with the frame before moved"
            " along the truth's motion, which counts every error of a restoration; cpu ms: processor time of all"
            " threads for a blurred frame, median.",
        ),
    )


def _clear(figures: Mapping[str, Any]) -> Table:
    clear, decisions = figures["clear"], figures["decisions"]
    alone = KINDS[ALONE].label
    rows = (
        ("clear frames", str(clear["frames"])),
        ("changed bits, told that they are clear", str(clear["changed_bits"])),
        (f"called clear by the sharpness net ({alone})", str(clear["called_clear"])),
        ("changed bits of those", str(clear["changed_bits_of_passed"])),
        (
            "deblurred by mistake, and their gain in dB",
            _counted(clear["touched"], clear["touched_gain_db"]),
        ),
        (
            "deblurred on purpose, and their gain in dB",
            _counted(clear["forced_frames"], clear["forced_gain_db"]),
        ),
        ("sharpness net on all frames of the sequences, AUC", plain(decisions["auc"], 3)),
        *((f"blurred, yet left raw: {reason}"[:84], str(count)) for reason, count in figures["left_raw"].items()),
    )
    return Table("Clear frames, and what the enhanced view decided", ("", "found"), rows)


def _counted(count: int, gain: float | None) -> str:
    return str(count) if gain is None else f"{count}: {signed(gain)}"


def goal_table(goals: Sequence[Goal]) -> Table:
    """Demands, figures, verdicts."""
    rows = [
        (
            goal.name,
            f"{goal.relation} {goal.wanted:g}",
            "-" if goal.found is None else f"{goal.found:.{0 if goal.relation == '=' else 3}f}",
            goal.unit,
            goal.verdict,
        )
        for goal in goals
    ]
    notes = tuple(f"not measured: {goal.name}: {goal.why}." for goal in goals if goal.met is None)
    return Table("Goals", ("", "wanted", "found", "", "verdict"), tuple(rows), notes, frozenset({0, 3, 4}))
