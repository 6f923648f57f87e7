"""How the screen looks and speaks: theme, language, unit of pressure and the screen's real size, as one value."""

from __future__ import annotations

from dataclasses import dataclass

THEMES = ("dark", "daylight")
LANGUAGES = ("en", "zh")
PRESSURE_UNITS = ("mmHg", "kPa", "cmH2O")


@dataclass(frozen=True, slots=True)
class Appearance:
    """Raises `ValueError` naming what is not one of the choices above or not above 0."""

    theme: str = "dark"
    language: str = "en"
    pressure_unit: str = "mmHg"
    px_per_mm: float | None = None  # of the screen the window is on; None: that of a 24 inch screen of 1920 pixels

    def __post_init__(self) -> None:
        for name, choices in (("theme", THEMES), ("language", LANGUAGES), ("pressure_unit", PRESSURE_UNITS)):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name}: expected one of {', '.join(choices)}, got {getattr(self, name)!r}")
        if self.px_per_mm is not None and not self.px_per_mm > 0.0:
            raise ValueError(f"px_per_mm: expected a number above 0 or None, got {self.px_per_mm!r}")
