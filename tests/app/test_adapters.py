"""No value on the screen is ever made up: what is missing, impossible or old says so."""

import math
from dataclasses import replace

import pytest

from app.adapters import LOST_AFTER_S, camera_text, gas_mode_specs, light_text, measured, tower_view
from app.status import TowerStatus
from hardware.quantities import PRESSURE, SETPOINTS
from hardware.readings import InsufflatorFault, InsufflatorReading
from ui.viewstate import Validity


def gas(time_s: float, **changes) -> InsufflatorReading:
    values = {
        "time_s": time_s,
        "pressure_mmhg": 11.5,
        "pressure2_mmhg": 11.6,
        "flow_l_min": 4.0,
        "cylinder_bar": 55.0,
        "gas_used_l": 12.0,
        "duty": 0.2,
        "solenoid_open": True,
        "relief_open": False,
        "running": True,
        "pressure_setpoint_mmhg": 12.0,
        "flow_setpoint_l_min": 10.0,
        "faults": InsufflatorFault.NONE,
    }
    return InsufflatorReading(**(values | changes))


def view(status: TowerStatus, now_s: float):
    return tower_view(
        status,
        (),
        now_s,
        simulation=True,
        recording=False,
        recording_s=0.0,
        recording_detail="",
        frozen=False,
        enhanced_on=True,
        notice="",
    )


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -50.0, 400.0])
def test_a_value_that_cannot_be_is_unknown(value):
    shown = measured(PRESSURE, value, 10.0, 10.1)
    assert shown.value is None
    assert shown.validity is Validity.UNKNOWN


def test_a_value_greys_out_at_its_age_limit_and_then_disappears():
    assert measured(PRESSURE, 12.0, 10.0, 10.2).validity is Validity.GOOD
    stale = measured(PRESSURE, 12.0, 10.0, 10.4)
    assert (stale.validity, stale.value) == (Validity.STALE, 12.0)
    assert measured(PRESSURE, 12.0, 10.0, 10.0 + LOST_AFTER_S + 0.1).value is None


def test_before_any_reading_nothing_falls_back_on_a_setpoint():
    shown = view(TowerStatus(5.0), 5.0)
    assert shown.pressure.value is None
    assert shown.pressure_setpoint.active is None
    assert shown.gas_running is None
    assert shown.light_on is None
    assert shown.gas_state == "No reading"


def test_a_silent_bus_no_longer_says_that_gas_runs():
    status = TowerStatus(10.0, insufflator=gas(10.0), phase="Supplying", p2_mmhg=22.0)
    assert view(status, 10.1).gas_running is True
    silent = view(status, 10.6)
    assert silent.gas_running is None
    assert silent.gas_state == "No reading"
    assert silent.p2_mmhg is None
    assert silent.pressure.validity is Validity.STALE


def test_an_unheard_camera_says_nothing():
    assert camera_text(None, True) == ""


def test_the_estimate_of_the_abdomen_ages_like_every_value_and_is_gone_with_its_reading():
    status = TowerStatus(10.0, insufflator=gas(10.0, supply_s=75.0), abdomen_mmhg=9.5)
    shown = view(status, 10.1)
    assert (shown.abdomen.value, shown.abdomen.validity) == (9.5, Validity.GOOD)
    assert (shown.supply_s, shown.gas_mode) == (75.0, "adult")
    stale = view(status, 10.6)
    assert stale.abdomen.validity is Validity.STALE
    assert stale.supply_s is stale.gas_mode is None
    assert view(TowerStatus(10.0, insufflator=gas(10.0)), 10.1).abdomen.value is None


def test_orders_under_way_are_shown_and_not_when_the_cycle_stands_still():
    status = TowerStatus(10.0, gas_paused=True, gas_venting=True, gas_mode_pending="veress")
    shown = view(status, 10.1)
    assert (shown.gas_paused, shown.gas_venting, shown.gas_mode_pending) == (True, True, "veress")
    standing = view(status, 20.0)
    assert (standing.gas_paused, standing.gas_venting, standing.gas_mode_pending) == (False, False, None)


def test_every_mode_within_the_sites_limits_is_offered_with_the_narrower_range():
    assert [spec.key for spec in gas_mode_specs(SETPOINTS)] == ["veress", "adult", "high_flow", "paediatric"]
    high = replace(SETPOINTS["flow_setpoint"], minimum=5.0, maximum=30.0)
    specs = {spec.key: spec for spec in gas_mode_specs(SETPOINTS | {"flow_setpoint": high})}
    assert "veress" not in specs, "its 0.5 to 2 l/min have nothing in common with 5 to 30"
    assert (specs["high_flow"].flow.minimum, specs["high_flow"].flow.maximum) == (5.0, 30.0)
    assert specs["paediatric"].entry_flow == 5.0, "the mode's own 1.5 l/min is not allowed here"


def test_a_light_that_is_dimmed_or_off_for_its_heat_says_so():
    assert light_text(True, frozenset()) == "On"
    assert light_text(False, frozenset({"light_derated"})) == "Standby"
    assert light_text(True, frozenset({"light_derated"})) == "Dimmed: too hot"
    assert light_text(True, frozenset({"light_off"})) == "Off: too hot"
