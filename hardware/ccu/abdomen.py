"""What the gas law believes of the abdomen: pressure now, mean of the breath, ripple, leak and compliance."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hardware.ccu.insufflation_params import InsufflationParams
from hardware.gas_modes import InsufflationMode


@dataclass(frozen=True, slots=True)
class Abdomen:
    """Pressures mmHg, gas ml, flows ml/s.  `compliance_ml_mmhg` outlives a stop, the rest begins anew."""

    compliance_ml_mmhg: float
    estimate_mmhg: float | None = None  # now: a pause's reading, or the line less its drop
    mean_mmhg: float | None = None  # of the breath; None until something was seen
    leak_ml_s: float = 0.0  # what holds the mean where it is: leak and uptake
    ripple_mmhg: float = 1.0  # peak to peak of breathing
    blocks: tuple[tuple[float, float], ...] = ()  # (lowest, highest) of the last seconds, the running one last
    block_since_s: float = 0.0
    filling: bool = True  # since the start, or since P1 went up: compliance is learned now
    filled_ml: float = 0.0  # since the mark
    mark_mmhg: float | None = None

    @classmethod
    def unknown(cls, mode: InsufflationMode, params: InsufflationParams) -> Abdomen:
        """Before anything was seen: the mode tells how large the patient may be."""
        small = mode is InsufflationMode.PAEDIATRIC
        first = params.compliance_first_paediatric_ml_mmhg if small else params.compliance_first_ml_mmhg
        return cls(first, ripple_mmhg=params.ripple_first_mmhg)

    def anew(self) -> Abdomen:
        """After a stop, or when relief has emptied it: only what belongs to the patient is kept."""
        return Abdomen(self.compliance_ml_mmhg, ripple_mmhg=self.ripple_mmhg)


def let_flow(abdomen: Abdomen, flow_ml_s: float, dt_s: float) -> Abdomen:
    """Time passes: the mean moves by the gas balance."""
    if abdomen.mean_mmhg is None:
        return abdomen
    leak = max(0.0, abdomen.leak_ml_s)
    moved = abdomen.mean_mmhg + (flow_ml_s - leak) / abdomen.compliance_ml_mmhg * dt_s
    return replace(abdomen, mean_mmhg=moved, filled_ml=abdomen.filled_ml + flow_ml_s * dt_s)


def observe(abdomen: Abdomen, seen_mmhg: float, now_s: float, dt_s: float, params: InsufflationParams) -> Abdomen:
    """The abdomen shows `seen_mmhg`, `dt_s` after the last time.

    A Luenberger observer of mean and leak over the gas balance, whose mean is held in the band that a breath of the
    known ripple leaves for it around the pressure now.
    """
    if abdomen.mean_mmhg is None:
        return replace(
            abdomen,
            estimate_mmhg=seen_mmhg,
            mean_mmhg=seen_mmhg,
            blocks=((seen_mmhg, seen_mmhg),),
            block_since_s=now_s,
            filled_ml=0.0,
            mark_mmhg=seen_mmhg,
        )
    innovation = seen_mmhg - abdomen.mean_mmhg
    share = min(1.0, dt_s / params.observer_s)
    mean = abdomen.mean_mmhg + 2.0 * share * innovation
    lowest = seen_mmhg - (1.0 - params.mean_share) * abdomen.ripple_mmhg - params.band_mmhg
    highest = seen_mmhg + params.mean_share * abdomen.ripple_mmhg + params.band_mmhg
    bounded = min(highest, max(lowest, mean))
    per_s = share / params.observer_s * innovation + (bounded - mean) / params.leak_catch_s
    leak = abdomen.leak_ml_s
    if not abdomen.filling:
        leak -= abdomen.compliance_ml_mmhg * per_s
        leak = min(params.leak_most_ml_s, max(params.leak_least_ml_s, leak))
    abdomen = replace(abdomen, estimate_mmhg=seen_mmhg, mean_mmhg=bounded, leak_ml_s=leak)
    abdomen = _learn_compliance(abdomen, seen_mmhg, params)
    return _learn_ripple(abdomen, seen_mmhg, now_s, params)


def trough_mmhg(abdomen: Abdomen, aim_mmhg: float, params: InsufflationParams) -> float:
    """What the abdomen shows at the end of expiration when the breath's mean is at `aim_mmhg`."""
    return aim_mmhg - params.mean_share * abdomen.ripple_mmhg


