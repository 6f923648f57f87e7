"""Shaken sequences with their truth, through every method in time order: a score for each frame."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from vision.evaluation.flicker import Motion
from vision.evaluation.methods import ALONE, FUSED, INPUT, Method, Seen, Tower, TowerAlone
from vision.evaluation.quality import Luma, Mask, Truth, blur_effect, colour_psnr, judged_part
from vision.field import to_luma
from vision.frames import Action, Picture
from vision.training.shaking import ShakenFrame, ShakenSequence

TRUTH = "truth"
Values = dict[str, float]  # by method, INPUT and TRUTH among them


@dataclass(frozen=True, slots=True)
class BlurredScore:
    """A blurred frame, by every method, judged in the field of view without its rim."""

    sequence: str
    operation: str
    region: str
    kind: str
    length_px: float  # of the movement during the exposure; of the disc's diameter for defocus
    age: int | None  # frames since the last clear one; None: there was none
    first: bool  # nothing at all had been seen before
    psnr_db: Values
    ssim: Values
    colour_db: Values  # INPUT, FUSED and ALONE only: the others are luma
    blur: Values  # blur effect, 0 sharp .. 1
    spent_ms: Values  # processor time of all threads, of methods that give one picture
    left_raw: str  # why the enhanced view, told that it is blurred, showed it as recorded; empty: it did not

    def gain_db(self, name: str) -> float:
        """PSNR of luma above the recorded frame's."""
        return self.psnr_db[name] - self.psnr_db[INPUT]


@dataclass(frozen=True, slots=True)
class ClearScore:
    """A clear frame: what the enhanced view did to it."""

    sequence: str
    changed_bits: int  # when told that it is clear
    p_clear: float
    passed: bool  # the sharpness net calls it clear
    alone_changed_bits: int  # 0 when passed
    alone_gain_db: float  # below 0: harm by deblurring what was clear


@dataclass(frozen=True, slots=True)
class Step:
    """Change from a frame to the next, at least one of them blurred, in 8-bit steps a pixel."""

    sequence: str
    change: Values  # where it is: the temporal difference
    warping: Values  # along the truth's motion: the warping error


@dataclass(slots=True)
class Judged:
    """All scores of a run."""

    blurred: list[BlurredScore] = field(default_factory=list)
    clear: list[ClearScore] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    forced_gain_db: list[float] = field(default_factory=list)  # clear frames deblurred on purpose
    judged_clear: list[tuple[float, bool]] = field(default_factory=list)  # P(clear) of every frame, and the truth
    sequences: int = 0
    seconds: float = 0.0


# What a picture sheet is made from: frame, its score, the box that is judged, and the pictures by method.
Watcher = Callable[[ShakenFrame, BlurredScore, Mask, dict[str, Luma]], None]


def judge(
    sequences: Iterable[ShakenSequence],
    tower: Tower,
    alone: TowerAlone,
    others: Sequence[Method],
    watcher: Watcher | None = None,
) -> Judged:
    """Every frame of every sequence by every method."""
    judged, start = Judged(), time.monotonic()
    for number, sequence in enumerate(sequences):
        # Stills come by several times: the number tells their sequences apart.
        named = dataclasses.replace(sequence, name=f"{number} {sequence.name}")
        _judge_sequence(named, tower, alone, others, judged, watcher)
        judged.sequences += 1
    judged.seconds = time.monotonic() - start
    return judged


def is_clear(frame: ShakenFrame) -> bool:
    """Without blur, by the truth."""
    return frame.age == 0


