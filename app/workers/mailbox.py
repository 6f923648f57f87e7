"""A small mailbox between threads: its producer never waits, the oldest is overwritten, and that is counted."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")

# Frames that may wait for the enhanced view.  A blurred frame takes longer than a clear one: what a burst puts off, the
# clear frames after it make up for.  More would be a delay that hands notice; the one that has waited longest is left
# out.  With two, three frames of each burst were left out of the running tower (docs/measurements.md).
ENHANCER_BEHIND = 3


class Mailbox(Generic[T]):
    """Holds at most `depth` items, in order.  `put` never blocks, so a slow consumer never delays its producer.

    One place is for consumers that want the latest.  More are for those that are slow now and then and want them all:
    they may fall behind by so many items, and never by more.
    """

    def __init__(self, depth: int = 1) -> None:
        self._condition = threading.Condition()
        self._items: deque[T] = deque()
        self._depth = depth
        self._closed = False
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Items that were overwritten before anybody took them."""
        with self._condition:
            return self._dropped

    def put(self, item: T) -> bool:
        """Leave `item` for the consumer.  True when the box was empty: time to wake the consumer."""
        with self._condition:
            if self._closed:
                return False
            was_empty = not self._items
            if len(self._items) == self._depth:
                self._items.popleft()
                self._dropped += 1
            self._items.append(item)
            self._condition.notify()
            return was_empty

    def take(self, timeout_s: float | None = 0.0) -> T | None:
        """The oldest item, waiting up to `timeout_s` for one (None: for ever).  None when none came or closed."""
        with self._condition:
            if not self._items and not self._closed and timeout_s != 0.0:
                self._condition.wait_for(lambda: self._items or self._closed, timeout_s)
            return self._items.popleft() if self._items else None

    def close(self) -> None:
        """Wake the consumer for good: from now on `take` returns what is left, then None."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