def held(abdomen: Abdomen, mean_mmhg: float, params: InsufflationParams) -> bool:
    """A whole breath was seen, and in none of it the abdomen was lower than it is in a breath of such a mean."""
    lowest = trough_mmhg(abdomen, mean_mmhg, params) - params.band_mmhg
    return len(abdomen.blocks) >= params.ripple_blocks - 1 and min(low for low, _ in abdomen.blocks) >= lowest


def wanted_ml_s(abdomen: Abdomen, aim_mmhg: float, params: InsufflationParams) -> float:
    """Gas to be given: what leaks, and what brings mean and trough to where they belong."""
    if abdomen.mean_mmhg is None or abdomen.estimate_mmhg is None:
        return 0.0
    compliance = abdomen.compliance_ml_mmhg
    hold = compliance * (aim_mmhg - abdomen.mean_mmhg) / params.hold_s
    below = trough_mmhg(abdomen, aim_mmhg, params) - abdomen.estimate_mmhg
    refill = compliance * max(0.0, below) / params.refill_s
    return max(0.0, abdomen.leak_ml_s + max(hold, refill))


def _learn_compliance(abdomen: Abdomen, seen_mmhg: float, params: InsufflationParams) -> Abdomen:
    """While filling: gas that should have raised the pressure by a step, against what it did."""
    expected = abdomen.filled_ml / abdomen.compliance_ml_mmhg
    if not abdomen.filling or abdomen.mark_mmhg is None:
        return replace(abdomen, filled_ml=0.0, mark_mmhg=seen_mmhg) if abdomen.filled_ml else abdomen
    risen = seen_mmhg - abdomen.mark_mmhg
    if max(expected, risen) < params.compliance_step_mmhg:
        return abdomen
    # Breathing moves the pressure as well: no step believes all of it.
    ratio = min(1.6, max(0.6, expected / max(0.1, risen)))
    compliance = abdomen.compliance_ml_mmhg * ratio**0.8
    compliance = min(params.compliance_most_ml_mmhg, max(params.compliance_least_ml_mmhg, compliance))
    return replace(abdomen, compliance_ml_mmhg=compliance, filled_ml=0.0, mark_mmhg=seen_mmhg)


def _learn_ripple(abdomen: Abdomen, seen_mmhg: float, now_s: float, params: InsufflationParams) -> Abdomen:
    """From the extremes of the last breath, while nothing else moves the pressure."""
    low, high = abdomen.blocks[-1] if abdomen.blocks else (seen_mmhg, seen_mmhg)
    blocks = (*abdomen.blocks[:-1], (min(low, seen_mmhg), max(high, seen_mmhg)))
    if now_s - abdomen.block_since_s < params.ripple_block_s:
        return replace(abdomen, blocks=blocks)
    ripple = abdomen.ripple_mmhg
    if len(blocks) >= params.ripple_blocks:
        span = max(high for _, high in blocks) - min(low for low, _ in blocks)
        if span <= params.ripple_most_mmhg + 0.5:
            ripple += 0.25 * (min(params.ripple_most_mmhg, max(params.ripple_least_mmhg, span)) - ripple)
        blocks = blocks[1 - params.ripple_blocks :]
    return replace(abdomen, blocks=(*blocks, (seen_mmhg, seen_mmhg)), block_since_s=now_s, ripple_mmhg=ripple)
