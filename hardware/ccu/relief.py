"""The relief valve in looks: open for a while, closed to see the abdomen, for the line reads low while it vents."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hardware.ccu.insufflation_params import InsufflationParams
from hardware.limits import RELIEF_CEILING_MMHG


@dataclass(frozen=True, slots=True)
class Looks:
    """What the last opening did.  Begin with `Looks()` for every new occurrence."""

    from_mmhg: float = 0.0  # at rest, before the valve opened this time
    open_for_s: float = 0.0  # how long it shall stay open whatever the line reads
    opened_s: float = 0.0  # how long it was open the last time; 0: not yet


def open_again(looks: Looks, rest_mmhg: float, target_mmhg: float, params: InsufflationParams) -> Looks:
    """The valve opens, with the abdomen at `rest_mmhg`, to bring it below `target_mmhg`.

    The line alone would close it at once; a fixed time would empty an infant.  So the last look's fall tells how long
    a good part of what is still too much takes.  From 30 mmHg on each look costs more than it tells: the valve first
    stays open for as long as even an infant needs.
    """
    if looks.opened_s <= 0.0:
        open_for_s = params.relief_first_s
        if rest_mmhg >= RELIEF_CEILING_MMHG:
            surely_s = (rest_mmhg - target_mmhg) / params.relief_fastest_mmhg_s
            open_for_s = min(params.relief_longest_s, max(open_for_s, surely_s))
        return replace(looks, from_mmhg=rest_mmhg, open_for_s=open_for_s)
    fallen = looks.from_mmhg - rest_mmhg
    open_for_s = params.relief_longest_s
    if fallen > 0.0:
        needed_s = params.relief_share * (rest_mmhg - target_mmhg) / fallen * looks.opened_s
        open_for_s = min(params.relief_longest_s, max(params.relief_first_s / 3.0, needed_s))
    return replace(looks, from_mmhg=rest_mmhg, open_for_s=open_for_s)
