"""The simulated plant behind the fault panel: sends its wishes to the simulator and tells what is in force there."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from app.simulation import SimulatorError
from ui.intents import Cough, SetFault, SetPlant
from ui.viewstate import FaultRow, PlantRow, SimulationView

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0  # scenarios and other hands change the plant as well
LOST_S = 5.0  # an answer that has not come by then is not waited for any longer
COUGH = {"volume_ml": 1800.0, "duration_s": 0.4}  # a strong one (docs/simulator.md)
_FAULTS, _VALUES, _WISH = "faults", "values", "wish"


class Simulator(Protocol):
    """What takes a command and answers it later, in any thread; raises `SimulatorError` where it takes none."""

    def command(self, command: Mapping[str, Any], on_answer: Callable[[Mapping[str, Any]], None]) -> None: ...


class PlantDesk(QObject):
    """Give it wishes, call `cycle` every cycle, draw its view.  Lives in the UI thread, which never waits for it."""

    _answered = Signal(str, object)

    def __init__(self, simulator: Simulator) -> None:
        super().__init__()
        self._simulator = simulator
        self._faults: tuple[FaultRow, ...] = ()
        self._values: tuple[PlantRow, ...] = ()
        self._answer = ""
        self._look_at_s = float("-inf")
        self._waiting: set[str] = set()
        self._answered.connect(self._on_answer)

    def obey(self, intent: SetFault | SetPlant | Cough) -> None:
        """Pass a wish of the fault panel on; a refusal stands in the view's `answer` until the next wish."""
        self._answer = ""
        self._ask(_WISH, command_for(intent))
        self._look_at_s = float("-inf")

    def cycle(self, now_s: float) -> SimulationView:
        """Ask how things stand when it is time, and return how they stood last.  `now_s` is monotonic."""
        late = now_s - self._look_at_s > LOST_S
        if now_s >= self._look_at_s and (late or not self._waiting):
            self._look_at_s = now_s + LOOK_EVERY_S
            self._ask(_FAULTS, {"get": _FAULTS})
            self._ask(_VALUES, {"get": _VALUES})
        return SimulationView(self._faults, self._values, self._answer)

    def _ask(self, what: str, command: dict[str, Any]) -> None:
        if what != _WISH:
            self._waiting.add(what)
        try:
            self._simulator.command(command, partial(self._answered.emit, what))
        except SimulatorError as error:
            self._waiting.discard(what)
            self._answer = str(error)

    @Slot(str, object)
    def _on_answer(self, what: str, told: Mapping[str, Any]) -> None:
        self._waiting.discard(what)
        if not told.get("ok"):
            self._answer = str(told.get("error", "refused, without a reason"))
            return
        try:
            if what == _FAULTS:
                self._faults = fault_rows(told)
            elif what == _VALUES:
                self._values = plant_rows(told)
        except (KeyError, TypeError, ValueError):
            log.exception("the simulator answered what it must not")


def command_for(intent: SetFault | SetPlant | Cough) -> dict[str, Any]:
    """The simulator's command (docs/simulator.md) for a wish of the fault panel."""
    match intent:
        case SetFault(name=name, on=on):
            return {"fault" if on else "repair": name}
        case SetPlant(name=name, value=value):
            return {"set": {name: value}}
        case Cough():
            return {"cough": COUGH}


def fault_rows(told: Mapping[str, Any]) -> tuple[FaultRow, ...]:
    """The answer to {"get": "faults"}.  Raises `KeyError` or `TypeError` where it is none."""
    active = set(told["active"])
    return tuple(FaultRow(str(name), name in active) for name in told["faults"])


def plant_rows(told: Mapping[str, Any]) -> tuple[PlantRow, ...]:
    """The answer to {"get": "values"}.  Raises as `fault_rows` does, and `ValueError`."""
    return tuple(
        PlantRow(str(row["key"]), "", 0.0, 0.0, row["value"], tuple(map(str, row["choices"])))
        if "choices" in row
        else PlantRow(str(row["key"]), str(row["unit"]), float(row["minimum"]), float(row["maximum"]), row["value"])
        for row in told["values"]
    )
