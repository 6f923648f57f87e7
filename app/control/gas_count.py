"""Gas used and supply time of a case: a module that restarts counts from zero again, the tower does not."""

from __future__ import annotations

from dataclasses import replace

from hardware.readings import InsufflatorReading

# A count that falls by more than this has begun anew: ten of the wire's steps (docs/protocol.md).
FELL_L, FELL_S = 0.1, 1.0


class GasCount:
    """Keeps what the module had counted before it fell back to zero without our order.  Pure.

    Kept by this run of the program alone: where program and module both restart, what was before is not known any more.
    """

    def __init__(self) -> None:
        self._before_l = self._before_s = 0.0
        self._last: InsufflatorReading | None = None

    def reset(self) -> None:
        """The module has been told to count from zero, and has said that it does."""
        self._before_l = self._before_s = 0.0
        self._last = None

    def take(self, reading: InsufflatorReading, *, resetting: bool) -> bool:
        """A status has come; `resetting`: an order to count from zero is under way.  True: it fell by itself."""
        last, self._last = self._last, reading
        if last is None or resetting:
            return False
        fell = last.gas_used_l - reading.gas_used_l > FELL_L or last.supply_s - reading.supply_s > FELL_S
        if fell:
            self._before_l += last.gas_used_l
            self._before_s += last.supply_s
        return fell

    def whole(self, reading: InsufflatorReading | None) -> InsufflatorReading | None:
        """The reading with the counts of the whole case."""
        if reading is None or (self._before_l == 0.0 and self._before_s == 0.0):
            return reading
        return replace(
            reading, gas_used_l=self._before_l + reading.gas_used_l, supply_s=self._before_s + reading.supply_s
        )
