"""Finds the line on which a key of a TOML text stands: the standard library's parser does not tell."""

from __future__ import annotations

import re

Key = tuple[str | int, ...]  # ("event", 2, "at_s"): the third event's at_s

_HEADER = re.compile(r"""^\s*(\[{1,2})\s*([\w."'\s-]+?)\s*\]{1,2}\s*(?:#.*)?$""")
_ASSIGNMENT = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$""")


def key_lines(text: str) -> dict[Key, int]:
    """Line (from 1) of every table and key of `text`, which must be valid TOML."""
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    closing: str | None = None  # inside a text of several lines: what ends it
    for number, line in enumerate(text.splitlines(), start=1):
        if closing is not None:
            if closing in line:
                closing = None
            continue
        if header := _HEADER.match(line):
            names: Key = _parts(header[2])
            if header[1] == "[[":
                index = counts.get(names, -1) + 1
                counts[names] = index
                table = (*names, index)
                lines.setdefault(names, number)
            else:
                table = names
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            key = (*table, *_parts(assignment[1]))
            for depth in range(len(table) + 1, len(key) + 1):
                lines.setdefault(key[:depth], number)
            closing = _left_open(assignment[2])
    return lines


def line_of(lines: dict[Key, int], key: Key) -> int | None:
    """The line of `key`, or of the nearest table that holds it; None when nothing of it stands in the text."""
    for depth in range(len(key), 0, -1):
        if key[:depth] in lines:
            return lines[key[:depth]]
    return None


def _parts(dotted: str) -> Key:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted))


def _left_open(value: str) -> str | None:
    for quotes in ('"""', "'''"):
        if value.count(quotes) % 2 == 1:
            return quotes
    return None
