"""After any junk the next frames are found: none is lost, each at the latest one longest frame behind the junk."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.protocol import (
    MAX_DATA,
    MAX_FRAME,
    REPLY_HEADER,
    REQUEST_HEADER,
    DriveLight,
    Frame,
    FrameDecoder,
    PollCamera,
    encode_frame,
    encode_request,
)
from hardware.readings import LightDrive
from hardware.simulator.lamp import Lamp
from hardware.simulator.light import Light
from hardware.simulator.slave import FRAME_GAP_S

# Junk as it hurts: a header, an address, a length that can be, and so a promise of up to 70 bytes.
promise = st.builds(
    lambda header, address, length, rest: bytes((header, address, length)) + rest,
    st.sampled_from((REQUEST_HEADER, REPLY_HEADER)),
    st.integers(0, 255),
    st.integers(0, 255),
    st.binary(max_size=12),
)
junk = st.lists(st.one_of(promise, st.binary(max_size=40)), max_size=6).map(b"".join)
frames = st.tuples(st.integers(0, 255), st.integers(0, 255), st.binary(min_size=1, max_size=MAX_DATA))


def wire(fields: tuple[int, int, bytes]) -> bytes:
    return encode_frame(REPLY_HEADER, *fields)


def good(sent: list[tuple[int, int, bytes]]) -> list[Frame]:
    return [Frame(REPLY_HEADER, *fields) for fields in sent]


def by_chance(decoder: FrameDecoder, sent: list[tuple[int, int, bytes]]) -> bool:
    """The junk held a frame with a good CRC, which nothing can tell from a real one."""
    return decoder.counts.frames > len(sent) or decoder.counts.other_direction > 0


@settings(max_examples=400)
@given(junk, st.lists(frames, min_size=1, max_size=5))
def test_no_good_frame_behind_junk_is_lost(noise, sent):
    decoder = FrameDecoder(REPLY_HEADER)
    found = decoder.feed(noise + b"".join(map(wire, sent)) + bytes(MAX_FRAME - 1))
    assert found[-len(sent) :] == good(sent) or by_chance(decoder, sent)


@settings(max_examples=400)
@given(junk, st.lists(frames, min_size=1, max_size=12), st.integers(0, 12))
def test_one_longest_frame_behind_the_junk_nothing_is_late_any_more(noise, sent, chunk):
    """From then on every frame is returned with its last byte."""
    decoder = FrameDecoder(REPLY_HEADER)
    stream = b"".join(map(wire, sent))
    ends = [sum(len(wire(f)) for f in sent[: i + 1]) for i in range(len(sent))]
    found = decoder.feed(noise)
    for i in range(0, len(stream), chunk + 1):
        found += decoder.feed(stream[i : i + chunk + 1])
        come = min(i + chunk + 1, len(stream))
        if come >= MAX_FRAME - 1:
            whole = good(sent[: sum(end <= come for end in ends)])
            assert found[-len(whole) :] == whole or not whole or by_chance(decoder, sent)


@settings(max_examples=400)
@given(st.lists(st.tuples(junk, frames), min_size=1, max_size=4))
def test_silence_finds_what_a_promise_hides(parts):
    decoder = FrameDecoder(REPLY_HEADER)
    stream = b"".join(noise + wire(fields) for noise, fields in parts)
    found = decoder.feed(stream) + decoder.rescan()
    sent = [fields for _, fields in parts]
    # A promise that silence can't judge may itself be half a good frame, and only that is kept.
    assert found == good(sent) or by_chance(decoder, sent)


@settings(max_examples=200)
@given(junk)
def test_a_slave_loses_one_request_at_most_and_hears_the_next_one_behind_a_pause(noise):
    slave = Light(Lamp())
    first = slave.receive(noise + encode_request(DriveLight(LightDrive()), 1))
    assert len(first) in (0, 24), "the request behind the junk is answered, or hidden by a promise within it"
    slave.advance(FRAME_GAP_S + 0.001)
    answer = slave.receive(encode_request(DriveLight(LightDrive()), 2))
    assert FrameDecoder(REPLY_HEADER).feed(answer)[0].sequence == 2


def test_a_slave_hears_its_request_behind_junk_without_a_header_at_once():
    slave = Light(Lamp())
    assert slave.receive(b"\x00\xff\x13\x77" + encode_request(DriveLight(LightDrive()), 1))
    assert slave.receive(encode_request(PollCamera(), 1)) == b""
