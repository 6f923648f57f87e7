"""What lock, roles and service page are given to draw: frozen values made by app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Who is at the screen; each may do what those before it may."""

    CLINICAL = "clinical"  # needs no code
    SERVICE = "service"
    ADMINISTRATION = "administration"


@dataclass(frozen=True, slots=True)
class AccessView:
    """The role in force, and how the last code was taken."""

    role: Role = Role.CLINICAL
    codes: frozenset[Role] = frozenset()  # roles that have a code
    may_change: bool = False  # what the service role may; in the demonstration everybody may
    checking: bool = False  # a code is being looked at
    answer: str = ""  # to the last code: refused, why, how long to wait; empty when it was taken
    taken: bool = False  # whether the last code was taken, or changed
    answers: int = 0  # counts the answers, so that one is told from the next


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One frame of the bus as it went over the line."""

    time: str  # of day, with milliseconds
    sent: bool  # True: by this program; False: it came in
    module: str  # name of the address
    command: str
    length: int  # bytes of the whole frame
    hex: str
    good: bool  # CRC


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the program's log."""

    time: str
    level: str  # "debug", "info", "warning", "error"
    text: str


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """What a module says it is."""

    name: str
    firmware: str = ""
    protocol: int | None = None
    serial_number: str = ""


@dataclass(frozen=True, slots=True)
class SensorsView:
    """The insufflator's two pressure sensors against each other, in mmHg; None while it is not known."""

    first: float | None = None
    second: float | None = None
    mean_offset: float | None = None  # second minus first over the last minute with the gas at rest
    seconds: int = 0  # of rest in that mean


@dataclass(frozen=True, slots=True)
class ServiceView:
    """What the service page shows beside the bus and the simulated plant; filled as far as it is in sight."""

    program: str = ""  # this program's version
    protocol: int | None = None  # version of the bus protocol that it speaks
    sensors: SensorsView = SensorsView()
    frames: tuple[FrameRow, ...] = ()  # oldest first
    log: tuple[LogLine, ...] = ()  # oldest first
    log_file: str = ""  # empty: none is written
    places: tuple[str, ...] = ()  # folders that logs can be exported to
    busy: bool = False  # an export is being written
    answer: str = ""  # how the last export or saving ended


@dataclass(frozen=True, slots=True)
class Habits:
    """How this site uses the screen."""

    keys: Mapping[str, str] = field(default_factory=dict)  # "freeze", "snapshot", "record", "enhanced" -> key's name
    lock_after_s: float = 0.0  # without a touch; 0: only by its key
    role_after_s: float = 300.0  # a role falls back to clinical after so long without a touch
