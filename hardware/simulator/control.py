"""The local control channel: one JSON object a line in, one a line out.  Written up in docs/simulator.md.

{"get": "truth"}                     the true state of patient, gas path and lamp
{"get": "faults"}                    names of the faults there are, and of those in force
{"set": {"leak_l_min": 5}}           plant values: see `SETTINGS`
{"fault": "light.fan_dead"}          begin a fault; {"repair": NAME} or {"repair": "all"} ends it
{"mute": "light"}                    short for the fault "light.mute"; {"unmute": "light"} ends it
{"cough": {"volume_ml": 1800, "duration_s": 0.4}}

Every answer has "ok"; a command that cannot be obeyed changes nothing and is answered with "error".
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hardware.simulator.faults import FAULTS
from hardware.simulator.pneumatics import ACCESSES
from hardware.simulator.rig import Rig


class CommandError(ValueError):
    """A command that cannot be obeyed; the text says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One plant value that can be set, with its range in its own unit."""

    key: str
    minimum: float
    maximum: float
    apply: Callable[[Rig, float], None]

    def check(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise CommandError(f"{self.key} must be a number, got {value!r}")
        if not self.minimum <= value <= self.maximum:
            raise CommandError(f"{self.key} must be {self.minimum:g} to {self.maximum:g}, got {value:g}")
        return float(value)


def _setter(owner: Callable[[Rig], object], attribute: str) -> Callable[[Rig, float], None]:
    return lambda rig, value: setattr(owner(rig), attribute, value)


_ROWS = (
    Setting("leak_l_min", 0.0, 100.0, _setter(lambda rig: rig.gas, "leak_l_min")),  # at 12 mmHg
    Setting("press_ml", -3000.0, 6000.0, _setter(lambda rig: rig.gas, "press_ml")),
    Setting("abdomen_mmhg", 0.0, 60.0, lambda rig, value: rig.gas.fill_to(value)),
    Setting("cylinder_l", 0.0, 5000.0, _setter(lambda rig: rig.gas.cylinder, "left_l")),
    Setting("ambient_c", -10.0, 60.0, _setter(lambda rig: rig.lamp, "ambient_c")),
    Setting("hours", 0.0, 100_000.0, _setter(lambda rig: rig.lamp, "hours")),
    Setting("bit_error_rate", 0.0, 0.5, _setter(lambda rig: rig, "bit_error_rate")),
)
SETTINGS: dict[str, Setting] = {setting.key: setting for setting in _ROWS}


class Control:
    """Obeys commands on a rig, and knows which faults are in force."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.active: set[str] = set()

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
        return _COMMANDS[key](self, argument)

    def _get(self, what: object) -> dict[str, Any]:
        if what == "truth":
            return {"truth": self._rig.truth()}
        if what == "faults":
            return {"faults": sorted(FAULTS), "active": sorted(self.active)}
        raise CommandError(f"get takes truth or faults, got {what!r}")

    def _set(self, values: object) -> dict[str, Any]:
        if not isinstance(values, dict) or not values:
            raise CommandError(f"set takes an object of values, got {values!r}")
        checked: list[tuple[Callable[[], None], str, object]] = []
        for key, value in values.items():
            if key == "access":
                if not isinstance(value, str) or value not in ACCESSES:
                    raise CommandError(f"access must be one of {', '.join(ACCESSES)}, got {value!r}")
                checked.append((lambda v=value: setattr(self._rig.gas, "access", ACCESSES[v]), key, value))
            elif key in SETTINGS:
                setting, number = SETTINGS[key], SETTINGS[key].check(value)
                checked.append((lambda s=setting, n=number: s.apply(self._rig, n), key, number))
            else:
                raise CommandError(f"set knows {', '.join((*SETTINGS, 'access'))}; got {key!r}")
        for apply, _, _ in checked:
            apply()
        return {"set": {key: value for _, key, value in checked}}

    def _fault(self, name: object) -> dict[str, Any]:
        if not isinstance(name, str) or name not in FAULTS:
            raise CommandError(f"no fault {name!r}; there are {', '.join(sorted(FAULTS))}")
        FAULTS[name].begin(self._rig)
        if not name.endswith(".reset"):
            self.active.add(name)
        return {"fault": name}

    def _repair(self, name: object) -> dict[str, Any]:
        if name == "all":
            ended = sorted(self.active)
        elif isinstance(name, str) and name in FAULTS:
            ended = [name]
        else:
            raise CommandError(f"no fault {name!r}; there are all, {', '.join(sorted(FAULTS))}")
        for each in ended:
            FAULTS[each].end(self._rig)
            self.active.discard(each)
        return {"repaired": ended}

    def _mute(self, name: object) -> dict[str, Any]:
        return self._fault(f"{name}.mute")

    def _unmute(self, name: object) -> dict[str, Any]:
        return self._repair(f"{name}.mute")

    def _cough(self, argument: object) -> dict[str, Any]:
        if not isinstance(argument, dict) or set(argument) != {"volume_ml", "duration_s"}:
            raise CommandError(f"cough takes volume_ml and duration_s, got {argument!r}")
        volume_ml = Setting("volume_ml", 0.0, 6000.0, lambda _rig, _value: None).check(argument["volume_ml"])
        duration_s = Setting("duration_s", 0.05, 60.0, lambda _rig, _value: None).check(argument["duration_s"])
        self._rig.gas.cough(volume_ml, duration_s)
        return {"cough": {"volume_ml": volume_ml, "duration_s": duration_s}}


_COMMANDS: dict[str, Callable[[Control, object], dict[str, Any]]] = {
    "get": Control._get,
    "set": Control._set,
    "fault": Control._fault,
    "repair": Control._repair,
    "mute": Control._mute,
    "unmute": Control._unmute,
    "cough": Control._cough,
}
