"""The lamp: light and heat by current, fan and age, whatever the step."""

from __future__ import annotations

import pytest

from hardware.simulator.lamp import Lamp


def test_the_lamp_does_not_depend_on_its_step():
    lamps = [Lamp(step_s=0.010), Lamp(step_s=0.005)]
    for second in range(200):
        for lamp in lamps:
            lamp.drive, lamp.fan = (0.8, 0.4) if second % 40 < 30 else (0.1, 1.0)
            lamp.fan_dead = second > 120
            lamp.advance(1.0)
        assert lamps[0].led_c == pytest.approx(lamps[1].led_c, abs=0.05)
        assert lamps[0].current_ma == pytest.approx(lamps[1].current_ma, rel=1e-3, abs=0.1)
        assert lamps[0].light_percent == pytest.approx(lamps[1].light_percent, abs=0.05)


def test_a_bridged_led_and_an_aged_one_give_less_light_at_the_same_current():
    sound, bridged, aged = Lamp(), Lamp(), Lamp()
    bridged.led_short, aged.led_share = True, 0.5
    for lamp in (sound, bridged, aged):
        lamp.drive, lamp.fan = 0.5, 0.5
        lamp.advance(60.0)
    assert bridged.current_ma == pytest.approx(sound.current_ma, rel=0.02)
    assert bridged.light_percent == pytest.approx(sound.light_percent * 2.0 / 3.0, rel=0.05)
    assert bridged.led_c < sound.led_c - 1.0
    assert aged.light_percent == pytest.approx(0.5 * sound.light_percent, rel=0.01)


def test_the_lamp_is_hot_without_its_fan_and_gives_less_light_hot_and_old():
    cool, hot, old = Lamp(), Lamp(), Lamp(hours=20_000.0)
    for lamp in (cool, hot, old):
        lamp.drive, lamp.fan = 0.83, 1.0
    hot.fan_dead = True
    for lamp in (cool, hot, old):
        lamp.advance(600.0)
    assert cool.led_c < 65.0
    assert hot.led_c > 90.0
    assert hot.tachometer.value < 2.0
    assert hot.light_percent < cool.light_percent
    assert old.light_percent < 0.6 * cool.light_percent
