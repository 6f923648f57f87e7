"""Judging shaken sequences: what is better scores better, flicker and harm are seen, goals follow."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from vision.evaluation.classic import Blind, Informed, Known, Unsharp
from vision.evaluation.figures import summarise
from vision.evaluation.goals import generator_goals
from vision.evaluation.methods import FUSED, INPUT, KINDS, Tower, TowerAlone
from vision.evaluation.report import generator_tables, goal_table
from vision.evaluation.shaken import Judged, changed_bits, judge
from vision.evaluation.tables import WIDTH
from vision.field import to_luma
from vision.training.shaking import make_sequence

SIZE = (320, 240)


@pytest.fixture(scope="module")
def sequences(scene):
    rng = np.random.default_rng(5)
    plans = (("straight", 9.0, 4, 2), ("defocus", 5.0, 2, 0))
    return [
        make_sequence(rng, scene, SIZE, kind=kind, length_px=length, burst=burst, clear_before=clear)
        for kind, length, burst, clear in plans
    ]


@pytest.fixture(scope="module")
def towers(weights):
    pair = Tower(weights, SIZE), TowerAlone(weights, SIZE)
    yield pair
    for tower in pair:
        tower.close()


class Teller:
    """A method that gives what it was told for each frame of the sequence."""

    def __init__(self, name, pictures):
        self.names = (name,)
        self.pictures = pictures

    def forget(self): ...

    def watch(self, seen):
        return {} if seen.clear else {self.names[0]: self.pictures(seen)}

    def close(self): ...


def oracle(sequence):
    return Teller("nafnet", lambda seen: to_luma(sequence.frames[seen.index].truth))


def figures_of(judged):
    figures = summarise(judged)
    json.dumps(figures, allow_nan=False)
    return figures


@pytest.fixture(scope="module")
def whole(sequences, towers):
    return figures_of(judge(sequences, *towers, [Unsharp(), Informed(), Blind(), Known()]))


def test_every_frame_is_counted_where_it_belongs(whole, sequences):
    blurred = [frame for sequence in sequences for frame in sequence.frames if frame.age != 0]
    groups = whole["groups"]
    assert whole["blurred_frames"] == len(blurred) == groups["all blurred"]["frames"]
    assert whole["clear_frames"] == sum(len(sequence.frames) for sequence in sequences) - len(blurred)
    assert groups["no memory"]["frames"] == sum(frame.age is None for frame in blurred)
    assert groups["no memory, first"]["frames"] == 1
    assert groups["age 1-6"]["frames"] + groups["no memory"]["frames"] == len(blurred)
    kinds = [name for name in groups if name.startswith("kind ")]
    assert sum(groups[name]["frames"] for name in kinds) == len(blurred)
    assert groups["case09"]["frames"] == len(blurred)


def test_tables_hold_every_method_and_fit_a_terminal_of_a_hundred_columns(whole):
    text = "\n\n".join(table.as_text() for table in generator_tables(whole))
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    for name in whole["methods"]:
        assert KINDS[name].label in text if name in KINDS else "truth" in text
    gain = whole["groups"]["all blurred"]["psnr_gain_db"][FUSED]
    assert f"{gain:+.2f}" in text
    markdown = "\n\n".join(table.as_markdown() for table in generator_tables(whole))
    assert f"| {gain:+.2f} |" in markdown


def test_a_clear_frame_passes_bit_for_bit(whole):
    assert whole["clear"]["changed_bits"] == 0
    assert whole["clear"]["forced_frames"] == 1
    goal = next(goal for goal in generator_goals(whole) if goal.name.startswith("changed bits"))
    assert goal.met


def test_the_truth_scores_highest_and_the_net_then_does_not_beat_all(sequences, towers):
    sequence = sequences[0]
    figures = figures_of(judge([sequence], *towers, [Unsharp(), oracle(sequence)]))
    group = figures["groups"]["all blurred"]
    assert max(group["psnr_gain_db"], key=group["psnr_gain_db"].get) == "nafnet"
    assert figures["methods"]["nafnet"]["psnr_db"] == 99.0
    assert figures["methods"]["nafnet"]["ssim"] == pytest.approx(1.0)
    assert figures["methods"]["nafnet"]["blur_effect"] == figures["methods"]["truth"]["blur_effect"]
    assert group["best_other"] == "nafnet"
    assert not group["beats_all"]
    goals = {goal.name: goal for goal in generator_goals(figures)}
    assert goals["above NAFNet"].met is False
    assert goals["above DeblurGAN-v2"].met is None
    text = goal_table(list(goals.values())).as_text()
    assert "not measured: above DeblurGAN-v2: no weights" in text
    assert max(len(line) for line in text.splitlines()) <= WIDTH


def test_a_flickering_output_has_more_flicker(sequences, towers):
    def blinking(seen):
        return np.clip(seen.luma.astype(int) + (20 if seen.index % 2 else -20), 0, 255).astype(np.uint8)

    figures = figures_of(judge(sequences[:1], *towers, [Teller("nafnet", blinking)]))
    methods = figures["methods"]
    assert methods["truth"]["flicker"] == methods["truth"]["warping_error"] == 1.0
    for name in ("flicker", "flicker_worst", "warping_error"):
        assert methods["nafnet"][name] > 1.2 * methods[INPUT][name]


def test_an_output_that_is_the_truth_flickers_about_as_the_truth(sequences, towers):
    figures = figures_of(judge(sequences[:1], *towers, [oracle(sequences[0])]))
    assert figures["methods"]["nafnet"]["flicker"] == pytest.approx(1.0, abs=0.1)


def test_a_harmed_clear_frame_is_counted(sequences, towers):
    class Meddling:
        """The tower, but for two bits of every frame."""

        def __getattr__(self, name):
            return getattr(towers[0], name)

        @property
        def last(self):
            image = towers[0].last.image.copy()
            image[100, 100, 0] ^= 3
            return dataclasses.replace(towers[0].last, image=image)

    figures = figures_of(judge(sequences[:1], Meddling(), towers[1], []))
    clear = sum(frame.age == 0 for frame in sequences[0].frames)
    assert figures["clear"]["changed_bits"] == 2 * clear
    goal = next(goal for goal in generator_goals(figures) if goal.name.startswith("changed"))
    assert goal.met is False


def test_worst_frames_and_harm_are_of_single_frames(sequences, towers):
    def harming_one(seen):
        return seen.luma if seen.index != 3 else np.zeros_like(seen.luma)

    figures = figures_of(judge(sequences[:1], *towers, [Teller("nafnet", harming_one)]))
    row = figures["methods"]["nafnet"]
    blurred = figures["blurred_frames"]
    assert row["harmed_share"] == pytest.approx(1 / blurred, abs=1e-3)
    assert row["worst_db"] < -5.0
    assert row["worst_1_percent_db"] < -5.0


def test_nothing_blurred_is_said():
    with pytest.raises(ValueError, match="more sequences"):
        summarise(Judged())


def test_changed_bits():
    one = np.zeros((4, 4, 3), np.uint8)
    other = one.copy()
    other[1, 1] = 0b101
    assert changed_bits(one, one) == 0
    assert changed_bits(one, other) == 6
