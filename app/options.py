"""How one run of the tower differs from an everyday one, as asked for on the command line or by a bench."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How this run differs from an everyday one."""

    demo: bool = False
    seconds: float | None = None
    screenshot: Path | None = None
    report: Path | None = None
    size: tuple[int, int] | None = None
    autostart: bool = False  # light on and gas started by the program: demonstrations only
    record: bool = False  # start recording at once: measurements only
    started_s: float | None = None  # monotonic: since when the wait for the first picture counts
    scenario: str | None = None  # played by the simulator: a name or a file

    @property
    def unattended(self) -> bool:
        """True when nobody need be there to answer a question at the end."""
        return self.seconds is not None or self.report is not None or self.screenshot is not None
