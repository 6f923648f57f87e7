"""The configuration file: TOML, validated whole, every error named with its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app import keys, paths
from app.config_errors import ConfigError, LimitProblem, describe, read_toml
from app.control.modes import MODES_BY_KEY, why_no_mode
from app.control.start import StartValues
from hardware.quantities import SETPOINTS, SetpointRange
from ui.serviceview import Habits

__all__ = ["Config", "ConfigError", "demo_config", "load_config"]

# The usual UART rates.  A cycle of 50 Hz fits from 115200 on (docs/configuration.md).
_BAUD_RATES = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)


def _to_path(value: object, info: ValidationInfo) -> object:
    """Text to a path: `~` is the home, and a relative one starts at the configuration file's folder."""
    if not isinstance(value, str):
        return value
    if not value.strip() or "\0" in value:
        raise PydanticCustomError("path", "an empty path")
    try:
        path = Path(value).expanduser()
    except RuntimeError as error:
        raise PydanticCustomError("path", "no such home folder") from error
    base = (info.context or {}).get("base")
    return path if base is None else base / path


def _standard_rate(value: int) -> int:
    if value not in _BAUD_RATES:
        raise PydanticCustomError("baud", "not a standard rate")
    return value


def _known_setpoint(key: str) -> str:
    if key not in SETPOINTS:
        raise PydanticCustomError("extra_forbidden", "unknown setpoint")
    return key


def _freeze(limits: Mapping[str, SetpointLimits]) -> Mapping[str, SetpointLimits]:
    problems: list[LimitProblem] = []
    for key, own in limits.items():
        try:
            own.narrow(SETPOINTS[key])
        except LimitError as error:
            problems.append(LimitProblem(f"{key}.{error.name}", str(error)))
    if problems:
        raise PydanticCustomError("limits", "limits that cannot be", {"problems": problems})
    return MappingProxyType(dict(limits))


class LimitError(Exception):
    """A limit called `name` that cannot be.  The text says what was expected and what came."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


Directory = Annotated[Path, BeforeValidator(_to_path)]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class _Section(BaseModel):
    """Every field's `description` completes the sentence "expected ..." in an error."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class BusConfig(_Section):
    """The serial line.  Real or simulated is one word, and the port goes with it."""

    mode: Literal["real", "simulated"] = Field(description='"real" or "simulated"')
    port: Text | None = Field(
        default=None, description='a serial port such as "/dev/ttyUSB0", "COM3" or "socket://host:port", in quotes'
    )
    baud: Annotated[int, AfterValidator(_standard_rate)] = Field(
        default=115200, description="one of " + ", ".join(map(str, _BAUD_RATES)) + " (the modules use 115200)"
    )

    @model_validator(mode="after")
    def _port_goes_with_mode(self) -> Self:
        if self.mode == "real" and self.port is None:
            raise PydanticCustomError(
                "port_missing",
                'mode is "real", so a port is needed, such as port = "/dev/ttyUSB0" (`doctor` lists the ports found)',
            )
        if self.mode == "simulated" and self.port is not None:
            raise PydanticCustomError(
                "port_given",
                'mode is "simulated", so no port may be given, because the program starts the simulator itself;'
                ' take the port out, or set mode = "real"',
            )
        return self


class VideoConfig(_Section):
    """The picture's source."""

    source: Text = Field(
        description='a video source in quotes: a camera device such as "/dev/video0", a film, a folder of pictures,'
        ' a network URL, or "phantom"'
    )
    frame_rate: float | None = Field(default=None, gt=0, le=240, description="frames per second, above 0 up to 240")


class EnhanceConfig(_Section):
    """The enhanced view."""

    enabled: bool = Field(default=True, description="true or false")
    order: Literal["sharpness_first", "region_first"] = Field(
        default="sharpness_first", description='"sharpness_first" (faster) or "region_first"'
    )
    threshold: float = Field(
        default=0.5, ge=0, le=1, description="a probability from 0 to 1; a frame with P(clear) above it is clear"
    )
    deblur: bool = Field(default=True, description="true or false")
    time_budget_ms: float = Field(
        default=150.0, ge=20, le=1000, description="milliseconds from 20 to 1000 that one blurred frame may take"
    )
    exposure_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="the exposure's share of the time between two frames, above 0 up to 1",
    )
    models: Directory = Field(default_factory=paths.models, description="the folder of the weights, in quotes")


