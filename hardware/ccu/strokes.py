"""Strokes of gas: long ones below P1 by the flow's error, short ones through P1, and what they teach of the line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hardware.ccu.insufflation_params import InsufflationParams
from hardware.limits import relief_limit_mmhg
from hardware.readings import InsufflatorReading

ML_S_PER_L_MIN = 1000.0 / 60.0


@dataclass(frozen=True, slots=True)
class Line:
    """What was learned of line and valve; it outlives a stop.  Flows l/min, drops mmHg."""

    drop_factor: float = 0.0  # of flow^1.5; 0: not learned
    integral: float = 0.0  # of the long strokes' PI, duty
    wanted_l_min: float = 0.0  # of the long stroke now
    stroke_mmhg: float | None = None  # line and flow late in the stroke, smoothed: what a pause is compared with
    stroke_l_min: float = 0.0
    # Short strokes, by duty above the dead travel ("effective duty").
    dose_per_duty_ml: float = 0.0  # 0: not learned
    rise_factor: float = 0.0  # of effective duty^1.5: the line's peak above the abdomen
    first_factor: float = 0.0  # of the first pulse's effective duty: what the first reading of it shows
    first_duty: float = 0.0  # effective duty of the first pulse of the stroke now
    most_duty: float = 0.0  # highest effective duty that was tried and did well
    duty: float = 0.0  # effective duty of the stroke now, 0: long or none
    share: float = 1.0  # of what a stroke of the usual length gives: one that lasted longer gave more
    before_mmhg: float = 0.0  # abdomen when it began
    peak_mmhg: float = 0.0  # of the line since
    given_ml: float = 0.0  # since
    residual: float = 0.05  # share of the rise that is still there when a short stroke's pause is believed
    began_mmhg: float = 0.0  # what the line showed when the stroke now began ...
    last_rise_mmhg: float = 0.0  # ... right after a stroke that had raised it by this; 0: it was at rest
    owed_ml: float = 0.0  # asked for, and not given yet


def drop_mmhg(line: Line, flow_l_min: float, params: InsufflationParams) -> float:
    """Drop of the line at this flow, as far as it is known."""
    return (line.drop_factor or params.line_drop_first) * flow_l_min**1.5


def long_flow_l_min(
    line: Line, gap_mmhg: float, wanted_l_min: float, standard_l_min: float, params: InsufflationParams
) -> float:
    """Flow of a long stroke: as wanted, and so little that the line stays below P1; 0 when not worth it."""
    if gap_mmhg <= 0.0:
        return 0.0
    limit = (params.line_share * gap_mmhg / (line.drop_factor or params.line_drop_first)) ** (2.0 / 3.0)
    flow = min(standard_l_min, wanted_l_min, limit)
    return flow if flow >= min(params.smallest_flow_l_min, standard_l_min) else 0.0


def long_duty(
    line: Line, reading: InsufflatorReading, allowed_l_min: float, age_s: float, dt_s: float, params: InsufflationParams
) -> tuple[Line, float]:
    """Below P1 the flow's error sets the duty: too little flow raises it, too much lowers it."""
    measured = max(0.0, reading.flow_l_min)
    slew_l_min_s = params.flow_slew_l_min_s if line.drop_factor else params.first_slew_l_min_s
    wanted = min(allowed_l_min, line.wanted_l_min + slew_l_min_s * dt_s)
    integral, proportional = line.integral, 0.0
    if age_s >= params.flow_blind_s:
        error = wanted - measured
        proportional = params.proportional * error
        unclamped = params.feed_forward * wanted + proportional + integral
        # Anti-windup: the integral stands while the valve is at its end and the error pushes on.
        if not (unclamped >= 1.0 and error > 0.0) and not (unclamped <= 0.0 and error < 0.0):
            integral = min(1.0, max(-0.2, integral + params.integral_per_s * error * dt_s))
    duty = min(1.0, max(0.0, params.feed_forward * wanted + proportional + integral))
    return replace(line, integral=integral, wanted_l_min=wanted), duty


