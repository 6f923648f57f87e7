"""A healthy tower on a troubled bus: late cycles, late and lost replies are the bus's trouble, not the gas side's."""

from __future__ import annotations

import pytest

from hardware.ccu import Condition
from tests.campaign.stack import Stack
from ui import intents

# True whatever the bus does: a stroke that nobody could end does bring the line to P2, and the module acts by itself.
TRUE = {Condition.RELIEF_OPEN, Condition.INSUFFLATOR_OWN_LIMIT, Condition.INSUFFLATOR_WATCHDOG}
GAS = {str(condition) for condition in set(Condition) - TRUE}


def started(stack: Stack, abdomen_mmhg: float, leak_l_min: float, flow: float = 10.0) -> None:
    stack.plant.obey({"set": {"leak_l_min": leak_l_min, "abdomen_mmhg": abdomen_mmhg}})
    run(stack, 0.6)
    stack.obey(intents.SetSetpoint("pressure_setpoint", 12.0))
    stack.obey(intents.SetSetpoint("flow_setpoint", flow))
    run(stack, 0.3)
    stack.obey(intents.StartGas())


def run(stack: Stack, seconds: float) -> set[str]:
    """All conditions that held in that time."""
    held: set[str] = set()
    for _ in range(round(seconds * 50)):
        stack.slot()
        assert stack.status is not None
        held |= {str(condition) for condition in stack.status.conditions}
    return held


@pytest.mark.parametrize(("stall_s", "seed"), [(0.06, 1), (0.1, 3), (0.2, 2), (0.34, 0), (0.45, 4)])
def test_cycles_that_come_late_raise_no_condition_of_the_gas(stall_s, seed):
    with Stack("adult", seed) as stack:
        started(stack, 4.0 + seed, 2.0, 10.0 + 2.0 * seed)
        assert not run(stack, 3.0)
        for k in range(25):
            held = run(stack, 0.44 + 0.013 * k)
            stack.silence(stall_s)
            held |= run(stack, 0.1)
            assert not held & GAS, f"after stall {k}"
        assert stack.rig.gas.supplied_ml > 300.0


@pytest.mark.parametrize(
    ("fault", "seed"),
    [
        ("insufflator.jittery", 5),
        ("insufflator.jittery", 0),
        ("insufflator.sluggish", 1),
        ("insufflator.losing_replies", 2),
    ],
)
def test_a_module_that_answers_late_or_not_at_all_raises_no_condition_of_the_gas(fault, seed):
    with Stack("adult", seed) as stack:
        started(stack, 12.0, 3.0)
        assert not run(stack, 8.0)
        stack.plant.obey({"fault": fault})
        assert not run(stack, 20.0) & GAS


def test_valves_stuck_open_are_told_on_a_slow_bus_too():
    with Stack("adult", 1) as stack:
        started(stack, 10.0, 8.0)
        run(stack, 5.0)
        stack.plant.obey({"fault": "insufflator.sluggish"})
        run(stack, 2.0)
        for valve in ("valve", "solenoid"):
            stack.plant.obey({"fault": f"insufflator.{valve}_stuck_open"})
        assert "valve_fault" in run(stack, 4.0)
