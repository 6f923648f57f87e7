"""The light law: settling, limits, faults; by hand and on the simulated lamp."""

from __future__ import annotations

import math

import pytest

from hardware.ccu import Condition
from hardware.ccu.light import LightState, derated_percent, fan_order, step_light
from hardware.ccu.params import LightParams
from hardware.limits import RATED_LED_CURRENT_MA
from hardware.protocol import SetIntensity, SetLight
from hardware.readings import LightFault

PARAMS = LightParams()
STANDBY_MA = 0.05 * RATED_LED_CURRENT_MA


def test_light_starts_low_and_settles_at_the_set_current_without_overshoot(lantern):
    tower = lantern()
    tower.shine(80.0)
    currents = tower.run(6.0)
    goal = 0.8 * RATED_LED_CURRENT_MA
    assert currents[10] < 0.15 * goal  # 0.2 s on
    assert max(currents) < 1.03 * goal
    settled = next(i for i in range(len(currents)) if all(abs(c - goal) < 0.02 * goal for c in currents[i:]))
    assert settled / 50 < 3.5
    assert all(abs(c - goal) < 0.01 * goal for c in currents[-50:])


@pytest.mark.parametrize("period_s", [0.02, 0.1, 0.2])
def test_the_loop_is_stable_at_every_poll_rate(lantern, period_s):
    tower = lantern(period_s)
    tower.shine(100.0)
    currents = tower.run(12.0)
    assert max(currents) < 1.03 * RATED_LED_CURRENT_MA
    assert all(abs(c - RATED_LED_CURRENT_MA) < 0.01 * RATED_LED_CURRENT_MA for c in currents[-100:])


def test_the_pid_finds_the_current_with_a_weak_board(lantern):
    tower = lantern()
    tower.lamp.board_gain_per_k = -0.005  # 10 % less when warm
    tower.shine(90.0)
    tower.run(60.0)
    assert tower.lamp.led_c > 40.0
    assert abs(tower.lamp.current_ma - 0.9 * RATED_LED_CURRENT_MA) < 0.01 * RATED_LED_CURRENT_MA


def test_standby_glows_and_light_comes_back_by_the_slow_start(lantern):
    tower = lantern()
    tower.shine(80.0)
    tower.run(4.0)
    tower.ask(SetLight(False))
    tower.run(1.5)
    assert abs(tower.lamp.current_ma - STANDBY_MA) < 0.2 * STANDBY_MA
    tower.ask(SetLight(True))
    tower.run(0.3)
    assert tower.lamp.current_ma < 0.4 * RATED_LED_CURRENT_MA


def test_standby_is_never_brighter_than_the_light(lantern):
    tower = lantern()
    tower.shine(80.0)
    tower.run(3.0)
    tower.ask(SetIntensity(0.0))
    tower.ask(SetLight(False))
    tower.run(2.0)
    assert tower.lamp.current_ma < 20.0


def test_full_light_in_a_warm_room_stays_cool_with_its_fan(lantern):
    tower = lantern()
    tower.lamp.ambient_c = 30.0
    tower.shine(100.0)
    tower.run(900.0)
    assert tower.lamp.led_c < PARAMS.hot_c
    assert tower.conditions == set()
    assert tower.reading.fan_percent > 20.0


def test_with_a_dead_fan_the_light_is_dimmed_before_it_is_cut(lantern):
    tower = lantern()
    tower.shine(100.0)
    tower.lamp.fan_dead = True
    tower.run(60.0)
    assert "light_fan_fault" in tower.conditions
    tower.run(540.0)
    assert "light_hot" in tower.conditions
    assert "light_derated" in tower.conditions
    assert "light_off" not in tower.conditions  # derating was enough
    assert 0.2 * RATED_LED_CURRENT_MA < tower.lamp.current_ma < 0.95 * RATED_LED_CURRENT_MA
    assert tower.lamp.led_c < PARAMS.off_c


def test_derating_is_told_while_it_takes_light_away_and_only_then(light_reading):
    state, told = LightState(), []
    for cycle, temperature in enumerate([60.0] * 100 + [75.0] * 50 + [72.0] * 20 + [71.0] * 20):
        now_s = cycle * 0.1
        current = state.drive.drive * 3600.0
        reading = light_reading(
            now_s,
            temperature_c=temperature,
            current_ma=current,
            drive=state.drive.drive,
            intensity_setpoint_percent=95.0 if cycle < 170 else 40.0,
            fan_percent=100.0 * state.drive.fan,
        )
        state = step_light(state, reading, now_s, True, PARAMS)
        told.append(Condition.LIGHT_DERATED in state.conditions)
    assert not any(told[:100])
    assert all(told[100:150])  # 79 % allowed, 95 % set
    assert not any(told[155:])


