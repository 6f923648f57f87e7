"""The local control channel: one JSON object a line in, one a line out.  Written up in docs/simulator.md.

{"get": "truth"}                     the true state of patient, gas path and lamp
{"get": "faults"}                    the faults there are, with the values they take, and those in force
{"get": "values"}                    the plant values there are: unit, range, present value
{"get": "scenario"}                  name, title, time and start of the scenario that is played, null without one
{"set": {"leak_l_min": 5}}           plant values: see `plant_values.PLANT_VALUES`
{"fault": "light.fan_dead"}          begin a fault; {"repair": NAME} or {"repair": "all"} ends it
{"fault": {"name": "line.noise", "value": 1e-4}}      begin one with a value
{"mute": "light"}                    short for the fault "light.mute"; {"unmute": "light"} ends it
{"cough": {"volume_ml": 1800, "duration_s": 0.4}}
{"press": {"volume_ml": 800, "ramp_s": 2, "duration_s": 20}}
{"leak": {"l_min": 25, "duration_s": 3}}              on top of leak_l_min; {"suction": ...} likewise

Every answer has "ok"; a command that cannot be obeyed changes nothing and is answered with "error".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hardware.simulator import faults, plant_values
from hardware.simulator.faults import FAULTS, FaultError, begin_fault, repair_fault
from hardware.simulator.plant_values import checked_number, checked_values, set_values
from hardware.simulator.rig import Rig
from hardware.simulator.scenario_model import Scenario


class CommandError(ValueError):
    """A command that cannot be obeyed; the text says what was expected and what came."""


# What the commands with several numbers take: (minimum, maximum) each.
_COUGH = {"volume_ml": (0.0, 6000.0), "duration_s": (0.05, 60.0)}
_PRESS = {"volume_ml": (-3000.0, 6000.0), "ramp_s": (0.05, 600.0), "duration_s": (0.05, 86_400.0)}
_FLOW = {"l_min": (0.1, 100.0), "duration_s": (0.05, 86_400.0)}


def _numbers(what: str, argument: object, ranges: dict[str, tuple[float, float]]) -> dict[str, float]:
    if not isinstance(argument, dict) or set(argument) != set(ranges):
        raise CommandError(f"{what} takes {' and '.join(ranges)}, got {argument!r}")
    return {key: checked_number(key, argument[key], *ranges[key]) for key in ranges}


class Control:
    """Obeys commands on a rig."""

    def __init__(self, rig: Rig, scenario: Scenario | None = None) -> None:
        """`scenario` is the one that is played, to be told of; it is played elsewhere."""
        self._rig = rig
        self._scenario = scenario

    def line(self, text: str) -> str:
        """One line of JSON in, one out, without line ends."""
        try:
            command = json.loads(text)
        except ValueError as error:
            return json.dumps({"ok": False, "error": f"a command is one JSON object a line: {error}"})
        try:
            return json.dumps({"ok": True, **self.obey(command)})
        except CommandError as error:
            return json.dumps({"ok": False, "error": str(error)})

    def obey(self, command: object) -> dict[str, Any]:
        """Obey one command; returns what to answer.  Raises `CommandError`, having changed nothing."""
        if not isinstance(command, dict) or len(command) != 1:
            raise CommandError(f"a command is an object with one key of {', '.join(_COMMANDS)}; got {command!r}")
        ((key, argument),) = command.items()
        if key not in _COMMANDS:
            raise CommandError(f"a command is one of {', '.join(_COMMANDS)}; got {key!r}")
        try:
            return _COMMANDS[key](self, argument)
        except CommandError:
            raise
        except ValueError as error:  # what a checked value or fault says of itself is fit to be told
            raise CommandError(str(error)) from None

    def _get(self, what: object) -> dict[str, Any]:
        if what == "truth":
            return {"truth": self._rig.truth()}
        if what == "faults":
            in_force = self._rig.faults_in_force
            return {
                "faults": sorted(FAULTS),
                "active": sorted(in_force),
                "rows": faults.listing(),
                "active_values": {name: in_force[name] for name in sorted(in_force)},
            }
        if what == "values":
            return {"values": plant_values.listing(self._rig)}
        if what == "scenario":
            return {"scenario": self._told_scenario()}
        raise CommandError(f"get takes truth, faults, values or scenario, got {what!r}")

    def _told_scenario(self) -> dict[str, Any] | None:
        scenario = self._scenario
        if scenario is None:
            return None
        start = scenario.start
        return {
            "name": scenario.name,
            "title": scenario.title,
            "time_s": round(self._rig.time_s, 3),
            "duration_s": scenario.duration_s,
            "start": {
                "mode": start.mode.name.lower() if start.mode is not None else None,
                "pressure_mmhg": start.pressure_mmhg,
                "flow_l_min": start.flow_l_min,
                "gas": start.gas,
                "light": start.light,
                "intensity_percent": start.intensity_percent,
            },
        }

    def _set(self, values: object) -> dict[str, Any]:
        if not isinstance(values, dict) or not values:
            raise CommandError(f"set takes an object of values, got {values!r}")
        checked = checked_values(values)
        set_values(self._rig, checked)
        return {"set": checked}

    def _fault(self, what: object) -> dict[str, Any]:
        if isinstance(what, dict):
            if "name" not in what or set(what) - {"name", "value"}:
                raise FaultError(f"fault takes a name, or an object with name and value, got {what!r}")
            return {"fault": begin_fault(self._rig, what["name"], what.get("value"))}
        return {"fault": begin_fault(self._rig, what)}

    def _repair(self, name: object) -> dict[str, Any]:
        return {"repaired": repair_fault(self._rig, name)}

    def _mute(self, name: object) -> dict[str, Any]:
        return self._fault(f"{name}.mute")

    def _unmute(self, name: object) -> dict[str, Any]:
        return self._repair(f"{name}.mute")

    def _cough(self, argument: object) -> dict[str, Any]:
        numbers = _numbers("cough", argument, _COUGH)
        self._rig.gas.cough(**numbers)
        return {"cough": numbers}

    def _press(self, argument: object) -> dict[str, Any]:
        numbers = _numbers("press", argument, _PRESS)
        self._rig.gas.press(**numbers)
        return {"press": numbers}

    def _leak(self, argument: object) -> dict[str, Any]:
        numbers = _numbers("leak", argument, _FLOW)
        self._rig.gas.leak_for(**numbers)
        return {"leak": numbers}

    def _suction(self, argument: object) -> dict[str, Any]:
        numbers = _numbers("suction", argument, _FLOW)
        self._rig.gas.suck(**numbers)
        return {"suction": numbers}


_COMMANDS: dict[str, Callable[[Control, object], dict[str, Any]]] = {
    "get": Control._get,
    "set": Control._set,
    "fault": Control._fault,
    "repair": Control._repair,
    "mute": Control._mute,
    "unmute": Control._unmute,
    "cough": Control._cough,
    "press": Control._press,
    "leak": Control._leak,
    "suction": Control._suction,
}
