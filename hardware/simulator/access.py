"""What the gas goes in by: resistances of tube with trocar or needle, the tube's state, where the tip lies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

KINK_FACTOR = 400.0  # of the resistance of a tube that is kinked shut but for a trickle


class Tube(StrEnum):
    """State of the tube between the insufflator and the patient."""

    CONNECTED = "connected"
    KINKED = "kinked"  # its resistance times `Pneumatics.kink_factor`
    PULLED = "pulled"  # off at the trocar: the line blows into the room, the abdomen empties through the tap


class Placement(StrEnum):
    """Where the tip of needle or trocar lies.  Figures of the wrong ones are estimates around the published 8 mmHg."""

    PERITONEAL = "peritoneal"
    PREPERITONEAL = "preperitoneal"  # in a small stiff space before the peritoneum; the abdomen gets nothing
    COVERED = "covered"  # against bowel or omentum: the gas gets in with difficulty


@dataclass(frozen=True, slots=True)
class Access:
    """Resistance of tube with trocar or needle: drop = linear * q + quadratic * q^2, mmHg for q in ml/s."""

    name: str
    linear: float
    quadratic: float


# Estimates.  Drop in mmHg: 10/12 mm trocar 2 at 10 l/min, 20 at 45; 5 mm trocar 6 at 10, 20 at 20; high-flow set 1 at
# 10, 8 at 45; Veress needle 3 at 1, 30 at 4.
ACCESSES: dict[str, Access] = {
    a.name: a
    for a in (
        Access("trocar", 0.008, 2.5e-5),
        Access("trocar_5mm", 0.012, 1.45e-4),
        Access("high_flow", 0.004, 9e-6),
        Access("veress", 0.1, 5e-3),
    )
}
OPEN_END = Access("open end", 0.004, 1e-5)  # the tube alone, into the room
OPEN_TAP_L_MIN = 20.0  # what the abdomen loses through the trocar's tap without its tube, at 12 mmHg
COVERED = Access("covered tip", 1.0, 0.02)  # on top of the access's own: 22 mmHg at 1 l/min
POCKET_ML_PER_MMHG = 8.0
POCKET_SEEPS_ML_S_MMHG = 0.8  # into the tissue around it: 21 mmHg at 1 l/min in the end


def resistance(access: Access, tube: Tube, kink_factor: float, placement: Placement) -> tuple[float, float]:
    """Linear and quadratic, of what lies between the insufflator's sensors and the gas's way out of the tube."""
    if tube is Tube.PULLED:
        return OPEN_END.linear, OPEN_END.quadratic
    factor = kink_factor if tube is Tube.KINKED else 1.0
    linear, quadratic = access.linear * factor, access.quadratic * factor
    if placement is Placement.COVERED:
        return linear + COVERED.linear, quadratic + COVERED.quadratic
    return linear, quadratic
