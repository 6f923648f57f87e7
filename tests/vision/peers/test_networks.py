"""The peers are the published designs: parameter counts, multiply-adds, any size, nothing changed before training."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from vision.peers import deblurgan_v2, nafnet
from vision.peers.judges import DoubleScaleJudge, deceiving_loss, judging_loss
from vision.peers.means import local_mean
from vision.peers.measure import count_macs, parameters_of
from vision.peers.nafnet import NAFNet
from vision.peers.peer import PEERS, trainable_here


def test_nafnet_has_the_published_parameters():
    assert parameters_of(nafnet.published()) == pytest.approx(nafnet.PUBLISHED_PARAMETERS, rel=0.005)


def test_nafnet_has_the_published_multiply_adds():
    # Table of the paper: 16 G for width 32 at 256x256 (width 64: 65 G, 63.5 with these blocks).
    network, picture = nafnet.published().eval(), torch.rand(1, 3, 64, 64)
    assert 16 * count_macs(network, lambda: network(picture)) == pytest.approx(16e9, rel=0.03)


def test_deblurgan_has_the_published_parameters():
    # The published program counts the tail of MobileNetV2 too, which it holds and never runs.
    count = parameters_of(deblurgan_v2.published()) + deblurgan_v2.UNUSED_PARAMETERS
    assert count == pytest.approx(deblurgan_v2.PUBLISHED_PARAMETERS, rel=0.005)


def test_unused_tail_of_mobilenet_is_what_is_claimed():
    def tail_block(channels_in, channels):
        return parameters_of(deblurgan_v2.InvertedResidual(channels_in, channels, 1, 6))

    last = 320 * 1280 + 2 * 1280  # 1x1 convolution and its batch normalisation
    assert tail_block(160, 160) + tail_block(160, 320) + last == deblurgan_v2.UNUSED_PARAMETERS


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("size", [(61, 83), (33, 200), (64, 64), (1, 1), (48, 37)])
def test_any_size_comes_back_as_it_was(name, size):
    network = trainable_here(name).eval()
    with torch.inference_mode():
        assert network(torch.rand(2, 1, *size)).shape == (2, 1, *size)


def test_gate_multiplies_halves():
    x = torch.arange(8.0).reshape(1, 4, 1, 2)
    assert torch.equal(nafnet.simple_gate(x), x[:, :2] * x[:, 2:])


def test_blocks_of_nafnet_start_as_identity():
    x = torch.rand(1, 8, 12, 12)
    assert torch.equal(nafnet.NAFBlock(8)(x), x)


@pytest.mark.parametrize("window", [1, 2, 5, 8, 40])
def test_local_means_are_those_of_plain_pooling(window):
    x = torch.rand(2, 3, 17, 23)
    found = local_mean(x, window)
    inner = F.avg_pool2d(x, (min(window, 17), min(window, 23)), 1)
    before = (window - 1) // 2 if window < 17 else 0, (window - 1) // 2 if window < 23 else 0
    assert torch.allclose(
        found[..., before[0] : before[0] + inner.shape[2], before[1] : before[1] + inner.shape[3]], inner, atol=1e-6
    )
    assert torch.allclose(found[..., :1, :1], inner[..., :1, :1], atol=1e-6)  # at the border the window is full too
    assert torch.allclose(found[..., -1:, -1:], inner[..., -1:, -1:], atol=1e-6)


def test_attention_of_a_large_picture_looks_no_farther_than_its_window():
    torch.manual_seed(0)
    network = NAFNet(1, 8, (1, 1), 1, (1, 1), cell=4).eval()
    for parameter in network.parameters():
        parameter.data.add_(0.05 * torch.randn_like(parameter))  # blocks that do something
    picture = torch.rand(1, 1, 64, 512)
    other = picture.clone()
    other[..., 400:] = 1.0  # far from the left side
    with torch.inference_mode():
        whole = [network(x)[..., :64] for x in (picture, other)]
        network.pool_locally(96)
        local = [network(x)[..., :64] for x in (picture, other)]
        network.pool_locally(None)
        again = network(picture)[..., :64]
    assert not torch.allclose(*whole, atol=1e-6)
    assert torch.allclose(*local, atol=1e-6)
    assert torch.equal(again, whole[0])


def test_discriminator_of_two_scales_judges_relatively():
    torch.manual_seed(0)
    judge = DoubleScaleJudge(1, 4)
    scores = judge(torch.rand(2, 1, 192, 192))
    assert scores[0].shape[2:] > scores[1].shape[2:]  # many patches, few wholes
    high, low = [torch.full((2, 1, 3, 3), 1.0)] * 2, [torch.full((2, 1, 3, 3), 0.0)] * 2
    assert float(judging_loss(high, low)) == 0.0  # real ones 1 above fake ones: told apart
    assert float(deceiving_loss(high, low)) == 4.0  # which is what the generator must change
    assert float(deceiving_loss(low, high)) == 0.0
