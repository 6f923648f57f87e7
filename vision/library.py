"""The region library: embeddings of standard pictures of each region, and the nearest one to a new picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNKNOWN_BELOW = 0.5  # cosine similarity; a library may carry its own limit
NEAREST = 3  # prototypes a region is judged by: one odd standard picture must not decide alone


@dataclass(frozen=True, slots=True)
class Library:
    """Prototypes of all regions.  Holds embeddings only, no pictures."""

    regions: tuple[str, ...]
    embeddings: NDArray[np.float32]  # (N, D), unit vectors
    labels: NDArray[np.int64]  # (N,) index into `regions`
    limit: float = UNKNOWN_BELOW  # cosine similarity below which a region is unknown

    def nearest(self, embedding: NDArray[np.float32]) -> tuple[str | None, float]:
        """Region of a unit vector (D,) and its cosine similarity, -1..1; region None below the limit."""
        similarity = self.embeddings @ embedding
        best, best_value = None, -1.0
        for index, region in enumerate(self.regions):
            own = similarity[self.labels == index]
            if own.size == 0:
                continue
            value = float(np.sort(own)[-NEAREST:].mean())
            if value > best_value:
                best, best_value = region, value
        best_value = min(1.0, max(-1.0, best_value))
        return (best if best_value >= self.limit else None), best_value


def build(
    embeddings: NDArray[np.float32], names: Sequence[str], per_region: int = 16, limit: float = UNKNOWN_BELOW
) -> Library:
    """Library from the embeddings (N, D) of standard pictures and the region of each.

    Of a region with more than `per_region` pictures, those are kept that lie farthest from each other, starting from
    the one nearest to the middle.
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
    return Library(regions, np.concatenate(kept).astype(np.float32), np.array(labels, dtype=np.int64), limit)
