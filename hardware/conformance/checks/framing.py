"""Clauses L and F, E1 to E3: what makes a frame, and how it is found again after damage."""

from __future__ import annotations

import random

from hardware.conformance.probe import GAP_S, DeviationError, Probe, UnseenError
from hardware.conformance.registry import check
from hardware.protocol import (
    MAX_DATA,
    MAX_FRAME,
    MESSAGES_BY_COMMAND,
    PROTOCOL_VERSION,
    REPLY_BIT,
    REPLY_HEADER,
    REQUEST_HEADER,
    FrameDecoder,
    Heartbeat,
    crc16,
    encode_frame,
    encode_request,
)
from hardware.protocol.frame import OVERHEAD
from hardware.readings import Address

REPLY_STARTS_S = 0.005
_TIMED = 20  # exchanges that are timed
_LATE_ALLOWED = 2  # of them: the host, not the slave, may have been busy
_JUNK_ROUNDS = 25
_VERSION = bytes((PROTOCOL_VERSION,))  # the data of Identify
UNKNOWN = 0x6E  # a command that no version has had
assert UNKNOWN not in MESSAGES_BY_COMMAND
_ABSENT = (0x04, 0x11, 0x7F, 0xFF)  # no slave has these addresses


@check("F1")
def reply_has_its_parts(p: Probe) -> None:
    raw = p.exchange(p.poll()).raw
    expected = f"{REPLY_HEADER:02X} {p.address:02X} N ..., N data bytes and 6 more"
    if len(raw) < OVERHEAD + 1 or raw[0] != REPLY_HEADER or raw[1] != p.address:
        raise DeviationError(expected, raw.hex(" ").upper() or "nothing")
    more = raw[raw[2] + OVERHEAD :]  # a second frame is not this clause's concern
    if not 0 < raw[2] <= MAX_DATA or len(raw) < raw[2] + OVERHEAD or (more and more[0] != REPLY_HEADER):
        raise DeviationError(expected, f"{raw.hex(' ').upper()} ({len(raw)} bytes, length byte {raw[2]})")


@check("F2")
def reply_ends_with_its_crc(p: Probe) -> None:
    raw = p.exchange(p.poll()).raw
    if len(raw) < OVERHEAD + 1:
        raise DeviationError("a frame with its CRC", raw.hex(" ").upper() or "nothing")
    raw = raw[: raw[2] + OVERHEAD]
    right = crc16(raw[:-2]).to_bytes(2, "little")
    if raw[-2:] == right[::-1] != right:
        raise DeviationError(f"CRC {right.hex(' ').upper()}, low byte first", f"{raw[-2:].hex(' ').upper()}: swapped")
    if raw[-2:] != right:
        raise DeviationError(f"CRC {right.hex(' ').upper()} over all bytes before it", raw[-2:].hex(" ").upper())


@check("E1")
def reply_has_the_command_with_bit_7(p: Probe) -> None:
    request = p.poll()
    answer, command = p.exchange(request), request[3] | REPLY_BIT
    if answer.frame is None or answer.frame.command != command:
        raise DeviationError(f"a reply with command {command:02X}", str(answer))


@check("E2")
def sequence_is_echoed(p: Probe) -> None:
    for sequence in (255, 0, 1, 128, 127, 64, 64, 3):
        for request in (p.frame(0x01, _VERSION, sequence=sequence), p.frame(UNKNOWN, b"", sequence=sequence)):
            answer = p.exchange(request)
            if answer.frame is None or answer.frame.sequence != sequence:
                raise DeviationError(f"an answer with sequence number {sequence:02X}", str(answer))


@check("E3")
def reply_comes_in_time(p: Probe) -> None:
    delays: list[float] = []
    for _ in range(_TIMED):
        answer = p.exchange(p.poll())
        if answer.delay_s is None or answer.frame is None:
            raise DeviationError("a reply", str(answer))
        delays.append(answer.delay_s)
        p.hush(0.003)
    delays.sort()
    judged, allowed = delays[-1 - _LATE_ALLOWED], REPLY_STARTS_S + p.line.allowance_s
    if judged > allowed:
        raise DeviationError(
            f"the reply to begin within {REPLY_STARTS_S * 1e3:.0f} ms (and {p.line.allowance_s * 1e3:.0f} ms for host"
            f" and adapter) in {_TIMED - _LATE_ALLOWED} of {_TIMED} exchanges",
            f"{delays[0] * 1e3:.1f} ms at best, {delays[_TIMED // 2] * 1e3:.1f} ms in the middle,"
            f" {delays[-1] * 1e3:.1f} ms at worst",
        )


@check("L1")
def speaks_only_when_asked(p: Probe) -> None:
    if heard := p.hush(0.2):
        raise DeviationError("silence while nobody asks", heard.hex(" ").upper())
    for data in (p.poll(), p.frame(0x01, _VERSION), p.frame(UNKNOWN, b"")):
        answer = p.exchange(data)
        if len(answer.frames) != 1:
            raise DeviationError("one answer", str(answer))
        if heard := p.hush(0.06):
            raise DeviationError("one answer", f"more behind it: {heard.hex(' ').upper()}")


@check("L2")
def bytes_may_be_apart(p: Probe) -> None:
    request, whole_s = p.poll(), 0.0
    for _ in range(5):
        request = p.poll()
        began_s = p.line.now_s()
        for byte in request[:-1]:
            p.put(bytes((byte,)))
            p.line.read(p.line.now_s())  # an echo, and the shortest pause there is
        whole_s = p.line.now_s() - began_s
        answer = p.exchange(request[-1:])
        if answer.frame is not None:
            return
        if whole_s <= 0.001 * (len(request) - 1):
            raise DeviationError("an answer to a frame sent byte by byte", str(answer))
    raise UnseenError(f"this host needed {whole_s * 1e3:.0f} ms for {len(request)} bytes: more than 1 ms between them")


