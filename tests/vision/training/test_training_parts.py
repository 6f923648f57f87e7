"""The parts that all trainings share: settings, time bounds, learning rate, curves; and the generator's losses."""

from __future__ import annotations

import argparse
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from vision.training import cli, train_generator
from vision.training.curves import CurveLog, Panel, draw, ticks
from vision.training.losses import charbonnier, edge, faithfulness, harm, squared_errors
from vision.training.schedule import StopSignals, TimeBound, learning_rate
from vision.training.settings import SettingsError, limits


def settings(tmp_path, text, *words, net="generator", plan=train_generator.Plan):
    (tmp_path / "train.toml").write_text(text)
    parser = argparse.ArgumentParser()
    cli.add_train_arguments(parser)
    return cli.settings_from(parser.parse_args([net, "--config", str(tmp_path / "train.toml"), *words]), plan)


def test_command_line_over_file_over_defaults(tmp_path):
    text = 'seed = 7\nthreads = 2\ndata = "stills"\n[generator]\nbatch = 6\nlearning_rate = 2\n[region]\nfoo = 1\n'
    run, plan = settings(tmp_path, text.replace("= 2\n[", "= 0.002\n["), "--batch", "8", "--cpu-minutes", "3")
    assert (plan.seed, plan.batch, plan.learning_rate, plan.gradient_clip) == (7, 8, 0.002, 0.5)
    assert (plan.minutes, plan.cpu_minutes) == (None, 3.0)  # a bound by processor time is none by the clock
    assert run.threads == 2
    assert run.data == tmp_path / "stills"  # relative to the file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[generator]\nbach = 6", "generator.bach: unknown key; did you mean generator.batch?"),
        ("[generator]\nbatch = 0", "generator.batch: expected a whole number from 1 to 4096, found 0"),
        ("[generator]\nbatch = 1.5", "generator.batch: expected a whole number from 1 to 4096, found 1.5"),
        ("[generator]\nedge = true", "generator.edge: expected a number of 0 or more, found True"),
        ('[generator]\narithmetic = "int8"', 'expected one of "auto", "float32", "bfloat16", found \'int8\''),
        ("batch = 6", "batch: expected in the table [generator], found at the head of the file"),
        ("[generator]\nseed = 6", "generator.seed: expected at the head of the file, found in the table [generator]"),
        ("seed = nan", "seed: expected a whole number of 0 or more, found nan"),
        ("seed = -1", "seed: expected a whole number of 0 or more, found -1"),
        ("generator = 3", "generator: expected a table [generator], found 3"),
        ("seed = ", "not valid TOML"),
    ],
)
def test_a_wrong_file_names_file_key_expected_and_found(tmp_path, text, said):
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text)
    assert said in str(caught.value)
    assert str(tmp_path / "train.toml") in str(caught.value)


