"""The simulated abdomen: published pressure-volume curve, patient sizes, breathing, displaced volume."""

from __future__ import annotations

import math
from dataclasses import dataclass

STIFF_ABOVE_MMHG = 25.0  # the published fit is not for use above (clinical.md, Gas)
STIFF_COMPLIANCE_RATIO = 0.45  # compliance above 25 mmHg against the fit's at 25: general knowledge, to be cited


@dataclass(frozen=True, slots=True)
class Patient:
    """One abdomen.  Gas volumes are standard: as the flow sensor counts them, at ambient pressure.

    Curve for an adult: V = 6.93 (1 - exp(-(P - 4.09) / 8.0)) l for 4.09 <= P <= 25 mmHg (clinical.md).
    Below the opening pressure the wall still lies on the bowel: little gas raises the pressure quickly.
    Sizes other than the adult, and uptake and ripple of those, are estimates scaled from general knowledge.
    """

    name: str
    volume_l: float = 6.93  # the curve's asymptote
    opening_mmhg: float = 4.09
    scale_mmhg: float = 8.0
    closed_compliance_ml_mmhg: float = 40.0  # below the opening pressure
    ripple_mmhg: float = 1.5  # peak to peak of ventilation; 1-2 (clinical.md)
    breaths_per_min: float = 12.0
    inspiration_s: float = 2.0
    uptake_ml_min: float = 33.0  # CO2 absorbed, 25-41 (clinical.md)

    @property
    def opening_ml(self) -> float:
        """Gas in the abdomen at the opening pressure, ml."""
        return self.opening_mmhg * self.closed_compliance_ml_mmhg

    @property
    def stiff_ml(self) -> float:
        """Gas in the abdomen at 25 mmHg, ml."""
        return self.opening_ml + self.volume_l * 1000.0 * (
            1.0 - math.exp(-(STIFF_ABOVE_MMHG - self.opening_mmhg) / self.scale_mmhg)
        )

    @property
    def stiff_compliance_ml_mmhg(self) -> float:
        """Compliance above 25 mmHg, ml/mmHg."""
        at_25 = self.volume_l * 1000.0 / self.scale_mmhg
        return STIFF_COMPLIANCE_RATIO * at_25 * math.exp(-(STIFF_ABOVE_MMHG - self.opening_mmhg) / self.scale_mmhg)

    def pressure_mmhg(self, gas_ml: float) -> float:
        """Elastic pressure, mmHg, of `gas_ml` in the abdomen."""
        above = gas_ml - self.opening_ml
        if above <= 0.0:
            return gas_ml / self.closed_compliance_ml_mmhg
        if gas_ml >= self.stiff_ml:
            return STIFF_ABOVE_MMHG + (gas_ml - self.stiff_ml) / self.stiff_compliance_ml_mmhg
        return self.opening_mmhg - self.scale_mmhg * math.log(1.0 - above / (self.volume_l * 1000.0))

    def gas_ml(self, pressure_mmhg: float) -> float:
        """Gas, ml, that holds the abdomen at `pressure_mmhg`: the inverse of `pressure_mmhg`."""
        if pressure_mmhg <= self.opening_mmhg:
            return pressure_mmhg * self.closed_compliance_ml_mmhg
        if pressure_mmhg >= STIFF_ABOVE_MMHG:
            return self.stiff_ml + (pressure_mmhg - STIFF_ABOVE_MMHG) * self.stiff_compliance_ml_mmhg
        share = 1.0 - math.exp(-(pressure_mmhg - self.opening_mmhg) / self.scale_mmhg)
        return self.opening_ml + self.volume_l * 1000.0 * share

    def ventilation_mmhg(self, time_s: float) -> float:
        """Pressure of the diaphragm on the gas at `time_s`: rises over inspiration, falls off after it."""
        period_s = 60.0 / self.breaths_per_min
        phase_s = time_s % period_s
        if phase_s < self.inspiration_s:
            return self.ripple_mmhg * 0.5 * (1.0 - math.cos(math.pi * phase_s / self.inspiration_s))
        expiration_s = period_s - self.inspiration_s
        return self.ripple_mmhg * math.exp(-6.0 * (phase_s - self.inspiration_s) / expiration_s)  # passive


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
