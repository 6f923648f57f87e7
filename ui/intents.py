"""What the people at the screen ask for: one frozen value per request, emitted by widgets, obeyed by app."""

from __future__ import annotations

from dataclasses import dataclass, field

from ui.appearance import Appearance
from ui.serviceview import FrameRow, Role


@dataclass(frozen=True, slots=True)
class SetSetpoint:
    """Apply a setpoint.  `key` is that of a `SetpointSpec`, `value` in its unit."""

    key: str
    value: float


@dataclass(frozen=True, slots=True)
class StartGas:
    """Start insufflation (after a deliberate hold)."""


@dataclass(frozen=True, slots=True)
class StopGas:
    """Stop insufflation: both valves closed."""


@dataclass(frozen=True, slots=True)
class PauseGas:
    """Hold both valves closed; `StartGas` goes on."""


@dataclass(frozen=True, slots=True)
class VentGas:
    """Let the gas out of the abdomen (after a deliberate hold); `StopGas` ends it."""


@dataclass(frozen=True, slots=True)
class SetGasMode:
    """Enter a mode of insufflation.  `key` is that of a `GasModeSpec`."""

    key: str


@dataclass(frozen=True, slots=True)
class SeenSetpoint:
    """A person has touched a setpoint whose last request failed: why has been seen."""

    key: str


@dataclass(frozen=True, slots=True)
class ResetGasUsed:
    """Set the count of gas used back to zero (a new patient)."""


@dataclass(frozen=True, slots=True)
class SetLight:
    """Light on, or to standby."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetEnhanced:
    """Enhanced view on or off; off shows the raw frame on the right as well, labelled."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetFrozen:
    """Hold both pictures, or let them run."""

    on: bool


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """Save the current raw and enhanced picture."""


@dataclass(frozen=True, slots=True)
class SetRecording:
    """Start or stop recording both feeds."""

    on: bool


@dataclass(frozen=True, slots=True)
class AcknowledgeAlarm:
    """Acknowledge this occurrence of an alarm."""

    name: str


@dataclass(frozen=True, slots=True)
class EmergencyStop:
    """All-stop on the bus: valves closed, light to standby."""


@dataclass(frozen=True, slots=True)
class SetAudioPaused:
    """Pause the alarms' sound for a while, or end the pause."""

    on: bool


@dataclass(frozen=True, slots=True)
class SetCameraAutomatic:
    """Exposure and gain by the camera head itself, or as set."""

    on: bool


@dataclass(frozen=True, slots=True)
class ApplyPreset:
    """Send these changes, as reviewed and held: the gas mode first, pressure and flow once it is entered."""

    key: str  # of the `PresetSpec`
    changes: tuple[SetGasMode | SetSetpoint | SetCameraAutomatic, ...]


@dataclass(frozen=True, slots=True)
class MeasureWhiteBalance:
    """Take what the camera sees now for white."""


@dataclass(frozen=True, slots=True)
class SetFault:
    """Simulation only: begin or end a fault."""

    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class SetPlant:
    """Simulation only: set a value of the plant."""

    name: str
    value: float | str  # a number, or one of the value's choices


@dataclass(frozen=True, slots=True)
class Cough:
    """Simulation only: the patient coughs."""


@dataclass(frozen=True, slots=True)
class EnterCode:
    """Take a role.  The code is in no text that is made of this value."""

    role: Role
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeCode:
    """Give a role another code; the administration's right."""

    role: Role
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeaveRole:
    """Back to clinical."""


@dataclass(frozen=True, slots=True)
class WatchService:
    """Which part of the service page is in sight: "frames", "log" or another, "" for none; its data are gathered."""

    page: str


@dataclass(frozen=True, slots=True)
class SaveFrames:
    """Write these frames of the bus to a file."""

    rows: tuple[FrameRow, ...]


@dataclass(frozen=True, slots=True)
class ExportLogs:
    """Pack logs and bus statistics into one file in this folder."""

    folder: str


@dataclass(frozen=True, slots=True)
class RunSelfTest:
    """Test everything again, and show the page."""


@dataclass(frozen=True, slots=True)
class AcceptSelfTest:
    """The self-test page has been read: put it away (gas that it holds stays held)."""


@dataclass(frozen=True, slots=True)
class SetAppearance:
    """Look and speak like this from now on, also after a restart."""

    appearance: Appearance


Intent = (
    SetSetpoint
    | StartGas
    | StopGas
    | PauseGas
    | VentGas
    | SetGasMode
    | SeenSetpoint
    | ResetGasUsed
    | SetLight
    | SetEnhanced
    | SetFrozen
    | TakeSnapshot
    | SetRecording
    | AcknowledgeAlarm
    | EmergencyStop
    | SetAudioPaused
    | SetCameraAutomatic
    | ApplyPreset
    | MeasureWhiteBalance
    | SetFault
    | SetPlant
    | Cough
    | EnterCode
    | ChangeCode
    | LeaveRole
    | WatchService
    | SaveFrames
    | ExportLogs
    | RunSelfTest
    | AcceptSelfTest
    | SetAppearance
)
