"""What people order of the gas side."""

from __future__ import annotations

from enum import StrEnum


class GasOrder(StrEnum):
    """One at a time; the screen asks, the control unit's step obeys as far as the interlocks let it."""

    OFF = "off"  # both valves closed, the module's supply off
    SUPPLY = "supply"
    PAUSE = "pause"  # both valves closed, the module's supply still on: goes on by one touch
    VENT = "vent"  # supply off, relief valve open until the abdomen is empty
