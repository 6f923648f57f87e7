"""What is wrong with the line, in words for the person at the screen, from two snapshots of the counters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hardware.bus.counters import BusCounters

_ENOUGH_REQUESTS = 5
_DAMAGED_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class _Growth:
    requests: int
    bytes_in: int
    replies_in: int
    echoes: int
    crc_errors: int
    wrong_address_replies: int


@dataclass(frozen=True, slots=True)
class _Rule:
    holds: Callable[[_Growth], bool]
    text: str


# The first that holds is the answer.
_RULES: tuple[_Rule, ...] = (
    _Rule(
        lambda g: g.bytes_in == 0,
        "nothing answers on the line: check the modules' power, the cable, and that this is the right port",
    ),
    _Rule(
        lambda g: g.echoes > 0 and g.replies_in == 0 and g.crc_errors == 0,
        "only our own echo comes back: the adapter works, no module answers; check the modules' power and the cable",
    ),
    _Rule(
        lambda g: g.replies_in == 0,
        "bytes arrive but no valid frame: check the baud rate (115200, 8N1) and the wiring (A and B swapped?)",
    ),
    _Rule(
        lambda g: g.wrong_address_replies > 0,
        "a module answers under another's address: check that no two modules have the same address",
    ),
    _Rule(
        lambda g: g.crc_errors > _DAMAGED_SHARE * g.requests,
        "many frames arrive damaged: check the line's termination and shield, and what runs beside it",
    ),
)


def diagnose(before: BusCounters, after: BusCounters) -> str | None:
    """What went wrong between two snapshots and what to do; None when nothing did, or too little was sent to tell."""
    growth = _Growth(
        after.requests - before.requests,
        after.bytes_in - before.bytes_in,
        after.replies_in - before.replies_in,
        after.echoes - before.echoes,
        after.crc_errors - before.crc_errors,
        after.wrong_address_replies - before.wrong_address_replies,
    )
    if growth.requests < _ENOUGH_REQUESTS:
        return None
    return next((rule.text for rule in _RULES if rule.holds(growth)), None)
