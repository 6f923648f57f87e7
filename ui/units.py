"""The unit in which pressures are shown and typed: every conversion of the screen, and how it rounds.

View state, histories and intents are in mmHg throughout; only what is drawn or typed passes through here, told by the
unit that a spec names ("mmHg" is a pressure, all else stays as it is).  The module's setpoint has steps of 0.01 mmHg
(docs/protocol.md), finer than a typed step of 0.01 kPa (0.075 mmHg) or 0.1 cmH2O (0.074 mmHg): a typed value is sent as
the nearest 0.01 mmHg, which is shown as exactly the value typed.  Ranges are rounded inwards, so that each end of a
range that is shown can be typed and is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ui.viewstate import LimitLine, QuantitySpec, SetpointSpec

MMHG = "mmHg"
SENT_STEP_MMHG = 0.01


@dataclass(frozen=True, slots=True)
class Scale:
    """How pressures look in one unit.  `step` is what a step key of the pad adds, None: as the setpoint's own."""

    name: str
    per_mmhg: float
    decimals: int | None = None  # None: as many as the quantity has in mmHg
    step: float | None = None


# 1 mmHg = 133.322 Pa; 1 cmH2O = 98.0665 Pa.
SCALES: dict[str, Scale] = {
    "mmHg": Scale("mmHg", 1.0),
    "kPa": Scale("kPa", 0.133322, 2, 0.1),
    "cmH2O": Scale("cmH₂O", 1.35951, 1, 1.0),
}
_SAME = Scale("", 1.0)
_scale = SCALES[MMHG]


def use(unit: str) -> None:
    """Show pressures in `unit`, one of `ui.appearance.PRESSURE_UNITS`, from now on."""
    global _scale
    _scale = SCALES[unit]


def converts() -> bool:
    """Whether pressures are shown in another unit than they are held in."""
    return _scale is not SCALES[MMHG]


def name(unit: str) -> str:
    """The unit's name as shown, of a value that is held in `unit`."""
    return _scale.name if unit == MMHG else unit


def shown(value: float, unit: str) -> float:
    """A value held in `unit` as the number to show, not rounded."""
    return value * _of(unit).per_mmhg


def held(value: float, unit: str) -> float:
    """A shown or typed number as the value to hold and send, in `unit`."""
    if unit != MMHG or not converts():
        return value
    return round(value / _scale.per_mmhg / SENT_STEP_MMHG) * SENT_STEP_MMHG


def decimals(own: int, unit: str) -> int:
    """Decimals of a shown number whose quantity has `own` in `unit`."""
    wanted = _of(unit).decimals
    return own if wanted is None else wanted


def set_decimals(value: float, own: int, unit: str) -> int:
    """Decimals of a setpoint: one more where it was set in another unit and is no full step of this one."""
    if unit != MMHG or converts():
        return decimals(own, unit)
    return own if abs(value - round(value, own)) < 0.05 else own + 1


def words(value_mmhg: float) -> str:
    """A pressure that stands in a sentence: "3 mmHg", "0.40 kPa"."""
    own = 0 if value_mmhg == int(value_mmhg) else 1
    return f"{shown(value_mmhg, MMHG):.{decimals(own, MMHG)}f} {name(MMHG)}"


def number_in_words(written: str) -> str:
    """A pressure in mmHg that is written already, "0.4", as a number of the unit shown."""
    own = len(written.partition(".")[2])
    return f"{shown(float(written), MMHG):.{decimals(own, MMHG)}f}"


def quantity(spec: QuantitySpec) -> QuantitySpec:
    """A measured quantity with unit, decimals, scale and limits as shown."""
    if spec.unit != MMHG or not converts():
        return spec
    return replace(
        spec,
        unit=name(spec.unit),
        decimals=decimals(spec.decimals, spec.unit),
        plot_min=shown(spec.plot_min, spec.unit),
        plot_max=shown(spec.plot_max, spec.unit),
        limits=tuple(LimitLine(limit.label, shown(limit.value, spec.unit)) for limit in spec.limits),
    )


def setpoint(spec: SetpointSpec) -> SetpointSpec:
    """A setpoint with unit, decimals, step and range as shown and typed."""
    if spec.unit != MMHG or not converts():
        return spec
    places = decimals(spec.decimals, spec.unit)
    return replace(
        spec,
        unit=name(spec.unit),
        minimum=_inside(spec, spec.minimum, places, +1),
        maximum=_inside(spec, spec.maximum, places, -1),
        step=_scale.step or spec.step,
        decimals=places,
    )


def _inside(spec: SetpointSpec, end: float, places: int, inwards: int) -> float:
    """The number nearest to an end of the range that can be typed and lies inside when sent."""
    steps = round(shown(end, spec.unit) * 10**places)
    candidates = (round((steps + inwards * more) / 10**places, places) for more in (-1, 0, 1, 2))
    low, high = spec.minimum - 1e-9, spec.maximum + 1e-9
    return next((number for number in candidates if low <= held(number, spec.unit) <= high), shown(end, spec.unit))


def _of(unit: str) -> Scale:
    return _scale if unit == MMHG else _SAME
