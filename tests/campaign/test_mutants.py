"""Each law of the campaign is broken in the product on purpose, in several ways, and the campaign finds it."""

from __future__ import annotations

import logging
from collections import Counter

import pytest

from tests.campaign import mutants
from tests.campaign.invariants import LAWS
from tests.campaign.mutants import MUTANTS, Mutant, applied, sequences_until_found


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.invariant}-{m.name}")
def test_the_campaign_finds_a_broken_law(mutant: Mutant) -> None:
    logging.disable(logging.CRITICAL)
    try:
        found = sequences_until_found(mutant)
    finally:
        logging.disable(logging.NOTSET)
    assert found is not None, f"{mutant.name}: law {mutant.invariant} held in {mutant.within} sequences"


def test_every_law_has_several_mutants() -> None:
    counts = Counter(mutant.invariant for mutant in MUTANTS)
    assert all(counts[law.number] >= 3 for law in LAWS)


def test_a_mutant_is_undone_afterwards() -> None:
    """Or the rest of the test run would be about a broken product."""
    functions = {change[0]: change[0].__code__ for mutant in MUTANTS for change in mutant.changes}
    values = [(owner, name, getattr(owner, name)) for mutant in MUTANTS for owner, name, _ in mutant.values]
    for mutant in MUTANTS:
        with applied(mutant):
            pass
    assert all(function.__code__ is code for function, code in functions.items())
    assert all(getattr(owner, name) is value for owner, name, value in values)


def test_a_mutant_whose_line_is_gone_says_so() -> None:
    stale = Mutant(6, "stale", ((mutants.adapters.measured, "a line that is not there", ""),))
    with pytest.raises(LookupError, match="mend the mutant"), applied(stale):
        pass