class ScreenConfig(_Section):
    """The main screen."""

    fullscreen: bool = Field(default=False, description="true or false")
    language: Literal["en", "zh"] = Field(default="en", description='"en" or "zh"')
    theme: Literal["dark", "daylight"] = Field(default="dark", description='"dark" or "daylight"')
    pressure_unit: Literal["mmHg", "kPa", "cmH2O"] = Field(default="mmHg", description='"mmHg", "kPa" or "cmH2O"')
    diagonal_inch: float | None = Field(
        default=None, ge=7, le=110, description="the screen's diagonal in inches, 7 to 110"
    )


class AccessConfig(_Section):
    """When the screen locks itself, and when a role ends."""

    lock_after_min: float = Field(
        default=0.0, ge=0, le=240, description="minutes without a touch, above 0 up to 240, or 0 for only by its key"
    )
    role_after_min: float = Field(default=5.0, gt=0, le=60, description="minutes without a touch, above 0 up to 60")


class KeysConfig(_Section):
    """The keys of keyboard and foot switch."""

    freeze: str = Field(
        default=keys.ACTIONS["freeze"], description='a key\'s name in quotes, such as "F13"; "" for none'
    )
    snapshot: str = Field(
        default=keys.ACTIONS["snapshot"], description='a key\'s name in quotes, such as "F14"; "" for none'
    )
    record: str = Field(
        default=keys.ACTIONS["record"], description='a key\'s name in quotes, such as "F15"; "" for none'
    )
    enhanced: str = Field(
        default=keys.ACTIONS["enhanced"], description='a key\'s name in quotes, such as "F16"; "" for none'
    )

    @model_validator(mode="after")
    def _keys_are_known_and_differ(self) -> Self:
        named = self.model_dump()
        wrong = {action: problem for action, name in named.items() if (problem := keys.key_problem(name))}
        wrong = keys.conflicts(named) | wrong
        if wrong:
            problems = [LimitProblem(action, text) for action, text in wrong.items()]
            raise PydanticCustomError("limits", "keys that cannot be", {"problems": problems})
        return self


class RecordingConfig(_Section):
    """Recordings and snapshots."""

    directory: Directory = Field(
        default_factory=paths.default_recording_directory, description="a folder's path, in quotes"
    )
    codec: Text = Field(
        default="libx264", description='an encoder that PyAV knows, in quotes, such as "libx264" or "ffv1"'
    )
    container: Literal["mkv", "mp4"] = Field(default="mkv", description='"mkv" or "mp4"')
    min_free_mb: int = Field(
        default=2000,
        ge=200,
        le=10_000_000,
        description="a whole number of megabytes, 200 to 10000000, below which to alarm",
    )


class PresetsConfig(_Section):
    """Presets by procedure and patient, beside those that came with the program."""

    directory: Directory | None = Field(default=None, description="the folder of this site's own presets, in quotes")


class SetpointLimits(_Section):
    """This site's narrower range and start value of one setpoint, in the setpoint's unit."""

    minimum: float | None = Field(default=None, description="a number within the setpoint's own range")
    maximum: float | None = Field(default=None, description="a number within the setpoint's own range")
    default: float | None = Field(default=None, description="a number within the range that is left")

    def narrow(self, own: SetpointRange) -> SetpointRange:
        """`own` with these limits.  Raises `LimitError` when they widen it, or leave no room for the default."""

        def bad(name: str, value: float, low: float, high: float, hint: str = "") -> LimitError:
            return LimitError(name, f"expected {low:g} to {high:g} {own.unit}, got {value:g}{hint}")

        low = own.minimum if self.minimum is None else self.minimum
        high = own.maximum if self.maximum is None else self.maximum
        if not own.minimum <= low <= own.maximum:
            raise bad("minimum", low, own.minimum, own.maximum)
        if not low <= high <= own.maximum:
            raise bad("maximum", high, low, own.maximum)
        default = own.default if self.default is None else self.default
        if not low <= default <= high:
            hint = "" if self.default is not None else " (its usual start value); set a default in the new range"
            raise bad("default", default, low, high, hint)
        return replace(own, minimum=low, maximum=high, default=default)


