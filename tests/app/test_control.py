"""The control over a real pty: what people ask for becomes true only when the modules say so."""

from __future__ import annotations

import pytest

import hardware.simulator.slave as simulated_slave
from hardware.gas_modes import InsufflationMode
from hardware.protocol import DriveLight, SetGas, SetPressure
from hardware.readings import Address, InsufflatorFault, LightFault
from hardware.simulator.faults import begin_fault
from tests.app.conftest import refuse
from ui.intents import ResetGasUsed, SetGasMode, SetSetpoint, StartGas, StopGas
from ui.viewstate import LinkState, SetpointState


def pressure(status):
    return status.setpoints["pressure_setpoint"]


# -- setpoints ---------------------------------------------------------------------------------------------------------


def test_a_setpoint_is_active_only_once_the_module_reports_it(bench):
    before = pressure(bench.status).active
    bench.ask(SetSetpoint("pressure_setpoint", 15.0))
    bench.until("15 mmHg is active", lambda s: pressure(s).state is SetpointState.ACTIVE and pressure(s).active == 15.0)
    for status in bench.seen:
        view = pressure(status)
        if view.active == 15.0:
            assert status.insufflator.pressure_setpoint_mmhg == 15.0
        elif view.requested == 15.0:
            assert (view.state, view.active) == (SetpointState.SENT, before)
    assert bench.rig.insufflator.pressure_setpoint_mmhg == 15.0


def test_a_setpoint_out_of_range_never_reaches_the_module(bench):
    bench.ask(SetSetpoint("pressure_setpoint", 31.0))
    view = pressure(bench.cycle())
    assert view.state is SetpointState.REJECTED
    assert "1 to 30 mmHg" in view.reason
    assert view.active == bench.rig.insufflator.pressure_setpoint_mmhg == 12.0


def test_a_setpoint_that_the_module_refuses_shows_the_reason_and_the_old_value(bench, monkeypatch):
    refuse(monkeypatch, bench.rig.insufflator, SetPressure)
    bench.ask(SetSetpoint("pressure_setpoint", 15.0))
    view = pressure(bench.until("refused", lambda s: pressure(s).state is SetpointState.REJECTED))
    assert "interlock" in view.reason
    assert (view.active, view.requested) == (12.0, 15.0)


def test_a_setpoint_for_a_mute_module_is_lost_and_its_value_unknown(bench):
    bench.rig.taps["insufflator"].mute = True
    bench.ask(SetSetpoint("pressure_setpoint", 15.0))
    status = bench.until("the link is lost", lambda s: s.links[Address.INSUFFLATOR] is LinkState.DOWN)
    assert pressure(status).state is SetpointState.LOST
    assert pressure(status).reason
    assert pressure(status).active is None, "nobody knows what it holds now"
    bench.rig.taps["insufflator"].mute = False
    status = bench.until("it is back", lambda s: pressure(s).active is not None)
    assert pressure(status).active == bench.rig.insufflator.pressure_setpoint_mmhg == 15.0
    assert pressure(status).state is SetpointState.ACTIVE, "it had heard us all the same, and says so"


# -- gas and light -----------------------------------------------------------------------------------------------------


def test_gas_is_pending_until_the_module_says_that_it_runs_and_stops_at_once(bench):
    assert not bench.status.insufflator.running, "gas never starts by itself"
    bench.ask(StartGas())
    assert bench.cycle().gas_pending or bench.status.insufflator.running
    bench.start_gas()
    bench.until("gas flows", lambda s: s.insufflator.flow_l_min > 1.0)
    bench.ask(StopGas())
    bench.until("gas is off", lambda s: not s.insufflator.running and not s.gas_pending)
    assert not bench.rig.gas.solenoid_open
    bench.cycles(10)
    assert not bench.rig.insufflator.running


def test_a_start_that_the_module_refuses_is_said_with_its_reason(bench, monkeypatch):
    refuse(monkeypatch, bench.rig.insufflator, SetGas)
    bench.ask(StartGas())
    bench.until("said", lambda _: any(n.startswith("Gas supply: refused") for n in bench.notices))
    assert not bench.status.gas_pending
    assert not bench.rig.insufflator.running


