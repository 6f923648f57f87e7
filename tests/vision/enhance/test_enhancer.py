"""What the surgeon sees of the enhanced view: clear frames untouched, blurred ones better, never a crash."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from vision.enhance import Enhancer
from vision.field import to_luma
from vision.frames import Action, Fault, Frame, Rung
from vision.runtime import load
from vision.settings import Settings
from vision.training.blur import Pose, expose, hand_path, look, record, straight_path
from vision.training.metrics import psnr

SIDE = 320
POSE = Pose(400.0, 400.0, 0.0, 1.0)
MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"


def shake(scene, seed, length_px, curved=False):
    """Memory, blurred and true luma of a hand that shakes during one exposure."""
    rng = np.random.default_rng(seed)
    path = hand_path(rng, length_px) if curved else straight_path(length_px, float(rng.uniform(0, np.pi)))
    truth = look(scene.linear, POSE, SIDE)
    memory = look(scene.linear, POSE.moved(5.0, -3.0, 0.006, 1.01), SIDE)
    blurred = expose(scene.linear, POSE, path, 0.0, SIDE)
    return (record(rng, memory, 1.0, None), record(rng, blurred, 1.0, None), record(rng, truth, 0.0, None))


def process_pair(enhancer, memory, blurred):
    enhancer.set_threshold(0.0)
    enhancer.process(Frame(0, 0.0, memory))
    enhancer.set_threshold(1.0)
    return enhancer.process(Frame(1, 0.033, blurred))


def test_clear_frame_is_the_grabbed_picture_itself(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(threshold=0.0))
    picture = to_picture(shake(make_scene(1), 1, 10.0)[2])
    before = picture.copy()
    result = enhancer.process(Frame(7, 1.5, picture))
    assert result.action is Action.PASSED
    assert result.image is picture
    assert np.array_equal(picture, before)
    assert result.source.id == 7
    assert 0.0 <= result.p_clear <= 1.0
    assert result.reason == ""
    assert result.memory_age is None
    enhancer.close()


@pytest.mark.parametrize(("length_px", "curved"), [(12.0, False), (20.0, False), (24.0, True)])
def test_a_remembered_clear_frame_sharpens_a_shaken_one(weights, make_scene, to_picture, length_px, curved):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    gains = []
    for seed in range(3):
        memory, blurred, truth = (to_picture(p) for p in shake(make_scene(seed), seed, length_px, curved))
        result = process_pair(enhancer, memory, blurred)
        assert result.action is Action.DEBLURRED
        assert result.memory_age == 1
        inner = np.s_[32:-32, 32:-32]
        before, after, true = (to_luma(p)[inner] for p in (blurred, result.image, truth))
        gains.append(psnr(after, true) - psnr(before, true))
    enhancer.close()
    assert np.mean(gains) > 1.5, gains
    assert min(gains) > 0.0, gains


def test_hue_stays_where_luma_changes(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(3), 3, 16.0))
    result = process_pair(enhancer, memory, blurred)
    change = result.image.astype(int) - blurred
    inside = (result.image > 0).all(axis=2) & (result.image < 255).all(axis=2)
    assert np.abs(change).max() > 4
    assert np.ptp(change, axis=2)[inside].max() == 0  # the same step in B, G and R: Cb and Cr are as grabbed
    assert not result.image.flags.writeable
    enhancer.close()


def test_without_memory_it_works_blind_and_says_so(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(threshold=1.0, time_budget_ms=None))
    _, blurred, truth = (to_picture(p) for p in shake(make_scene(5), 5, 14.0))
    result = enhancer.process(Frame(0, 0.0, blurred))
    assert result.action is Action.DEBLURRED
    assert result.memory_age is None
    assert psnr(to_luma(result.image), to_luma(truth)) > psnr(to_luma(blurred), to_luma(truth)) - 0.1
    enhancer.close()


def test_memory_of_another_scene_is_not_pasted(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    _, blurred, truth = (to_picture(p) for p in shake(make_scene(6), 6, 14.0))
    other = to_picture(255 - shake(make_scene(99), 7, 14.0)[0])
    result = process_pair(enhancer, other, blurred)
    assert result.memory_age is None
    before, after = (psnr(to_luma(p), to_luma(truth)) for p in (blurred, result.image))
    assert after > before - 0.3
    enhancer.close()


def test_surround_and_its_text_stay_as_they_are(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(7), 7, 16.0))
    field = cv2.circle(np.zeros((SIDE, SIDE), np.uint8), (SIDE // 2, SIDE // 2), SIDE * 15 // 32, 1, -1)

    def framed(picture, text):
        seen = picture * field[..., None]
        return cv2.putText(seen, text, (4, SIDE - 6), cv2.FONT_HERSHEY_PLAIN, 0.8, (255, 255, 255))

    memory, blurred = framed(memory, "12 mmHg"), framed(blurred, "13 mmHg")
    result = process_pair(enhancer, memory, blurred)
    assert result.action is Action.DEBLURRED
    assert result.memory_age == 1
    assert np.array_equal(result.image[field == 0], blurred[field == 0])
    assert np.abs(result.image.astype(int) - blurred)[100:-100, 100:-100].max() > 4
    enhancer.close()


def test_memory_ages_with_every_blurred_frame_and_reset_forgets_it(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(2), 2, 12.0))
    assert process_pair(enhancer, memory, blurred).memory_age == 1
    assert enhancer.process(Frame(2, 0.066, blurred)).memory_age == 2
    enhancer.reset()
    assert enhancer.process(Frame(3, 0.1, blurred)).memory_age is None
    enhancer.close()


def test_memory_ages_also_with_frames_that_are_left_raw_for_want_of_time(weights, make_scene, to_picture, monkeypatch):
    monkeypatch.setattr("vision.enhance.HELD_UP", 1e6)  # the budget is so small that every try would be cut short
    monkeypatch.setattr("vision.deblurring.budget.RETRY_S", 0.0)  # else the memory is too old when it is tried again
    enhancer = Enhancer(weights, Settings(time_budget_ms=0.01))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(2), 2, 12.0))
    results = [process_pair(enhancer, memory, blurred)]
    results += [enhancer.process(Frame(index, index / 30, blurred)) for index in range(2, 12)]
    late = [result.source.id for result in results if result.action is Action.RAW]
    again = [result for result in results if result.source.id > late[0] and result.action is Action.DEBLURRED]
    ages = {result.source.id: result.memory_age for result in again}
    assert ages, "tried again after a while"
    assert all(age == number for number, age in ages.items())
    enhancer.close()


def test_blurred_frames_are_only_judged_when_deblurring_is_off(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(threshold=1.0, deblur=False))
    blurred = to_picture(shake(make_scene(2), 2, 12.0)[1])
    result = enhancer.process(Frame(0, 0.0, blurred))
    assert (result.action, result.reason) == (Action.RAW, "deblurring is off")
    assert 0.0 <= result.p_clear <= 1.0
    assert result.image is blurred
    enhancer.close()


def test_frames_come_out_in_the_order_and_number_they_went_in(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(4), 4, 12.0))
    seen = []
    for index in range(8):
        enhancer.set_threshold(0.0 if index % 3 == 0 else 1.0)
        result = enhancer.process(Frame(index, index / 30, memory if index % 3 == 0 else blurred))
        seen.append((result.source.id, result.action))
    assert [number for number, _ in seen] == list(range(8))
    expected = [Action.PASSED, Action.DEBLURRED, Action.DEBLURRED]
    assert [action for _, action in seen] == [expected[index % 3] for index in range(8)]
    enhancer.close()


def test_both_judging_orders_give_the_same(weights, make_scene, to_picture):
    picture = to_picture(shake(make_scene(8), 8, 12.0)[1])
    results = []
    for order in ("sharpness_first", "region_first"):
        enhancer = Enhancer(weights, Settings(order=order, time_budget_ms=None))
        results.append(enhancer.process(Frame(0, 0.0, picture)))
        enhancer.close()
    first, second = results
    assert (first.p_clear, first.region, first.region_similarity, first.action) == (
        second.p_clear,
        second.region,
        second.region_similarity,
        second.action,
    )
    assert list(first.timings_ms).index("sharpness") < list(first.timings_ms).index("region")
    assert list(second.timings_ms).index("region") < list(second.timings_ms).index("sharpness")


@pytest.mark.parametrize(
    "size",
    [(1, 1), (1, 640), (47, 200), (48, 64), (49, 65), (127, 129), (241, 321), (256, 256), (360, 641)],
)
def test_every_size_comes_back_at_its_size(weights, size):
    enhancer = Enhancer(weights, Settings(threshold=1.0, time_budget_ms=None))
    rng = np.random.default_rng(0)
    for index in range(2):
        picture = rng.integers(30, 220, (*size, 3), dtype=np.uint8)
        result = enhancer.process(Frame(index, 0.0, picture))
        assert result.image.shape == picture.shape
        if min(size) < 48:
            assert result.action is Action.RAW
            assert "too small to judge" in result.reason
            assert result.image is picture
            assert np.isnan(result.p_clear)
    enhancer.close()


def test_change_of_size_in_mid_stream_forgets_the_memory(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(2), 2, 12.0))
    process_pair(enhancer, memory, blurred)
    result = enhancer.process(Frame(2, 0.1, np.ascontiguousarray(blurred[:240, :304])))
    assert result.memory_age is None
    assert result.image.shape == (240, 304, 3)
    enhancer.close()


@pytest.mark.parametrize(("value", "reason"), [(0, "dark"), (255, "uniform"), (128, "uniform")])
def test_pictures_with_nothing_in_them_pass_with_their_state_said(weights, value, reason):
    enhancer = Enhancer(weights, Settings())
    picture = np.full((240, 320, 3), value, dtype=np.uint8)
    result = enhancer.process(Frame(0, 0.0, picture))
    assert result.image is picture
    assert result.action is Action.RAW
    assert reason in result.reason
    assert np.isnan(result.p_clear), "0 would say that it was judged blurred"
    enhancer.close()


@pytest.mark.parametrize("remembers", [True, False])
def test_weights_that_are_not_finite_give_the_raw_picture(make_scene, to_picture, remembers):
    broken = load(MODELS)
    with torch.no_grad():
        used = broken.generators.informed if remembers else broken.generators.blind
        used.unet.leave.bias.fill_(float("nan"))
    enhancer = Enhancer(broken, Settings(time_budget_ms=None))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(2), 2, 12.0))
    if remembers:
        result = process_pair(enhancer, memory, blurred)
    else:
        enhancer.set_threshold(1.0)
        result = enhancer.process(Frame(0, 0.0, blurred))
    assert result.action is Action.RAW
    assert "not finite" in result.reason
    assert result.image is blurred
    enhancer.close()


def test_a_generator_that_strays_gives_the_raw_picture(make_scene, to_picture):
    broken = load(MODELS)
    with torch.no_grad():
        informed = broken.generators.informed
        for last in (informed.srcnn.reconstruct, informed.espcn.sub_pixel, informed.unet.leave):
            last.bias.add_(0.5)  # half of full scale brighter
    enhancer = Enhancer(broken, Settings(time_budget_ms=None))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(2), 2, 12.0))
    result = process_pair(enhancer, memory, blurred)
    assert result.action is Action.RAW
    assert "strayed" in result.reason
    assert result.image is blurred
    enhancer.close()


def test_sharpness_weights_that_are_not_finite_never_pass_for_clear(make_scene, to_picture):
    broken = load(MODELS)
    with torch.no_grad():
        broken.sharpness.unit.bias.fill_(float("nan"))
    enhancer = Enhancer(broken, Settings())
    result = enhancer.process(Frame(0, 0.0, to_picture(shake(make_scene(2), 2, 12.0)[2])))
    assert result.action is Action.RAW
    assert "not finite" in result.reason
    assert np.isnan(result.p_clear)
    enhancer.close()


def test_a_budget_that_cannot_be_met_ends_in_raw_and_is_tried_again(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(threshold=1.0, time_budget_ms=0.01))
    blurred = to_picture(shake(make_scene(2), 2, 12.0)[1])
    results = [enhancer.process(Frame(index, 0.0, blurred)) for index in range(3)]
    assert results[-1].action is Action.RAW
    assert results[-1].image is blurred
    assert (results[-1].rung, results[-1].fault) == (Rung.RAW, Fault.LATE)
    assert "late" in results[-1].reason
    enhancer.close()


def test_the_caller_s_weights_are_left_alone(weights, make_scene, to_picture):
    before = {key: value.clone() for key, value in weights.generators.informed.state_dict().items()}
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    enhancer.warm_up(SIDE, SIDE)
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(2), 2, 12.0))
    process_pair(enhancer, memory, blurred)
    enhancer.close()
    enhancer.close()
    after = weights.generators.informed.state_dict()
    assert all(value.dtype == after[key].dtype and torch.equal(value, after[key]) for key, value in before.items())


def test_timings_name_the_stages_and_add_up(weights, make_scene, to_picture):
    enhancer = Enhancer(weights, Settings(time_budget_ms=None))
    memory, blurred, _ = (to_picture(p) for p in shake(make_scene(2), 2, 12.0))
    timings = dict(process_pair(enhancer, memory, blurred).timings_ms)
    total = timings.pop("total")
    assert {"sharpness", "region", "memory", "deconvolution", "networks", "fusion", "colour"} <= set(timings)
    assert sum(timings.values()) <= total * 1.001
    enhancer.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("threshold", 1.5),
        ("threshold", float("nan")),
        ("order", "backwards"),
        ("time_budget_ms", 0.0),
        ("exposure_share", 0.0),
    ],
)
def test_settings_out_of_range_are_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        dataclasses.replace(Settings(), **{field: value})
