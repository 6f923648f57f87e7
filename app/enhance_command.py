"""`main.py enhance SRC DST`: the enhanced view on a film or a folder of pictures, without a screen."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from app import paths
from app.arguments import output_file
from vision.enhance import Enhancer
from vision.frames import SourceError
from vision.offline.enhance import OfflineError, enhance_path
from vision.offline.film import FilmError
from vision.runtime import load
from vision.settings import Settings, WeightsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `enhance`."""
    parser.add_argument("src", type=Path, metavar="SRC", help="a film, or a folder of pictures (one sequence by name)")
    parser.add_argument(
        "dst",
        type=Path,
        metavar="DST",
        help="the film (.mkv, .mp4, .mov, .avi), or the folder for the pictures, under their own names",
    )
    parser.add_argument(
        "--report", type=output_file, metavar="FILE.json", help="write what was done to the frames, as JSON"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace what DST holds")
    parser.add_argument("--models", type=Path, default=paths.models(), metavar="DIR", help="folder of the weights")
    parser.add_argument("--threshold", type=_probability, default=None, help="a frame with P(clear) above it is clear")


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"expected a probability from 0 to 1, got {text!r}")
    return value


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 when frames were skipped or lost (the report says which); 2 when nothing could be started."""
    # Offline nothing is ever late, so no frame is left raw for want of time.
    settings = Settings(time_budget_ms=None)
    if args.threshold is not None:
        settings = replace(settings, threshold=args.threshold)
    try:
        weights = load(args.models)
    except WeightsError as error:
        print(f"enhance: {error}", file=sys.stderr)
        return 2
    enhancer = Enhancer(weights, settings)
    bar = tqdm(unit="frame", disable=not sys.stderr.isatty())

    def progress(done: int, total: int | None) -> None:
        bar.total = total
        bar.update(done - bar.n)

    try:
        report = enhance_path(args.src, args.dst, enhancer, progress=progress, overwrite=args.overwrite)
    except (OfflineError, SourceError) as error:
        print(f"enhance: {error}", file=sys.stderr)
        return 2
    except (FilmError, OSError) as error:
        print(f"enhance: writing failed: {error}", file=sys.stderr)
        return 1
    finally:
        bar.close()
        enhancer.close()
    print(report)
    if args.report is not None:
        try:
            args.report.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            print(f"enhance: the report {args.report} could not be written: {error.strerror}", file=sys.stderr)
            return 1
    return 0 if report.complete else 1