def test_a_module_that_switches_itself_off_is_told_and_not_switched_on_again(bench):
    bench.start_gas()
    bench.switch_light_on()
    bench.rig.insufflator.reset()
    bench.rig.light.reset()
    bench.until("both are off", lambda s: not s.insufflator.running and not s.light.on)
    assert "The module itself has switched the gas supply off" in bench.notices
    assert "The module itself has switched the light off" in bench.notices
    bench.cycles(10)
    assert not bench.rig.insufflator.running
    assert not bench.rig.light.on


def test_gas_that_nobody_here_asked_for_is_stopped(bench):
    bench.rig.insufflator.running = True
    bench.until("it runs", lambda s: s.insufflator.running)
    bench.until("stopped", lambda s: not s.insufflator.running)
    assert not bench.rig.gas.solenoid_open


def test_the_count_of_gas_goes_back_to_zero(bench):
    bench.rig.gas.gas_used_l = 12.5
    bench.until("counted", lambda s: s.insufflator.gas_used_l == 12.5)
    bench.ask(ResetGasUsed())
    bench.until("zero", lambda s: s.insufflator.gas_used_l == 0.0)
    assert "Gas used: counting from zero" in bench.notices


# -- the program comes and goes ----------------------------------------------------------------------------------------


def restart_control(bench, after_s: float) -> None:
    bench.link.close()
    bench.modules_s += after_s
    bench.start_control()
    bench.seen.clear()


def test_gas_that_runs_and_light_that_burns_are_taken_over_after_a_restart(bench):
    bench.switch_light_on()
    bench.start_gas()
    bench.ask(SetSetpoint("pressure_setpoint", 14.0))
    bench.until("14 mmHg", lambda s: pressure(s).active == 14.0)
    restart_control(bench, after_s=0.1)
    bench.until("light found", lambda s: s.light is not None and s.light.current_ma > 0)
    bench.until("said", lambda _: any("Gas was running: taken over" in notice for notice in bench.notices))
    assert any("Light was on: taken over" in notice for notice in bench.notices)
    bench.until("it shines at its set intensity", lambda s: s.light.current_ma > 800)
    bench.until("gas flows", lambda s: s.insufflator.solenoid_open)
    assert all(s.light.on for s in bench.seen if s.light is not None)
    assert all(s.insufflator.running for s in bench.seen if s.insufflator is not None)
    assert pressure(bench.status).active == 14.0
    bench.ask(StopGas())
    bench.until("it obeys", lambda s: not s.insufflator.running and not s.gas_pending)


def test_what_was_set_before_a_master_vanished_is_kept_and_said_and_nothing_starts(bench, monkeypatch):
    bench.ask(SetGasMode("paediatric"))
    bench.until("paediatric", lambda s: s.insufflator.mode is InsufflationMode.PAEDIATRIC and not s.gas_mode_pending)
    bench.ask(SetSetpoint("pressure_setpoint", 7.0))
    bench.ask(SetSetpoint("light_intensity", 45.0))
    bench.until("set", lambda s: pressure(s).active == 7.0 and s.setpoints["light_intensity"].active == 45.0)
    bench.start_gas()
    bench.until("some gas is used", lambda s: s.insufflator.gas_used_l > 0)
    restart_control(bench, after_s=0.9)
    bench.until("said", lambda _: any("kept from before" in notice for notice in bench.notices))
    bench.cycles(20)
    (said,) = [notice for notice in bench.notices if "kept from before" in notice]
    for words in ("Insufflator kept", "Paediatric, 7 mmHg, 1.5 l/min", "l used", "Light kept from before: 45 %"):
        assert words in said
    status = bench.status
    assert (status.insufflator.mode, pressure(status).active) == (InsufflationMode.PAEDIATRIC, 7.0)
    assert status.setpoints["light_intensity"].active == 45.0
    assert status.insufflator.gas_used_l > 0
    assert not status.insufflator.running


