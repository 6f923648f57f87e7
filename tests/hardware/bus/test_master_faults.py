"""What the master makes of slaves that are dead, slow, lying or gone, with time told by the test."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from hardware.bus import BusPlan, LinkLost, LinkRestored, ReplyReceived, RequestLost
from hardware.protocol import (
    DriveInsufflator,
    DriveLight,
    Frame,
    PollCamera,
    Request,
    SetFlow,
    SetIntensity,
    encode_frame,
)
from hardware.readings import (
    Address,
)
from tests.hardware.bus.scripted_line import ANSWERS, Line, longest_gap, obedient, without


@pytest.mark.parametrize("dead", list(ANSWERS)[:3])
def test_a_dead_slave_is_told_within_700_ms_of_its_last_reply_and_the_return_at_once(dead):
    address = {DriveInsufflator: Address.INSUFFLATOR, DriveLight: Address.LIGHT, PollCamera: Address.CAMERA}[dead]
    line = Line()
    line.run(1.0)
    last_s = max(e.time_s for e in line.told(ReplyReceived) if e.address == address)
    line.answer = without(address)
    line.run(2.0)
    (lost,) = line.told(LinkLost)
    assert lost.address == address
    assert 0.5 <= lost.time_s - last_s <= 0.85
    line.events.clear()
    line.answer = obedient
    back_s = line.now_s
    line.run(1.0)
    (restored,) = line.told(LinkRestored)
    assert restored.address == address
    assert restored.time_s - back_s <= 0.3
    assert not line.told(LinkLost)


@pytest.mark.parametrize("dead", [Address.LIGHT, Address.CAMERA])
def test_a_dead_slave_takes_one_timeout_from_the_insufflator_and_later_less(dead):
    line = Line()
    line.run(1.0)
    line.answer = without(dead)
    line.run(3.0)
    drives = line.times(DriveInsufflator)
    assert longest_gap(drives) <= 0.075  # a timeout of 50 ms and the cycle it ends in
    settled = [t for t in drives if t > line.now_s - 2.0]
    assert longest_gap(settled) <= 0.041
    assert len(settled) >= 85


def test_a_dead_insufflator_does_not_take_light_and_camera_along():
    line = Line()
    line.answer = without(Address.INSUFFLATOR)
    line.run(3.0)
    assert [event.address for event in line.told(LinkLost)] == [Address.INSUFFLATOR]
    # Never later than a timeout of 50 ms and the cycle that it ends in.
    assert longest_gap(line.times(DriveLight)) <= 0.100 + 0.070
    assert longest_gap(line.times(PollCamera)) <= 0.250 + 0.070


def test_who_came_to_wait_during_a_timeout_of_the_insufflator_is_next():
    line = Line()
    line.run(0.35)  # light and camera have just been asked
    line.answer = without(Address.INSUFFLATOR)
    while not line.master.waiting:
        line.cycle()
    line.master.submit(SetIntensity(50.0))
    before = len(line.sent)
    line.run(0.1)
    assert line.sent[before][2] == SetIntensity(50.0)


def test_one_missed_reply_of_a_slave_that_is_seldom_asked_is_no_link_loss():
    seldom = tuple(replace(poll, period_s=0.6) if poll.address == Address.CAMERA else poll for poll in BusPlan().polls)
    line = Line(replace(BusPlan(), polls=seldom))
    line.run(1.0)
    misses = iter([True])
    line.answer = lambda frame, request: (
        None if isinstance(request, PollCamera) and next(misses, False) else obedient(frame, request)
    )
    line.run(2.0)
    assert line.master.counters().slaves[Address.CAMERA].timeouts == 1
    assert not line.told(LinkLost)


def test_a_late_reply_is_discarded_and_counted():
    line = Line()
    line.run(0.1)
    kept: list[bytes] = []

    def slow(frame: Frame, request: Request) -> bytes | None:
        reply = obedient(frame, request)
        if isinstance(request, DriveInsufflator) and not kept and reply:
            kept.append(reply)
            return None
        if isinstance(request, DriveInsufflator) and reply and len(kept) == 1:
            kept.append(b"")
            return kept[0] + reply  # the old one, then the right one
        return reply

    line.answer = slow
    before = len([e for e in line.told(ReplyReceived) if e.address == Address.INSUFFLATOR])
    line.cycle()
    line.run(0.2)
    counters = line.master.counters().slaves[Address.INSUFFLATOR]
    assert counters.late_replies == 1
    assert counters.timeouts == 1
    after = len([e for e in line.told(ReplyReceived) if e.address == Address.INSUFFLATOR])
    assert after - before == len(line.times(DriveInsufflator)) - before - 1


def test_an_answer_from_another_address_is_nobody_s_reading():
    line = Line()

    def impostor(frame: Frame, request: Request) -> bytes | None:
        reply = obedient(frame, request)
        if isinstance(request, DriveLight) and reply:
            return encode_frame(reply[0], Address.INSUFFLATOR, reply[3], reply[4:-2])
        return reply

    line.answer = impostor
    line.run(1.0)
    assert {event.address for event in line.told(ReplyReceived)} == {Address.INSUFFLATOR, Address.CAMERA}
    assert [event.address for event in line.told(LinkLost)] == [Address.LIGHT]
    assert line.master.counters().slaves[Address.LIGHT].wrong_address_replies >= 4


def test_noise_before_a_reply_does_not_hide_it():
    line = Line()
    line.answer = lambda frame, request: b"\xa5\x01\x30junk" + (obedient(frame, request) or b"")
    line.run(0.5)
    assert Counter(type(e.request) for e in line.told(ReplyReceived))[DriveInsufflator] >= 4
    assert not line.told(LinkLost)


def test_half_a_frame_of_before_does_not_hold_up_the_next_reply():
    line = Line()
    line.run(0.1)
    line.master.receive(b"\xa5\x01\x40\x90\x05", line.now_s)  # promises 70 bytes
    line.events.clear()
    line.run(0.1)
    assert [e.round_trip_s for e in line.told(ReplyReceived)] == pytest.approx([0.004] * len(line.told(ReplyReceived)))
    assert len(line.told(ReplyReceived)) >= 5


def test_when_the_port_goes_every_setpoint_and_every_link_is_lost_with_the_reason():
    line = Line()
    line.run(0.2)
    ticket = line.master.submit(SetFlow(5.0))
    events = line.master.port_lost(line.now_s, "unplugged")
    assert {event.address for event in events if isinstance(event, LinkLost)} == set(Address) - {Address.BROADCAST}
    (lost,) = [event for event in events if isinstance(event, RequestLost)]
    assert (lost.ticket, lost.why) == (ticket, "unplugged")
    line.master.port_restored(line.now_s)
    line.events.clear()
    line.run(0.3)
    assert len(line.told(LinkRestored)) == 3
    assert not line.times(SetFlow)
