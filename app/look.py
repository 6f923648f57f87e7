"""The configuration's [screen] as what the window is built with."""

from __future__ import annotations

import math

from app.config import ScreenConfig
from ui.appearance import Appearance

MM_PER_INCH = 25.4


def px_per_mm(width_px: int, height_px: int, diagonal_inch: float) -> float:
    """Pixels a millimetre of a screen of this many pixels and this diagonal."""
    return math.hypot(width_px, height_px) / (diagonal_inch * MM_PER_INCH)


def appearance_of(screen: ScreenConfig, width_px: int, height_px: int) -> Appearance:
    """How the window looks and speaks on a screen of this many device-independent pixels."""
    diagonal = screen.diagonal_inch
    return Appearance(
        theme=screen.theme,
        language=screen.language,
        pressure_unit=screen.pressure_unit,
        px_per_mm=None if diagonal is None else px_per_mm(width_px, height_px, diagonal),
    )
