"""`bench light`: the figures of the light meet their goals, and a dead fan ends in derating, not in the dark."""

from __future__ import annotations

import argparse

import pytest

from app.bench import light


@pytest.fixture(scope="module")
def figures():
    patch = pytest.MonkeyPatch()
    patch.setattr(light, "FULL_S", 180.0)  # long enough for a dead fan to matter
    try:
        return light.run(argparse.Namespace(seed=2))
    finally:
        patch.undo()


def test_every_step_settles_in_time_without_overshoot(figures):
    steps = [step for name, case in figures.items() if name.startswith("steps") for step in case.values()]
    assert len(steps) == 4 * 3
    for step in steps:
        assert step["settling_s"] <= step["slew_limited_s"] + 0.3
        assert step["overshoot_percent"] <= 2.0
        assert abs(step["error_percent"]) <= 0.5


def test_a_dead_fan_is_told_and_derated_and_the_light_stays_on(figures):
    hot = figures["full_light_dead_fan_40_c"]
    assert hot["light_fan_fault_after_s"] < hot["light_hot_after_s"] < hot["light_derated_after_s"]
    assert hot["light_off_after_s"] is None
    assert hot["peak_led_c"] < 85.0
    assert figures["full_light_20_c"]["light_hot_after_s"] is None
