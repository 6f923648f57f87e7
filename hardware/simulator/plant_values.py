"""Plant values that can be set while the simulator runs, one row each: unit, range, how to set and how to read it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from hardware.simulator.access import ACCESSES, Placement
from hardware.simulator.rig import Rig


@dataclass(frozen=True, slots=True)
class PlantValue:
    """A number with its range, both in `unit` (empty: a share or a count)."""

    key: str
    unit: str
    minimum: float
    maximum: float
    apply: Callable[[Rig, float], None]
    read: Callable[[Rig], float]

    def check(self, value: object) -> float:
        """`value` as a float.  Raises `ValueError` for what is no number or out of range."""
        return checked_number(self.key, value, self.minimum, self.maximum)


@dataclass(frozen=True, slots=True)
class PlantChoice:
    """One of several names."""

    key: str
    choices: tuple[str, ...]
    apply: Callable[[Rig, str], None]
    read: Callable[[Rig], str]

    def check(self, value: object) -> str:
        """`value` as one of `choices`.  Raises `ValueError` for another."""
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError(f"{self.key} must be one of {', '.join(self.choices)}, got {value!r}")
        return value


def checked_number(key: str, value: object, minimum: float, maximum: float) -> float:
    """`value` as a float.  Raises `ValueError`, naming `key`, for what is no number or out of range."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{key} must be a number, got {value!r}")
    if not minimum <= value <= maximum:
        raise ValueError(f"{key} must be {minimum:g} to {maximum:g}, got {value:g}")
    return float(value)


def _of(
    key: str, unit: str, minimum: float, maximum: float, owner: Callable[[Rig], object], attribute: str = ""
) -> PlantValue:
    name = attribute or key
    return PlantValue(
        key,
        unit,
        minimum,
        maximum,
        lambda rig, value: setattr(owner(rig), name, value),
        lambda rig: getattr(owner(rig), name),
    )


def _of_patient(key: str, unit: str, minimum: float, maximum: float) -> PlantValue:
    def apply(rig: Rig, value: float) -> None:
        rig.gas.patient = replace(rig.gas.patient, **{key: value})

    return PlantValue(key, unit, minimum, maximum, apply, lambda rig: getattr(rig.gas.patient, key))


def _set_placement(rig: Rig, name: str) -> None:
    rig.gas.placement = Placement(name)


def _set_access(rig: Rig, name: str) -> None:
    rig.gas.access = ACCESSES[name]


_ROWS: tuple[PlantValue | PlantChoice, ...] = (
    PlantChoice("access", tuple(ACCESSES), _set_access, lambda rig: rig.gas.access.name),
    PlantChoice("placement", tuple(p.value for p in Placement), _set_placement, lambda rig: rig.gas.placement.value),
    _of("leak_l_min", "l/min", 0.0, 100.0, lambda rig: rig.gas),  # at 12 mmHg
    _of("press_ml", "ml", -3000.0, 6000.0, lambda rig: rig.gas),
    PlantValue(
        "abdomen_mmhg",
        "mmHg",
        0.0,
        60.0,
        lambda rig, value: rig.gas.fill_to(value),
        lambda rig: rig.gas.abdomen_mmhg,
    ),
    _of_patient("relaxation", "", 0.0, 1.0),
    _of_patient("compliance_scale", "", 0.2, 3.0),
    _of_patient("ripple_mmhg", "mmHg", 0.0, 10.0),
    _of_patient("breaths_per_min", "1/min", 4.0, 60.0),
    _of_patient("uptake_ml_min", "ml/min", 0.0, 300.0),
    _of("cylinder_l", "l", 0.0, 5000.0, lambda rig: rig.gas.cylinder, "left_l"),
    _of("ambient_c", "degC", -10.0, 60.0, lambda rig: rig, "ambient_c"),
    _of("hours", "h", 0.0, 100_000.0, lambda rig: rig.lamp),
    _of("bit_error_rate", "", 0.0, 0.5, lambda rig: rig),
)
PLANT_VALUES: dict[str, PlantValue | PlantChoice] = {row.key: row for row in _ROWS}


def checked_values(values: Mapping[str, object]) -> dict[str, float | str]:
    """`values` checked, all of them.  Raises `ValueError` for the first that cannot be."""
    checked: dict[str, float | str] = {}
    for key, value in values.items():
        if key not in PLANT_VALUES:
            raise ValueError(f"set knows {', '.join(PLANT_VALUES)}; got {key!r}")
        checked[key] = PLANT_VALUES[key].check(value)
    return checked


def set_values(rig: Rig, checked: Mapping[str, float | str]) -> None:
    """Put values that `checked_values` has passed into force."""
    for key, value in checked.items():
        row = PLANT_VALUES[key]
        if isinstance(row, PlantChoice):
            row.apply(rig, str(value))
        else:
            row.apply(rig, float(value))


def listing(rig: Rig) -> list[dict[str, object]]:
    """Every plant value with unit, range (or choices) and present value, as JSON can have it."""
    rows: list[dict[str, object]] = []
    for row in PLANT_VALUES.values():
        if isinstance(row, PlantChoice):
            rows.append({"key": row.key, "choices": list(row.choices), "value": row.read(rig)})
        else:
            bounds = {"minimum": row.minimum, "maximum": row.maximum}
            rows.append({"key": row.key, "unit": row.unit, **bounds, "value": round(row.read(rig), 6)})
    return rows
