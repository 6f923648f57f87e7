"""The gas cylinder: its vapour pressure, and how it cools when drawn hard."""

from __future__ import annotations

import pytest

from hardware.simulator.cylinder import Cylinder, vapour_pressure_bar


def drawn(cylinder: Cylinder, litres: float, l_min: float) -> Cylinder:
    """The cylinder after `litres` at a steady `l_min`, a second at a time."""
    for _ in range(round(litres / l_min * 60.0)):
        cylinder.draw(l_min / 60.0, 1.0)
    return cylinder


def test_the_cylinder_has_nists_vapour_pressure_until_the_liquid_is_gone():
    assert vapour_pressure_bar(20.0) + 1.013 == pytest.approx(57.29, abs=0.01)
    assert vapour_pressure_bar(10.0) + 1.013 == pytest.approx(45.02, rel=0.01)
    slowly = drawn(Cylinder(), 700.0, 0.5)
    assert slowly.pressure_bar == pytest.approx(56.3, rel=0.05)  # the room warms it
    assert slowly.has_liquid
    drawn(slowly, 270.0, 0.5)
    assert not slowly.has_liquid
    assert slowly.pressure_bar == pytest.approx(56.3 / 2, rel=0.05)


def test_a_cylinder_drawn_hard_grows_cold_and_its_pressure_falls_then_recovers():
    hard = drawn(Cylinder(), 600.0, 20.0)
    assert hard.temperature_c < 5.0
    assert hard.pressure_bar < 40.0
    assert hard.has_liquid
    for _ in range(4 * 3600):
        hard.draw(0.0, 1.0)
    assert hard.temperature_c == pytest.approx(20.0, abs=1.0)
    assert hard.pressure_bar == pytest.approx(56.3, rel=0.03)
