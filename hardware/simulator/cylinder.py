"""The simulated CO2 cylinder and its pressure regulator: liquid that cools as it boils off, outlet that droops.

Vapour pressure: 34.85 bar at 0 degC and 57.29 bar at 20 degC, absolute (NIST Chemistry WebBook), joined by
Clausius-Clapeyron; it meets NIST's 45.0 at 10 and 72.1 at 30 degC within 0.7 %.  Heat of evaporation 231 kJ/kg at
0 degC, 152 at 20 (NIST).  Heat capacity and heat taken up from the room are estimates for a 2 kg steel cylinder.
"""

from __future__ import annotations

import math

AMBIENT_BAR = 1.013
FULL_L = 1100.0  # about 2 kg of CO2 as gas at ambient pressure
LIQUID_GONE_L = 260.0  # gas alone at the vapour pressure of 20 degC in about 3 l
G_PER_L = 1.84  # CO2 at ambient pressure, 20 degC
CRITICAL_C = 31.0
_REFERENCE_C = 20.0
_P0_BAR, _P20_BAR = 34.85, 57.29
_SLOPE_K = math.log(_P20_BAR / _P0_BAR) / (1.0 / 273.15 - 1.0 / 293.15)
STEEL_J_PER_K = 2300.0
LIQUID_J_PER_G_K = 2.8
ROOM_W_PER_K = 1.8

REGULATOR_MMHG = 375.0  # 0.5 bar
DROOP_MMHG_PER_ML_S = 0.045  # a tenth at 50 l/min
RISE_MMHG_PER_BAR = 0.3  # a single-stage regulator gives a little more as its inlet falls


def vapour_pressure_bar(temperature_c: float) -> float:
    """Of CO2 over its liquid, bar above ambient; up to the critical point."""
    kelvin = min(temperature_c, CRITICAL_C) + 273.15
    return _P0_BAR * math.exp(_SLOPE_K * (1.0 / 273.15 - 1.0 / kelvin)) - AMBIENT_BAR


VAPOUR_PRESSURE_BAR = vapour_pressure_bar(_REFERENCE_C)


class Cylinder:
    """Gas left, l at ambient pressure, and the temperature of what is left."""

    __slots__ = (
        "_left_l",
        "_pressure_bar",
        "_temperature_c",
        "_vapour_bar",
        "_vapour_c",
        "ambient_c",
        "regulator_share",
    )

    def __init__(self, left_l: float = FULL_L, ambient_c: float = _REFERENCE_C) -> None:
        self._left_l = left_l
        self._temperature_c = ambient_c
        self.ambient_c = ambient_c
        self.regulator_share = 1.0  # of its setting: a regulator out of order
        self._vapour_c = ambient_c
        self._vapour_bar = vapour_pressure_bar(ambient_c)
        self._judge()

    @property
    def left_l(self) -> float:
        """Gas left, l at ambient pressure.  Setting it is changing the cylinder: the new one has the room's warmth."""
        return self._left_l

    @left_l.setter
    def left_l(self, value: float) -> None:
        self._left_l = value
        self._temperature_c = self.ambient_c
        self._vapour_c = self.ambient_c
        self._vapour_bar = vapour_pressure_bar(self.ambient_c)
        self._judge()

    @property
    def temperature_c(self) -> float:
        """Of the liquid and the steel around it, degC."""
        return self._temperature_c

    @property
    def pressure_bar(self) -> float:
        """Pressure above ambient at the supply sensor, bar."""
        return self._pressure_bar

    @property
    def regulator_mmhg(self) -> float:
        """What the regulator gives without flow, mmHg: its setting, or all there is."""
        rise = RISE_MMHG_PER_BAR * (VAPOUR_PRESSURE_BAR - self._pressure_bar)
        return min((REGULATOR_MMHG + rise) * self.regulator_share, self._pressure_bar * 750.06)

    def draw(self, volume_l: float, dt_s: float = 0.0) -> None:
        """Take gas out over `dt_s`: while there is liquid it boils, and what is left grows colder."""
        grams = G_PER_L * volume_l
        warmth = self.ambient_c - self._temperature_c
        if volume_l == 0.0 and warmth == 0.0:
            return
        heat_j = ROOM_W_PER_K * warmth * dt_s
        if self.has_liquid:
            heat_j -= grams * max(60.0, 231.0 - 3.95 * self._temperature_c)
        self._left_l = max(0.0, self._left_l - volume_l)
        capacity = STEEL_J_PER_K + LIQUID_J_PER_G_K * G_PER_L * self._left_l
        self._temperature_c += heat_j / capacity
        if abs(self._temperature_c - self._vapour_c) > 0.005:  # 0.007 bar
            self._vapour_c = self._temperature_c
            self._vapour_bar = vapour_pressure_bar(self._temperature_c)
        self._judge()

    @property
    def has_liquid(self) -> bool:
        """True while the pressure is the vapour's, whatever is left."""
        return self._gas_alone_bar > self._vapour_bar

    @property
    def _gas_alone_bar(self) -> float:
        """Pressure if all that is left were gas.  Ideal gas from the reference on."""
        warmth = (self._temperature_c + 273.15) / (_REFERENCE_C + 273.15)
        return VAPOUR_PRESSURE_BAR * self._left_l / LIQUID_GONE_L * warmth

    def _judge(self) -> None:
        self._pressure_bar = min(self._vapour_bar, self._gas_alone_bar)
