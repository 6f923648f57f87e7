"""How long a training may take, how fast it learns meanwhile, and how it is asked to stop."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections.abc import Mapping
from types import FrameType, TracebackType

DEFAULT_MINUTES = 20.0


class TimeBound:
    """The end of a run: by wall clock, by processor time or by steps, whichever comes first.

    What an interrupted run has spent counts, so `minutes` means minutes in all.  Processor time is that of all threads
    of this process and of the children that it has waited for, user and system: on a shared machine it says much better
    than the clock who was given how much.
    """

    def __init__(
        self,
        minutes: float | None = None,
        cpu_minutes: float | None = None,
        steps: int | None = None,
        spent: Mapping[str, float] | None = None,
        processes: int = 1,
    ) -> None:
        """Starts the clock.  `spent`: what `spent()` said when the run was interrupted.  Without any bound,
        DEFAULT_MINUTES.  `processes`: of a run with several, each taken to use as much processor time as this one."""
        if minutes is None and cpu_minutes is None and steps is None:
            minutes = DEFAULT_MINUTES
        self._wall_s = math.inf if minutes is None else 60.0 * minutes
        self._cpu_s = math.inf if cpu_minutes is None else 60.0 * cpu_minutes
        self._steps = steps
        self._processes = processes
        # What was spent before is kept as it was told: taken into the clock's start, it came back a rounding short.
        self._before = {name: float((spent or {}).get(name, 0.0)) for name in ("wall_s", "cpu_s")}
        self._wall_start, self._cpu_start = time.monotonic(), _cpu_s()

    def spent(self) -> dict[str, float]:
        """Seconds used so far, interrupted parts included; belongs into the checkpoint."""
        wall_s, cpu_s = time.monotonic() - self._wall_start, self._processes * (_cpu_s() - self._cpu_start)
        return {"wall_s": self._before["wall_s"] + wall_s, "cpu_s": self._before["cpu_s"] + cpu_s}

    def share(self, step: int) -> float:
        """How much of the run lies behind after `step` steps, 0..1.

        By steps alone when they are bounded: then every run takes the same course, however slow the machine.
        """
        if self._steps is not None:
            return min(1.0, step / self._steps)
        spent = self.spent()
        return min(1.0, max(spent["wall_s"] / self._wall_s, spent["cpu_s"] / self._cpu_s))

    def over(self, step: int) -> bool:
        """Whether the run ends after `step` steps."""
        spent = self.spent()
        in_time = spent["wall_s"] < self._wall_s and spent["cpu_s"] < self._cpu_s
        return not in_time or (self._steps is not None and step >= self._steps)


def learning_rate(base: float, step: int, share: float, warm_up_steps: int = 0, floor: float = 0.02) -> float:
    """Cosine from `base` to `floor * base` over the run (Loshchilov 2017), after a linear rise over the first steps.

    `step` counts from 0, `share` (0..1) is `TimeBound.share`.
    """
    rise = min(1.0, (step + 1) / (warm_up_steps + 1))
    return base * rise * (floor + (1.0 - floor) * 0.5 * (1.0 + math.cos(math.pi * share)))


class Interrupted(Exception):
    """A training was asked to stop and has kept its checkpoint.  The text says how to go on."""


class Diverged(Exception):
    """The loss is no number any more, and no further step would make it one.  The text says what to do."""


def check_finite(loss: float, step: int) -> None:
    """Raises `Diverged` when the loss of `step` is not a number or infinite."""
    if not math.isfinite(loss):
        raise Diverged(
            f"the loss is {loss} at step {step}: the training has diverged, and the weights are of no use any more; "
            "begin anew in another folder (--out) with a lower --learning-rate"
        )


class StopSignals:
    """Turns SIGTERM and SIGINT into a wish that the training sees after the step at hand.  Used as a context.

    A second Ctrl-C interrupts at once, as usual.  Outside the main thread Python lets nobody listen: then signals act
    as always.
    """

    def __init__(self) -> None:
        self.asked: str | None = None  # name of the signal
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> StopSignals:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # pyright: ignore[reportArgumentType]  # what signal.signal gave us
        self._before.clear()

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGINT and self.asked is not None:
            raise KeyboardInterrupt
        self.asked = signal.Signals(number).name


def _cpu_s() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
