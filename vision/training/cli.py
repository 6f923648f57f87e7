"""The commands `train` and `evaluate`: their arguments, and what they run."""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from pathlib import Path

import torch

from vision.runtime import WeightsError
from vision.training.data import DataError, read_manifest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
NETS = ("sharpness", "region", "generator")


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """`train NET [--minutes N] [--steps N] [--seed N] [--data DIR] [--out DIR] [--resume]`."""
    parser.add_argument("net", choices=NETS, help="which network to train")
    parser.add_argument("--minutes", type=_minutes, default=20.0, metavar="N", help="time limit (default 20)")
    parser.add_argument("--steps", type=int, default=None, metavar="N", help="ends at N steps in all, if sooner")
    parser.add_argument("--samples", type=int, default=None, metavar="N", help="synthetic samples to make")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same run (default 1)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="processor threads (default 1)")
    parser.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="folder with manifest.tsv")
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="results (default runs/NET)")
    parser.add_argument("--resume", action="store_true", help="goes on from the checkpoint in --out")


def run_train(args: argparse.Namespace) -> int:
    """0 well, 1 failed (no data, no checkpoint), 2 bad usage."""
    if (
        args.threads < 1
        or (args.steps is not None and args.steps < 1)
        or (args.samples is not None and args.samples < 8)
    ):
        return _say("--threads and --steps must be 1 or more, --samples 8 or more", 2)
    torch.set_num_threads(args.threads)
    out = args.out if args.out is not None else Path("runs") / args.net
    try:
        manifest = read_manifest(args.data)
        out.mkdir(parents=True, exist_ok=True)
        command = _command(args)
        if args.net == "generator":
            from vision.training import train_generator as generator

            count = args.samples
            samples = {} if count is None else {"samples": count, "val_samples": max(8, count // 20)}
            plan = generator.Plan(seed=args.seed, minutes=args.minutes, steps=args.steps, **samples)
            scores = generator.train(manifest, plan, out, args.resume, command)
        elif args.net == "sharpness":
            from vision.training import train_sharpness as sharpness

            scores = sharpness.train(
                manifest, sharpness.Plan(args.seed, args.minutes, args.steps), out, args.resume, command
            )
        else:
            from vision.training import train_region as region

            scores = region.train(manifest, region.Plan(args.seed, args.minutes, args.steps), out, args.resume, command)
    except (DataError, WeightsError) as error:
        return _say(str(error), 1)
    except OSError as error:
        return _say(f"{out}: cannot be written or read ({error}); choose another folder with --out", 1)
    for name, value in scores.items():
        print(f"{name:32} {value:10.4f}")
    print(f"weights and card: {out}")
    return 0


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """`evaluate [DIR | --data DIR] [--json FILE] [--models DIR] [--seed N] [--count N] [--no-speed]`."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="folder with manifest.tsv")
    where.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="the same, as for train")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE", help="writes all figures there as well")
    parser.add_argument(
        "--models", type=Path, default=ROOT / "resources" / "models", metavar="DIR", help="weights to judge"
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="of the shaken pictures (default 7)")
    parser.add_argument("--count", type=int, default=160, metavar="N", help="shaken pictures to judge (default 160)")
    parser.add_argument("--no-speed", action="store_true", help="leaves the timing out")


def run_evaluate(args: argparse.Namespace) -> int:
    """0 well, 1 failed (no data, weights refused), 2 bad usage."""
    if args.count < 8:
        return _say("--count must be 8 or more", 2)
    from vision.training import evaluate

    try:
        manifest = read_manifest(args.data if args.folder is None else args.folder)
        figures = evaluate.evaluate(manifest, args.models, args.seed, args.count, not args.no_speed)
        print(evaluate.as_table(figures))
        if args.json is not None:
            evaluate.write(args.json, figures)
    except (DataError, WeightsError) as error:
        return _say(str(error), 1)
    except OSError as error:
        return _say(f"{args.json}: cannot be written ({error}); choose another file with --json", 1)
    return 0


def _command(args: argparse.Namespace) -> str:
    """The command that repeats this run, without paths of this machine."""
    words = ["main.py", "train", args.net, "--minutes", f"{args.minutes:g}", "--seed", str(args.seed)]
    words += ["--threads", str(args.threads)]
    words += [] if args.samples is None else ["--samples", str(args.samples)]
    words += [] if args.steps is None else ["--steps", str(args.steps)]
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


def _say(text: str, code: int) -> int:
    print(f"error: {text}", file=sys.stderr)
    return code
