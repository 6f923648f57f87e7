"""Peers learn, resume as if they had not stopped, see the batches of our generator, and come back from their files."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from vision import peers
from vision.peers import train
from vision.peers.lessons import judge, lessons_for, pairs_of
from vision.peers.peer import PEERS, Peer, run, trainable_here
from vision.settings import WeightsError
from vision.training import checkpoint, cli
from vision.training.batches import draw, pick
from vision.training.data import DataError
from vision.training.schedule import Diverged

SMALL = train.Plan(seed=3, batch=2, steps=6)
DATA = {"licences": ["CC0"]}


def same(one, other):
    return all(torch.equal(value, other[key]) for key, value in one.items())


@pytest.mark.parametrize("name", PEERS)
def test_a_few_steps_on_few_samples_gain(name, bank):
    torch.manual_seed(1)
    lessons = lessons_for(name, trainable_here(name), 1, len(bank), 2e-3)
    assert judge(lessons.averaged(), bank)["gain_db"] == pytest.approx(0.0, abs=1e-3)  # as it went in
    for _ in range(25):
        losses = lessons.step(bank)
    assert set(losses) >= {"total", lessons.LOSSES[0]}
    assert judge(lessons.network, bank)["gain_db"] > 0.2  # fitted; not the average, which lags


def test_all_parts_of_deblurgan_learn(bank):
    lessons = lessons_for("deblurgan-v2", trainable_here("deblurgan-v2"), 1, 2, 1e-3)
    before = {key: value.clone() for key, value in lessons.network.state_dict().items()}
    judges = {key: value.clone() for key, value in lessons.state()[0]["judge"].state_dict().items()}
    losses = [lessons.step(bank) for _ in range(3)]  # the last layer starts at zero: others move from the second on
    assert "discriminator" in losses[0]
    assert "discriminator" not in losses[1]
    after = lessons.network.state_dict()
    for part in ("backbone.stem", "backbone.stages.5", "laterals.3", "heads.0", "join", "finer", "leave"):
        assert any(not torch.equal(before[key], after[key]) for key in before if key.startswith(part)), part
    assert not same(judges, lessons.state()[0]["judge"].state_dict())


def test_peers_get_the_batches_of_our_generator(bank):
    from vision.models.generator import Generator, from_grid

    picked = pick(bank, np.random.default_rng((3, 5)), 4)
    blurred, truth = pairs_of(picked.planes)
    batch, _ = draw(bank, np.random.default_rng((3, 5)), 4, Generator(["bowel"]))
    for pixels, grid in ((blurred, batch.base), (truth, batch.truth)):
        assert torch.allclose(pixels[2, 0], from_grid(grid[2].permute(1, 2, 0).contiguous()))
    assert not torch.allclose(blurred, truth)


@pytest.mark.parametrize("name", PEERS)
def test_resumed_run_goes_on_bit_for_bit(name, bank, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "CHECK_STEPS", 3)
    plan = SMALL
    train.learn(name, bank, bank, DATA, plan, _folder(tmp_path / "whole"))
    broken = _folder(tmp_path / "broken")
    step = train.Lessons.step
    with monkeypatch.context() as patch:

        def fail_after_four(self, *args):
            if self.done == 4:
                raise KeyboardInterrupt
            return step(self, *args)

        patch.setattr(train.Lessons, "step", fail_after_four)
        with pytest.raises(KeyboardInterrupt):
            train.learn(name, bank, bank, DATA, plan, broken)
    train.learn(name, bank, bank, DATA, plan, broken, resume=True)
    (one, facts), (other, again) = checkpoint.load(tmp_path / "whole"), checkpoint.load(broken)
    assert facts["step"] == again["step"] == 6
    assert facts["best"] == again["best"]
    assert one.keys() == other.keys()
    assert same(one, other)
    rows = (broken / f"{name}-losses.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["step", "3", "6"]
    assert (broken / f"{name}-losses.png").stat().st_size > 1000


def test_checkpoint_of_another_run_is_refused(bank, tmp_path):
    train.learn("nafnet", bank, bank, DATA, replace(SMALL, steps=1), tmp_path)
    with pytest.raises(DataError, match="net was 'nafnet', is 'deblurgan-v2'"):
        train.learn("deblurgan-v2", bank, bank, DATA, SMALL, tmp_path, resume=True)
    for other, said in (
        (replace(SMALL, seed=4), "seed was 3, is 4"),
        (replace(SMALL, learning_rate=0.002), "learning_rate was 0.001, is 0.002"),
    ):
        with pytest.raises(DataError, match=said):
            train.learn("nafnet", bank, bank, DATA, other, tmp_path, resume=True)
    with pytest.raises(DataError, match="manifest was None, is 'ab'"):
        train.learn("nafnet", bank, bank, {"manifest_sha256": "ab"}, SMALL, tmp_path, resume=True)


def test_a_training_that_diverges_ends_with_a_word_and_keeps_no_broken_weights(bank, tmp_path):
    with pytest.raises(Diverged, match="lower --learning-rate"):
        train.learn("nafnet", bank, bank, DATA, replace(SMALL, steps=40, learning_rate=1e30), tmp_path)
    assert not list(tmp_path.glob("*.safetensors"))


def test_samples_without_blur_do_not_count_in_the_gain(bank):
    torch.manual_seed(1)
    network = lessons_for("nafnet", trainable_here("nafnet"), 1, 2, 1e-3).averaged()
    with torch.no_grad():
        network.ending.bias.add_(0.01)  # does something to every picture
    clear = bank.planes.copy()
    clear[:2, 0] = clear[:2, 1]
    marked = replace(bank, planes=clear, kinds=["none", "none", *["straight"] * 4])
    marked = replace(marked, lengths_px=np.full(6, 9.0, np.float32), ages=np.ones(6, np.int16))
    rest = replace(bank, planes=bank.planes[2:], confidence=bank.confidence[2:], regions=bank.regions[2:])
    assert judge(network, marked) == pytest.approx(judge(network, rest))


@pytest.fixture(scope="module")
def trained(bank, tmp_path_factory):
    folder = tmp_path_factory.mktemp("peers")
    for name in PEERS:
        train.learn(name, bank, bank, DATA, replace(SMALL, steps=2), folder, command=f"main.py train {name}")
    return folder


def test_weights_and_card_come_back_as_peers(trained, bank):
    found = peers.load(trained)
    assert [peer.name for peer in found] == list(PEERS)
    for peer in found:
        assert peer.card["command"] == f"main.py train {peer.name}"
        assert peer.card["data"] == DATA
        assert peer.card["ended"].startswith("time or steps used up")
        picture = bank.planes[0, 0][:61, :50]
        restored = peer.restore(picture)
        assert restored.shape == picture.shape
        assert restored.dtype == np.uint8
        fresh = trainable_here(peer.name)
        fresh.load_state_dict(peer.network.state_dict())
        again = Peer(peer.name, fresh.eval(), peer.card).restore(picture)
        assert np.abs(restored.astype(int) - again).max() <= 1


def test_only_luma_is_taken(trained):
    peer = peers.load(trained)[0]
    for wrong in (np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), np.float32), np.zeros((0, 8), np.uint8)):
        with pytest.raises(ValueError, match=r"expected luma \(H, W\) uint8"):
            peer.restore(wrong)


def test_no_peers_says_how_to_train_them(tmp_path):
    with pytest.raises(WeightsError, match=r"main\.py train nafnet .* and main\.py train deblurgan-v2"):
        peers.load(tmp_path / "nowhere")


def test_one_peer_alone_is_enough(trained, tmp_path):
    for suffix in (".json", ".safetensors"):
        (tmp_path / f"nafnet{suffix}").write_bytes((trained / f"nafnet{suffix}").read_bytes())
    assert [peer.name for peer in peers.load(tmp_path)] == ["nafnet"]


def test_wrong_weights_are_refused(trained, tmp_path):
    def put(name, weights, card):
        (tmp_path / f"{name}.safetensors").write_bytes(weights)
        (tmp_path / f"{name}.json").write_text(json.dumps(card))

    weights = (trained / "nafnet.safetensors").read_bytes()
    card = json.loads((trained / "nafnet.json").read_text())
    put("nafnet", weights[:-100], card)
    with pytest.raises(WeightsError, match="truncated or altered"):
        peers.load(tmp_path)
    put("nafnet", weights, {**card, "architecture": {**card["architecture"], "width": 8}})
    with pytest.raises(WeightsError, match="weights of another network"):
        peers.load(tmp_path)
    put("nafnet", weights, {**card, "architecture": {"depth": 3}})
    with pytest.raises(WeightsError, match="architecture cannot be read"):
        peers.load(tmp_path)
    put("nafnet", weights, {**card, "net": "deblurgan-v2"})
    with pytest.raises(WeightsError, match="net expected 'nafnet', found 'deblurgan-v2'"):
        peers.load(tmp_path)


@pytest.mark.parametrize("name", PEERS)
def test_tiles_fade_into_each_other_without_seams(name, bank):
    torch.manual_seed(1)
    lessons = lessons_for(name, trainable_here(name), 1, len(bank), 2e-3)
    for _ in range(10):
        lessons.step(bank)
    network = lessons.network.eval()
    picture = torch.from_numpy(np.tile(bank.planes[0, 0], (5, 6))[:301, :371]).float()[None, None] / 255.0
    with torch.inference_mode():
        whole = run(network, picture)
        tiled = run(network, picture, memory_bytes=192 * 192 * network.bytes_a_pixel)
    assert tiled.shape == picture.shape
    assert not torch.equal(whole, tiled)  # it was worked on in tiles
    assert float((whole - tiled).abs().max()) < 0.06  # means over the picture differ a little from those of a tile
    assert float((whole - tiled).abs().mean()) < 0.01


def test_command_trains_a_peer_on_the_samples_of_a_folder(bank, tmp_path, capsys):
    (tmp_path / "data").mkdir()
    header = "path\tgroup\tregion\tquality\tsplit\tlicence\n"
    (tmp_path / "data" / "manifest.tsv").write_text(header + "x.png\tcase01\tbowel\tsharp\ttrain\tCC0\n")
    (tmp_path / "data" / "x.png").write_bytes(b"")  # the samples are there: no picture is read
    manifest = cli.read_manifest(tmp_path / "data")
    for split, seed, count in (("train", 5, 8), ("val", 10_005, 8)):
        bank.save(tmp_path / "bank" / f"samples-{split}-{count}-{seed}-{manifest.sha256[:8]}.npz")
    parser = argparse.ArgumentParser()
    cli.add_train_arguments(parser)
    words = ["nafnet", "--data", str(tmp_path / "data"), "--steps", "2", "--seed", "5", "--batch", "2"]
    words += ["--samples", "8", "--val-samples", "8", "--bank", str(tmp_path / "bank"), "--out", str(tmp_path / "out")]
    assert cli.run_train(parser.parse_args(words)) == 0
    assert "gain_db" in capsys.readouterr().out
    card = json.loads((tmp_path / "out" / "nafnet.json").read_text())
    assert card["steps"] == 2
    assert card["seed"] == 5
    assert "main.py train nafnet" in card["command"]
    assert str(tmp_path) not in json.dumps(card)
    assert [peer.title for peer in peers.load(tmp_path / "out")] == ["NAFNet"]
    assert cli.run_train(parser.parse_args(words)) == 1  # a run that is there is not written over
    assert "--resume" in capsys.readouterr().err


def _folder(path):
    path.mkdir()
    return path
