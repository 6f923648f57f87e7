"""Puts values into the text of a configuration, so that its comments and all other keys stay as they are."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping

Value = str | float | bool | None  # None: the key is taken out
Values = Mapping[tuple[str, str], Value]  # (section, key) -> value

_HEADER = re.compile(r"^\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_STRING = r'"(?:[^"\\]|\\.)*"|\'[^\']*\''


def put_in(text: str, values: Values) -> str:
    """`text` (TOML) with these values.  A key that only stands there as a comment is switched on in its place.

    Raises `ValueError` where the text is written in a way that this cannot follow; nothing is guessed.
    """
    lines = text.splitlines()
    for (section, key), value in values.items():
        _put(lines, section, key, value)
    made = "\n".join(lines) + "\n"
    try:
        data = tomllib.loads(made)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the file is written in a way that cannot be edited: {error}") from error
    for (section, key), value in values.items():
        if data.get(section, {}).get(key) != value:
            raise ValueError(f"{section}.{key} is written in a way that cannot be edited")
    return made


def _put(lines: list[str], section: str, key: str, value: Value) -> None:
    begin = next((at for at, line in enumerate(lines) if (m := _HEADER.match(line)) and m[1] == section), None)
    if begin is None:
        if value is not None:
            lines += ["", f"[{section}]", f"{key} = {_toml(value)}"]
        return
    after = (at for at in range(begin + 1, len(lines)) if _HEADER.match(lines[at]))
    end = next(after, len(lines))
    for comment in ("", r"#\s*"):
        pattern = re.compile(rf"^\s*{comment}{re.escape(key)}\s*=\s*(?:{_STRING}|[^#\"']*?)(\s*#.*)?$")
        for at in range(begin + 1, end):
            if found := pattern.match(lines[at]):
                if value is not None:
                    lines[at] = _with_comment(f"{key} = {_toml(value)}", lines[at], found[1] or "")
                elif not comment:
                    lines[at] = f"# {lines[at].lstrip()}"
                return
    if value is not None:
        lines.insert(begin + 1, f"{key} = {_toml(value)}")


def _with_comment(line: str, before: str, comment: str) -> str:
    """The comment stays where it stood, as far as there is room."""
    if not comment.strip():
        return line
    column = len(before) - len(comment.lstrip())
    return f"{line.ljust(column - 1)} {comment.strip()}"


def _toml(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    # JSON's strings are TOML's basic strings, but for DEL, which `put_in` then refuses.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
