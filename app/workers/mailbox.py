"""A one-slot mailbox between threads: latest wins, what is overwritten is counted."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Holds at most one item.  `put` never blocks, so a slow consumer never delays its producer."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._item: T | None = None
        self._closed = False
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """Items that were overwritten before anybody took them."""
        with self._condition:
            return self._dropped

    def put(self, item: T) -> bool:
        """Leave `item` for the consumer.  True when the slot was empty: time to wake the consumer."""
        with self._condition:
            if self._closed:
                return False
            was_empty = self._item is None
            if not was_empty:
                self._dropped += 1
            self._item = item
            self._condition.notify()
            return was_empty

    def take(self, timeout_s: float | None = 0.0) -> T | None:
        """The item, waiting up to `timeout_s` for one (None: for ever).  None when none came or closed."""
        with self._condition:
            if self._item is None and not self._closed and timeout_s != 0.0:
                self._condition.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            item, self._item = self._item, None
            return item

    def close(self) -> None:
        """Wake the consumer for good: from now on `take` returns what is left, then None."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