@pytest.mark.parametrize("ambient_c", [20.0, 40.0])
def test_a_step_down_settles_as_fast_as_the_slew_limit_lets_it(lantern, ambient_c):
    tower = lantern()
    tower.lamp.ambient_c = ambient_c
    tower.shine(100.0)
    tower.run(12.0)
    tower.ask(SetIntensity(10.0))
    currents = tower.run(4.0)
    goal = 0.1 * RATED_LED_CURRENT_MA
    settled = max(i for i, c in enumerate(currents) if abs(c - goal) > 0.02 * goal) / 50
    assert settled < 90.0 / PARAMS.slew_down_percent_s + 0.3
    assert min(currents) > 0.95 * goal


def test_over_temperature_cuts_the_light_until_it_has_cooled(light_reading):
    state = LightState()
    currents = []
    for cycle, temperature in enumerate([60.0] * 200 + [86.0] * 3 + [70.0] * 20 + [59.0] * 3):
        now_s = cycle * 0.1
        current = 0.0 if not state.drive.drive else state.drive.drive * 3600.0
        reading = light_reading(now_s, temperature_c=temperature, current_ma=current, drive=state.drive.drive)
        state = step_light(state, reading, now_s, True, PARAMS)
        currents.append((state.drive.drive, Condition.LIGHT_OFF in state.conditions))
    assert currents[199][0] > 0.6
    assert currents[202] == (0.0, True)
    assert currents[222] == (0.0, True)  # 70 degC is not cool enough
    assert currents[223][1] is False


def test_derating_goes_down_to_30_percent():
    assert derated_percent(71.0, PARAMS) == 100.0
    assert derated_percent(77.0, PARAMS) == pytest.approx(65.0)
    assert derated_percent(84.0, PARAMS) == pytest.approx(30.0)


def test_fan_follows_up_at_once_and_down_with_hysteresis():
    warm = fan_order(50.0, 0.0, PARAMS)
    assert warm > fan_order(40.0, 0.0, PARAMS)
    assert fan_order(49.0, warm, PARAMS) == warm
    assert fan_order(43.0, warm, PARAMS) < warm
    assert fan_order(60.0, 0.0, PARAMS) == 1.0
    assert fan_order(25.0, 0.0, PARAMS) == 0.0


def test_an_open_led_is_told_and_comes_back_without_a_flash(lantern):
    tower = lantern()
    tower.shine(100.0)
    tower.run(4.0)
    tower.lamp.led_open = True
    tower.run(3.0)
    assert Condition.LIGHT_LED_FAULT in tower.state.conditions
    tower.lamp.led_open = False
    assert max(tower.run(0.4)) < 0.3 * RATED_LED_CURRENT_MA
    tower.run(4.0)
    assert Condition.LIGHT_LED_FAULT not in tower.state.conditions
    assert abs(tower.lamp.current_ma - RATED_LED_CURRENT_MA) < 0.02 * RATED_LED_CURRENT_MA


@pytest.mark.parametrize(
    ("field", "most"),
    [("current_ma", PARAMS.doubtful_percent), ("temperature_c", PARAMS.standby_percent)],
)
@pytest.mark.parametrize("value", [math.nan, 9999.0])
def test_an_impossible_reading_dims_the_light_and_is_told(light_reading, field, most, value):
    state = LightState()
    for cycle in range(30):
        now_s = cycle * 0.1
        driven = {"drive": state.drive.drive, "current_ma": state.drive.drive * PARAMS.board_full_scale_ma}
        state = step_light(state, light_reading(now_s, **{**driven, field: value}), now_s, True, PARAMS)
    assert state.drive.drive == pytest.approx(most / 100.0 * RATED_LED_CURRENT_MA / PARAMS.board_full_scale_ma)
    assert state.conditions == {Condition.LIGHT_SENSOR_FAULT}


def test_without_readings_standby_level_and_full_fan(light_reading):
    state = step_light(LightState(), None, 0.0, True, PARAMS)
    assert state.drive.drive <= 0.05
    assert state.drive.fan == 1.0
    state = step_light(LightState(), light_reading(0.0), 0.5, True, PARAMS)
    state = step_light(state, light_reading(0.0), 1.5, True, PARAMS)
    assert state.drive.drive <= 0.05
    assert state.drive.fan == 1.0


def test_what_the_module_says_is_passed_on(light_reading):
    faults = LightFault.WATCHDOG | LightFault.OVER_TEMPERATURE | LightFault.LED_OPEN | LightFault.FAN
    state = step_light(LightState(), light_reading(0.0, faults=faults), 0.0, True, PARAMS)
    assert state.conditions == {
        Condition.LIGHT_WATCHDOG,
        Condition.LIGHT_OFF,
        Condition.LIGHT_LED_FAULT,
        Condition.LIGHT_FAN_FAULT,
    }


def test_the_same_reading_again_changes_nothing(light_reading):
    state = step_light(LightState(), light_reading(0.0, current_ma=10.0), 0.0, True, PARAMS)
    state = step_light(state, light_reading(0.1, current_ma=10.0), 0.1, True, PARAMS)
    assert step_light(state, light_reading(0.1, current_ma=10.0), 0.12, True, PARAMS) is state
