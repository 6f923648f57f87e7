"""One slave under examination: frames sent and answers judged, every byte of the clause at hand kept."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.conformance.line import Line
from hardware.limits import MASTER_SILENCE_S
from hardware.protocol import (
    REFUSAL_COMMAND,
    REPLY_HEADER,
    REQUEST_HEADER,
    Applied,
    DriveInsufflator,
    DriveLight,
    Frame,
    FrameDecoder,
    Heartbeat,
    PollCamera,
    Reason,
    Refusal,
    Reply,
    ReplyMalformedError,
    ReplyMismatchError,
    Request,
    SetGas,
    SetLight,
    decode_reply,
    encode_frame,
    encode_refusal,
    encode_request,
)
from hardware.readings import Address, InsufflatorDrive, LightDrive, Reading

REPLY_WITHIN_S = 0.050  # as the master waits (docs/protocol.md, Exchanges)
GAP_S = 0.010  # after which half a frame is dropped
WATCHDOG_SLACK_S = 0.050  # how much earlier or later than 500 ms the watchdog may act (the page, Watchdog)
KEEP_S = 0.1  # heartbeat while nothing else is sent

# What asks for the status and leaves everything at rest: valves closed, lamp dark.
STATUS_REQUESTS: dict[Address, Request] = {
    Address.INSUFFLATOR: DriveInsufflator(InsufflatorDrive()),
    Address.LIGHT: DriveLight(LightDrive()),
    Address.CAMERA: PollCamera(),
}


class DeviationError(Exception):
    """The slave does something else than the page says."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got


class UnseenError(Exception):
    """It can't be seen here; the text says why, and what would help."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the record: `direction` ">" to the slave, "<" from it, "." a pause.  `time_s` since its start."""

    time_s: float
    direction: str
    data: bytes
    note: str = ""

    def __str__(self) -> str:
        text = self.data.hex(" ").upper() if self.data else self.note
        return f"{self.time_s * 1e3:9.1f} ms {self.direction} {text}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: `raw` without an echo of what was sent, the frames in it, and how late its first byte was."""

    raw: bytes
    frames: tuple[Frame, ...]
    delay_s: float | None

    @property
    def frame(self) -> Frame | None:
        return self.frames[0] if self.frames else None

    def __str__(self) -> str:
        if not self.raw:
            return "nothing"
        if not self.frames:
            return f"{self.raw.hex(' ').upper()} (no frame with a good CRC)"
        return self.raw.hex(" ").upper()


def frame_of(wire: bytes) -> Frame:
    """The frame in the bytes of one."""
    (frame,) = FrameDecoder(wire[0]).feed(wire)
    return frame


