"""The networks' shapes, their start, the fusion's weights and the packing of pictures into grids."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from vision.models.discriminator import Discriminator
from vision.models.fusion import Fusion
from vision.models.generator import BRANCHES, GATES, PICTURE_CHANNELS, Generator, from_grid, pack, pack_detail, to_grid
from vision.models.region import EMBEDDING, SIDE, RegionNet
from vision.models.sharpness import CROP, CROPS, SharpnessNet

CHANNELS = PICTURE_CHANNELS + 4  # of a half-size picture


@pytest.fixture(autouse=True)
def without_gradients():
    with torch.no_grad():
        yield


@pytest.mark.parametrize("size", [(64, 48), (128, 256)])
def test_grid_is_the_pixel_unshuffle_and_comes_back(size):
    luma = np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8)
    grid = to_grid(luma)
    reference = F.pixel_unshuffle(torch.from_numpy(luma)[None, None].float(), 4)[0].permute(1, 2, 0)
    assert torch.equal(grid.float(), reference)
    assert np.array_equal(from_grid(grid).numpy(), luma)


def test_packed_input_tells_differences_and_confidence():
    rng = np.random.default_rng(1)
    blurred, memory, sharp = (rng.integers(0, 256, (64, 64), dtype=np.uint8) for _ in range(3))
    confidence = rng.integers(0, 256, (32, 32), dtype=np.uint8)  # of the full size: twice as fine as the grid
    grids = [to_grid(plane).unsqueeze(0) for plane in (blurred, memory, sharp)]
    x = pack(*grids, torch.from_numpy(confidence).unsqueeze(0))
    assert x.shape == (1, CHANNELS, 16, 16)
    assert x[0, 0, 2, 3].item() == pytest.approx(blurred[8, 12] / 255)
    assert x[0, 16, 2, 3].item() == pytest.approx(4 * (int(memory[8, 12]) - int(blurred[8, 12])) / 255, abs=1e-6)
    assert x[0, 37, 2, 3].item() == pytest.approx(4 * (int(sharp[9, 13]) - int(blurred[9, 13])) / 255, abs=1e-6)
    assert x[0, 48:52, 2, 3].tolist() == pytest.approx((confidence[4:6, 6:8].ravel() / 255).tolist())


def test_an_untrained_generator_changes_nothing():
    generator = Generator(["bowel"]).eval()
    x, detail = torch.rand(2, CHANNELS, 16, 24), torch.rand(2, 16 * GATES, 32, 48)
    fused, layers = generator(x, detail, torch.tensor([0, 1]))
    assert fused.shape == (2, 16, 32, 48)
    assert len(layers) == len(BRANCHES)
    assert float(fused.abs().max()) == 0.0


def test_memory_counts_by_its_gate_only_where_the_confidence_says_so():
    torch.manual_seed(0)
    generator = Generator(["bowel"]).eval()
    for name in BRANCHES:
        torch.nn.init.ones_(getattr(generator, name).gate.bias[:4])  # the first of three gates, for a cell's quarters
    blurred, brighter = (torch.full((1, 16, 16, 16), value, dtype=torch.uint8) for value in (100, 151))
    x = torch.zeros(1, CHANNELS, 8, 8)
    for confidence, expected in ((0, 0.0), (255, 0.2)):
        detail = pack_detail(blurred, brighter, blurred, torch.full((1, 16, 16), confidence, dtype=torch.uint8))
        change, _ = generator(x, detail, torch.tensor([0]))
        assert float(change.min()) == pytest.approx(expected, abs=1e-5)
        assert float(change.max()) == pytest.approx(expected, abs=1e-5)


def test_each_quarter_of_a_cell_has_a_gate_of_its_own():
    generator = Generator(["bowel"]).eval()
    for name in BRANCHES:
        getattr(generator, name).gate.bias[5] = 1.0  # deconvolution, upper right quarter
    detail = torch.zeros(1, 16 * GATES, 8, 8)
    detail[:, 16:32] = 0.5
    change, _ = generator(torch.zeros(1, CHANNELS, 4, 4), detail, torch.tensor([0]))
    cells = change[0].mean(dim=0)
    assert torch.allclose(cells[0::2, 1::2], torch.full((4, 4), 0.5))
    assert float(cells[1::2].abs().max()) == float(cells[:, 0::2].abs().max()) == 0.0


def test_fusion_weights_are_positive_sum_to_one_and_depend_on_the_region():
    fusion = Fusion(["bowel", "liver"])
    torch.nn.init.normal_(fusion.own)
    weights = fusion.weights(torch.tensor([fusion.row("bowel"), fusion.row("liver"), fusion.row(None)]))
    assert weights.shape == (3, 3)
    assert bool((weights > 0).all())
    assert torch.allclose(weights.sum(dim=1), torch.ones(3))
    assert not torch.allclose(weights[0], weights[1])
    assert fusion.row("spleen") == fusion.row(None) == 2
    layers = [torch.full((1, 16, 4, 4), float(value)) for value in (1, 2, 4)]
    fused = fusion(layers, torch.tensor([1]))
    assert float(fused[0, 0, 0, 0]) == pytest.approx(float((weights[1] * torch.tensor([1.0, 2.0, 4.0])).sum()))


def test_sharpness_ends_in_one_unit_and_ignores_brightness_and_contrast():
    net = SharpnessNet().eval()
    assert net.unit.out_features == 1
    crops = torch.rand(3, CROPS, CROP, CROP)
    logits = net(crops)
    assert logits.shape == (3,)
    assert torch.allclose(net(crops * 0.6 + 0.2), logits, atol=0.02)


def test_region_gives_unit_vectors():
    vectors = RegionNet().eval()(torch.rand(2, 3, SIDE, SIDE))
    assert vectors.shape == (2, EMBEDDING)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(2), atol=1e-5)


def test_discriminator_gives_a_probability():
    judge = Discriminator()
    grid = torch.rand(2, 16, 16, 16)
    assert judge(grid).shape == (2,)
    assert 0.0 <= judge.probability(grid) <= 1.0
