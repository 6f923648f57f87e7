"""The training bank is what a tower knew of shaken bursts, the same bits for the same seed."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from vision.training import samples
from vision.training.data import DataError, read_manifest, read_scenes
from vision.training.samples import CONTEXT, MIXTURE, SIDE, Bank, make_bank, make_burst


@pytest.fixture(scope="module")
def scenes(data_folder):
    return read_scenes(read_manifest(data_folder).select("train", "sharp"))


@pytest.fixture(scope="module")
def bank(scenes):
    return make_bank(scenes, 30, seed=7, progress=False)


def planes(bank, name):
    return bank.planes[:, samples.PLANES.index(name)].astype(np.float64)


def test_the_same_seed_gives_the_same_bits_with_one_worker_or_two(scenes, bank):
    again = make_bank(scenes, 7, seed=7, progress=False, workers=2)
    assert np.array_equal(again.planes, bank.planes[:7])
    assert np.array_equal(again.confidence, bank.confidence[:7])
    assert again.kinds == bank.kinds[:7]
    assert not np.array_equal(make_bank(scenes, 1, seed=8, progress=False).planes[0], bank.planes[0])


def test_a_bank_is_kept_and_read_again(bank, tmp_path):
    path = tmp_path / "deep" / "bank.npz"
    bank.save(path)
    kept = Bank.load(path)
    for name in ("planes", "confidence", "lengths_px", "ages"):
        assert np.array_equal(getattr(kept, name), getattr(bank, name))
    assert (kept.regions, kept.kinds) == (bank.regions, bank.kinds)
    assert len(kept) == 30


def test_other_files_are_refused_with_what_to_do(bank, tmp_path):
    old, torn, none = tmp_path / "old.npz", tmp_path / "torn.npz", tmp_path / "none.npz"
    np.savez(old, planes=bank.planes[:1], confidence=bank.confidence[:1], regions=np.array(["bowel"]))
    bank.save(torn)
    torn.write_bytes(torn.read_bytes()[:5000])
    for path, words in ((old, "expected a bank of version 3, found 1; delete it"), (torn, "delete it"), (none, "none")):
        with pytest.raises(DataError, match=words):
            Bank.load(path)
    with pytest.raises(DataError, match="found 0 scenes"):
        make_bank([], 4, seed=1)


def test_samples_have_their_shapes_and_labels(bank):
    assert bank.planes.shape == (30, 4, SIDE, SIDE)
    assert bank.confidence.shape == (30, SIDE // 4, SIDE // 4)
    assert set(bank.regions) <= {"bowel", "liver"}
    assert set(np.unique(bank.ages)) <= {-1, *range(1, 13)}
    assert float(bank.lengths_px.max()) < 30.0


def test_ages_come_evenly_and_a_fifth_of_the_bursts_begins_without_a_clear_frame():
    plans = [samples._plan_frames(np.random.default_rng(seed)) for seed in range(3000)]
    ages = Counter(frame - clear + 1 for clear, kept in plans if clear for frame in kept)
    assert set(ages) == set(range(1, 13))
    assert max(ages.values()) < 1.2 * min(ages.values())
    without = [kept for clear, kept in plans if clear == 0]
    assert len(without) / 3000 == pytest.approx(MIXTURE.without_clear_share, abs=0.03)
    assert all(kept[0] == 0 and len(kept) == 3 for kept in without)


def test_lengths_lean_to_the_small_and_some_are_next_to_clear():
    rng = np.random.default_rng(0)
    drawn = np.array([samples._draw_length(rng, "straight") for _ in range(3000)])
    assert float(drawn.min()) >= 4.0
    assert float(drawn.max()) <= 24.0
    assert float((drawn < 8.0).mean()) > 0.5
    assert dict(zip(MIXTURE.kinds, MIXTURE.kind_shares, strict=True))["none"] == pytest.approx(0.1)
    assert sum(MIXTURE.kind_shares) == pytest.approx(1.0)


def test_without_a_clear_frame_the_first_knows_nothing(bank):
    never = bank.ages == -1
    assert never.any()
    nothing = bank.confidence.reshape(len(bank), -1).max(axis=1) == 0
    memory, blurred = planes(bank, "memory"), planes(bank, "blurred")
    assert (nothing & never).any()
    for index in np.flatnonzero(nothing):
        assert np.array_equal(memory[index], blurred[index])


def test_memory_of_the_tower_is_nearer_to_the_truth_where_the_blur_is_strong(bank):
    strong = (bank.ages >= 1) & (bank.ages <= 6) & (bank.lengths_px > 8.0)
    trusted = np.repeat(np.repeat(bank.confidence, 4, axis=1), 4, axis=2) > 128
    chosen = trusted & strong[:, None, None]
    assert int(chosen.sum()) > 5000
    truth = planes(bank, "truth")
    errors = [float(((planes(bank, name) - truth)[chosen] ** 2).mean()) for name in ("blurred", "memory")]
    assert errors[1] < 0.8 * errors[0]


def test_nearly_clear_samples_are_nearly_their_truth(bank):
    error = ((planes(bank, "blurred") - planes(bank, "truth")) ** 2).mean(axis=(1, 2))
    by_kind = {kind: error[[each == kind for each in bank.kinds]] for kind in set(bank.kinds)}
    assert float(np.median(by_kind["none"])) < 0.5 * float(
        np.median(np.concatenate([by_kind["straight"], by_kind["curved"]]))
    )


def test_nothing_is_claimed_to_be_known_beyond_the_rim():
    rim = samples._draw_rim(np.random.default_rng(4))
    inside = samples._inside(rim)
    assert inside is not None
    assert inside.shape == (CONTEXT // 4, CONTEXT // 4)
    beyond = rim[2::4, 2::4] < 1.0
    assert beyond.any()
    assert int(inside[beyond].max()) == 0
    assert int(inside.max()) == 255


def test_bursts_do_not_depend_on_each_other(scenes, bank):
    second = make_burst(scenes, 7, 1)
    assert np.array_equal(second[0][1].planes, bank.planes[3])


def test_the_parameters_can_be_written_into_a_card():
    card = json.loads(json.dumps(samples.card()))
    assert card["version"] == samples.VERSION
    assert card["without_clear_share"] == MIXTURE.without_clear_share
    assert "hand" in card["synthesis"]
