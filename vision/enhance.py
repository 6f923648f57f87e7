"""The enhanced view: one frame through judging, region and, if blurred, deblurring; in time order with clear ones."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from vision.deblurring.budget import WORK, Budget
from vision.deblurring.deblurrer import Deblurrer
from vision.deblurring.trial import Trial, area_of
from vision.deblurring.trust import NotTrustedError, StandstillWatch
from vision.field import Field, NothingToJudgeError, find_field, inner_weight, to_luma
from vision.frames import Action, EnhancedFrame, Fault, Frame, Picture, Rung
from vision.judging import Judge
from vision.known.box import Box, box_around
from vision.opencv import cv2
from vision.pair import Hands, Task
from vision.runtime import Weights, pick_device
from vision.settings import Settings
from vision.soundness import SOUND

HELD_UP = 2.0  # times the budget: a frame that has taken so long before the networks are begun is shown raw
COLOUR_ROWS = 96  # rows coloured at a time
_NOT_JUDGED = float("nan")  # `p_clear` of a frame of which the sharpness net said nothing: 0 would mean blurred


class Enhancer:
    """All stages of the enhanced view.  Used from one thread; frames come in time order."""

    def __init__(self, weights: Weights, settings: Settings | None = None, device: torch.device | None = None) -> None:
        """`device`: where the networks run; None: a GPU where there is one, else the processor."""
        self._settings = Settings() if settings is None else settings
        device = pick_device() if device is None else device
        self._deblurrer = Deblurrer(weights.generators, self._settings.exposure_share, device=device)
        self._judge = Judge(weights, self._deblurrer.pair, device)
        self._budget = Budget(self._settings.time_budget_ms)
        self._standstill = StandstillWatch()
        self._doubted = SOUND  # flaw of the frame before, if it was not sure
        self._size: tuple[int, ...] = ()
        self._table: tuple[Trial, ...] = ()

    @property
    def settings(self) -> Settings:
        """As given or last changed."""
        return self._settings

    @property
    def arithmetic(self) -> str:
        """Number type in which the networks run, chosen at `warm_up`."""
        return self._deblurrer.arithmetic

    @property
    def runtime_table(self) -> tuple[Trial, ...]:
        """What was tried at `warm_up`, what it took and what was chosen; empty before."""
        return self._table

    def set_threshold(self, threshold: float) -> None:
        """P(clear) above which a frame is clear, from the next frame on.  Raises `ValueError` outside 0..1."""
        self._settings = replace(self._settings, threshold=threshold)

    def set_exposure_share(self, share: float) -> None:
        """Exposure time as a share of the frame interval, from the next frame on.  Raises `ValueError` outside 0..1."""
        self._settings = replace(self._settings, exposure_share=share)
        self._deblurrer.set_exposure_share(share)

    def set_deblur(self, deblur: bool) -> None:
        """Whether blurred frames are deblurred, from the next frame on."""
        self._settings = replace(self._settings, deblur=deblur)

    def warm_up(self, width: int, height: int) -> None:
        """Runs every stage at this size, so that the first real frame is not late; measures by the way which number
        type and threads are fastest and what each rung costs.  Forgets the memory."""
        if min(width, height) >= 48:
            self._deblurrer.own_thread()
            self._table = self._deblurrer.warm_up(height, width)
            costs = {trial.rung: trial.best_ms for trial in self._table if trial.chosen}
            self._budget.set_table(costs, area_of(width, height))
            image = np.random.default_rng(0).integers(40, 200, (height, width, 3), dtype=np.uint8)
            luma = to_luma(image)
            for _ in range(2):
                self._judge.judge(image, luma, find_field(luma), self._settings.order, {})
        self.reset()

    def reset(self) -> None:
        """Forgets the memory and what frames have cost lately: the camera has changed."""
        self._deblurrer.reset()
        self._budget.forget()
        self._standstill.forget()
        self._doubted = SOUND

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
        found = self._judge.judge(image, luma, field, self._settings.order, timings)
        judged = EnhancedFrame(frame, image, Action.RAW, found.p_clear, found.region, found.region_similarity)
        flawed = bool(found.flaw.text) and (found.flaw.sure or found.flaw.repeats(self._doubted))
        self._doubted = SOUND if found.flaw.sure else found.flaw
        if flawed:
            result = replace(judged, p_clear=_NOT_JUDGED, reason=found.flaw.text)
        elif not np.isfinite(found.p_clear):
            reason = "the sharpness judgement was not finite"
            result = replace(judged, p_clear=_NOT_JUDGED, reason=reason, fault=Fault.NOT_FINITE)
        elif found.p_clear > self._settings.threshold:
            self._deblurrer.remember(luma, frame.id)
            self._standstill.forget()
            result = replace(judged, action=Action.PASSED)
        elif not self._settings.deblur:
            self._deblurrer.skip()
            result = replace(judged, reason="deblurring is off")
        else:
            result = self._deblur(judged, luma, field, start, timings)
        timings["total"] = _since(start)
        return replace(result, timings_ms=timings)

    def _deblur(
        self, judged: EnhancedFrame, luma: NDArray[np.uint8], field: Field, start: float, timings: dict[str, float]
    ) -> EnhancedFrame:
        begin = time.perf_counter()
        inside = inner_weight(field, (-(-luma.shape[0] // 4), -(-luma.shape[1] // 4)))
        box = box_around(luma.shape, inside)
        area_px = (box.right - box.left) * (box.bottom - box.top)
        rung = self._budget.choose(_since(start), area_px, time.monotonic())
        timings["field"] = _since(begin)
        if rung is Rung.RAW:
            self._deblurrer.skip()
            return replace(judged, rung=rung, reason=self._late(area_px), fault=Fault.LATE)
        branches, halved = WORK[rung]
        budget_ms = self._settings.time_budget_ms
        try:
            done = self._deblurrer.deblur(
                luma,
                judged.region,
                judged.source.id,
                branches,
                halved=halved,
                inside=inside,
                deadline_s=None if budget_ms is None else start + HELD_UP * budget_ms * 1e-3,
                p_clear=judged.p_clear,
            )
            self._standstill.check(done.box, luma, done.luma)
        except NotTrustedError as why:
            self._budget.took(rung, _since(begin), area_px)
            return replace(judged, rung=rung, reason=str(why), fault=why.fault)
        # Late or not, it is shown: the work is done, no newer frame is ready, and raw in its place would flicker.  The
        # budget learns what it took and gives the next frame less.
        timings.update(done.timings_ms)
        colouring = time.perf_counter()
        image = _with_luma(judged.source.image, luma, done.luma, done.box, self._deblurrer.pair)
        timings["colour"] = _since(colouring)
        self._budget.took(rung, _since(begin), area_px)
        return replace(
            judged,
            image=image,
            action=Action.DEBLURRED,
            rung=rung,
            memory_age=done.memory_age,
            memory_clear=done.memory_clear,
        )

    def _late(self, area_px: int) -> str:
        takes, allowed = self._budget.expected_ms(Rung.HALF, area_px) or 0.0, self._settings.time_budget_ms or 0.0
        return f"deblurring would be late: even at half size it takes {takes:.0f} ms, {allowed:.0f} ms are allowed"


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000.0


def _with_luma(image: Picture, before: NDArray[np.uint8], after: NDArray[np.uint8], box: Box, hands: Hands) -> Picture:
    """The picture with its luma changed and its chroma kept: in BT.601, adding d to Y adds d to B, G and R.

    Brighter and darker are two sums of bytes, one of which is 0: a third of the cost of one sum of 16-bit numbers.
    """
    result = image.copy()

    def band(top: int, bottom: int) -> Task:
        part = np.s_[top:bottom, box.left : box.right]

        def task() -> None:
            brighter = cv2.cvtColor(cv2.subtract(after[part], before[part]), cv2.COLOR_GRAY2BGR)
            darker = cv2.cvtColor(cv2.subtract(before[part], after[part]), cv2.COLOR_GRAY2BGR)
            result[part] = cv2.subtract(cv2.add(result[part], brighter), darker)

        return task

    last = min(box.bottom, image.shape[0])
    hands.work_off([band(top, min(top + COLOUR_ROWS, last)) for top in range(box.top, last, COLOUR_ROWS)])
    result.flags.writeable = False
    return result
