"""What is found on the bus is judged once: fresh, kept from before, or at work; and slaves of other versions."""

from __future__ import annotations

from dataclasses import replace

import pytest

import hardware.simulator.slave as simulated_slave
from app.control import TowerControl
from app.control.start import DECIDE_WITHIN_S, Arrival, Arrivals
from hardware.bus import BusLink
from hardware.ccu import CcuParams
from hardware.protocol import REPLY_BIT, REPLY_HEADER, DriveInsufflator, Frame, encode_frame, message_of
from hardware.quantities import SETPOINTS
from hardware.readings import Address
from ui.intents import PauseGas, SetSetpoint, StartGas, VentGas
from ui.viewstate import LinkState

GAS = Address.INSUFFLATOR
REST = {"on": False, "watchdog": False, "counted": False, "fit": True}


def found() -> Arrivals:
    arrivals = Arrivals()
    arrivals.found(GAS, 0.0)
    return arrivals


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (REST, Arrival.FRESH),
        (REST | {"watchdog": True}, Arrival.KEPT),
        (REST | {"counted": True}, Arrival.KEPT),
        (REST | {"on": True, "counted": True}, Arrival.ADOPTED),
        (REST | {"on": True, "watchdog": True}, Arrival.AT_WORK),
    ],
)
def test_a_module_is_judged_by_its_first_status_and_once(status, expected):
    arrivals = found()
    assert arrivals.status(GAS, 0.1, **status) is expected
    assert arrivals.status(GAS, 0.2, **status) is None


def test_what_began_to_run_after_it_was_found_is_not_taken_over():
    arrivals = found()
    assert arrivals.status(GAS, 0.02, **(REST | {"fit": False})) is None
    assert arrivals.status(GAS, 0.04, **(REST | {"on": True})) is Arrival.AT_WORK


def test_what_runs_when_it_is_found_again_in_this_run_is_not_taken_over():
    arrivals = found()
    arrivals.status(GAS, 0.1, **REST)
    arrivals.lost(GAS)
    arrivals.found(GAS, 5.0)
    assert arrivals.status(GAS, 5.1, **(REST | {"on": True})) is Arrival.AT_WORK


def test_a_watchdog_that_is_cleared_before_the_module_said_who_it_is_still_counts():
    arrivals = found()
    arrivals.status(GAS, 0.02, **(REST | {"watchdog": True, "fit": False}))
    assert arrivals.status(GAS, 0.04, **REST) is Arrival.KEPT


def test_a_module_that_never_says_who_it_is_is_not_waited_for_for_ever():
    arrivals = found()
    assert arrivals.status(GAS, DECIDE_WITHIN_S - 0.1, **(REST | {"on": True, "fit": False})) is None
    assert arrivals.waiting(GAS)
    arrivals.status(GAS, DECIDE_WITHIN_S, **(REST | {"on": True, "fit": False}))
    assert not arrivals.waiting(GAS)


# -- over the line -----------------------------------------------------------------------------------------------------


def test_a_port_that_goes_and_comes_back_leaves_what_the_modules_hold(bench):
    bench.ask(SetSetpoint("flow_setpoint", 7.0))
    bench.until("7 l/min", lambda s: s.setpoints["flow_setpoint"].active == 7.0)
    bench.start_gas()
    bench.link.port_url = str(bench.port) + "-away"
    bench.until("gone", lambda s: s.port_error and s.links[GAS] is LinkState.DOWN)
    assert bench.status.setpoints["flow_setpoint"].active is None
    bench.modules_s += 1.0  # the modules' watchdogs trip meanwhile
    bench.link.port_url = str(bench.port)
    bench.until("back", lambda s: s.links[GAS] is LinkState.UP and s.setpoints["flow_setpoint"].active is not None)
    bench.cycles(30)
    assert bench.status.setpoints["flow_setpoint"].active == 7.0
    assert not bench.rig.insufflator.running
    assert "The module itself has switched the gas supply off" in bench.notices


