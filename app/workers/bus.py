"""The bus's thread: one cycle of the tower's control at 50 Hz, and how late each was."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.control import SafeState, TowerControl
from app.stats import LATEST
from app.status import TowerStatus
from app.workers.priority import run_first
from app.workers.punctuality import Punctuality
from ui.intents import EmergencyStop
from ui.viewstate import BusView

log = logging.getLogger(__name__)

PERIOD_S = 0.020
SAFE_WITHIN_S = 2.0
PHASE_BEATS = 25
SHOWN_CYCLES = 3000  # the latest minute: the lateness on the service page


class BusWorker(QObject):
    """Owns port, master and control unit.  Emits one `status` a cycle and `notice` when there is one."""

    status = Signal(object)  # TowerStatus
    notice = Signal(str)
    safe = Signal(object)  # SafeState, answer to `make_safe` and to an all-stop

    def __init__(self, make_control: Callable[[], tuple[TowerControl, Callable[[], None]]]) -> None:
        """`make_control` builds the control and the call that closes its port; it runs in the bus thread."""
        super().__init__()
        self._make_control = make_control
        self._control: TowerControl | None = None
        self._close_port: Callable[[], None] | None = None
        self._timer: QTimer | None = None
        self._due_s = 0.0
        self._first_late_s: list[float] = []  # of the first beats
        self._safe_since_s: float | None = None
        self._punctuality = Punctuality(PERIOD_S)
        self.running_late = False  # cycles came too late for the control law
        self.lateness_ms: deque[float] = deque(maxlen=LATEST)
        self.missed = 0
        self._latest_ms: deque[float] = deque(maxlen=SHOWN_CYCLES)
        self._bus = self._counted = BusView()  # with and without the lateness

    def forget_lateness(self) -> None:
        """Start the figures anew.  Any thread: they are swapped whole."""
        self.lateness_ms = deque(maxlen=LATEST)
        self.missed = 0

    @Slot()
    def start(self) -> None:
        """Open the port and start cycling; runs in the bus thread."""
        run_first()
        self._control, self._close_port = self._make_control()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(PERIOD_S * 1e3))
        self._timer.timeout.connect(self.cycle)
        self._due_s = time.monotonic() + PERIOD_S
        self._timer.start()

    @Slot()
    def cycle(self) -> None:
        """One cycle.  Lateness is against a fixed 20 ms grid; a whole period missed is counted and stepped over."""
        control = self._control
        if control is None:
            return
        now_s = time.monotonic()
        late_s = now_s - self._due_s
        if late_s < -PERIOD_S / 2:
            return  # the timer fired early after a long cycle: this beat has been served
        self.lateness_ms.append(max(0.0, late_s) * 1e3)
        self._latest_ms.append(max(0.0, late_s) * 1e3)
        self._find_phase(late_s)
        skipped = max(0, math.floor(late_s / PERIOD_S))
        self.running_late = self._punctuality.beat(now_s, late_s, skipped)
        self.missed += skipped
        self._due_s += PERIOD_S * (1 + skipped)
        try:
            self.status.emit(self._with_lateness(control.cycle(now_s)))
        finally:  # whoever waits for the safe state gets an answer also when the cycle fails
            for text in control.take_notices():
                self.notice.emit(text)
            if self._safe_since_s is not None:
                self._watch_safe(control, self._safe_since_s, time.monotonic())

    @Slot(object)
    def obey(self, intent: object) -> None:
        """Do what a person at the screen asked, or say why not."""
        if self._control is None:
            self.notice.emit("Not done: the bus is not running")
        elif isinstance(intent, EmergencyStop):
            self.notice.emit("All stop sent: gas off, light to standby")
            self.make_safe()
        elif self._safe_since_s is not None:
            self.notice.emit("Not done: the tower is being made safe; try again when that has ended")
        else:
            # A slot takes any object; the control room raises on what is none of its intents.
            self._control.obey(intent, time.monotonic())  # type: ignore[arg-type]  # as said above

    @Slot()
    def make_safe(self) -> None:
        """Gas off, light to standby; `safe` tells within 2 s whether that was read back."""
        if self._control is None:
            self.safe.emit(SafeState(False, "Not confirmed: the bus is not running", time.monotonic()))
            return
        self._safe_since_s = time.monotonic()
        self._control.make_safe(self._safe_since_s)

    @Slot()
    def stop(self) -> None:
        """End the cycle and close the port.  Safe to call twice; in the bus thread."""
        self._control = None
        if self._timer is not None:
            self._timer.stop()
        close_port, self._close_port = self._close_port, None
        if close_port is not None:
            close_port()

    def _find_phase(self, late_s: float) -> None:
        """Lay the grid on the timer's own beat, which begins some milliseconds after it and is never early: what every
        one of the first beats was late by is no lateness."""
        if len(self._first_late_s) >= PHASE_BEATS:
            return
        self._first_late_s.append(late_s)
        if len(self._first_late_s) == PHASE_BEATS and 0.0 < (phase_s := min(self._first_late_s)) < PERIOD_S / 2:
            self._due_s += phase_s

    def _with_lateness(self, status: TowerStatus) -> TowerStatus:
        """The control renews its view of the bus about once a second; the cycle's own lateness is added then."""
        if status.bus is not self._counted:
            self._counted = status.bus
            ordered = sorted(self._latest_ms)
            self._bus = replace(
                status.bus,
                cycle_late_p99_ms=ordered[int(0.99 * (len(ordered) - 1))],
                cycle_late_max_ms=ordered[-1],
            )
        return replace(status, bus=self._bus)

    def _watch_safe(self, control: TowerControl, since_s: float, now_s: float) -> None:
        state = control.safe_state(since_s)
        if state.confirmed or now_s - since_s > SAFE_WITHIN_S:
            self._safe_since_s = None
            self.safe.emit(state)
