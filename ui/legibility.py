"""From how far the screen can be read and how large its keys are, in figures with their sources."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ui.sizes import CRITICAL_KEY_MM, REFERENCE_PX_PER_MM, Sizes

# Height of a capital or digit against the font's pixel height: DejaVu Sans, from which the screen's Latin font is made.
CAPITALS = 0.729

# Minutes of arc that a character's height must fill.
READ_ARCMIN = 16.0
READ_SOURCE = "ISO 9241-3: at least 16 minutes of arc"
GLANCED_ARCMIN = 10.0
GLANCED_SOURCE = (
    "10 minutes of arc can be read at good contrast; less than ISO 9241-3 asks of text to be read at length"
)
ACUITY_ARCMIN = 5.0
ACUITY_SOURCE = "IEC 60601-1-8, 6.3.2: priority perceived at 4 m; a visual acuity of 0 (logMAR) reads 5 minutes of arc"
KEY_SOURCE = "clinical.md, Touch: 20 mm"

OPERATOR_M, ACROSS_THE_ROOM_M = 1.0, 4.0
# Numbers, setpoints and the text of an alarm are read; all other words are glanced at.  Lengths of `Sizes`, in words.
READ = {
    "readout": "measured value, large",
    "setpoint": "setpoint",
    "value": "measured value, small",
    "alarm_text": "text of an alarm",
}
GLANCED = {
    "body": "what to do about an alarm",
    "key_text": "word on a key",
    "title": "heading",
    "small": "remark",
    "axis": "number on a plot's axis",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One length of the screen, mm, against the least that is asked of it; `distance_m` 0 for a key."""

    what: str
    height_mm: float
    least_mm: float
    distance_m: float
    source: str

    @property
    def met(self) -> bool:
        """Large enough; half a hundredth is left to whole pixels."""
        return self.height_mm >= 0.995 * self.least_mm

    @property
    def arcmin(self) -> float:
        """Minutes of arc that the height fills at its distance; 0 for a key."""
        return 0.0 if not self.distance_m else arcmin(self.height_mm, self.distance_m)

    def sentence(self) -> str:
        """The figure as a line of a report, in English as all reports are."""
        seen = f" at {self.distance_m:g} m: {self.arcmin:.1f} minutes of arc" if self.distance_m else ""
        verdict = "met" if self.met else "NOT MET: use a larger screen"
        return f"{self.what}: {self.height_mm:.1f} mm{seen}; asked {self.least_mm:.1f} mm, {verdict} ({self.source})"


def arcmin(height_mm: float, distance_m: float) -> float:
    """Visual angle of a height seen from a distance, minutes of arc."""
    return math.degrees(2 * math.atan(height_mm / 1000 / (2 * distance_m))) * 60


def height_mm(angle_arcmin: float, distance_m: float) -> float:
    """The height that fills this angle at this distance."""
    return 2000 * distance_m * math.tan(math.radians(angle_arcmin / 60) / 2)


def figures(sizes: Sizes, px_per_mm: float | None = None) -> tuple[Figure, ...]:
    """What a screen of `px_per_mm` gives at these sizes; None: a 24 inch screen of 1920 pixels.

    Text counts by the height of its capitals and digits.
    """
    px = px_per_mm or REFERENCE_PX_PER_MM

    def text(role: str, what: str, least_arcmin: float, distance_m: float, source: str) -> Figure:
        high_mm = CAPITALS * int(getattr(sizes, role)) / px
        return Figure(what, high_mm, height_mm(least_arcmin, distance_m), distance_m, source)

    return (
        Figure("key for a critical action", sizes.critical_key / px, CRITICAL_KEY_MM, 0.0, KEY_SOURCE),
        text("lamp_word", "word of an alarm's priority", ACUITY_ARCMIN, ACROSS_THE_ROOM_M, ACUITY_SOURCE),
        *(text(role, what, READ_ARCMIN, OPERATOR_M, READ_SOURCE) for role, what in READ.items()),
        *(text(role, what, GLANCED_ARCMIN, OPERATOR_M, GLANCED_SOURCE) for role, what in GLANCED.items()),
    )
