"""How the enhanced view is to work, and the error with which it refuses.

Whoever only tells the enhanced view what to do (the tower, which runs it in a process of its own) needs no torch for
it: that takes seconds to load.
"""

from __future__ import annotations

from dataclasses import dataclass

ORDERS = ("sharpness_first", "region_first")
FRAME_INTERVAL_MS = 1000.0 / 30.0


class WeightsError(Exception):
    """Weights cannot be used.  The text names the file, what was expected, what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the enhanced view judges and what it may cost.  Raises `ValueError` naming what is out of range."""

    threshold: float = 0.5  # P(clear) above which a frame is clear
    deblur: bool = True  # False: blurred frames are judged but shown raw
    order: str = "sharpness_first"  # or "region_first": same results, the named stage waits for nothing
    # For one frame; less of the method is run when all of it would take longer.  None: no limit.
    time_budget_ms: float | None = FRAME_INTERVAL_MS
    exposure_share: float = 0.5  # exposure time as a share of the frame interval

    def __post_init__(self) -> None:
        if not 0.0 <= self.threshold <= 1.0:
            raise ValueError(f"threshold must lie in 0..1, came {self.threshold}")
        if self.order not in ORDERS:
            raise ValueError(f"order must be one of {', '.join(ORDERS)}, came {self.order!r}")
        if self.time_budget_ms is not None and not self.time_budget_ms > 0.0:
            raise ValueError(f"time_budget_ms must be above 0 or None, came {self.time_budget_ms}")
        if not 0.0 < self.exposure_share <= 1.0:
            raise ValueError(f"exposure_share must lie in 0..1, came {self.exposure_share}")
