"""`main.py doctor`: checks this machine, and says what to do about each thing that is not well."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from app import __version__, checks, paths
from app.checks import Finding, Level
from app.config import Config, ConfigError, demo_config, load_config
from app.qt_probe import probe

OK, FAILED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `doctor`."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="check this configuration and what it points to")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--probe-qt", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Check and print, one line a finding.  0 when nothing fails, else 1."""
    if args.probe_qt:
        return probe()
    findings: list[Finding] = []

    def take(name: str, check: Callable[[], Finding | Iterable[Finding]]) -> None:
        for finding in _safely(name, check):
            findings.append(finding)
            if not args.json:
                print(_line(finding), flush=True)

    config: Config | None = None
    if args.config is not None:
        try:
            config = load_config(args.config)
            take("configuration", lambda: Finding("configuration", Level.OK, str(args.config)))
        except ConfigError as error:
            text = " | ".join(error.problems)
            action = f"correct {args.config}; {paths.example_config()} shows every key"
            take("configuration", lambda: Finding("configuration", Level.FAIL, text, action))
    settings = config or demo_config()
    take("python", checks.python)
    take("pyside6", checks.qt_version)
    take("qt", checks.display_and_audio)
    take("serial ports", checks.ports)
    take("cameras", checks.cameras)
    take("weights", lambda: checks.weights(settings.enhance.models))
    take("enhanced view", lambda: checks.enhanced_view(settings.enhance.models, settings.enhance.time_budget_ms))
    take("recordings", lambda: checks.recordings(settings.recording.directory, settings.recording.min_free_mb))
    take("encoder", lambda: checks.encoder(settings.recording.codec, settings.recording.container))
    if args.config is None or config is not None:  # with a bad configuration there is nothing to open
        take("bus", lambda: checks.bus(settings))
    if config is not None:
        take("video source", lambda: checks.video(settings))
    failed = sum(finding.level is Level.FAIL for finding in findings)
    if args.json:
        print(json.dumps(_as_json(findings, failed), indent=2))
    else:
        warned = sum(finding.level is Level.WARN for finding in findings)
        print(f"{len(findings)} checks: {failed} failed, {warned} with a warning")
    return FAILED if failed else OK


def _safely(name: str, check: Callable[[], Finding | Iterable[Finding]]) -> list[Finding]:
    try:
        found = check()
    except Exception as error:  # a check that breaks is a finding itself, and the others still run
        text = f"the check itself failed: {type(error).__name__}: {error}"
        return [Finding(name, Level.FAIL, text, "install the program again; if it stays, report this line")]
    return [found] if isinstance(found, Finding) else list(found)


def _line(finding: Finding) -> str:
    action = f"  ->  {finding.action}" if finding.action else ""
    return f"{finding.level:<4}  {finding.name}: {' '.join(finding.text.split())}{action}"


def _as_json(findings: list[Finding], failed: int) -> dict[str, object]:
    return {
        "version": __version__,
        "failed": failed,
        "findings": [{"name": f.name, "level": f.level.lower(), "text": f.text, "action": f.action} for f in findings],
    }
