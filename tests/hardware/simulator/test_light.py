"""The simulated light source over real frames: too hot, without a temperature, tachometer."""

from __future__ import annotations

import math

import pytest

from hardware.protocol import (
    DriveLight,
    Reason,
    Refusal,
    SetLight,
)
from hardware.readings import (
    LightDrive,
    LightFault,
)
from hardware.simulator.control import Control


def test_the_light_switches_itself_off_when_too_hot_and_refuses_until_cool(rig, master):
    master.ask(SetLight(True))
    rig.lamp.fan_dead = True
    for _ in range(3000):
        reading = master.ask(DriveLight(LightDrive(0.9, 1.0)))
        rig.lamp.advance(0.1)
        rig.light.advance(0.1)
        if reading.faults & LightFault.OVER_TEMPERATURE:
            break
    assert reading.drive == 0.0
    assert rig.lamp.led_c < 96.0
    refusal = master.ask(SetLight(True))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.NOT_NOW
    assert reading.faults & LightFault.FAN


@pytest.mark.parametrize("fault", ["light.temperature_nan", "light.temperature_out_of_range"])
def test_a_lamp_without_a_temperature_glows_and_cools_and_is_not_called_too_hot(rig, master, fault):
    control = Control(rig)
    master.ask(SetLight(True))

    def drive(order: LightDrive):
        for _ in range(20):
            master.ask(DriveLight(order))
            rig.advance(0.1)
        return master.ask(DriveLight(order))

    assert drive(LightDrive(0.5, 0.1)).drive == pytest.approx(0.5)
    control.obey({"fault": fault})
    reading = drive(LightDrive(0.9, 0.1))
    assert reading.drive == pytest.approx(1.3 * 0.05 * 3000.0 / 3600.0, abs=1e-4)
    assert reading.fan_percent > 80.0
    assert reading.on
    assert reading.faults == LightFault.NONE
    assert drive(LightDrive(0.01, 0.1)).drive == pytest.approx(0.01)  # less is obeyed
    assert not isinstance(master.ask(SetLight(False)), Refusal)
    assert not isinstance(master.ask(SetLight(True)), Refusal)
    control.obey({"repair": fault})
    assert drive(LightDrive(0.5, 0.1)).drive == pytest.approx(0.5)


@pytest.mark.parametrize(("fault", "told"), [("nan", math.isnan), ("out_of_range", lambda speed: speed > 120.0)])
def test_a_broken_tachometer_is_told_as_it_reads(rig, master, fault, told):
    Control(rig).obey({"fault": f"light.tachometer_{fault}"})
    rig.advance(0.1)
    assert told(master.ask(DriveLight(LightDrive(0.1, 0.5))).fan_percent)
