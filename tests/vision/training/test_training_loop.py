"""Trainings of the generator from the command line: killed and resumed, begun with weights, in two processes."""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from vision import runtime
from vision.models.generator import Generator
from vision.training import cli
from vision.training.batches import groups, pick
from vision.training.data import read_manifest
from vision.training.generator_judge import score
from vision.training.samples import Bank
from vision.training.train_generator import GeneratorTraining, Plan, bank_paths, probabilities

SIDE = 96  # pixels of a sample here: a quarter of the work
ROOT = Path(__file__).resolve().parents[3]
SMALL = """[generator]
features = 8
width = 8
batch = 2
samples = 16
val_samples = 8
adversarial_from = 2
arithmetic = "float32"
"""


def made_bank(seed, count):
    """Rough texture, blurred by a box; every third without memory; kinds, lengths and ages that fit."""
    rng = np.random.default_rng(seed)
    planes = np.empty((count, 4, SIDE, SIDE), np.uint8)
    lengths = rng.choice([5.0, 15.0], count).astype(np.float32)
    ages = rng.choice([-1, 2, 10], count).astype(np.int16)
    for index in range(count):
        rough = cv2.resize(rng.normal(0, 1, (64, 64)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        truth = np.clip(120 + 30 * rough, 0, 255).astype(np.uint8)
        blurred = cv2.blur(truth, (int(lengths[index]), 1))
        memory = np.roll(truth, 1, 0) if ages[index] >= 0 else blurred
        planes[index] = blurred, truth, memory, blurred
    confidence = np.where(ages[:, None, None] >= 0, 200, 0).astype(np.uint8)
    confidence = np.broadcast_to(confidence, (count, SIDE // 4, SIDE // 4)).copy()
    kinds = ["none" if index % 5 == 4 else "straight" for index in range(count)]
    return Bank(planes, confidence, ["bowel", "liver"] * (count // 2), kinds, lengths, ages)


@pytest.fixture
def ready(data_folder, tmp_path):
    """A folder with a configuration, and a function that makes run folders with their banks."""
    (tmp_path / "train.toml").write_text(SMALL)
    manifest = read_manifest(data_folder)

    def folder(name):
        paths = bank_paths(manifest, Plan(samples=16, val_samples=8), tmp_path / name)
        for path, bank in zip(paths.values(), (made_bank(1, 16), made_bank(2, 8)), strict=True):
            bank.save(path)
        return tmp_path / name

    return folder


def command(data_folder, out, *words):
    config = out.parent / "train.toml"
    return ["generator", "--config", str(config), "--data", str(data_folder), "--out", str(out), *words]


def train_here(*words):
    parser = argparse.ArgumentParser()
    cli.add_train_arguments(parser)
    return cli.run_train(parser.parse_args(list(words)))


def weights(out):
    return load_file(out / "last" / "generator.safetensors")


def same(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)


def rows(out):
    with (out / "generator-losses.csv").open(newline="") as file:
        return [{key: value for key, value in row.items() if value} for row in csv.DictReader(file)]


@pytest.fixture
def stopped_at_first_row():
    """Sends this process a SIGTERM once a log has its first row; the run must be the one to take it."""
    missed = []
    before = signal.signal(signal.SIGTERM, lambda *_: missed.append(True))

    def watch(out):
        while not (out / "generator-losses.csv").is_file() or not rows(out):
            time.sleep(0.002)
        os.kill(os.getpid(), signal.SIGTERM)

    yield lambda out: threading.Thread(target=watch, args=(out,), daemon=True).start()
    signal.signal(signal.SIGTERM, before)
    assert not missed


def test_a_killed_run_resumes_to_the_very_same_end(data_folder, ready, stopped_at_first_row, capsys):
    whole, broken = ready("whole"), ready("broken")
    assert train_here(*command(data_folder, whole, "--steps", "90")) == 0
    words = command(data_folder, broken, "--steps", "90")
    stopped_at_first_row(broken)
    assert train_here(*words) == 1
    said = capsys.readouterr().err
    assert "stopped by SIGTERM at step" in said
    assert "--resume" in said
    assert 50 <= int(said.split("at step ")[1].split(";")[0]) < 90
    assert train_here(*words, "--resume") == 0
    assert same(weights(whole), weights(broken))
    assert rows(whole) == rows(broken)
    card = json.loads((broken / "generator.json").read_text())
    assert card["command"].count("main.py train generator") == 2
    assert card["settings"]["features"] == 8
    assert str(data_folder) not in json.dumps(card)
    for name in ("generator-curves.png", "pictures/step-000090.png"):
        assert cv2.imread(str(broken / name)).std() > 5
    assert cv2.imread(str(broken / "pictures/step-000090.png")).shape[1] == 6 * SIDE
    assert train_here(*words, "--resume", "--learning-rate", "0.002") == 1
    said = capsys.readouterr().err
    assert "belongs to another run" in said
    assert "'learning_rate': 0.002" in said


@pytest.mark.timeout(600)  # three fresh interpreters have to load torch
def test_two_processes_make_the_steps_of_one_with_the_doubled_batch(data_folder, ready):
    one, two = ready("one"), ready("two")
    assert train_here(*command(data_folder, one, "--steps", "6", "--batch", "4")) == 0
    launcher = ["torch.distributed.run", "--nproc-per-node", "2", "--master-port", str(free_port())]
    script = [str(ROOT / "main.py"), "train", *command(data_folder, two, "--steps", "6", "--batch", "2")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    words = [sys.executable, "-m", *launcher, *script]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=590)
    assert done.returncode == 0, done.stderr  # they compare their weights at the end, bit for bit
    assert done.stdout.count("weights and card") == 1  # only the first of them tells and writes
    (alone,), (together,) = rows(one), rows(two)
    assert {"adversarial", "discriminator", "harm", "score_db"} <= alone.keys()
    for name in alone:
        assert float(together[name]) == pytest.approx(float(alone[name]), rel=2e-3, abs=2e-4), name
    mine, theirs = weights(one), weights(two)
    for key, value in mine.items():
        assert np.allclose(value, theirs[key], atol=2e-4), key
    assert json.loads((two / "generator.json").read_text())["processes"] == 2


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_run_begun_with_weights_says_so_and_refuses_another_architecture(data_folder, ready, capsys):
    first, second, third = ready("first"), ready("second"), ready("third")
    assert train_here(*command(data_folder, first, "--steps", "2")) == 0
    assert train_here(*command(data_folder, second, "--steps", "1", "--start", str(first))) == 0
    parent = json.loads((first / "generator.json").read_text())
    card = json.loads((second / "generator.json").read_text())
    assert card["start"]["sha256"] == parent["sha256"]
    assert card["start"]["command"] == parent["command"]
    assert "--start first" in card["command"]
    begun, ended = load_file(first / "generator.safetensors"), load_file(second / "last" / "generator.safetensors")
    assert all(np.allclose(begun[key], ended[key], atol=1e-4) for key in begun)  # one step of the warm-up away
    wider = third.parent / "train.toml"
    wider.write_text(SMALL.replace("width = 8", "width = 16"))
    assert train_here(*command(data_folder, third, "--steps", "1", "--start", str(first))) == 1
    assert "width expected 16, found 8" in capsys.readouterr().err
    assert train_here(*command(data_folder, first, "--steps", "2")) == 1
    assert "there is a run in this folder already" in capsys.readouterr().err


def test_a_full_disk_is_said_and_the_checkpoint_before_stays(data_folder, ready, capsys):
    out = ready("full")
    assert train_here(*command(data_folder, out, "--steps", "2")) == 0
    before = (out / "checkpoint.safetensors").read_bytes()

    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, usual[1]))  # bytes a file: as if the disk were full
    try:
        assert train_here(*command(data_folder, out, "--steps", "4"), "--resume") == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert "cannot be written" in capsys.readouterr().err
    assert (out / "checkpoint.safetensors").read_bytes() == before
    assert not list(out.glob("*.part"))


def test_hard_samples_are_drawn_more_often_and_clear_ones_as_usual():
    bank = made_bank(3, 40)
    parts = groups(bank)
    assert parts["small_blur"].any()
    assert not (parts["small_blur"] & parts["none"]).any()
    p = probabilities(bank, Plan(often_small_blur=3.0, often_old_memory=1.0, often_no_memory=1.0))
    assert p.sum() == pytest.approx(1.0)
    assert p[parts["small_blur"]].min() == pytest.approx(3.0 * p[parts["none"]].max())
    whole = pick(bank, np.random.default_rng(5), 8, p)
    halves = [pick(bank, np.random.default_rng(5), 8, p, (rank, 2)) for rank in (0, 1)]
    assert np.array_equal(whole.planes[1::2], halves[1].planes)
    assert whole.regions[::2] == halves[0].regions


def test_the_score_pays_for_what_the_worst_percent_loses():
    assert score(3.0, -0.05) == 3.0
    assert score(3.0, -0.6) == pytest.approx(2.0)


def test_a_training_that_diverges_ends_with_a_word_and_ships_nothing(data_folder, ready, monkeypatch, capsys):
    out, step = ready("wild"), GeneratorTraining.step

    def burst(self, *args):  # as after a step that was far too large
        with torch.no_grad():
            self.generator.inform.weight.fill_(float("nan"))
        return step(self, *args)

    monkeypatch.setattr(GeneratorTraining, "step", burst)
    assert train_here(*command(data_folder, out, "--steps", "3")) == 1
    said = capsys.readouterr().err
    assert "the loss is nan at step 1: the training has diverged" in said
    assert "--learning-rate" in said
    assert not list(out.glob("*.safetensors"))


def test_the_second_set_is_fitted_on_and_chosen_by_frames_without_a_clear_memory_alone(data_folder, ready, capsys):
    out = ready("blind")
    (out.parent / "blind.toml").write_text(SMALL.replace("[generator]", "[blind]"))
    words = ["--config", str(out.parent / "blind.toml"), "--data", str(data_folder), "--steps", "2", "--out", str(out)]
    assert train_here("blind", *words) == 0
    arrays, card = runtime.read(out, "blind")
    made = Generator(card["architecture"]["regions"], 8, 8, halved=False)
    runtime.fill(made, arrays, out / "blind.safetensors")
    scores = card["scores_val_samples"]
    assert "gain_no_memory_db" in scores
    assert "gain_old_memory_db" not in scores
    assert "clear memory" in card["title"]

    for path in bank_paths(read_manifest(data_folder), Plan(samples=16, val_samples=8), out.parent / "known").values():
        bank = made_bank(3, 16)
        bank.where(bank.ages >= 0).save(path)
    words[-1] = str(out.parent / "known")
    assert train_here("blind", *words) == 1
    assert "no clear frame comes before, found none" in capsys.readouterr().err
