"""What the people at the screen ask for: one frozen value per request, emitted by widgets, obeyed by app."""

from __future__ import annotations

from dataclasses import dataclass


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


Intent = (
    SetSetpoint
    | StartGas
    | StopGas
    | ResetGasUsed
    | SetLight
    | SetEnhanced
    | SetFrozen
    | TakeSnapshot
    | SetRecording
    | AcknowledgeAlarm
    | EmergencyStop
)
