"""Scenarios: TOML files of a patient, a start, and what happens over time.  Written up in docs/simulator.md."""

from __future__ import annotations

import sys
from pathlib import Path

from hardware.simulator.scenario_model import Event, Order, Scenario, ScenarioError
from hardware.simulator.scenario_player import ScenarioPlayer
from hardware.simulator.scenario_reader import parse_scenario

__all__ = [
    "SCENARIOS",
    "Event",
    "Order",
    "Scenario",
    "ScenarioError",
    "ScenarioPlayer",
    "load_scenario",
    "parse_scenario",
    "scenario_folder",
    "shipped",
]


def scenario_folder() -> Path:
    """Where the shipped scenarios lie, in a checkout and in a bundle."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return root / "resources" / "scenarios"


def shipped() -> dict[str, Path]:
    """The shipped scenarios' files by name, sorted."""
    return {path.stem: path for path in sorted(scenario_folder().glob("*.toml"))}


SCENARIOS: dict[str, Path] = shipped()


def load_scenario(path_or_name: str | Path) -> Scenario:
    """Read a shipped scenario by its name, or a file.  Raises `ScenarioError` with everything that is wrong in it."""
    given = str(path_or_name)
    path = SCENARIOS.get(given) or Path(path_or_name)
    if not path.suffix and not path.exists():
        raise ScenarioError(given, [f"no such file, and none is shipped by that name; shipped: {', '.join(SCENARIOS)}"])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ScenarioError(path, [f"{path}: the file cannot be read: {error.strerror}; give a TOML file"]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ScenarioError(path, [f"{path}:{line}: expected UTF-8 text; save the file as UTF-8"]) from None
    return parse_scenario(text, path)
