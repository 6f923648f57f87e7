"""The command `train`: its arguments, and what it runs."""

from __future__ import annotations

import argparse
import importlib
import math
import os
import shlex
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import torch

from vision.settings import WeightsError
from vision.training.data import DataError, read_manifest
from vision.training.schedule import DEFAULT_MINUTES, Diverged, Interrupted
from vision.training.settings import SettingsError, build, limits, read_file, settings_of
from vision.training.world import NoDeviceError

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
PEERS = ("nafnet", "deblurgan-v2")  # to compare with; vision.peers
GENERATORS = ("generator", "blind")  # of blurred pictures with a clear memory, and without
NETS = ("sharpness", "region", *GENERATORS, *PEERS)
DEVICES = ("auto", "cpu", "cuda")
OPTIONS = ("minutes", "cpu_minutes", "steps", "seed", "samples", "val_samples", "batch", "learning_rate", "start")
OPTIONS += ("bank", "threads", "device", "data", "out")

P = TypeVar("P")


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """`train NET [--config FILE] [--minutes N] [--cpu-minutes N] [--steps N] [--seed N] [--samples N] [--val-samples N]
    [--batch N] [--learning-rate X] [--start DIR] [--bank DIR] [--threads N] [--device D] [--data DIR] [--out DIR]
    [--resume]`.

    Options that are not said are None: then the configuration file counts, then the default.
    """
    parser.add_argument("net", choices=NETS, help="which network to train")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings as TOML; the command line wins over it")
    parser.add_argument("--minutes", type=_minutes, metavar="N", help="time limit, of the whole run (default 20)")
    parser.add_argument("--cpu-minutes", type=_minutes, metavar="N", help="limit in minutes of processor time")
    parser.add_argument("--steps", type=int, metavar="N", help="ends at N steps in all, if sooner")
    parser.add_argument("--samples", type=int, metavar="N", help="synthetic samples to make (generator)")
    parser.add_argument("--val-samples", type=int, metavar="N", help="samples to choose by (generator)")
    parser.add_argument("--batch", type=int, metavar="N", help="samples of a step and process")
    parser.add_argument("--learning-rate", type=float, metavar="X", help="at its highest")
    parser.add_argument("--start", type=Path, metavar="DIR", help="begin with the weights in DIR (generator)")
    parser.add_argument("--bank", type=Path, metavar="DIR", help="folder of samples to share (peers; default --out)")
    parser.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same run (default 1)")
    parser.add_argument("--threads", type=int, metavar="N", help="processor threads (default 1)")
    parser.add_argument("--device", choices=DEVICES, help="default auto: a GPU where there is one (generator)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder with manifest.tsv")
    parser.add_argument("--out", type=Path, metavar="DIR", help="results (default runs/NET)")
    parser.add_argument("--resume", action="store_true", help="goes on from the checkpoint in --out")


@dataclass(frozen=True, slots=True)
class Run:
    """Settings of a run that are not of the network's plan."""

    threads: int = limits(1, 1, 1024)
    device: str = limits("auto", choices=DEVICES)
    data: Path = DATA
    out: Path | None = None


def run_train(args: argparse.Namespace) -> int:
    """0 well, 1 failed (no data, no checkpoint, diverged, stopped by a signal), 2 bad usage or configuration."""
    out = Path("runs") / args.net
    try:
        peer = args.net in PEERS
        ours = "generator" if args.net in GENERATORS else args.net
        module = importlib.import_module("vision.peers.train" if peer else f"vision.training.train_{ours}")
        run, plan = settings_from(args, module.Plan)
        _check_place(args.net, run.device)
        out = run.out or out
        torch.set_num_threads(run.threads)
        _warn_of_busy_cores(run.threads)
        manifest = read_manifest(run.data)
        out.mkdir(parents=True, exist_ok=True)
        more = {"device": run.device, "net": args.net} if args.net in GENERATORS else {}
        train = partial(module.train, args.net) if peer else module.train
        scores = train(manifest, plan, out, args.resume, _command(args), **more)
    except SettingsError as error:
        return _say(str(error), 2)
    except (DataError, WeightsError, NoDeviceError, Diverged, Interrupted) as error:
        return _say(str(error), 1)
    except OSError as error:
        return _say(
            f"{out}: cannot be written or read ({error}); what was kept before is untouched: make room or rights and "
            "go on with --resume, or choose another folder with --out",
            1,
        )
    if os.environ.get("RANK", "0") == "0":
        for name, value in scores.items():
            print(f"{name:32} {value:10.4f}")
        print(f"weights and card: {out}")
    return 0


def settings_from(args: argparse.Namespace, plan: type[P]) -> tuple[Run, P]:
    """What the command line says, else the file of --config, else the defaults.  Raises `SettingsError`."""
    known = settings_of(Run) | settings_of(plan)
    values = {} if args.config is None else read_file(args.config, args.net, NETS, known)
    for name in OPTIONS:
        said = getattr(args, name)
        if said is None:
            continue
        option = "--" + name.replace("_", "-")
        if name not in known:
            raise SettingsError(f"{option}: the training of {args.net} has no such setting")
        values[name] = known[name].check(said, option)
    # A bound by processor time or steps alone is no bound by the clock.
    if "minutes" in known and not {"minutes", "cpu_minutes", "steps"} & values.keys():
        values["minutes"] = DEFAULT_MINUTES
    return build(Run, values), build(plan, values)


def _check_place(net: str, device: str) -> None:
    """Only the generators are trained on a GPU or in several processes.  Raises `SettingsError`."""
    if net in GENERATORS:
        return
    if device == "cuda":
        raise SettingsError(f"--device cuda: {net} is trained on the processor alone; leave the option out")
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise SettingsError(f"{net} is trained by one process; start it without torchrun")


def _command(args: argparse.Namespace) -> str:
    """The command that repeats this run, without paths of this machine."""
    words = ["main.py", "train", args.net]
    words += [] if args.config is None else ["--config", args.config.name]
    for name in OPTIONS:
        said = getattr(args, name)
        if said is None or name in ("data", "out"):
            continue
        text = said.name if isinstance(said, Path) else f"{said:g}" if isinstance(said, float) else str(said)
        words += ["--" + name.replace("_", "-"), text]
    words += ["--resume"] if args.resume else []
    return shlex.join(words)


def _minutes(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of minutes above 0, got {text!r}")
    return value


def _warn_of_busy_cores(threads: int) -> None:
    """Torch's threads wait for the slowest of them after every layer: on busy cores that costs ten times and more."""
    if threads > 1 and hasattr(os, "getloadavg") and os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1):
        print(
            f"note: other work keeps this machine busy (load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores); "
            "--threads 1, or several processes by torchrun, will probably train much faster",
            file=sys.stderr,
        )


def _say(text: str, code: int) -> int:
    print(f"error: {text}", file=sys.stderr)
    return code
