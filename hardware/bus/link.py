"""The bus as the bus worker sees it: one call a cycle, over a port that may go away and come back."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from hardware.bus.counters import BusCounters
from hardware.bus.diagnosis import diagnose
from hardware.bus.events import Event, PortDown, PortUp
from hardware.bus.master import Master
from hardware.bus.plan import BusPlan, Drives
from hardware.bus.port import Port, PortError, PortLostError
from hardware.bus.tap import FrameTap
from hardware.protocol import AllStop, Heartbeat, Request
from hardware.readings import Address

_FIRST_REOPENING_S = 0.1
_LONGEST_REOPENING_S = 1.0
_DIAGNOSIS_STEP_S = 0.25
_DIAGNOSIS_STEPS = 6  # the diagnosis is of the last second and a half


class BusLink:
    """The master on its port.  All calls come from one thread.

    A port that can't be used never raises from `cycle`: it is told once by `PortDown`, tried again with a growing
    pause (0.1 to 1 s), and told by `PortUp` when it is back.  What was submitted meanwhile is lost, and told so.
    """

    def __init__(
        self,
        port_url: str,
        plan: BusPlan | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        tap: FrameTap | None = None,
    ) -> None:
        """`tap` is told of every byte that goes over the port."""
        self._url = port_url
        self._tap = tap or FrameTap()
        self._plan = plan or BusPlan()
        self._clock = clock
        self._master = Master(self._plan, clock())
        self._port: Port | None = None
        self._opener: ThreadPoolExecutor | None = None
        self._opening: Future[Port] | None = None
        self._pause_s = _FIRST_REOPENING_S
        self._reopen_at_s = clock()
        self._held: list[Event] = []  # told by the next cycle
        self._told: str | None = None  # the last PortDown's text
        self._history: deque[BusCounters] = deque(maxlen=_DIAGNOSIS_STEPS)
        self._history_due_s = clock()

    @property
    def port_url(self) -> str:
        """Which port; a new one is opened in place of the old one in the next cycle."""
        return self._url

    @port_url.setter
    def port_url(self, url: str) -> None:
        if url != self._url:
            now_s = self._clock()
            self._held += self._down(now_s, f"changing from {self._url} to {url}")
            self._url = url
            self._drop_port()
            self._reopen_at_s, self._pause_s = now_s, _FIRST_REOPENING_S

    def open(self) -> None:
        """Open the port.  Raises `PortError` saying what is wrong and what to do; `cycle` may be called even then,
        and goes on trying."""
        if self._port is None:
            self._port = Port(self._url, self._plan.baud_rate)
            self._told = None
            self._master.port_restored(self._clock())

    def close(self) -> None:
        """Close the port for good.  Says nothing to the slaves: make the patient safe before."""
        self._drop_port()
        if self._opener:
            self._opener.shutdown(wait=False, cancel_futures=True)
            self._opener = None

    def submit(self, request: Request) -> int:
        """Queue a request for the next free exchange; returns its ticket.  See `Master.submit` for its errors."""
        return self._master.submit(request)

    def broadcast(self, request: Heartbeat | AllStop) -> bool:
        """Send to all at once, ahead of everything.  False when there is no port to send it on."""
        data = self._master.broadcast(request, self._clock())
        if self._port is None:
            return False
        try:
            self._port.write(data)
            self._tap.take(self._clock(), True, data)
        except PortLostError:
            return False  # the next cycle meets the same and tells
        return True

    def cycle(self, drives: Drives) -> tuple[Event, ...]:
        """One cycle, to be called at 50 Hz: sends what is due, waits for its reply within the cycle's budget.

        A reply that takes longer is awaited in the next cycle.  Raises `ValueError` when `drives` is out of range.
        """
        now_s = self._clock()
        self._master.begin_cycle(now_s, drives)
        events, self._held = self._held, []
        if self._port is None:
            events += self._reopen(now_s)
        if self._port is None:
            events += self._master.reject_submitted(now_s, self._told or "the port is not open")
            return tuple(events)
        try:
            self._exchange(self._port, now_s + self._plan.cycle_budget_s, events)
        except PortLostError as error:
            now_s = self._clock()
            self._drop_port()
            self._reopen_at_s, self._pause_s = now_s, _FIRST_REOPENING_S
            events += self._down(now_s, str(error))
        self._remember(now_s)
        return tuple(events)

    def link_up(self, address: Address) -> bool:
        """True while this slave answers."""
        return self._master.link_up(address)

    def counters(self) -> BusCounters:
        """A snapshot of all counts."""
        return self._master.counters()

    def diagnosis(self) -> str | None:
        """What is wrong with the port or the line, and what to do; None when nothing is."""
        if self._port is None:
            return self._told
        return diagnose(self._history[0], self._master.counters()) if self._history else None

    def _exchange(self, port: Port, end_s: float, events: list[Event]) -> None:
        """Send and receive until nothing more is to be sent, or the cycle's budget is used up."""
        master, clock, tap = self._master, self._clock, self._tap
        if not master.waiting and (stale := port.read_waiting()):
            tap.take(clock(), False, stale)
            events += master.receive(stale, clock())
        while True:
            now_s = clock()
            events += master.check(now_s)
            if data := master.next_frame(now_s):
                port.write(data)
                tap.take(now_s, True, data)
            if not master.waiting or now_s >= end_s:
                return
            if data := port.read(master.missing_bytes):
                tap.take(clock(), False, data)
                events += master.receive(data, clock())

    def _reopen(self, now_s: float) -> list[Event]:
        """Try again when it is time to; in a thread of its own, since connecting to a far host may take seconds."""
        if self._opening is None:
            if now_s >= self._reopen_at_s:
                self._opener = self._opener or ThreadPoolExecutor(1, thread_name_prefix="bus-port")
                self._opening = self._opener.submit(Port, self._url, self._plan.baud_rate)
            return []
        if not self._opening.done():
            return []
        opening, self._opening = self._opening, None
        try:
            self._port = opening.result()
        except PortError as error:
            self._reopen_at_s = now_s + self._pause_s
            self._pause_s = min(2 * self._pause_s, _LONGEST_REOPENING_S)
            return self._down(now_s, str(error))
        self._pause_s, self._told = _FIRST_REOPENING_S, None
        self._master.port_restored(now_s)
        return [PortUp(now_s)]

    def _down(self, now_s: float, why: str) -> list[Event]:
        events: list[Event] = list(self._master.port_lost(now_s, why))
        if why != self._told:
            events.insert(0, PortDown(now_s, why))
        self._told = why
        return events

    def _drop_port(self) -> None:
        if self._opening:
            self._opening.add_done_callback(_close_late)
            self._opening = None
        if self._port:
            self._port.close()
            self._port = None

    def _remember(self, now_s: float) -> None:
        if now_s >= self._history_due_s:
            self._history.append(self._master.counters())
            self._history_due_s = now_s + _DIAGNOSIS_STEP_S


def _close_late(opening: Future[Port]) -> None:
    """A port that opened after nobody wanted it any more."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
