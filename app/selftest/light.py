"""Lamp and fan, as the light source reports them; nothing is switched."""

from __future__ import annotations

from statistics import median

from app.selftest.evidence import Evidence
from app.selftest.result import Result, failed, passed, skipped
from hardware.ccu import CcuParams
from hardware.ccu.conditions import Condition
from hardware.quantities import LIGHT_CURRENT, LIGHT_FAN, LIGHT_TEMPERATURE
from hardware.readings import LightFault

_PARAMS = CcuParams().light
TURNS_PERCENT = 5.0  # of full speed: a tachometer that tells so much sees a fan that turns
COLDEST_C = LIGHT_TEMPERATURE.safe_min - 10.0  # a lamp colder than an unheated store room is a broken sensor


def no_reading(_: Evidence) -> Result:
    """The light source has not reported in time."""
    return failed("no_reading")


def judge_temperature(e: Evidence) -> Result | None:
    """A temperature that a lamp can have, below the warning."""
    if not e.light_enough:
        return None
    temperature = median(r.temperature_c for r in e.light)
    value = {"value": f"{temperature:.1f}"}
    doubtful = Condition.LIGHT_SENSOR_FAULT in e.status.conditions
    if doubtful or not all(LIGHT_TEMPERATURE.plausible(r.temperature_c) for r in e.light) or temperature < COLDEST_C:
        return failed("lamp_sensor", **value)
    if temperature >= _PARAMS.hot_c or any(r.faults & LightFault.OVER_TEMPERATURE for r in e.light):
        return failed("lamp_hot", limit=f"{_PARAMS.hot_c:g}", **value)
    return passed("lamp_temperature", **value)


def judge_standby(e: Evidence) -> Result | None:
    """The current in standby is that of the glow that standby is, within the current sensor's tolerance."""
    if not e.light_enough:
        return None
    if any(r.faults & LightFault.LED_OPEN for r in e.light) or Condition.LIGHT_LED_FAULT in e.status.conditions:
        return failed("led_fault")
    if any(r.on for r in e.light):
        return skipped("light_on")
    if not all(LIGHT_CURRENT.plausible(r.current_ma) for r in e.light):
        return failed("current_sensor")
    percent = min(_PARAMS.standby_percent, e.light[-1].intensity_setpoint_percent)
    wanted = percent / 100.0 * e.status.rated_current_ma
    current = median(r.current_ma for r in e.light)
    values = {"value": f"{current:.0f}", "wanted": f"{wanted:.0f}"}
    if abs(current - wanted) <= _PARAMS.current_tolerance_ma:
        return passed("standby_current", **values)
    return None  # it may still be settling


def standby_late(e: Evidence) -> Result:
    """The current has not come to that of standby."""
    if not e.light:
        return failed("no_reading")
    return failed("standby_current", value=f"{e.light[-1].current_ma:.0f}")


def judge_fan(e: Evidence) -> Result | None:
    """The speed read back.  A fan that need not turn is watched from when it must."""
    if not e.light_enough:
        return None
    faults = any(r.faults & LightFault.FAN for r in e.light)
    if faults or Condition.LIGHT_FAN_FAULT in e.status.conditions:
        return failed("fan_fault")
    if not all(LIGHT_FAN.plausible(r.fan_percent) for r in e.light):
        return failed("fan_sensor")
    if e.fan_percent > TURNS_PERCENT:
        return passed("fan", value=f"{e.fan_percent:.0f}")
    return skipped("fan_still", limit=f"{_PARAMS.fan_curve[0][0]:g}")
