"""Who is asked when on a bus that works, and what becomes of each request, with time told by the test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardware.bus import BusPlan, Drives, LinkLost, Refused, ReplyReceived, RequestLost
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
    encode_refusal,
)
from hardware.readings import (
    Address,
    InsufflatorDrive,
)
from tests.hardware.bus.scripted_line import Line, longest_gap, obedient, without


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
