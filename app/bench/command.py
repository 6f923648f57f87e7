"""`main.py bench NAME`: runs one measurement, prints its table, writes its JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Mapping
from typing import Any

from app.arguments import UsageError, output_file

# name -> (module, what it measures).  Each module has `add_arguments(parser)` and `run(args) -> dict`.
BENCHES: dict[str, tuple[str, str]] = {
    "ui": ("app.bench.ui", "the whole running tower: pictures, delays, bus cycle, UI thread, memory, start"),
    "regulation": ("app.bench.regulation", "the abdomen's pressure in every scenario, against an on/off insufflator"),
    "light": ("app.bench.light", "the light: settling, overshoot and error of the LED current, heat, faults, age"),
    "vision": ("app.bench.vision", "the enhanced view: milliseconds a frame, runtime table, camera pace, DeblurGAN-v2"),
    "codec": ("app.bench.codec", "frame codec against pymodbus' RTU framer"),
    "bus": ("app.bench.bus", "how punctual the bus cycle is: idle, in trouble, with video at full load"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`NAME`, `--json`, and the options of every bench under its name."""
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME", help="one of: " + ", ".join(BENCHES))
    for name, (module_name, text) in BENCHES.items():
        bench = names.add_parser(name, help=text, description=text)
        bench.add_argument("--json", type=output_file, metavar="FILE", help="also write the figures as JSON")
        module = importlib.import_module(module_name)
        module.add_arguments(bench)


def run(args: argparse.Namespace) -> int:
    """Exit code 0; 1 when the bench could not be run; 2 for bad usage, before anything was run."""
    module = importlib.import_module(BENCHES[args.name][0])
    try:
        figures: dict[str, Any] = module.run(args)
    except UsageError as error:
        print(f"bench {args.name}: {error}", file=sys.stderr)
        return 2
    except RuntimeError as error:
        print(f"bench {args.name}: {error}", file=sys.stderr)
        return 1
    table = getattr(module, "table", _lines)  # a bench may have a table of its own
    for line in table(figures):
        print(line)
    if args.json is not None:
        try:
            args.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            print(f"bench {args.name}: {args.json} could not be written: {error.strerror}", file=sys.stderr)
            return 1
    return 0


def _lines(figures: Mapping[str, Any], indent: str = "") -> list[str]:
    lines: list[str] = []
    for key, value in figures.items():
        if isinstance(value, Mapping):
            lines.append(f"{indent}{key}")
            lines.extend(_lines(value, indent + "  "))
        else:
            lines.append(f"{indent}{key:<28} {value}")
    return lines
