"""The life of an on/off order: asked, acknowledged, confirmed by readback, or lost.  Pure; time comes in."""

from __future__ import annotations

CONFIRM_WITHIN_S = 1.0


class Confirmation:
    """Follows gas supply or light between the screen and the module.

    `wanted` is what the control unit may act on.  Turning off acts at once; turning on only counts once asked by a
    person, and ends when the module says that it is off: it never comes back by itself.  A short loss of the link
    changes nothing, because the module's own watchdog decides: either it went on hearing us and is still on, or it
    switched off, and says so when it is back.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.wanted = False
        self._pending: bool | None = None
        self._ticket: int | None = None
        self._since_s = 0.0
        self._acknowledged_s: float | None = None
        self._confirmed = False
        self.ended_unasked = False  # by the module, with nothing that says why; until the next order or adoption

    @property
    def pending(self) -> bool:
        """True while an order is under way."""
        return self._pending is not None

    def ask(self, on: bool, ticket: int, now_s: float, *, by_person: bool = True) -> None:
        """On or off was asked for; `ticket` is that of the request on the bus."""
        self.ended_unasked = self.ended_unasked and not by_person
        self.wanted = on
        self._pending = on
        self._ticket = ticket
        self._since_s = now_s
        self._acknowledged_s = None
        self._confirmed = False

    def acknowledged(self, ticket: int, now_s: float) -> None:
        """The module took the order; the next status must show it."""
        if ticket == self._ticket:
            self._acknowledged_s = now_s

    def failed(self, ticket: int) -> bool:
        """The module refused the order, or never answered.  False when this was not the order under way."""
        if ticket != self._ticket:
            return False
        self.wanted = False
        self._pending = None
        self._ticket = None
        return True

    def readback(self, on: bool, received_s: float, *, explained: bool = False) -> list[str]:
        """A status of the module says that it is on or off.  Returns notices.

        `explained`: the same status says by a fault of its own, which is an alarm, why it may be off.
        """
        if self._pending is not None:
            if self._acknowledged_s is not None and received_s >= self._acknowledged_s and on is self._pending:
                self._pending = None
                self._confirmed = True
            return []
        if self.wanted and self._confirmed and not on:
            self.wanted = False
            self.ended_unasked = not explained
            return [f"The module itself has switched the {self._name} off"]
        return []

    def link_down(self) -> None:
        """The module no longer answers: an order under way is given up, and a start with it."""
        if self._pending is not None:
            self.wanted = self.wanted and not self._pending
            self._pending = None
            self._ticket = None

    def adopt(self) -> None:
        """Go on with what the module is doing already, as after a restart of this program."""
        self.wanted = True
        self._confirmed = True
        self.ended_unasked = False

    def poll(self, now_s: float) -> list[str]:
        """Let time pass: an order not confirmed in time is given up."""
        if self._pending is None or now_s - self._since_s < CONFIRM_WITHIN_S:
            return []
        word = "on" if self._pending else "off"
        self._pending = None
        if word == "on":
            self.wanted = False
        return [f"The {self._name} was not confirmed {word}; check the module and try again"]
