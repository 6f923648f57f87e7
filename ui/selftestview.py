"""What the self-test page is given to draw: one row a check, and what may be done about failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """How one check ended."""

    WAITING = "waiting"
    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"  # cannot be tested now; the reason says why, and when it is


class Release(StrEnum):
    """What may be done about failures."""

    NONE = "none"  # still running, or nothing failed
    ANYWAY = "anyway"  # start anyway
    WITHOUT_GAS = "without_gas"  # picture and light may be used, gas stays held
    NEVER = "never"  # test again only


@dataclass(frozen=True, slots=True)
class SelfTestRow:
    """One check.  `check` and `code` are keys of `ui.selftestwords`; `values` fill the sentence in."""

    check: str
    outcome: Outcome = Outcome.WAITING
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SelfTestView:
    """The whole page."""

    rows: tuple[SelfTestRow, ...]
    running: bool = True
    release: Release = Release.NONE

    @property
    def failed(self) -> tuple[SelfTestRow, ...]:
        """The rows that failed."""
        return tuple(row for row in self.rows if row.outcome is Outcome.FAIL)
