"""Who is asked when, and what becomes of each question, with time told by the test."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from hardware.bus import BusPlan, Drives, LinkLost, LinkRestored, Master, Refused, ReplyReceived, RequestLost
from hardware.protocol import (
    REQUEST_HEADER,
    AllStop,
    Applied,
    DriveInsufflator,
    DriveLight,
    Frame,
    FrameDecoder,
    Heartbeat,
    PollCamera,
    Reason,
    Request,
    SetFlow,
    SetGas,
    SetIntensity,
    SetPressure,
    decode_request,
    encode_frame,
    encode_refusal,
    encode_reply,
)
from hardware.readings import (
    Address,
    CameraFault,
    CameraReading,
    InsufflatorDrive,
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


def test_a_healthy_bus_keeps_every_rate():
    line = Line()
    line.run(4.0)
    assert len(line.times(DriveInsufflator)) == pytest.approx(200, abs=2)
    assert longest_gap(line.times(DriveInsufflator)) <= 0.021
    assert len(line.times(DriveLight)) == pytest.approx(40, abs=3)
    assert len(line.times(PollCamera)) >= 8
    assert not line.told(LinkLost)
    assert not line.times(Heartbeat)


def test_the_drive_of_the_cycle_is_what_goes_out():
    line = Line()
    line.drives = Drives(insufflator=InsufflatorDrive(0.25, True, False))
    line.cycle()
    line.drives = Drives(insufflator=InsufflatorDrive(0.75, True, False))
    line.cycle()
    assert [r.drive.duty for _, _, r in line.sent if isinstance(r, DriveInsufflator)] == [0.25, 0.75]


def test_where_only_one_exchange_fits_into_a_cycle_the_insufflator_still_has_25_hz():
    line = Line(round_trip_s=0.014)
    for _ in range(60):
        line.master.submit(SetPressure(14.0))
    line.run(3.0)
    assert longest_gap(line.times(DriveInsufflator)) <= 0.041
    assert len(line.times(SetPressure)) == 60
    assert len(line.told(ReplyReceived)) == len(line.sent)


def test_a_setpoint_comes_back_with_its_ticket_and_the_applied_value():
    line = Line()
    line.run(0.2)
    ticket = line.master.submit(SetPressure(15.0))
    line.run(0.04)
    (event,) = [event for event in line.told(ReplyReceived) if event.ticket == ticket]
    assert event.request == SetPressure(15.0)
    assert event.reply == Applied(event.time_s, 14.0)  # what the slave says, not what was asked
    assert event.round_trip_s == pytest.approx(0.004)


def test_setpoints_go_out_in_the_order_in_which_they_were_asked():
    line = Line()
    line.run(0.1)
    wanted = [SetPressure(10.0), SetFlow(5.0), SetPressure(11.0), SetIntensity(50.0)]
    for request in wanted:
        line.master.submit(request)
    line.run(0.2)
    assert [r for _, _, r in line.sent if type(r) in (SetPressure, SetFlow, SetIntensity)] == wanted


def test_a_lost_setpoint_reply_is_asked_for_again_with_the_same_bytes_while_the_drive_goes_on():
    line = Line()
    line.run(0.5)
    lost = iter([True, True])
    line.answer = lambda frame, request: (
        None if isinstance(request, SetPressure) and next(lost, False) else obedient(frame, request)
    )
    ticket = line.master.submit(SetPressure(15.0))
    line.run(0.4)
    frames = [frame for _, frame, request in line.sent if isinstance(request, SetPressure)]
    assert len(frames) == 3
    assert len(set(frames)) == 1
    assert [event.ticket for event in line.told(ReplyReceived) if event.ticket] == [ticket]
    assert line.master.counters().slaves[Address.INSUFFLATOR].retries == 2
    between = [t for t in line.times(DriveInsufflator) if t > line.times(SetPressure)[0]]
    assert between[0] < line.times(SetPressure)[1]  # a fresh drive before the repetition
    assert longest_gap(line.times(DriveInsufflator)) <= 0.075


def test_a_setpoint_without_any_answer_is_lost_after_two_repetitions():
    line = Line()
    line.run(0.5)
    line.answer = lambda frame, request: None if isinstance(request, SetGas) else obedient(frame, request)
    ticket = line.master.submit(SetGas(True))
    line.run(0.6)
    assert len(line.times(SetGas)) == 3
    (event,) = line.told(RequestLost)
    assert (event.ticket, event.request) == (ticket, SetGas(True))
    assert "sent 3 times" in event.why
    assert not line.told(LinkLost)  # its drives were answered


def test_a_drive_is_never_repeated():
    line = Line()
    line.answer = without(Address.INSUFFLATOR)
    line.run(0.4)
    numbers = [frame.sequence for _, frame, request in line.sent if isinstance(request, DriveInsufflator)]
    assert len(numbers) == len(set(numbers)) > 3


def test_a_refusal_is_told_with_its_reason_and_is_no_link_loss():
    line = Line()
    line.answer = lambda frame, request: (
        encode_refusal(frame, Reason.NOT_NOW) if isinstance(request, SetGas) else obedient(frame, request)
    )
    ticket = line.master.submit(SetGas(True))
    line.run(0.2)
    (event,) = line.told(Refused)
    assert (event.ticket, event.reason, event.request) == (ticket, Reason.NOT_NOW, SetGas(True))
    assert len(line.times(SetGas)) == 1
    assert line.master.counters().slaves[Address.INSUFFLATOR].refusals == 1


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


def test_an_all_stop_goes_ahead_of_everything_three_times_and_takes_queued_setpoints_along():
    line = Line()
    line.run(0.2)
    ticket = line.master.submit(SetGas(True))
    frame = line.master.broadcast(AllStop(), line.now_s)
    assert isinstance(decode_request(FrameDecoder(REQUEST_HEADER).feed(frame)[0]), AllStop)
    line.run(0.3)
    assert len(line.times(AllStop)) == 2
    assert not line.times(SetGas)
    (event,) = line.told(RequestLost)
    assert event.ticket == ticket
    assert "all-stop" in event.why
    assert line.times(DriveInsufflator)[-1] > line.times(AllStop)[-1]


def test_an_all_stop_breaks_off_the_exchange_under_way_and_its_late_reply_counts_for_nothing():
    line = Line()
    line.run(0.2)
    line.master.submit(SetGas(True))
    line.master.begin_cycle(line.now_s + 0.02, Drives())
    asked: list[tuple[Frame, Request]] = []
    now_s = line.now_s + 0.02
    while not asked:
        data = line.master.next_frame(now_s)
        assert data
        (frame,) = FrameDecoder(REQUEST_HEADER).feed(data)
        request = decode_request(frame)
        if isinstance(request, SetGas):
            asked.append((frame, request))
        else:
            line.master.receive(obedient(frame, request) or b"", now_s)
    line.master.broadcast(AllStop(), now_s)
    events = line.master.receive(obedient(*asked[0]) or b"", now_s + 0.003)
    assert [type(event) for event in events] == [RequestLost]


def test_a_heartbeat_fills_a_silence_of_100_ms():
    line = Line(replace(BusPlan(), polls=()))
    line.run(1.0)
    assert len(line.times(Heartbeat)) == pytest.approx(9, abs=1)
    assert longest_gap(line.times(Heartbeat)) <= 0.121


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


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (SetPressure(31.0), "pressure_mmhg must be 1 to 30"),
        (AllStop(), "no module at address 0"),
    ],
)
def test_what_can_t_be_sent_is_refused_at_once(request_, text):
    with pytest.raises(ValueError, match=text):
        Line().master.submit(request_)


def test_a_flood_of_requests_is_refused():
    line = Line()
    for _ in range(64):
        line.master.submit(SetPressure(12.0))
    with pytest.raises(ValueError, match="64 requests are waiting"):
        line.master.submit(SetPressure(12.0))


def test_round_trips_are_summed_up():
    line = Line()
    line.run(1.0)
    slave = line.master.counters().slaves[Address.INSUFFLATOR]
    assert slave.round_trip_median_ms == pytest.approx(4.0)
    assert slave.round_trip_p99_ms == pytest.approx(4.0)
    assert slave.requests == slave.replies == len(line.times(DriveInsufflator))
