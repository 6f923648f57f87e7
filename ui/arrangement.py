"""How the two pictures lie in their area: the layout, where the divider is, which picture is the large one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEAST_SHARE = 0.1  # of the picture's width on either side of the divider


class Layout(StrEnum):
    """Where the pictures lie.  In all but the first they have the whole width, and gas and light shrink to a column."""

    SIDE = "side"
    RAW = "raw"
    ENHANCED = "enhanced"
    SPLIT = "split"
    INSET = "inset"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Kept by the window, so that it outlives a change of language or theme.  Raises `ValueError` for a divider out of
    range."""

    layout: Layout = Layout.SIDE
    divider: float = 0.5  # share of the picture's width that is raw, in the split layout
    enhanced_large: bool = False  # in the picture-in-picture layout

    def __post_init__(self) -> None:
        if not LEAST_SHARE <= self.divider <= 1 - LEAST_SHARE:
            raise ValueError(f"divider: expected {LEAST_SHARE} to {1 - LEAST_SHARE}, got {self.divider!r}")

    @property
    def full(self) -> bool:
        """The pictures have the whole width."""
        return self.layout is not Layout.SIDE
