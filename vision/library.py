"""The region library: embeddings of standard pictures of each region, and the nearest one to a new picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNKNOWN_BELOW = 0.5  # cosine similarity; for a library whose limits were not calibrated
NEAREST = 3  # prototypes a region is judged by: one odd standard picture must not decide alone
PER_REGION = 16  # prototypes kept of a region unless told otherwise

# Limits of "unknown", chosen on the training operations alone: each region's own pictures, seen from the other
# operations, are to stay above its limit but for this share (docs/enhanced-view.md has what others gave).
LOST_SHARE = 0.1
PRIOR_PICTURES = 5.0  # a region's limit is drawn to that of all regions as if so many of its pictures had said so


@dataclass(frozen=True, slots=True)
class Library:
    """Prototypes of all regions.  Holds embeddings only, no pictures.  Raises `ValueError` when they don't fit."""

    regions: tuple[str, ...]
    embeddings: NDArray[np.float32]  # (N, D), unit vectors
    labels: NDArray[np.int64]  # (N,) index into `regions`
    limits: tuple[float, ...]  # of each region: cosine similarity with its nearest prototype below which it is unknown

    def __post_init__(self) -> None:
        rows, known = self.embeddings.shape[0], len(self.regions)
        if self.embeddings.ndim != 2 or rows == 0 or self.labels.shape != (rows,) or len(self.limits) != known:
            shapes = f"embeddings {self.embeddings.shape}, labels {self.labels.shape}, {len(self.limits)} limits"
            raise ValueError(f"expected N > 0 vectors, a label each and a limit for each of {known} regions: {shapes}")
        if set(self.labels.tolist()) != set(range(known)) or len(set(self.regions)) != known:
            raise ValueError(f"expected a prototype of every region and only of these: {', '.join(self.regions)}")
        if not np.allclose(np.linalg.norm(self.embeddings, axis=1), 1.0, atol=1e-3):
            raise ValueError("expected unit vectors")

    def nearest(self, embedding: NDArray[np.float32]) -> tuple[str | None, float]:
        """Region of a unit vector (D,), and its cosine similarity with the nearest prototype of that region, -1..1.

        The region whose three nearest prototypes are nearest in the mean; None where even the nearest one lies below
        the region's limit.
        """
        similarity = self.embeddings @ embedding
        best, best_mean, near = 0, -2.0, -1.0
        for index in range(len(self.regions)):
            own = np.sort(similarity[self.labels == index])[-NEAREST:]
            if own.mean() > best_mean:
                best, best_mean, near = index, float(own.mean()), float(own[-1])
        near = min(1.0, max(-1.0, near))
        return (self.regions[best] if near >= self.limits[best] else None), near


def build(
    embeddings: NDArray[np.float32],
    names: Sequence[str],
    per_region: int = PER_REGION,
    limits: Mapping[str, float] | None = None,
) -> Library:
    """Library from the embeddings (N, D) of standard pictures and the region of each.

    Of a region with more than `per_region` pictures, those are kept that lie farthest from each other, starting from
    the one nearest to the middle.  `limits` of the regions: `UNKNOWN_BELOW` where not given.
    """
    regions = tuple(sorted(set(names)))
    kept: list[NDArray[np.float32]] = []
    labels: list[int] = []
    for index, region in enumerate(regions):
        own = embeddings[[name == region for name in names]]
        order = [int(np.argmax(own @ own.mean(axis=0)))]
        while len(order) < min(per_region, len(own)):
            nearest = (own @ own[order].T).max(axis=1)
            nearest[order] = 2.0
            order.append(int(np.argmin(nearest)))
        kept.append(own[order])
        labels += [index] * len(order)
    return Library(
        regions,
        np.concatenate(kept).astype(np.float32),
        np.array(labels, dtype=np.int64),
        tuple((limits or {}).get(region, UNKNOWN_BELOW) for region in regions),
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a library built without one group of pictures says of a picture of that group."""

    truth: str
    found: str | None  # None: below that library's limits
    near: float | None  # cosine similarity with the nearest prototype of the true region; None: none was left


def leave_out(
    embeddings: NDArray[np.float32],
    names: Sequence[str],
    groups: Sequence[str],
    per_region: int = PER_REGION,
    limits: Mapping[str, float] | None = None,
    standard: NDArray[np.bool_] | None = None,
) -> list[LeftOut]:
    """Judges each group (operation; or each picture, as a group of its own) by the library of all others.

    `standard` (N,): which pictures are fit to be prototypes (None: all); the others are judged only.
    """
    of, region = np.array(groups), np.array(names)
    fit = np.ones(len(names), dtype=np.bool_) if standard is None else standard
    result: list[LeftOut | None] = [None] * len(names)
    for group in sorted(set(groups)):
        mine = of == group
        rest = ~mine & fit
        if not rest.any():
            return [LeftOut(name, None, None) for name in names]
        library = build(embeddings[rest], region[rest].tolist(), per_region, limits)
        for index in np.flatnonzero(mine).tolist():
            near = None
            if names[index] in library.regions:
                own = library.embeddings[library.labels == library.regions.index(names[index])]
                near = float((own @ embeddings[index]).max())
            result[index] = LeftOut(names[index], library.nearest(embeddings[index])[0], near)
    return [one for one in result if one is not None]


def calibrate(
    embeddings: NDArray[np.float32],
    names: Sequence[str],
    groups: Sequence[str],
    per_region: int = PER_REGION,
    standard: NDArray[np.bool_] | None = None,
) -> dict[str, float]:
    """Limit of each region: what all but `LOST_SHARE` of its pictures reach in the library of the other groups.

    Regions with few pictures are drawn to what all pictures together say.  Where nothing can be left out (one group),
    all limits are `UNKNOWN_BELOW`.
    """
    judged = leave_out(embeddings, names, groups, per_region, standard=standard)
    near = {name: [one.near for one in judged if one.truth == name and one.near is not None] for name in set(names)}
    everything = [value for values in near.values() for value in values]
    if not everything:
        return dict.fromkeys(sorted(near), UNKNOWN_BELOW)
    common = float(np.quantile(everything, LOST_SHARE))
    limits: dict[str, float] = {}
    for name, values in sorted(near.items()):
        own = float(np.quantile(values, LOST_SHARE)) if values else common
        limits[name] = round((own * len(values) + common * PRIOR_PICTURES) / (len(values) + PRIOR_PICTURES), 3)
    return limits
