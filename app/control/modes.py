"""What may be set in a mode of insufflation at this site: the narrower of the mode's range and the site's."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from hardware.gas_modes import MODES, InsufflationMode, entering
from hardware.quantities import SETPOINTS, SetpointRange

PRESSURE_KEY, FLOW_KEY = "pressure_setpoint", "flow_setpoint"
MODE_SETPOINTS = (PRESSURE_KEY, FLOW_KEY)  # those whose range is the mode's
MODE_KEYS: dict[InsufflationMode, str] = {mode: mode.name.lower() for mode in InsufflationMode}
MODES_BY_KEY: dict[str, InsufflationMode] = {key: mode for mode, key in MODE_KEYS.items()}


def own_defaults(site: Mapping[str, SetpointRange], explicit: Set[str] = frozenset()) -> frozenset[str]:
    """Setpoints whose start value this site has chosen itself; the others start where their mode starts."""
    changed = {key for key, spec in site.items() if spec.default != SETPOINTS[key].default}
    return frozenset(changed | explicit)


def mode_range(
    mode: InsufflationMode, key: str, site: Mapping[str, SetpointRange], chosen: Set[str] = frozenset()
) -> SetpointRange | None:
    """Range and start value of `key` (pressure or flow) in `mode`; None when mode and site leave nothing in common.

    The start value is the site's where it has chosen one (`chosen`, see `own_defaults`) that is inside, else the
    mode's, else the end of the range that is nearest to the mode's.
    """
    spec = MODES[mode]
    own, here = (spec.pressure if key == PRESSURE_KEY else spec.flow), site[key]
    low, high = max(own.minimum, here.minimum), min(own.maximum, here.maximum)
    if low > high:
        return None
    wanted = here.default if key in chosen and low <= here.default <= high else own.default
    return replace(here, minimum=low, maximum=high, step=own.step, default=min(max(wanted, low), high))


def why_no_mode(mode: InsufflationMode, site: Mapping[str, SetpointRange]) -> str:
    """Why this mode can't be used at this site; empty when it can."""
    for key in MODE_SETPOINTS:
        if mode_range(mode, key, site) is None:
            here = site[key]
            return (
                f"{MODES[mode].label} allows no {here.label.lower()} within {here.minimum:g} to {here.maximum:g} "
                f"{here.unit}, which is all that this site's limits allow"
            )
    return ""


def outside_on_entering(mode: InsufflationMode, pressure_mmhg: float, site: Mapping[str, SetpointRange]) -> str:
    """What of the values that the module takes by itself on entering `mode` this site does not allow; else empty."""
    for key, value in zip(MODE_SETPOINTS, entering(mode, pressure_mmhg), strict=True):
        here = site[key]
        if not here.minimum <= value <= here.maximum:
            return (
                f"{MODES[mode].label} begins with {here.label.lower()} {value:g} {here.unit}, "
                f"{here.minimum:g} to {here.maximum:g} allowed here"
            )
    return ""
