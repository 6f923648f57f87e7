"""What the bus worker publishes once a cycle: one frozen value with everything the bus knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hardware.readings import Address, CameraReading, InsufflatorReading, LightReading
from ui.viewstate import BusView, LinkState, PresetRun, SetpointView


@dataclass(frozen=True, slots=True)
class TowerStatus:
    """The tower as of one bus cycle.  Readings are the last good ones; their `time_s` tells their age."""

    time_s: float
    insufflator: InsufflatorReading | None = None
    light: LightReading | None = None
    camera: CameraReading | None = None
    links: Mapping[Address, LinkState] = field(default_factory=dict)
    details: Mapping[Address, str] = field(default_factory=dict)  # what a module's link suffers from, in words
    firmware: Mapping[Address, str] = field(default_factory=dict)  # of modules that said who they are and are fit
    unfit: Mapping[Address, str] = field(default_factory=dict)  # why a module must not be worked with, in words
    setpoints: Mapping[str, SetpointView] = field(default_factory=dict)
    simulated_modules: bool = False  # a module has said that it is a simulated one, at any time in this run
    phase: str = ""
    conditions: frozenset[str] = frozenset()
    p2_mmhg: float | None = None
    abdomen_mmhg: float | None = None  # the control unit's estimate, from `insufflator`'s reading
    rated_current_ma: float = 3000.0
    port_error: str = ""  # why the port cannot be used; empty when it is open
    diagnosis: str = ""  # what is wrong with the line, in words; empty when nothing is
    gas_pending: bool = False
    gas_mode_pending: str | None = None  # key of the mode that was asked for and not read back yet
    gas_paused: bool = False
    gas_venting: bool = False
    light_pending: bool = False
    preset: PresetRun | None = None  # the one applied last
    bus: BusView = field(default_factory=BusView)  # renewed about once a second
