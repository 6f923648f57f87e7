"""Judges one frame: clear or blurred, which region, and whether the picture is sound; both threads at once."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from vision.field import Field, cut_crops, cut_thumbnail
from vision.frames import Picture
from vision.library import Library
from vision.pair import Pair
from vision.runtime import Weights
from vision.soundness import Flaw, find_flaw

Luma = NDArray[np.uint8]  # (H, W)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a frame before anything is done to it."""

    p_clear: float  # 0..1; NaN: the net gave no number
    region: str | None  # None: nothing in the library is near
    region_similarity: float  # cosine similarity with the nearest prototype, -1..1
    flaw: Flaw  # why the picture is not sound


class Judge:
    """The two classifiers.  Used from one thread."""

    def __init__(self, weights: Weights, pair: Pair, device: torch.device) -> None:
        self._pair = pair
        self._device = device
        self._library: Library = weights.library
        # Copies: the caller's weights stay where and how they are.
        self._sharpness, self._region = (
            copy.deepcopy(net).eval().to(device).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]  # torch's stub lacks this keyword
            for net in (weights.sharpness, weights.region)
        )

    def judge(self, image: Picture, luma: Luma, field: Field, order: str, laps: dict[str, float]) -> Judgement:
        """The stage that `order` names first is judged here while the helper judges the other: the results are the
        same either way.  `laps` is given the milliseconds that the frame waited for each."""

        def sharpness() -> float:
            return self._judge_sharpness(luma, field)

        def rest() -> tuple[str | None, float, Flaw]:
            return *self._judge_region(image, field), find_flaw(image, luma, field)

        stages: dict[str, Callable[[], object]] = {"sharpness": sharpness, "region": rest}
        first, second = ("region", "sharpness") if order == "region_first" else ("sharpness", "region")
        start = time.perf_counter()
        aside = self._pair.start(stages[second])
        found = {}
        try:
            found[first] = stages[first]()
            laps[first] = (time.perf_counter() - start) * 1e3
        finally:
            found[second] = aside.result()
        laps[second] = (time.perf_counter() - start) * 1e3 - laps[first]
        region, similarity, flaw = found["region"]
        return Judgement(found["sharpness"], region, similarity, flaw)

    def _judge_sharpness(self, luma: Luma, field: Field) -> float:
        with torch.inference_mode():
            crops = torch.from_numpy(cut_crops(luma, field)).to(self._device).float().mul_(1.0 / 255.0)
            return float(torch.sigmoid(self._sharpness(crops.unsqueeze(0)))[0])

    def _judge_region(self, image: Picture, field: Field) -> tuple[str | None, float]:
        with torch.inference_mode():
            thumbnail = torch.from_numpy(cut_thumbnail(image, field)).to(self._device)
            thumbnail = thumbnail.permute(2, 0, 1).float().mul_(1.0 / 255.0)
            embedding = self._region(thumbnail.unsqueeze(0))[0].cpu().numpy()
        if not np.isfinite(embedding).all():
            return None, 0.0
        return self._library.nearest(embedding)
