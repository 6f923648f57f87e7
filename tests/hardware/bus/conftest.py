"""Three small slaves behind a real pty, built from the protocol's own words, with every bad habit a slave can have."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hardware.protocol import (
    REQUEST_HEADER,
    AllStop,
    Applied,
    DriveInsufflator,
    DriveLight,
    Frame,
    FrameDecoder,
    Identify,
    Identity,
    ModuleKind,
    PollCamera,
    Reason,
    Reply,
    ReplyMemory,
    Request,
    RequestError,
    SetFlow,
    SetGas,
    SetIntensity,
    SetLight,
    SetPressure,
    decode_request,
    encode_frame,
    encode_refusal,
    encode_reply,
    message_of,
)
from hardware.readings import (
    Address,
    CameraFault,
    CameraReading,
    InsufflatorFault,
    InsufflatorReading,
    LightFault,
    LightReading,
)


@dataclass
class Habits:
    """What is wrong with the slaves; changed by the test while they run."""

    silent: set[Address] = field(default_factory=set)
    answers_as: dict[Address, Address] = field(default_factory=dict)
    refuse: dict[type, Reason] = field(default_factory=dict)
    lose_replies: dict[type, int] = field(default_factory=dict)  # obey, but lose so many replies
    delay_s: float = 0.0
    on_the_wire: Callable[[bytes], bytes] = lambda reply: reply
    echo: bool = False


class PtySlaves(threading.Thread):
    """Owns the pty's far end.  `applied` lists every setpoint that was put into effect, in order."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.path = path
        self.habits = Habits()
        self.applied: list[Request] = []
        self.heard: list[tuple[float, Frame]] = []
        self.pressure_mmhg, self.flow_l_min, self.running = 12.0, 10.0, False
        self.intensity_percent, self.light_on = 30.0, False
        self._memory = {address: ReplyMemory() for address in Address}
        self._far, near = os.openpty()
        tty.setraw(near)
        self._near = near
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        path.symlink_to(os.ttyname(near))
        self._wake_read, self._wake_write = os.pipe()

    def run(self) -> None:
        decoder = FrameDecoder(REQUEST_HEADER)
        while True:
            ready, _, _ = select.select([self._far, self._wake_read], [], [])
            if self._wake_read in ready:
                break
            data = os.read(self._far, 4096)
            if self.habits.echo:
                os.write(self._far, data)
            for frame in decoder.feed(data):
                self.heard.append((time.monotonic(), frame))
                reply = self._answer(frame)
                if reply:
                    if self.habits.delay_s:
                        select.select([self._wake_read], [], [], self.habits.delay_s)
                    os.write(self._far, self.habits.on_the_wire(reply))
        for descriptor in (self._near, self._far, self._wake_read):
            os.close(descriptor)

    def stop(self) -> None:
        """Both ends of the pty close, as when the process dies; the symbolic link stays behind."""
        if self.is_alive():
            os.write(self._wake_write, b"x")
            self.join(5)
            os.close(self._wake_write)

    def inject(self, data: bytes) -> None:
        os.write(self._far, data)

    def _answer(self, frame: Frame) -> bytes | None:
        if frame.address in self.habits.silent:
            return None
        now_s = time.monotonic()
        sender = self.habits.answers_as.get(Address(frame.address), frame.address)
        memory = self._memory[Address(frame.address)]
        try:
            request = decode_request(frame)
        except RequestError as error:
            return encode_refusal(frame._replace(address=sender), error.reason)
        if isinstance(request, AllStop):
            self.running = self.light_on = False
            for each in self._memory.values():
                each.clear()
        if frame.address == Address.BROADCAST:
            return None
        reply = memory.recall(frame, now_s) if message_of(request).repeatable else None
        if reply is None:
            reply = self._obey(frame, request)
            if message_of(request).repeatable:
                memory.remember(frame, reply, now_s)
        if self.habits.lose_replies.get(type(request), 0):
            self.habits.lose_replies[type(request)] -= 1
            return None
        return bytes(reply)

    def _obey(self, frame: Frame, request: Request) -> bytes:
        if reason := self.habits.refuse.get(type(request)):
            return encode_refusal(frame, reason)
        reply = self._carry_out(request)
        if message_of(request).repeatable:
            self.applied.append(request)
        data = encode_reply(request, frame.sequence, reply)
        sender = self.habits.answers_as.get(Address(frame.address))
        if sender is not None:  # a whole good frame, from the wrong one
            other = FrameDecoder(data[0]).feed(data)[0]
            data = encode_frame(other.header, sender, other.command, other.data)
        return data

    def _carry_out(self, request: Request) -> Reply:
        match request:
            case Identify(address=address):
                return Identity(0.0, ModuleKind(address), 1, "1.2.3", f"SN-{int(address):04d}")
            case DriveInsufflator(drive=drive):
                return InsufflatorReading(
                    0.0, 11.5, 11.4, 3.2, 52.0, 1.5, drive.duty, drive.solenoid_open, drive.relief_open, self.running,
                    self.pressure_mmhg, self.flow_l_min, InsufflatorFault.NONE,
                )  # fmt: skip
            case DriveLight(drive=drive):
                return LightReading(
                    0.0, 900.0, drive.drive, 31.5, 40.0, self.light_on, self.intensity_percent, 12.5, LightFault.NONE
                )
            case PollCamera():
                return CameraReading(0.0, True, 1280, 720, 30.0, 8000, 6.0, 38.0, CameraFault.NONE)
            case SetPressure(pressure_mmhg=value):
                self.pressure_mmhg = value
                return Applied(0.0, value)
            case SetFlow(flow_l_min=value):
                self.flow_l_min = value
                return Applied(0.0, value)
            case SetIntensity(intensity_percent=value):
                self.intensity_percent = value
                return Applied(0.0, value)
            case SetGas(running=value):
                self.running = value
                return Applied(0.0, value)
            case SetLight(on=value):
                self.light_on = value
                return Applied(0.0, value)
            case _:
                return Applied(0.0, 0.0)


@pytest.fixture
def start_slaves(tmp_path: Path) -> Iterator[Callable[[], PtySlaves]]:
    """Starts slaves at always the same path (a link to the pty), so that they can die and return."""
    started: list[PtySlaves] = []

    def start() -> PtySlaves:
        slaves = PtySlaves(tmp_path / "bus")
        slaves.start()
        started.append(slaves)
        return slaves

    yield start
    for slaves in started:
        slaves.stop()


@pytest.fixture
def slaves(start_slaves: Callable[[], PtySlaves]) -> PtySlaves:
    return start_slaves()
