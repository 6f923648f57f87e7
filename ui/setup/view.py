"""What the set-up is given to draw, and what it asks for: frozen values, with no trace of ports, cameras or files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The pages, in their order."""

    PROBLEMS = "problems"  # only where a configuration is there and cannot be used
    LANGUAGE = "language"
    SCREEN = "screen"
    PORT = "port"
    CAMERA = "camera"
    FOLDER = "folder"
    SAVE = "save"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: `value` is what is written, `label` what a person reads, `detail` what tells it apart."""

    value: str
    label: str
    detail: str = ""


SIMULATED = ""  # the port's value for simulated modules
PHANTOM = "phantom"  # the camera's value for a drawn picture


@dataclass(frozen=True, slots=True)
class Choice:
    """All that the set-up asks for.  `diagonal_inch` None: not measured."""

    language: str = "en"
    diagonal_inch: float | None = None
    port: str | None = None  # None: nothing chosen yet
    source: str | None = None
    directory: str = ""

    @property
    def complete(self) -> bool:
        """True when the tower could start with it."""
        return self.port is not None and self.source is not None and bool(self.directory)


@dataclass(frozen=True, slots=True)
class Options:
    """What was found on this machine.  Simulated modules and the drawn picture are always there to choose."""

    ports: tuple[Option, ...] = ()
    cameras: tuple[Option, ...] = ()
    folders: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a trial found; `good` None: not known yet.  A `module` without a text is one that is silent."""

    text: str
    good: bool | None
    module: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """How one trial went; `good` None while it runs."""

    step: Step
    good: bool | None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class SetupView:
    """What the set-up begins with."""

    path: str  # where the configuration will be written
    choice: Choice
    options: Options
    problems: tuple[str, ...] = ()  # of the configuration that is there
    present: bool = False  # there is one already: it can be left as it is
    starts: bool = True  # the tower starts once it is saved
