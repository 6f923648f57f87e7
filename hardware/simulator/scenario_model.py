"""A scenario as a value: patient, start, events and orders in their order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hardware.ccu.orders import GasOrder
from hardware.gas_modes import InsufflationMode
from hardware.simulator.patient import Patient


class ScenarioError(Exception):
    """A scenario that cannot be played.  The text names file, line and key of every problem, fit for the user."""

    def __init__(self, path: Path | str, problems: Sequence[str]) -> None:
        self.path = path
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__(
            "\n".join([f"The scenario {path} cannot be played: {count}.", *(f"  - {p}" for p in self.problems)])
        )


@dataclass(frozen=True, slots=True)
class Order:
    """What people order of the tower at `at_s`; None: as it is.  A regulator obeys it, the plant does not know it."""

    at_s: float
    mode: InsufflationMode | None = None
    pressure_mmhg: float | None = None
    flow_l_min: float | None = None
    gas: GasOrder | None = None
    light: bool | None = None
    intensity_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What happens to the plant at `at_s`.  `values` are those of its kind (docs/simulator.md), checked."""

    at_s: float
    kind: str
    values: tuple[tuple[str, float | str], ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario, checked.  Repetitions are written out; events and orders stand in their order of time."""

    name: str
    title: str
    duration_s: float
    patient: Patient
    start: Order  # complete: mode, pressure, flow, gas, light, intensity
    plant: tuple[tuple[str, float | str], ...]  # plant values at the start
    events: tuple[Event, ...]
    orders: tuple[Order, ...]
