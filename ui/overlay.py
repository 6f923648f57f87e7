"""What is written on a full picture: pressure, flow and light temperature as the panels say them, the highest alarm.

It holds no patient data, and there is none in the program yet: whoever adds some must leave it out here unless it was
asked for, because the same overlay goes to the teaching room.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from ui import viewmodels
from ui.headline import Shown, relieving
from ui.viewstate import AlarmView, MeasuredView, QuantitySpec, TowerView, Validity


def tr(text: str) -> str:
    """Translate a text of this file."""
    return QCoreApplication.translate("overlay", text)


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


def overlay(view: TowerView, specs: dict[str, QuantitySpec], shown: Shown, flow: MeasuredView) -> Overlay:
    """`shown` is what the large pressure is, `flow` the mean: the picture says the same as the panels."""
    return Overlay(
        (_pressure(view, specs["pressure"], shown), _flow(view, specs["flow"], flow), _light(view, specs)),
        _highest(view),
    )


def _pressure(view: TowerView, spec: QuantitySpec, shown: Shown) -> OverlayRow:
    of_abdomen = shown in (Shown.ESTIMATE, Shown.RELIEF)
    value = view.abdomen if of_abdomen else view.pressure
    if relieving(view) and of_abdomen:
        value = MeasuredView()
    name = {Shown.ESTIMATE: tr("ABDOMEN · estimate"), Shown.RELIEF: tr("ABDOMEN · not known")}.get(
        shown, tr("LINE PRESSURE")
    )
    return _row(
        spec, name, value, _set(view.pressure_setpoint.active, spec), marked=shown in (Shown.LINE_HIGH, Shown.RELIEF)
    )


def _flow(view: TowerView, spec: QuantitySpec, flow: MeasuredView) -> OverlayRow:
    return _row(spec, tr("FLOW"), flow, _set(view.flow_setpoint.active, spec))


def _light(view: TowerView, specs: dict[str, QuantitySpec]) -> OverlayRow:
    words, _ = viewmodels.light_state(view)
    return _row(specs["light_temperature"], tr("LIGHT"), view.light_temperature, words)


def _row(spec: QuantitySpec, name: str, value: MeasuredView, note: str, *, marked: bool = False) -> OverlayRow:
    old = viewmodels.stale_note(value)
    good = value.validity is Validity.GOOD
    return OverlayRow(spec.key, name, viewmodels.measured(value, spec.decimals), spec.unit, old or note, good, marked)


def _set(active: float | None, spec: QuantitySpec) -> str:
    return tr("set {value}").format(value=viewmodels.number(active, spec.decimals))


def _highest(view: TowerView) -> AlarmView | None:
    return view.alarms[0] if view.alarms else None
