"""Asks each module on a port who it is.  Nothing else is sent, so nothing changes in a module."""

from __future__ import annotations

import time
from dataclasses import dataclass

from hardware.bus.plan import BusPlan
from hardware.bus.port import Port
from hardware.protocol import (
    REPLY_HEADER,
    FrameDecoder,
    Identify,
    Identity,
    Refusal,
    ReplyMalformedError,
    ReplyMismatchError,
    decode_reply,
    encode_request,
    identity_problem,
)
from hardware.readings import MODULES, Address

TRIES = 3
WAIT_S = 0.1  # twice what the master waits: a person's test may take its time


@dataclass(frozen=True, slots=True)
class Found:
    """What one address answered: who it is, or what is wrong with that; both empty: nothing."""

    address: Address
    name: str = ""
    problem: str = ""


def identify(port_url: str, baud_rate: int = BusPlan().baud_rate) -> tuple[Found, ...]:
    """Open the port, ask every module, close it.  Raises `PortError` or `PortLostError`, which say what to do."""
    port = Port(port_url, baud_rate)
    try:
        return tuple(_ask(port, address) for address in MODULES)
    finally:
        port.close()


def _ask(port: Port, address: Address) -> Found:
    for number in range(TRIES):
        port.read_waiting()  # what came too late for the one before
        request = Identify(address)
        port.write(encode_request(request, number))
        decoder, until_s = FrameDecoder(REPLY_HEADER), time.monotonic() + WAIT_S
        while time.monotonic() < until_s:
            for frame in decoder.feed(port.read(1) + port.read_waiting()):
                try:
                    reply = decode_reply(frame, request, number, time.monotonic())
                except ReplyMismatchError:
                    continue
                except ReplyMalformedError as error:
                    return Found(address, problem=f"answers in words of another version ({error})")
                if isinstance(reply, Refusal):
                    return Found(address, problem="answers, but does not say who it is: its version is another")
                if isinstance(reply, Identity):
                    problem = identity_problem(reply, address) or ""
                    return Found(address, f"{reply.firmware} · {reply.serial_number}", problem)
    return Found(address)
