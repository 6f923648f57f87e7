"""The abdomen: compliance as published, and ventilation without jumps."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.simulator.patient import PATIENTS


@pytest.mark.parametrize(("pressure", "compliance"), [(10.0, 414.0), (12.0, 322.0), (15.0, 222.0), (20.0, 119.0)])
def test_the_adult_has_the_published_compliance(pressure, compliance):
    adult = PATIENTS["adult"]
    slope = (adult.gas_ml(pressure + 0.01) - adult.gas_ml(pressure - 0.01)) / 0.02
    assert slope == pytest.approx(compliance, rel=0.01)


@pytest.mark.parametrize("name", sorted(PATIENTS))
@given(pressure=st.floats(0.0, 60.0))
def test_the_curve_is_its_own_inverse_and_stiffer_above_25(name, pressure):
    patient = PATIENTS[name]
    assert patient.pressure_mmhg(patient.gas_ml(pressure)) == pytest.approx(pressure, abs=1e-6)
    below = patient.gas_ml(25.0) - patient.gas_ml(24.0)
    assert patient.gas_ml(26.0) - patient.gas_ml(25.0) < below


@pytest.mark.parametrize("name", sorted(PATIENTS))
def test_ventilation_moves_between_zero_and_the_ripple_without_jumps(name):
    patient = PATIENTS[name]
    values = [patient.ventilation_mmhg(i * 0.01) for i in range(3000)]
    assert min(values) >= 0.0
    assert max(values) == pytest.approx(patient.ripple_mmhg, rel=0.01)
    assert max(abs(b - a) for a, b in pairwise(values)) < 0.12
