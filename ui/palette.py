"""The colours of the screen, one table a theme; who may use which hue, and what is legible on what."""

from __future__ import annotations

from dataclasses import dataclass

QUANTITIES = ("pressure", "flow", "light")


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour of one theme; the defaults are the dark one.

    Red, yellow and cyan belong to alarms.  Each quantity owns one other hue, on its number, its plot and its overlay.
    An alarm has five colours: of its lit lamp (`alarm`), of the dark half of its flash (`alarm_dim`), of the ground it
    is written on (`alarm_ground`), of its outline (`alarm_line`), and of text in its colour (`alarm_text`): on light
    ground yellow and cyan cannot be read, so there the text is a dark shade of them and the lamp has an outline.
    """

    window: str = "#0A0D10"
    panel: str = "#12171C"
    panel_line: str = "#1F272E"
    plot: str = "#0D1115"
    plot_grid: str = "#2A333C"
    key: str = "#222B33"
    key_line: str = "#3A4753"
    key_pressed: str = "#313D48"
    key_disabled: str = "#151B20"
    key_on: str = "#D5DEE6"  # a key that is switched on is inverted: seen without colour
    key_on_text: str = "#0A0D10"
    progress: str = "#566A7C"
    text: str = "#EAF0F5"
    text_soft: str = "#AAB6C1"
    text_stale: str = "#9CA9B4"
    text_disabled: str = "#7C8A96"
    # Pictures lie on black in every theme, and so does what is written over them.
    picture: str = "#000000"
    picture_text: str = "#EAF0F5"
    picture_text_soft: str = "#AAB6C1"
    picture_mark: str = "#D5DEE6"  # ground of a mark laid on the picture
    picture_mark_text: str = "#0A0D10"
    picture_pressure: str = "#84EE9C"
    picture_flow: str = "#86A6FF"
    picture_light: str = "#DC94C2"
    pressure: str = "#84EE9C"
    pressure_faint: str = "#417A50"  # the line's pressure on the plot, behind the estimate of the abdomen's
    flow: str = "#86A6FF"
    flow_faint: str = "#4A66A8"  # the flow of the moment on the plot, behind its mean
    light: str = "#DC94C2"
    alarm_high: str = "#E0241C"
    alarm_high_dim: str = "#5C1512"
    alarm_high_ground: str = "#2A1011"
    alarm_high_line: str = "#F0453D"
    alarm_high_text: str = "#FF7A72"
    alarm_medium: str = "#FFD21F"
    alarm_medium_dim: str = "#544406"
    alarm_medium_ground: str = "#282208"
    alarm_medium_line: str = "#FFD21F"
    alarm_medium_text: str = "#FFD21F"
    alarm_low: str = "#3CD9E8"
    alarm_low_ground: str = "#0B2529"
    alarm_low_line: str = "#3CD9E8"
    alarm_low_text: str = "#3CD9E8"
    alarm_ink_on_high: str = "#FFFFFF"
    alarm_ink_on_light: str = "#101418"
    simulation: str = "#F2F5F8"
    simulation_ink: str = "#101418"

    def alarm(self, priority: str) -> str:
        """The colour of the lit lamp of an alarm of this priority: "high", "medium" or "low"; not one to write in."""
        return str(getattr(self, f"alarm_{priority}"))

    def alarm_dim(self, priority: str) -> str:
        """The same while its lamp is dark; low does not flash."""
        return {"high": self.alarm_high_dim, "medium": self.alarm_medium_dim}.get(priority, self.alarm_low)

    def alarm_ground(self, priority: str) -> str:
        """The ground on which an alarm of this priority is written."""
        return str(getattr(self, f"alarm_{priority}_ground"))

    def alarm_line(self, priority: str) -> str:
        """The outline of that ground and of the lamp."""
        return str(getattr(self, f"alarm_{priority}_line"))

    def alarm_text(self, priority: str) -> str:
        """Text in the alarm's colour, legible on a panel, on the ground of any alarm and on the dark lamp."""
        return str(getattr(self, f"alarm_{priority}_text"))

    def alarm_ink(self, priority: str) -> str:
        """What is legible on the lit lamp."""
        return self.alarm_ink_on_high if priority == "high" else self.alarm_ink_on_light

    def hue(self, quantity: str) -> str:
        """The hue of a quantity or setpoint key: pressure, flow, light; plain text colour for the rest."""
        name = _owner(quantity)
        return str(getattr(self, name)) if name else self.text

    def hue_on_picture(self, quantity: str) -> str:
        """The same hue where it is written over a picture."""
        name = _owner(quantity)
        return str(getattr(self, f"picture_{name}")) if name else self.picture_text


def _owner(quantity: str) -> str:
    return next((name for name in QUANTITIES if quantity.startswith(name)), "")


DARK = Palette()
DAYLIGHT = Palette(
    window="#DDE3E8",
    panel="#F4F6F8",
    panel_line="#C3CDD5",
    plot="#FFFFFF",
    plot_grid="#B4C0CA",
    key="#FFFFFF",
    key_line="#7D8B98",
    key_pressed="#D9E1E7",
    key_disabled="#E6EAEE",
    key_on="#26323C",
    key_on_text="#FFFFFF",
    progress="#A9BCCB",
    text="#12181D",
    text_soft="#414D58",
    text_stale="#4D5964",
    text_disabled="#5C6873",
    pressure="#08712E",
    pressure_faint="#5E9C74",
    flow="#1029A0",
    flow_faint="#6F83C9",
    light="#A3246E",
    alarm_high="#D8201A",
    alarm_high_dim="#F6C9C6",
    alarm_high_ground="#FCE4E2",
    alarm_high_line="#B5150F",
    alarm_high_text="#A3120D",
    alarm_medium="#FFC800",
    alarm_medium_dim="#F7E7AE",
    alarm_medium_ground="#FFF3C9",
    alarm_medium_line="#8A6800",
    alarm_medium_text="#6E5200",
    alarm_low="#2FC4DA",
    alarm_low_ground="#DDF4F8",
    alarm_low_line="#00798B",
    alarm_low_text="#005B69",
)
PALETTES = {"dark": DARK, "daylight": DAYLIGHT}  # by the names of ui.appearance.THEMES
