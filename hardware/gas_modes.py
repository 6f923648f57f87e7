"""The modes of insufflation: what pressure and flow may be set in each, held by control unit and module alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from hardware.quantities import SetpointRange


class InsufflationMode(IntEnum):
    """Numbers are those on the wire (docs/protocol.md, SetMode)."""

    VERESS = 1  # first filling through the needle, with a watch on its placement
    ADULT = 2
    HIGH_FLOW = 3  # suction, large leaks, bariatric patients
    PAEDIATRIC = 4


@dataclass(frozen=True, slots=True)
class ModeSpec:
    """What may be set in a mode.  Entering it sets the flow to its default here; a pressure inside stays."""

    mode: InsufflationMode
    label: str
    pressure: SetpointRange
    flow: SetpointRange


def _spec(
    mode: InsufflationMode,
    label: str,
    pressure: tuple[float, float, float],
    flow: tuple[float, float, float, float],
) -> ModeSpec:
    lowest, highest, usual = pressure
    least, most, step, standard = flow
    return ModeSpec(
        mode,
        label,
        SetpointRange("pressure_setpoint", "Set pressure", "mmHg", lowest, highest, 1.0, 0, usual),
        SetpointRange("flow_setpoint", "Set flow", "l/min", least, most, step, 1, standard),
    )


# Ranges in use: adult 1-30 mmHg (12 usual), paediatric 1-15 mmHg and 0.1-15 l/min, high flow up to 40 l/min, needle
# about 1 l/min (makers' manuals, clinical.md, Gas).
MODES: dict[InsufflationMode, ModeSpec] = {
    spec.mode: spec
    for spec in (
        _spec(InsufflationMode.VERESS, "Veress", (1.0, 20.0, 12.0), (0.5, 2.0, 0.1, 1.0)),
        _spec(InsufflationMode.ADULT, "Adult", (1.0, 30.0, 12.0), (0.5, 20.0, 0.5, 10.0)),
        _spec(InsufflationMode.HIGH_FLOW, "High flow", (1.0, 30.0, 12.0), (0.5, 40.0, 1.0, 25.0)),
        _spec(InsufflationMode.PAEDIATRIC, "Paediatric", (1.0, 15.0, 8.0), (0.1, 15.0, 0.1, 1.5)),
    )
}


def entering(mode: InsufflationMode, pressure_mmhg: float) -> tuple[float, float]:
    """Setpoints (mmHg, l/min) that a module has after `SetMode`, from the P1 it had before."""
    spec = MODES[mode]
    inside = spec.pressure.minimum <= pressure_mmhg <= spec.pressure.maximum
    return (pressure_mmhg if inside else spec.pressure.default), spec.flow.default
