"""What is written on a full picture: pressure, flow and light temperature as the panels say them, the highest alarm.

It holds no patient data, and there is none in the program yet: whoever adds some must leave it out here unless it was
asked for, because the same overlay goes to the teaching room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from ui import units, viewmodels
from ui.headline import Shown, relieving
from ui.viewstate import AlarmView, MeasuredView, QuantitySpec, SetpointSpec, SetpointView, TowerView, Validity


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("", text)


@dataclass(frozen=True, slots=True)
class OverlayRow:
    """One number with its name, its unit and what is to be said of it."""

    key: str  # of the quantity, for its hue
    name: str
    value: str
    unit: str
    note: str  # its setpoint, or how old it is
    good: bool
    marked: bool = False  # not the quantity that usually stands here: its name is inverted


@dataclass(frozen=True, slots=True)
class Overlay:
    """All that is written on the picture."""

    rows: tuple[OverlayRow, ...] = ()
    alarm: AlarmView | None = None


def overlay(
    view: TowerView,
    specs: Mapping[str, QuantitySpec],
    setpoints: Mapping[str, SetpointSpec],
    shown: Shown,
    flow: MeasuredView,
) -> Overlay:
    """`shown` is what the large pressure is, `flow` the mean: the picture says the same as the panels."""
    set_pressure = _set(view.pressure_setpoint, setpoints["pressure_setpoint"])
    set_flow = _set(view.flow_setpoint, setpoints["flow_setpoint"])
    light, _ = viewmodels.light_state(view)
    rows = (
        _pressure(view, specs["pressure"], shown, set_pressure),
        _row(specs["flow"], tr("FLOW"), flow, set_flow),
        _row(specs["light_temperature"], tr("LIGHT"), view.light_temperature, light),
    )
    return Overlay(rows, view.alarms[0] if view.alarms else None)


def _pressure(view: TowerView, spec: QuantitySpec, shown: Shown, note: str) -> OverlayRow:
    of_abdomen = shown in (Shown.ESTIMATE, Shown.RELIEF)
    value = view.abdomen if of_abdomen else view.pressure
    if relieving(view) and of_abdomen:
        value = MeasuredView()
    names = {Shown.ESTIMATE: tr("ABDOMEN · estimate"), Shown.RELIEF: tr("ABDOMEN · not known")}
    name = names.get(shown, tr("LINE PRESSURE"))
    return _row(spec, name, value, note, marked=shown in (Shown.LINE_HIGH, Shown.RELIEF))


def _row(spec: QuantitySpec, name: str, value: MeasuredView, note: str, *, marked: bool = False) -> OverlayRow:
    old = viewmodels.stale_note(value)
    good = value.validity is Validity.GOOD
    return OverlayRow(
        spec.key,
        name,
        viewmodels.measured(value, spec.decimals, spec.unit),
        units.name(spec.unit),
        old or note,
        good,
        marked,
    )


def _set(view: SetpointView, spec: SetpointSpec) -> str:
    """The active one alone: what is only asked for is not what the module does."""
    return tr("set {value}").format(value=viewmodels.setpoint_number(view.active, spec.decimals, spec.unit))