def note_long(line: Line, pressure_mmhg: float, flow_l_min: float) -> Line:
    """Line and flow late in a long stroke, smoothed, for the pause to compare with."""
    share = 0.25 if line.stroke_mmhg is not None else 1.0
    before = line.stroke_mmhg if line.stroke_mmhg is not None else pressure_mmhg
    return replace(
        line,
        stroke_mmhg=before + share * (pressure_mmhg - before),
        stroke_l_min=line.stroke_l_min + share * (max(0.0, flow_l_min) - line.stroke_l_min),
    )


def learn_drop(line: Line, rest_mmhg: float, params: InsufflationParams) -> Line:
    """Line under flow against line at rest, once a pause."""
    if line.stroke_mmhg is None:
        return line
    factor = line.drop_factor
    drop = line.stroke_mmhg - rest_mmhg
    if line.stroke_l_min > 2.0 or (line.stroke_l_min > 0.3 and drop > 1.0):  # else breathing and noise hide it
        seen = drop / line.stroke_l_min**1.5
        factor = seen if factor == 0.0 else factor + 0.4 * (seen - factor)
        factor = min(params.line_drop_max, max(params.line_drop_min, factor))
    return replace(line, drop_factor=factor, stroke_mmhg=None)


def surprised(line: Line, params: InsufflationParams) -> Line:
    """P1 was at the sensors before a long stroke could be measured: the line drops more than believed."""
    return replace(line, drop_factor=min(1.5 * (line.drop_factor or params.line_drop_first), params.line_drop_max))


def short_dose_ml(line: Line, abdomen_mmhg: float, p1_mmhg: float, params: InsufflationParams) -> float:
    """The most that one short stroke may give: the line's peak stays the margin below P2."""
    return _effective_limit(line, abdomen_mmhg, p1_mmhg, params) * _dose_per_duty(line, params)


def short_could_give_ml(line: Line, abdomen_mmhg: float, p1_mmhg: float, params: InsufflationParams) -> float:
    """The same, had strokes up to that limit been tried already."""
    return _room_limit(line, abdomen_mmhg, p1_mmhg, params) * _dose_per_duty(line, params)


def begin_short(
    line: Line, dose_ml: float, line_mmhg: float, abdomen_mmhg: float, p1_mmhg: float, params: InsufflationParams
) -> tuple[Line, float]:
    """A short stroke of about `dose_ml`: the line, and the duty of its first pulse.

    When more is wanted than a stroke of the usual length gives, the first pulse is held so small that its reading
    stays below P1: then the stroke may last a cycle longer.
    """
    limit = _effective_limit(line, abdomen_mmhg, p1_mmhg, params)
    wanted = max(0.01, dose_ml / _dose_per_duty(line, params))
    effective = first = min(limit, wanted)
    gap = p1_mmhg - abdomen_mmhg
    if wanted > limit and line.first_factor > 0.0 and gap > params.long_gap_mmhg:
        held = (gap - params.first_margin_mmhg) / line.first_factor
        first = min(effective, held) if held > params.first_share * effective else effective
    line = replace(
        line,
        duty=effective,
        first_duty=first,
        before_mmhg=abdomen_mmhg,
        began_mmhg=line_mmhg,
        peak_mmhg=line_mmhg,
        given_ml=0.0,
        share=1.0,
    )
    return line, min(1.0, first + params.dead_duty)


def rest_mmhg(line: Line, pressure_mmhg: float) -> float:
    """The abdomen behind a line that has just come down from a short stroke: what it still holds is taken off."""
    rise = line.peak_mmhg - line.before_mmhg
    return pressure_mmhg - line.residual * max(0.0, rise) if line.duty > 0.0 else pressure_mmhg


def learn_residual(line: Line, pressure_mmhg: float, params: InsufflationParams) -> Line:
    """What the line held when the stroke began, against the next reading, which no new gas has reached yet."""
    if line.last_rise_mmhg < 2.0:
        return line
    seen = (line.began_mmhg - pressure_mmhg) / line.last_rise_mmhg
    seen = min(params.residual_most, max(0.0, seen))
    return replace(line, residual=line.residual + 0.1 * (seen - line.residual), last_rise_mmhg=0.0)