def test_gas_of_a_module_of_another_version_is_not_taken_over_but_ended(bench, monkeypatch):
    bench.start_gas()
    bench.link.close()
    monkeypatch.setattr(simulated_slave, "PROTOCOL_VERSION", 9)
    bench.link = BusLink(str(bench.port))
    bench.control = TowerControl(bench.link, SETPOINTS, CcuParams())
    bench.seen.clear()
    bench.notices.clear()
    bench.until("ended", lambda s: s.insufflator is not None and not s.insufflator.running)
    assert not any("taken over" in notice for notice in bench.notices)


def test_a_slave_whose_status_has_another_length_is_told_clearly_and_kept_off(bench, monkeypatch):
    """As a slave of protocol version 1, whose status is five bytes shorter and who refuses to identify itself."""
    slave = bench.rig.insufflator
    take = slave._take

    def older(frame: Frame) -> bytes:
        drive = message_of(DriveInsufflator(None))  # type: ignore[arg-type]  # only the kind of message is asked for
        if frame.address == slave.address and frame.command == drive.command:
            reply = take(frame)
            return encode_frame(REPLY_HEADER, reply[1], frame.command | REPLY_BIT, reply[4:-7])
        return take(frame)

    bench.rig.taps["insufflator"].mute = True
    bench.until("lost", lambda s: s.links[GAS] is LinkState.DOWN)
    monkeypatch.setattr(slave, "_take", older)
    monkeypatch.setattr(simulated_slave, "PROTOCOL_VERSION", 1)
    bench.rig.taps["insufflator"].mute = False
    status = bench.until("said", lambda s: "module_unfit" in s.conditions)
    assert "protocol version" in status.details[GAS]
    bench.cycles(100)  # longer than a status may be missing
    status = bench.status
    assert "update" in status.details[GAS]
    assert "module_unfit" in status.conditions
    assert "link_insufflator" not in status.conditions, "it answers: one cause, one alarm"
    bench.notices.clear()
    for intent in (StartGas(), VentGas(), PauseGas(), SetSetpoint("pressure_setpoint", 14.0)):
        bench.ask(intent)
    bench.cycles(10)
    assert not bench.rig.insufflator.running
    assert not bench.rig.gas.relief_open
    assert bench.rig.insufflator.pressure_setpoint_mmhg == 12.0
    assert len(bench.notices) == 4
    assert bench.status.light is not None
    assert bench.status.time_s - bench.status.light.time_s < 0.3, "the others are read as ever"


def test_an_identity_that_is_lost_on_the_line_is_asked_for_again(bare_bench, monkeypatch):
    bench = bare_bench
    bench.start_control()
    submit = bench.link.submit
    lost = iter([True, True, True])

    def losing(request):
        ticket = submit(request)
        if type(request).__name__ == "Identify" and next(lost, False):
            bench.link._master._queue.pop()
            from hardware.bus import RequestLost

            bench.link._held.append(RequestLost(0.0, request, ticket, "lost on the line"))
        return ticket

    monkeypatch.setattr(bench.link, "submit", losing)
    bench.power_on()
    bench.until("all are known", lambda s: len([d for d in s.details.values() if "SIM-" in d]) == 3)


def test_a_site_start_value_is_not_sent_to_a_light_that_was_in_use(bench):
    bench.ask(SetSetpoint("light_intensity", 70.0))
    bench.until("70 %", lambda s: s.setpoints["light_intensity"].active == 70.0)
    bench.link.close()
    bench.modules_s += 0.9
    site = SETPOINTS | {"light_intensity": replace(SETPOINTS["light_intensity"], default=20.0)}
    bench.link = BusLink(str(bench.port))
    bench.control = TowerControl(bench.link, site, CcuParams())
    bench.notices.clear()
    bench.until("said", lambda _: any("Light kept from before: 70 %" in notice for notice in bench.notices))
    bench.cycles(20)
    assert bench.rig.light.intensity_percent == 70.0
