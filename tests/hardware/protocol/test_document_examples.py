"""docs/protocol.md: its worked CRC and every hex example are what the code makes of them."""

from __future__ import annotations

import math
import re
from pathlib import Path

from hardware.gas_modes import InsufflationMode
from hardware.limits import (
    BOARD_FULL_SCALE_MA,
)
from hardware.protocol import (
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
    MeasureWhiteBalance,
    ModuleKind,
    PollCamera,
    Reason,
    Refusal,
    RequestError,
    SetExposure,
    SetFlow,
    SetGas,
    SetMode,
    SetPressure,
    crc16,
    decode_reply,
    decode_request,
    encode_refusal,
)
from hardware.protocol.crc import TABLE
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
    0.0,
    11.5,
    11.4,
    8.25,
    52.0,
    3.75,
    0.35,
    True,
    False,
    True,
    12.0,
    10.0,
    InsufflatorFault.NONE,
    InsufflationMode.ADULT,
    95.0,
)
LIGHT = LightReading(
    0.0, 0.3 * BOARD_FULL_SCALE_MA, 0.3, 41.25, 44.5, True, 36.0, 1234.5, LightFault.NONE
)  # 36 % of rated
CAMERA = CameraReading(0.0, True, 1280, 720, 30.0, 8000, 6.0, 38.5, CameraFault.NONE, 5600.0, True)
# What the examples say in words, in their order.
EXAMPLES = [
    Identify(Address.INSUFFLATOR),
    Identity(0.0, ModuleKind.INSUFFLATOR, 2, "1.0.0", "LI-000123"),
    Identify(Address.INSUFFLATOR),
    Refusal(0.0, 0x01, Reason.PROTOCOL_VERSION),
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
    SetMode(InsufflationMode.PAEDIATRIC),
    Applied(0.0, InsufflationMode.PAEDIATRIC),
    SetFlow(20.0),
    Refusal(0.0, 0x12, Reason.OUT_OF_RANGE),
    DriveLight(LightDrive(0.3, 0.45)),
    LIGHT,
    PollCamera(),
    CAMERA,
    SetExposure(4.0),
    Applied(0.0, 4.0),
    MeasureWhiteBalance(),
    Applied(0.0, 5400.0),
    MeasureWhiteBalance(),
    Refusal(0.0, 0x35, Reason.NOT_NOW),
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
