"""Pause, vent and modes over a real pty: each is true once the module says so, and what is outside is not started."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.adapters import gas_mode_specs
from app.control import StartValues, TowerControl
from hardware.bus import BusLink
from hardware.ccu import CcuParams
from hardware.gas_modes import InsufflationMode
from hardware.protocol import SetFlow, SetGas, SetMode, SetPressure
from hardware.quantities import SETPOINTS
from hardware.readings import Address
from tests.app.conftest import refuse
from ui.intents import PauseGas, SetGasMode, SetSetpoint, StartGas, StopGas, VentGas
from ui.viewstate import LinkState, SetpointState


def pressure(status):
    return status.setpoints["pressure_setpoint"]


def flow(status):
    return status.setpoints["flow_setpoint"]


def requests_to(monkeypatch, slave, *kinds) -> list:
    """Every request of these kinds that the slave obeys from now on."""
    apply, came = slave._apply, []

    def recording(request):
        if isinstance(request, kinds):
            came.append(request)
        return apply(request)

    monkeypatch.setattr(slave, "_apply", recording)
    return came


def enter(bench, key: str, mode: InsufflationMode):
    bench.ask(SetGasMode(key))
    return bench.until(key, lambda s: s.insufflator.mode is mode and s.gas_mode_pending is None)


def restart_at_site(bench, ranges, start: StartValues | None = None) -> None:
    bench.link.close()
    bench.link = BusLink(str(bench.port))
    bench.control = TowerControl(bench.link, ranges, CcuParams(), start)
    bench.seen.clear()
    bench.notices.clear()


# -- pause -------------------------------------------------------------------------------------------------------------


def test_a_pause_closes_the_valves_keeps_the_supply_on_and_a_start_goes_on(bench, monkeypatch):
    bench.start_gas()
    bench.until("gas flows", lambda s: s.insufflator.solenoid_open)
    orders = requests_to(monkeypatch, bench.rig.insufflator, SetGas)
    bench.ask(PauseGas())
    bench.until("closed", lambda s: s.gas_paused and not s.insufflator.solenoid_open and s.insufflator.duty == 0.0)
    bench.seen.clear()
    bench.cycles(25)
    assert all(s.insufflator.running and not s.insufflator.solenoid_open for s in bench.seen)
    bench.ask(StartGas())
    bench.until("it goes on", lambda s: not s.gas_paused and s.insufflator.solenoid_open)
    assert orders == [], "the supply was on all the time: nothing had to be switched"


def test_what_does_not_run_is_not_paused(bench):
    bench.ask(PauseGas())
    assert not bench.cycle().gas_paused
    assert any(notice.startswith("Gas not paused") for notice in bench.notices)


def test_a_module_that_switches_off_ends_the_pause_too(bench):
    bench.start_gas()
    bench.ask(PauseGas())
    bench.until("paused", lambda s: s.gas_paused)
    bench.rig.insufflator.reset()
    bench.until("off", lambda s: not s.insufflator.running and not s.gas_paused)


# -- vent --------------------------------------------------------------------------------------------------------------


def vent(bench) -> None:
    bench.rig.gas.fill_to(11.0)
    bench.start_gas()
    bench.until("some gas is in", lambda s: s.insufflator.pressure_mmhg > 9.0)
    bench.ask(VentGas())
    bench.until("venting", lambda s: s.gas_venting and s.insufflator.relief_open and not s.insufflator.running)
    assert not bench.status.insufflator.solenoid_open


def test_venting_ends_the_supply_opens_the_relief_valve_and_a_stop_closes_it(bench):
    vent(bench)
    bench.ask(StopGas())
    bench.until("closed", lambda s: not s.gas_venting and not s.insufflator.relief_open)
    bench.cycles(10)
    assert not bench.status.insufflator.running


def test_venting_ends_by_itself_once_the_abdomen_is_empty_and_says_so(bench):
    bench.rig.gas.fill_to(6.0)
    bench.until("some gas is in", lambda s: s.insufflator.pressure_mmhg > 4.5)
    bench.ask(VentGas())
    bench.until("venting", lambda s: s.gas_venting and s.insufflator.relief_open)
    bench.until("empty", lambda s: not s.gas_venting and not s.insufflator.relief_open, limit_s=60.0)
    assert "Venting has ended: the abdomen is empty" in bench.notices
    assert bench.rig.gas.abdomen_mmhg < 5.0


def test_venting_ends_with_the_link_and_does_not_come_back_with_it(bench):
    vent(bench)
    bench.rig.wire_cut = True
    bench.until("lost", lambda s: s.links[Address.INSUFFLATOR] is LinkState.DOWN and not s.gas_venting)
    bench.rig.wire_cut = False
    bench.until("found", lambda s: s.links[Address.INSUFFLATOR] is LinkState.UP)
    bench.seen.clear()
    bench.cycles(20)
    assert not any(s.gas_venting or s.insufflator.relief_open for s in bench.seen)
    assert any(notice.startswith("Venting has ended") for notice in bench.notices)


def test_an_all_stop_ends_the_venting(bench):
    vent(bench)
    bench.control.make_safe(bench.status.time_s)
    bench.until("ended", lambda s: not s.gas_venting and not s.insufflator.relief_open)


def test_without_an_insufflator_nothing_is_vented(bench):
    bench.rig.taps["insufflator"].mute = True
    bench.until("lost", lambda s: s.links[Address.INSUFFLATOR] is LinkState.DOWN)
    bench.ask(VentGas())
    assert not bench.cycle().gas_venting
    assert any(notice.startswith("Not vented: the insufflator does not answer") for notice in bench.notices)


# -- modes -------------------------------------------------------------------------------------------------------------


def test_a_mode_is_pending_until_read_back_and_brings_its_setpoints_and_ranges(bench):
    bench.ask(SetSetpoint("pressure_setpoint", 20.0))
    bench.until("20 mmHg", lambda s: pressure(s).active == 20.0)
    bench.seen.clear()
    enter(bench, "paediatric", InsufflationMode.PAEDIATRIC)
    for status in bench.seen:
        if status.insufflator.mode is InsufflationMode.ADULT:
            assert status.gas_mode_pending == "paediatric" or status is bench.seen[0]
            assert (pressure(status).active, flow(status).active) == (20.0, 10.0)
    status = bench.status
    assert (pressure(status).active, flow(status).active) == (8.0, 1.5)
    assert pressure(status).state is flow(status).state is SetpointState.ACTIVE
    assert not flow(status).reason, "the mode's doing is no change by the module itself"
    bench.ask(SetSetpoint("pressure_setpoint", 16.0))
    view = pressure(bench.cycle())
    assert view.state is SetpointState.REJECTED
    assert "1 to 15 mmHg" in view.reason
    assert "Paediatric" in view.reason
    bench.ask(SetSetpoint("flow_setpoint", 0.2))
    bench.until("0.2 l/min", lambda s: flow(s).active == 0.2 and flow(s).state is SetpointState.ACTIVE)


def test_a_mode_that_the_module_refuses_is_said_and_the_old_one_stands(bench, monkeypatch):
    refuse(monkeypatch, bench.rig.insufflator, SetMode)
    bench.ask(SetGasMode("high_flow"))
    bench.until("said", lambda _: any(n.startswith("Mode High flow: refused") for n in bench.notices))
    assert bench.status.gas_mode_pending is None
    assert bench.status.insufflator.mode is InsufflationMode.ADULT


def test_an_unknown_mode_is_answered_with_those_there_are(bench, monkeypatch):
    came = requests_to(monkeypatch, bench.rig.insufflator, SetMode)
    for key in ("turbo", "", 3, None):
        bench.ask(SetGasMode(key))  # type: ignore[arg-type]  # keys of no mode, and no keys at all
    bench.cycles(5)
    assert sum("veress, adult, high_flow, paediatric" in notice for notice in bench.notices) == 4
    assert came == []


def test_a_flow_sent_just_before_a_mode_is_not_falsely_lost(bench):
    bench.ask(SetSetpoint("flow_setpoint", 5.0))
    bench.ask(SetGasMode("high_flow"))
    bench.until("high flow", lambda s: s.insufflator.mode is InsufflationMode.HIGH_FLOW and not s.gas_mode_pending)
    bench.cycles(60)
    states = {flow(status).state for status in bench.seen[-60:]}
    assert states == {SetpointState.ACTIVE}
    assert flow(bench.status).active == 25.0


SITE = {key: replace(own) for key, own in SETPOINTS.items()} | {
    "pressure_setpoint": replace(SETPOINTS["pressure_setpoint"], minimum=8.0, maximum=14.0, default=10.0),
    "flow_setpoint": replace(SETPOINTS["flow_setpoint"], minimum=1.0, maximum=12.0, default=6.0),
}


def test_the_narrower_of_mode_and_site_holds_on_the_screen_and_on_the_wire(bench):
    restart_at_site(bench, SITE)
    bench.until("start values", lambda s: pressure(s).active == 10.0 and flow(s).active == 6.0)
    specs = {spec.key: spec for spec in gas_mode_specs(SITE)}
    assert (specs["veress"].flow.minimum, specs["veress"].flow.maximum) == (1.0, 2.0)
    assert (specs["paediatric"].pressure.minimum, specs["paediatric"].pressure.maximum) == (8.0, 14.0)
    enter(bench, "veress", InsufflationMode.VERESS)
    bench.ask(SetSetpoint("flow_setpoint", 5.0))
    view = flow(bench.cycle())
    assert view.state is SetpointState.REJECTED
    assert "1.0 to 2.0 l/min" in view.reason


def test_a_mode_that_begins_outside_of_the_sites_limits_is_corrected_at_rest_and_refused_while_gas_runs(bench):
    restart_at_site(bench, SITE)
    bench.until("start values", lambda s: pressure(s).active == 10.0 and flow(s).active == 6.0)
    bench.start_gas()
    bench.ask(SetGasMode("high_flow"))
    bench.cycles(10)
    assert bench.rig.insufflator.mode is InsufflationMode.ADULT
    assert any("begins with set flow 25 l/min, 1 to 12 allowed here; stop the gas first" in n for n in bench.notices)
    bench.ask(StopGas())
    bench.until("off", lambda s: not s.insufflator.running and not s.gas_pending)
    enter(bench, "high_flow", InsufflationMode.HIGH_FLOW)
    bench.until("allowed", lambda s: flow(s).active == 6.0 and flow(s).state is SetpointState.ACTIVE)
    bench.start_gas()


def test_a_module_fresh_from_power_on_is_brought_to_the_sites_mode_and_its_values(bench):
    restart_at_site(bench, SETPOINTS, StartValues(gas_mode=InsufflationMode.PAEDIATRIC))
    bench.until("paediatric", lambda s: s.insufflator is not None and s.insufflator.mode is InsufflationMode.PAEDIATRIC)
    bench.until("its flow", lambda s: flow(s).active == 1.5 and flow(s).state is SetpointState.ACTIVE)
    bench.cycles(20)
    assert flow(bench.status).active == 1.5, "the adult's 10 l/min are not sent after it"


# -- faster than the bus -----------------------------------------------------------------------------------------------


def test_frantic_edits_end_at_the_newest_with_one_request_under_way_and_nothing_falsely_lost(bench, monkeypatch):
    came = requests_to(monkeypatch, bench.rig.insufflator, SetPressure, SetFlow)
    waiting = []
    submit = bench.link.submit

    def counting(request):
        waiting.append(request)
        return submit(request)

    monkeypatch.setattr(bench.control._outbox, "_submit", counting)
    bench.seen.clear()
    for turn in range(40):
        for value in (5.0 + (turn + step) % 20 for step in range(25)):  # 25 edits a cycle
            bench.ask(SetSetpoint("pressure_setpoint", value))
            bench.ask(SetSetpoint("flow_setpoint", value / 2.0))
        bench.cycle()
    bench.ask(SetSetpoint("pressure_setpoint", 13.0))
    bench.ask(SetSetpoint("flow_setpoint", 4.5))
    bench.until("the newest", lambda s: pressure(s).active == 13.0 and flow(s).active == 4.5)
    bench.until("confirmed", lambda s: pressure(s).state is flow(s).state is SetpointState.ACTIVE)
    assert len(waiting) <= 2 * len(bench.seen), "at most one of each a cycle, of 1000 edits each"
    assert len(came) == len(waiting)
    shown = {pressure(status).state for status in bench.seen}
    assert shown <= {SetpointState.SENT, SetpointState.ACTIVE}
    for status in bench.seen:
        assert pressure(status).active == status.insufflator.pressure_setpoint_mmhg, "only what was read back is active"


def test_frantic_starts_and_stops_end_at_the_last(bench):
    for _ in range(100):
        bench.ask(StartGas())
        bench.ask(StopGas())
    bench.ask(StartGas())
    bench.until("it runs", lambda s: s.insufflator.running and not s.gas_pending)
    for _ in range(100):
        bench.ask(StartGas())
        bench.ask(StopGas())
    bench.until("it is off", lambda s: not s.insufflator.running and not s.gas_pending)
    bench.cycles(20)
    assert not bench.rig.insufflator.running
    assert not [
        notice for notice in bench.notices if "lost" in notice or "refused" in notice or "not confirmed" in notice
    ]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "12", None, True, 10**400, [12.0], b"12"])
@pytest.mark.parametrize("key", ["pressure_setpoint", "camera_gain"])
def test_what_is_no_number_is_answered_with_the_range_and_never_sent(bench, key, value):
    before = bench.cycle().setpoints[key]
    bench.ask(SetSetpoint(key, value))
    bench.cycles(3)
    (notice,) = bench.notices
    spec = SETPOINTS[key]
    assert f"expected a number from {spec.minimum:g} to {spec.maximum:g} {spec.unit}" in notice
    after = bench.status.setpoints[key]
    assert (after.state, after.requested) == (before.state, before.requested)


def test_a_setpoint_that_does_not_exist_is_answered(bench):
    bench.ask(SetSetpoint("colour", 3.0))
    bench.cycle()
    assert any("no setpoint 'colour'" in notice for notice in bench.notices)
