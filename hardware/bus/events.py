"""What the master reports, as frozen values.  `time_s` is its monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.protocol import Reason, Reply, Request
from hardware.readings import Address


@dataclass(frozen=True, slots=True)
class ReplyReceived:
    """A valid reply.  `ticket` is that of `submit`, None for what the poll plan asked."""

    time_s: float
    address: Address
    request: Request
    reply: Reply
    ticket: int | None
    round_trip_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The slave answered that it did nothing, and why."""

    time_s: float
    address: Address
    request: Request
    reason: Reason
    ticket: int | None


@dataclass(frozen=True, slots=True)
class ReplyUnreadable:
    """The slave answered with a good frame that is not built as this message's reply: it lives, but its software is
    another.  Told when it begins, and when `why` changes; a submitted request also ends in `RequestLost`."""

    time_s: float
    address: Address
    request: Request
    why: str


@dataclass(frozen=True, slots=True)
class RequestLost:
    """A submitted request has no answer and will get none.  Whether it was applied is not known: read back."""

    time_s: float
    request: Request
    ticket: int
    why: str


@dataclass(frozen=True, slots=True)
class LinkLost:
    """This slave has left every question unanswered for 500 ms, or the port is gone."""

    time_s: float
    address: Address
    why: str


@dataclass(frozen=True, slots=True)
class LinkRestored:
    """The first valid reply of this slave, ever or after `LinkLost`: submit `Identify` to learn who it is."""

    time_s: float
    address: Address


@dataclass(frozen=True, slots=True)
class PortDown:
    """The port can't be used; it is tried again by itself.  `text` says what to do.  Sent again when it changes."""

    time_s: float
    text: str


@dataclass(frozen=True, slots=True)
class PortUp:
    """The port is open."""

    time_s: float


Event = ReplyReceived | Refused | ReplyUnreadable | RequestLost | LinkLost | LinkRestored | PortDown | PortUp
