"""What the master keeps in mind: each slave, each submitted request, and the exchange under way."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from statistics import median

from hardware.bus.counters import SlaveTally
from hardware.bus.plan import BusPlan, Poll
from hardware.protocol import Request
from hardware.readings import Address

EXPIRED = 8
RECENT_ROUND_TRIPS = 32
ENOUGH_ROUND_TRIPS = 8


@dataclass(slots=True)
class Slave:
    address: Address
    poll: Poll
    due_s: float
    up: bool | None = None  # None: not heard of yet
    unreadable: str = ""  # why its last reply could not be read; empty when the last one could
    misses: int = 0  # exchanges without a valid reply since the last one with
    unanswered_since_s: float = 0.0  # when the first of them began
    sequence: int = 0
    polled_in_cycle: int = -1
    # Command and sequence number of the last exchanges given up, whose late replies are still recognised.
    expired: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=EXPIRED))
    late: bool = False  # its last reply came after its time: the next one gets the full time
    round_trips_s: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT_ROUND_TRIPS))
    tally: SlaveTally = field(default_factory=SlaveTally)

    def next_sequence(self) -> int:
        self.sequence = (self.sequence + 1) & 0xFF
        return self.sequence


@dataclass(slots=True)
class Submitted:
    request: Request
    ticket: int
    sequence: int = -1  # given at the first sending, kept for the repetitions
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    slave: Slave
    request: Request
    sequence: int
    submitted: Submitted | None  # None: from the poll plan
    sent_s: float
    deadline_s: float
    request_size: int  # bytes of the request's frame, which an adapter may echo


def timeout_s(plan: BusPlan, slave: Slave, submitted: Submitted | None, on_the_bus_s: Collection[float]) -> float:
    """How long this slave's reply is waited for; `on_the_bus_s` are the round trips of all slaves of late."""
    if slave.late:
        return plan.timeout_s
    if slave.misses == 0 or (submitted is not None and slave.up is True):
        if len(slave.round_trips_s) < ENOUGH_ROUND_TRIPS:
            return plan.timeout_s
        return min(plan.timeout_s, max(plan.usual_timeout_s, 3 * max(slave.round_trips_s)))
    if not on_the_bus_s:
        return plan.timeout_s
    return min(plan.timeout_s, max(plan.shortest_timeout_s, 3 * median(on_the_bus_s)))


def put_back(queue: Iterable[Submitted], again: Submitted) -> deque[Submitted]:
    """`queue` with a request to be sent again: before whatever else waits for the same slave, behind what waits for
    the others, so that a slave that says nothing holds up nobody else's requests by more than one timeout."""
    address = again.request.address
    others = [waiting for waiting in queue if waiting.request.address != address]
    same = [waiting for waiting in queue if waiting.request.address == address]
    return deque((*others, again, *same))
