"""The two classifiers on val: is a frame clear, and which region does it show; by camera, beside their baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.evaluation.goals import Goal
from vision.evaluation.tables import Table, plain, share
from vision.runtime import Weights
from vision.training.data import Manifest
from vision.training.metrics import balanced_accuracy, laplacian_variance
from vision.training.sharpness_figures import CAMERAS, Shown, probabilities_of, show_val, summary
from vision.training.train_region import embed, mean_colours, read_thumbnails

UNKNOWN = "unknown"
THRESHOLD = 0.5  # of P(clear), as the tower has it unless told otherwise


def judge_sharpness(weights: Weights, manifest: Manifest, seed: int) -> dict[str, Any]:
    """Areas under the ROC curve and shares at the threshold; the Laplacian's variance on the same crops beside them."""
    shown = show_val(manifest, seed)
    p = probabilities_of(weights.sharpness.eval(), [one.bag for one in shown])
    laplacian = np.array([laplacian_variance(one.bag) for one in shown])
    return {
        "threshold": THRESHOLD,
        "auc": _rounded(summary(shown, p)),
        "laplacian_auc": _rounded(summary(shown, laplacian)),
        "shares": _shares(shown, p),
    }


def _shares(shown: Sequence[Shown], p: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Share called clear of every camera, kind and size of blur."""
    groups: dict[tuple[str, str, float], list[float]] = {}
    for one, probability in zip(shown, p.tolist(), strict=True):
        size_px = (
            one.size_px if one.camera in CAMERAS else float(one.size_px > 0.0)
        )  # the phantom's shakes: any or none
        groups.setdefault((one.camera, one.kind, size_px), []).append(probability)
    return [
        {
            "camera": camera,
            "kind": kind,
            "size_px": size_px,
            "frames": len(values),
            "called_clear": round(float(np.mean(np.array(values) > THRESHOLD)), 4),
        }
        for (camera, kind, size_px), values in groups.items()
    ]


def judge_region(weights: Weights, manifest: Manifest) -> dict[str, Any]:
    """The region library in use on val pictures, by camera, with the nearest-mean-colour baseline and who is taken for
    whom."""
    fit, choose = read_thumbnails(manifest, "train"), read_thumbnails(manifest, "val")
    found = [weights.library.nearest(vector)[0] for vector in embed(weights.region, choose.pictures)]
    colours, own = mean_colours(fit.pictures), np.array(fit.regions)
    means = {region: colours[own == region].mean(axis=0) for region in sorted(set(fit.regions))}
    by_colour = [min(means, key=lambda r: float(np.linalg.norm(means[r] - c))) for c in mean_colours(choose.pictures)]
    cameras = {"all": "", **CAMERAS}
    table: dict[str, Any] = {}
    for camera, prefix in cameras.items():
        mine = [index for index, group in enumerate(choose.groups) if group.startswith(prefix)]
        if mine:
            truth = [choose.regions[index] for index in mine]
            table[camera] = {
                "pictures": len(mine),
                "patients_or_clips": len({choose.groups[index] for index in mine}),
                "regions": len(set(truth)),
                "balanced_accuracy": round(balanced_accuracy(truth, [found[i] for i in mine]), 4),
                "mean_colour_balanced_accuracy": round(balanced_accuracy(truth, [by_colour[i] for i in mine]), 4),
                "unknown_share": round(float(np.mean([found[i] is None for i in mine])), 4),
            }
    confusion: dict[str, dict[str, int]] = {region: {} for region in sorted(set(choose.regions))}
    for truth, name in zip(choose.regions, found, strict=True):
        confusion[truth][name or UNKNOWN] = confusion[truth].get(name or UNKNOWN, 0) + 1
    trained = {region: fit.regions.count(region) for region in confusion}
    return {"cameras": table, "confusion": confusion, "train_pictures": trained}


def sharpness_tables(figures: Mapping[str, Any]) -> list[Table]:
    """Areas under the curve; shares by camera and kind."""
    areas = [
        (name.removeprefix("auc_").replace("_", " "), plain(value, 3), plain(figures["laplacian_auc"].get(name), 3))
        for name, value in figures["auc"].items()
    ]
    kinds: dict[tuple[str, str], list[str]] = {}
    frames: dict[tuple[str, str], int] = {}
    for row in figures["shares"]:
        key = (row["camera"], row["kind"])
        size = f"{row['size_px']:g}: " if row["camera"] in CAMERAS and row["size_px"] else ""
        size = "shaken: " if row["camera"] not in CAMERAS and row["size_px"] else size
        kinds.setdefault(key, []).append(size + plain(row["called_clear"]))
        frames[key] = frames.get(key, 0) + row["frames"]
    rows = [(*key, str(frames[key]), "; ".join(values)) for key, values in kinds.items()]
    return [
        Table(
            "Sharpness net on val: area under the ROC curve",
            ("", "net", "Laplacian"),
            tuple(areas),
            ("real: frames as recorded; made: blur over their stills; by camera: made blur.",),
        ),
        Table(
            f"Share of val frames called clear at P = {figures['threshold']:g}",
            ("camera", "frames", "n", "called clear (of each size in px)"),
            tuple(rows),
            text_columns=frozenset({0, 1, 3}),
        ),
    ]


def region_tables(figures: Mapping[str, Any]) -> list[Table]:
    """Balanced accuracy by camera; who is taken for whom."""
    cameras = [
        (
            name,
            str(row["pictures"]),
            str(row["patients_or_clips"]),
            str(row["regions"]),
            plain(row["balanced_accuracy"], 3),
            plain(row["mean_colour_balanced_accuracy"], 3),
            share(row["unknown_share"]),
        )
        for name, row in figures["cameras"].items()
    ]
    confusion = [
        (
            region,
            str(sum(row.values())),
            str(row.get(region, 0)),
            str(figures["train_pictures"][region]),
            ", ".join(f"{name} {count}" for name, count in sorted(row.items(), key=lambda p: -p[1]) if name != region),
        )
        for region, row in figures["confusion"].items()
    ]
    return [
        Table(
            "Region on val: balanced accuracy (mean over the regions of the share found right)",
            ("camera", "pictures", "patients, clips", "regions", "library", "mean colour", "unknown"),
            tuple(cameras),
        ),
        Table(
            "Region by region",
            ("region", "val pictures", "right", "train pictures", "taken for"),
            tuple(confusion),
            text_columns=frozenset({0, 4}),
        ),
    ]


def sharpness_goals(figures: Mapping[str, Any]) -> list[Goal]:
    """Areas that are asked for."""
    areas, none = figures["auc"], "no such frame in this folder"
    return [
        Goal("sharpness: AUC, real blur and made", ">=", 0.97, areas.get("auc_together"), "", none),
        Goal("sharpness: AUC, real blurred frames alone", ">=", 0.9, areas.get("auc_real"), "", none),
    ]


def region_goals(figures: Mapping[str, Any]) -> list[Goal]:
    """Better than the nearest mean colour, within the laparoscopic operations."""
    row = figures["cameras"].get("laparoscopy")
    margin = None if row is None else row["balanced_accuracy"] - row["mean_colour_balanced_accuracy"]
    return [
        Goal("region: laparoscopy, above mean colour", ">", 0.0, margin, "", "no laparoscopic picture in this folder")
    ]


def _rounded(areas: Mapping[str, float]) -> dict[str, float | None]:
    """None where there was nothing to compare: JSON has no NaN."""
    return {name: round(value, 4) if np.isfinite(value) else None for name, value in areas.items()}
