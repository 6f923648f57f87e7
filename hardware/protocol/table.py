"""Every message of the bus, one row each: command, addresses, fields of request and reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from hardware.gas_modes import InsufflationMode
from hardware.protocol.fields import Bits, Faults, Layout, Number, Text
from hardware.protocol.requests import (
    AllStop,
    Applied,
    DriveInsufflator,
    DriveLight,
    Heartbeat,
    Identify,
    Identity,
    MeasureWhiteBalance,
    ModuleKind,
    PollCamera,
    Reply,
    Request,
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
)
from hardware.quantities import (
    CAMERA_EXPOSURE,
    CAMERA_GAIN,
    CAMERA_WHITE_BALANCE,
    FLOW_SETPOINT,
    LIGHT_INTENSITY,
    PRESSURE_SETPOINT,
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


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the table.

    `body` finds the object whose attributes are the request's fields, `make_request` and `make_reply` build the values
    from field values.  `repeatable` is True for setpoints: sent again with the same sequence number when no reply
    comes, and then applied once.
    """

    command: int
    request: type
    addresses: tuple[Address, ...]
    request_layout: Layout
    make_request: Callable[[Address, dict[str, Any]], Request]
    reply_layout: Layout | None = None
    make_reply: Callable[[float, dict[str, Any]], Reply] | None = None
    body: Callable[[Any], object] = lambda request: request
    repeatable: bool = False


def _setpoint(command: int, request: type, address: Address, field: Number | Bits) -> Message:
    """A row whose reply is the applied value, in the request's own field."""
    (name,) = field.names
    return Message(
        command,
        request,
        (address,),
        Layout(field),
        lambda to, values: request(values[name], address=to),
        Layout(_AppliedField(field)),
        lambda time_s, values: Applied(time_s, values[name]),
        repeatable=True,
    )


@dataclass(frozen=True, slots=True)
class _AppliedField:
    """A request's field as it comes back: the attribute is `Applied.value`."""

    field: Number | Bits

    @property
    def code(self) -> str:
        return self.field.code

    @property
    def names(self) -> tuple[str, ...]:
        return self.field.names

    def pack(self, source: Any) -> int:
        return self.field.pack(SimpleNamespace(**{self.field.names[0]: source.value}))

    def unpack(self, wire: int | bytes) -> dict[str, object]:
        return dict(self.field.unpack(wire))


_FIRST_PRESSURE = Number("pressure_mmhg", "H", 0.01, PRESSURE_SETPOINT.minimum, PRESSURE_SETPOINT.maximum)
_STANDARD_FLOW = Number("flow_l_min", "H", 0.01, FLOW_SETPOINT.minimum, FLOW_SETPOINT.maximum)
_INTENSITY = Number("intensity_percent", "H", 0.01, LIGHT_INTENSITY.minimum, LIGHT_INTENSITY.maximum)
_MODE = Number("mode", "B", minimum=min(InsufflationMode), maximum=max(InsufflationMode), whole=True)
_EXPOSURE = Number("exposure_ms", "H", 0.01, CAMERA_EXPOSURE.minimum, CAMERA_EXPOSURE.maximum)
_GAIN = Number("gain_db", "H", 0.01, CAMERA_GAIN.minimum, CAMERA_GAIN.maximum)
_WHITE_BALANCE = Number("white_balance_k", "H", 1.0, CAMERA_WHITE_BALANCE.minimum, CAMERA_WHITE_BALANCE.maximum)
_GAS_USED = Number("gas_used_l", "I", 0.001, measured=True)

_INSUFFLATOR_STATUS = Layout(
    Number("pressure_mmhg", "h", 0.01, measured=True),
    Number("pressure2_mmhg", "h", 0.01, measured=True),
    Number("flow_l_min", "h", 0.01, measured=True),
    Number("cylinder_bar", "h", 0.1, measured=True),
    _GAS_USED,
    Number("duty", "H", 0.0001, 0.0, 1.0),
    Bits(("solenoid_open", "relief_open", "running")),
    Number("pressure_setpoint_mmhg", "H", 0.01),
    Number("flow_setpoint_l_min", "H", 0.01),
    Faults(InsufflatorFault),
    _MODE,
    Number("supply_s", "I", 0.1),
)
_LIGHT_STATUS = Layout(
    Number("current_ma", "h", measured=True),
    Number("drive", "H", 0.0001, 0.0, 1.0),
    Number("temperature_c", "h", 0.01, measured=True),
    Number("fan_percent", "H", 0.01, measured=True),
    Bits(("on",)),
    Number("intensity_setpoint_percent", "H", 0.01, 0.0, 100.0),
    Number("hours", "I", 0.01),
    Faults(LightFault),
)
_CAMERA_STATUS = Layout(
    Bits(("streaming",)),
    Number("width", "H", whole=True),
    Number("height", "H", whole=True),
    Number("frame_rate", "H", 0.01, measured=True),
    Number("exposure_us", "I", whole=True),
    Number("gain_db", "h", 0.01, measured=True),
    Number("temperature_c", "h", 0.01, measured=True),
    Faults(CameraFault),
    Number("white_balance_k", "H", 1.0),
    Bits(("automatic",)),
)
_IDENTITY = Layout(
    Number("kind", "B", minimum=min(ModuleKind), maximum=max(ModuleKind), whole=True),
    Number("protocol_version", "B", whole=True),
    Text("firmware", 8),
    Text("serial_number", 12),
)


