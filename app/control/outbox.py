"""What goes to the bus: of each kind at most one request under way, and of those that came meanwhile the newest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from hardware.protocol import Request


@dataclass(frozen=True, slots=True)
class _Order:
    key: str
    number: int
    request: Request


class Outbox:
    """Changes may be asked for faster than the bus can carry them.  Those of one key (a setpoint, the gas supply)
    replace each other while one of them is under way, so that nothing queues up and the newest wins.

    Every order has a number.  One that was replaced before it was sent never ends: whoever asked for it has asked
    for another since, and goes by that one's number.
    """

    def __init__(self, submit: Callable[[Request], int]) -> None:
        """`submit` hands a request to the bus and returns its ticket there."""
        self._submit = submit
        self._numbers = count(1)
        self._sent: dict[int, _Order] = {}  # by ticket
        self._waiting: dict[str, _Order] = {}  # by key

    def post(self, key: str, request: Request) -> int:
        """Send `request` as soon as no other of `key` is under way; returns the order's number."""
        order = _Order(key, next(self._numbers), request)
        if self.busy(key):
            self._waiting[key] = order
        else:
            self._send(order)
        return order.number

    def busy(self, key: str) -> bool:
        """True while a request of `key` is under way."""
        return any(order.key == key for order in self._sent.values())

    def cancel(self, key: str) -> bool:
        """Drop what waits under `key`, if anything; what is under way goes on."""
        return self._waiting.pop(key, None) is not None

    def settle(self, ticket: int) -> int | None:
        """The bus has answered `ticket`, or given it up: the order's number, None for one that is not ours any more.
        What waited for its end is sent."""
        order = self._sent.pop(ticket, None)
        if order is None:
            return None
        if (following := self._waiting.pop(order.key, None)) is not None:
            self._send(following)
        return order.number

    def forget(self) -> None:
        """Wait for nothing that was posted so far, and send nothing of it."""
        self._sent.clear()
        self._waiting.clear()

    def _send(self, order: _Order) -> None:
        self._sent[self._submit(order.request)] = order
