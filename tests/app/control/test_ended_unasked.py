"""Gas or light that the module itself has ended: an alarm until a person acts, and a count that goes on."""

from __future__ import annotations

from app.watch import TowerWatch
from hardware.readings import Address
from hardware.simulator.faults import begin_fault
from ui.intents import ResetGasUsed, SetLight, SetSetpoint, StopGas

GAS, LIGHT = "gas_ended_unasked", "light_ended_unasked"


def running(bench) -> None:
    bench.start_gas()
    bench.switch_light_on()


def test_modules_that_restart_are_alarms_until_started_again_and_say_what_happened(bench):
    bench.ask(SetSetpoint("light_intensity", 60.0))
    bench.until("set", lambda s: s.setpoints["light_intensity"].active == 60.0)
    bench.ask(SetSetpoint("pressure_setpoint", 9.0))
    bench.until("set", lambda s: s.setpoints["pressure_setpoint"].active == 9.0)
    running(bench)
    bench.cycles(5)
    assert not {GAS, LIGHT} & bench.status.conditions
    bench.rig.insufflator.reset()
    bench.rig.light.reset()
    bench.until("both alarm", lambda s: {GAS, LIGHT} <= s.conditions)
    bench.cycles(20)
    assert {GAS, LIGHT} <= bench.status.conditions, "nobody has done anything about it"
    assert bench.status.details[Address.INSUFFLATOR].startswith("Has restarted: gas off")
    assert bench.status.details[Address.LIGHT].startswith("Has restarted: standby")
    running(bench)
    assert not {GAS, LIGHT} & bench.status.conditions
    assert "restarted" not in "".join(bench.status.details.values())


def test_a_stop_by_order_ends_the_alarm(bench):
    running(bench)
    bench.rig.insufflator.reset()
    bench.rig.light.reset()
    bench.until("both alarm", lambda s: {GAS, LIGHT} <= s.conditions)
    bench.ask(StopGas())
    bench.ask(SetLight(False))
    bench.until("over", lambda s: not {GAS, LIGHT} & s.conditions)


def test_what_a_person_stops_is_no_alarm(bench):
    running(bench)
    bench.seen.clear()
    bench.ask(StopGas())
    bench.ask(SetLight(False))
    bench.until("off", lambda s: not s.insufflator.running and not s.light.on)
    bench.cycles(5)
    assert not any({GAS, LIGHT} & status.conditions for status in bench.seen)


def test_what_the_watchdog_ended_has_that_alarm_alone(bench):
    running(bench)
    bench.modules_s += 0.9  # nothing of ours arrived for so long
    bench.until("told", lambda s: {"insufflator_watchdog", "light_watchdog"} <= s.conditions)
    bench.until("off", lambda s: not s.insufflator.running and not s.light.on)
    bench.cycles(20)
    assert not any({GAS, LIGHT} & status.conditions for status in bench.seen)


def test_a_module_that_was_without_power_while_its_link_was_down_is_an_alarm_when_it_is_back(bench):
    bench.start_gas()
    bench.rig.taps["insufflator"].mute = True
    bench.until("lost", lambda s: "link_insufflator" in s.conditions)
    bench.rig.insufflator.reset()
    bench.rig.taps["insufflator"].mute = False
    bench.until("told", lambda s: GAS in s.conditions and "link_insufflator" not in s.conditions)


def test_an_acknowledgement_ends_it_and_the_next_one_alarms_again(bench):
    watch = TowerWatch(None)

    def found() -> set[str]:
        status = bench.cycle()
        return watch.conditions(status, status.time_s, wall_s=0.0, grabbed=0, bus_late=False, enhancer_late=False) & {
            GAS,
            LIGHT,
        }

    for _ in range(2):
        bench.start_gas()
        assert found() == set()
        bench.rig.insufflator.reset()
        bench.until("told", lambda s: GAS in s.conditions)
        assert found() == {GAS}
        watch.acknowledged(GAS)
        assert found() == set()


def test_gas_used_and_supply_time_go_on_over_a_restart_of_the_module_and_end_by_order_only(bench):
    bench.start_gas()
    bench.rig.gas.gas_used_l = 12.5
    bench.rig.insufflator.supply_s = 300.0
    bench.until("counted", lambda s: s.insufflator.gas_used_l >= 12.5 and s.insufflator.supply_s >= 300.0)
    bench.seen.clear()
    begin_fault(bench.rig, "insufflator.reset")
    bench.until("told", lambda s: GAS in s.conditions)
    assert bench.rig.gas.gas_used_l < 1.0
    bench.start_gas()
    used = [s.insufflator.gas_used_l for s in bench.seen]
    assert used == sorted(used)
    assert used[0] >= 12.5
    assert bench.status.insufflator.supply_s >= 300.0
    bench.ask(ResetGasUsed())
    bench.until("zero", lambda s: s.insufflator.gas_used_l < 5.0 and s.insufflator.supply_s < 5.0)
    bench.cycles(10)
    assert bench.status.insufflator.gas_used_l < 5.0
