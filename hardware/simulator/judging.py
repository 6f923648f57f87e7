"""Figures of regulation from the truth of a run: what the abdomen had, not what the sensors said."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from hardware.simulator.closed_loop import CYCLE_S, Recording

REACHED_MMHG = 1.0  # judged from when the abdomen first comes within this of the setpoint
FIRST_FILL_S = 60.0  # the overshoot is looked for so long after that


@dataclass(frozen=True, slots=True)
class Figures:
    """Percentages are of the time judged: from the setpoint first reached, while people want gas.

    `time_*_18/20/12` are the published thresholds of a setpoint of 15 mmHg; `time_ge_plus_3`, `time_ge_plus_5` and
    `time_le_minus_3` are the same relative to the setpoint of the moment.  `overshoot_mmhg` is that of the mean over
    one breath above the setpoint, in the first minute after it was reached; None where it never was.
    """

    cv_percent: float
    time_ge_18_percent: float
    time_ge_20_percent: float
    time_le_12_percent: float
    overshoot_mmhg: float | None
    relief_openings: int
    gas_l: float
    speed_x_real_time: float
    time_ge_plus_3_percent: float
    time_ge_plus_5_percent: float
    time_le_minus_3_percent: float
    mean_error_mmhg: float  # mean of abdomen less setpoint
    highest_mmhg: float
    reached_s: float | None
    judged_s: float
    solenoid_openings_per_min: float

    def as_dict(self) -> dict[str, float | int | None]:
        return asdict(self)


def judge(recording: Recording, breath_s: float, speed_x_real_time: float) -> Figures:
    """Raises `ValueError` for a recording without a single cycle in which gas was wanted."""
    wanted = recording.supplying
    if not wanted.any():
        raise ValueError("nothing to judge: gas was never supplied in this run")
    error = recording.abdomen_mmhg - recording.setpoint_mmhg
    near = np.flatnonzero(wanted & (error >= -REACHED_MMHG))
    reached = int(near[0]) if near.size else None
    # What never got there is judged over its second half, so that it does not go without a figure.
    first = reached if reached is not None else int(np.flatnonzero(wanted)[0]) + int(wanted.sum()) // 2
    judged = wanted.copy()
    judged[:first] = False
    pressure, off = recording.abdomen_mmhg[judged], error[judged]

    def share(mask: np.ndarray) -> float:
        return round(100.0 * float(mask.mean()), 3)

    opened = int(np.count_nonzero(np.diff(recording.solenoid_open.astype(np.int8)) > 0))
    relief = np.count_nonzero(np.diff(recording.relief_open.astype(np.int8), prepend=0) > 0)
    return Figures(
        cv_percent=round(100.0 * float(pressure.std() / pressure.mean()), 2),
        time_ge_18_percent=share(pressure >= 18.0),
        time_ge_20_percent=share(pressure >= 20.0),
        time_le_12_percent=share(pressure <= 12.0),
        overshoot_mmhg=None if reached is None else _overshoot(recording, reached, breath_s),
        relief_openings=int(relief),
        gas_l=round(float(recording.supplied_l[-1]), 2),
        speed_x_real_time=round(speed_x_real_time, 1),
        time_ge_plus_3_percent=share(off >= 3.0),
        time_ge_plus_5_percent=share(off >= 5.0),
        time_le_minus_3_percent=share(off <= -3.0),
        mean_error_mmhg=round(float(off.mean()), 2),
        highest_mmhg=round(float(recording.abdomen_mmhg.max()), 2),
        reached_s=None if reached is None else round(reached * CYCLE_S, 1),
        judged_s=round(float(judged.sum()) * CYCLE_S, 1),
        solenoid_openings_per_min=round(60.0 * opened / (recording.time_s.size * CYCLE_S), 1),
    )


def _overshoot(recording: Recording, reached: int, breath_s: float) -> float:
    """Highest mean over one breath above the setpoint, mmHg, while the setpoint stands; 0 where there is none."""
    last = min(recording.time_s.size, reached + round(FIRST_FILL_S / CYCLE_S))
    changed = np.flatnonzero(recording.setpoint_mmhg[reached:last] != recording.setpoint_mmhg[reached])
    if changed.size:
        last = reached + int(changed[0])
    window = max(1, round(breath_s / CYCLE_S))
    begin = max(0, reached - window)
    pressure = recording.abdomen_mmhg[begin:last]
    if pressure.size < window:
        return 0.0
    means = np.convolve(pressure, np.full(window, 1.0 / window), mode="valid")
    return round(max(0.0, float(means.max() - recording.setpoint_mmhg[reached])), 2)
