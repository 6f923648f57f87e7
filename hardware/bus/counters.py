"""Counts of the bus: mutable tallies that the master keeps, frozen snapshots that others read."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from hardware.readings import Address

_ROUND_TRIPS = 500


@dataclass(frozen=True, slots=True)
class SlaveCounters:
    """Counts of one slave since the start.  Round trips are of the last 500 replies, NaN before the first."""

    requests: int
    replies: int
    refusals: int
    retries: int
    timeouts: int
    crc_errors: int  # damaged frames while this slave was asked
    malformed_replies: int  # good CRC, but not built as the message
    wrong_address_replies: int  # another address answered what this one was asked
    late_replies: int  # came after their time was up, and were discarded
    round_trip_median_ms: float
    round_trip_p99_ms: float


@dataclass(frozen=True, slots=True)
class BusCounters:
    """Counts of the whole bus since the start."""

    slaves: Mapping[Address, SlaveCounters]
    requests: int
    broadcasts: int
    bytes_out: int
    bytes_in: int
    replies_in: int  # good frames of slaves
    echoes: int  # good frames of our own kind that came back: the adapter echoes
    crc_errors: int
    discarded_bytes: int
    wrong_address_replies: int
    port_losses: int


@dataclass(slots=True)
class SlaveTally:
    """The same counts while they grow."""

    requests: int = 0
    replies: int = 0
    refusals: int = 0
    retries: int = 0
    timeouts: int = 0
    crc_errors: int = 0
    malformed_replies: int = 0
    wrong_address_replies: int = 0
    late_replies: int = 0
    round_trips_s: deque[float] = field(default_factory=lambda: deque(maxlen=_ROUND_TRIPS))

    def snapshot(self) -> SlaveCounters:
        ordered = sorted(self.round_trips_s)
        middle = median(ordered) if ordered else float("nan")
        high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] if ordered else float("nan")
        return SlaveCounters(
            self.requests,
            self.replies,
            self.refusals,
            self.retries,
            self.timeouts,
            self.crc_errors,
            self.malformed_replies,
            self.wrong_address_replies,
            self.late_replies,
            middle * 1e3,
            high * 1e3,
        )
