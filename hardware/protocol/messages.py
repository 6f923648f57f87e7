"""Requests and replies to frames and back, for master and slave."""

from __future__ import annotations

from typing import Any

from hardware.protocol.fields import FieldError, Layout, Number
from hardware.protocol.frame import OVERHEAD, REPLY_HEADER, REQUEST_HEADER, Frame, encode_frame
from hardware.protocol.requests import PROTOCOL_VERSION, Identity, Reason, Refusal, Reply, Request
from hardware.protocol.table import MESSAGES_BY_COMMAND, MESSAGES_BY_REQUEST, OLDER_REPLY_SIZES, Message
from hardware.readings import Address

REPLY_BIT = 0x80  # a reply's command is its request's with this bit set
REFUSAL_COMMAND = 0xFF


class RequestError(ValueError):
    """A slave can't take this request; `reason` goes into the refusal."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class ReplyMismatchError(ValueError):
    """A good frame, but no answer to this request: another `part` ("address", "command", "sequence") than asked."""

    def __init__(self, part: str, expected: int, got: int) -> None:
        super().__init__(f"expected a reply with {part} 0x{expected:02X}, got 0x{got:02X}")
        self.part = part


class ReplyMalformedError(ValueError):
    """A reply with a good CRC whose length or fields are not those of its message: the slave's software is at fault."""


_REFUSAL = Layout(Number("command", "B", whole=True), Number("reason", "B", whole=True))


def message_of(request: Request) -> Message:
    """The table's row of a request."""
    return MESSAGES_BY_REQUEST[type(request)]


def reply_size(request: Request) -> int:
    """Bytes of the whole reply frame to `request`; 0 for a broadcast."""
    layout = message_of(request).reply_layout
    return layout.size + OVERHEAD if layout else 0


def encode_request(request: Request, sequence: int) -> bytes:
    """The frame of a request.  Raises `ValueError` naming field and range for what may not be asked."""
    message = message_of(request)
    if request.address not in message.addresses:
        raise ValueError(f"{type(request).__name__} can't go to address {request.address}")
    data = message.request_layout.pack(sequence, message.body(request))
    return encode_frame(REQUEST_HEADER, request.address, message.command, data)


def decode_request(frame: Frame) -> Request:
    """The request in a frame, for a slave that has found the address to be its own or the broadcast one.

    Raises `RequestError` with the reason to refuse with.  A broadcast is never answered, nor refused.
    """
    message = MESSAGES_BY_COMMAND.get(frame.command)
    address = next((a for a in message.addresses if a == frame.address), None) if message else None
    if message is None or address is None:
        text = f"no command 0x{frame.command:02X} at address 0x{frame.address:02X}"
        raise RequestError(Reason.UNKNOWN_COMMAND, text)
    layout = message.request_layout
    if len(frame.data) != layout.size:
        text = f"{message.request.__name__} has {layout.size} data bytes, got {len(frame.data)}"
        raise RequestError(Reason.BAD_LENGTH, text)
    try:
        return message.make_request(address, layout.unpack(frame.data))
    except FieldError as error:
        raise RequestError(Reason.OUT_OF_RANGE, f"{message.request.__name__}: {error}") from error


def encode_reply(request: Request, sequence: int, reply: Reply) -> bytes:
    """The frame with which a slave answers `request`.

    Raises `ValueError` for a broadcast (it has no reply), or a value in `reply` that the message can't carry.
    """
    message = message_of(request)
    if message.reply_layout is None:
        raise ValueError(f"{type(request).__name__} is a broadcast and has no reply")
    data = message.reply_layout.pack(sequence, reply)
    return encode_frame(REPLY_HEADER, request.address, message.command | REPLY_BIT, data)


def encode_refusal(request: Frame, reason: Reason) -> bytes:
    """The frame with which the slave that `request` was addressed to refuses it."""
    data = _REFUSAL.pack(request.sequence, Refusal(0.0, request.command, reason))
    return encode_frame(REPLY_HEADER, request.address, REFUSAL_COMMAND, data)


def decode_reply(frame: Frame, request: Request, sequence: int, time_s: float) -> Reply | Refusal:
    """The answer to `request`, sent with `sequence`; `time_s` is the master's clock at receipt.

    Raises `ReplyMismatchError` for a frame that answers something else, `ReplyMalformedError` for an answer that is
    not built as this message's.
    """
    message = message_of(request)
    if frame.address != request.address:
        raise ReplyMismatchError("address", request.address, frame.address)
    refused = frame.command == REFUSAL_COMMAND
    expected = message.command | REPLY_BIT
    if frame.command != expected and not refused:
        raise ReplyMismatchError("command", expected, frame.command)
    if frame.sequence != sequence:
        raise ReplyMismatchError("sequence", sequence, frame.sequence)
    layout, make = (_REFUSAL, _make_refusal) if refused else (message.reply_layout, message.make_reply)
    if layout is None or make is None:
        raise ReplyMismatchError("command", message.command, frame.command)
    name = f"{'refusal of' if refused else 'reply to'} {type(request).__name__}"
    if len(frame.data) != layout.size:
        older = None if refused else OLDER_REPLY_SIZES.get(message.command, {}).get(len(frame.data))
        told = f": this is protocol version {older}, update the module's firmware" if older else ""
        raise ReplyMalformedError(f"{name}: expected {layout.size} data bytes, got {len(frame.data)}{told}")
    try:
        reply = make(time_s, layout.unpack(frame.data))
    except ValueError as error:
        raise ReplyMalformedError(f"{name}: {error}") from error
    if isinstance(reply, Refusal) and reply.command != message.command:
        raise ReplyMismatchError("command", message.command, reply.command)
    return reply


def _make_refusal(time_s: float, values: dict[str, Any]) -> Refusal:
    return Refusal(time_s, values["command"], Reason(values["reason"]))


def identity_problem(identity: Identity, address: Address) -> str | None:
    """Why the module at `address` must not be worked with, in words for the screen; None when all is well."""
    if identity.kind != address:
        return f"the module at address {int(address)} is a {identity.kind.name.lower()}: connect the right one"
    if identity.protocol_version != PROTOCOL_VERSION:
        return (
            f"the {identity.kind.name.lower()} speaks protocol version {identity.protocol_version}, "
            f"this program version {PROTOCOL_VERSION}: update the older one"
        )
    return None