def test_a_watchdog_that_tripped_before_the_program_was_there_is_no_alarm_and_is_cleared(bench):
    bench.start_gas()
    bench.switch_light_on()
    restart_control(bench, after_s=0.9)
    bench.until("found", lambda s: s.insufflator is not None and s.light is not None and s.camera is not None)
    bench.until(
        "both watchdogs are cleared",
        lambda s: not s.insufflator.faults & InsufflatorFault.WATCHDOG and not s.light.faults & LightFault.WATCHDOG,
    )
    bench.cycles(10)
    assert not any("watchdog" in name for status in bench.seen for name in status.conditions)
    assert not bench.rig.insufflator.running
    assert not bench.rig.light.on


def test_a_watchdog_that_trips_while_the_program_runs_is_an_alarm(bench):
    bench.start_gas()
    bench.switch_light_on()
    bench.modules_s += 0.9  # nothing of ours arrived for so long
    status = bench.until(
        "alarms", lambda s: {"insufflator_watchdog", "light_watchdog"} <= s.conditions and not s.insufflator.running
    )
    assert not status.light.on


def test_a_module_that_refuses_the_greeting_keeps_its_alarm(bench, monkeypatch):
    restart_control(bench, after_s=0.9)
    refuse(monkeypatch, bench.rig.insufflator, SetGas)
    bench.until("the alarm", lambda s: "insufflator_watchdog" in s.conditions)


# -- safety ------------------------------------------------------------------------------------------------------------


def test_all_stop_ends_gas_and_light_and_is_confirmed_by_later_readings_only(bench):
    bench.start_gas()
    bench.switch_light_on()
    since_s = bench.status.time_s + 1e3
    assert not bench.control.safe_state(since_s).confirmed, "readings from before prove nothing"
    asked_s = bench.status.time_s
    bench.control.make_safe(asked_s)
    bench.until("safe", lambda _: bench.control.safe_state(asked_s).confirmed)
    assert not bench.rig.insufflator.running
    assert not bench.rig.gas.solenoid_open
    assert not bench.rig.light.on


def test_a_safe_state_that_is_not_read_back_says_what_is_missing(bench):
    bench.start_gas()
    bench.switch_light_on()
    bench.rig.taps["insufflator"].mute = True
    bench.rig.light.on = True
    asked_s = bench.cycle().time_s
    bench.control.make_safe(asked_s)
    bench.until("the light is in standby", lambda s: s.light.time_s > asked_s and not s.light.on)
    state = bench.control.safe_state(asked_s)
    assert not state.confirmed
    assert "insufflator does not answer" in state.text
    assert "light" not in state.text


# -- links -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "address"), [("insufflator", Address.INSUFFLATOR), ("light", Address.LIGHT)])
def test_a_link_is_lost_and_found_and_its_condition_goes(bench, name, address):
    bench.rig.taps[name].mute = True
    bench.until("lost", lambda s: s.links[address] is LinkState.DOWN and f"link_{name}" in s.conditions)
    assert "no valid reply" in bench.status.details[address]
    others = [a for a in bench.status.links if a is not address]
    assert all(bench.status.links[a] is LinkState.UP for a in others)
    bench.rig.taps[name].mute = False
    bench.until("found", lambda s: s.links[address] is LinkState.UP and f"link_{name}" not in s.conditions)
    bench.until("named", lambda s: "SIM-" in s.details[address])


def test_gas_goes_on_after_a_link_that_only_we_lost_and_stays_off_when_the_module_closed(bench):
    bench.start_gas()
    bench.rig.taps["insufflator"].mute = True  # it hears us all the time
    bench.until("lost", lambda s: s.links[Address.INSUFFLATOR] is LinkState.DOWN)
    bench.rig.taps["insufflator"].mute = False
    bench.until("found", lambda s: s.links[Address.INSUFFLATOR] is LinkState.UP)
    bench.until("it supplies again", lambda s: s.insufflator.solenoid_open)
    bench.rig.wire_cut = True
    bench.until("lost", lambda s: s.links[Address.INSUFFLATOR] is LinkState.DOWN)
    bench.cycles(10)  # 0.5 s and more of silence for the module: it closes
    bench.rig.wire_cut = False
    bench.until("found", lambda s: s.links[Address.INSUFFLATOR] is LinkState.UP)
    bench.cycles(20)
    assert not bench.rig.insufflator.running
    assert "The module itself has switched the gas supply off" in bench.notices


