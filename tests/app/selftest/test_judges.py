"""Each check's judgement of what modules report: at the limits of the interlocks, and never of what was not seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.alarms.speaker import Audio, SpeakerState
from app.checks import Finding, Level
from app.enhancer.starter import EnhancerStatus
from app.selftest import gas, light, machine, modules
from app.selftest.evidence import SAMPLES, Evidence, Gatherer
from app.status import TowerStatus
from app.workers.camera import CameraStatus
from hardware.ccu import CcuParams
from hardware.ccu.conditions import Condition
from hardware.readings import Address, InsufflatorFault, InsufflatorReading, LightFault, LightReading
from ui.selftestview import Outcome
from ui.viewstate import BusView, LinkState
from vision.frames import SourceInfo

GAS = InsufflatorReading(
    time_s=0.0,
    pressure_mmhg=0.1,
    pressure2_mmhg=0.2,
    flow_l_min=0.0,
    cylinder_bar=52.0,
    gas_used_l=0.0,
    duty=0.0,
    solenoid_open=False,
    relief_open=False,
    running=False,
    pressure_setpoint_mmhg=12.0,
    flow_setpoint_l_min=10.0,
    faults=InsufflatorFault.NONE,
)
LAMP = LightReading(0.0, 151.0, 0.04, 24.0, 0.0, False, 30.0, 812.0, LightFault.NONE)
STATUS = TowerStatus(0.0)


def seen(status: TowerStatus = STATUS, lamp: LightReading = LAMP, fan: float = 0.0, **changes) -> Evidence:
    """A second's worth of these readings."""
    readings = tuple(replace(GAS, time_s=0.1 * at, **changes) for at in range(SAMPLES))
    lamps = tuple(replace(lamp, time_s=0.1 * at) for at in range(SAMPLES))
    return Evidence(1.0, status, readings, lamps, fan)


def told(result) -> tuple[Outcome, str]:
    assert result is not None
    return result.outcome, result.code


PASS, FAIL, SKIP = Outcome.PASS, Outcome.FAIL, Outcome.SKIP
LIMIT = CcuParams().interlocks.disagreement_mmhg


@pytest.mark.parametrize(
    ("judge", "changes", "expected"),
    [
        (gas.judge_sensors_agree, {}, (PASS, "sensors_agree")),
        (gas.judge_sensors_agree, {"pressure2_mmhg": 0.1 + LIMIT}, (PASS, "sensors_agree")),
        (gas.judge_sensors_agree, {"pressure2_mmhg": 0.2 + LIMIT}, (FAIL, "sensors_apart")),
        (gas.judge_sensors_agree, {"pressure_mmhg": -3.0, "pressure2_mmhg": 0.0}, (FAIL, "sensors_apart")),
        (gas.judge_sensors_agree, {"pressure_mmhg": float("nan")}, (FAIL, "sensor_fault")),
        (gas.judge_sensors_agree, {"faults": InsufflatorFault.PRESSURE_SENSOR_2}, (FAIL, "sensor_fault")),
        (gas.judge_zero, {}, (PASS, "zero")),
        (gas.judge_zero, {"pressure_mmhg": -2.1, "pressure2_mmhg": -2.1}, (FAIL, "zero_low")),
        (gas.judge_zero, {"pressure_mmhg": -2.0, "pressure2_mmhg": 2.0}, (PASS, "zero")),
        (gas.judge_zero, {"pressure_mmhg": 12.0, "pressure2_mmhg": 12.2}, (SKIP, "line_loaded")),
        (gas.judge_zero, {"running": True}, (SKIP, "gas_on")),
        (gas.judge_zero, {"pressure2_mmhg": float("nan")}, (FAIL, "sensor_fault")),
        (gas.judge_supply_shut, {}, (PASS, "supply_shut")),
        (gas.judge_supply_shut, {"flow_l_min": 0.5}, (FAIL, "flow_at_rest")),
        (gas.judge_supply_shut, {"solenoid_open": True}, (FAIL, "valve_open")),
        (gas.judge_supply_shut, {"duty": 0.1}, (FAIL, "valve_open")),
        (gas.judge_supply_shut, {"faults": InsufflatorFault.FLOW_SENSOR}, (FAIL, "flow_sensor")),
        (gas.judge_supply_shut, {"running": True, "flow_l_min": 8.0, "duty": 0.5}, (SKIP, "gas_on")),
        (gas.judge_supply_each, {}, (SKIP, "supply_each")),
        (gas.judge_relief, {}, (SKIP, "relief_shut")),
        (gas.judge_relief, {"relief_open": True}, (FAIL, "relief_open")),
        (gas.judge_relief, {"faults": InsufflatorFault.OWN_LIMIT}, (FAIL, "own_limit")),
    ],
)
def test_the_gas_side_at_rest(judge, changes, expected) -> None:
    assert told(judge(seen(**changes))) == expected