def _make_insufflator_reading(time_s: float, values: dict[str, Any]) -> InsufflatorReading:
    values["mode"] = InsufflationMode(values["mode"])
    return InsufflatorReading(time_s, **values)


def _make_identity(time_s: float, values: dict[str, Any]) -> Identity:
    values["kind"] = ModuleKind(values["kind"])
    return Identity(time_s, **values)


MESSAGES: tuple[Message, ...] = (
    Message(
        0x01,
        Identify,
        MODULES,
        Layout(Number("protocol_version", "B", whole=True)),
        lambda to, values: Identify(to, **values),
        _IDENTITY,
        _make_identity,
        repeatable=True,
    ),
    Message(
        0x10,
        DriveInsufflator,
        (Address.INSUFFLATOR,),
        Layout(Number("duty", "H", 0.0001, 0.0, 1.0), Bits(("solenoid_open", "relief_open"))),
        lambda to, values: DriveInsufflator(InsufflatorDrive(**values), to),
        _INSUFFLATOR_STATUS,
        _make_insufflator_reading,
        body=attrgetter("drive"),
    ),
    _setpoint(0x11, SetPressure, Address.INSUFFLATOR, _FIRST_PRESSURE),
    _setpoint(0x12, SetFlow, Address.INSUFFLATOR, _STANDARD_FLOW),
    _setpoint(0x13, SetGas, Address.INSUFFLATOR, Bits(("running",))),
    Message(
        0x14,
        ResetGasUsed,
        (Address.INSUFFLATOR,),
        Layout(),
        lambda to, _values: ResetGasUsed(to),
        Layout(_AppliedField(_GAS_USED)),
        lambda time_s, values: Applied(time_s, values["gas_used_l"]),
        repeatable=True,
    ),
    Message(
        0x15,
        SetMode,
        (Address.INSUFFLATOR,),
        Layout(_MODE),
        lambda to, values: SetMode(InsufflationMode(values["mode"]), to),
        Layout(_AppliedField(_MODE)),
        lambda time_s, values: Applied(time_s, values["mode"]),
        repeatable=True,
    ),
    Message(
        0x20,
        DriveLight,
        (Address.LIGHT,),
        Layout(Number("drive", "H", 0.0001, 0.0, 1.0), Number("fan", "H", 0.0001, 0.0, 1.0)),
        lambda to, values: DriveLight(LightDrive(**values), to),
        _LIGHT_STATUS,
        lambda time_s, values: LightReading(time_s, **values),
        body=attrgetter("drive"),
    ),
    _setpoint(0x21, SetIntensity, Address.LIGHT, _INTENSITY),
    _setpoint(0x22, SetLight, Address.LIGHT, Bits(("on",))),
    Message(
        0x30,
        PollCamera,
        (Address.CAMERA,),
        Layout(),
        lambda to, _values: PollCamera(to),
        _CAMERA_STATUS,
        lambda time_s, values: CameraReading(time_s, **values),
    ),
    _setpoint(0x31, SetExposureControl, Address.CAMERA, Bits(("automatic",))),
    _setpoint(0x32, SetExposure, Address.CAMERA, _EXPOSURE),
    _setpoint(0x33, SetGain, Address.CAMERA, _GAIN),
    _setpoint(0x34, SetWhiteBalance, Address.CAMERA, _WHITE_BALANCE),
    Message(
        0x35,
        MeasureWhiteBalance,
        (Address.CAMERA,),
        Layout(),
        lambda to, _values: MeasureWhiteBalance(to),
        Layout(_AppliedField(_WHITE_BALANCE)),
        lambda time_s, values: Applied(time_s, values["white_balance_k"]),
        repeatable=True,
    ),
    Message(0x70, Heartbeat, (Address.BROADCAST,), Layout(), lambda _to, _values: Heartbeat()),
    Message(0x71, AllStop, (Address.BROADCAST,), Layout(), lambda _to, _values: AllStop()),
)
# Data bytes of replies as older versions had them -> that version, by command.  What a module of an older version sends
# is told from a broken reply by nothing else.
OLDER_REPLY_SIZES: dict[int, dict[int, int]] = {0x10: {22: 1}, 0x30: {18: 1}}
MESSAGES_BY_COMMAND: dict[int, Message] = {message.command: message for message in MESSAGES}
MESSAGES_BY_REQUEST: dict[type, Message] = {message.request: message for message in MESSAGES}
