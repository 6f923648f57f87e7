"""The site's start values and limits reach the modules, once, and gas does not start outside of them."""

from __future__ import annotations

from dataclasses import replace

from app.control import TowerControl
from hardware.bus import BusLink
from hardware.ccu import CcuParams
from hardware.protocol import SetFlow, SetIntensity, SetPressure
from hardware.quantities import SETPOINTS
from hardware.readings import MODULES, Address
from ui.intents import SetSetpoint, StartGas, StopGas
from ui.viewstate import LinkState, SetpointState


def pressure(status):
    return status.setpoints["pressure_setpoint"]


PRESSURE_KEY, FLOW_KEY, LIGHT_KEY = "pressure_setpoint", "flow_setpoint", "light_intensity"


def site(**limits) -> dict:
    """The ranges of a site that narrows some of them: `pressure_setpoint={"maximum": 10.0, "default": 8.0}`."""
    return {key: replace(own, **limits.get(key, {})) for key, own in SETPOINTS.items()}


def start_at_site(bench, ranges) -> None:
    """The program of a site with `ranges` starts, on modules that are there already."""
    bench.link.close()
    bench.link = BusLink(str(bench.port))
    bench.control = TowerControl(bench.link, ranges, CcuParams())
    bench.seen.clear()
    bench.notices.clear()


def record_sets(monkeypatch, slave) -> list:
    """Every setpoint request that reaches this slave from now on."""
    apply, came = slave._apply, []

    def recording(request):
        if isinstance(request, SetPressure | SetFlow | SetIntensity):
            came.append(request)
        return apply(request)

    monkeypatch.setattr(slave, "_apply", recording)
    return came


def identified(status) -> bool:
    return all("SIM-" in status.details.get(address, "") for address in MODULES)


SITE = site(
    pressure_setpoint={"maximum": 10.0, "default": 8.0},
    flow_setpoint={"maximum": 6.0, "default": 4.0},
    light_intensity={"default": 50.0},
)


def test_modules_found_at_rest_are_brought_to_the_sites_start_values_and_show_them_by_readback(bench):
    start_at_site(bench, SITE)
    start = {PRESSURE_KEY: 8.0, FLOW_KEY: 4.0, LIGHT_KEY: 50.0}
    bench.until("start values", lambda s: {key: s.setpoints[key].active for key in start} == start)
    bench.until("confirmed", lambda s: all(v.state is SetpointState.ACTIVE for v in s.setpoints.values()))
    assert any(pressure(s).state is SetpointState.SENT and pressure(s).active == 12.0 for s in bench.seen)
    assert bench.rig.insufflator.pressure_setpoint_mmhg == 8.0
    bench.start_gas()
    assert not any("not started" in notice for notice in bench.notices)


def test_a_module_that_holds_its_start_values_already_is_sent_nothing(bench, monkeypatch):
    of_gas, of_light = record_sets(monkeypatch, bench.rig.insufflator), record_sets(monkeypatch, bench.rig.light)
    start_at_site(bench, SETPOINTS)
    bench.until("told apart", identified)
    bench.cycles(10)
    assert of_gas == of_light == []


def test_start_values_are_sent_once_and_again_to_a_module_that_comes_back_from_a_reset(bench, monkeypatch):
    came = record_sets(monkeypatch, bench.rig.insufflator)
    start_at_site(bench, SITE)
    bench.until("8 mmHg", lambda s: pressure(s).active == 8.0)
    bench.cycles(10)
    assert came.count(SetPressure(8.0)) == 1
    bench.rig.taps["insufflator"].mute = True
    bench.until("lost", lambda s: s.links[Address.INSUFFLATOR] is LinkState.DOWN)
    bench.rig.insufflator.reset()
    bench.rig.taps["insufflator"].mute = False
    bench.until("8 mmHg again", lambda s: pressure(s).active == 8.0 and pressure(s).state is SetpointState.ACTIVE)
    assert came.count(SetPressure(8.0)) == 2


def test_what_somebody_set_in_this_run_is_not_set_back_to_the_start_value(bench):
    start_at_site(bench, SITE)
    bench.until("8 mmHg", lambda s: pressure(s).active == 8.0)
    bench.ask(SetSetpoint(PRESSURE_KEY, 6.0))
    bench.until("6 mmHg", lambda s: pressure(s).active == 6.0)
    bench.rig.taps["insufflator"].mute = True
    bench.until("lost", lambda s: s.links[Address.INSUFFLATOR] is LinkState.DOWN)
    bench.rig.taps["insufflator"].mute = False
    bench.until("found", lambda s: pressure(s).active is not None and identified(s))
    bench.cycles(10)
    assert bench.rig.insufflator.pressure_setpoint_mmhg == 6.0


def test_what_runs_or_burns_when_it_is_found_keeps_its_setpoints(bench):
    bench.start_gas()
    bench.switch_light_on()
    start_at_site(bench, SITE)
    bench.until("taken over", lambda s: any("Gas was running: taken over" in notice for notice in bench.notices))
    bench.cycles(20)
    assert bench.rig.insufflator.running
    assert bench.rig.insufflator.pressure_setpoint_mmhg == 12.0
    assert bench.rig.insufflator.flow_setpoint_l_min == 10.0
    assert bench.rig.light.intensity_percent == 30.0
    bench.ask(StopGas())
    bench.until("gas is off", lambda s: not s.insufflator.running and not s.gas_pending)
    bench.ask(StartGas())
    bench.cycles(10)
    assert not bench.rig.insufflator.running
    assert any(n.startswith("Gas not started: Set pressure is 12 mmHg") and "1 to 10 mmHg" in n for n in bench.notices)
    assert any(n.startswith("Gas not started: Set flow is 10 l/min") and "0.5 to 6 l/min" in n for n in bench.notices)
    bench.ask(SetSetpoint(PRESSURE_KEY, 9.0))
    bench.ask(SetSetpoint(FLOW_KEY, 5.0))
    bench.until("within", lambda s: pressure(s).active == 9.0 and s.setpoints[FLOW_KEY].active == 5.0)
    bench.start_gas()


def test_gas_does_not_start_while_the_active_pressure_is_unknown(bench):
    bench.rig.taps["insufflator"].mute = True  # it still hears us
    bench.until("unknown", lambda s: pressure(s).active is None)
    bench.ask(StartGas())
    bench.cycles(10)
    assert not bench.rig.insufflator.running
    assert any(n.startswith("Gas not started: Set pressure is unknown (1 to 30 mmHg") for n in bench.notices)