def test_a_port_that_is_not_there_yet_is_said_and_taken_when_it_comes_and_comes_again(bare_bench):
    bench = bare_bench
    bench.ask(StartGas())
    status = bench.until("said", lambda s: "bus_port_lost" in s.conditions)
    assert "there is no such port" in status.port_error
    assert status.insufflator is None
    assert not status.gas_pending
    bench.power_on()
    status = bench.until("up", lambda s: all(link is LinkState.UP for link in s.links.values()))
    assert status.port_error == ""
    assert "bus_port_lost" not in status.conditions
    bench.cycles(10)
    assert not bench.rig.insufflator.running, "what was asked without a port must not happen later"
    bench.modules.end()
    bench.until("gone", lambda s: "bus_port_lost" in s.conditions and s.links[Address.LIGHT] is LinkState.DOWN)
    bench.power_on()
    bench.until("back", lambda s: all(link is LinkState.UP for link in s.links.values()) and not s.port_error)


def test_a_reply_under_anothers_address_is_never_shown(bench):
    bench.until("a reading", lambda s: s.light is not None)
    begin_fault(bench.rig, "light.wrong_address")
    bench.rig.light.intensity_percent = 77.0
    before_s = bench.status.light.time_s
    status = bench.until("lost", lambda s: s.links[Address.LIGHT] is LinkState.DOWN)
    assert status.light.intensity_setpoint_percent != 77.0
    assert status.light.time_s - before_s < 0.5
    assert status.setpoints["light_intensity"].active is None
    assert status.camera is not None
    assert status.camera.width > 0, "the camera, whose address was taken, is still read rightly"
    bench.until("the cause is told", lambda s: "another's address" in s.diagnosis)


def test_noise_on_the_line_costs_retries_but_brings_no_wrong_value(bench):
    bench.rig.bit_error_rate = 0.002
    bench.cycles(100)
    for status in bench.seen:
        assert status.insufflator is None or status.insufflator.pressure_setpoint_mmhg == 12.0
    assert bench.link.counters().crc_errors > 0


def test_a_module_that_answers_but_gives_no_status_is_an_alarm(bench, monkeypatch):
    refuse(monkeypatch, bench.rig.light, DriveLight)
    status = bench.until("alarm", lambda s: "link_light" in s.conditions)
    assert "Gives no status" in status.details[Address.LIGHT]


def test_a_module_of_another_version_is_kept_off_and_said(bare_bench, monkeypatch):
    bench = bare_bench
    monkeypatch.setattr(simulated_slave, "PROTOCOL_VERSION", 9)
    bench.power_on()
    bench.until("an alarm", lambda s: "module_unfit" in s.conditions)
    bench.until("found", lambda s: s.insufflator is not None)
    bench.ask(StartGas())
    bench.cycles(5)
    assert not bench.rig.insufflator.running
    assert any(n.startswith("Gas not started: ") for n in bench.notices)


# -- sensors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sensor", ["pressure1", "pressure2", "flow"])
def test_a_sensor_without_a_number_closes_the_valves_and_alarms(bench, sensor):
    bench.start_gas()
    bench.until("gas flows", lambda s: s.insufflator.solenoid_open)
    begin_fault(bench.rig, f"insufflator.{sensor}_nan")
    status = bench.until("alarm", lambda s: "sensor_fault" in s.conditions)
    assert f"{sensor[:4]}" in status.details[Address.INSUFFLATOR], "which one is said"
    bench.until("closed", lambda s: not s.insufflator.solenoid_open and s.insufflator.duty == 0.0)


def test_a_faulty_cylinder_sensor_alarms_and_gas_goes_on(bench):
    bench.start_gas()
    begin_fault(bench.rig, "insufflator.cylinder_nan")
    bench.until("alarm", lambda s: "cylinder_sensor_fault" in s.conditions)
    assert "cylinder_empty" not in bench.status.conditions
    bench.until("gas goes on", lambda s: s.insufflator.solenoid_open)
