"""The command `evaluate`: its arguments, what it runs, and where its figures go."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from vision.evaluation.footage import look, open_source
from vision.evaluation.footage_report import footage_tables
from vision.evaluation.tables import Table
from vision.evaluation.val import Plan, judge_val
from vision.frames import SourceError
from vision.runtime import Weights, load
from vision.settings import WeightsError
from vision.training.data import DataError, read_manifest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
SECTIONS = ("generator", "sharpness", "region")
SEQUENCES = 60
SIZE = (1280, 720)
SMALLEST_PX = 160


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`evaluate [PATH | --data DIR] [--only SECTION] [--sequences N] [--seed N] [--size WxH] [--peers DIR]
    [--models DIR] [--threshold P] [--json FILE] [--markdown FILE] [--sheet DIR]`."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="data folder with manifest.tsv (its val operations are judged against the truth); or a film, a picture or"
        " a folder of pictures (no truth is known: what the enhanced view does to them)",
    )
    where.add_argument("--data", type=Path, default=None, metavar="DIR", help=f"data folder (default {_short(DATA)})")
    parser.add_argument(
        "--only", action="append", choices=SECTIONS, metavar="SECTION", help="only this: " + ", ".join(SECTIONS)
    )
    parser.add_argument(
        "--sequences",
        type=_count,
        default=SEQUENCES,
        metavar="N",
        help=f"shaken sequences to judge, twelve make a set of every kind (default {SEQUENCES}: about 10 minutes of one"
        " core, with the two peers)",
    )
    parser.add_argument("--seed", type=_seed, default=7, metavar="N", help="of the shaken sequences (default 7)")
    parser.add_argument("--size", type=_size, default=SIZE, metavar="WxH", help="of the sequences (default 1280x720)")
    parser.add_argument("--peers", type=Path, default=None, metavar="DIR", help="weights of NAFNet and DeblurGAN-v2")
    parser.add_argument(
        "--models", type=Path, default=ROOT / "resources" / "models", metavar="DIR", help="weights to judge"
    )
    parser.add_argument("--threshold", type=_probability, default=0.5, metavar="P", help="clear above P (default 0.5)")
    parser.add_argument("--json", type=_output_file, default=None, metavar="FILE", help="all figures, as JSON")
    parser.add_argument("--markdown", type=_output_file, default=None, metavar="FILE", help="the tables, as Markdown")
    parser.add_argument(
        "--sheet",
        type=Path,
        default=None,
        metavar="DIR",
        help="picture sheets (PNG): recorded, every method, truth.  They hold crops of the data: keep them out of the"
        " repository",
    )


def run(args: argparse.Namespace) -> int:
    """0 well, whatever the figures are; 1 failed (no data, weights refused); 2 bad usage."""
    path: Path | None = args.path
    footage = path if path is not None and not (path / "manifest.tsv").is_file() else None
    if footage is not None and (args.sheet is not None or args.peers is not None or args.only is not None):
        return _say(
            f"{footage} holds no manifest.tsv, so no truth: --sheet, --peers and --only belong to data folders", 2
        )
    try:
        weights = load(args.models)
        if footage is not None:
            figures = look(open_source(footage), weights, args.threshold)
            tables = footage_tables(figures)
        else:
            figures, tables = _judge_val(path or args.data or DATA, weights, args)
        print("\n\n".join(table.as_text() for table in tables))
        if args.sheet is not None:
            print(f"\npicture sheets: {args.sheet} (they hold crops of the data: keep them out of the repository)")
        if footage is None:
            print("\nspeed is measured by main.py bench vision")
        _write(args.json, lambda: json.dumps(figures, indent=1) + "\n")
        _write(args.markdown, lambda: "\n\n".join(table.as_markdown() for table in tables) + "\n")
    except (DataError, SourceError, WeightsError) as error:
        return _say(str(error), 1)
    except OSError as error:
        return _say(f"{error.filename}: cannot be written or read ({error.strerror}); name another place", 1)
    return 0


def _judge_val(folder: Path, weights: Weights, args: argparse.Namespace) -> tuple[dict[str, Any], list[Table]]:
    sections: Sequence[str] = args.only or SECTIONS
    plan = Plan(tuple(sections), args.sequences, args.seed, args.size, args.threshold, args.peers, args.sheet)
    return judge_val(read_manifest(folder), weights, plan)


def _write(path: Path | None, text: Callable[[], str]) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8")


def _output_file(text: str) -> Path:
    """Refused at once rather than after minutes of work."""
    path = Path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"cannot write {path}: this is a folder; name a file in it")
    above = next(folder for folder in path.absolute().parents if folder.exists())
    if not above.is_dir() or not os.access(path if path.exists() else above, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot write {path}: {above} cannot be written into; name another file")
    return path


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def _probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"expected a probability from 0 to 1, got {text!r}")
    return value


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if width.isdecimal() and height.isdecimal():
        sides = int(width), int(height)
        if min(sides) >= SMALLEST_PX and not any(side % 2 for side in sides):  # H.264 takes even sides
            return sides
    raise argparse.ArgumentTypeError(
        f"expected WIDTHxHEIGHT such as 1280x720, even and at least {SMALLEST_PX} each, got {text!r}"
    )


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0, got {text!r}")
    return int(text)


def _short(path: Path) -> str:
    return f"../{path.relative_to(ROOT.parent)}"


def _say(text: str, code: int) -> int:
    print(f"evaluate: {text}", file=sys.stderr)
    return code
