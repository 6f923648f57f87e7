"""Plays a scenario on a rig: what is due happens to the plant; what is ordered is handed to whoever regulates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hardware.simulator.faults import begin_fault, repair_fault
from hardware.simulator.plant_values import checked_values, set_values
from hardware.simulator.rig import Rig
from hardware.simulator.scenario_model import Event, Order, Scenario

_Values = dict[str, float | str]


class ScenarioPlayer:
    """Sets patient and plant values at once, then follows the clock.  Times are the scenario's: 0 at its start.

    It knows the plant only: `scenario.start` and `orders_due` are for a master to obey, or, with real time, a person.
    """

    def __init__(self, scenario: Scenario, rig: Rig) -> None:
        self.scenario = scenario
        self._rig = rig
        self._next_event = 0
        self._next_order = 0
        rig.gas.patient = scenario.patient
        set_values(rig, dict(scenario.plant))

    @property
    def at_end(self) -> bool:
        """True when nothing more will happen to the plant."""
        return self._next_event >= len(self.scenario.events)

    def advance(self, now_s: float) -> list[Event]:
        """Let everything that is due by `now_s` happen; returns what did.

        An event that somebody at the control channel has made impossible (a fault that is in force already) is left
        out.
        """
        done: list[Event] = []
        events = self.scenario.events
        while self._next_event < len(events) and events[self._next_event].at_s <= now_s + 1e-9:
            event = events[self._next_event]
            self._next_event += 1
            try:
                _HAPPENINGS[event.kind](self._rig, dict(event.values))
            except ValueError:  # faults and values were checked when loaded: only the rig's state can be against it
                continue
            done.append(event)
        return done

    def orders_due(self, now_s: float) -> list[Order]:
        """The orders up to `now_s` that have not been handed out yet."""
        first, orders = self._next_order, self.scenario.orders
        while self._next_order < len(orders) and orders[self._next_order].at_s <= now_s + 1e-9:
            self._next_order += 1
        return list(orders[first : self._next_order])


def _number(values: _Values, key: str) -> float:
    return float(values[key])


def _set(rig: Rig, values: _Values) -> None:
    set_values(rig, checked_values(values))


def _fault(rig: Rig, values: _Values) -> None:
    begin_fault(rig, values["name"], values.get("value"))


def _repair(rig: Rig, values: _Values) -> None:
    repair_fault(rig, values["name"])


def _cough(rig: Rig, values: _Values) -> None:
    rig.gas.cough(_number(values, "volume_ml"), _number(values, "duration_s"))


def _press(rig: Rig, values: _Values) -> None:
    rig.gas.press(_number(values, "volume_ml"), _number(values, "ramp_s"), _number(values, "duration_s"))


def _leak(rig: Rig, values: _Values) -> None:
    rig.gas.leak_for(_number(values, "l_min"), _number(values, "duration_s"))


def _suction(rig: Rig, values: _Values) -> None:
    rig.gas.suck(_number(values, "l_min"), _number(values, "duration_s"))


def _uptake(rig: Rig, values: _Values) -> None:
    rig.gas.patient = replace(rig.gas.patient, uptake_ml_min=_number(values, "ml_min"))


def _line_noise(rig: Rig, values: _Values) -> None:
    rig.disturb_line(_number(values, "bit_error_rate"), _number(values, "duration_s"))


_HAPPENINGS: dict[str, Callable[[Rig, _Values], None]] = {
    "set": _set,
    "fault": _fault,
    "repair": _repair,
    "cough": _cough,
    "press": _press,
    "leak": _leak,
    "instrument_exchange": _leak,
    "suction": _suction,
    "uptake": _uptake,
    "line_noise": _line_noise,
}
