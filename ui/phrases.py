"""Sentences that are made elsewhere, in English and mmHg, as the screen says them: in its language and unit.

App, control unit and modules speak English, also in logs and reports.  What reaches the screen is looked up here, whole
or by its pattern ("Gas not started: {problem}", ui/phrasebook.py), and its parts in turn.  A sentence that is not
known stays as it is: better English than nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from PySide6.QtCore import QCoreApplication

from ui import languages, units
from ui.phrasebook import PATTERNS
from ui.viewstate import (
    AlarmView,
    BusView,
    GasModeSpec,
    ModuleView,
    NoPicture,
    PresetRun,
    QuantitySpec,
    SetpointSpec,
    SetpointView,
    TowerView,
)

CONTEXT = "phrases"
_PLACE = re.compile(r"\{(\w+)\}")
_PRESSURE = re.compile(r"(?:(-?\d+(?:\.\d+)?)( to |–))?(-?\d+(?:\.\d+)?) mmHg")
_NUMBERS = ("low", "high", "value")  # places of a pattern that are in its {unit}
_BETWEEN = (" · ", "; ", ", ")  # what joins several sentences or facts

_Spec = TypeVar("_Spec", SetpointSpec, QuantitySpec)


def say(text: str) -> str:
    """`text` in the language and unit in force."""
    if not text or not (units.converts() or languages.now() != languages.SOURCE_LANGUAGE):
        return text
    return _said(text, (languages.now(), units.name(units.MMHG)))


@lru_cache(maxsize=1024)
def _said(text: str, _in_force: tuple[str, str]) -> str:
    """Kept, since the screen asks for the same sentences ten times a second."""
    return _in_unit(_translated(text))


def _translated(text: str) -> str:
    whole = _tr(text)
    if whole != text:
        return whole
    for pattern, template in _compiled():
        if (found := pattern.fullmatch(text)) is not None:
            return _tr(template).format(**dict(_filled(found.groupdict())))
    for between in _BETWEEN:
        if between in text:
            parts = [_translated(part) for part in text.split(between)]
            if parts != text.split(between):
                return _tr(between).join(parts)
    return text


def _filled(parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What stands in the places of a pattern: numbers of a pressure in the unit shown, all else translated in turn."""
    pressure = parts.get("unit") == units.MMHG
    for name, part in parts.items():
        if name == "unit":
            yield name, units.name(part)
        elif pressure and name in _NUMBERS and _is_number(part):
            yield name, units.number_in_words(part)
        else:
            yield name, _translated(part)


def _in_unit(text: str) -> str:
    """Every "12 mmHg" and "1 to 30 mmHg" in the unit shown."""
    if not units.converts():
        return text

    def shown(found: re.Match[str]) -> str:
        low, between, high = found.groups()
        start = f"{units.number_in_words(low)}{between}" if low else ""
        return f"{start}{units.number_in_words(high)} {units.name(units.MMHG)}"

    return _PRESSURE.sub(shown, text)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns, those with the most words of their own first."""
    ordered = sorted(PATTERNS, key=lambda template: -len(_PLACE.sub("", template)))
    return tuple((_expression(template), template) for template in ordered if "{" in template)


def _expression(template: str) -> re.Pattern[str]:
    parts = _PLACE.split(template)
    made = "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(made, re.DOTALL)


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)


# What the window is given, as it is drawn


def specs(given: tuple[_Spec, ...]) -> tuple[_Spec, ...]:
    """Specs with their labels in the language in force."""
    return tuple(_spec(spec) for spec in given)


def _spec(spec: _Spec) -> _Spec:
    if isinstance(spec, QuantitySpec):
        limits = tuple(replace(limit, label=say(limit.label)) for limit in spec.limits)
        return replace(spec, label=say(spec.label), limits=limits)
    return replace(spec, label=say(spec.label))


def modes(given: tuple[GasModeSpec, ...]) -> tuple[GasModeSpec, ...]:
    """Gas modes with their names in the language in force."""
    return tuple(
        replace(mode, label=say(mode.label), pressure=_spec(mode.pressure), flow=_spec(mode.flow)) for mode in given
    )


def nothing(why: NoPicture) -> NoPicture:
    """Why there is no picture."""
    return NoPicture(say(why.text), say(why.action))


def told(view: TowerView) -> TowerView:
    """A view with all its sentences as the screen says them.  `gas_state` stays: the screen knows its few words."""
    if not units.converts() and languages.now() == languages.SOURCE_LANGUAGE:
        return view
    return replace(
        view,
        pressure_setpoint=_setpoint(view.pressure_setpoint),
        flow_setpoint=_setpoint(view.flow_setpoint),
        light_intensity=_setpoint(view.light_intensity),
        camera_exposure=_setpoint(view.camera_exposure),
        camera_gain=_setpoint(view.camera_gain),
        camera_white_balance=_setpoint(view.camera_white_balance),
        light_state=say(view.light_state),
        camera_state=say(view.camera_state),
        preset=_preset(view.preset),
        access=replace(view.access, answer=say(view.access.answer)),
        service=replace(view.service, answer=say(view.service.answer)),
        past_alarms=tuple(replace(past, text=say(past.text)) for past in view.past_alarms),
        modules=tuple(ModuleView(say(m.name), m.link, say(m.detail)) for m in view.modules),
        alarms=tuple(_alarm(alarm) for alarm in view.alarms),
        recording_detail=say(view.recording_detail),
        notice=say(view.notice),
        bus=_bus(view.bus),
        plant=None if view.plant is None else replace(view.plant, answer=say(view.plant.answer)),
    )


def _setpoint(view: SetpointView) -> SetpointView:
    return replace(view, reason=say(view.reason)) if view.reason else view


def _preset(run: PresetRun | None) -> PresetRun | None:
    if run is None:
        return None
    return replace(run, steps=tuple(replace(step, reason=say(step.reason)) for step in run.steps))


def _alarm(alarm: AlarmView) -> AlarmView:
    return replace(alarm, text=say(alarm.text), action=say(alarm.action))


def _bus(bus: BusView) -> BusView:
    rows = tuple(replace(row, name=say(row.name), detail=say(row.detail)) for row in bus.rows)
    return replace(bus, rows=rows, diagnosis=say(bus.diagnosis))
