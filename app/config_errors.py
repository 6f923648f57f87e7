"""Says what is wrong with a configuration file: which key and line, what was expected, what came, what to do."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from app import paths
from hardware.quantities import SETPOINTS

_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class LimitProblem:
    """One limit that cannot be: `key` within [limits], such as "pressure_setpoint.maximum", and what is wrong."""

    key: str
    text: str


class ConfigError(Exception):
    """A configuration that cannot be used.  The text is fit for the user as it stands."""

    def __init__(self, path: Path | None, problems: Sequence[str]) -> None:
        self.path = path
        self.problems = tuple(problems)
        where = "The configuration" if path is None else f"The configuration {path}"
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = [f"{where} cannot be used: {count}.", *(f"  - {problem}" for problem in self.problems)]
        if path is not None:
            lines.append(f"Correct the file and start again; {paths.example_config()} shows every key.")
        super().__init__("\n".join(lines))


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """The file's text and what TOML makes of it.  Raises `ConfigError`."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(path, ["no such file; check the path given with --config, or use --demo"]) from None
    except IsADirectoryError:
        raise ConfigError(path, ["expected a TOML file, got a folder"]) from None
    except OSError as error:
        raise ConfigError(path, [f"the file cannot be read: {error.strerror}"]) from None
    try:
        text = raw.decode("utf-8-sig")  # editors on Windows like to write the mark
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        said = f"{path}:{line}: expected UTF-8 text, got byte 0x{raw[error.start]:02X}; save the file as UTF-8"
        raise ConfigError(path, [said]) from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        reason = _AT_LINE.sub("", str(error))
        last = text.count("\n") + 1
        line, column = (found[1] or str(last), found[2]) if found else (str(last), None)
        place = f"{path}:{line}" + (f":{column}" if column else "")
        raise ConfigError(path, [f"{place}: not valid TOML: {reason}; texts and paths stand in quotes"]) from None


def describe(error: ValidationError, model: type[BaseModel], text: str) -> list[str]:
    """One sentence per problem, in the file's order where the lines are known."""
    found = [problem for details in error.errors(include_url=False) for problem in _describe(details, model, text)]
    return [sentence for _, sentence in sorted(found, key=lambda item: item[0] or 0)]


def _describe(details: ErrorDetails, model: type[BaseModel], text: str) -> Iterator[tuple[int | None, str]]:
    """(line, sentence) for each problem that one error of pydantic stands for."""
    if details["type"] != "limits":
        yield _describe_one(details, model, text)
        return
    problems: list[LimitProblem] = details.get("ctx", {})["problems"]
    for problem in problems:
        loc = [*map(str, details["loc"]), *problem.key.split(".")]
        # A default that is not in the file has no line of its own: the line of its table, then.
        places = (_line_of(text, loc[:length]) for length in range(len(loc), 0, -1))
        line = next((place for place in places if place is not None), None)
        yield line, f"{'.'.join(loc)}{f' (line {line})' if line else ''}: {problem.text}"


def _describe_one(details: ErrorDetails, model: type[BaseModel], text: str) -> tuple[int | None, str]:
    kind = details["type"]
    loc = [str(part) for part in details["loc"] if part != "[key]"]
    if kind.startswith("port_"):
        loc.append("port")
    line = _line_of(text, loc)
    key = ".".join(loc) + (f" (line {line})" if line else "")
    field, siblings = _walk(model, loc)
    expected = f"expected {field.description}" if field and field.description else "see the example"
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(loc[-1], siblings, n=1, cutoff=0.5)
        hint = f"did you mean {'.'.join([*loc[:-1], near[0]])}?" if near else f"known here: {', '.join(siblings)}"
        return line, f"{key}: unknown key; {hint}"
    if kind == "missing":
        return line, f"{key}: missing; {expected}"
    if kind.startswith("port_"):
        return line, f"{key}: {details['msg']}"
    return line, f"{key}: {expected}, got {_show(details['input'])}"


def _walk(model: type[BaseModel], loc: Sequence[str]) -> tuple[FieldInfo | None, list[str]]:
    """The field that `loc` names, if there is one, and the keys that may stand in its place."""
    field: FieldInfo | None = None
    level: type[BaseModel] | None = model
    siblings: list[str] = []
    for part in loc:
        if level is None:  # inside a mapping, whose keys are the setpoints'
            siblings, level = list(SETPOINTS), _section_in(field)
            field = None
            continue
        siblings = list(level.model_fields)
        field = level.model_fields.get(part)
        level = _section_of(field)
    return field, siblings


def _is_section(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _section_of(field: FieldInfo | None) -> type[BaseModel] | None:
    """The section that a field is, also one that may be left out."""
    kinds: tuple[Any, ...] = (field.annotation, *get_args(field.annotation)) if field else ()
    plain = kinds if type(None) in kinds else kinds[:1]
    return next((kind for kind in plain if _is_section(kind)), None)


def _section_in(field: FieldInfo | None) -> type[BaseModel] | None:
    """The section that a mapping's values are made of."""
    return next((arg for arg in get_args(field.annotation) if _is_section(arg)), None) if field else None


def _line_of(text: str, loc: Sequence[str]) -> int | None:
    """The line of a key written plainly under its table header, counted from 1; None when written otherwise."""
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([\w.\- ]+?)\s*\]\s*(#.*)?$", line):
            table = [part.strip() for part in header[1].split(".")]
            if table == list(loc):
                return number
        elif (key := re.match(r"\s*([\w.\-]+)\s*=", line)) and [*table, *key[1].split(".")] == list(loc):
            return number
    return None


def _show(value: object) -> str:
    """A value as the file would write it, with what kind it is, no longer than a line."""
    if isinstance(value, bool):
        return f"{str(value).lower()} (true or false without quotes)"
    if isinstance(value, str):
        return f'"{value if len(value) <= 60 else value[:57] + "..."}" (text)'
    if isinstance(value, int | float):
        return f"{value:g} (a number)" if isinstance(value, float) else f"{value} (a whole number)"
    if isinstance(value, datetime.date | datetime.time):
        return f"{value} (a date or time)"
    return "a list" if isinstance(value, list) else "a table" if isinstance(value, dict) else type(value).__name__
