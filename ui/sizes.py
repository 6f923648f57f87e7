"""The lengths of the screen: two densities, grown to the window, with keys as large as fingers on the real screen."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache

# A 24 inch 16:9 screen of 1920 pixels is 531.4 mm wide.
REFERENCE_PX_PER_MM = 1920 / 531.4
# Keys for critical actions: 20 mm, clinical.md, Touch (10 and 15 mm are slower and more error-prone).
CRITICAL_KEY_MM = 20.0
# The word of an alarm's priority, in capitals, is read at 4 m: see ui/legibility.py.
LAMP_WORD_PX_PER_PX_PER_MM = 8.0


def mm(length_mm: float, px_per_mm: float = REFERENCE_PX_PER_MM) -> int:
    """Whole pixels for a length on the screen; by default on a 24 inch screen of 1920x1080."""
    return round(length_mm * px_per_mm)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Every length of one density, in device-independent pixels; text sizes are pixel heights of the font."""

    name: str
    margin: int
    gap: int
    padding: int
    radius: int
    critical_key: int
    alarm_bar: int
    lamp_word: int
    badge: int
    bottom: int
    status: int
    service_key: int  # least height of a key that touches no patient: service page, camera card
    gas_column: int
    light_column: int
    camera_panel: int
    number_row: int
    setpoint_key: int
    closing: int
    icon: int
    small: int
    body: int
    title: int
    key_text: int
    alarm_text: int
    value: int
    setpoint: int
    readout: int
    axis: int
    scale: float = 1.0  # against the density as it is written here: for the few lengths that widgets keep themselves

    @property
    def compact(self) -> bool:
        """Little room: what can be spared is left out."""
        return self.name == "compact"


REGULAR = Sizes(
    name="regular",
    margin=12,
    gap=8,
    padding=12,
    radius=8,
    critical_key=mm(CRITICAL_KEY_MM),
    alarm_bar=92,  # alarm, two lines of what to do, state
    lamp_word=29,
    badge=50,
    bottom=368,
    status=50,
    service_key=48,
    gas_column=272,
    light_column=196,
    camera_panel=276,
    number_row=104,
    setpoint_key=168,
    closing=760,
    icon=28,
    small=15,
    body=17,
    title=15,
    key_text=17,
    alarm_text=26,
    value=26,
    setpoint=32,
    readout=84,
    axis=15,
)

COMPACT = Sizes(
    name="compact",
    margin=8,
    gap=6,
    padding=8,
    radius=6,
    critical_key=mm(CRITICAL_KEY_MM),
    alarm_bar=76,
    lamp_word=29,
    badge=40,
    bottom=283,
    status=46,
    service_key=44,
    gas_column=190,
    light_column=144,
    camera_panel=190,
    number_row=72,
    setpoint_key=106,
    closing=612,
    icon=22,
    small=12,
    body=14,
    title=13,
    key_text=14,
    alarm_text=19,
    value=18,
    setpoint=24,
    readout=52,
    axis=11,
)

# Width and height of the window that each density is made for.
_MADE_FOR = {"regular": (1920, 1080), "compact": (1280, 800)}
# How far keys may grow beyond their density before the raw picture would have to give way (share of 20 mm on the
# reference screen).  A smaller screen has smaller keys than 20 mm, and ui/legibility.py says so.
_MOST_KEY = {"regular": 1.2, "compact": 1.05}
STEPS_OF_SCALE = 8


@lru_cache(maxsize=256)
def sizes_for(width: int, height: int, px_per_mm: float | None = None) -> Sizes:
    """The lengths for a window of this many device-independent pixels on a screen of `px_per_mm` of them.

    Everything grows with the window, in eighths, so that a window of 3840x2160 looks as one of 1920x1080 does.  Keys
    for critical actions are at least 20 mm, and the alarm's word is large enough for 4 m, as far as the window has
    room.  `px_per_mm` None: a 24 inch screen of 1920 pixels.  The same object for the same lengths.
    """
    base = REGULAR if width >= 1908 and height >= 960 else COMPACT
    made_w, made_h = _MADE_FOR[base.name]
    eighths = max(STEPS_OF_SCALE, int(STEPS_OF_SCALE * min(width / made_w, height / made_h)))
    return _grown(base, eighths, px_per_mm or REFERENCE_PX_PER_MM)


@lru_cache(maxsize=64)
def _grown(base: Sizes, eighths: int, px_per_mm: float) -> Sizes:
    scale = eighths / STEPS_OF_SCALE
    lengths = {
        field.name: round(getattr(base, field.name) * scale)
        for field in fields(base)
        if field.name not in ("name", "scale")
    }
    most = _MOST_KEY[base.name]
    key = lengths["critical_key"]
    larger = max(key, min(mm(CRITICAL_KEY_MM, px_per_mm), int(key * most)))
    word = lengths["lamp_word"]
    lengths["lamp_word"] = max(word, min(round(LAMP_WORD_PX_PER_PX_PER_MM * px_per_mm), int(word * most)))
    extra = larger - key
    lengths["critical_key"] = larger
    # What holds keys one above or beside the other grows with them.
    for name, keys in (("alarm_bar", 1), ("bottom", 3), ("gas_column", 1), ("number_row", int(base.compact))):
        lengths[name] += keys * extra
    grown = replace(base, scale=scale, **lengths)
    return base if grown == base else grown