def note_first(line: Line, pressure_mmhg: float) -> Line:
    """The first reading that shows a short stroke."""
    if line.first_duty <= 0.0:
        return line
    seen = max(0.0, pressure_mmhg - line.before_mmhg) / line.first_duty
    factor = line.first_factor
    return replace(line, first_factor=seen if seen > factor else factor + 0.1 * (seen - factor))


def end_short(
    line: Line, p1_mmhg: float, params: InsufflationParams, *, just_down: bool = False, regular: bool = True
) -> Line:
    """At the end of a short stroke's pause: what it gave, and how far the line rose.

    `just_down`: the pause was so short that the line may hold a part of that rise yet.  Without `regular` readings the
    stroke may have been longer or shorter than was ordered: it teaches only whether such a duty does well.
    """
    if line.duty == 0.0:
        return replace(line, last_rise_mmhg=0.0)
    if not regular:
        return _end_irregular(line, p1_mmhg, params)
    rise = line.peak_mmhg - line.before_mmhg
    factor = line.rise_factor
    # A small rise is hidden by breathing and noise: it tells only that the line holds back no more than this.
    seen = max(rise, params.rise_seen_mmhg) / line.duty**1.5
    whole = line.share >= 1.0
    if whole and (seen < factor or factor == 0.0):
        factor = factor + 0.1 * (seen - factor) if factor else seen
    elif rise > params.rise_seen_mmhg:
        factor = max(factor, seen)
    dose = _dose_per_duty(line, params)
    if whole and line.given_ml > params.dose_least_ml:
        dose += 0.2 * (min(200.0, max(2.0, line.given_ml / line.duty / line.share)) - dose)
    well = line.peak_mmhg < relief_limit_mmhg(p1_mmhg) - 0.5 * params.p2_margin_mmhg
    return replace(
        line,
        rise_factor=factor,
        dose_per_duty_ml=dose,
        most_duty=(max(line.most_duty, line.duty) if whole else line.most_duty) if well else 0.5 * line.duty,
        duty=0.0,
        first_duty=0.0,
        last_rise_mmhg=rise if just_down else 0.0,
    )


def _end_irregular(line: Line, p1_mmhg: float, params: InsufflationParams) -> Line:
    """A stroke of unknown length rises higher than others, and in such a time the next one may as well."""
    rise = line.peak_mmhg - line.before_mmhg
    seen = max(rise, params.rise_seen_mmhg) / line.duty**1.5
    factor, most = line.rise_factor, line.most_duty
    if factor > 0.0 or rise > params.rise_seen_mmhg:
        factor = seen if seen > factor else factor + params.irregular_share * (seen - factor)
    well = line.peak_mmhg < relief_limit_mmhg(p1_mmhg) - 0.5 * params.p2_margin_mmhg
    if well and line.given_ml > params.dose_least_ml:
        most = max(most, line.duty)
    return replace(line, rise_factor=factor, most_duty=most, duty=0.0, first_duty=0.0, last_rise_mmhg=0.0)


def cut_short(line: Line) -> Line:
    """P1 ended a short stroke before its time: of what a whole one does it teaches only that the line rises higher."""
    return replace(line, share=0.0)


def _dose_per_duty(line: Line, params: InsufflationParams) -> float:
    return line.dose_per_duty_ml or params.dose_first_ml


def _effective_limit(line: Line, abdomen_mmhg: float, p1_mmhg: float, params: InsufflationParams) -> float:
    tried = params.duty_growth * max(line.most_duty, params.first_duty)
    return min(tried, _room_limit(line, abdomen_mmhg, p1_mmhg, params))


def _room_limit(line: Line, abdomen_mmhg: float, p1_mmhg: float, params: InsufflationParams) -> float:
    room = max(0.2, relief_limit_mmhg(p1_mmhg) - params.p2_margin_mmhg - abdomen_mmhg)
    limit = (room / (line.rise_factor or params.rise_first)) ** (2.0 / 3.0)
    return min(1.0 - params.dead_duty, limit)
