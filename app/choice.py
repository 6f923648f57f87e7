"""The life of a choice among few: asked, acknowledged, confirmed by readback, or lost.  Pure; time comes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

CONFIRM_WITHIN_S = 1.0

T = TypeVar("T")


class Choice(Generic[T]):
    """Follows what a module can be switched to: a mode, an automatic.

    Only a status of the module makes a choice active.  An order that was asked for later supersedes one under way:
    outcomes of the older one no longer count.
    """

    def __init__(self, name: str, words: Callable[[T], str]) -> None:
        """`name` as in "The NAME was not confirmed"; `words` says a choice in words."""
        self._name = name
        self._words = words
        self._order: int | None = None
        self._since_s = 0.0
        self._acknowledged_s: float | None = None
        self.active: T | None = None  # as last read back; None: unknown
        self.pending: T | None = None  # asked for, not read back yet

    def ask(self, wanted: T, order: int, now_s: float) -> None:
        """A person chose `wanted`; `order` is the number it went out under."""
        self.pending, self._order, self._since_s, self._acknowledged_s = wanted, order, now_s, None

    def acknowledged(self, order: int, now_s: float) -> bool:
        """The module took the order; the next status must show it.  False when it was not the one under way."""
        if order != self._order:
            return False
        self._acknowledged_s = now_s
        return True

    def failed(self, order: int) -> bool:
        """The module refused the order, or never answered.  False when it was not the one under way."""
        if order != self._order:
            return False
        self.give_up()
        return True

    def give_up(self) -> None:
        """Nothing more is waited for."""
        self.pending = self._order = self._acknowledged_s = None

    def readback(self, value: T, received_s: float) -> list[str]:
        """A status of the module says `value`.  Returns notices."""
        before, self.active = self.active, value
        if self.pending is not None:
            if self._acknowledged_s is not None and received_s >= self._acknowledged_s and value == self.pending:
                self.give_up()
            return []
        if before is not None and value != before:
            return [f"The module itself has changed the {self._name} to {self._words(value)}"]
        return []

    def link_down(self) -> None:
        """The module no longer answers: nothing is known, and an order under way is given up."""
        self.active = None
        self.give_up()

    def poll(self, now_s: float) -> list[str]:
        """Let time pass: an order not confirmed in time is given up, and said."""
        if self.pending is None or now_s - self._since_s < CONFIRM_WITHIN_S:
            return []
        words = self._words(self.pending)
        self.give_up()
        return [f"The {self._name} was not confirmed as {words}; check the module and try again"]