def test_a_missing_file_and_a_setting_of_another_net_are_bad_usage(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    cli.add_train_arguments(parser)
    assert cli.run_train(parser.parse_args(["region", "--config", str(tmp_path / "none.toml")])) == 2
    assert "no such file" in capsys.readouterr().err
    assert cli.run_train(parser.parse_args(["region", "--val-samples", "9"])) == 2
    assert "the training of region has no such setting" in capsys.readouterr().err


@dataclass(frozen=True)
class Odd:
    folder: Path | None = None
    share: float = limits(0.5, 0.0, 1.0)


def test_any_plan_has_its_settings_checked(tmp_path):
    _, plan = settings(tmp_path, '[region]\nfolder = "x"\nshare = 1', net="region", plan=Odd)
    assert plan == Odd(tmp_path / "x", 1.0)
    with pytest.raises(SettingsError, match=r"from 0 to 1, found 1\.1"):
        settings(tmp_path, "[region]\nshare = 1.1", net="region", plan=Odd)


def test_processor_time_ends_a_run_and_what_was_spent_counts():
    bound = TimeBound(cpu_minutes=0.01)  # 0.6 s
    assert not bound.over(0)
    while not bound.over(0):
        sum(range(100_000))
    assert bound.share(0) == 1.0
    assert bound.spent()["cpu_s"] >= 0.6
    resumed = TimeBound(cpu_minutes=0.02, spent=bound.spent())
    assert 0.5 <= resumed.share(0) < 0.7
    assert TimeBound(cpu_minutes=0.02, spent={"cpu_s": 1.2}, processes=2).over(0)


def test_steps_alone_set_the_share_so_that_slow_machines_take_the_same_course():
    bound = TimeBound(minutes=1.0, steps=200, spent={"wall_s": 50.0})
    assert bound.share(50) == 0.25
    assert not bound.over(199)
    assert bound.over(200)
    assert TimeBound(minutes=1.0, steps=200, spent={"wall_s": 60.0}).over(1)


def test_learning_rate_rises_then_falls_as_a_cosine():
    assert learning_rate(1.0, 0, 0.0, 9) == pytest.approx(0.1)
    assert learning_rate(1.0, 9, 0.0, 9) == 1.0
    assert learning_rate(1.0, 99, 0.5) == pytest.approx(0.51)
    assert learning_rate(1.0, 99, 1.0) == pytest.approx(0.02)


def test_a_signal_is_a_wish_and_the_second_interrupt_an_order():
    before = signal.getsignal(signal.SIGTERM)
    with StopSignals() as signals:
        os.kill(os.getpid(), signal.SIGTERM)
        assert signals.asked == "SIGTERM"
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before


def test_curves_go_on_after_the_checkpoint_and_are_drawn(tmp_path):
    log = CurveLog(tmp_path / "log.csv", ["total", "gain_db"])
    for step in range(50, 501, 50):
        log.add(step, {"total": 100.0 / step, "other": 1.0} | ({"gain_db": step / 100} if step % 250 == 0 else {}))
    log = CurveLog(tmp_path / "log.csv", ["total", "gain_db"], resume_step=400)
    log.add(450, {"total": 0.2})
    lines = (tmp_path / "log.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["step", *(str(step) for step in range(50, 451, 50))]
    draw(log.path, tmp_path / "log.png", [Panel("loss", ("total",)), Panel("gain (dB)", ("gain_db", "nothing"))])
    picture = cv2.imread(str(tmp_path / "log.png"))
    blue = (picture[..., 0] > 150) & (picture[..., 2] < 90)
    assert blue[:320].sum() > 300  # the curve of the first panel
    falls = [int(np.flatnonzero(blue[40:270, x]).mean()) for x in (95, 200, 700)]
    assert falls == sorted(falls)  # from the top down
    assert ticks(0.0, 1.0) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])


def grids(batch=3, cells=24):
    made = torch.Generator().manual_seed(1)
    return [torch.rand(batch, 16, cells, cells, generator=made) for _ in range(2)]


def test_faithfulness_is_charbonnier_and_edge_with_their_gradient():
    output, truth = grids(cells=7)
    output.requires_grad_()
    by_hand = charbonnier(output, truth) + 0.4 * edge(F.pixel_shuffle(output, 4), F.pixel_shuffle(truth, 4))
    both, away, steep = faithfulness(output, truth, 0.4)
    assert torch.allclose(both, by_hand, atol=1e-6)
    assert torch.allclose(both, away + 0.4 * steep)
    dear = torch.tensor([1.0, 2.0, 0.5])
    (expected,) = torch.autograd.grad(by_hand, output, dear)
    (found,) = torch.autograd.grad(both, output, dear)
    assert torch.allclose(found, expected, atol=1e-7)


def test_harm_is_felt_only_where_the_gain_is_missed():
    _, truth = grids()
    blurred = truth + 0.1
    better, worse = truth + 0.05, truth + 0.12
    before = squared_errors(blurred, truth)
    assert before.shape == (3, 2, 2)
    assert harm(squared_errors(better, truth), before, 0.2).max() == 0.0
    lost = harm(squared_errors(worse, truth), before, 0.2)
    assert lost.mean() == pytest.approx(2 * np.log(1.2) + 0.02 * np.log(10.0), rel=1e-2)
    spot = better.clone()
    spot[:, :, :6, :6] = truth[:, :, :6, :6] + 0.3  # harmed in one tile alone
    assert (harm(squared_errors(spot, truth), before, 0.2) > 0).sum() == 3
