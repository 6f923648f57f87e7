"""What the master keeps in mind: each slave, each submitted request, and the exchange under way."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from hardware.bus.counters import SlaveTally
from hardware.bus.plan import Poll
from hardware.protocol import Request
from hardware.readings import Address

EXPIRED = 8


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
