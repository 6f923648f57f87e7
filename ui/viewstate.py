"""What the screen is given to draw: frozen values made by app, with no trace of bus, nets or files."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ui.look import NEUTRAL, PictureLook
from ui.serviceview import AccessView, ModuleFacts, ServiceView


class Validity(StrEnum):
    """Whether a measured value may be read as such."""

    GOOD = "good"
    STALE = "stale"  # greyed out, with its age
    UNKNOWN = "unknown"  # drawn as "---"


class SetpointState(StrEnum):
    """The life of a setpoint on its way to the module and back."""

    ACTIVE = "active"  # confirmed by readback
    SENT = "pending"  # on its way, not confirmed
    REJECTED = "refused"
    LOST = "lost"  # no answer
    UNKNOWN = "unknown"  # no module has told its value yet


class LinkState(StrEnum):
    """Whether a module answers on the bus."""

    UP = "connected"
    DOWN = "no answer"
    NEVER = "not found yet"


class Priority(StrEnum):
    """Alarm priority of IEC 60601-1-8."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class SetpointSpec:
    """Range of one setpoint, for its pad.  All in `unit`."""

    key: str
    label: str
    unit: str
    minimum: float
    maximum: float
    step: float
    decimals: int


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A fixed line across a plot, in the quantity's unit: "warning" at 70."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class QuantitySpec:
    """How one measured quantity is shown and plotted."""

    key: str
    label: str
    unit: str
    decimals: int
    plot_min: float
    plot_max: float
    limits: tuple[LimitLine, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasuredView:
    """A measured value with its standing.  `value` is None unless good or stale."""

    value: float | None = None
    validity: Validity = Validity.UNKNOWN
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class SetpointView:
    """A setpoint: what the module confirmed (`active`) and what was asked for (`requested`)."""

    active: float | None = None
    requested: float | None = None
    state: SetpointState = SetpointState.UNKNOWN
    reason: str = ""  # why refused or lost


@dataclass(frozen=True, slots=True)
class ModuleView:
    """Link and state of one module on the bus."""

    name: str
    link: LinkState = LinkState.NEVER
    detail: str = ""
    key: str = ""  # "insufflator", "light", "camera": the same in every language; empty: from the name


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm in the bar."""

    name: str
    priority: Priority
    text: str
    action: str  # what to do, in words
    acknowledged: bool
    active: bool  # False: the condition has gone but the alarm is latched
    since_s: float  # seconds since it was raised


@dataclass(frozen=True, slots=True)
class PastAlarmView:
    """One occurrence of an alarm from the log.  Times are seconds since 1970."""

    name: str
    priority: Priority  # the highest that it had
    text: str
    began_s: float
    lasted_s: float | None  # None: it is still there, or the program ended before it did (`cut_off`)
    acknowledged_s: float | None  # None: it was not
    cut_off: bool = False  # the program ended while it was there


@dataclass(frozen=True, slots=True)
class GasModeSpec:
    """One mode of insufflation to choose from, with what may be set in it."""

    key: str  # "veress", "adult", "high_flow", "paediatric"
    label: str
    pressure: SetpointSpec
    flow: SetpointSpec
    entry_flow: float | None = None  # entering the mode sets the flow to this, l/min
    entry_pressure: float | None = None  # and a pressure outside the mode's range to this, mmHg


@dataclass(frozen=True, slots=True)
class PresetSpec:
    """One preset to choose from: what a procedure or a patient starts with.  It never starts gas or light."""

    key: str
    names: tuple[tuple[str, str], ...]  # (language, name), of ui.appearance.LANGUAGES; at least one
    gas_mode: str | None = None  # None: a procedure without gas
    values: tuple[tuple[str, float], ...] = ()  # (setpoint, value in its unit)
    camera_automatic: bool | None = None
    source: str = ""  # where the figures are from
    notes: tuple[tuple[str, str], ...] = ()  # (language, one sentence)
    of_site: bool = False  # from the site's own folder

    def name(self, language: str) -> str:
        """The name in this language, else in the first that there is."""
        return dict(self.names).get(language, self.names[0][1])

    def note(self, language: str) -> str:
        """The sentence to it in this language, else in the first that there is; mostly empty."""
        return dict(self.notes).get(language, self.notes[0][1] if self.notes else "")


@dataclass(frozen=True, slots=True)
class PresetStep:
    """One change of a preset on its way, as a setpoint is: sent, active by readback, refused or lost."""

    key: str  # "gas_mode", "camera_automatic", or a setpoint
    value: float | str | bool
    state: SetpointState
    reason: str = ""  # why refused or lost, or what is waited for


@dataclass(frozen=True, slots=True)
class PresetRun:
    """The preset that was applied last, step by step."""

    key: str
    steps: tuple[PresetStep, ...] = ()
    number: int = 0  # counts the presets applied in this run of the program, from 1


@dataclass(frozen=True, slots=True)
class AudioView:
    """What the alarms' sound is doing."""

    available: bool = True  # False: no device; that is an alarm too
    paused_s: float | None = None  # seconds of the pause left; None: not paused
    sounding: Priority | None = None  # the burst that is being repeated now


@dataclass(frozen=True, slots=True)
class BusRow:
    """Health of one slave's link since the start.  Round trips of the last replies; None before the first."""

    name: str
    link: LinkState
    requests: int
    replies: int
    retries: int
    timeouts: int
    crc_errors: int
    refusals: int
    round_trip_median_ms: float | None
    round_trip_p99_ms: float | None
    firmware: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BusView:
    """Health of the bus, for the service page."""

    rows: tuple[BusRow, ...] = ()
    port: str = ""
    port_losses: int = 0
    discarded_bytes: int = 0
    cycle_late_p99_ms: float | None = None  # against the 20 ms grid, latest cycles
    cycle_late_max_ms: float | None = None
    diagnosis: str = ""
    modules: tuple[ModuleFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault that can be put into the simulated tower."""

    name: str  # "insufflator.valve_stuck_open"
    in_force: bool


@dataclass(frozen=True, slots=True)
class PlantRow:
    """One value of the simulated plant that can be set."""

    name: str
    unit: str
    minimum: float
    maximum: float
    value: float | str | None
    choices: tuple[str, ...] = ()  # one of these by name, where it is no number


@dataclass(frozen=True, slots=True)
class SimulationView:
    """What the fault panel shows; None in `TowerView.plant` where the tower is not simulated."""

    faults: tuple[FaultRow, ...] = ()
    values: tuple[PlantRow, ...] = ()
    answer: str = ""  # the simulator's last refusal, in words


@dataclass(frozen=True, slots=True)
class TowerView:
    """Everything but the pictures, once a cycle of the display (10 Hz or more)."""

    time_s: float  # monotonic; x axis of the plots
    pressure: MeasuredView = MeasuredView()
    flow: MeasuredView = MeasuredView()
    cylinder: MeasuredView = MeasuredView()
    gas_used: MeasuredView = MeasuredView()
    light_temperature: MeasuredView = MeasuredView()
    light_current: MeasuredView = MeasuredView()
    light_fan: MeasuredView = MeasuredView()
    pressure_setpoint: SetpointView = SetpointView()
    flow_setpoint: SetpointView = SetpointView()
    light_intensity: SetpointView = SetpointView()
    p2_mmhg: float | None = None  # relief limit, follows the active setpoint
    alarm_mmhg: float | None = None  # a pressure that stays above it is an alarm; follows the active setpoint
    gas_running: bool | None = None  # as read back; None: unknown
    gas_state: str = ""  # in words: "Supplying", "At set pressure", "Relief open", "Stopped"
    gas_pending: bool = False  # a start or stop is on its way
    gas_mode: str | None = None  # key of the active mode, as read back
    gas_mode_pending: str | None = None  # asked for, not read back yet
    gas_paused: bool = False  # by a person; one touch resumes
    gas_venting: bool = False  # by a person's order
    relief_open: bool = False  # as read back: the line reads below the abdomen then
    supply_s: float | None = None  # time with gas on, since the count was reset; None: unknown
    abdomen: MeasuredView = MeasuredView()  # estimate, line drop taken off; the large number says which it shows
    light_on: bool | None = None
    light_pending: bool = False
    light_hours: float | None = None
    light_state: str = ""  # in words: "On", "Dimmed: too hot", "Standby", "Off: too hot"; empty: from `light_on`
    camera_state: str = ""
    camera_exposure: SetpointView = SetpointView()
    camera_gain: SetpointView = SetpointView()
    camera_white_balance: SetpointView = SetpointView()
    camera_automatic: bool | None = None  # exposure and gain by the head itself; None: unknown
    preset: PresetRun | None = None  # the one applied last; None: none yet
    modules: tuple[ModuleView, ...] = ()
    alarms: tuple[AlarmView, ...] = ()  # highest first
    past_alarms: tuple[PastAlarmView, ...] = ()  # newest first, of earlier runs too
    simulation: bool = False
    recording: bool = False
    recording_s: float = 0.0
    recording_detail: str = ""
    snapshots: int = 0  # saved in this run
    frozen: bool = False
    enhanced_on: bool = True
    notice: str = ""  # last thing done or refused, for the status line
    audio: AudioView = AudioView()
    bus: BusView = BusView()
    plant: SimulationView | None = None
    access: AccessView = field(default_factory=AccessView)
    service: ServiceView = field(default_factory=ServiceView)


@dataclass(frozen=True, slots=True)
class PictureView:
    """One picture ready to be painted.  `image` is (H, W, 4) uint8 BGRX, read-only, already fitted
    to the size that the view asked for by `VideoView.target_size_changed`."""

    image: NDArray[np.uint8]
    frame_id: int
    captured_s: float  # monotonic
    source: str
    width: int  # of the source, pixels
    height: int
    frame_rate: float  # measured, Hz
    enhanced: bool = False
    processed: bool = True  # False: on the enhanced side, but past the enhancer, which is off or cannot work
    region: str = ""
    p_clear: float | None = None
    action: str = ""  # "passed through", "deblurred", "raw"
    quality: str = ""  # of a picture deblurred by less than the whole method: "2 networks", "1 network", "half size"
    fault: str = ""  # why the enhanced view left it raw: "not_finite", "frozen", "late", "strayed", "weights", "lost"
    reason: str = ""  # the same, or what there was nothing to do for, in words
    simulation: bool = False
    look: PictureLook = NEUTRAL  # with which `image` was made
    original: NDArray[np.uint8] | None = None  # as it came, to be fitted anew while it stands; never painted


@dataclass(frozen=True, slots=True)
class NoPicture:
    """Why a feed has nothing to show."""

    text: str
    action: str = ""
