"""Which check belongs to which clause."""

from __future__ import annotations

from collections.abc import Callable

from hardware.conformance.clauses import CLAUSES_BY_ID
from hardware.conformance.probe import Probe

Check = Callable[[Probe], None]
CHECKS: dict[str, Check] = {}


def check(clause_id: str) -> Callable[[Check], Check]:
    """Enter a function as the check of a clause.  It returns when all is well, raises `DeviationError` or
    `UnseenError` otherwise, and may find the slave at rest."""

    def enter(function: Check) -> Check:
        if clause_id not in CLAUSES_BY_ID or clause_id in CHECKS:
            raise ValueError(f"{clause_id} is no clause, or has a check already")
        CHECKS[clause_id] = function
        return function

    return enter
