"""What people order of the light: on or standby, true only once the module says so."""

from __future__ import annotations

from collections.abc import Callable

from app.confirmation import Confirmation
from app.control.answers import outcome
from app.control.outbox import Outbox
from app.control.setpoint_desk import SetpointDesk
from app.control.start import Arrival, Arrivals
from app.modules import ModuleRoll
from hardware.protocol import Reason, SetLight
from hardware.readings import Address, LightFault, LightReading

_LIGHT = "light"
_HERE = Address.LIGHT
# Alarms of their own, and reasons why the module has gone dark.
_EXPLAINS = LightFault.WATCHDOG | LightFault.OVER_TEMPERATURE | LightFault.LED_OPEN
ENDED_CONDITION = "light_ended_unasked"


class LightDesk:
    """Orders of the light."""

    def __init__(
        self,
        outbox: Outbox,
        roll: ModuleRoll,
        arrivals: Arrivals,
        setpoints: SetpointDesk,
        notify: Callable[[str], None],
    ) -> None:
        self._outbox = outbox
        self._roll = roll
        self._arrivals = arrivals
        self._setpoints = setpoints
        self._notify = notify
        self._light = Confirmation("light")
        self._greeting: int | None = None
        self._on = False  # as last read back
        self._intensity_percent: float | None = None  # as last read back
        self._restarted = False  # seen with the end of the light

    def switch(self, on: bool, now_s: float) -> None:
        """On or to standby; standby always."""
        if on and (problem := self._roll.unfit(_HERE)):
            self._notify(f"Light not switched on: {problem}")
            return
        self._light.ask(on, self._outbox.post(_LIGHT, SetLight(on)), now_s)

    def make_safe(self, now_s: float) -> None:
        """To standby, and nothing of before is waited for."""
        self._greeting = None
        self.switch(False, now_s)

    @property
    def requested(self) -> bool:
        """What the control unit may light for: asked for, and on by readback."""
        return self._light.wanted and self._on and not self._roll.unfit(_HERE)

    @property
    def pending(self) -> bool:
        """A switch is on its way."""
        return self._light.pending

    @property
    def conditions(self) -> frozenset[str]:
        """The light was on, and the module has ended it with no reason told.  Holds until a person switches it."""
        return frozenset({ENDED_CONDITION}) if self._light.ended_unasked else frozenset()

    @property
    def detail(self) -> str:
        """What there is to say of the module, in words."""
        return "Has restarted: standby, intensity as at power-on" if self._restarted else ""

    def readback(self, reading: LightReading, now_s: float) -> None:
        """A status of the light source has come."""
        self._on = reading.on
        before_percent, self._intensity_percent = self._intensity_percent, reading.intensity_setpoint_percent
        self._setpoints.readback(_HERE, reading)
        had_ended = self._light.ended_unasked
        for text in self._light.readback(reading.on, reading.time_s, explained=bool(reading.faults & _EXPLAINS)):
            self._notify(text)
        if not self._light.ended_unasked:
            self._restarted = False
        elif not had_ended:
            self._restarted = before_percent is not None and before_percent != self._intensity_percent
        watchdog = bool(reading.faults & LightFault.WATCHDOG)
        self._roll.status(_HERE, reading.time_s, watchdog=watchdog)
        arrival = self._arrivals.status(
            _HERE, now_s, on=reading.on, watchdog=watchdog, counted=False, fit=self._roll.fit(_HERE)
        )
        if arrival is Arrival.FRESH:
            self._setpoints.start_values(_HERE)
        elif arrival is Arrival.KEPT:
            self._arrivals.tell(f"Light kept from before: {self._setpoints.describe(_HERE)}")
        elif arrival is Arrival.ADOPTED:
            self._arrivals.tell(f"Light was on: taken over ({self._setpoints.describe(_HERE)})")
        self._setpoints.send_start_values(_HERE, now_s)
        if self._light.pending or self._light.wanted or self._arrivals.waiting(_HERE):
            return
        if reading.on:
            self._light.adopt()  # a light that burns is not taken from a surgeon
        elif watchdog and not self._roll.greeted(_HERE) and not self._outbox.busy(_LIGHT):
            self._greeting = self._outbox.post(_LIGHT, SetLight(False))

    def applied(self, number: int, value: float | bool, now_s: float) -> None:
        """The module has answered an order."""
        self._setpoints.applied(number, value, now_s)
        self._light.acknowledged(number, now_s)
        if number == self._greeting:
            self._greeting = None

    def ended(self, number: int, why: str, refusal: Reason | None) -> None:
        """An order was refused with `refusal`, or lost when that is None."""
        self._setpoints.ended(number, why, refusal)
        if number == self._greeting:
            self._greeting = None
            if refusal is not None:
                self._roll.give_up_greeting(_HERE)
        elif self._light.failed(number):
            self._notify(outcome("Light", why, refusal))

    def link_down(self) -> None:
        """The module no longer answers."""
        self._light.link_down()

    def poll(self, now_s: float) -> None:
        """Let time pass."""
        for text in self._light.poll(now_s):
            self._notify(text)
