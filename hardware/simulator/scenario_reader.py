"""Reads a scenario from its text, whole or not at all: every problem is told with line and key, all at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hardware.ccu.orders import GasOrder
from hardware.gas_modes import MODES, InsufflationMode, entering
from hardware.quantities import LIGHT_INTENSITY, PRESSURE_SETPOINT
from hardware.simulator import scenario_check as check
from hardware.simulator.faults import FAULTS, FaultError, check_begin, check_repair
from hardware.simulator.patient import PATIENTS, Patient
from hardware.simulator.scenario_lines import Key, key_lines, line_of
from hardware.simulator.scenario_model import Event, Order, Scenario, ScenarioError

MOST_OCCURRENCES = 20_000
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_scenario(text: str, path: Path | str) -> Scenario:
    """The scenario that `text` describes; `path` is what errors call it.  Raises `ScenarioError`."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = found[1] if found and found[1] else str(text.count("\n") + 1)
        reason = _AT_LINE.sub("", str(error))
        raise ScenarioError(path, [f"{path}:{line}: not valid TOML: {reason}"]) from None
    findings = check.Findings()
    scenario = _build(given, Path(path).stem, findings)
    if findings.problems:
        lines = key_lines(text)
        placed = [(line_of(lines, key) or 1, _key_text(key), what) for key, what in findings.problems]
        placed.sort(key=lambda problem: problem[0])
        raise ScenarioError(path, [f"{path}:{line}: {key}{what}" for line, key, what in placed])
    return scenario


