"""A line whose time the test tells, with a master on it and slaves that answer as the test says."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from hardware.bus import BusPlan, Drives, Master
from hardware.protocol import (
    REQUEST_HEADER,
    Applied,
    DriveInsufflator,
    DriveLight,
    Frame,
    FrameDecoder,
    PollCamera,
    Request,
    SetFlow,
    SetGas,
    SetIntensity,
    SetPressure,
    decode_request,
    encode_reply,
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

ANSWERS = {
    DriveInsufflator: InsufflatorReading(
        0.0, 12.0, 12.0, 3.0, 50.0, 1.0, 0.1, True, False, True, 12.0, 10.0, InsufflatorFault.NONE
    ),
    DriveLight: LightReading(0.0, 900.0, 0.3, 30.0, 40.0, True, 30.0, 1.0, LightFault.NONE),
    PollCamera: CameraReading(0.0, True, 1280, 720, 30.0, 8000, 6.0, 38.0, CameraFault.NONE),
    SetPressure: Applied(0.0, 14.0),
    SetFlow: Applied(0.0, 8.0),
    SetGas: Applied(0.0, True),
    SetIntensity: Applied(0.0, 40.0),
}


class Line:
    """A line whose time the test tells: `answer(frame, request)` gives the reply's bytes, or None for silence."""

    def __init__(self, plan: BusPlan | None = None, round_trip_s: float = 0.004) -> None:
        self.now_s = 100.0
        self.plan = plan or BusPlan()
        self.master = Master(self.plan, self.now_s)
        self.round_trip_s = round_trip_s
        self.answer: Callable[[Frame, Request], bytes | None] = obedient
        self.sent: list[tuple[float, Frame, Request]] = []
        self.events: list[object] = []
        self.drives = Drives()
        self._grid_s = self.now_s

    def cycle(self) -> None:
        """One 20 ms cycle, as `BusLink.cycle` does it."""
        self.now_s = max(self.now_s, self._grid_s)
        self._grid_s += self.plan.cycle_s
        end_s = self.now_s + self.plan.cycle_budget_s
        self.master.begin_cycle(self.now_s, self.drives)
        while True:
            self.events += self.master.check(self.now_s)
            reply = None
            if data := self.master.next_frame(self.now_s):
                reply = self.hear(data)
            if not self.master.waiting:
                return
            if reply is not None:
                self.now_s += self.round_trip_s
                self.events += self.master.receive(reply, self.now_s)
            elif self.master.deadline_s <= end_s:
                self.now_s = self.master.deadline_s
            else:
                self.now_s = max(self.now_s, end_s)
                return

    def hear(self, data: bytes) -> bytes | None:
        (frame,) = FrameDecoder(REQUEST_HEADER).feed(data)
        request = decode_request(frame)
        self.sent.append((self.now_s, frame, request))
        return self.answer(frame, request)

    def run(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while self._grid_s < end_s:
            self.cycle()

    def times(self, kind: type) -> list[float]:
        return [time_s for time_s, _, request in self.sent if type(request) is kind]

    def told(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]


def obedient(frame: Frame, request: Request) -> bytes | None:
    if frame.address == Address.BROADCAST:
        return None
    return encode_reply(request, frame.sequence, ANSWERS[type(request)])


def without(*addresses: Address) -> Callable[[Frame, Request], bytes | None]:
    return lambda frame, request: None if frame.address in addresses else obedient(frame, request)


def longest_gap(times: list[float]) -> float:
    return max(b - a for a, b in itertools.pairwise(times))
