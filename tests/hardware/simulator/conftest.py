"""The simulated tower without a line, and a master that talks to it frame by frame."""

from __future__ import annotations

import pytest

from hardware.protocol import (
    REPLY_HEADER,
    DriveInsufflator,
    FrameDecoder,
    decode_reply,
    encode_request,
)
from hardware.readings import (
    InsufflatorDrive,
    InsufflatorReading,
)
from hardware.simulator.rig import Rig

OPEN = InsufflatorDrive(duty=0.3, solenoid_open=True)


class Master:
    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.sequence = 0

    def ask(self, request, *, sequence: int | None = None):
        self.sequence = (self.sequence + 1) & 0xFF if sequence is None else sequence
        frames = FrameDecoder(REPLY_HEADER).feed(self.rig.exchange(encode_request(request, self.sequence)))
        return decode_reply(frames[0], request, self.sequence, self.rig.time_s) if frames else None

    def keep(self, seconds: float, drive: InsufflatorDrive = OPEN) -> InsufflatorReading:
        """Drive the insufflator at 50 Hz."""
        for _ in range(round(seconds * 50)):
            reading = self.ask(DriveInsufflator(drive))
            self.rig.advance(0.02)
        return reading


@pytest.fixture
def rig() -> Rig:
    return Rig(seed=5)


@pytest.fixture
def master(rig) -> Master:
    return Master(rig)
