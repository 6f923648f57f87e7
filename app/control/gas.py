"""What people order of the gas: start, pause, stop, vent, mode; each true only once the module says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.choice import Choice
from app.confirmation import Confirmation
from app.control.answers import outcome
from app.control.gas_count import GasCount
from app.control.modes import MODE_KEYS, MODE_SETPOINTS, MODES_BY_KEY, outside_on_entering, why_no_mode
from app.control.outbox import Outbox
from app.control.setpoint_desk import SetpointDesk
from app.control.start import Arrival, Arrivals, StartValues
from app.modules import ModuleRoll
from hardware.ccu import GasOrder
from hardware.gas_modes import MODES, InsufflationMode
from hardware.protocol import Reason, Request, ResetGasUsed, SetGas, SetMode
from hardware.quantities import SetpointRange
from hardware.readings import Address, InsufflatorFault, InsufflatorReading
from ui.viewstate import SetpointState

DISOWN_EVERY_S = 1.0  # a module that refuses to end a supply nobody asked for is not asked at bus speed
_GAS, _MODE, _RESET = "gas", "mode", "reset gas used"
_HERE = Address.INSUFFLATOR
# Alarms of their own, and reasons why the module has ended the supply.
_EXPLAINS = InsufflatorFault.WATCHDOG | InsufflatorFault.OWN_LIMIT
ENDED_CONDITION = "gas_ended_unasked"


class GasDesk:
    """Orders of the gas side.  The control unit's law acts on `order`; the valves close by it at once."""

    def __init__(
        self,
        outbox: Outbox,
        roll: ModuleRoll,
        arrivals: Arrivals,
        setpoints: SetpointDesk,
        site: Mapping[str, SetpointRange],
        start: StartValues,
        notify: Callable[[str], None],
    ) -> None:
        self._outbox = outbox
        self._roll = roll
        self._arrivals = arrivals
        self._setpoints = setpoints
        self._site = site
        self._start = start
        self._notify = notify
        self._supply = Confirmation("gas supply")
        self._mode: Choice[InsufflationMode] = Choice("mode", lambda mode: MODES[mode].label)
        self._ranges_of: InsufflationMode | None = None  # whose ranges the setpoints have
        self._mode_failed = (SetpointState.LOST, "")  # how the last order of a mode ended, when not well
        self._mode_edited = False  # by somebody in this run: the start mode is over
        self._entering = False  # a mode was asked for from here, and its setpoints are not checked yet
        self._reset: int | None = None
        self._greeting: int | None = None
        self._disown_at_s = float("-inf")
        self._reading: InsufflatorReading | None = None
        self._paused = False
        self._venting = False
        self._count = GasCount()
        self._restarted = False  # seen with the end of a supply, or after it

    # -- from the screen -------------------------------------------------------------------------------------------

    def start(self, now_s: float) -> None:
        """Supply gas, or go on after a pause."""
        problems = [p for p in (self._roll.unfit(_HERE),) if p] or self._setpoints.gas_problems()
        if self._mode.pending is not None:
            problems = [*problems, "the mode is being changed; wait until the module has entered it"]
        if problems:
            for problem in problems:
                self._notify(f"Gas not started: {problem}")
            return
        self._venting = False
        resuming = self._paused and self._supply.wanted and not self._supply.pending
        self._paused = False
        if not resuming:
            self._ask(True, now_s)

    def pause(self) -> None:
        """Close both valves and keep the supply on; `start` goes on."""
        if not self._supply.wanted:
            self._notify("Gas not paused: it is not running")
            return
        self._paused = True

    def stop(self, now_s: float) -> None:
        """No gas, and no venting."""
        self._venting = False
        self._ask(False, now_s)

    def vent(self, now_s: float) -> None:
        """Let the gas out of the abdomen: supply off, relief valve open until the law says that it is empty."""
        problem = self._roll.unfit(_HERE) or ("" if self._roll.up(_HERE) else "the insufflator does not answer")
        if problem:
            self._notify(f"Not vented: {problem}")
            return
        self._ask(False, now_s)
        self._venting = True

    def set_mode(self, key: object, now_s: float) -> str:
        """Enter a mode, or say why not.  Returns why not; empty when the order is on its way."""
        mode = MODES_BY_KEY.get(key) if isinstance(key, str) else None
        if mode is None:
            return self._tell(f"Mode not changed: expected one of {', '.join(MODES_BY_KEY)}, got {key!r}")
        if problem := self._roll.unfit(_HERE) or why_no_mode(mode, self._site) or self._unsafe_to_enter(mode):
            return self._tell(f"Mode not changed: {problem}")
        self._mode_edited = True
        self._mode_failed = (SetpointState.LOST, "")
        self._enter(mode, now_s)
        return ""

    def reset_used(self) -> None:
        """Count gas used and supply time from zero."""
        if problem := self._roll.unfit(_HERE):
            self._notify(f"Gas used not reset: {problem}")
            return
        self._reset = self._outbox.post(_RESET, ResetGasUsed())

    def make_safe(self, now_s: float) -> None:
        """Off, and nothing of before is waited for."""
        self._mode.give_up()
        self._reset = self._greeting = None
        self.stop(now_s)

    # -- to the control unit and the screen ------------------------------------------------------------------------

    def order(self) -> GasOrder:
        """What the law is to do.  Gas flows only while the module says that its supply is on."""
        if self._roll.unfit(_HERE):
            return GasOrder.OFF
        if self._venting:
            return GasOrder.VENT
        if self._supply.wanted and self._reading is not None and self._reading.running:
            return GasOrder.PAUSE if self._paused else GasOrder.SUPPLY
        return GasOrder.OFF

    def law_says(self, vent_done: bool) -> None:
        """The step has been taken; `vent_done`: the abdomen is empty."""
        if self._venting and vent_done:
            self._venting = False
            self._notify("Venting has ended: the abdomen is empty")

    @property
    def pending(self) -> bool:
        """A start or stop is on its way."""
        return self._supply.pending

    @property
    def paused(self) -> bool:
        """Paused by a person, and the supply is still on."""
        return self._paused

    @property
    def conditions(self) -> frozenset[str]:
        """The supply was on, and the module has ended it with no reason told.  Holds until a person starts or stops."""
        return frozenset({ENDED_CONDITION}) if self._supply.ended_unasked else frozenset()

    @property
    def detail(self) -> str:
        """What there is to say of the module, in words."""
        return "Has restarted: gas off, mode and set values as at power-on" if self._restarted else ""

    def whole_case(self, reading: InsufflatorReading | None) -> InsufflatorReading | None:
        """The reading with gas used and supply time over restarts of the module."""
        return self._count.whole(reading)

    @property
    def venting(self) -> bool:
        """Venting by a person's order."""
        return self._venting

    @property
    def mode_pending(self) -> str | None:
        """Key of the mode that was asked for and not read back yet."""
        return None if self._mode.pending is None else MODE_KEYS[self._mode.pending]

    def mode_standing(self, key: str) -> tuple[SetpointState, str]:
        """How the order to enter the mode `key`, accepted before, stands now, with the reason when not well."""
        mode = MODES_BY_KEY[key]
        if self._mode.pending is mode:
            return SetpointState.SENT, ""
        if self._mode.pending is None and self._mode.active is mode:
            return SetpointState.ACTIVE, ""
        if self._mode.pending is not None:
            return SetpointState.REJECTED, "another mode has been chosen meanwhile"
        state, why = self._mode_failed
        return state, why or "the insufflator does not answer"

    # -- from the bus ----------------------------------------------------------------------------------------------

    def readback(self, reading: InsufflatorReading, now_s: float) -> None:
        """A status of the insufflator has come."""
        before, self._reading = self._reading, reading
        fell = self._count.take(reading, resetting=self._reset is not None)
        for text in self._mode.readback(reading.mode, reading.time_s):
            self._notify(text)
        entered = reading.mode is not self._ranges_of
        if entered:
            self._ranges_of = reading.mode
            self._setpoints.mode_is(reading.mode)
        self._setpoints.readback(_HERE, reading, MODE_SETPOINTS if entered else ())
        had_ended = self._supply.ended_unasked
        for text in self._supply.readback(reading.running, reading.time_s, explained=bool(reading.faults & _EXPLAINS)):
            self._notify(text)
        if self._supply.ended_unasked and (fell or (not had_ended and _set_anew(before, reading))):
            self._restarted = True
        elif not self._supply.ended_unasked:
            self._restarted = False
        if not self._supply.wanted:
            self._paused = False
        watchdog = bool(reading.faults & InsufflatorFault.WATCHDOG)
        self._roll.status(_HERE, reading.time_s, watchdog=watchdog)
        arrival = self._arrivals.status(
            _HERE,
            now_s,
            on=reading.running,
            watchdog=watchdog,
            counted=reading.gas_used_l > 0 or reading.supply_s > 0,
            fit=self._roll.fit(_HERE),
        )
        self._arrived(arrival, reading, now_s)
        if self._mode.pending is None:
            self._setpoints.send_start_values(_HERE, now_s)
            if self._entering:
                self._entering = False
                self._setpoints.correct_after_mode(now_s)
        self._agree(reading, watchdog, now_s)

    def applied(self, number: int, value: float | bool, now_s: float) -> None:
        """The module has answered an order."""
        self._setpoints.applied(number, value, now_s)
        self._supply.acknowledged(number, now_s)
        if self._mode.acknowledged(number, now_s):
            self._ranges_of = None  # whatever the next status says is the mode's doing
        if number == self._reset:
            self._reset = None
            self._count.reset()
            self._notify("Gas used: counting from zero")
        if number == self._greeting:
            self._greeting = None

    def ended(self, number: int, request: Request, why: str, refusal: Reason | None) -> None:
        """An order was refused with `refusal`, or lost when that is None."""
        self._setpoints.ended(number, why, refusal)
        if number == self._greeting:
            self._greeting = None
            if refusal is not None:
                self._roll.give_up_greeting(_HERE)
        elif self._supply.failed(number):
            self._paused = False
            self._notify(outcome("Gas supply", why, refusal))
        elif self._mode.failed(number):
            label = f" {MODES[request.mode].label}" if isinstance(request, SetMode) else ""
            self._mode_failed = (SetpointState.LOST if refusal is None else SetpointState.REJECTED, why)
            self._notify(outcome(f"Mode{label}", why, refusal))
        elif number == self._reset:
            self._reset = None
            self._notify(outcome("Gas used", why, refusal))

    def link_down(self) -> None:
        """The module no longer answers."""
        self._supply.link_down()
        self._mode.link_down()
        self._entering = False
        self._reading = None
        if self._venting:
            self._venting = False
            self._notify("Venting has ended: the insufflator no longer answers")

    def turned_away(self, now_s: float) -> None:
        """The module has turned out to be one that can't be worked with."""
        if self._supply.wanted or self._venting:
            self.stop(now_s)

    def poll(self, now_s: float) -> None:
        """Let time pass."""
        for text in self._mode.poll(now_s):
            self._mode_failed = (SetpointState.LOST, self._tell(text))
        for text in self._supply.poll(now_s):
            self._notify(text)
        if not self._supply.wanted:
            self._paused = False

    # -- inside ----------------------------------------------------------------------------------------------------

    def _tell(self, problem: str) -> str:
        self._notify(problem)
        return problem

    def _ask(self, on: bool, now_s: float, *, by_person: bool = True) -> None:
        self._paused = False
        self._supply.ask(on, self._outbox.post(_GAS, SetGas(on)), now_s, by_person=by_person)

    def _enter(self, mode: InsufflationMode, now_s: float) -> None:
        self._entering = True
        self._mode.ask(mode, self._outbox.post(_MODE, SetMode(mode)), now_s)

    def _unsafe_to_enter(self, mode: InsufflationMode) -> str:
        """While gas flows, a mode must not bring it outside of what this site allows, not even for a moment."""
        reading = self._reading
        if reading is None or not (self._supply.wanted or reading.running):
            return ""
        problem = outside_on_entering(mode, reading.pressure_setpoint_mmhg, self._site)
        return f"{problem}; stop the gas first" if problem else ""

    def _arrived(self, arrival: Arrival | None, reading: InsufflatorReading, now_s: float) -> None:
        values = f"{MODES[reading.mode].label}, {self._setpoints.describe(_HERE)}"
        if arrival is Arrival.FRESH:
            self._setpoints.start_values(_HERE)
            if not self._mode_edited and reading.mode is not self._start.gas_mode:
                self._enter(self._start.gas_mode, now_s)
        elif arrival is Arrival.KEPT:
            minutes = reading.supply_s / 60.0
            self._arrivals.tell(
                f"Insufflator kept from before: {values}; {reading.gas_used_l:.1f} l used in {minutes:.0f} min"
            )
        elif arrival is Arrival.ADOPTED:
            self._supply.adopt()
            self._arrivals.tell(f"Gas was running: taken over ({values})")

    def _agree(self, reading: InsufflatorReading, watchdog: bool, now_s: float) -> None:
        """Module and control unit must agree that gas is off when nobody asked for it."""
        if self._supply.pending or self._supply.wanted or self._arrivals.waiting(_HERE):
            return
        if reading.running:
            if now_s >= self._disown_at_s:
                self._disown_at_s = now_s + DISOWN_EVERY_S
                self._ask(False, now_s, by_person=False)
        elif watchdog and not self._roll.greeted(_HERE) and not self._outbox.busy(_GAS):
            # Told to stay at rest: that clears a watchdog which tripped before this program was there.
            self._greeting = self._outbox.post(_GAS, SetGas(False))


def _set_anew(before: InsufflatorReading | None, now: InsufflatorReading) -> bool:
    """Mode or setpoints have changed from one status to the next: with the end of a supply, as at power-on."""
    if before is None:
        return False
    return (before.mode, before.pressure_setpoint_mmhg, before.flow_setpoint_l_min) != (
        now.mode,
        now.pressure_setpoint_mmhg,
        now.flow_setpoint_l_min,
    )
