"""What a finger is meant for, where what stands under it may change by itself just before it comes down."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

T = TypeVar("T")

# Nobody has read within this time what has taken a place by itself: a touch is meant for what stood there before.
SETTLED_S = 0.4


class Aim(Generic[T]):
    """Follows what stands in one place of the screen.  `nothing` is what stands there when the place is empty: nobody
    aims at that, and what comes next is taken as it is."""

    def __init__(self, nothing: T) -> None:
        self._nothing = self._before = self._now = nothing
        self._since_s = float("-inf")

    def stands(self, now: T, *, asked: bool = False) -> None:
        """This stands there from now on; `asked`: a person has brought it there, and so knows it."""
        if now == self._now:
            return
        if asked:
            self._before = now
        elif self._settled:
            self._before = self._now
        self._now, self._since_s = now, time.monotonic()

    def meant(self) -> T:
        """What a finger means that comes down now."""
        return self._now if self._settled or self._before == self._nothing else self._before

    @property
    def _settled(self) -> bool:
        return time.monotonic() - self._since_s >= SETTLED_S
