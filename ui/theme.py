"""The one token table: colours, sizes and fonts of the screen, and the QSS and plot pens made from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QFont

from ui.palette import DARK, DAYLIGHT, PALETTES, Palette

__all__ = ["DARK", "DAYLIGHT", "PALETTES", "Palette"]

# A 24 inch 16:9 screen of 1920 pixels is 531.4 mm wide.
REFERENCE_PX_PER_MM = 1920 / 531.4
# Keys for critical actions: 20 mm, clinical.md, Touch (10 and 15 mm are slower and more error-prone).
CRITICAL_KEY_MM = 20.0
# The screen's own fonts (ui/languages.py), then what a machine may have in their place.
FONT_FAMILIES = ("Limpid Latin", "Limpid Chinese", "DejaVu Sans", "Noto Sans", "Noto Sans CJK SC", "sans-serif")


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
    alarm_lamp: int
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


REGULAR = Sizes(
    name="regular",
    margin=12,
    gap=8,
    padding=12,
    radius=8,
    critical_key=mm(CRITICAL_KEY_MM),
    alarm_bar=84,
    alarm_lamp=112,
    badge=50,
    bottom=368,
    status=50,
    service_key=48,
    gas_column=272,
    light_column=196,
    camera_panel=290,
    number_row=104,
    setpoint_key=168,
    closing=760,
    icon=28,
    small=14,
    body=17,
    title=15,
    key_text=17,
    alarm_text=26,
    value=26,
    setpoint=32,
    readout=84,
    axis=13,
)

COMPACT = Sizes(
    name="compact",
    margin=8,
    gap=6,
    padding=8,
    radius=6,
    critical_key=mm(CRITICAL_KEY_MM),
    alarm_bar=76,
    alarm_lamp=92,
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


def sizes_for(width: int, height: int) -> Sizes:
    """The density for a window of this many device-independent pixels."""
    return REGULAR if width >= 1908 and height >= 960 else COMPACT


_palette = DARK


def now() -> Palette:
    """The colours of the theme that is in force.  Widgets ask when they are built and when they paint; after a change
    the window builds its widgets anew (`MainWindow.show_appearance`)."""
    return _palette


def use(palette: Palette) -> None:
    """Bring a theme into force, before widgets are built."""
    global _palette
    _palette = palette


@lru_cache(maxsize=64)
def font(pixels: int, bold: bool = False) -> QFont:
    """The screen's font at a pixel height.  Treat as read-only: it is shared."""
    made = QFont()
    made.setFamilies(list(FONT_FAMILIES))
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made


@lru_cache(maxsize=128)
def colour(token: str) -> QColor:
    """A token's value as QColor.  Treat as read-only: it is shared."""
    return QColor(token)


def qss(sizes: Sizes) -> str:
    """The style sheet of the window; everything painted by hand reads the same tokens."""
    palette = now()
    families = ", ".join(f'"{family}"' for family in FONT_FAMILIES)
    return f"""
        QWidget {{ font-family: {families}; font-size: {sizes.body}px; color: {palette.text}; }}
        QMainWindow, QWidget#central {{ background: {palette.window}; }}
        QFrame[role="panel"] {{ background: {palette.panel}; border: 1px solid {palette.panel_line};
                                border-radius: {sizes.radius}px; }}
        QFrame[role="card"] {{ background: {palette.panel}; border: 2px solid {palette.key_line};
                               border-radius: {sizes.radius + 4}px; }}
        QFrame[role="rule"] {{ background: {palette.panel_line}; border: none; }}
        QLabel {{ background: transparent; border: none; }}
        QLabel[role="heading"] {{ font-size: {sizes.title}px; font-weight: bold; color: {palette.text_soft}; }}
        QLabel[role="soft"] {{ font-size: {sizes.small}px; color: {palette.text_soft}; }}
        QLabel[role="large"] {{ font-size: {sizes.alarm_text}px; font-weight: bold; }}
    """
