"""The enhanced view: one frame through judging, region and, if blurred, deblurring; in time order with clear ones."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from vision.deblur import Deblurrer, NotTrustedError
from vision.field import Field, NothingToJudgeError, cut_crops, cut_thumbnail, find_field, inner_weight, to_luma
from vision.frames import Action, EnhancedFrame, Frame, Picture
from vision.models.generator import BRANCHES
from vision.opencv import cv2
from vision.runtime import Weights

ORDERS = ("sharpness_first", "region_first")
RETRY_FRAMES = 30  # after this many frames on a lower rung the next higher one is tried again
_NOT_JUDGED = float("nan")  # `p_clear` of a frame of which the sharpness net said nothing: 0 would mean blurred
LADDER = (BRANCHES, ("unet",), ())  # what is left out when time is short: two branches, then all of them


@dataclass(frozen=True, slots=True)
class Settings:
    """How the enhanced view judges and what it may cost.  Raises `ValueError` naming what is out of range."""

    threshold: float = 0.5  # P(clear) above which a frame is clear
    deblur: bool = True  # False: blurred frames are judged but shown raw
    order: str = "sharpness_first"  # or "region_first": same results, slower to the first judgement
    time_budget_ms: float | None = 100.0  # for one frame; a frame known to be late is shown raw.  None: no limit
    exposure_share: float = 0.5  # exposure time as a share of the frame interval

    def __post_init__(self) -> None:
        if not 0.0 <= self.threshold <= 1.0:
            raise ValueError(f"threshold must lie in 0..1, came {self.threshold}")
        if self.order not in ORDERS:
            raise ValueError(f"order must be one of {', '.join(ORDERS)}, came {self.order!r}")
        if self.time_budget_ms is not None and not self.time_budget_ms > 0.0:
            raise ValueError(f"time_budget_ms must be above 0 or None, came {self.time_budget_ms}")
        if not 0.0 < self.exposure_share <= 1.0:
            raise ValueError(f"exposure_share must lie in 0..1, came {self.exposure_share}")


class Enhancer:
    """All stages of the enhanced view.  Used from one thread; frames come in time order."""

    def __init__(self, weights: Weights, settings: Settings | None = None) -> None:
        self._weights = weights
        self._settings = Settings() if settings is None else settings
        self._deblurrer = Deblurrer(weights.generator, self._settings.exposure_share)
        self._size: tuple[int, ...] = ()
        self._rung = 0  # of LADDER
        self._cost_ms = [0.0] * len(LADDER)  # smoothed, of a whole blurred frame on each rung
        self._frames_on_rung = 0
        for net in (weights.sharpness, weights.region):
            net.eval().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]

    @property
    def settings(self) -> Settings:
        """As given or last changed."""
        return self._settings

    @property
    def arithmetic(self) -> str:
        """Number type in which the networks run, chosen at `warm_up`."""
        return self._deblurrer.arithmetic

    def set_threshold(self, threshold: float) -> None:
        """P(clear) above which a frame is clear, from the next frame on.  Raises `ValueError` outside 0..1."""
        self._settings = replace(self._settings, threshold=threshold)

    def set_exposure_share(self, share: float) -> None:
        """Exposure time as a share of the frame interval, from the next frame on.  Raises `ValueError` outside 0..1."""
        self._settings = replace(self._settings, exposure_share=share)
        self._deblurrer.knowledge.set_exposure_share(share)

    def warm_up(self, width: int, height: int) -> None:
        """Runs every stage once at this size, so that the first real frame is not late.  Forgets the memory."""
        generator = np.random.default_rng(0)
        image = generator.integers(40, 200, (height, width, 3), dtype=np.uint8)
        if min(width, height) >= 48:
            luma = to_luma(image)
            field = find_field(luma)
            self._deblurrer.warm_up(height, width)
            for _ in range(2):
                self._sharpness(luma, field)
                self._region(image, field)
                self._deblurrer.remember(luma, 0)
                for branches in LADDER[:-1]:
                    try:
                        self._deblurrer.deblur(luma, None, 1, branches)
                    except NotTrustedError:
                        continue  # noise is no picture; the weights are judged on real frames
        self.reset()

    def reset(self) -> None:
        """Forgets the memory and what frames have cost: the camera has changed."""
        self._deblurrer.reset()
        self._rung, self._frames_on_rung = 0, 0
        self._cost_ms = [0.0] * len(LADDER)

    def close(self) -> None:
        """Lets go of the memory and of the helper thread.  Safe to call twice; `process` cannot be used afterwards."""
        self._deblurrer.close()

    def process(self, frame: Frame) -> EnhancedFrame:
        """One frame through all stages.  Never raises for a picture of any size or content."""
        start = time.perf_counter()
        self._deblurrer.own_thread()
        timings: dict[str, float] = {}
        image = frame.image
        if image.shape != self._size:
            self.reset()
            self._size = image.shape
        luma = to_luma(image)
        try:
            field = find_field(luma)
        except NothingToJudgeError as nothing:
            timings["total"] = _since(start)
            return EnhancedFrame(frame, image, Action.RAW, _NOT_JUDGED, None, 0.0, str(nothing), None, timings)
        timings["luma"] = _since(start)
        p_clear, region, similarity = _NOT_JUDGED, None, 0.0
        for stage in ("region", "sharpness") if self._settings.order == "region_first" else ("sharpness", "region"):
            begin = time.perf_counter()
            if stage == "sharpness":
                p_clear = self._sharpness(luma, field)
            else:
                region, similarity = self._region(image, field)
            timings[stage] = _since(begin)
        judged = EnhancedFrame(frame, image, Action.PASSED, p_clear, region, similarity)
        if not np.isfinite(p_clear):
            reason = "the sharpness judgement was not finite"
            result = replace(judged, action=Action.RAW, p_clear=_NOT_JUDGED, reason=reason)
        elif p_clear > self._settings.threshold:
            self._deblurrer.remember(luma, frame.id)
            result = judged
        elif not self._settings.deblur:
            self._deblurrer.skip()
            result = replace(judged, action=Action.RAW, reason="deblurring is off")
        else:
            result = self._deblur(judged, luma, field, start, timings)
        timings["total"] = _since(start)
        return replace(result, timings_ms=timings)

    def _deblur(
        self, judged: EnhancedFrame, luma: NDArray[np.uint8], field: Field, start: float, timings: dict[str, float]
    ) -> EnhancedFrame:
        branches = LADDER[self._choose_rung()]
        if not branches:
            self._deblurrer.skip()
            takes, allowed = self._cost_ms[self._rung - 1], self._settings.time_budget_ms
            reason = f"deblurring would be late: it takes {takes:.0f} ms, {allowed:.0f} ms are allowed"
            return replace(judged, action=Action.RAW, reason=reason)
        inside = inner_weight(field, (-(-luma.shape[0] // 4), -(-luma.shape[1] // 4)))
        try:
            done = self._deblurrer.deblur(luma, judged.region, judged.source.id, branches, inside=inside)
        except NotTrustedError as why:
            return replace(judged, action=Action.RAW, reason=str(why))
        timings.update(done.timings_ms)
        begin = time.perf_counter()
        image = _with_luma(judged.source.image, luma, done.luma)
        timings["colour"] = _since(begin)
        spent = _since(start)
        known = self._cost_ms[self._rung]
        self._cost_ms[self._rung] = spent if known == 0.0 else 0.7 * known + 0.3 * spent
        return replace(judged, image=image, action=Action.DEBLURRED, memory_age=done.memory_age)

    def _choose_rung(self) -> int:
        """Steps down when frames cost more than the budget, and back up for a try after a while."""
        budget = self._settings.time_budget_ms
        if budget is None:
            self._rung = 0
            return 0
        self._frames_on_rung += 1
        if self._rung < len(LADDER) - 1 and self._cost_ms[self._rung] > budget:
            self._rung, self._frames_on_rung = self._rung + 1, 0
        elif self._rung > 0 and self._frames_on_rung >= RETRY_FRAMES:
            self._rung, self._frames_on_rung = self._rung - 1, 0
            self._cost_ms[self._rung] = 0.0
        return self._rung

    def _sharpness(self, luma: NDArray[np.uint8], field: Field) -> float:
        with torch.inference_mode():
            crops = torch.from_numpy(cut_crops(luma, field)).float().mul_(1.0 / 255.0)
            return float(torch.sigmoid(self._weights.sharpness(crops.unsqueeze(0)))[0])

    def _region(self, image: Picture, field: Field) -> tuple[str | None, float]:
        with torch.inference_mode():
            thumbnail = torch.from_numpy(cut_thumbnail(image, field)).permute(2, 0, 1).float().mul_(1.0 / 255.0)
            embedding = self._weights.region(thumbnail.unsqueeze(0))[0].numpy()
        if not np.isfinite(embedding).all():
            return None, 0.0
        return self._weights.library.nearest(embedding)


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000.0


def _with_luma(image: Picture, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Picture:
    """The picture with its luma changed and its chroma kept: in BT.601, adding d to Y adds d to B, G and R."""
    change = cv2.subtract(after, before, dtype=cv2.CV_16S)
    result = cv2.add(image, cv2.merge([change, change, change]), dtype=cv2.CV_8U).astype(np.uint8, copy=False)
    result.flags.writeable = False
    return result
