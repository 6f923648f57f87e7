"""What may stand in a scenario, table by table, and the problems of one that has something else in it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from hardware.gas_modes import InsufflationMode
from hardware.quantities import LIGHT_INTENSITY
from hardware.simulator.faults import FAULTS
from hardware.simulator.patient import PATIENTS
from hardware.simulator.plant_values import PLANT_VALUES, PlantChoice, PlantValue, checked_number
from hardware.simulator.scenario_lines import Key

MODE_NAMES: dict[str, InsufflationMode] = {mode.name.lower(): mode for mode in InsufflationMode}
GAS_ORDERS = ("supply", "pause", "off", "vent")
LONGEST_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `minimum` to `maximum`."""

    minimum: float
    maximum: float

    def check(self, key: str, value: object) -> float:
        return checked_number(key, value, self.minimum, self.maximum)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several names."""

    names: tuple[str, ...]

    def check(self, key: str, value: object) -> str:
        if not isinstance(value, str) or value not in self.names:
            near = difflib.get_close_matches(value, self.names, 1) if isinstance(value, str) else []
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{key} must be one of {', '.join(self.names)}; got {value!r}{hint}")
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """Text of a line, not empty."""

    def check(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"{key} must be a text, got {value!r}")
        return value.strip()


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def check(self, key: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"{key} must be true or false, got {value!r}")
        return value


Rule = Number | Choice | Text | Flag


@dataclass(frozen=True, slots=True)
class Table:
    """The keys of one table: those it must have, and those it may have."""

    must: Mapping[str, Rule] = field(default_factory=dict)
    may: Mapping[str, Rule] = field(default_factory=dict)


def _rule(row: PlantValue | PlantChoice) -> Rule:
    return Choice(row.choices) if isinstance(row, PlantChoice) else Number(row.minimum, row.maximum)


_VALUES: dict[str, Rule] = {key: _rule(row) for key, row in PLANT_VALUES.items()}
_SECONDS = Number(0.05, LONGEST_S)
_ORDERS: dict[str, Rule] = {
    "mode": Choice(tuple(MODE_NAMES)),
    "pressure_mmhg": Number(1.0, 30.0),  # the mode's own range is judged with the mode
    "flow_l_min": Number(0.1, 40.0),
    "gas": Choice(GAS_ORDERS),
    "light": Flag(),
    "intensity_percent": Number(LIGHT_INTENSITY.minimum, LIGHT_INTENSITY.maximum),
}
TOP = Table(
    must={"title": Text(), "duration_s": Number(1.0, LONGEST_S)},
)
TABLES = ("patient", "start", "plant", "event")
PATIENT = Table(
    may={
        "name": Choice(tuple(PATIENTS)),
        "relaxation": Number(0.0, 1.0),
        "compliance_scale": Number(0.2, 3.0),
        "ripple_mmhg": Number(0.0, 10.0),
        "breaths_per_min": Number(4.0, 60.0),
        "inspiration_s": Number(0.3, 5.0),
        "uptake_ml_min": Number(0.0, 300.0),
    }
)
START = Table(may=_ORDERS)
PLANT = Table(may=_VALUES)
_WHEN: dict[str, Rule] = {"every_s": Number(0.1, LONGEST_S), "until_s": Number(0.0, LONGEST_S)}
_FLOW_FOR = {"l_min": Number(0.1, 100.0), "duration_s": _SECONDS}
EVENTS: dict[str, Table] = {
    "set": Table(may=_VALUES),
    "fault": Table(
        must={"name": Choice(tuple(sorted(FAULTS)))}, may={"value": Number(-1e9, 1e9), "duration_s": _SECONDS}
    ),
    "repair": Table(must={"name": Choice(("all", *sorted(FAULTS)))}),
    "cough": Table(must={"volume_ml": Number(0.0, 6000.0), "duration_s": Number(0.05, 60.0)}),
    "press": Table(must={"volume_ml": Number(-3000.0, 6000.0), "ramp_s": Number(0.05, 600.0), "duration_s": _SECONDS}),
    "leak": Table(must=_FLOW_FOR),  # at 12 mmHg, on top of `leak_l_min`
    "instrument_exchange": Table(must=_FLOW_FOR),
    "suction": Table(must=_FLOW_FOR),
    "uptake": Table(must={"ml_min": Number(0.0, 300.0)}),
    "order": Table(may=_ORDERS),
    "line_noise": Table(must={"bit_error_rate": Number(0.0, 0.5), "duration_s": _SECONDS}),
}


@dataclass(slots=True)
class Findings:
    """The problems found so far: (where, what)."""

    problems: list[tuple[Key, str]] = field(default_factory=list)

    def add(self, where: Key, text: str) -> None:
        self.problems.append((where, text))

    def table(self, where: Key, what: str, given: object, table: Table, also: Mapping[str, Rule]) -> dict[str, object]:
        """The values of one table as far as they can be used; `what` it is called, `also` what it may have too."""
        if not isinstance(given, dict):
            self.add(where, f"{what} must be a table, got {given!r}")
            return {}
        rules = {**table.must, **table.may, **also}
        good: dict[str, object] = {}
        for key, value in given.items():
            if key not in rules:
                near = difflib.get_close_matches(key, rules, 1, cutoff=0.5)
                hint = f"did you mean {near[0]!r}? " if near else ""
                self.add((*where, key), f"{what} has no {key!r}; {hint}It has {', '.join(rules)}")
                continue
            try:
                good[key] = rules[key].check(key, value)
            except ValueError as error:
                self.add((*where, key), str(error).removeprefix(f"{key} "))  # the place names the key already
        for key in table.must:
            if key not in given:
                self.add(where, f"{what} lacks {key!r}: it must have {', '.join(table.must)}")
        return good


def event_table(findings: Findings, where: Key, given: object, duration_s: float) -> tuple[str, dict[str, object]]:
    """Kind and values of one event; the kind is empty when it cannot be told."""
    if not isinstance(given, dict):
        findings.add(where, f"event must be a table, got {given!r}")
        return "", {}
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in EVENTS:
        near = difflib.get_close_matches(kind, EVENTS, 1) if isinstance(kind, str) else []
        hint = f"; did you mean {near[0]!r}?" if near else ""
        got = "nothing" if kind is None else repr(kind)
        findings.add((*where, "kind"), f"an event's kind must be one of {', '.join(EVENTS)}; got {got}{hint}")
        return "", {}
    table = EVENTS[kind]
    # Its own keys first, so that they are named first when something is missing.
    timed = Table({**table.must, "at_s": Number(0.0, duration_s)}, table.may)
    rest = {key: value for key, value in given.items() if key != "kind"}
    values = findings.table(where, kind, rest, timed, _WHEN)
    if not table.must and not set(given) & set(table.may):
        findings.add(where, f"{kind} does nothing: give it one of {', '.join(table.may)}")
    if "until_s" in given and "every_s" not in given:
        findings.add((*where, "until_s"), f"{kind}: until_s ends a repetition, so every_s must be there too")
    at_s, until_s = values.get("at_s"), values.get("until_s")
    if isinstance(at_s, float) and isinstance(until_s, float) and until_s < at_s:
        findings.add((*where, "until_s"), f"{kind}: until_s must not lie before at_s ({at_s:g}), got {until_s:g}")
    return kind, values
