"""`main.py library build DIR | list | check DIR`: the standard pictures by which the tower tells regions apart."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app import paths
from app.arguments import positive_count
from vision.library import PER_REGION, UNKNOWN_BELOW
from vision.library_build import (
    MANIFEST,
    UNKNOWN,
    LibraryError,
    Pictures,
    build_library,
    load_net,
    read_folders,
    read_split,
)
from vision.models.region import RegionNet
from vision.runtime import read_library
from vision.settings import WeightsError

OK, FAILED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `library`."""
    tasks = parser.add_subparsers(dest="task", required=True, metavar="build | list | check")
    build = tasks.add_parser("build", help="make a library from folders of pictures, one folder a region")
    build.add_argument("folder", type=Path, metavar="DIR", help="folders of pictures, or a folder with manifest.tsv")
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the library is written")
    build.add_argument(
        "--per-region", type=positive_count, default=PER_REGION, metavar="N", help=f"prototypes kept ({PER_REGION})"
    )
    build.add_argument("--split", default="train", metavar="NAME", help="of a manifest (train)")
    show = tasks.add_parser("list", help="what a library holds")
    check = tasks.add_parser("check", help="judge pictures of known regions by a library")
    check.add_argument("folder", type=Path, metavar="DIR", help="folders of pictures, or a folder with manifest.tsv")
    check.add_argument("--split", default="val", metavar="NAME", help="of a manifest (val)")
    for one in (show, check):
        one.add_argument("--library", type=Path, default=None, metavar="DIR", help="default: the one installed")
    for one in (build, show, check):
        one.add_argument("--models", type=Path, default=paths.models(), metavar="DIR", help="folder of the weights")


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 when the pictures, the library or the weights cannot be used (it says why)."""
    try:
        return {"build": _build, "list": _list, "check": _check}[args.task](args)
    except (LibraryError, WeightsError) as error:
        print(f"library: {error}", file=sys.stderr)
        return FAILED


def _build(args: argparse.Namespace) -> int:
    net, region_sha256 = load_net(args.models)
    pictures = _read(net, args)
    words = ["main.py", "library", "build", args.folder.name, "--per-region", str(args.per_region)]
    built = build_library(pictures, args.out, region_sha256, shlex.join(words), args.per_region)
    _name_skipped(pictures)
    how = "each operation" if pictures.by_operation else "each picture"
    print(f"judged by the library of all others, {how} left out in turn:")
    print(confusion(pictures.names, [one.found for one in built.left_out]))
    if not pictures.by_operation:
        print(
            "\nPictures of one operation are alike, so this is better than what other operations will give, and the\n"
            "limits are stricter.  Put the pictures of each operation into a folder of its own within the region's."
        )
    library = built.library
    print(f"\n{'region':24} prototypes  unknown below")
    for at, (region, limit) in enumerate(zip(library.regions, library.limits, strict=True)):
        print(f"{region:24} {int((library.labels == at).sum()):10d}  {limit:13.3f}")
    if set(library.limits) == {UNKNOWN_BELOW}:
        print("the limits are not calibrated: with a single operation nothing can be left out")
    print(f"\nwritten: {built.path}")
    return OK


def _list(args: argparse.Namespace) -> int:
    library, card = read_library(_folder(args))
    print(f"{'region':24} prototypes  unknown below  pictures")
    given: dict[str, Any] = card.get("data", {}).get("pictures", {})
    for at, (region, limit) in enumerate(zip(library.regions, library.limits, strict=True)):
        count = int((library.labels == at).sum())
        print(f"{region:24} {count:10d}  {limit:13.3f}  {given.get(region, 'not said')!s:>8}")
    print()
    for name in ("built", "command", "limits", "region_sha256", "sha256"):
        print(f"{name:14} {card.get(name, 'not said')}")
    print(f"{'data':14} {_data(card.get('data', {}))}")
    return OK


def _check(args: argparse.Namespace) -> int:
    net, region_sha256 = load_net(args.models)
    library, card = read_library(_folder(args), region_sha256)
    pictures = _read(net, args)
    _name_skipped(pictures)
    found = [library.nearest(vector)[0] for vector in pictures.embeddings]
    print(confusion(pictures.names, found, library.regions))
    missing = sorted(set(pictures.names) - set(library.regions))
    if missing:
        print(f"not in the library, so only {UNKNOWN!r} is right for them: {', '.join(missing)}")
    print(f"library of {card.get('built', 'no date')}, {len(library.regions)} regions")
    return OK


def _folder(args: argparse.Namespace) -> Path:
    return args.models.parent / "library" if args.library is None else args.library


def _read(net: RegionNet, args: argparse.Namespace) -> Pictures:
    if (args.folder / MANIFEST).is_file():
        return read_split(net, args.folder, args.split)
    return read_folders(net, args.folder)


def _name_skipped(pictures: Pictures) -> None:
    for line in pictures.skipped:
        print(f"left out: {line}", file=sys.stderr)


def _data(data: dict[str, Any]) -> str:
    known = {"folder": "folder", "fitted_on": "from", "split": "split", "manifest_sha256": "manifest SHA-256"}
    return "; ".join(f"{text} {data[key]}" for key, text in known.items() if key in data) or "not said"


def confusion(truth: Sequence[str], found: Sequence[str | None], known: Sequence[str] | None = None) -> str:
    """Rows: true regions, columns: found ones and unknown; then accuracy, balanced over the regions.

    Of a region that is not among `known` (None: all are), unknown is the right answer.
    """

    def answer(region: str) -> str:
        return region if known is None or region in known else UNKNOWN

    columns = [*sorted({*truth, *(name for name in found if name is not None)}), UNKNOWN]
    width = max(12, *(len(name) for name in columns))
    lines = ["".join([" " * width, *(f"  {name[:9]:>9}" for name in columns), "      right"])]
    shares: list[float] = []
    for region in sorted(set(truth)):
        mine = [name or UNKNOWN for own, name in zip(truth, found, strict=True) if own == region]
        counts = [mine.count(name) for name in columns]
        shares.append(mine.count(answer(region)) / len(mine))
        lines.append("".join([f"{region:{width}}", *(f"  {n or '.':>9}" for n in counts), f"      {shares[-1]:5.0%}"]))
    right = sum(answer(own) == (name or UNKNOWN) for own, name in zip(truth, found, strict=True))
    lines.append(
        f"balanced accuracy {sum(shares) / len(shares):.3f} over {len(shares)} regions, "
        f"{right} of {len(truth)} pictures right, {sum(name is None for name in found)} unknown"
    )
    return "\n".join(lines)
