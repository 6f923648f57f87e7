"""The command line of the process of the enhanced view: written by the tower, read by the process.  No torch here."""

from __future__ import annotations

import argparse
from pathlib import Path

from vision.settings import ORDERS, Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `enhancer-process`: the settings of the enhanced view, all of them."""
    parser.add_argument("--models", type=Path, required=True, metavar="DIR")
    parser.add_argument("--pictures", type=Path, required=True, metavar="FILE", help="the shared memory")
    parser.add_argument("--threshold", type=float, required=True)
    parser.add_argument("--deblur", choices=("on", "off"), required=True)
    parser.add_argument("--order", choices=ORDERS, required=True)
    parser.add_argument("--time-budget-ms", type=float, help="default: no limit")
    parser.add_argument("--exposure-share", type=float, required=True)


def arguments_for(models: Path, pictures: Path, settings: Settings) -> list[str]:
    """The command line that `add_arguments` reads, from the subcommand on."""
    line = ["enhancer-process", "--models", str(models), "--pictures", str(pictures)]
    line += ["--threshold", repr(settings.threshold), "--deblur", "on" if settings.deblur else "off"]
    line += ["--order", settings.order, "--exposure-share", repr(settings.exposure_share)]
    if settings.time_budget_ms is not None:
        line += ["--time-budget-ms", repr(settings.time_budget_ms)]
    return line


def settings_of(args: argparse.Namespace) -> Settings:
    """What `arguments_for` was given."""
    return Settings(
        args.threshold, args.deblur == "on", args.order, args.time_budget_ms, exposure_share=args.exposure_share
    )
