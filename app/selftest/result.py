"""One check as data: how it is judged, how long it may take, and what its failure holds back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from app.selftest.evidence import Evidence
from ui.selftestview import Outcome


class Hold(IntEnum):
    """What stays held while a check has failed."""

    NOTHING = 0  # an alarm of its own, or a view less: the tower is safe to use
    GAS = 1  # gas does not start; picture and light may be used
    ALL = 2  # gas does not start, and the page does not go before it was tested again


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended; `code` and `values` as in `ui.selftestview.SelfTestRow`."""

    outcome: Outcome
    code: str
    values: Mapping[str, str] = field(default_factory=dict)


def passed(code: str, **values: str) -> Result:
    """The part is well."""
    return Result(Outcome.PASS, code, values)


def failed(code: str, **values: str) -> Result:
    """The part is not well."""
    return Result(Outcome.FAIL, code, values)


def skipped(code: str, **values: str) -> Result:
    """The part cannot be tested now."""
    return Result(Outcome.SKIP, code, values)


@dataclass(frozen=True, slots=True)
class Check:
    """`judge` gives None while the evidence does not suffice; after `limit_s` the check fails with what `late` says,
    and heals by itself when the evidence comes after all.  A failure that was judged stands until tested again."""

    key: str
    judge: Callable[[Evidence], Result | None]
    late: Callable[[Evidence], Result]
    limit_s: float
    hold: Hold = Hold.NOTHING
