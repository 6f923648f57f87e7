"""Frames are found in whatever the line brings, and nothing else is taken for one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.protocol import (
    MAX_DATA,
    MAX_FRAME,
    REPLY_HEADER,
    REQUEST_HEADER,
    Frame,
    FrameDecoder,
    crc16,
    encode_frame,
)

payloads = st.binary(min_size=1, max_size=MAX_DATA)
frames = st.tuples(st.integers(0, 255), st.integers(0, 255), payloads)


def reply(address: int, command: int, data: bytes) -> bytes:
    return encode_frame(REPLY_HEADER, address, command, data)


def chunks(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def test_layout_is_the_mission_s():
    wire = reply(0x02, 0x91, b"\x07\xb5\x04")
    assert wire[:7] == bytes((0xA5, 0x02, 3, 0x91, 0x07, 0xB5, 0x04))
    assert wire[7] | wire[8] << 8 == crc16(wire[:7])


@pytest.mark.parametrize("size", [0, MAX_DATA + 1])
def test_data_of_a_wrong_size_is_not_sent(size: int):
    with pytest.raises(ValueError, match=f"1 to 64 data bytes, got {size}"):
        reply(1, 1, bytes(size))


def test_an_address_that_is_no_byte_is_not_sent():
    with pytest.raises(ValueError, match="are bytes, got 165, 256, 1"):
        reply(256, 1, b"\x00")


@given(st.lists(frames, max_size=6), st.lists(st.integers(0, 400), max_size=12))
def test_frames_come_back_however_the_stream_is_cut(sent, cuts):
    stream = b"".join(reply(*fields) for fields in sent)
    decoder = FrameDecoder(REPLY_HEADER)
    got = [frame for chunk in chunks(stream, cuts) for frame in decoder.feed(chunk)]
    assert got == [Frame(REPLY_HEADER, *fields) for fields in sent]
    assert got == [] or got[0].sequence == sent[0][2][0]
    assert (decoder.counts.crc_errors, decoder.counts.discarded_bytes, decoder.pending) == (0, 0, 0)


@given(st.lists(st.one_of(st.binary(max_size=90), frames.map(lambda f: reply(*f))), max_size=8))
def test_whole_and_byte_by_byte_give_the_same_result_on_any_bytes(parts):
    stream = b"".join(parts)
    whole, single = FrameDecoder(REPLY_HEADER), FrameDecoder(REPLY_HEADER)
    assert whole.feed(stream) == [frame for i in range(len(stream)) for frame in single.feed(stream[i : i + 1])]
    assert whole.counts == single.counts
    assert whole.pending == single.pending < MAX_FRAME


@given(st.binary(max_size=100), frames)
def test_after_any_junk_it_is_in_step_again_within_one_longest_frame(junk, fields):
    decoder = FrameDecoder(REPLY_HEADER)
    decoder.feed(junk)
    wire = reply(*fields)
    repetitions = MAX_FRAME // len(wire) + 2
    got = [frame for _ in range(repetitions) for frame in decoder.feed(wire)]
    assert Frame(REPLY_HEADER, *fields) in got


@given(frames, st.integers(0, 10_000), st.integers(0, 7))
def test_one_flipped_bit_never_gives_a_wrong_frame(fields, place, bit):
    wire = bytearray(reply(*fields))
    wire[place % len(wire)] ^= 1 << bit
    decoder = FrameDecoder(REPLY_HEADER)
    got = decoder.feed(bytes(wire)) + decoder.rescan()
    assert Frame(REPLY_HEADER, *fields) not in got
    assert not got


def test_a_bad_crc_is_counted_and_the_next_frame_is_found_at_once():
    damaged, good = bytearray(reply(1, 0x90, b"\x01\x02\x03")), reply(1, 0x90, b"\x02\x02\x03")
    damaged[5] ^= 0x10
    decoder = FrameDecoder(REPLY_HEADER)
    assert decoder.feed(bytes(damaged) + good) == [Frame(REPLY_HEADER, 1, 0x90, b"\x02\x02\x03")]
    assert decoder.counts.crc_errors == 1
    assert decoder.counts.discarded_bytes == len(damaged)


def test_a_bogus_length_swallows_no_good_frame():
    good, next_one = reply(1, 0x90, b"\x02\x02\x03"), reply(2, 0xA0, b"\x03\x02\x03")
    decoder = FrameDecoder(REPLY_HEADER)
    bogus = bytes((REPLY_HEADER, 0x11, len(good)))  # promises a frame that ends within the second good one
    assert [frame.address for frame in decoder.feed(bogus + good + next_one)] == [1, 2]
    assert decoder.counts.crc_errors == 1


def test_a_bogus_length_hides_a_good_frame_only_until_the_line_is_silent():
    decoder = FrameDecoder(REPLY_HEADER)
    good = reply(1, 0x90, b"\x02\x02\x03")
    assert decoder.feed(bytes((REPLY_HEADER, 0x11, 40)) + good) == []
    assert decoder.rescan() == [Frame(REPLY_HEADER, 1, 0x90, b"\x02\x02\x03")]
    assert decoder.pending == 0
    assert decoder.counts.discarded_bytes == 3


def test_silence_within_a_frame_does_not_lose_it():
    decoder = FrameDecoder(REPLY_HEADER)
    wire = reply(1, 0x90, bytes((9, REPLY_HEADER, 1, REPLY_HEADER, 4)))
    decoder.feed(wire[:-1])
    assert decoder.rescan() == []
    assert (decoder.counts.crc_errors, decoder.counts.discarded_bytes) == (0, 0)
    assert len(decoder.feed(wire[-1:])) == 1


def test_half_a_frame_is_dropped_by_a_reset():
    decoder = FrameDecoder(REPLY_HEADER)
    wire = reply(1, 0x90, b"\x02\x02\x03")
    decoder.feed(wire[:6])
    assert decoder.reset() == 6
    assert len(decoder.feed(wire)) == 1
    assert decoder.counts.crc_errors == 0


def test_an_echo_of_our_own_request_is_no_reply_and_does_not_disturb():
    decoder = FrameDecoder(REPLY_HEADER)
    inner = reply(1, 0x90, b"\x01")  # even when it looks like one inside
    echo = encode_frame(REQUEST_HEADER, 1, 0x10, b"\x01" + inner)
    answer = reply(1, 0x90, b"\x01\x02")
    assert decoder.feed(echo + answer) == [Frame(REPLY_HEADER, 1, 0x90, b"\x01\x02")]
    assert decoder.counts.other_direction == 1
    assert decoder.counts.discarded_bytes == 0


def test_missing_tells_how_much_to_read():
    decoder = FrameDecoder(REPLY_HEADER)
    wire = reply(1, 0x90, b"\x02\x02\x03")
    decoder.feed(wire[:4])
    assert decoder.missing == len(wire) - 4
