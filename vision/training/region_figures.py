"""Measures region and library on val and on strangers: a region left out, corrupt colours, the phantom; `python -m`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vision.library import LOST_SHARE, NEAREST, Library, build, calibrate
from vision.library_build import embed, load_net, thumbnail_of
from vision.models.region import RegionNet
from vision.settings import WeightsError
from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.state import SceneState
from vision.training.data import DataError, read_manifest
from vision.training.metrics import balanced_accuracy
from vision.training.train_region import Thumbnails, mean_colours, read_thumbnails

Vectors = NDArray[np.float32]  # (N, 64)
Unknown = Callable[[Library, Vectors], NDArray[np.bool_]]  # which of the vectors are called unknown


def phantom_thumbnails() -> NDArray[np.uint8]:
    """48 frames of the drawn scene, seeds 0 to 3, in two lights and rooms: no region of the library."""
    thumbnails = [
        thumbnail_of(PhantomCamera(1280, 720, 30.0, seed).expose(index, state).image)
        for seed in range(4)
        for index in range(0, 300, 50)
        for state in (SceneState(), SceneState(0.3, 0.4))
    ]
    return np.stack(thumbnails)


def without(fit: Thumbnails, vectors: Vectors, region: str | None) -> Library:
    """Library of the standard pictures of all regions but one, its limits calibrated without that region too."""
    kept = [at for at, name in enumerate(fit.regions) if name != region]
    names, groups = [fit.regions[at] for at in kept], [fit.groups[at] for at in kept]
    standard = fit.standard[kept]
    limits = calibrate(vectors[kept], names, groups, standard=standard)
    return build(vectors[kept][standard], [n for n, s in zip(names, standard, strict=True) if s], limits=limits)


def by_region_limit(library: Library, vectors: Vectors) -> NDArray[np.bool_]:
    """As the tower decides."""
    return np.array([library.nearest(vector)[0] is None for vector in vectors])


def by_one_limit(limit: float, nearest: int) -> Unknown:
    """One limit for all regions, on the mean of the `nearest` prototypes of the best region."""

    def decide(library: Library, vectors: Vectors) -> NDArray[np.bool_]:
        similarity = vectors @ library.embeddings.T
        parts = [
            np.sort(similarity[:, library.labels == at])[:, -nearest:].mean(axis=1)
            for at in range(len(library.regions))
        ]
        return np.max(parts, axis=0) < limit

    return decide


def by_margin(limit: float) -> Unknown:
    """The best region must lead the second by `limit`."""

    def decide(library: Library, vectors: Vectors) -> NDArray[np.bool_]:
        similarity = vectors @ library.embeddings.T
        parts = [
            np.sort(similarity[:, library.labels == at])[:, -NEAREST:].mean(axis=1)
            for at in range(len(library.regions))
        ]
        first, second = np.sort(np.array(parts), axis=0)[[-1, -2]]
        return first - second < limit

    return decide


def figures(net: RegionNet, fit: Thumbnails, choose: Thumbnails, ood: Thumbnails) -> str:
    """Two tables as Markdown: accuracy against the nearest mean colour, and what is called unknown by which rule."""
    seen, val, strange = embed(net, fit.pictures), embed(net, choose.pictures), embed(net, ood.pictures)
    phantom = embed(net, phantom_thumbnails())
    library = without(fit, seen, None)
    never = build(
        library.embeddings, [library.regions[at] for at in library.labels], 10_000, dict.fromkeys(library.regions, -1.0)
    )
    found, named = ([one.nearest(vector)[0] for vector in val] for one in (library, never))
    colours, own = mean_colours(fit.pictures), np.array(fit.regions)
    means = {region: colours[own == region].mean(axis=0) for region in sorted(set(fit.regions))}
    by_colour = [min(means, key=lambda r: float(np.linalg.norm(means[r] - c))) for c in mean_colours(choose.pictures)]
    truth = choose.regions
    lines = [
        "| pictures | count | library | library, never unknown | nearest mean colour |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lap = [at for at, group in enumerate(choose.groups) if group.startswith("case")]
    for title, of in (("all val", list(range(len(truth)))), ("laparoscopy", lap)):
        shares = [
            balanced_accuracy([truth[at] for at in of], [way[at] for at in of]) for way in (found, named, by_colour)
        ]
        lines.append(f"| {title} | {len(of)} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    lines += [
        "",
        "| region | val pictures | library | mean colour | train pictures |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for region in sorted(set(truth)):
        of = [at for at, name in enumerate(truth) if name == region]
        right = [sum(way[at] == region for at in of) for way in (found, by_colour)]
        lines.append(f"| {region} | {len(of)} | {right[0]} | {right[1]} | {fit.regions.count(region)} |")
    right_val = np.array([name == region for name, region in zip(named, truth, strict=True)])
    rules: dict[str, Unknown] = {
        "one limit, 0.791, mean of three": by_one_limit(0.791, NEAREST),
        "one limit, 0.84, nearest": by_one_limit(0.84, 1),
        "one limit, 0.88, nearest": by_one_limit(0.88, 1),
        "margin 0.015 to the second region": by_margin(0.015),
        f"a limit a region, {LOST_SHARE:.0%} lost (shipped)": by_region_limit,
    }
    lines += ["", "| called unknown | known, right | known, wrong | region left out, val | colour-corrupt | phantom |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    strangers = [
        (without(fit, seen, region), val[[at for at, name in enumerate(truth) if name == region]])
        for region in sorted(set(truth))
    ]
    for title, rule in rules.items():
        known = rule(library, val)
        left = np.concatenate([rule(other, vectors) for other, vectors in strangers])
        shares = [known[right_val], known[~right_val], left, rule(library, strange), rule(library, phantom)]
        lines.append(f"| {title} | " + " | ".join(f"{share.mean():.2f}" for share in shares) + " |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 well, 1 when data or weights cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m vision.training.region_figures", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    parser.add_argument("--models", type=Path, default=Path("resources/models"), metavar="DIR")
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        net, _ = load_net(args.models)
        manifest = read_manifest(args.data)
        print(figures(net, *(read_thumbnails(manifest, split) for split in ("train", "val", "ood"))))
    except (DataError, WeightsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
