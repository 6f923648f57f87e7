"""A number being typed or stepped: which characters it takes, and where its steps lead.  Knows no widget."""

from __future__ import annotations

import math

from ui import viewmodels
from ui.viewstate import SetpointSpec

MOST_CHARS = 6


class NumberEntry:
    """Starts with a value that the first digit replaces.  All numbers are in the unit of the spec as shown."""

    def __init__(self) -> None:
        self.text = ""
        self._fresh = True  # the next digit replaces the value shown

    def begin(self, text: str) -> None:
        """Start with this value; empty when none is known."""
        self.text, self._fresh = text, True

    def value(self) -> float | None:
        """The number typed so far; None while it is not one."""
        try:
            value = float(self.text)
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def type(self, character: str, decimals: int) -> None:
        """Append a digit or the point, as far as `decimals` allow."""
        entry = "" if self._fresh else self.text
        self._fresh = False
        if character == ".":
            if decimals and "." not in entry:
                entry = (entry or "0") + "."
        elif "." in entry and len(entry.split(".")[1]) >= decimals:
            pass
        elif len(entry) < MOST_CHARS:
            entry = (entry + character).lstrip("0") or "0"
            entry = "0" + entry if entry.startswith(".") else entry
        self.text = entry

    def delete(self) -> None:
        """Take the last character away."""
        self.text, self._fresh = self.text[:-1], False

    def step(self, spec: SetpointSpec, steps: int) -> None:
        """To the next multiple of so many of the spec's steps, up or down; stays at the ends of the range."""
        value, width = self.value(), spec.step * abs(steps)
        if value is None:
            value = spec.minimum
        elif steps > 0:
            value = (math.floor(value / width + 1e-9) + 1) * width
        else:
            value = (math.ceil(value / width - 1e-9) - 1) * width
        value = min(max(value, spec.minimum), spec.maximum)
        self.text, self._fresh = viewmodels.number(value, spec.decimals), True
