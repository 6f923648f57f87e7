"""A table of figures, written for a terminal of 100 columns or as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH = 100  # columns of a terminal that every table fits into
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Table:
    """A title, headings, rows of cells as text; the first column is text, the others are figures."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = field(default=())
    text_columns: frozenset[int] = frozenset({0})  # set left; the others right

    def as_text(self) -> str:
        """For a terminal: headings over as many lines as they have words, cells under them."""
        words = [heading.split() or [""] for heading in self.headings]
        tall = max(len(heading) for heading in words)
        stacked = [[""] * (tall - len(heading)) + heading for heading in words]
        head = [tuple(column[line] for column in stacked) for line in range(tall)]
        widths = [max(len(row[i]) for row in (*head, *self.rows)) for i in range(len(self.headings))]
        gap = 2 if sum(widths) + 2 * (len(widths) - 1) <= WIDTH else 1
        rule = "-" * (sum(widths) + gap * (len(widths) - 1))
        lines = [self.title, *(self._line(row, widths, gap) for row in head if any(row)), rule]
        lines += [self._line(row, widths, gap) for row in self.rows]
        for note in self.notes:
            lines += textwrap.wrap(note, WIDTH, initial_indent="  ", subsequent_indent="  ")
        return "\n".join(lines)

    def as_markdown(self) -> str:
        """Title in bold, the table, the notes as paragraphs."""
        rules = ["---" if i in self.text_columns else "---:" for i in range(len(self.headings))]
        headings = [heading.replace("- ", "") for heading in self.headings]  # words cut for narrow columns
        rows = [headings, rules, *self.rows]
        table = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
        return "\n\n".join([f"**{self.title}**", table, *self.notes])

    def _line(self, row: Sequence[str], widths: Sequence[int], gap: int) -> str:
        cells = [
            cell.ljust(width) if i in self.text_columns else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return (" " * gap).join(cells).rstrip()


def signed(value: float | None, digits: int = 2) -> str:
    """A gain: +1.23; "-" for none."""
    return _NONE if value is None else f"{value:+.{digits}f}"


def plain(value: float | None, digits: int = 2) -> str:
    """1.23; "-" for none."""
    return _NONE if value is None else f"{value:.{digits}f}"


def share(value: float | None) -> str:
    """12.3 %; "-" for none."""
    return _NONE if value is None else f"{value:.1%}".replace("%", " %")
