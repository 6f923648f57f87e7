"""The line between the master's port and the simulated modules in simulated time: wire times, losses, forgeries."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any
from unittest import mock

from hardware.bus import PortError, PortLostError
from hardware.protocol import (
    REQUEST_HEADER,
    Applied,
    FrameDecoder,
    Identify,
    Identity,
    ModuleKind,
    RequestError,
    SetFlow,
    SetIntensity,
    SetPressure,
    decode_request,
    encode_reply,
)
from hardware.simulator.rig import Rig

BAUD = 115200
TURNAROUND_S = 0.0015  # of a slave, from a request's last byte to its reply's first
READ_SLICE_S = 0.004  # as long as the real port waits for bytes (hardware/bus/port.py)
STEP_S = 0.010  # plant and slaves are looked at this often at the least; the plant itself integrates finer
CLOCK_AT_START_S = 100.0  # the master's clock is not the modules'
DRIVE_INSUFFLATOR = 0x10
OTHER_VERSION = 1


def wire_s(count: int) -> float:
    """Time of so many bytes on the line, s: ten bits each."""
    return count * 10 / BAUD


class Wire:
    """Time, and what travels.  `watch` is called after each piece of simulated time."""

    def __init__(self, rig: Rig, watch: Callable[[], None]) -> None:
        self.rig = rig
        self.port_there = True
        self.deaf_setpoints = False  # the insufflator acknowledges setpoints and does not take them
        self.other_version: int | None = None  # address of a module that says it speaks another protocol version
        self.now_s = CLOCK_AT_START_S
        self.heard_s = self.now_s  # when bytes of the master last reached the insufflator
        self.drive_heard_s = self.now_s  # the same of the insufflator's drives
        self._watch = watch
        self._to_modules: list[tuple[float, int, bytes]] = []
        self._to_master: list[tuple[float, int, bytes]] = []
        self._waiting = b""
        self._line_free_s = self.now_s
        self._count = 0

    def clock(self) -> float:
        """The master's monotonic clock, s."""
        return self.now_s

    # -- the master's side -----------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        self._line_free_s = max(self.now_s, self._line_free_s) + wire_s(len(data))
        self._push(self._to_modules, self._line_free_s, data)

    def read(self, count: int) -> bytes:
        """Up to `count` bytes, as soon as there are any; none after a slice of simulated time."""
        end_s = self.now_s + READ_SLICE_S
        while not self._arrived() and self.now_s < end_s - 1e-9:
            arrival_s = self._to_master[0][0] if self._to_master else end_s
            self._advance(min(end_s, arrival_s, self._next_s()))
        data, self._waiting = self._waiting[:count], self._waiting[count:]
        return data

    def read_waiting(self) -> bytes:
        self._arrived()
        data, self._waiting = self._waiting, b""
        return data

    def clear(self) -> None:
        """The port is gone: what was under way to the master is lost."""
        self._to_master.clear()
        self._waiting = b""

    # -- time ------------------------------------------------------------------------------------------------------

    def advance_to(self, time_s: float) -> None:
        """Let simulated time pass until `time_s`."""
        while self.now_s < time_s - 1e-9:
            self._advance(min(time_s, self._next_s()))

    def _next_s(self) -> float:
        """When something happens next, or the plant wants to be looked at."""
        look_s = self.now_s + STEP_S
        return min(look_s, self._to_modules[0][0]) if self._to_modules else look_s

    def _advance(self, to_s: float) -> None:
        dt_s = to_s - self.now_s
        if dt_s > 0.0:
            self.rig.advance(dt_s)
            self.now_s = to_s
        while self._to_modules and self._to_modules[0][0] <= self.now_s + 1e-9:
            self._deliver(heapq.heappop(self._to_modules)[2])
        if replies := self.rig.take_replies():
            self._answer(replies)
        self._watch()

    def _deliver(self, data: bytes) -> None:
        if not self.rig.wire_cut and not self.rig.taps["insufflator"].deaf:
            self.heard_s = self.now_s
            if data[3] == DRIVE_INSUFFLATOR:
                self.drive_heard_s = self.now_s
        if (forged := self._forged(data)) is not None:
            self._answer(forged)
            return
        self.rig.receive(data)

    def _answer(self, replies: bytes) -> None:
        self._push(self._to_master, self.now_s + TURNAROUND_S + wire_s(len(replies)), replies)

    def _arrived(self) -> bool:
        while self._to_master and self._to_master[0][0] <= self.now_s + 1e-9:
            self._waiting += heapq.heappop(self._to_master)[2]
        return bool(self._waiting)

    def _push(self, queue: list[tuple[float, int, bytes]], time_s: float, data: bytes) -> None:
        self._count += 1
        heapq.heappush(queue, (time_s, self._count, data))

    # -- modules that lie ------------------------------------------------------------------------------------------

    def _forged(self, data: bytes) -> bytes | None:
        """The reply of a module whose firmware is wrong, in place of the simulated one's; None: it is right."""
        if not self.deaf_setpoints and self.other_version is None:
            return None
        for frame in FrameDecoder(REQUEST_HEADER).feed(data):
            try:
                request = decode_request(frame)
            except RequestError:
                continue
            match request:
                case SetPressure(pressure_mmhg=value) | SetFlow(flow_l_min=value) if self.deaf_setpoints:
                    return encode_reply(request, frame.sequence, Applied(0.0, value))
                case SetIntensity(intensity_percent=value) if self.deaf_setpoints:
                    return encode_reply(request, frame.sequence, Applied(0.0, value))
                case Identify(address=address) if address == self.other_version:
                    kind = ModuleKind(int(address))
                    identity = Identity(0.0, kind, OTHER_VERSION, "SIM 0.9", "OTHER-0001")
                    return encode_reply(request, frame.sequence, identity)
        return None


class WirePort:
    """What `hardware.bus.port.Port` is to the link, in simulated time."""

    def __init__(self, wire: Wire, url: str) -> None:
        if not wire.port_there:
            raise PortError(f"{url}: there is no such port; plug in the adapter")
        self._wire, self.url = wire, url

    def write(self, data: bytes) -> None:
        self._still_there()
        self._wire.write(data)

    def read(self, count: int) -> bytes:
        self._still_there()
        return self._wire.read(count)

    def read_waiting(self) -> bytes:
        self._still_there()
        return self._wire.read_waiting()

    def close(self) -> None:
        self._wire.clear()

    def _still_there(self) -> None:
        if not self._wire.port_there:
            raise PortLostError(f"{self.url}: it was unplugged")


class InlineExecutor:
    """Opens the port at once instead of in a thread: simulated time must not race real time."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def submit(self, call: Callable[..., Any], *arguments: object) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(call(*arguments))
        except PortError as error:
            future.set_exception(error)
        return future

    def shutdown(self, *_: object, **__: object) -> None:
        pass


@contextmanager
def on_simulated_ports(wire: Wire) -> Iterator[None]:
    """While this lasts, `BusLink` opens ports on `wire`; all of its own code is the product's."""
    with (
        mock.patch("hardware.bus.link.Port", lambda url, _baud=BAUD: WirePort(wire, url)),
        mock.patch("hardware.bus.link.ThreadPoolExecutor", InlineExecutor),
    ):
        yield
