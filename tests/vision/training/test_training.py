"""Training is seeded, goes on from a checkpoint as if it had not stopped, and what it writes can be loaded."""

from __future__ import annotations

import argparse
import json
import re
import signal
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from vision import runtime
from vision.models.generator import Generator
from vision.training import checkpoint, cli, train_region, train_sharpness
from vision.training.data import read_manifest, read_scenes
from vision.training.samples import Bank, make_bank
from vision.training.train_generator import GeneratorTraining, Plan
from vision.training.train_region import RegionTraining, read_thumbnails
from vision.training.train_sharpness import Bags, SharpnessTraining

SMALL = Plan(seed=3, batch=2, samples=8, val_samples=8, features=8, width=8, adversarial_from=2)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def bank(data_folder):
    scenes = read_scenes(read_manifest(data_folder).select("train", "sharp"))
    return make_bank(scenes, 8, seed=1, progress=False)


def arguments(adder, *words):
    parser = argparse.ArgumentParser()
    adder(parser)
    return parser.parse_args(list(words))


def same(one, other):
    return all(torch.equal(value, other[key]) for key, value in one.items())


def test_samples_are_the_same_for_the_same_seed(data_folder, bank, tmp_path):
    scenes = read_scenes(read_manifest(data_folder).select("train", "sharp"))
    again = make_bank(scenes, 8, seed=1, progress=False)
    assert np.array_equal(again.planes, bank.planes)
    assert np.array_equal(again.confidence, bank.confidence)
    bank.save(tmp_path / "bank.npz")
    kept = Bank.load(tmp_path / "bank.npz")
    assert np.array_equal(kept.planes, bank.planes)
    assert kept.regions == bank.regions


def test_two_short_generator_runs_equal_one_long(bank, tmp_path):
    whole = GeneratorTraining(SMALL, ["bowel", "liver"])
    for _ in range(6):
        whole.step(bank)
    first = GeneratorTraining(SMALL, ["bowel", "liver"])
    for _ in range(3):
        first.step(bank)
    checkpoint.save(tmp_path, checkpoint.flatten(*first.state()), {"step": first.done})
    second = GeneratorTraining(SMALL, ["bowel", "liver"])
    for parameter in second.generator.parameters():
        parameter.data.add_(0.1)  # nothing of a fresh start may survive
    tensors, facts = checkpoint.load(tmp_path)
    checkpoint.restore(tensors, *second.state())
    second.done = facts["step"]
    for _ in range(3):
        second.step(bank)
    assert same(whole.generator.state_dict(), second.generator.state_dict())
    assert same(whole.discriminator.state_dict(), second.discriminator.state_dict())
    assert same(whole.average.values, second.average.values)


def test_another_seed_is_another_run(bank):
    runs = []
    for seed in (1, 2):
        training = GeneratorTraining(Plan(seed=seed, batch=2, features=8, width=8), ["bowel"])
        for _ in range(2):
            training.step(bank)
        runs.append(training.generator.state_dict())
    assert not same(*runs)


def test_a_few_steps_on_few_samples_lower_the_loss(bank):
    plan = Plan(seed=1, batch=8, features=16, width=8, learning_rate=4e-3, warm_up_steps=0)
    training = GeneratorTraining(plan, ["bowel", "liver"])
    losses = [training.step(bank)["total"] for _ in range(40)]
    assert np.mean(losses[-8:]) < 0.95 * np.mean(losses[:8])


def test_harm_is_felt_more_and_more(bank):
    seen = []
    for share in (0.0, 0.15, 0.3, 1.0):
        training = GeneratorTraining(replace(SMALL, harm_margin_db=1.0), ["bowel", "liver"])
        seen.append(training.step(bank, share)["harm"])
    assert seen[0] == 0.0
    assert seen[2] == pytest.approx(2.0 * seen[1]) == pytest.approx(seen[3])


def test_the_three_losses_move_networks_and_fusion(bank):
    training = GeneratorTraining(replace(SMALL, adversarial_from=0), ["bowel", "liver"])
    before = {key: value.clone() for key, value in training.generator.state_dict().items()}
    losses = {}
    for _ in range(3):  # last layers start at zero, so the first step reaches only them
        losses = training.step(bank)
    assert {"charbonnier", "edge", "adversarial"} <= set(losses)
    after = training.generator.state_dict()
    for part in ("srcnn.extract", "espcn.first", "unet.down2", "fusion.common"):
        assert any(not torch.equal(before[key], after[key]) for key in before if key.startswith(part)), part


