"""Judges the committed networks on val: shaken pictures by kind, length and age, and the two classifiers."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from vision import motion, runtime
from vision.deblur import Deblurrer, NotTrustedError
from vision.memory import MINIMUM_CONFIDENCE, Aligner, reduce
from vision.models.generator import BRANCHES
from vision.opencv import cv2
from vision.training import speed
from vision.training.blur import KINDS, Shot, shoot
from vision.training.data import Manifest, read_scenes
from vision.training.metrics import balanced_accuracy, psnr, ssim
from vision.training.train_generator import NOT_SCENES
from vision.training.train_region import embed, mean_colours, read_thumbnails
from vision.training.train_sharpness import ORIGINS as SHARPNESS_ORIGINS
from vision.training.train_sharpness import judge as judge_sharpness
from vision.training.train_sharpness import make_bags

SIDE = 448  # pixels a side of a shaken picture
RIM = 32  # pixels left out of the figures on each side
LENGTHS = (6.0, 12.0, 18.0, 24.0)
AGES = (1, 3, 6, 12)
METHODS = ("input", "unsharp", "wiener", "memory", *BRANCHES, "enhanced", "enhanced_blind")


def make_shots(manifest: Manifest, seed: int, count: int) -> list[Shot]:
    """Shaken pictures of val operations: every kind, length and age in turn, scenes by chance from `seed`."""
    rng = np.random.default_rng(seed)
    scenes = read_scenes([item for item in manifest.select("val", "sharp") if item.region not in NOT_SCENES])
    scenes = [scene for scene in scenes if min(scene.linear.shape) >= 512]
    kinds = [kind for kind in KINDS if kind != "none"]
    shots: list[Shot] = []
    for index in tqdm(range(count), desc="shots", mininterval=5.0):
        kind = "none" if index % 10 == 9 else kinds[index % len(kinds)]
        length = LENGTHS[int(rng.integers(len(LENGTHS)))]
        length = length / 2.4 if kind == "defocus" else length
        age = AGES[int(rng.integers(len(AGES)))]
        scene = scenes[int(rng.integers(len(scenes)))]
        other = scenes[int(rng.integers(len(scenes)))] if rng.random() < 0.15 else None
        shots.append(shoot(rng, scene, SIDE, kind, length, age, other))
    return shots


def restore(deblurrer: Deblurrer, aligner: Aligner, shot: Shot) -> dict[str, NDArray[np.uint8]]:
    """The shot by every method.  What is not trusted counts as the input, which is what would be shown."""
    blurred = shot.blurred
    soft = cv2.GaussianBlur(blurred, (0, 0), 2.0)
    pictures: dict[str, Any] = {"input": blurred, "unsharp": cv2.addWeighted(blurred, 1.6, soft, -0.6, 0.0)}
    aligner.forget()
    aligned = aligner.align(reduce(blurred), shot.memory, reduce(shot.memory))
    pictures["memory"], pictures["wiener"] = blurred, blurred
    if aligned.mean >= MINIMUM_CONFIDENCE:
        fits = cv2.resize(aligned.confidence, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR).astype(np.float32) / 255.0
        pictures["memory"] = np.rint(blurred + (aligned.luma.astype(np.float32) - blurred) * fits).astype(np.uint8)
        half = motion.halve(blurred)
        kernel = motion.estimate_psf(half, motion.halve(aligned.luma))
        pictures["wiener"] = blurred if kernel is None else motion.deconvolve(blurred, half, kernel)
    pictures |= dict.fromkeys(("enhanced", "enhanced_blind", *BRANCHES), blurred)
    deblurrer.reset()
    with contextlib.suppress(NotTrustedError):  # stays the input, as said above
        pictures["enhanced_blind"] = deblurrer.deblur(blurred, None, 0).luma
    deblurrer.reset()
    deblurrer.remember(shot.memory, 0)
    with contextlib.suppress(NotTrustedError):
        done = deblurrer.deblur(blurred, None, shot.age, keep_layers=True)
        pictures["enhanced"] = done.luma
        pictures |= dict(zip(BRANCHES, done.layers, strict=True))
    return pictures


def judge_generator(weights: runtime.Weights, shots: list[Shot]) -> dict[str, Any]:
    """Mean PSNR and SSIM, gains over the input, by method, kind, length and age; and the worst of them."""
    deblurrer, aligner = Deblurrer(weights.generator), Aligner()
    deblurrer.warm_up(SIDE, SIDE)
    inner = slice(RIM, SIDE - RIM)
    quality: dict[str, list[float]] = {name: [] for name in METHODS}
    likeness: dict[str, list[float]] = {name: [] for name in METHODS}
    for shot in tqdm(shots, desc="judging", mininterval=5.0):
        truth = shot.truth[inner, inner]
        for name, picture in restore(deblurrer, aligner, shot).items():
            quality[name].append(psnr(picture[inner, inner], truth))
            likeness[name].append(ssim(picture[inner, inner], truth))
    deblurrer.close()
    db = {name: np.array(values) - np.array(quality["input"]) for name, values in quality.items()}
    similar = {name: np.array(values) - np.array(likeness["input"]) for name, values in likeness.items()}
    blurred = np.array([shot.kind != "none" for shot in shots])

    def cut(of: NDArray[np.bool_]) -> dict[str, float]:
        return {"count": int(of.sum())} | {name: round(float(db[name][of].mean()), 3) for name in METHODS[1:]}

    def by(key: Callable[[Shot], Any], values: list[Any], among: NDArray[np.bool_]) -> dict[str, Any]:
        masks = {value: np.array([key(shot) == value for shot in shots]) & among for value in values}
        return {str(value): cut(mask) for value, mask in masks.items() if mask.any()}

    shaken = np.array([shot.kind in ("straight", "curved") for shot in shots])
    return {
        "input_psnr_db": round(float(np.mean(np.array(quality["input"])[blurred])), 3),
        "input_ssim": round(float(np.mean(np.array(likeness["input"])[blurred])), 4),
        "psnr_gain_db": cut(blurred),
        "ssim_gain": {name: round(float(similar[name][blurred].mean()), 4) for name in METHODS[1:]},
        "psnr_gain_db_by_kind": by(lambda shot: shot.kind, list(KINDS), np.ones_like(blurred)),
        "psnr_gain_db_by_length_px": by(lambda shot: shot.length_px, list(LENGTHS), shaken),
        "psnr_gain_db_by_memory_age": by(lambda shot: shot.age, list(AGES), blurred),
        "worst_1_percent_db": round(float(np.quantile(db["enhanced"][blurred], 0.01)), 3),
        "share_below_minus_0_1_db": round(float(np.mean(db["enhanced"][blurred] < -0.1)), 4),
    }


def judge_region(weights: runtime.Weights, manifest: Manifest) -> dict[str, Any]:
    """The committed library on val pictures, with the nearest-mean-colour baseline."""
    fit, choose = read_thumbnails(manifest, "train"), read_thumbnails(manifest, "val")
    found = [weights.library.nearest(vector) for vector in embed(weights.region, choose.pictures)]
    names = [name for name, _ in found]
    colours, own = mean_colours(fit.pictures), np.array(fit.regions)
    means = {region: colours[own == region].mean(axis=0) for region in sorted(set(fit.regions))}
    by_colour = [min(means, key=lambda r: float(np.linalg.norm(means[r] - c))) for c in mean_colours(choose.pictures)]
    table: dict[str, Any] = {}
    for region in sorted(set(choose.regions)):
        mine = [index for index, truth in enumerate(choose.regions) if truth == region]
        right = sum(names[index] == region for index in mine)
        table[region] = {"count": len(mine), "right": right, "train_pictures": fit.regions.count(region)}
    lap = [index for index, group in enumerate(choose.groups) if group.startswith("case")]
    true_lap = [choose.regions[index] for index in lap]
    return {
        "balanced_accuracy": round(balanced_accuracy(choose.regions, names), 4),
        "balanced_accuracy_laparoscopy": round(balanced_accuracy(true_lap, [names[i] for i in lap]), 4),
        "mean_colour_balanced_accuracy": round(balanced_accuracy(choose.regions, by_colour), 4),
        "mean_colour_balanced_accuracy_laparoscopy": round(balanced_accuracy(true_lap, [by_colour[i] for i in lap]), 4),
        "unknown_share": round(float(np.mean([name is None for name in names])), 4),
        "by_region": table,
    }


def evaluate(manifest: Manifest, models: Path, seed: int, count: int, with_speed: bool) -> dict[str, Any]:
    """All figures.  Raises `WeightsError`, `DataError`."""
    weights = runtime.load(models)
    figures: dict[str, Any] = {
        "weights": {net: card.get("sha256") for net, card in weights.cards.items()},
        "manifest_sha256": manifest.sha256,
        "seed": seed,
        "generator": judge_generator(weights, make_shots(manifest, seed, count)),
        "region": judge_region(weights, manifest),
        "sharpness": {
            name: round(value, 4)
            for name, value in judge_sharpness(weights.sharpness, make_bags(manifest, "val", seed, 2)).items()
        },
    }
    if with_speed:
        figures["speed"] = dataclasses.asdict(speed.measure(weights, 1280, 720))
    return figures


def as_table(figures: Mapping[str, Any]) -> str:
    """The figures as text."""
    generator = figures["generator"]
    columns = ("unsharp", "wiener", "memory", *BRANCHES, "enhanced", "enhanced_blind")
    lines = [
        f"generator on val: input {generator['input_psnr_db']:.2f} dB, SSIM {generator['input_ssim']:.4f}; gain in dB",
        f"{'':22}{'n':>5}" + "".join(f"{name[:12]:>15}" for name in columns),
    ]
    groups = {"all blurred": generator["psnr_gain_db"]}
    groups |= {f"kind {key}": row for key, row in generator["psnr_gain_db_by_kind"].items()}
    groups |= {f"shake {key} px": row for key, row in generator["psnr_gain_db_by_length_px"].items()}
    groups |= {f"memory age {key}": row for key, row in generator["psnr_gain_db_by_memory_age"].items()}
    for name, row in groups.items():
        lines.append(f"{name:22}{row['count']:5}" + "".join(f"{row[column]:15.2f}" for column in columns))
    lines.append(f"{'SSIM gain':22}{'':5}" + "".join(f"{generator['ssim_gain'][column]:15.4f}" for column in columns))
    worse = generator["share_below_minus_0_1_db"]
    lines.append(f"worst 1 %: {generator['worst_1_percent_db']:.2f} dB; below -0.1 dB: {worse:.1%}")
    region = figures["region"]
    for name, key in (("all", "balanced_accuracy"), ("laparoscopy alone", "balanced_accuracy_laparoscopy")):
        lines.append(
            f"region, {name}: balanced accuracy {region[key]:.3f} (mean colour {region['mean_colour_' + key]:.3f})"
        )
    lines += [f"  {name:18} {row['right']:3} of {row['count']:3} right" for name, row in region["by_region"].items()]
    sharp = figures["sharpness"]
    for name in SHARPNESS_ORIGINS:
        of = {key: sharp[f"{key}_{name}"] for key in ("auc", "laplacian_auc", "clear_found", "blurred_found")}
        counts = f"{sharp[f'count_clear_{name}']:.0f} clear, {sharp[f'count_blurred_{name}']:.0f} blurred"
        lines.append(
            f"sharpness, {name}: AUC {of['auc']:.3f} (Laplacian {of['laplacian_auc']:.3f}); at 0.5 clear found "
            f"{of['clear_found']:.2f}, blurred found {of['blurred_found']:.2f} ({counts})"
        )
    if "speed" in figures:
        lines.append(speed.as_text(speed.Speed(**figures["speed"])))
    return "\n".join(lines)


def write(path: Path, figures: Mapping[str, Any]) -> None:
    """The figures as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