def _key_text(key: Key) -> str:
    """`event[3].at_s: `, counted from 1 as people do; nothing for the file as a whole."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key]
    return f"{''.join(parts).lstrip('.')}: " if parts else ""


def _build(given: dict[str, Any], name: str, findings: check.Findings) -> Scenario:
    tables = {key: check.Text() for key in check.TABLES}
    top = {key: value for key, value in given.items() if key not in tables}
    values = findings.table((), "scenario", top, check.TOP, {})
    duration_s = _number(values, "duration_s", check.LONGEST_S)
    patient_values = findings.table(("patient",), "patient", given.get("patient", {}), check.PATIENT, {})
    start_values = findings.table(("start",), "start", given.get("start", {}), check.START, {})
    plant = findings.table(("plant",), "plant", given.get("plant", {}), check.PLANT, {})
    start = _start(start_values, findings)
    events: list[tuple[Event, Key]] = []
    orders: list[tuple[Order, Key]] = []
    listed = given.get("event", [])
    if not isinstance(listed, list):
        findings.add(("event",), "events stand under [[event]], with two brackets")
        listed = []
    room = MOST_OCCURRENCES
    for index, each in enumerate(listed):
        where: Key = ("event", index)
        kind, event_values = check.event_table(findings, where, each, duration_s)
        if not kind or "at_s" not in event_values:
            continue
        times = list(_times(event_values, duration_s, room))
        room -= len(times)
        if room <= 0:
            findings.add(where, f"{kind}: more than {MOST_OCCURRENCES} events in all; repeat less often")
            break
        for at_s in times:
            if kind == "order":
                orders.append((_order(at_s, event_values), where))
            else:
                events.extend((event, where) for event in _events(at_s, kind, event_values, duration_s))
    events.sort(key=lambda item: item[0].at_s)  # stable: as written, where they happen at once
    orders.sort(key=lambda item: item[0].at_s)
    _judge_orders(start, orders, findings)
    _judge_faults(events, findings)
    return Scenario(
        name=name,
        title=str(values.get("title", "")),
        duration_s=duration_s,
        patient=_patient(patient_values),
        start=start,
        plant=tuple((key, _plain(value)) for key, value in plant.items()),
        events=tuple(event for event, _ in events),
        orders=tuple(order for order, _ in orders),
    )


def _number(values: dict[str, object], key: str, otherwise: float) -> float:
    value = values.get(key)
    return value if isinstance(value, float) else otherwise


def _plain(value: object) -> float | str:
    return value if isinstance(value, float) else str(value)


def _patient(values: dict[str, object]) -> Patient:
    base = PATIENTS[str(values.get("name", "adult"))]
    return replace(base, **{key: value for key, value in values.items() if isinstance(value, float)})


def _times(values: dict[str, object], duration_s: float, room: int) -> Iterator[float]:
    at_s = _number(values, "at_s", 0.0)
    every_s = _number(values, "every_s", 0.0)
    until_s = min(duration_s, _number(values, "until_s", duration_s))
    yield at_s
    if every_s <= 0.0:
        return
    for count in range(1, room + 1):
        if at_s + count * every_s > until_s:
            return
        yield at_s + count * every_s


def _events(at_s: float, kind: str, values: dict[str, object], duration_s: float) -> Iterator[Event]:
    own = {key: value for key, value in values.items() if key not in ("at_s", "every_s", "until_s")}
    if kind == "fault" and "duration_s" in own:
        repair_s = at_s + _number(own, "duration_s", 0.0)
        del own["duration_s"]
        if repair_s < duration_s:
            yield Event(repair_s, "repair", (("name", str(own.get("name", ""))),))
    yield Event(at_s, kind, tuple((key, _plain(value)) for key, value in own.items()))


def _order(at_s: float, values: dict[str, object]) -> Order:
    mode, gas, light = values.get("mode"), values.get("gas"), values.get("light")
    pressure, flow, intensity = (values.get(k) for k in ("pressure_mmhg", "flow_l_min", "intensity_percent"))
    return Order(
        at_s,
        check.MODE_NAMES[mode] if isinstance(mode, str) else None,
        pressure if isinstance(pressure, float) else None,
        flow if isinstance(flow, float) else None,
        GasOrder(gas) if isinstance(gas, str) else None,
        light if isinstance(light, bool) else None,
        intensity if isinstance(intensity, float) else None,
    )


def _start(values: dict[str, object], findings: check.Findings) -> Order:
    """Complete: what is not given is as the mode has it, the gas on, the light in standby."""
    order = _order(0.0, values)
    mode = order.mode or InsufflationMode.ADULT
    pressure_mmhg, flow_l_min = entering(mode, PRESSURE_SETPOINT.default)
    _judge_order(order, mode, ("start",), findings)
    return Order(
        0.0,
        mode,
        pressure_mmhg if order.pressure_mmhg is None else order.pressure_mmhg,
        flow_l_min if order.flow_l_min is None else order.flow_l_min,
        order.gas or GasOrder.SUPPLY,
        bool(order.light),
        LIGHT_INTENSITY.default if order.intensity_percent is None else order.intensity_percent,
    )


def _judge_order(order: Order, mode: InsufflationMode, where: Key, findings: check.Findings) -> None:
    for value, setpoint, key in (
        (order.pressure_mmhg, MODES[mode].pressure, "pressure_mmhg"),
        (order.flow_l_min, MODES[mode].flow, "flow_l_min"),
    ):
        if value is None:
            continue
        try:
            setpoint.check(value)
        except ValueError as error:
            findings.add((*where, key), f"{error} (mode {mode.name.lower()})")


def _judge_orders(start: Order, orders: Sequence[tuple[Order, Key]], findings: check.Findings) -> None:
    """Each setpoint against the mode that is in force by then."""
    mode = start.mode or InsufflationMode.ADULT
    told: set[Key] = set()
    for order, where in orders:
        mode = order.mode or mode
        if where not in told:
            before = len(findings.problems)
            _judge_order(order, mode, where, findings)
            if len(findings.problems) > before:
                told.add(where)


def _judge_faults(events: Sequence[tuple[Event, Key]], findings: check.Findings) -> None:
    """Faults and repairs in their order of time: none twice, none repaired that is not in force."""
    in_force: dict[str, object] = {}
    told: set[Key] = set()
    for event, where in events:
        values = dict(event.values)
        name = values.get("name")
        if event.kind not in ("fault", "repair") or not isinstance(name, str) or where in told:
            continue
        try:
            if event.kind == "fault":
                check_begin(in_force, name, values.get("value"))
                if FAULTS[name].part is not None:
                    in_force[name] = True
            else:
                for each in check_repair(in_force, name):
                    del in_force[each]
        except FaultError as error:
            told.add(where)
            findings.add(where, f"{event.kind} at {event.at_s:g} s: {error}")
