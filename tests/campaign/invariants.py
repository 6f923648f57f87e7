"""The laws of the campaign, in their order.  Definitions in words, exclusions and their reasons: docs/campaign.md."""

from __future__ import annotations

from tests.campaign.gas_laws import MasterSilence, PressureCeiling, ReliefAtP2, SupplyAtP1
from tests.campaign.judging import Law
from tests.campaign.screen_laws import ActiveIsReadBack, GoodIsFresh

LAWS: tuple[type[Law], ...] = (
    PressureCeiling,
    SupplyAtP1,
    ReliefAtP2,
    MasterSilence,
    ActiveIsReadBack,
    GoodIsFresh,
)


def laws() -> tuple[Law, ...]:
    """A fresh set, for one sequence."""
    return tuple(law() for law in LAWS)