@check("L3")
def half_a_frame_is_dropped(p: Probe) -> None:
    for half in (p.poll()[:4], bytes((REQUEST_HEADER, p.address, MAX_DATA, 0x10, 0))):
        p.put(half)
        p.hush(GAP_S + 0.005 + p.line.allowance_s)
        request = p.poll()
        p.answered(request, request, "a frame 15 ms behind half a frame")


@check("F3")
def wrong_crc_is_never_answered(p: Probe) -> None:
    request = p.poll()
    wrong = [request[:-2] + request[:-3:-1]] if request[-1] != request[-2] else []
    wrong += [request[:-2] + bytes((request[-2] ^ 1 << bit, request[-1])) for bit in (0, 7)]
    wrong += [request[:-1] + bytes((request[-1] ^ 1 << bit,)) for bit in (0, 7)]
    wrong += [request[:-2] + b"\0\0", request[:-2] + (crc16(request[:-2]) ^ 0xFFFF).to_bytes(2, "little")]
    for at in (1, 3, 4):  # a damaged byte before the CRC; what they say would be a request too
        damaged = bytearray(request)
        damaged[at] ^= 0x02 if at == 4 else 0x20
        wrong.append(bytes(damaged))
    for data in wrong:
        p.unanswered(data, "a frame with a wrong CRC")
        p.hush(GAP_S + 0.005)


@check("F4")
def another_address_is_never_answered(p: Probe) -> None:
    for address in _ABSENT:
        for command, data in ((0x01, _VERSION), (UNKNOWN, b"")):
            p.unanswered(p.frame(command, data, address=address), f"a frame for address 0x{address:02X}")


@check("F5")
def a_slaves_frame_is_followed_and_ignored(p: Probe) -> None:
    request = p.poll()
    p.unanswered(encode_frame(REPLY_HEADER, request[1], request[3], request[4:-2]), "a frame with a slave's header")
    p.hush(GAP_S + 0.005 + p.line.allowance_s)
    inside = p.poll()
    p.unanswered(
        encode_frame(REPLY_HEADER, Address.CAMERA, 0xB0, b"\x01" + inside),
        "a request that is only the payload of another slave's reply",
    )
    request = p.poll()
    p.answered(encode_frame(REPLY_HEADER, 0x11, 0x90, b"\x01\x02") + request, request, "a request behind it")


@check("F6")
def junk_before_a_frame(p: Probe) -> None:
    for junk in (b"\x00", b"\xff" * 7, bytes(range(0x60, 0xA0)), b"\r\nAT\r\n"):
        request = p.poll()
        p.answered(junk + request, request, f"a frame behind {len(junk)} bytes of junk without a header")


@check("F7")
def a_frame_behind_a_damaged_one(p: Probe) -> None:
    for at in (1, 3, 4, -1):
        damaged = bytearray(p.poll())
        damaged[at] ^= 0x08
        while REQUEST_HEADER in damaged[1:] or REPLY_HEADER in damaged[1:]:  # that might promise a frame of its own
            damaged = bytearray(p.poll())
            damaged[at] ^= 0x08
        request = p.poll()
        p.answered(bytes(damaged) + request, request, f"a frame behind one damaged at byte {at % len(damaged)}")


@check("F8")
def an_impossible_length_is_not_waited_for(p: Probe) -> None:
    for length in (0, MAX_DATA + 1, 0x80, 0xFF):
        request = p.poll()
        p.answered(bytes((REQUEST_HEADER, p.address, length)) + request, request, f"a frame behind length {length}")


@check("F9")
def a_damaged_length_hides_a_frame_only_so_long(p: Probe) -> None:
    for header in (REQUEST_HEADER, REPLY_HEADER):
        for filler in (0, 5):
            request = p.poll()
            rest = bytes(filler) + request
            # The promised frame ends exactly where the request ends: command, data and CRC are all made of it.
            length = len(rest) - (OVERHEAD - 3)
            bogus = bytes((header, p.address, length)) + rest
            p.answered(bogus, request, "a frame inside what a damaged length promised")
    # The promise reaches beyond the request: it is found when the bytes of the next frames fill it up.
    request, fill = p.poll(), encode_request(Heartbeat(), p.sequence()) * (MAX_FRAME // 7 + 1)
    data = bytes((REQUEST_HEADER, p.address, MAX_DATA)) + request + fill
    p.answered(data, request, f"a frame hidden by a damaged length, {MAX_FRAME} bytes later")


@check("F10")
def any_junk_and_a_pause(p: Probe) -> None:
    rng = random.Random(20261122)
    for _ in range(_JUNK_ROUNDS):
        junk = bytearray(rng.randbytes(rng.randrange(1, MAX_FRAME)))
        if rng.random() < 0.7:  # headers and lengths as they hurt most
            junk += bytes((rng.choice((REQUEST_HEADER, REPLY_HEADER)), rng.randrange(4), rng.randrange(1, MAX_DATA)))
        if not harmless(bytes(junk)):
            continue
        p.put(bytes(junk))
        p.hush(GAP_S + 0.005 + p.line.allowance_s)
        request = p.poll()
        p.answered(request, request, f"a frame 15 ms behind {len(junk)} bytes of junk")


def harmless(junk: bytes) -> bool:
    """True when no frame with a good CRC is in it: junk must never be an order."""
    for start in range(len(junk)):
        decoder = FrameDecoder(REQUEST_HEADER)
        if decoder.feed(junk[start:]) or decoder.rescan():
            return False
    return True