def _judge_sequence(
    sequence: ShakenSequence,
    tower: Tower,
    alone: TowerAlone,
    others: Sequence[Method],
    judged: Judged,
    watcher: Watcher | None,
) -> None:
    methods: tuple[Method, ...] = (tower, alone, *others)
    part = judged_part(sequence.inside)
    _force(sequence, tower, part, judged)
    for method in methods:
        method.forget()
    before: dict[str, Luma] = {}
    before_clear = True
    for index, frame in enumerate(sequence.frames):
        clear = is_clear(frame)
        seen = Seen(_read_only(frame.picture), index, clear)
        truth = to_luma(frame.truth)
        now, spent = {INPUT: seen.luma}, dict[str, float]()
        for method in methods:
            begin = time.process_time()
            now |= method.watch(seen)
            if len(method.names) == 1:
                spent[method.names[0]] = (time.process_time() - begin) * 1e3
        spent[FUSED] = tower.cpu_ms
        if np.isfinite(alone.last.p_clear):
            judged.judged_clear.append((alone.last.p_clear, clear))
        if clear:
            judged.clear.append(_clear_score(sequence, frame, truth, part, tower, alone))
        else:
            colours = {INPUT: frame.picture, FUSED: tower.last.image, ALONE: alone.last.image}
            score = _blurred_score(sequence, frame, truth, part, now, colours, spent, _left_raw(tower))
            judged.blurred.append(score)
            if watcher is not None:
                watcher(frame, score, part, now)
        now[TRUTH] = truth
        if before and not (clear and before_clear):
            judged.steps.append(_step(sequence.name, before, now, part))
        before, before_clear = now, clear


def _blurred_score(
    sequence: ShakenSequence,
    frame: ShakenFrame,
    truth: Luma,
    part: Mask,
    pictures: dict[str, Luma],
    colours: dict[str, Picture],
    spent_ms: Values,
    left_raw: str,
) -> BlurredScore:
    judge = Truth(truth, part)
    return BlurredScore(
        sequence.name,
        sequence.operation,
        sequence.region,
        frame.kind,
        frame.length_px,
        frame.age,
        frame.first,
        {name: judge.psnr(picture) for name, picture in pictures.items()},
        {name: judge.ssim(picture) for name, picture in pictures.items()},
        {name: colour_psnr(picture, frame.truth, part) for name, picture in colours.items()},
        {name: blur_effect(picture, part) for name, picture in {**pictures, TRUTH: truth}.items()},
        spent_ms,
        left_raw,
    )


def _left_raw(tower: Tower) -> str:
    return "" if tower.last.action is Action.DEBLURRED else tower.last.reason or "no reason given"


def _clear_score(
    sequence: ShakenSequence, frame: ShakenFrame, truth: Luma, part: Mask, tower: Tower, alone: TowerAlone
) -> ClearScore:
    judge = Truth(truth, part)
    gain = judge.psnr(to_luma(alone.last.image)) - judge.psnr(to_luma(frame.picture))
    return ClearScore(
        sequence.name,
        changed_bits(tower.last.image, frame.picture),
        alone.last.p_clear,
        alone.last.action is Action.PASSED,
        changed_bits(alone.last.image, frame.picture),
        gain,
    )


def _step(name: str, before: dict[str, Luma], now: dict[str, Luma], part: Mask) -> Step:
    motion = Motion(before[TRUTH], now[TRUTH], part)
    names = before.keys() | now.keys()

    def pair(of: str) -> tuple[Luma, Luma]:  # whoever gave no picture shows the frame as recorded
        return before.get(of, before[INPUT]), now.get(of, now[INPUT])

    return Step(
        name,
        {of: motion.change(*pair(of)) for of in names},
        {of: motion.warping_error(*pair(of)) for of in names},
    )


def _force(sequence: ShakenSequence, tower: Tower, part: Mask, judged: Judged) -> None:
    """What deblurring does to a clear frame taken for a blurred one, with the clear one before it as memory."""
    if len(sequence.frames) < 2 or not (is_clear(sequence.frames[0]) and is_clear(sequence.frames[1])):
        return
    tower.forget()
    first, second = (Seen(_read_only(frame.picture), i, i == 0) for i, frame in enumerate(sequence.frames[:2]))
    tower.watch(first)
    judge = Truth(to_luma(sequence.frames[1].truth), part)
    judged.forced_gain_db.append(judge.psnr(tower.watch(second)[FUSED]) - judge.psnr(second.luma))


def changed_bits(one: Picture, other: Picture) -> int:
    """How many bits of two pictures of the same size differ."""
    return 0 if one is other else int(np.unpackbits(np.bitwise_xor(one, other)).sum())


def _read_only(picture: Picture) -> Picture:
    view = picture.view()
    view.flags.writeable = False
    return view
