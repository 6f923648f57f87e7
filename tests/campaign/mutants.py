"""Laws broken on purpose, one line of the product's code each, to see that the campaign finds it."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import app.adapters as adapters
import app.setpoints as setpoints
import hardware.ccu.insufflation as insufflation
import hardware.ccu.interlocks as interlocks
import hardware.simulator.insufflator as insufflator
import hardware.simulator.slave as slave
from tests.campaign.invariants import laws
from tests.campaign.sequences import make_sequence, play

Change = tuple[Callable[..., Any], str, str]  # function, its line as it is, and as it shall be


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken product: which law must be found broken, and what was done."""

    invariant: int
    name: str
    changes: tuple[Change, ...] = ()
    values: tuple[tuple[object, str, object], ...] = ()  # module, name of a constant, wrong value
    within: int = 300  # sequences


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    """The product is broken while this lasts.  Raises `LookupError` when a line is no longer there to be broken."""
    with ExitStack() as undo:
        for function in {change[0]: None for change in mutant.changes}:
            lines = [(old, new) for changed, old, new in mutant.changes if changed is function]
            undo.enter_context(_rewritten(function, lines))
        for owner, name, value in mutant.values:
            undo.enter_context(mock.patch.object(owner, name, value))
        yield


@contextmanager
def _rewritten(function: Callable[..., Any], lines: list[tuple[str, str]]) -> Iterator[None]:
    """`function` with lines of its source replaced; wherever it has been imported to, it is the changed one."""
    source = textwrap.dedent(inspect.getsource(function))
    for old, new in lines:
        if source.count(old) != 1:
            name = function.__qualname__
            raise LookupError(f"{name}: {source.count(old)} times {old!r}, once expected: mend the mutant")
        source = source.replace(old, new)
    made: dict[str, Any] = {}
    # The future import is the modules' own: without it annotations would be evaluated.
    exec(compile(f"from __future__ import annotations\n{source}", "<mutant>", "exec"), function.__globals__, made)
    before = function.__code__
    function.__code__ = made[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = before


def sequences_until_found(mutant: Mutant) -> int | None:
    """How many sequences it took until the mutant's own law was found broken; None: not found in `within`.

    Only that law looks, so that what it finds is not what another one found before it.
    """
    with applied(mutant):
        for seed in range(mutant.within):
            if play(make_sequence(seed), [law for law in laws() if law.number == mutant.invariant]).violations:
                return seed + 1
    return None


_LAW_NO_RELIEF: Change = (insufflation._next_action, "if pressure_mmhg >= relief_limit_mmhg(p1):", "if False:")
_LAW_NO_PAUSE: Change = (
    insufflation._next_action,
    "    if pressure_mmhg >= p1:\n        return GasAction.PAUSE\n    if",
    "    if",
)
_LAW_BLIND = (_LAW_NO_RELIEF, _LAW_NO_PAUSE)  # what is left are the interlocks
_NO_INTERLOCK_P1: Change = (interlocks.interlock_gas, "        and below_p1\n", "")
_NO_INTERLOCK_P2: Change = (interlocks.interlock_gas, "venting = over_p2 or", "venting =")
_NO_OWN_LIMIT: Change = (insufflator.Insufflator._guard, "if self._over_s >= OWN_LIMIT_DELAY_S:", "if False:")

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        1,
        "relief in law, interlock and module all gone",
        (_LAW_NO_RELIEF, _NO_INTERLOCK_P2, _NO_OWN_LIMIT),
    ),
    Mutant(
        1,
        "relief limit without its ceiling, in control unit and module",
        values=(
            (insufflation, "relief_limit_mmhg", lambda p1: p1 + 40.0),
            (interlocks, "relief_limit_mmhg", lambda p1: p1 + 40.0),
            (insufflator, "relief_limit_mmhg", lambda p1: p1 + 40.0),
        ),
    ),
    Mutant(
        1,
        "supply goes on at P1, and no relief anywhere",
        (
            *_LAW_BLIND,
            (interlocks.interlock_gas, "    if not may_supply:", "    if False:"),
            _NO_INTERLOCK_P2,
            _NO_OWN_LIMIT,
        ),
    ),
    Mutant(2, "interlock and law let supply go on at P1", (*_LAW_BLIND, _NO_INTERLOCK_P1)),
    Mutant(
        2,
        "interlock: < P1 becomes < P1 + 2, and the law's too",
        (
            (interlocks.interlock_gas, "pressure < p1\n", "pressure < p1 + 2.0\n"),
            _LAW_NO_PAUSE,
        ),
    ),
    Mutant(
        2,
        "interlock takes the lower sensor",
        ((interlocks.judge_sensors, "max(good, default=", "min(good, default="),),
    ),
    Mutant(
        2,
        "the module obeys a closing order only in the duty, not in the solenoid",
        (
            (
                insufflator.Insufflator._drive_valves,
                "self.plant.solenoid_open = self._ordered.solenoid_open and supply",
                "self.plant.solenoid_open = (self._ordered.solenoid_open or self.plant.solenoid_open) and supply",
            ),
        ),
    ),
    Mutant(3, "relief dropped in law and interlock", (_LAW_NO_RELIEF, _NO_INTERLOCK_P2)),
    Mutant(
        3,
        "relief limit 3 mmHg too high in the control unit",
        values=(
            (insufflation, "relief_limit_mmhg", lambda p1: min(p1 + 13.0, 33.0)),
            (interlocks, "relief_limit_mmhg", lambda p1: min(p1 + 13.0, 33.0)),
        ),
    ),
    Mutant(
        3,
        "the module drops the order to relieve, and has no limit of its own",
        (
            _NO_OWN_LIMIT,
            (
                insufflator.Insufflator._drive_valves,
                "self._ordered.relief_open or self._own_relief",
                "self._own_relief",
            ),
        ),
    ),
    Mutant(3, "the module's own limit gone (silent or deaf bus)", (_NO_OWN_LIMIT,), within=1500),
    Mutant(4, "watchdog disabled", values=((slave, "MASTER_SILENCE_S", 1e9),)),
    Mutant(
        4,
        "watchdog and lapse after 700 ms instead of 500",
        values=((slave, "MASTER_SILENCE_S", 0.7), (insufflator, "MASTER_SILENCE_S", 0.7)),
    ),
    Mutant(
        4,
        "the watchdog leaves the supply on",
        ((insufflator.Insufflator._make_safe, "self.running = False", "pass"),),
    ),
    Mutant(
        5,
        "an acknowledgement makes a value active",
        (
            (
                setpoints.SetpointTracker.acknowledged,
                "request.acknowledged_at_s = now_s",
                "self._active = applied; request.acknowledged_at_s = now_s",
            ),
        ),
    ),
    Mutant(
        5,
        "the requested value is shown as the active one",
        (
            (
                setpoints.SetpointTracker.view,
                "SetpointView(self._active, self._request.value, SetpointState.SENT)",
                "SetpointView(self._request.value, None, SetpointState.ACTIVE)",
            ),
        ),
    ),
    Mutant(
        5,
        "a lost link does not take the active value away",
        ((setpoints.SetpointTracker.link_down, "self._active = None", "pass"),),
    ),
    Mutant(6, "age check skipped", ((adapters.measured, "age_s <= quantity.stale_after_s", "True"),)),
    Mutant(
        6,
        "plausibility check skipped",
        ((adapters.measured, " or not quantity.plausible(value)", ""),),
    ),
    Mutant(
        6,
        "a reading's age is counted from the cycle, not from its receipt",
        ((adapters.measured, "now_s - time_s)", "now_s - time_s - 0.25)"),),
    ),
)
