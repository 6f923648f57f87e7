"""Settings of a training run: from a plan's defaults, a TOML file and the command line, in rising order."""

from __future__ import annotations

import dataclasses
import difflib
import math
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

P = TypeVar("P")
RUN_KEYS = ("data", "out", "device", "threads", "minutes", "cpu_minutes", "steps", "seed")  # at the head of the file
USUAL_LIMITS: dict[str, dict[str, float]] = {  # of settings that every training has, unless a plan says otherwise
    "minutes": {"low": 1e-6},
    "cpu_minutes": {"low": 1e-6},
    "steps": {"low": 1},
    "seed": {"low": 0},
    "batch": {"low": 1},
    "learning_rate": {"low": 1e-7, "high": 1.0},
}
WORDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    Path: "a path",
}


class SettingsError(Exception):
    """Settings that cannot be used.  The text names file, key, what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what kind of value it takes, within which limits, and what it means."""

    name: str
    kind: type  # bool, int, float, str or Path
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    optional: bool = False

    def expected(self) -> str:
        """The values that it takes, in words."""
        if self.choices:
            return "one of " + ", ".join(f'"{choice}"' for choice in self.choices)
        words = WORDS[self.kind]
        if self.low > -math.inf and self.high < math.inf:
            return f"{words} from {self.low:g} to {self.high:g}"
        return f"{words} of {self.low:g} or more" if self.low > -math.inf else words

    def check(self, value: object, where: str) -> Any:
        """`value` in the right type.  Raises `SettingsError` that begins with `where`."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = {
            bool: isinstance(value, bool),
            int: number and isinstance(value, int),
            float: number and math.isfinite(float(value)),  # type: ignore[arg-type]  # `number` has looked
            str: isinstance(value, str),
            Path: isinstance(value, str | Path) and str(value) != "",
        }[self.kind]
        if fits and self.kind in (int, float):
            fits = self.low <= self.kind(value) <= self.high  # type: ignore[arg-type]  # a number, see above
        if fits and self.choices:
            fits = value in self.choices
        if not fits:
            raise SettingsError(f"{where}: expected {self.expected()}, found {value!r}")
        return self.kind(value)  # type: ignore[call-arg]  # of a kind that takes it, see above


def limits(
    default: Any, low: float = -math.inf, high: float = math.inf, choices: Sequence[str] = ()
) -> Any:  # Any as of dataclasses.field, so that a field may have its own type
    """A field of a plan with the limits that its values must keep."""
    return field(default=default, metadata={"low": low, "high": high, "choices": tuple(choices)})


def settings_of(plan: type) -> dict[str, Setting]:
    """The settings that a plan (a dataclass of bool, int, float, str, Path, each optional or not) has, by name."""
    kinds = typing.get_type_hints(plan)
    found: dict[str, Setting] = {}
    for each in dataclasses.fields(plan):
        kind, optional = kinds[each.name], False
        if isinstance(kind, types.UnionType):
            kind = next(part for part in typing.get_args(kind) if part is not type(None))
            optional = True
        limits_of_field = each.metadata or USUAL_LIMITS.get(each.name, {})
        found[each.name] = Setting(each.name, kind, optional=optional, **limits_of_field)
    return found


def read_file(path: Path, net: str, nets: Sequence[str], known: Mapping[str, Setting]) -> dict[str, Any]:
    """Values of a TOML file for the training of `net`: RUN_KEYS at its head, the others in the table [net].

    `known`: every setting of this training.  Tables of the other `nets` may stand in the same file and are left
    alone; relative paths start at the file's folder.  Raises `SettingsError`.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file; check the path given with --config") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: expected UTF-8 text, found byte 0x{error.object[error.start]:02X}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from None
    table = content.get(net, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: {net}: expected a table [{net}], found {table!r}")
    head = {key: value for key, value in content.items() if key not in nets}
    own = [name for name in known if name not in RUN_KEYS]
    for values, places, prefix in ((head, RUN_KEYS, ""), (table, own, f"{net}.")):
        for key in values:
            if key not in places:
                raise SettingsError(_unknown(path, key, prefix, places, net, own))
            if key not in known:
                raise SettingsError(f"{path}: {prefix}{key}: the training of {net} has no such setting")
    found = {key: known[key].check(value, f"{path}: {key}") for key, value in head.items()}
    found |= {key: known[key].check(value, f"{path}: {net}.{key}") for key, value in table.items()}
    return {key: path.parent / value if isinstance(value, Path) else value for key, value in found.items()}


def build(plan: type[P], values: Mapping[str, Any]) -> P:
    """A plan of checked values, the others at their defaults."""
    names = {each.name for each in dataclasses.fields(plan)}  # type: ignore[arg-type]  # plans are dataclasses
    return plan(**{name: value for name, value in values.items() if name in names})


def _unknown(path: Path, key: str, prefix: str, places: Sequence[str], net: str, own: Sequence[str]) -> str:
    if prefix == "" and key in own:
        return f"{path}: {key}: expected in the table [{net}], found at the head of the file"
    if prefix and key in RUN_KEYS:
        return f"{path}: {prefix}{key}: expected at the head of the file, found in the table [{net}]"
    near = difflib.get_close_matches(key, places, n=1, cutoff=0.5)
    hint = f"did you mean {prefix}{near[0]}?" if near else f"known here: {', '.join(places)}"
    return f"{path}: {prefix}{key}: unknown key; {hint}"
