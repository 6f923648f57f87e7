"""Presets by procedure and patient: TOML files read and checked one by one; a bad one is named and left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from app import paths
from app.config_errors import ConfigError, describe, read_toml
from app.control.modes import FLOW_KEY, MODES_BY_KEY, PRESSURE_KEY, mode_range, why_no_mode
from hardware.gas_modes import MODES
from hardware.quantities import LIGHT_INTENSITY, SetpointRange
from ui.viewstate import PresetSpec

LARGEST_BYTES = 65_536  # a preset has some twenty lines
LAST = 1000
DECIMALS = 2


def _at_least_one(text: _Words) -> _Words:
    if not text.model_fields_set:
        raise PydanticCustomError("words", "no words at all")
    return text


class _Section(BaseModel):
    """Every field's `description` completes the sentence "expected ..." in an error."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


Short = Annotated[str, Field(min_length=1, max_length=24, pattern=re.compile(r"\S"))]
Sentence = Annotated[str, Field(min_length=1, max_length=72, pattern=re.compile(r"\S"))]


class _Words(_Section):
    en: Short | None = Field(default=None, description="a name of 1 to 24 characters, in quotes")
    zh: Short | None = Field(default=None, description="a name of 1 to 24 characters, in quotes")


class _Sentences(_Section):
    en: Sentence | None = Field(default=None, description="a sentence of 1 to 72 characters, in quotes")
    zh: Sentence | None = Field(default=None, description="a sentence of 1 to 72 characters, in quotes")


class _Gas(_Section):
    mode: Literal["veress", "adult", "high_flow", "paediatric"] = Field(
        description='"veress", "adult", "high_flow" or "paediatric"'
    )
    pressure_mmhg: float = Field(description="a number in mmHg within the mode's range")
    flow_l_min: float = Field(description="a number in l/min within the mode's range")


class _Light(_Section):
    intensity_percent: float = Field(description="a number in % within the light's range")


class _Camera(_Section):
    automatic: bool = Field(description="true or false")


class PresetFile(_Section):
    """One preset as a file writes it.  Without [gas] it is for a procedure that uses none."""

    name: Annotated[_Words, AfterValidator(_at_least_one)] = Field(description='a table [name] with en = "..." or zh')
    note: _Sentences = Field(default_factory=_Sentences, description="a table [note]")
    source: Sentence = Field(description="where the figures are from, in quotes, up to 72 characters")
    order: int = Field(default=LAST, ge=0, le=LAST, description=f"a whole number from 0 to {LAST}: its place")
    gas: _Gas | None = Field(default=None, description="a table [gas]")
    light: _Light | None = Field(default=None, description="a table [light]")
    camera: _Camera | None = Field(default=None, description="a table [camera]")


@dataclass(frozen=True, slots=True)
class Presets:
    """What can be chosen, in order, and what was left out and why, one sentence each."""

    presets: tuple[PresetSpec, ...] = ()
    problems: tuple[str, ...] = ()


def load_presets(site: Path | None, ranges: Mapping[str, SetpointRange]) -> Presets:
    """The presets that came with the program, and the site's own from the folder `site`.

    A site's file named as one of the program's stands in its place.  `ranges` are this site's limits: a preset outside
    of them is left out as well.  No error is raised: whatever cannot be used is in `problems`.
    """
    found: dict[str, tuple[int, PresetSpec]] = {}
    problems: list[str] = []
    for folder in (paths.presets(), *([site] if site is not None else [])):
        try:
            files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
        except OSError as error:
            problems.append(
                f"The folder of presets {folder} cannot be read: {error.strerror}. Create it or name another."
            )
            continue
        for path in files:
            try:
                found[path.stem] = _read(path, ranges, of_site=folder == site)
            except ConfigError as error:
                problems += [f"{path.name} is left out: {problem}" for problem in error.problems]
    ordered = sorted(found.values(), key=lambda item: (item[0], item[1].key))
    return Presets(tuple(spec for _, spec in ordered), tuple(problems))


def _read(path: Path, ranges: Mapping[str, SetpointRange], *, of_site: bool) -> tuple[int, PresetSpec]:
    """Its place and the preset.  Raises `ConfigError`."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ConfigError(path, [f"the file cannot be read: {error.strerror}"]) from None
    if path.is_file() and size > LARGEST_BYTES:
        raise ConfigError(path, [f"expected a preset of at most {LARGEST_BYTES} bytes, got {size}"])
    text, data = read_toml(path)
    try:
        file = PresetFile.model_validate(data)
    except ValidationError as error:
        raise ConfigError(path, describe(error, PresetFile, text)) from None
    if problems := _outside(file, ranges):
        raise ConfigError(path, problems)
    values: list[tuple[str, float]] = []
    if file.gas is not None:
        values += [(PRESSURE_KEY, file.gas.pressure_mmhg), (FLOW_KEY, file.gas.flow_l_min)]
    if file.light is not None:
        values.append((LIGHT_INTENSITY.key, file.light.intensity_percent))
    spec = PresetSpec(
        key=path.stem,
        names=_by_language(file.name),
        gas_mode=file.gas.mode if file.gas is not None else None,
        values=tuple(values),
        camera_automatic=file.camera.automatic if file.camera is not None else None,
        source=file.source,
        notes=_by_language(file.note),
        of_site=of_site,
    )
    return file.order, spec


def _by_language(words: _Words | _Sentences) -> tuple[tuple[str, str], ...]:
    return tuple((language, text) for language, text in (("en", words.en), ("zh", words.zh)) if text)


def _outside(file: PresetFile, ranges: Mapping[str, SetpointRange]) -> list[str]:
    """What of the preset this tower or this site does not allow."""
    checks: list[tuple[str, float, SetpointRange, str]] = []
    if file.gas is not None:
        mode = MODES_BY_KEY[file.gas.mode]
        pressure, flow = mode_range(mode, PRESSURE_KEY, ranges), mode_range(mode, FLOW_KEY, ranges)
        if pressure is None or flow is None:
            return [f"gas.mode: {why_no_mode(mode, ranges)}"]
        label = f" in mode {MODES[mode].label} at this site"
        checks += [
            ("gas.pressure_mmhg", file.gas.pressure_mmhg, pressure, label),
            ("gas.flow_l_min", file.gas.flow_l_min, flow, label),
        ]
    if file.light is not None:
        light = ranges[LIGHT_INTENSITY.key]
        checks.append(("light.intensity_percent", file.light.intensity_percent, light, " at this site"))
    return [problem for check in checks if (problem := _problem(*check))]


def _problem(key: str, value: float, allowed: SetpointRange, where: str) -> str:
    if not allowed.minimum <= value <= allowed.maximum:
        return f"{key}: expected {allowed.minimum:g} to {allowed.maximum:g} {allowed.unit}{where}, got {value:g}"
    if round(value, DECIMALS) != value:
        return f"{key}: expected at most {DECIMALS} decimals, which is what the modules hold, got {value:g}"
    return ""


def log_lines(loaded: Presets) -> Sequence[str]:
    """One line for the log about each file left out, and one with the names of those that can be chosen."""
    names = ", ".join(spec.key for spec in loaded.presets) or "none"
    return [f"presets: {names}", *(f"presets: {problem}" for problem in loaded.problems)]
