"""How the networks are run changes nothing of what they give; results that are not to be trusted are not shown."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from vision.deblurring.deblurrer import Deblurrer
from vision.deblurring.engine import Engine
from vision.deblurring.evidence import Evidence
from vision.deblurring.trust import NotTrustedError, StandstillWatch
from vision.frames import Fault
from vision.known.box import Box, box_around
from vision.known.knowledge import Knowledge
from vision.models.generator import BRANCHES, pack, to_grid
from vision.opencv import cv2
from vision.pair import Pair
from vision.training.batches import batch_of


@pytest.fixture
def pair():
    pair = Pair()
    pair.own_thread()
    yield pair
    pair.close()


def planes(height, width, seed=0):
    rng = np.random.default_rng(seed)
    base = cv2.resize(rng.normal(120.0, 25.0, (height // 8, width // 8)).astype(np.float32), (width, height))
    made = [np.clip(base + rng.normal(0.0, s, base.shape), 0, 255).astype(np.uint8) for s in (0.0, 6.0, 6.0)]
    return *made, rng.integers(0, 256, (height // 2, width // 2), dtype=np.uint8)


@pytest.mark.parametrize("halved", [True, False])
@pytest.mark.parametrize("branches", [BRANCHES, ("srcnn", "unet"), ("unet",)])
def test_strips_on_two_threads_give_what_the_whole_networks_give(weights, pair, branches, halved):
    blurred, memory, sharp, confidence = planes(480, 320)
    generator = weights.generators.informed if halved else weights.generators.blind
    confidence = confidence if halved else np.ascontiguousarray(confidence[::2, ::2])  # a quarter of the full size
    answer = Engine(generator, pair).run(blurred, memory, sharp, confidence, "liver", branches)
    generator = generator.eval()
    with torch.inference_mode():
        grids = [to_grid(plane).unsqueeze(0) for plane in (blurred, memory, sharp)]
        features = generator.features(pack(*grids, torch.from_numpy(confidence).unsqueeze(0)))
        shares = generator.fusion.weights(torch.tensor([generator.fusion.row("liver")]))[0]
        kept = [shares[BRANCHES.index(name)] for name in branches]
        parts = [generator.branch(name, features) for name in branches]
        correction = sum(part[0] * share for part, share in zip(parts, kept, strict=True)) / sum(kept)
        gates = sum(part[1] * share for part, share in zip(parts, kept, strict=True)) / sum(kept)
    expected = F.pixel_shuffle(correction, 4)[0, 0].numpy() * 255.0
    assert np.abs(expected).max() > 1.0
    assert np.abs(expected - answer.fused.correction).max() < 1e-2
    gates = F.pixel_shuffle(gates, 2) if halved else gates
    for found, gate in zip(answer.fused[:3], gates[0].numpy(), strict=True):
        assert np.abs(found - gate).max() < 1e-3
    assert len(answer.shifts()) == len(branches)


def test_torch_s_own_threads_and_bfloat16_say_the_same(weights, pair):
    given = planes(96, 128)  # torch's own threads wait for each other: the smallest picture says the same
    engine = Engine(weights.generators.informed, pair, torch.device("cpu"))
    plain = engine.run(*given, None).fused
    pair.set_alone(True)
    assert np.abs(engine.run(*given, None).fused.correction - plain.correction).max() < 1e-2
    pair.set_alone(False)
    engine.set_precision(torch.bfloat16)
    short = np.abs(engine.run(*given, None).fused.correction - plain.correction)
    assert short.mean() < 0.5
    assert short.max() <= 6


def test_the_tower_draws_what_the_training_draws(weights, pair):
    """One picture through `Deblurrer`, in bands and at full size only where detail is added, and the same planes
    through the generator as its training runs it."""
    rng = np.random.default_rng(2)
    clear = np.clip(cv2.resize(rng.normal(120.0, 30.0, (96, 128)).astype(np.float32), (512, 384)), 0, 255)
    clear = clear.astype(np.uint8)
    blurred = cv2.blur(np.roll(clear, 5, axis=1), (15, 1))
    deblurrer = Deblurrer(weights.generators, pair=pair)
    deblurrer.remember(clear, 0)
    drawn = deblurrer.deblur(blurred, "liver", 1).luma
    knowledge = Knowledge()
    knowledge.remember(clear, 0)
    known = knowledge.gather(blurred, box_around(blurred.shape, None), 1)
    assert known.psf == "memory"
    given = np.stack([known.now.luma, clear, known.memory, known.sharp])[None]
    batch = batch_of(given, np.ascontiguousarray(known.confidence[None]))
    generator = weights.generators.informed.eval()
    with torch.inference_mode():
        change, _ = generator(batch.x, batch.detail, torch.tensor([generator.fusion.row("liver")]))
    trained = F.pixel_shuffle(batch.base + change, 4)[0, 0].numpy() * 255.0
    assert np.abs(drawn.astype(float) - blurred).max() > 10.0
    assert np.abs(drawn - np.clip(trained, 0, 255)).mean() < 0.5


def test_what_a_task_raises_reaches_the_caller(pair):
    done = []

    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pair.work_off([fail, *(lambda: done.append(1) for _ in range(20))])
    pair.work_off([lambda: done.append(2)] * 3)
    assert done.count(2) == 3


def test_half_size_changes_only_the_field_and_keeps_odd_sizes(weights):
    rng = np.random.default_rng(3)
    small = rng.normal(120.0, 30.0, (61, 81)).astype(np.float32)
    sharp = np.clip(cv2.resize(small, (323, 243)), 0, 255).astype(np.uint8)
    blurred = cv2.blur(sharp, (13, 1))
    inside = np.zeros((61, 81), np.uint8)
    inside[12:50, 12:70] = 255
    deblurrer = Deblurrer(weights.generators)
    deblurrer.own_thread()
    deblurrer.remember(sharp, 0)
    done = deblurrer.deblur(blurred, None, 1, halved=True, inside=inside)
    changed = done.luma != blurred
    assert done.luma.shape == blurred.shape
    assert changed[60:180, 60:260].mean() > 0.2
    outside = np.ones_like(changed)
    outside[done.box.top : done.box.bottom, done.box.left : done.box.right] = False
    assert not changed[outside].any()
    assert not changed[:36].any()
    assert deblurrer.deblur(blurred, None, 2).luma.shape == blurred.shape  # and back to the full size
    deblurrer.close()


def test_a_frame_that_is_held_up_is_not_begun(weights):
    deblurrer = Deblurrer(weights.generators)
    deblurrer.own_thread()
    with pytest.raises(NotTrustedError, match="late") as caught:
        deblurrer.deblur(planes(240, 320)[0], None, 0, deadline_s=0.0)
    assert caught.value.fault is Fault.LATE
    deblurrer.close()


def test_a_result_that_stands_still_is_noticed():
    box = Box(0, 0, 320, 240)
    frames = [planes(240, 320, seed)[0] for seed in range(3)]
    watch = StandstillWatch()
    watch.check(box, frames[0], frames[0])
    watch.check(box, frames[0], frames[0])  # a source that is paused is not a fault
    with pytest.raises(NotTrustedError, match="stands still") as caught:
        watch.check(box, frames[1], frames[0])
    assert caught.value.fault is Fault.FROZEN
    watch.check(box, frames[2], frames[2])


def test_what_is_as_sharp_as_the_memory_is_hardly_changed():
    rng = np.random.default_rng(5)
    clear = np.clip(cv2.resize(rng.normal(120.0, 40.0, (240, 320)).astype(np.float32), (640, 480)), 0, 255)
    clear = clear.astype(np.uint8)
    box = Box(0, 0, 640, 480)
    moved = np.roll(clear, (3, 7), axis=(0, 1))
    assert Evidence(clear).strength(moved, box) < 0.2
    assert Evidence(clear).strength(cv2.blur(moved, (9, 1)), box) == 1.0
    assert (
        Evidence(np.full_like(clear, 90)).strength(moved, box) <= 1.0
    )  # a flat memory tells nothing and breaks nothing


def test_without_a_clear_memory_a_frame_that_was_nearly_called_clear_is_hardly_changed(weights):
    rough = np.random.default_rng(2).normal(120.0, 30.0, (96, 128)).astype(np.float32)
    blurred = cv2.blur(np.clip(cv2.resize(rough, (512, 384)), 0, 255).astype(np.uint8), (15, 1))
    changes = []
    for p_clear in (0.0, 0.3, 0.45):
        deblurrer = Deblurrer(weights.generators)
        deblurrer.own_thread()
        done = deblurrer.deblur(blurred, None, 0, p_clear=p_clear)
        changes.append(float(np.abs(done.luma.astype(float) - blurred).mean()))
        deblurrer.close()
    assert changes[0] > 0.2
    assert 0.0 < changes[1] < 0.7 * changes[0]
    assert changes[2] == 0.0
