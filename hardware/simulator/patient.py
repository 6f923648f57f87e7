"""The simulated abdomen: published pressure-volume curve, patient sizes, relaxation, breathing and pressing."""

from __future__ import annotations

import math
from dataclasses import dataclass

STIFF_ABOVE_MMHG = 25.0  # the published fit is not for use above (clinical.md, Gas)
STIFF_COMPLIANCE_RATIO = 0.45  # compliance above 25 mmHg against the fit's at 25: estimate
# Without muscle relaxation, against full: estimates.  Deep block is known to give some tenths of a litre more room.
TENSE_VOLUME_SHARE = 0.65
TENSE_OPENING_MMHG = 1.5
PRESSING_MMHG = 3.0  # active expiration without relaxation; every `STRONG_PRESS_BREATHS`-th breath twice that
STRONG_PRESS_BREATHS = 7


@dataclass(frozen=True, slots=True)
class Curve:
    """The pressure-volume curve as the plant's loop wants it: three branches over the gas volume, ml."""

    opening_ml: float
    opening_mmhg: float
    scale_mmhg: float
    asymptote_ml: float
    closed_per_ml: float
    stiff_ml: float
    stiff_per_ml: float

    def pressure_and_slope(self, gas_ml: float) -> tuple[float, float]:
        """Elastic pressure, mmHg, of `gas_ml`, and its slope, mmHg/ml."""
        if gas_ml <= self.opening_ml:
            return gas_ml * self.closed_per_ml, self.closed_per_ml
        if gas_ml >= self.stiff_ml:
            return STIFF_ABOVE_MMHG + (gas_ml - self.stiff_ml) * self.stiff_per_ml, self.stiff_per_ml
        room_ml = self.asymptote_ml - (gas_ml - self.opening_ml)
        return self.opening_mmhg - self.scale_mmhg * math.log(room_ml / self.asymptote_ml), self.scale_mmhg / room_ml


@dataclass(frozen=True, slots=True)
class Patient:
    """One abdomen.  Gas volumes are standard: as the flow sensor counts them, at ambient pressure.

    Curve for an adult: V = 6.93 (1 - exp(-(P - 4.09) / 8.0)) l for 4.09 <= P <= 25 mmHg (clinical.md).
    Below the opening pressure the wall still lies on the bowel: little gas raises the pressure quickly.
    Sizes other than the adult, and uptake and ripple of those, are estimates scaled from general knowledge.
    """

    name: str
    volume_l: float = 6.93  # the curve's asymptote when relaxed
    opening_mmhg: float = 4.09
    scale_mmhg: float = 8.0
    closed_compliance_ml_mmhg: float = 40.0  # below the opening pressure
    ripple_mmhg: float = 1.5  # peak to peak of ventilation; 1-2 (clinical.md)
    breaths_per_min: float = 12.0
    inspiration_s: float = 2.0
    uptake_ml_min: float = 33.0  # CO2 absorbed, 25-41 (clinical.md)
    relaxation: float = 1.0  # 1: muscles fully relaxed; 0: not at all, and the patient presses
    compliance_scale: float = 1.0  # of every volume of the curve

    @property
    def curve(self) -> Curve:
        """The curve with relaxation and scale worked in."""
        tension = 1.0 - self.relaxation
        asymptote_ml = self.volume_l * 1000.0 * self.compliance_scale * (1.0 - (1.0 - TENSE_VOLUME_SHARE) * tension)
        opening_mmhg = self.opening_mmhg + TENSE_OPENING_MMHG * tension
        closed = self.closed_compliance_ml_mmhg * self.compliance_scale
        left = math.exp(-(STIFF_ABOVE_MMHG - opening_mmhg) / self.scale_mmhg)
        opening_ml = opening_mmhg * closed
        return Curve(
            opening_ml,
            opening_mmhg,
            self.scale_mmhg,
            asymptote_ml,
            1.0 / closed,
            opening_ml + asymptote_ml * (1.0 - left),
            self.scale_mmhg / (STIFF_COMPLIANCE_RATIO * asymptote_ml * left),
        )

    def pressure_mmhg(self, gas_ml: float) -> float:
        """Elastic pressure, mmHg, of `gas_ml` in the abdomen."""
        return self.curve.pressure_and_slope(gas_ml)[0]

    def gas_ml(self, pressure_mmhg: float) -> float:
        """Gas, ml, that holds the abdomen at `pressure_mmhg`: the inverse of `pressure_mmhg`."""
        curve = self.curve
        if pressure_mmhg <= curve.opening_mmhg:
            return pressure_mmhg / curve.closed_per_ml
        if pressure_mmhg >= STIFF_ABOVE_MMHG:
            return curve.stiff_ml + (pressure_mmhg - STIFF_ABOVE_MMHG) / curve.stiff_per_ml
        share = 1.0 - math.exp(-(pressure_mmhg - curve.opening_mmhg) / curve.scale_mmhg)
        return curve.opening_ml + curve.asymptote_ml * share

    def ventilation_mmhg(self, time_s: float) -> float:
        """Pressure on the gas at `time_s`: the diaphragm's in inspiration, the muscles' after it when not relaxed."""
        period_s = 60.0 / self.breaths_per_min
        inspiration_s = min(self.inspiration_s, 0.6 * period_s)
        breaths, phase_s = divmod(time_s, period_s)
        if phase_s < inspiration_s:
            return self.ripple_mmhg * 0.5 * (1.0 - math.cos(math.pi * phase_s / inspiration_s))
        expired = (phase_s - inspiration_s) / (period_s - inspiration_s)
        passive = self.ripple_mmhg * math.exp(-6.0 * expired)
        if self.relaxation >= 1.0:
            return passive
        strength = (2.0 if breaths % STRONG_PRESS_BREATHS == STRONG_PRESS_BREATHS - 1 else 1.0) * PRESSING_MMHG
        return passive + strength * (1.0 - self.relaxation) ** 2 * math.sin(math.pi * expired) ** 2


PATIENTS: dict[str, Patient] = {
    p.name: p
    for p in (
        Patient("adult"),
        Patient("obese", volume_l=8.5, opening_mmhg=7.5, scale_mmhg=9.0, ripple_mmhg=2.0, uptake_ml_min=41.0),
        Patient("tense", volume_l=4.2, opening_mmhg=5.5, scale_mmhg=7.0, ripple_mmhg=2.0),
        Patient(
            "child",
            volume_l=2.0,
            opening_mmhg=3.5,
            scale_mmhg=7.0,
            closed_compliance_ml_mmhg=14.0,
            ripple_mmhg=1.2,
            breaths_per_min=20.0,
            inspiration_s=1.0,
            uptake_ml_min=14.0,
        ),
        Patient(
            "infant",
            volume_l=0.6,
            opening_mmhg=3.0,
            scale_mmhg=6.0,
            closed_compliance_ml_mmhg=5.0,
            ripple_mmhg=1.0,
            breaths_per_min=30.0,
            inspiration_s=0.7,
            uptake_ml_min=5.0,
        ),
    )
}
