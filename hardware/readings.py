"""What the modules report and what they are told, as frozen values with their units in their names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag

from hardware.gas_modes import InsufflationMode


class Address(IntEnum):
    """Bus addresses.  Broadcasts are obeyed by every slave and answered by none."""

    BROADCAST = 0x00
    INSUFFLATOR = 0x01
    LIGHT = 0x02
    CAMERA = 0x03


MODULES: tuple[Address, ...] = (Address.INSUFFLATOR, Address.LIGHT, Address.CAMERA)


class InsufflatorFault(IntFlag):
    """Fault bits of the insufflator's status word."""

    NONE = 0
    WATCHDOG = 1 << 0  # no valid master frame for 500 ms: the slave has closed its valves
    OWN_LIMIT = 1 << 1  # the slave's own pressure limit has closed the valves or opened the relief
    PRESSURE_SENSOR_1 = 1 << 2
    PRESSURE_SENSOR_2 = 1 << 3
    FLOW_SENSOR = 1 << 4
    CYLINDER_SENSOR = 1 << 5


class LightFault(IntFlag):
    """Fault bits of the light source's status word."""

    NONE = 0
    WATCHDOG = 1 << 0  # no valid master frame for 500 ms: the slave has gone to its standby level
    OVER_TEMPERATURE = 1 << 1  # the slave's own limit has switched the LED off
    LED_OPEN = 1 << 2
    FAN = 1 << 3


class CameraFault(IntFlag):
    """Fault bits of the camera's status word."""

    NONE = 0
    WATCHDOG = 1 << 0
    NO_SIGNAL = 1 << 1
    OVER_TEMPERATURE = 1 << 2


@dataclass(frozen=True, slots=True)
class InsufflatorReading:
    """One status reply of the insufflator.  `time_s` is the master's monotonic clock at receipt.

    Pressures are of the line, uncompensated: while gas flows they lie above the abdomen's.
    """

    time_s: float
    pressure_mmhg: float  # sensor 1, the one the law uses
    pressure2_mmhg: float  # sensor 2, independent
    flow_l_min: float
    cylinder_bar: float
    gas_used_l: float
    duty: float  # 0..1, PWM of the proportional valve as driven
    solenoid_open: bool
    relief_open: bool
    running: bool  # gas supply is enabled in the slave
    pressure_setpoint_mmhg: float  # P1 active in the slave
    flow_setpoint_l_min: float  # standard flow active in the slave
    faults: InsufflatorFault
    mode: InsufflationMode = InsufflationMode.ADULT
    supply_s: float = 0.0  # time with `running` since the count was last reset, as is `gas_used_l`


@dataclass(frozen=True, slots=True)
class LightReading:
    """One status reply of the light source."""

    time_s: float
    current_ma: float
    drive: float  # 0..1, the constant-current board's input as driven
    temperature_c: float
    fan_percent: float  # measured from the tachometer
    on: bool  # False: standby
    intensity_setpoint_percent: float  # active in the slave
    hours: float
    faults: LightFault


@dataclass(frozen=True, slots=True)
class CameraReading:
    """One status reply of the camera head."""

    time_s: float
    streaming: bool
    width: int
    height: int
    frame_rate: float
    exposure_us: int
    gain_db: float
    temperature_c: float
    faults: CameraFault
    white_balance_k: float = 5600.0  # colour temperature of what the head shows as white
    automatic: bool = True  # exposure and gain follow the light; False: as set


Reading = InsufflatorReading | LightReading | CameraReading


@dataclass(frozen=True, slots=True)
class InsufflatorDrive:
    """What the control unit orders of the gas side each cycle."""

    duty: float = 0.0  # 0..1
    solenoid_open: bool = False
    relief_open: bool = False


@dataclass(frozen=True, slots=True)
class LightDrive:
    """What the control unit orders of the light each cycle."""

    drive: float = 0.0  # 0..1
    fan: float = 0.0  # 0..1
