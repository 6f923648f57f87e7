"""The simulated CO2 cylinder: vapour pressure while there is liquid, then falling with the gas left."""

from __future__ import annotations

VAPOUR_PRESSURE_BAR = 57.3  # CO2 at 20 degC (NIST Chemistry WebBook)
FULL_L = 1100.0  # about 2 kg of CO2 as gas at ambient pressure
LIQUID_GONE_L = 260.0  # gas alone at vapour pressure in about 3 l


class Cylinder:
    """Gas left, l at ambient pressure."""

    __slots__ = ("left_l",)

    def __init__(self, left_l: float = FULL_L) -> None:
        self.left_l = left_l

    @property
    def pressure_bar(self) -> float:
        """Pressure above ambient at the supply sensor, bar."""
        return VAPOUR_PRESSURE_BAR * min(1.0, self.left_l / LIQUID_GONE_L)

    def draw(self, volume_l: float) -> None:
        """Take gas out."""
        self.left_l = max(0.0, self.left_l - volume_l)