def bags(count=12):
    rng = np.random.default_rng(0)
    clear = np.arange(count) % 2 == 0
    crops = rng.integers(0, 256, (count, 6, 128, 128), dtype=np.uint8)
    origin = np.array(train_sharpness.ORIGINS)[np.arange(count) // 2 % 3]
    return Bags(crops, clear, origin)


def test_two_short_sharpness_runs_equal_one_long(tmp_path):
    plan, data = train_sharpness.Plan(seed=4, batch=8), bags()
    whole, first, second = (SharpnessTraining(plan) for _ in range(3))
    for _ in range(4):
        whole.step(data)
    for _ in range(2):
        first.step(data)
    checkpoint.save(tmp_path, checkpoint.flatten(*train_sharpness._state(first)), {"step": 2})
    tensors, _ = checkpoint.load(tmp_path)
    checkpoint.restore(tensors, *train_sharpness._state(second))
    second.done = 2
    for _ in range(2):
        second.step(data)
    assert same(whole.net.state_dict(), second.net.state_dict())


def test_region_training_is_seeded(data_folder):
    fit = read_thumbnails(read_manifest(data_folder), "train")
    nets = []
    for _ in range(2):
        training = RegionTraining(train_region.Plan(seed=2, batch=4), ["bowel", "liver"])
        for _ in range(2):
            training.step(fit)
        nets.append(training.net.state_dict())
    assert same(*nets)


def test_train_command_writes_weights_and_cards_that_load(data_folder, tmp_path, capsys):
    words = ["--data", str(data_folder), "--minutes", "1", "--steps", "2", "--seed", "5"]
    for net, more in (("region", []), ("generator", ["--samples", "8", "--val-samples", "8"])):
        args = arguments(cli.add_train_arguments, net, *words, *more, "--out", str(tmp_path / net))
        assert cli.run_train(args) == 0
        card = json.loads((tmp_path / net / f"{net}.json").read_text())
        assert card["seed"] == 5
        assert card["steps"] == 2
        assert card["data"]["licences"] == ["CC0"]
        assert str(data_folder) not in json.dumps(card)  # no path of the machine
        assert "--seed 5" in card["command"]
    arrays, card = runtime.read(tmp_path / "generator", "generator")
    generator = Generator(card["architecture"]["regions"])
    runtime.fill(generator, arrays, tmp_path / "generator" / "generator.safetensors")
    found, _ = runtime.read(tmp_path / "region", "library")
    assert found["embeddings"].shape[1] == 64
    assert (tmp_path / "generator" / "generator-losses.csv").read_text().startswith("step,total")
    args = arguments(
        cli.add_train_arguments,
        "generator",
        *words,
        *more,
        "--steps",
        "3",
        "--out",
        str(tmp_path / "generator"),
        "--resume",
    )
    assert cli.run_train(args) == 0
    assert json.loads((tmp_path / "generator" / "generator.json").read_text())["steps"] == 3
    assert "gain_fused_db" in capsys.readouterr().out


class Brightness(torch.nn.Module):
    """Stands in for the sharpness net: its logit is ten times the mean luma, plus a bias that is far off."""

    def __init__(self):
        super().__init__()
        self.unit = torch.nn.Linear(1, 1)
        torch.nn.init.constant_(self.unit.weight, 10.0)
        torch.nn.init.constant_(self.unit.bias, -1.0)

    def forward(self, crops):
        return self.unit(crops.mean(dim=(1, 2, 3))[:, None]).squeeze(1)


def test_sharpness_is_calibrated_so_that_one_half_tells_clear_from_blurred():
    data = bags(24)
    data.crops[data.clear], data.crops[~data.clear] = 160, 80
    net = Brightness()
    assert (train_sharpness.probabilities(net, data) > 0.5).all()
    offset = train_sharpness.calibrate(net, data)
    assert offset == pytest.approx(1.0 - 10.0 * 120 / 255, abs=0.1)  # half-way between the two
    assert np.array_equal(train_sharpness.probabilities(net, data) > 0.5, data.clear)


def test_commands_without_data_say_what_is_expected_where(tmp_path, capsys):
    args = arguments(
        cli.add_train_arguments, "region", "--data", str(tmp_path / "none"), "--out", str(tmp_path / "out")
    )
    assert cli.run_train(args) == 1
    text = capsys.readouterr().err
    assert "manifest.tsv" in text
    assert "--data DIR" in text


def test_manifest_with_missing_files_or_columns(tmp_path, capsys):
    (tmp_path / "manifest.tsv").write_text("path\tregion\nx.jpg\tbowel\n")
    args = arguments(cli.add_train_arguments, "region", "--data", str(tmp_path), "--out", str(tmp_path / "out"))
    assert cli.run_train(args) == 1
    assert "columns" in capsys.readouterr().err
    header = "path\tgroup\tregion\tquality\tsplit\tlicence\n"
    (tmp_path / "manifest.tsv").write_text(header + "x.jpg\tcase01\tbowel\tsharp\ttrain\tCC0\n")
    assert cli.run_train(args) == 1
    assert "1 of 1 files are missing" in capsys.readouterr().err


def test_resume_without_a_checkpoint(data_folder, tmp_path, capsys):
    args = arguments(
        cli.add_train_arguments,
        "region",
        "--data",
        str(data_folder),
        "--out",
        str(tmp_path),
        "--steps",
        "1",
        "--resume",
    )
    assert cli.run_train(args) == 1
    assert "start without --resume" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--threads", "0"], ["--steps", "0"], ["--samples", "40"]])
def test_bad_usage(words, capsys):
    assert cli.run_train(arguments(cli.add_train_arguments, "region", *words)) == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize("minutes", ["-3", "0", "x", "nan", "inf", ""])
def test_minutes_must_be_positive(minutes, capsys):
    with pytest.raises(SystemExit) as caught:
        arguments(cli.add_train_arguments, "region", "--minutes", minutes)
    assert caught.value.code == 2
    assert f"argument --minutes: expected a number of minutes above 0, got {minutes!r}" in capsys.readouterr().err


def test_every_option_that_a_docstring_names_exists():
    parser = argparse.ArgumentParser()
    cli.add_train_arguments(parser)
    named = set(re.findall(r"--[a-z-]+", cli.add_train_arguments.__doc__ or ""))
    assert named
    assert named <= {option for action in parser._actions for option in action.option_strings}


@pytest.mark.parametrize("net", ["sharpness", "region", "nafnet"])
def test_what_one_processor_trains_refuses_a_gpu_and_several_processes(net, monkeypatch, capsys):
    assert cli.run_train(arguments(cli.add_train_arguments, net, "--device", "cuda")) == 2
    assert "on the processor alone" in capsys.readouterr().err
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert cli.run_train(arguments(cli.add_train_arguments, net)) == 2
    assert "without torchrun" in capsys.readouterr().err


def small_sharpness(monkeypatch):
    """Few crops instead of the views over every still, which take minutes."""
    monkeypatch.setattr(train_sharpness, "make_bags", lambda *_: bags())


@pytest.mark.parametrize("net", ["region", "sharpness"])
def test_classifiers_resume_to_the_very_same_end_and_refuse_another_run(
    net, data_folder, tmp_path, monkeypatch, capsys
):
    small_sharpness(monkeypatch)
    module = {"region": train_region, "sharpness": train_sharpness}[net]
    monkeypatch.setattr(module, "CHECK_STEPS", 2)

    def run(out, *words):
        batch = tmp_path / "small.toml"
        batch.write_text(f"[{net}]\nbatch = 8\n")
        given = ["--config", str(batch), "--data", str(data_folder), "--out", str(tmp_path / out), *words]
        return cli.run_train(arguments(cli.add_train_arguments, net, *given))

    assert run("whole", "--steps", "4") == 0
    training = {"region": RegionTraining, "sharpness": SharpnessTraining}[net]
    learn = training.step

    def asked_to_stop_in_step_three(self, *args):
        if self.done == 2:
            signal.raise_signal(signal.SIGTERM)
        return learn(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(training, "step", asked_to_stop_in_step_three)
        assert run("broken", "--steps", "4") == 1
    assert "stopped by SIGTERM at step 3" in capsys.readouterr().err
    assert run("broken", "--steps", "4") == 1
    assert "there is a run in this folder already" in capsys.readouterr().err
    assert run("broken", "--steps", "4", "--resume", "--seed", "9") == 1
    assert "seed was 1, is 9" in capsys.readouterr().err
    assert run("broken", "--steps", "4", "--resume") == 0
    whole, broken = (checkpoint.load(tmp_path / name) for name in ("whole", "broken"))
    assert same(whole[0], broken[0])
    assert broken[1]["spent"]["cpu_s"] > 0.0
    assert cv2.imread(str(tmp_path / "broken" / f"{net}-curves.png")).std() > 5
