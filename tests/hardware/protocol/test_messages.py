"""Every message carries its values there and back; what must not be asked or answered is caught on both sides."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.gas_modes import InsufflationMode
from hardware.protocol import (
    MESSAGES,
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
    ReplyMalformedError,
    ReplyMemory,
    ReplyMismatchError,
    Request,
    RequestError,
    ResetGasUsed,
    SetExposure,
    SetExposureControl,
    SetFlow,
    SetGain,
    SetGas,
    SetIntensity,
    SetLight,
    SetMode,
    SetPressure,
    SetWhiteBalance,
    decode_reply,
    decode_request,
    encode_refusal,
    encode_reply,
    encode_request,
    identity_problem,
    reply_size,
)
from hardware.readings import (
    MODULES,
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


def hundredths(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(low * 100), round(high * 100)).map(lambda n: n / 100)


def or_nan(values: st.SearchStrategy[float]) -> st.SearchStrategy[float]:
    return st.one_of(values, st.just(math.nan))


unit = st.integers(0, 10_000).map(lambda n: n / 10_000)
signed = or_nan(hundredths(-327.67, 327.67))
text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8).map(str.strip)
time0 = st.just(5.0)

insufflator_readings = st.builds(
    InsufflatorReading,
    time0,
    signed,
    signed,
    signed,
    or_nan(st.integers(-32767, 32767).map(lambda n: n / 10)),
    or_nan(st.integers(0, 0xFFFF_FFFE).map(lambda n: n / 1000)),
    unit,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    hundredths(0, 655.35),
    hundredths(0, 655.35),
    st.integers(0, 0xFFFF).map(InsufflatorFault),
    st.sampled_from(InsufflationMode),
    st.integers(0, 0xFFFF_FFFF).map(lambda n: n / 10),
)
light_readings = st.builds(
    LightReading,
    time0,
    or_nan(st.integers(-32767, 32767).map(float)),
    unit,
    signed,
    or_nan(hundredths(0, 655.34)),
    st.booleans(),
    hundredths(0, 100),
    st.integers(0, 0xFFFF_FFFF).map(lambda n: n / 100),
    st.integers(0, 0xFFFF).map(LightFault),
)
camera_readings = st.builds(
    CameraReading,
    time0,
    st.booleans(),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFF),
    or_nan(hundredths(0, 655.34)),
    st.integers(0, 0xFFFF_FFFF),
    signed,
    signed,
    st.integers(0, 0xFFFF).map(CameraFault),
    st.integers(0, 0xFFFF).map(float),
    st.booleans(),
)
identities = st.builds(Identity, time0, st.sampled_from(ModuleKind), st.integers(0, 255), text, text)


def applied(values: st.SearchStrategy) -> st.SearchStrategy[Applied]:
    return st.builds(Applied, time0, values)


pressures, flows, percents = hundredths(1, 30), hundredths(0.1, 40), hundredths(0, 100)
modes, exposures, gains = st.sampled_from(InsufflationMode), hundredths(0.1, 16), hundredths(0, 24)
kelvins = st.integers(2500, 9500).map(float)
EXCHANGES: dict[type, tuple[st.SearchStrategy[Request], st.SearchStrategy | None]] = {
    Identify: (st.builds(Identify, st.sampled_from(MODULES), st.integers(0, 255)), identities),
    DriveInsufflator: (
        st.builds(DriveInsufflator, st.builds(InsufflatorDrive, unit, st.booleans(), st.booleans())),
        insufflator_readings,
    ),
    SetPressure: (st.builds(SetPressure, pressures), applied(pressures)),
    SetFlow: (st.builds(SetFlow, flows), applied(flows)),
    SetGas: (st.builds(SetGas, st.booleans()), applied(st.booleans())),
    ResetGasUsed: (st.just(ResetGasUsed()), applied(st.integers(0, 10**6).map(lambda n: n / 1000))),
    SetMode: (st.builds(SetMode, modes), applied(modes)),
    DriveLight: (st.builds(DriveLight, st.builds(LightDrive, unit, unit)), light_readings),
    SetIntensity: (st.builds(SetIntensity, percents), applied(percents)),
    SetLight: (st.builds(SetLight, st.booleans()), applied(st.booleans())),
    PollCamera: (st.just(PollCamera()), camera_readings),
    SetExposureControl: (st.builds(SetExposureControl, st.booleans()), applied(st.booleans())),
    SetExposure: (st.builds(SetExposure, exposures), applied(exposures)),
    SetGain: (st.builds(SetGain, gains), applied(gains)),
    SetWhiteBalance: (st.builds(SetWhiteBalance, kelvins), applied(kelvins)),
    MeasureWhiteBalance: (st.just(MeasureWhiteBalance()), applied(kelvins)),
    Heartbeat: (st.just(Heartbeat()), None),
    AllStop: (st.just(AllStop()), None),
}
any_request = st.sampled_from(list(EXCHANGES)).flatmap(lambda kind: EXCHANGES[kind][0])
answered = st.sampled_from([(asked, reply) for asked, reply in EXCHANGES.values() if reply is not None]).flatmap(
    lambda exchange: st.tuples(*exchange)
)
sequences = st.integers(0, 255)


def frame_of(wire: bytes) -> Frame:
    (frame,) = FrameDecoder(wire[0]).feed(wire)
    return frame


def same(a: object, b: object) -> bool:
    """Equal field by field, NaN being equal to NaN: "no value" stays "no value"."""
    pairs = zip(dataclasses.astuple(a), dataclasses.astuple(b), strict=True)  # type: ignore[call-overload]
    return type(a) is type(b) and all(x == y or (x != x and y != y) for x, y in pairs)


def test_every_message_of_the_table_is_tried_here():
    assert {message.request for message in MESSAGES} == set(EXCHANGES)
    assert len({message.command for message in MESSAGES}) == len(MESSAGES)
    assert all(0 < message.command < 0x7F for message in MESSAGES)


@given(any_request, sequences)
def test_a_request_arrives_as_it_was_sent(request, sequence):
    frame = frame_of(encode_request(request, sequence))
    assert frame.header == REQUEST_HEADER
    assert frame.sequence == sequence
    assert decode_request(frame) == request


@given(answered, sequences)
def test_a_reply_arrives_as_it_was_given(exchange, sequence):
    request, reply = exchange
    wire = encode_reply(request, sequence, reply)
    assert len(wire) == reply_size(request)
    assert same(decode_reply(frame_of(wire), request, sequence, 5.0), reply)


@given(answered, sequences, st.sampled_from(Reason))
def test_a_refusal_says_which_command_and_why(exchange, sequence, reason):
    request, _ = exchange
    asked = frame_of(encode_request(request, sequence))
    frame = frame_of(encode_refusal(asked, reason))
    assert decode_reply(frame, request, sequence, 2.0) == Refusal(2.0, asked.command, reason)


@given(answered, sequences)
def test_a_reply_to_something_else_is_told_apart(exchange, sequence):
    request, reply = exchange
    frame = frame_of(encode_reply(request, sequence, reply))
    for part, other in (
        ("address", frame._replace(address=frame.address + 1)),
        ("command", frame._replace(command=frame.command ^ 0x40)),
        ("sequence", frame._replace(data=bytes((sequence ^ 1,)) + frame.data[1:])),
    ):
        with pytest.raises(ReplyMismatchError) as error:
            decode_reply(other, request, sequence, 0.0)
        assert error.value.part == part


def test_a_refusal_of_another_command_is_no_answer():
    frame = frame_of(encode_refusal(frame_of(encode_request(SetPressure(12.0), 3)), Reason.NOT_NOW))
    with pytest.raises(ReplyMismatchError):
        decode_reply(frame, SetGas(True), 3, 0.0)


@given(answered, st.sampled_from([-1, 1, 5]))
def test_a_reply_of_a_wrong_length_is_malformed(exchange, change):
    request, reply = exchange
    frame = frame_of(encode_reply(request, 9, reply))
    data = frame.data[:change] if change < 0 else frame.data + bytes(change)
    if len(data) > 0:
        with pytest.raises((ReplyMalformedError, ReplyMismatchError), match=r"data bytes|sequence"):
            decode_reply(frame._replace(data=data), request, 9, 0.0)


@pytest.mark.parametrize(
    ("request_", "command", "data"),
    [
        (
            DriveInsufflator(InsufflatorDrive()),
            0x90,
            bytes(13) + b"\x11\x27" + bytes(7) + b"\x02" + bytes(4),
        ),  # duty
        (
            DriveInsufflator(InsufflatorDrive()),
            0x90,
            bytes(15) + b"\x08" + bytes(6) + b"\x02" + bytes(4),
        ),  # reserved
        (DriveInsufflator(InsufflatorDrive()), 0x90, bytes(27)),  # mode 0
        (SetGas(True), 0x93, b"\x00\x02"),
        (SetPressure(12.0), 0x91, b"\x00\xff\xff"),
        (Identify(Address.LIGHT), 0x81, b"\x00\x09\x01" + bytes(20)),  # no such kind
        (Identify(Address.LIGHT), 0x81, b"\x00\x02\x01" + b"\x1b" * 20),  # no printable text
        (SetGas(True), 0xFF, b"\x00\x13\x63"),  # no such reason
    ],
)
def test_a_reply_with_an_impossible_field_is_malformed_not_a_value(request_, command, data):
    with pytest.raises(ReplyMalformedError):
        decode_reply(Frame(REPLY_HEADER, request_.address, command, data), request_, 0, 0.0)


@pytest.mark.parametrize(
    "request_",
    [
        SetPressure(0.99),
        SetPressure(30.01),
        SetPressure(math.nan),
        SetFlow(40.5),
        SetFlow(math.inf),
        SetIntensity(-1.0),
        SetIntensity(100.5),
        DriveInsufflator(InsufflatorDrive(duty=1.01)),
        DriveInsufflator(InsufflatorDrive(duty=math.nan)),
        DriveLight(LightDrive(drive=-0.1)),
    ],
)
def test_what_is_out_of_range_is_never_sent_and_never_clipped(request_):
    with pytest.raises(ValueError, match="must be"):
        encode_request(request_, 0)


def test_a_request_goes_only_where_it_belongs():
    with pytest.raises(ValueError, match="SetPressure can't go to"):
        encode_request(SetPressure(12.0, Address.LIGHT), 0)


@pytest.mark.parametrize(
    ("address", "command", "data", "reason"),
    [
        (1, 0x55, b"\x00", Reason.UNKNOWN_COMMAND),
        (1, 0x20, b"\x00" * 5, Reason.UNKNOWN_COMMAND),  # the light's, at the insufflator
        (1, 0x71, b"\x00", Reason.UNKNOWN_COMMAND),  # the all-stop is a broadcast only
        (1, 0x11, b"\x00\x01", Reason.BAD_LENGTH),
        (1, 0x11, b"\x00\x01\x02\x03", Reason.BAD_LENGTH),
        (1, 0x11, b"\x00\x63\x00", Reason.OUT_OF_RANGE),  # 0.99 mmHg
        (1, 0x11, b"\x00\xb9\x0b", Reason.OUT_OF_RANGE),  # 30.01 mmHg
        (1, 0x13, b"\x00\x02", Reason.OUT_OF_RANGE),
        (1, 0x15, b"\x00\x00", Reason.OUT_OF_RANGE),  # no mode 0
        (1, 0x15, b"\x00\x05", Reason.OUT_OF_RANGE),
        (3, 0x32, b"\x00\x41\x06", Reason.OUT_OF_RANGE),  # 16.01 ms
        (3, 0x34, b"\x00\xc3\x09", Reason.OUT_OF_RANGE),  # 2499 K
        (1, 0x10, b"\x00\x11\x27\x00", Reason.OUT_OF_RANGE),  # duty 1.0001
        (1, 0x10, b"\x00\x00\x00\x04", Reason.OUT_OF_RANGE),  # reserved
    ],
)
def test_a_slave_learns_why_to_refuse(address, command, data, reason):
    with pytest.raises(RequestError) as error:
        decode_request(Frame(REQUEST_HEADER, address, command, data))
    assert error.value.reason is reason


@given(st.integers(0, 255), st.binary(min_size=1, max_size=64), st.integers(0, 255))
def test_any_frame_is_a_request_or_a_reasoned_refusal(command, data, address):
    frame = Frame(REQUEST_HEADER, address, command, data)
    try:
        request = decode_request(frame)
    except RequestError:
        return  # any other error would fail this test
    assert frame_of(encode_request(request, frame.sequence)) == frame


def test_a_sensor_beyond_the_wire_s_range_reads_as_its_end_and_a_broken_one_as_no_value():
    request = DriveInsufflator(InsufflatorDrive())
    reading = InsufflatorReading(
        0.0, 1e6, math.nan, -1e6, math.inf, math.nan, 0.0, False, False, False, 12.0, 10.0, InsufflatorFault.NONE
    )
    got = decode_reply(frame_of(encode_reply(request, 0, reading)), request, 0, 0.0)
    assert isinstance(got, InsufflatorReading)
    assert (got.pressure_mmhg, got.flow_l_min, got.cylinder_bar) == (327.67, -327.67, 3276.7)
    assert math.isnan(got.pressure2_mmhg)
    assert math.isnan(got.gas_used_l)


def test_a_fault_that_only_a_newer_slave_knows_is_still_a_fault():
    request = DriveLight(LightDrive())
    reading = LightReading(0.0, 0.0, 0.0, 20.0, 0.0, False, 0.0, 0.0, LightFault(0x4000))
    got = decode_reply(frame_of(encode_reply(request, 0, reading)), request, 0, 0.0)
    assert isinstance(got, LightReading)
    assert got.faults
    assert int(got.faults) == 0x4000


def test_a_broadcast_has_no_reply():
    assert reply_size(AllStop()) == 0
    with pytest.raises(ValueError, match="broadcast"):
        encode_reply(AllStop(), 0, Applied(0.0, True))


@pytest.mark.parametrize(("request_", "size"), [(DriveInsufflator(InsufflatorDrive()), 22), (PollCamera(), 18)])
def test_a_status_of_version_1_is_told_from_a_broken_one(request_, size):
    command = frame_of(encode_request(request_, 1)).command | 0x80
    with pytest.raises(ReplyMalformedError, match=r"protocol version 1, update the module's firmware"):
        decode_reply(Frame(REPLY_HEADER, request_.address, command, bytes((1,)) + bytes(size - 1)), request_, 1, 0.0)
    with pytest.raises(ReplyMalformedError) as error:
        decode_reply(Frame(REPLY_HEADER, request_.address, command, bytes((1,)) + bytes(size)), request_, 1, 0.0)
    assert "version" not in str(error.value)


def test_the_wrong_module_and_the_wrong_version_are_named():
    assert identity_problem(Identity(0.0, ModuleKind.LIGHT, 2, "1", "2"), Address.LIGHT) is None
    assert "is a camera" in (identity_problem(Identity(0.0, ModuleKind.CAMERA, 2, "1", "2"), Address.LIGHT) or "")
    assert "version 7" in (identity_problem(Identity(0.0, ModuleKind.LIGHT, 7, "1", "2"), Address.LIGHT) or "")


class TestReplyMemory:
    request = Frame(REQUEST_HEADER, 1, 0x13, b"\x05\x01")

    def test_the_same_request_gets_the_same_reply(self):
        memory = ReplyMemory()
        assert memory.recall(self.request, 1.0) is None
        memory.remember(self.request, b"reply", 1.0)
        assert memory.recall(self.request, 1.4) == b"reply"

    def test_another_one_is_new(self):
        memory = ReplyMemory()
        memory.remember(self.request, b"reply", 1.0)
        assert memory.recall(self.request._replace(data=b"\x06\x01"), 1.1) is None
        assert memory.recall(self.request._replace(data=b"\x05\x00"), 1.1) is None

    def test_it_forgets_after_half_a_second_and_when_told_to(self):
        memory = ReplyMemory()
        memory.remember(self.request, b"reply", 1.0)
        assert memory.recall(self.request, 1.51) is None
        memory.remember(self.request, b"reply", 2.0)
        memory.clear()
        assert memory.recall(self.request, 2.1) is None
