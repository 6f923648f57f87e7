"""What every simulated slave does alike: finds its frames, answers or refuses, remembers repeats, minds the master."""

from __future__ import annotations

from abc import ABC, abstractmethod

from hardware.limits import MASTER_SILENCE_S
from hardware.protocol import (
    MESSAGES_BY_COMMAND,
    PROTOCOL_VERSION,
    REQUEST_HEADER,
    AllStop,
    Frame,
    FrameDecoder,
    Heartbeat,
    Identify,
    Identity,
    ModuleKind,
    Reason,
    Reply,
    ReplyMemory,
    Request,
    RequestError,
    decode_request,
    encode_refusal,
    encode_reply,
)
from hardware.readings import Address

FRAME_GAP_S = 0.010  # half a frame older than this was damaged, or its master is gone: the rest never comes


class SlaveRefusalError(Exception):
    """The slave will not do it now; `reason` goes into the refusal."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


class Slave(ABC):
    """One slave, sans-IO: `receive` the line's bytes, send what it returns, `advance` its clock.

    The watchdog is armed by the first valid frame of the master, whomever it is for.
    """

    kind: ModuleKind
    serial_number: str
    firmware = "SIM 1.0"

    def __init__(self) -> None:
        self.address = Address(self.kind)
        self.watchdog_tripped = False  # until whatever clears it in this kind of slave
        self._decoder = FrameDecoder(REQUEST_HEADER)
        self._memory = ReplyMemory()
        self._now_s = 0.0
        self._received_s = 0.0  # bytes, good or bad
        self._heard_s: float | None = None  # a valid frame of the master; None: none yet, or silence dealt with

    def reset(self) -> None:
        """Power-on: as delivered, nothing remembered of before.  Subclasses add their own state."""
        self.watchdog_tripped = False
        self._decoder = FrameDecoder(REQUEST_HEADER)
        self._memory.clear()
        self._heard_s = None

    def advance(self, dt_s: float) -> None:
        """Let time pass: watchdog and own limits act here."""
        self._now_s += dt_s
        if self._decoder.pending and self._now_s - self._received_s > FRAME_GAP_S:
            self._decoder.reset()
        if self._heard_s is not None and self._now_s - self._heard_s >= MASTER_SILENCE_S:
            self._heard_s = None
            self.watchdog_tripped = True
            self._memory.clear()
            self._make_safe()
        self._guard(dt_s)

    def receive(self, data: bytes) -> bytes:
        """Take bytes from the line; return the reply's bytes, empty when there is none to give."""
        self._received_s = self._now_s
        replies = [self._take(frame) for frame in self._decoder.feed(data)]
        return b"".join(replies)

    def _take(self, frame: Frame) -> bytes:
        self._heard_s = self._now_s
        if frame.address not in (self.address, Address.BROADCAST):
            return b""
        broadcast = frame.address == Address.BROADCAST
        message = MESSAGES_BY_COMMAND.get(frame.command)
        repeatable = message is not None and message.repeatable and not broadcast
        if repeatable and (remembered := self._memory.recall(frame, self._now_s)) is not None:
            return remembered
        try:
            request = decode_request(frame)
            reply = self._obey(request)
            answer = b"" if reply is None else encode_reply(request, frame.sequence, reply)
        except (RequestError, SlaveRefusalError) as refused:
            answer = b"" if broadcast else encode_refusal(frame, refused.reason)
        if repeatable:
            self._memory.remember(frame, answer, self._now_s)
        return answer

    def _obey(self, request: Request) -> Reply | None:
        match request:
            case Identify(protocol_version=version):
                if version != PROTOCOL_VERSION:
                    raise SlaveRefusalError(Reason.PROTOCOL_VERSION)
                return Identity(self._now_s, self.kind, PROTOCOL_VERSION, self.firmware, self.serial_number)
            case Heartbeat():
                return None
            case AllStop():
                self._memory.clear()
                self._make_safe()
                return None
        return self._apply(request)

    @abstractmethod
    def _apply(self, request: Request) -> Reply:
        """Obey a request of this kind of slave.  Raises `SlaveRefusalError`."""

    @abstractmethod
    def _make_safe(self) -> None:
        """All-stop, or the master is silent."""

    @abstractmethod
    def _guard(self, dt_s: float) -> None:
        """The slave's own limits, after `dt_s` more."""