@pytest.mark.parametrize(
    "judge", [gas.judge_sensors_agree, gas.judge_zero, gas.judge_supply_shut, gas.judge_supply_each, gas.judge_relief]
)
def test_nothing_of_the_gas_side_is_judged_before_a_second_of_readings(judge) -> None:
    evidence = seen()
    assert judge(replace(evidence, gas=evidence.gas[:-1])) is None


def test_one_bad_reading_among_many_is_noise_and_two_are_a_fault() -> None:
    good = seen().gas
    bad = replace(GAS, pressure_mmhg=float("nan"))
    assert told(gas.judge_sensors_agree(replace(seen(), gas=(*good[1:], bad))))[0] is PASS
    assert told(gas.judge_sensors_agree(replace(seen(), gas=(*good[2:], bad, bad))))[0] is FAIL


def test_what_the_control_unit_has_recognised_counts_too() -> None:
    apart = replace(STATUS, conditions=frozenset({str(Condition.SENSOR_DISAGREEMENT)}))
    assert told(gas.judge_sensors_agree(seen(apart))) == (FAIL, "sensors_apart")
    valve = replace(STATUS, conditions=frozenset({str(Condition.VALVE_FAULT)}))
    assert told(gas.judge_supply_shut(seen(valve))) == (FAIL, "valve_fault")


def test_venting_by_a_persons_order_is_no_fault_of_the_relief_valve() -> None:
    venting = replace(STATUS, gas_venting=True)
    assert told(gas.judge_relief(seen(venting, relief_open=True))) == (SKIP, "relief_shut")


@pytest.mark.parametrize(
    ("judge", "changes", "expected"),
    [
        (light.judge_temperature, {}, (PASS, "lamp_temperature")),
        (light.judge_temperature, {"temperature_c": 70.0}, (FAIL, "lamp_hot")),
        (light.judge_temperature, {"temperature_c": -40.0}, (FAIL, "lamp_sensor")),
        (light.judge_temperature, {"temperature_c": -5.0}, (FAIL, "lamp_sensor")),
        (light.judge_standby, {}, (PASS, "standby_current")),
        (light.judge_standby, {"on": True, "current_ma": 900.0}, (SKIP, "light_on")),
        (light.judge_standby, {"faults": LightFault.LED_OPEN}, (FAIL, "led_fault")),
        (light.judge_standby, {"current_ma": float("nan")}, (FAIL, "current_sensor")),
        (light.judge_standby, {"current_ma": 0.0, "intensity_setpoint_percent": 0.0}, (PASS, "standby_current")),
        (light.judge_fan, {"faults": LightFault.FAN}, (FAIL, "fan_fault")),
        (light.judge_fan, {"fan_percent": 200.0}, (FAIL, "fan_sensor")),
        (light.judge_fan, {}, (SKIP, "fan_still")),
    ],
)
def test_lamp_and_fan(judge, changes, expected) -> None:
    assert told(judge(seen(lamp=replace(LAMP, **changes)))) == expected


def test_a_standby_current_that_is_not_there_is_waited_for_and_then_a_failure() -> None:
    dark = seen(lamp=replace(LAMP, current_ma=20.0))
    assert light.judge_standby(dark) is None
    assert told(light.standby_late(dark)) == (FAIL, "standby_current")