class StartConfig(_Section):
    """What modules fresh from power-on are brought to, beside the start values of their setpoints."""

    gas_mode: Literal["veress", "adult", "high_flow", "paediatric"] = Field(
        default="adult", description='"veress", "adult", "high_flow" or "paediatric"'
    )
    camera_automatic: bool = Field(default=True, description="true or false")


class LogConfig(_Section):
    """The program's own log."""

    directory: Directory = Field(default_factory=paths.default_log_directory, description="a folder's path, in quotes")
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description='"debug", "info", "warning" or "error"'
    )


Limits = Annotated[
    Mapping[Annotated[str, AfterValidator(_known_setpoint)], SetpointLimits],
    AfterValidator(_freeze),
]


class Config(_Section):
    """A whole, checked configuration.  Nothing in it can change while the tower runs."""

    bus: BusConfig = Field(description="a table [bus]")
    video: VideoConfig = Field(description="a table [video]")
    enhance: EnhanceConfig = Field(default_factory=EnhanceConfig, description="a table [enhance]")
    screen: ScreenConfig = Field(default_factory=ScreenConfig, description="a table [screen]")
    presets: PresetsConfig = Field(default_factory=PresetsConfig, description="a table [presets]")
    recording: RecordingConfig = Field(default_factory=RecordingConfig, description="a table [recording]")
    limits: Limits = Field(default_factory=lambda: MappingProxyType({}), description="tables such as [limits.SETPOINT]")
    start: StartConfig = Field(default_factory=StartConfig, description="a table [start]")
    log: LogConfig = Field(default_factory=LogConfig, description="a table [log]")
    access: AccessConfig = Field(default_factory=AccessConfig, description="a table [access]")
    keys: KeysConfig = Field(default_factory=KeysConfig, description="a table [keys]")

    def setpoint_ranges(self) -> dict[str, SetpointRange]:
        """Every setpoint's range as narrowed by [limits], by key."""
        none = SetpointLimits()
        return {key: self.limits.get(key, none).narrow(own) for key, own in SETPOINTS.items()}

    def habits(self) -> Habits:
        """How this site uses the screen."""
        return Habits(self.keys.model_dump(), self.access.lock_after_min * 60.0, self.access.role_after_min * 60.0)

    def start_values(self) -> StartValues:
        """What modules fresh from power-on are brought to."""
        named = {key for key, limits in self.limits.items() if limits.default is not None}
        return StartValues(MODES_BY_KEY[self.start.gas_mode], self.start.camera_automatic, frozenset(named))

    @model_validator(mode="after")
    def _start_mode_can_be_used(self) -> Self:
        if problem := why_no_mode(MODES_BY_KEY[self.start.gas_mode], self.setpoint_ranges()):
            found = [LimitProblem("start.gas_mode", f"this mode cannot be the first: {problem}")]
            raise PydanticCustomError("limits", "limits that cannot be", {"problems": found})
        return self


def load_config(path: Path) -> Config:
    """Read and check the configuration at `path`.

    Relative folders in it start at the file's own folder.  Raises `ConfigError`, whose text names the file and
    every problem in it: key, line, what was expected, what came, and what to do.
    """
    text, data = read_toml(path)
    try:
        return Config.model_validate(data, context={"base": path.absolute().parent})
    except ValidationError as error:
        raise ConfigError(path, describe(error, Config, text)) from None


def demo_config(video: str | None = None) -> Config:
    """The configuration of `--demo`: simulated modules, and the phantom unless `video` names another source."""
    data: dict[str, Any] = {"bus": {"mode": "simulated"}, "video": {"source": "phantom" if video is None else video}}
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(None, describe(error, Config, "")) from None
