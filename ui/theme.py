"""The one token table: colours, sizes and fonts of the screen, and the QSS and plot pens made from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QFont

# A 24 inch 16:9 screen of 1920 pixels is 531.4 mm wide.
REFERENCE_PX_PER_MM = 1920 / 531.4
# Keys for critical actions: 20 mm, clinical.md, Touch (10 and 15 mm are slower and more error-prone).
CRITICAL_KEY_MM = 20.0
FONT_FAMILIES = ("DejaVu Sans", "Noto Sans", "sans-serif")


def mm(length_mm: float, px_per_mm: float = REFERENCE_PX_PER_MM) -> int:
    """Whole pixels for a length on the screen; by default on a 24 inch screen of 1920x1080."""
    return round(length_mm * px_per_mm)


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of the screen.  Red, yellow and cyan belong to alarms; each quantity owns one other hue."""

    window: str = "#0A0D10"
    panel: str = "#12171C"
    panel_line: str = "#1F272E"
    plot: str = "#0D1115"
    plot_grid: str = "#2A333C"
    key: str = "#222B33"
    key_line: str = "#3A4753"
    key_pressed: str = "#3B4956"
    key_disabled: str = "#151B20"
    key_on: str = "#D5DEE6"  # a key that is switched on is inverted: seen without colour
    key_on_text: str = "#0A0D10"
    progress: str = "#566A7C"
    text: str = "#EAF0F5"
    text_soft: str = "#A3B0BC"
    text_stale: str = "#8694A1"
    text_disabled: str = "#66737F"
    picture: str = "#000000"
    pressure: str = "#74DD8B"
    pressure_faint: str = "#417A50"  # the line's pressure on the plot, behind the estimate of the abdomen's
    flow: str = "#7FB0FF"
    flow_faint: str = "#3A5378"  # the flow of the moment on the plot, behind its mean
    light: str = "#E6A0E6"
    alarm_high: str = "#F0342C"
    alarm_high_dim: str = "#5C1512"
    alarm_high_ground: str = "#2A1011"
    alarm_medium: str = "#FFD21F"
    alarm_medium_dim: str = "#544406"
    alarm_medium_ground: str = "#282208"
    alarm_low: str = "#3CD9E8"
    alarm_low_ground: str = "#0B2529"
    alarm_ink_on_high: str = "#FFFFFF"
    alarm_ink_on_light: str = "#101418"
    simulation: str = "#F2F5F8"
    simulation_ink: str = "#101418"

    def alarm(self, priority: str) -> str:
        """The colour of an alarm of this priority: "high", "medium" or "low"."""
        return str(getattr(self, f"alarm_{priority}"))

    def alarm_dim(self, priority: str) -> str:
        """The same while its lamp is dark; low does not flash."""
        return {"high": self.alarm_high_dim, "medium": self.alarm_medium_dim}.get(priority, self.alarm_low)

    def alarm_ground(self, priority: str) -> str:
        """The ground on which an alarm of this priority is written."""
        return str(getattr(self, f"alarm_{priority}_ground"))

    def alarm_ink(self, priority: str) -> str:
        """What is legible on the lit lamp."""
        return self.alarm_ink_on_high if priority == "high" else self.alarm_ink_on_light

    def hue(self, quantity: str) -> str:
        """The hue of a quantity or setpoint key: pressure, flow, light; plain text colour for the rest."""
        for name in ("pressure", "flow", "light"):
            if quantity.startswith(name):
                return str(getattr(self, name))
        return self.text


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


DARK = Palette()
PALETTES = {"dark": DARK, "daylight": DARK}  # by the names of ui.appearance.THEMES

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
