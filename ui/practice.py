"""Safe practice: above which value a setpoint asks a second time, why, and from where the figure is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ui.languages import tr

GAS_MODES = ("veress", "adult", "high_flow", "paediatric")


@dataclass(frozen=True, slots=True)
class SafePractice:
    """A value above `above` (in the setpoint's own unit: mmHg, l/min, %) asks again and names `risk`."""

    above: float
    risk: str  # one of those of `risk_text`
    source: str


_WORK = "clinical.md, Gas: adults are worked on at 10 to 15 mmHg"
# The bound of 12 mmHg is the tower's own (issue: the touch screen); published practice in children lies below it.
_CHILD = "children 8 to 10 mmHg and at most 5 l/min (Laparoscopic and computer-assisted surgery in children)"

# By setpoint and gas mode.  High flow's own range is what that mode is entered for, by two steps: nothing asks again.
PRACTICE: Mapping[tuple[str, str], SafePractice] = MappingProxyType(
    {
        ("pressure_setpoint", "veress"): SafePractice(15.0, "pressure", _WORK),
        ("pressure_setpoint", "adult"): SafePractice(15.0, "pressure", _WORK),
        ("pressure_setpoint", "high_flow"): SafePractice(15.0, "pressure", _WORK),
        ("pressure_setpoint", "paediatric"): SafePractice(12.0, "pressure_child", f"this tower; {_CHILD}"),
        ("flow_setpoint", "veress"): SafePractice(1.0, "flow_needle", "clinical.md, Gas: Veress needle about 1 l/min"),
        ("flow_setpoint", "adult"): SafePractice(10.0, "flow", "this tower: the mode's usual flow"),
        ("flow_setpoint", "paediatric"): SafePractice(5.0, "flow_child", _CHILD),
        # No published figure but "as low as possible" (J Laryngol Otol 2022, heat of endoscopes); clinical.md, Light.
        ("light_intensity", ""): SafePractice(70.0, "light", "this tower; clinical.md, Light: start low"),
    }
)


def of(setpoint: str, gas_mode: str | None) -> SafePractice | None:
    """What is safe practice for a setpoint in a gas mode; in an unknown mode the most careful of all modes.

    None where nothing asks again.
    """
    if setpoint not in ("pressure_setpoint", "flow_setpoint"):
        return PRACTICE.get((setpoint, ""))
    if gas_mode is not None:
        return PRACTICE.get((setpoint, gas_mode))
    return min((PRACTICE[setpoint, mode] for mode in GAS_MODES if (setpoint, mode) in PRACTICE), key=lambda p: p.above)


def asks_again(setpoint: str, gas_mode: str | None, value: float) -> SafePractice | None:
    """The safe practice that `value` (in the setpoint's own unit) leaves; None when it stays within."""
    practice = of(setpoint, gas_mode)
    return practice if practice is not None and value > practice.above else None


def risk_text(risk: str, limit: str) -> str:
    """The risk in one calm sentence; `limit` is the bound with its unit as the screen writes it: "15 mmHg"."""

    return {
        "pressure": tr("Above {limit} the gas loads heart, lungs and veins more."),
        "pressure_child": tr("Above {limit} the gas loads a child's heart and lungs more."),
        "flow": tr("Above {limit} the abdomen is stretched fast, and the heart may slow down."),
        "flow_needle": tr("Above {limit} through the needle, a misplaced tip is noticed later."),
        "flow_child": tr("Above {limit} a child's small abdomen overfills quickly."),
        "light": tr("Above {limit} the endoscope's tip may burn tissue or drapes within seconds."),
    }[risk].format(limit=limit)