class Probe:
    """Asks one slave.  `begin` starts the record anew."""

    def __init__(self, line: Line, address: Address) -> None:
        self.line = line
        self.address = address
        self._sequence = 0
        self._start_s = line.now_s()
        self.sent_s = line.now_s()  # when the last frame of the master was over
        self.record: list[Step] = []

    def begin(self) -> None:
        """A new clause: an empty record."""
        self.record, self._start_s = [], self.line.now_s()

    def sequence(self) -> int:
        """The next sequence number."""
        self._sequence = (self._sequence + 1) & 0xFF
        return self._sequence

    def frame(self, command: int, data: bytes, *, sequence: int | None = None, address: int | None = None) -> bytes:
        """The bytes of a request that may be one that no master would send."""
        number = self.sequence() if sequence is None else sequence
        return encode_frame(
            REQUEST_HEADER, self.address if address is None else address, command, bytes((number,)) + data
        )

    def poll(self) -> bytes:
        """The bytes of the request for this slave's status, with everything at rest."""
        return encode_request(self.poll_request, self.sequence())

    @property
    def poll_request(self) -> Request:
        return STATUS_REQUESTS[self.address]

    # -- bytes -----------------------------------------------------------------------------------------------------

    def put(self, data: bytes) -> None:
        """Send, and listen for nothing."""
        self._note(">", data)
        self.sent_s = self.line.send(data)

    def exchange(self, data: bytes, *, frames: int = 1) -> Answer:
        """Send `data`, and wait until so many frames have come, or as long as the master would."""
        stray = self.line.read(self.line.now_s())
        if stray:
            self._note("<", stray)
        self.put(data)
        deadline_s = self.sent_s + REPLY_WITHIN_S + self.line.allowance_s
        return self.hear(deadline_s, echo=data, frames=frames)

    def hear(self, until_s: float, *, echo: bytes = b"", frames: int = 1) -> Answer:
        """What comes by `until_s`; the wait ends with the last of so many frames."""
        decoder = FrameDecoder(REPLY_HEADER)
        raw, found, delay_s = b"", [], None
        while len(found) < frames and (chunk := self.line.read(until_s)):
            raw += chunk
            found += decoder.feed(chunk)
            # An adapter may echo what it sends.
            if delay_s is None and not echo.startswith(raw):
                delay_s = max(0.0, self.line.now_s() - self.sent_s)
        if echo and raw.startswith(echo):
            raw = raw[len(echo) :]
        if raw:
            self._note("<", raw)
        return Answer(raw, tuple(found), delay_s)

    def hush(self, seconds: float) -> bytes:
        """Be silent for so long; returns what a slave said meanwhile."""
        until_s, heard = self.line.now_s() + seconds, b""
        while chunk := self.line.read(until_s):
            heard += chunk
        self._note(".", b"", f"silence of {seconds * 1e3:.0f} ms")
        if heard:
            self._note("<", heard)
        return heard

    def keep(self, seconds: float, request: Request | None = None, period_s: float = KEEP_S) -> None:
        """Let time pass with a sign of life, or with `request`, every `period_s`."""
        until_s = self.line.now_s() + seconds
        self._note(".", b"", f"{seconds * 1e3:.0f} ms with {type(request or Heartbeat()).__name__}")
        while (now_s := self.line.now_s()) < until_s:
            self.sent_s = self.line.send(encode_request(request or Heartbeat(), self.sequence()))
            if request is not None:
                self._await_reply()
            next_s = min(until_s, now_s + period_s)
            while self.line.read(next_s):
                pass

    def _await_reply(self) -> None:
        """Until a reply is whole: a late one must not be taken for that to the next request."""
        decoder, deadline_s = FrameDecoder(REPLY_HEADER), self.sent_s + REPLY_WITHIN_S + self.line.allowance_s
        while (chunk := self.line.read(deadline_s)) and not decoder.feed(chunk):
            pass

    # -- meaning ---------------------------------------------------------------------------------------------------

    def ask(self, request: Request, sequence: int | None = None) -> Reply | Refusal:
        """The answer to `request`.  Raises `DeviationError` where there is none, or none that can be read."""
        number = self.sequence() if sequence is None else sequence
        answer = self.exchange(encode_request(request, number))
        name = type(request).__name__
        if answer.frame is None:
            raise DeviationError(f"a reply to {name}", str(answer))
        try:
            return decode_reply(answer.frame, request, number, self.line.now_s())
        except (ReplyMismatchError, ReplyMalformedError) as error:
            raise DeviationError(f"a reply to {name}", f"{answer}: {error}") from error

    def apply(self, request: Request, sequence: int | None = None) -> float | bool:
        """The value that a setpoint has in the slave now.  Raises `DeviationError` where it is refused."""
        reply = self.ask(request, sequence)
        if not isinstance(reply, Applied):
            raise DeviationError(f"{type(request).__name__} applied", _named(reply))
        return reply.value

    def status(self, request: Request | None = None) -> Reading:
        """The slave's status.  Of insufflator and light this is a drive, by default one that closes and darkens."""
        reply = self.ask(request or self.poll_request)
        if isinstance(reply, Refusal):
            raise DeviationError(f"the status in reply to {type(request or self.poll_request).__name__}", _named(reply))
        assert isinstance(reply, Reading), "what a drive or poll is answered by"
        return reply

    def refused(self, data: bytes, reason: Reason, what: str) -> None:
        """Raises `DeviationError` unless the frame `data` is refused with `reason`."""
        answer = self.exchange(data)
        expected = frame_of(encode_refusal(frame_of(data), reason))
        if answer.frame != expected:
            raise DeviationError(f"{what} refused with {reason.name}", _described(answer))

    def unanswered(self, data: bytes, what: str) -> None:
        """Raises `DeviationError` when anything comes upon `data`."""
        answer = self.exchange(data)
        if answer.raw:
            raise DeviationError(f"no answer to {what}", str(answer))

    def answered(self, data: bytes, request: bytes, what: str) -> None:
        """Raises `DeviationError` unless the request within `data`, and nothing else, is answered."""
        answer = self.exchange(data)
        asked = frame_of(request)
        frame = answer.frame
        if frame is None or frame.address != self.address or frame.sequence != asked.sequence:
            raise DeviationError(f"an answer to {what}", str(answer))

    def rest(self) -> None:
        """Gas off or light to standby, whatever the slave says to it; half frames forgotten."""
        self.hush(GAP_S + 0.005 + self.line.allowance_s)
        if self.address is Address.INSUFFLATOR:
            self.exchange(encode_request(SetGas(False), self.sequence()))
        elif self.address is Address.LIGHT:
            self.exchange(encode_request(SetLight(False), self.sequence()))
        self.exchange(self.poll())

    def trip(self, extra_s: float = 0.0) -> None:
        """A silence that trips the watchdog, at its latest."""
        self.hush(MASTER_SILENCE_S + WATCHDOG_SLACK_S + self.line.allowance_s + extra_s)

    def _note(self, direction: str, data: bytes, note: str = "") -> None:
        self.record.append(Step(self.line.now_s() - self._start_s, direction, data, note))


def _named(reply: Reply | Refusal) -> str:
    return f"a refusal with {reply.reason.name}" if isinstance(reply, Refusal) else repr(reply)


def _described(answer: Answer) -> str:
    frame = answer.frame
    if frame is not None and frame.command == REFUSAL_COMMAND and len(frame.data) == 3:
        code = frame.data[2]
        name = Reason(code).name if code in set(Reason) else f"no reason of the page ({code})"
        return f"{answer} (a refusal with {name})"
    return str(answer)
