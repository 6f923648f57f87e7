"""How much of the method there is time for: the rungs, what each costs, and which one the next frame gets."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Mapping

from vision.frames import Rung
from vision.models.generator import BRANCHES

# What each rung runs: the branches, and whether at half the size.  The order in which work is left out.
WORK: Mapping[Rung, tuple[tuple[str, ...], bool]] = {
    Rung.THREE: (BRANCHES, False),
    Rung.TWO: (("srcnn", "unet"), False),
    Rung.ONE: (("unet",), False),
    Rung.HALF: (BRANCHES, True),
}
LADDER = tuple(Rung)
# Costs beside each other where nothing has been measured; docs/enhanced-view.md has the measurement.
USUAL_COST: Mapping[Rung, float] = {Rung.THREE: 1.0, Rung.TWO: 0.85, Rung.ONE: 0.75, Rung.HALF: 0.4}

WINDOW = 5  # frames whose median says how fast the machine is now: one that was held up does not count
# Blurred frames may be far apart, so waits are counted in time, not in frames.
RETRY_S = 1.0  # on a lower rung, after which a higher one may be tried; a try that falls back within it was late
RETRY_AT_MOST_S = 16.0  # each try that was late doubles the wait up to this


class Budget:
    """Chooses a rung before each blurred frame from what frames have cost so far.

    Costs are kept for each pixel of the rectangle that is worked on, so they hold for any size of picture; how fast the
    machine is now is one factor over all rungs, so what is learned on one is known for the others.
    """

    def __init__(self, budget_ms: float | None) -> None:
        """`budget_ms`: for one frame, from luma to enhanced picture; None: no limit."""
        self._budget_ms = budget_ms
        self._table = dict(USUAL_COST)  # ms a pixel
        self._measured = False  # whether the table is in milliseconds yet
        self.forget()

    @property
    def rung(self) -> Rung:
        """Chosen for the last blurred frame."""
        return self._rung

    def forget(self) -> None:
        """What frames have cost lately says nothing any more: another camera."""
        self._rung = Rung.THREE
        self._climbed = False  # to the present rung, rather than stepped down
        self._pace: deque[float] = deque(maxlen=WINDOW)  # what frames cost, as a multiple of the table
        self._since_s = float("-inf")  # when the present rung was taken
        self._retry_s = RETRY_S

    def set_table(self, table_ms: Mapping[Rung, float], area_px: int) -> None:
        """Takes what each rung was measured to cost on a rectangle of `area_px` pixels."""
        self._table = {rung: cost / area_px for rung, cost in table_ms.items()}
        self._measured = True
        self.forget()

    def expected_ms(self, rung: Rung, area_px: int) -> float | None:
        """What deblurring is expected to take on a rung; None where nothing was ever measured."""
        if rung is Rung.RAW:
            return 0.0
        if not self._measured and not self._pace:
            return None
        return self._table[rung] * area_px * (statistics.median(self._pace) if self._pace else 1.0)

    def choose(self, spent_ms: float, area_px: int, now_s: float) -> Rung:
        """The best rung that is expected to be in time for a frame on which `spent_ms` have gone already.

        `now_s` is monotonic.
        """
        if self._budget_ms is None:
            return Rung.THREE
        left_ms = self._budget_ms - spent_ms
        fits = next(rung for rung in LADDER if (self.expected_ms(rung, area_px) or 0.0) <= left_ms or rung is Rung.RAW)
        now = LADDER.index(self._rung)
        if LADDER.index(fits) > now:
            if self._climbed and now_s - self._since_s <= RETRY_S:
                self._retry_s = min(2.0 * self._retry_s, RETRY_AT_MOST_S)  # the try was late
            self._go(fits, now_s, climbed=False)
        elif now > 0 and now_s - self._since_s > self._retry_s:
            higher = LADDER[now - 1]
            # Raw frames measure nothing, and what is known may be long out of date: then it is just tried.
            if self._rung is Rung.RAW or (self.expected_ms(higher, area_px) or 0.0) <= left_ms:
                self._go(higher, now_s, climbed=True)
        return self._rung

    def _go(self, rung: Rung, now_s: float, *, climbed: bool) -> None:
        self._rung, self._climbed, self._since_s = rung, climbed, now_s
        if climbed:
            self._pace.clear()  # what was learned lower down or long ago must not call the try late before it is made

    def took(self, rung: Rung, ms: float, area_px: int) -> None:
        """Learns what deblurring a frame took."""
        self._pace.append(ms / (self._table[rung] * area_px))
