"""The tap on the line: every frame with its time and direction, damage shown and not hidden, and no cost when off."""

from __future__ import annotations

from hardware.bus import Chunk, FrameSplitter, FrameTap
from hardware.protocol import PollCamera, encode_request
from hardware.protocol.frame import REPLY_HEADER, encode_frame
from hardware.readings import Address

REQUEST = encode_request(PollCamera(), 7)
REPLY = encode_frame(REPLY_HEADER, Address.CAMERA, 0xB0, bytes(range(12)))


def split(*chunks: Chunk):
    return FrameSplitter().feed(chunks)


def told(frames):
    return [(frame.sent, frame.data, frame.good) for frame in frames]


def test_a_request_and_its_reply_however_the_port_cuts_it():
    pieces = [Chunk(1.01 + at / 1000, False, REPLY[at : at + 1]) for at in range(len(REPLY))]
    frames = split(Chunk(1.0, True, REQUEST), *pieces)
    assert told(frames) == [(True, REQUEST, True), (False, REPLY, True)]
    assert (frames[1].time_s, frames[1].address, frames[1].command) == (1.01, Address.CAMERA, 0xB0)


def test_damage_is_shown_as_such():
    damaged = bytes([*REPLY[:-3], REPLY[-3] ^ 1, *REPLY[-2:]])
    frames = split(Chunk(1.0, False, damaged + REPLY))
    assert told(frames) == [(False, damaged, False), (False, REPLY, True)]


def test_bytes_that_are_no_frame_and_half_a_frame_are_pieces_of_their_own():
    frames = split(Chunk(1.0, False, b"\x00\x01" + REPLY), Chunk(1.1, False, REPLY[:5]), Chunk(1.2, True, REQUEST))
    assert told(frames) == [
        (False, b"\x00\x01", False),
        (False, REPLY, True),
        (False, REPLY[:5], False),
        (True, REQUEST, True),
    ]
    assert frames[2].time_s == 1.1


def test_a_length_that_no_frame_has_hides_nothing():
    broken = bytes([REPLY_HEADER, 3, 0xFF])
    frames = split(Chunk(1.0, False, broken + REPLY))
    assert told(frames)[-1] == (False, REPLY, True)
    assert b"".join(frame.data for frame in frames) == broken + REPLY


def test_nothing_is_kept_while_it_is_off_and_little_while_nobody_drains():
    tap = FrameTap()
    tap.take(0.0, True, REQUEST)
    assert tap.drain() == []
    tap.on = True
    for at in range(10_000):
        tap.take(float(at), True, REQUEST)
    kept = tap.drain()
    assert kept[-1].time_s == 9999.0
    assert 500 < len(kept) < 5000
    assert tap.drain() == []