def test_a_fan_that_has_turned_once_in_the_test_is_read_back() -> None:
    assert told(light.judge_fan(seen(fan=63.0))) == (PASS, "fan")


def test_the_bus_and_its_modules() -> None:
    up = replace(STATUS, links={Address.LIGHT: LinkState.UP}, bus=BusView(port="/dev/ttyS7"))
    assert told(modules.judge_bus(seen(up))) == (PASS, "bus")
    assert modules.judge_bus(seen()) is None
    assert told(modules.bus_late(seen())) == (FAIL, "bus_silent")
    shut = replace(STATUS, port_error="/dev/ttyS7: no such port")
    assert modules.bus_late(seen(shut)).values["why"] == "/dev/ttyS7: no such port"
    judge, late = modules.module_judge(Address.LIGHT), modules.module_late(Address.LIGHT)
    assert told(judge(seen(replace(up, firmware={Address.LIGHT: "LED 1.1"})))) == (PASS, "module")
    assert told(judge(seen(replace(up, unfit={Address.LIGHT: "version 3"})))) == (FAIL, "module_unfit")
    assert judge(seen(up)) is None
    assert told(late(seen(up))) == (FAIL, "module_unnamed")
    assert told(late(seen())) == (FAIL, "module_silent")


def test_the_machine() -> None:
    info = SourceInfo("cam", 1280, 720, 30.0, live=True, frame_count=None)
    opened = replace(seen(), camera=CameraStatus(info))
    assert machine.judge_picture(opened) is None, "open, but nothing has come"
    assert told(machine.judge_picture(replace(opened, frames=1))) == (PASS, "picture")
    lost = replace(seen(), camera=CameraStatus(None, error="camera /dev/video0 is not there"))
    assert machine.picture_late(lost).values["why"] == "camera /dev/video0 is not there"
    assert machine.judge_enhanced(seen()) is None
    assert told(machine.judge_enhanced(replace(seen(), enhancer=EnhancerStatus(True)))) == (PASS, "enhanced")
    broken = replace(seen(), enhancer=EnhancerStatus(False, weights_error="hash differs"))
    assert told(machine.judge_enhanced(broken)) == (FAIL, "enhanced")
    full = Finding("disk space", Level.FAIL, "7 MB free", "delete or move old recordings")
    result = machine.judge_disk(replace(seen(), disk=(Finding("folder", Level.OK, "well"), full)))
    assert result is not None
    assert (result.outcome, dict(result.values)) == (FAIL, {"why": "7 MB free", "action": full.action})


def test_a_loudspeaker_counts_only_once_its_tone_was_played_to_the_end() -> None:
    well = replace(seen(), speaker=SpeakerState(Audio.WELL, "Built-in"))
    assert machine.judge_sound(well) is None
    assert machine.judge_sound(replace(well, trial="playing")) is None
    assert told(machine.judge_sound(replace(well, trial="played"))) == (PASS, "sound")
    assert told(machine.sound_late(replace(well, trial="failed"))) == (FAIL, "sound_silent")
    assert told(machine.judge_sound(replace(seen(), speaker=SpeakerState(Audio.NO_DEVICE)))) == (FAIL, "sound_none")
    gone = replace(seen(), speaker=SpeakerState(Audio.FAILED, "the sound process is gone"))
    assert machine.sound_late(gone).values["why"] == "the sound process is gone"


def test_old_readings_are_no_evidence_and_a_gap_begins_anew() -> None:
    gathered = Gatherer()
    gathered.take(TowerStatus(0.0, insufflator=replace(GAS, time_s=0.0)), now_s=5.0)
    assert not gathered.gas, "five seconds old"
    for at in range(4):
        status = TowerStatus(0.0, insufflator=replace(GAS, time_s=10.0 + 0.1 * at))
        gathered.take(status, 10.0 + 0.1 * at)
        gathered.take(status, 10.05 + 0.1 * at)
    assert len(gathered.gas) == 4, "each reading counts once"
    gathered.take(TowerStatus(0.0, insufflator=replace(GAS, time_s=20.0)), 20.0)
    assert len(gathered.gas) == 1
