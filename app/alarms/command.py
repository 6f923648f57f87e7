"""`main.py alarms`: prints the alarm log, the latest entry last; and the door of the sound process."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from app import paths
from app.alarms.log import AlarmEntry, read_entries
from app.arguments import positive_count
from app.config import load_config

OK, FAILED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `alarms`."""
    parser.add_argument("--last", type=positive_count, default=50, metavar="N", help="so many entries (default 50)")
    parser.add_argument("--json", action="store_true", help="print each entry as a line of JSON")
    parser.add_argument("--config", type=Path, metavar="FILE", help="of the tower that this configuration describes")
    parser.add_argument("--sound-process", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Print the latest entries, oldest first.  0 when well, 1 when the log cannot be read."""
    if args.sound_process:
        from app.alarms.sounder import run as sound  # Qt is loaded for this alone

        return sound()
    directory = load_config(args.config).log.directory if args.config else paths.default_log_directory()
    try:
        entries = read_entries(directory)
    except OSError as error:
        print(f"main.py alarms: {error.filename}: {error.strerror}; check the folder's rights", file=sys.stderr)
        return FAILED
    if not entries:
        print(f"main.py alarms: no alarm log in {directory}; it begins with the first run of a tower", file=sys.stderr)
        return FAILED
    for entry in entries[-args.last :]:
        print(json.dumps(asdict(entry), ensure_ascii=False) if args.json else line(entry))
    return OK


def line(entry: AlarmEntry) -> str:
    """One entry for a person: time, run, priority, name, change."""
    note = f" ({entry.note})" if entry.note else ""
    return f"{entry.wall}  {entry.run[:6]}  {entry.priority or '-':6}  {entry.name}: {entry.change}{note}"
