"""Clauses R: what is refused, with which reason, and that nothing of it is applied."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

from hardware.conformance.checks.framing import UNKNOWN
from hardware.conformance.probe import DeviationError, Probe
from hardware.conformance.registry import check
from hardware.protocol import MESSAGES, MESSAGES_BY_COMMAND, Message, Reason
from hardware.protocol.fields import Bits, Field, Layout, Number
from hardware.readings import Address, Reading

_SIZES = {"B": 1, "H": 2, "h": 2, "I": 4}
# Unknown to every slave, or to all but those of the other kinds: neither 0x00 nor 0x7F has ever been given away.
_NOWHERE = (0x00, 0x02, UNKNOWN, 0x7F)


def messages_of(address: Address) -> list[Message]:
    """What the slave of this address obeys."""
    return [message for message in MESSAGES if address in message.addresses]


def settings(reading: Reading) -> dict[str, float]:
    """What a refused request must not have changed: all of a status that is set, and nothing that is measured."""
    names = ("setpoint", "mode", "running", "_open", "duty", "on", "drive", "white_balance", "automatic")
    found = {f.name: getattr(reading, f.name) for f in dataclasses.fields(reading)}
    return {name: float(value) for name, value in found.items() if name.endswith(names) or name.startswith(names)}


def unchanged(p: Probe, before: dict[str, float], after_what: str) -> None:
    """Raises `DeviationError` when the settings are others than `before`."""
    after = settings(p.status())
    changed = [name for name, value in before.items() if not math.isclose(after[name], value, abs_tol=1e-6)]
    if changed:
        name = changed[0]
        raise DeviationError(f"{name} {before[name]:g} still, after {after_what}", f"{after[name]:g}")


@check("R1")
def unknown_commands(p: Probe) -> None:
    theirs = [m.command for m in MESSAGES if p.address not in m.addresses and Address.BROADCAST not in m.addresses]
    for command in (*_NOWHERE, *theirs):
        size = MESSAGES_BY_COMMAND[command].request_layout.size - 1 if command in MESSAGES_BY_COMMAND else 0
        p.refused(p.frame(command, bytes(size)), Reason.UNKNOWN_COMMAND, f"command 0x{command:02X}")


@check("R2")
def wrong_lengths(p: Probe) -> None:
    for message in messages_of(p.address):
        size = message.request_layout.size - 1
        for wrong in {max(0, size - 1), size + 1, 63} - {size}:
            what = f"{message.request.__name__} with {wrong + 1} data bytes instead of {size + 1}"
            p.refused(p.frame(message.command, bytes(wrong)), Reason.BAD_LENGTH, what)


@check("R3")
def out_of_range(p: Probe) -> None:
    before = settings(p.status())
    for message in messages_of(p.address):
        for offset, field, size in _fields(message.request_layout):
            if not isinstance(field, Number):
                continue
            low, high = field.wire_range
            for wire in (low - 1, high + 1, 256**size - 1, 0):
                if low <= wire <= high or not 0 <= wire < 256**size:
                    continue
                data = bytearray(_lowest(message.request_layout))
                data[offset : offset + size] = wire.to_bytes(size, "little")
                what = f"{message.request.__name__} with {field.name} {wire} on the wire ({low}..{high} is allowed)"
                p.refused(p.frame(message.command, bytes(data)), Reason.OUT_OF_RANGE, what)
                unchanged(p, before, what)


@check("R4")
def reserved_bits(p: Probe) -> None:
    before = settings(p.status())
    for message in messages_of(p.address):
        for offset, field, _ in _fields(message.request_layout):
            if not isinstance(field, Bits):
                continue
            for bit in range(len(field.names), 8):
                data = bytearray(_lowest(message.request_layout))
                data[offset] = 1 << bit
                what = f"{message.request.__name__} with reserved bit {bit}"
                p.refused(p.frame(message.command, bytes(data)), Reason.OUT_OF_RANGE, what)
    unchanged(p, before, "reserved bits")


@check("R5")
def the_order_of_reasons(p: Probe) -> None:
    p.refused(p.frame(UNKNOWN, b"\xff" * 7), Reason.UNKNOWN_COMMAND, "an unknown command with data")
    p.refused(p.frame(0x01, b"\xff\xff"), Reason.BAD_LENGTH, "an Identify of wrong length with version 255")
    for message in messages_of(p.address):
        size = message.request_layout.size - 1
        if message.command == 0x01 or not size:
            continue
        what = f"{message.request.__name__} of wrong length with all bits set"
        p.refused(p.frame(message.command, b"\xff" * (size + 1)), Reason.BAD_LENGTH, what)


@check("R6")
def broadcasts_at_the_own_address(p: Probe) -> None:
    for message in messages_of(Address.BROADCAST):
        what = f"{message.request.__name__} at the slave's own address"
        p.refused(p.frame(message.command, b""), Reason.UNKNOWN_COMMAND, what)


def _fields(layout: Layout) -> Iterator[tuple[int, Field, int]]:
    """Offset behind the sequence number, field, size in bytes."""
    offset = 0
    for field in layout.fields:
        size = _SIZES[field.code]
        yield offset, field, size
        offset += size


def _lowest(layout: Layout) -> bytes:
    """Data behind the sequence number with every field at its lowest: nothing open, nothing on."""
    return b"".join(
        (field.wire_range[0] if isinstance(field, Number) else 0).to_bytes(size, "little")
        for _, field, size in _fields(layout)
    )
