"""Trouble in one part of the line costs the rest little: damaged frames, mute slaves, slaves of other versions."""

from __future__ import annotations

import itertools
import random

import pytest

from hardware.bus import LinkLost, LinkRestored, ReplyReceived, ReplyUnreadable, RequestLost
from hardware.protocol import (
    REPLY_BIT,
    REPLY_HEADER,
    DriveInsufflator,
    DriveLight,
    Frame,
    PollCamera,
    Request,
    SetGas,
    SetIntensity,
    encode_frame,
)
from hardware.readings import Address
from tests.hardware.bus.scripted_line import Line, obedient, without


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def periods(line: Line, since_s: float) -> list[float]:
    return [b - a for a, b in itertools.pairwise(t for t in line.times(DriveInsufflator) if t >= since_s)]


def damaged(frame: Frame, request: Request) -> bytes | None:
    reply = obedient(frame, request)
    return None if reply is None else reply[:6] + bytes([reply[6] ^ 0x10]) + reply[7:]


def test_a_damaged_reply_ends_its_exchange_at_once_and_not_after_the_timeout():
    line = Line()
    line.run(1.0)
    hits = iter([True])
    line.answer = lambda frame, request: (
        damaged(frame, request)
        if isinstance(request, DriveInsufflator) and next(hits, False)
        else obedient(frame, request)
    )
    since_s = line.now_s
    line.run(0.5)
    assert max(periods(line, since_s)) <= 0.021
    counters = line.master.counters().slaves[Address.INSUFFLATOR]
    assert (counters.crc_errors, counters.timeouts) == (1, 0)


def test_line_noise_leaves_the_insufflator_its_period():
    line, chance = Line(), random.Random(7)
    line.run(1.0)

    def noisy(frame: Frame, request: Request) -> bytes | None:
        """Bit errors of 1e-4: one request in 110 damaged, one reply in 37."""
        if chance.random() < 0.009:
            return None
        return damaged(frame, request) if chance.random() < 0.027 else obedient(frame, request)

    line.answer = noisy
    since_s = line.now_s
    line.run(60.0)
    found = periods(line, since_s)
    assert percentile(found, 0.99) <= 0.030
    assert max(found) <= 0.045
    assert not line.told(LinkLost)


def test_a_slave_that_became_slow_is_waited_for_again():
    line = Line(round_trip_s=0.001)
    line.run(2.0)
    late: list[bytes] = []

    def slow(frame: Frame, request: Request) -> bytes | None:
        reply = obedient(frame, request)
        if not isinstance(request, PollCamera) or reply is None:
            before = b"".join(late)
            late.clear()
            return before + reply if reply else None
        if line.master.deadline_s - line.now_s < 0.030:  # 30 ms from now on: too late for what it was asked with
            late.append(reply)
            return None
        return reply

    line.answer = slow
    line.events.clear()
    line.run(3.0)
    assert not [event for event in line.told(LinkLost) if event.address == Address.CAMERA]
    heard = [event for event in line.told(ReplyReceived) if event.address == Address.CAMERA]
    assert len(heard) >= 3


@pytest.mark.parametrize("again", [1, 5])
def test_requests_to_a_mute_slave_hold_up_the_others_by_one_timeout_at_most(again):
    line = Line()
    line.run(1.0)
    line.answer = without(Address.LIGHT)
    for value in range(again):
        line.master.submit(SetIntensity(10.0 + value))
    ticket = line.master.submit(SetGas(False))
    asked_s = line.now_s
    line.run(0.5)
    (answered,) = [event for event in line.told(ReplyReceived) if event.ticket == ticket]
    assert answered.time_s - asked_s <= again * 0.050 + 0.045
    assert len(line.told(RequestLost)) <= again


def test_a_slave_whose_status_has_another_length_is_found_told_and_can_be_asked_who_it_is():
    line = Line()

    def other_version(frame: Frame, request: Request) -> bytes | None:
        if isinstance(request, DriveLight):
            return encode_frame(
                REPLY_HEADER, frame.address, frame.command | REPLY_BIT, bytes([frame.sequence]) + b"\0" * 12
            )
        return obedient(frame, request)

    line.answer = other_version
    line.run(2.0)
    (told,) = line.told(ReplyUnreadable)
    assert told.address == Address.LIGHT
    assert "expected 18 data bytes, got 13" in told.why
    assert Address.LIGHT in [event.address for event in line.told(LinkRestored)]
    assert not line.told(LinkLost), "it lives"
    assert not [event for event in line.told(ReplyReceived) if event.address == Address.LIGHT], "but nothing is read"
    assert percentile(periods(line, 100.5), 0.99) <= 0.021
