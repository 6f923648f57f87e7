"""When the next picture of a paced source is due, on an absolute monotonic schedule that never drifts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FILM_SLACK_S = 0.25  # a film this late is not hurried after: its schedule moves, so that it never plays in a burst


class Pacer:
    """Waits until pictures are due.  Interruptible by `stop` from another thread.

    `clock` and `wait` are the machine's unless a test gives its own.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, wait: Callable[[float], bool] | None = None
    ) -> None:
        self._clock = clock
        self._stopped = threading.Event()
        self._wait = wait or self._stopped.wait
        self._origin_s: float | None = None

    def restart(self) -> None:
        """Forget the schedule: the next picture is due at once."""
        self._stopped.clear()
        self._origin_s = None

    def stop(self) -> None:
        """Let a waiting reader go, now and from now on, until `restart`."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def wait_for(self, position_s: float) -> None:
        """Block until `position_s` of the film is due.  Every position is waited for; none is left out.

        A reader that is a little late catches up; one that is more than `FILM_SLACK_S` late (or was suspended) goes
        on from here at the film's own pace.
        """
        now = self._clock()
        if self._origin_s is None:
            self._origin_s = now - position_s
        late_s = now - (self._origin_s + position_s)
        if late_s > FILM_SLACK_S:
            self._origin_s += late_s
        self._sleep_until(self._origin_s + position_s)

    def next_index(self, previous: int, frame_rate: float) -> int:
        """Block until the next frame of a live scene is due and say which: those missed in between are left out."""
        now = self._clock()
        if self._origin_s is None:
            self._origin_s = now - (previous + 1) / frame_rate
        index = max(previous + 1, int((now - self._origin_s) * frame_rate))
        self._sleep_until(self._origin_s + index / frame_rate)
        return index

    def _sleep_until(self, due_s: float) -> None:
        while (remaining_s := due_s - self._clock()) > 0 and not self._stopped.is_set():
            self._wait(remaining_s)
