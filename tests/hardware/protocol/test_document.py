"""docs/protocol.md says what the code does: every table, every example."""

from __future__ import annotations

import math
import re
from enum import IntFlag
from pathlib import Path

import pytest

from hardware.bus.plan import POLLS, BusPlan
from hardware.protocol import (
    MAX_DATA,
    MESSAGES,
    PROTOCOL_VERSION,
    REPLY_HEADER,
    REQUEST_HEADER,
    AllStop,
    Applied,
    DriveInsufflator,
    DriveLight,
    Frame,
    FrameDecoder,
    Heartbeat,
    Identify,
    Identity,
    Message,
    ModuleKind,
    PollCamera,
    Reason,
    Refusal,
    RequestError,
    SetGas,
    SetPressure,
    crc16,
    decode_reply,
    decode_request,
    encode_refusal,
)
from hardware.protocol.crc import TABLE
from hardware.protocol.fields import Bits, Faults, Field, Layout, Number, Text
from hardware.protocol.repeat import MEMORY_S
from hardware.readings import (
    Address,
    CameraFault,
    CameraReading,
    InsufflatorDrive,
    InsufflatorFault,
    InsufflatorReading,
    LightDrive,
    LightFault,
    LightReading,
)

DOCUMENT = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = {m[1]: m[2] for m in re.finditer(r"^#{2,3} (.+?)\n(.*?)(?=^#{2,3} |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)}
TYPES = {"B": ("u8", 1), "H": ("u16", 2), "h": ("i16", 2), "I": ("u32", 4)}


def tables(text: str) -> list[list[list[str]]]:
    """The rows (without the heading) of each table in `text`."""
    found = re.findall(r"(?:^\|.*\|\n)+", text + "\n", re.MULTILINE)
    rows = [[[c.strip() for c in line[1:-1].split("|")] for line in table.strip().split("\n")] for table in found]
    return [table[2:] for table in rows]


def row(field: Field, offset: int) -> tuple[list[str], int]:
    """What the document must say of a field at `offset`, and its size."""
    field = getattr(field, "field", field)  # a setpoint's applied value is described as the setpoint
    match field:
        case Text(name=name, size=size):
            return [str(offset), f"text[{size}]", name, "", "", ""], size
        case Number(name=name, scale=scale):
            low, high = field.wire_range
            nothing = "" if field.invalid is None else str(field.invalid)
            kind, size = TYPES[field.code]
            return [str(offset), kind, name, f"{scale:g}", f"{low}..{high}", nothing], size
        case Bits(names=names):
            text = ", ".join(f"bit {bit} {name}" for bit, name in enumerate(names))
            return [str(offset), "u8", text, "", f"0..{2 ** len(names) - 1}", ""], 1
        case Faults(name=name, kind=kind):
            return [str(offset), "u16", f"{name} ({kind.__name__})", "", "0..65535", ""], 2
    raise AssertionError(f"the document can't describe {field}")


def described(layout: Layout) -> list[list[str]]:
    rows, offset = [["0", "u8", "sequence", "1", "0..255", ""]], 1
    for field in layout.fields:
        text, size = row(field, offset)
        rows.append(text)
        offset += size
    assert offset == layout.size
    return rows


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.request.__name__)
def test_the_tables_of_a_message_are_its_layout(message: Message):
    section = SECTIONS[f"0x{message.command:02X} {message.request.__name__}"]
    found = tables(section)
    assert f"Request 0x{message.command:02X}, {message.request_layout.size} data bytes:" in section
    assert found[0] == described(message.request_layout)
    if message.reply_layout:
        assert f"Reply 0x{message.command | 0x80:02X}, {message.reply_layout.size} data bytes:" in section
        assert found[1] == described(message.reply_layout)


@pytest.mark.parametrize(
    ("heading", "faults"),
    [
        ("0x10 DriveInsufflator", InsufflatorFault),
        ("0x20 DriveLight", LightFault),
        ("0x30 PollCamera", CameraFault),
    ],
)
def test_the_fault_bits_are_named(heading: str, faults: type[IntFlag]):
    listed = [(bit, name) for bit, name, _ in tables(SECTIONS[heading])[2]]
    assert listed == [(str(f.value.bit_length() - 1), f.name) for f in faults if f.value]


def test_reasons_and_addresses_are_listed():
    assert [(int(n), name) for n, name, _ in tables(SECTIONS["0xFF Refusal"])[1]] == [(r.value, r.name) for r in Reason]
    assert [int(n, 16) for n, _ in tables(SECTIONS["Frame"])[1]] == [int(a) for a in Address]
    assert f"version {PROTOCOL_VERSION}\n" in DOCUMENT


def test_no_message_is_described_that_does_not_exist():
    described_ones = {heading for heading in SECTIONS if heading.startswith("0x")}
    assert described_ones == {f"0x{m.command:02X} {m.request.__name__}" for m in MESSAGES} | {"0xFF Refusal"}


def test_timing_is_the_master_s():
    plan = BusPlan()
    timing = dict(tables(SECTIONS["Exchanges"])[0])
    period_ms = {poll.address: round(poll.period_s * 1e3) for poll in POLLS}
    expected = {
        "a slave must begin to reply within": f"{plan.slave_time_s * 1e3:g} ms",
        "the master waits for the whole reply": f"{plan.timeout_s * 1e3:g} ms; {plan.shortest_timeout_s * 1e3:g} to",
        "repetitions of a setpoint without reply": f"{plan.retries},",
        "insufflator driven": f"every {period_ms[Address.INSUFFLATOR]} ms",
        "light source driven": f"every {period_ms[Address.LIGHT]} ms",
        "camera polled": f"every {period_ms[Address.CAMERA]} ms",
        "a link counts as lost": f"after {plan.link_lost_s * 1e3:g} ms",
        "heartbeat": f"when the master has sent nothing for {plan.heartbeat_s * 1e3:g} ms",
        "after a broadcast the master is silent for": f"{plan.broadcast_gap_s * 1e3:g} ms",
    }
    assert {name: timing[name][: len(text)] for name, text in expected.items()} == expected
    assert f"it gave, for {MEMORY_S * 1e3:g} ms" in " ".join(DOCUMENT.split())
    assert f"{plan.baud_rate} baud" in DOCUMENT
    assert f"N, 1..{MAX_DATA}" in DOCUMENT


def test_the_worked_crc_is_right():
    octets, steps = ([*line] for line in _crc_table())
    data = bytes(int(octet, 16) for octet in octets)
    assert [f"{crc16(data[: i + 1]):04X}" for i in range(len(data))] == steps
    for number in re.findall(r"0x[0-9A-F]{4}", SECTIONS["CRC"].split("begins")[1].split("Check")[0])[:-1]:
        assert int(number, 16) in TABLE[:8]
    assert "ends with 0x4040" in SECTIONS["CRC"]
    assert TABLE[-1] == 0x4040


def _crc_table() -> tuple[list[str], list[str]]:
    lines = re.findall(r"^\| (byte|crc) \| (.*) \|$", SECTIONS["CRC"], re.MULTILINE)
    by_name = {name: text.split(" | ") for name, text in lines}
    return by_name["byte"], by_name["crc"]


STATUS = InsufflatorReading(
    0.0, 11.5, 11.4, 8.25, 52.0, 3.75, 0.35, True, False, True, 12.0, 10.0, InsufflatorFault.NONE
)
LIGHT = LightReading(0.0, 900.0, 0.3, 41.25, 44.5, True, 30.0, 1234.5, LightFault.NONE)
CAMERA = CameraReading(0.0, True, 1280, 720, 30.0, 8000, 6.0, 38.5, CameraFault.NONE)
# What the examples say in words, in their order.
EXAMPLES = [
    Identify(Address.INSUFFLATOR),
    Identity(0.0, ModuleKind.INSUFFLATOR, 1, "1.0.0", "LI-000123"),
    DriveInsufflator(InsufflatorDrive(0.35, True, False)),
    STATUS,
    "sensor 2 broken",
    SetPressure(15.0),
    Applied(0.0, 15.0),
    SetPressure(15.0),
    Applied(0.0, 15.0),
    SetGas(True),
    Refusal(0.0, 0x13, Reason.NOT_NOW),
    Reason.OUT_OF_RANGE,
    Refusal(0.0, 0x11, Reason.OUT_OF_RANGE),
    Reason.UNKNOWN_COMMAND,
    Refusal(0.0, 0x11, Reason.UNKNOWN_COMMAND),
    DriveLight(LightDrive(0.3, 0.45)),
    LIGHT,
    PollCamera(),
    CAMERA,
    Heartbeat(),
    AllStop(),
]


def test_every_example_is_a_frame_and_says_what_its_caption_says():
    lines = re.findall(r"^    ([<>]) ((?:[0-9A-F]{2} ?)+)$", SECTIONS["Examples"], re.MULTILINE)
    assert len(lines) == len(EXAMPLES)
    request: Frame | None = None
    for (direction, text), expected in zip(lines, EXAMPLES, strict=True):
        header = {">": REQUEST_HEADER, "<": REPLY_HEADER}[direction]
        (frame,) = FrameDecoder(header).feed(bytes.fromhex(text))
        if direction == ">":
            request = frame
            assert _asked(frame) == expected
        else:
            assert request is not None
            _check_answer(frame, request, expected)


def _asked(frame: Frame) -> object:
    try:
        return decode_request(frame)
    except RequestError as error:
        return error.reason


def _check_answer(frame: Frame, request: Frame, expected: object) -> None:
    if isinstance(expected, Refusal):
        assert FrameDecoder(REPLY_HEADER).feed(encode_refusal(request, expected.reason)) == [frame]
        return
    reply = decode_reply(frame, decode_request(request), request.sequence, 0.0)
    if expected == "sensor 2 broken":
        assert isinstance(reply, InsufflatorReading)
        assert math.isnan(reply.pressure2_mmhg)
        assert reply.faults == InsufflatorFault.PRESSURE_SENSOR_2
    else:
        assert reply == expected
