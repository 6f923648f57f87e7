"""What the master may ask of a slave and what a slave may answer, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from hardware.gas_modes import InsufflationMode
from hardware.readings import (
    Address,
    CameraReading,
    InsufflatorDrive,
    InsufflatorReading,
    LightDrive,
    LightReading,
)

PROTOCOL_VERSION = 2


class ModuleKind(IntEnum):
    """What a slave says that it is."""

    INSUFFLATOR = 1
    LIGHT = 2
    CAMERA = 3


class Reason(IntEnum):
    """Why a slave refused a request."""

    UNKNOWN_COMMAND = 1  # this kind of slave has no such command
    BAD_LENGTH = 2  # the data is not as long as this command's
    OUT_OF_RANGE = 3  # a field holds what it must not; nothing was applied
    NOT_NOW = 4  # an interlock forbids it in the present state
    FAULT = 5  # a fault of the slave forbids it until it is mended
    PROTOCOL_VERSION = 6  # Identify named a version that this slave can't speak


@dataclass(frozen=True, slots=True)
class Identify:
    """Who are you?  Answered by `Identity`.  `protocol_version` is the master's."""

    address: Address
    protocol_version: int = PROTOCOL_VERSION


@dataclass(frozen=True, slots=True)
class DriveInsufflator:
    """Order the valves, and be told the status: one exchange a cycle.  Answered by `InsufflatorReading`."""

    drive: InsufflatorDrive
    address: Address = Address.INSUFFLATOR


@dataclass(frozen=True, slots=True)
class SetPressure:
    """Set P1.  Answered by `Applied` with the pressure in mmHg."""

    pressure_mmhg: float
    address: Address = Address.INSUFFLATOR


@dataclass(frozen=True, slots=True)
class SetFlow:
    """Set the standard flow.  Answered by `Applied` with the flow in l/min."""

    flow_l_min: float
    address: Address = Address.INSUFFLATOR


@dataclass(frozen=True, slots=True)
class SetGas:
    """Enable the gas supply, or close both valves.  Answered by `Applied` with the state."""

    running: bool
    address: Address = Address.INSUFFLATOR


@dataclass(frozen=True, slots=True)
class ResetGasUsed:
    """Set the counts of gas used and supply time back to zero.  Answered by `Applied` with the count in l."""

    address: Address = Address.INSUFFLATOR


@dataclass(frozen=True, slots=True)
class SetMode:
    """Enter a mode of insufflation, with its ranges and its standard flow.  Answered by `Applied` with the mode."""

    mode: InsufflationMode
    address: Address = Address.INSUFFLATOR


@dataclass(frozen=True, slots=True)
class DriveLight:
    """Order LED input and fan, and be told the status.  Answered by `LightReading`."""

    drive: LightDrive
    address: Address = Address.LIGHT


@dataclass(frozen=True, slots=True)
class SetIntensity:
    """Set the light's intensity.  Answered by `Applied` with the intensity in %."""

    intensity_percent: float
    address: Address = Address.LIGHT


@dataclass(frozen=True, slots=True)
class SetLight:
    """Light on, or to standby.  Answered by `Applied` with the state."""

    on: bool
    address: Address = Address.LIGHT


@dataclass(frozen=True, slots=True)
class PollCamera:
    """How are you?  Answered by `CameraReading`."""

    address: Address = Address.CAMERA


@dataclass(frozen=True, slots=True)
class SetExposureControl:
    """Exposure and gain by the head's own automatic, or as set.  Answered by `Applied` with the state."""

    automatic: bool
    address: Address = Address.CAMERA


@dataclass(frozen=True, slots=True)
class SetExposure:
    """Set the exposure; ends the automatic.  Answered by `Applied` with the exposure in ms."""

    exposure_ms: float
    address: Address = Address.CAMERA


@dataclass(frozen=True, slots=True)
class SetGain:
    """Set the gain; ends the automatic.  Answered by `Applied` with the gain in dB."""

    gain_db: float
    address: Address = Address.CAMERA


@dataclass(frozen=True, slots=True)
class SetWhiteBalance:
    """Set which colour temperature is shown as white.  Answered by `Applied` with it in K."""

    white_balance_k: float
    address: Address = Address.CAMERA


@dataclass(frozen=True, slots=True)
class MeasureWhiteBalance:
    """Take what the head sees now (a white swab) for white.  Answered by `Applied` with the temperature found, K."""

    address: Address = Address.CAMERA


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The master lives.  To all, answered by none."""

    address: Address = Address.BROADCAST


@dataclass(frozen=True, slots=True)
class AllStop:
    """Make the patient safe: gas supply off and valves closed, light to standby.  To all, answered by none."""

    address: Address = Address.BROADCAST


Request = (
    Identify
    | DriveInsufflator
    | SetPressure
    | SetFlow
    | SetGas
    | ResetGasUsed
    | SetMode
    | DriveLight
    | SetIntensity
    | SetLight
    | PollCamera
    | SetExposureControl
    | SetExposure
    | SetGain
    | SetWhiteBalance
    | MeasureWhiteBalance
    | Heartbeat
    | AllStop
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a slave is.  `time_s` is the master's monotonic clock at receipt."""

    time_s: float
    kind: ModuleKind
    protocol_version: int
    firmware: str  # at most 8 printable ASCII characters
    serial_number: str  # at most 12 printable ASCII characters


@dataclass(frozen=True, slots=True)
class Applied:
    """The value that is active in the slave now, in the unit of the request: the one the slave took, not the one
    asked for.  A number for numbers, a bool for on/off."""

    time_s: float
    value: float | bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """The slave did nothing, and says why."""

    time_s: float
    command: int
    reason: Reason


Reply = InsufflatorReading | LightReading | CameraReading | Identity | Applied
