"""The sharpness judgement: what it is taught, and what the committed net makes of noise, light, cameras and shake."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from vision import runtime
from vision.field import to_luma
from vision.models.sharpness import SharpnessNet
from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.state import SceneState
from vision.training import sharpness_data
from vision.training.data import read_manifest, read_scenes
from vision.training.sharpness_data import RECIPES, bag_of, deliver, make_bags, synthetic_view
from vision.training.sharpness_figures import probabilities_of
from vision.training.train_sharpness import RANKING, judge, loss_of

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="module")
def net():
    torch.set_num_threads(1)
    net, folder = SharpnessNet(), ROOT / "resources" / "models"
    runtime.fill(net, runtime.read(folder, "sharpness")[0], folder / "sharpness.safetensors")
    return net.eval()


def detail(luma):
    return float(np.abs(np.diff(luma.astype(int), axis=1)).mean() + np.abs(np.diff(luma.astype(int), axis=0)).mean())


def test_views_are_seeded_and_blurred_ones_have_lost_detail(data_folder):
    scene = read_scenes(read_manifest(data_folder).select("train", "sharp"))[0]
    recipe = RECIPES["val"]
    pairs = []
    for seed in range(12):
        clear, again, blurred = (
            synthetic_view(np.random.default_rng(seed), scene, is_clear, recipe) for is_clear in (True, True, False)
        )
        assert np.array_equal(clear, again)
        pairs.append(detail(blurred) < detail(clear))
    assert np.mean(pairs) > 0.8


def test_recipe_bounds_what_is_delivered():
    grey = np.full((128, 128), 0.2, np.float32)
    rng = np.random.default_rng(0)
    spread = [float(deliver(rng, grey, RECIPES[split]).std()) for split in ("val", "train") for _ in range(30)]
    assert max(spread[:30]) < 2.5
    assert max(spread[30:]) > 3.0  # the net is fitted on more noise than it is judged on
    means = [float(deliver(rng, grey, RECIPES["train"]).mean()) for _ in range(40)]
    assert min(means) < 75  # and on dim light


def test_bags_hold_every_origin_clear_and_blurred(data_folder, monkeypatch):
    monkeypatch.setattr(sharpness_data, "PHANTOM_SEEDS", {"val": range(200, 201), "train": range(100, 101)})
    monkeypatch.setattr(sharpness_data, "PHANTOM_VIEWS", 2)
    bags = make_bags(read_manifest(data_folder), "train", 1, 2)
    assert bags.crops.shape[1:] == (6, 128, 128)
    for origin in sharpness_data.ORIGINS:
        for is_clear in (True, False):
            assert ((bags.origin == origin) & (bags.clear == is_clear)).sum() >= 2, (origin, is_clear)


def test_the_ranking_loss_counts_pairs():
    logits, clear = torch.tensor([2.0, 1.0, 0.0, -1.0]), torch.tensor([1.0, 1.0, 0.0, 0.0])
    ordered, swapped = (loss_of(logits, labels) for labels in (clear, 1.0 - clear))
    assert float(ordered) < float(swapped)
    plain = F.binary_cross_entropy_with_logits(logits, clear)
    pairs = [F.softplus(-(a - b)) for a in logits[:2] for b in logits[2:]]
    assert float(ordered - plain) == pytest.approx(RANKING * float(torch.stack(pairs).mean()), abs=1e-6)
    assert float(loss_of(logits, torch.ones(4))) == pytest.approx(
        float(F.binary_cross_entropy_with_logits(logits, torch.ones(4)))
    )


@pytest.mark.parametrize(("gain_db", "light"), [(0.0, 1.0), (10.0, 1.0), (10.0, 0.3), (0.0, 0.25)])
def test_noise_and_dim_light_are_no_blur_and_shake_is_found_in_them(net, gain_db, light):
    camera = PhantomCamera(1280, 720, 30.0, 0)
    shaken = [index for index in range(600) if camera.motion.shaken(index)]
    still = [index for index in range(600) if index not in shaken]
    state = SceneState(light, 1.0, gain_db=gain_db)
    bags = [bag_of(to_luma(camera.expose(index, state).image)) for index in (*shaken[::12][:4], *still[::60][:8])]
    p = probabilities_of(net, bags)
    assert (p[4:] > 0.5).mean() >= 0.85, p
    assert (p[:4] <= 0.5).mean() >= 0.75, p


def test_brightness_and_contrast_alone_change_no_judgement(net):
    camera = PhantomCamera(1280, 720, 30.0, 3)
    crops = torch.from_numpy(np.stack([bag_of(to_luma(camera.expose(20, SceneState()).image))])).float() / 255.0
    with torch.no_grad():
        base = float(net(crops))
        for factor, offset in ((0.7, 0.0), (0.7, 0.25), (1.0, -0.05)):
            assert float(net(crops * factor + offset)) == pytest.approx(base, abs=0.6)


@pytest.mark.footage
@pytest.mark.skipif(not (DATA / "manifest.tsv").is_file(), reason=f"real footage is not in {DATA}")
def test_other_operations_are_judged_as_the_card_says(net):
    bags = make_bags(read_manifest(DATA), "val", 31, 1)
    scores = judge(net, bags)
    assert scores["auc_together"] >= 0.94
    assert scores["auc_real"] >= 0.9
    assert scores["auc_together"] > scores["laplacian_auc_made"]
    assert scores["blurred_found_real"] >= 0.75
    assert scores["clear_found_real"] >= 0.9
