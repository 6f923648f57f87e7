"""Every number of the gas law, with its unit and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InsufflationParams:
    """The gas law (docs/control.md).  Tuned in the closed loop with the simulated plant (`bench regulation`)."""

    # Where the breath's mean shall lie below P1, as a share of it: gas can only be given while the line is below P1,
    # and what little is aimed lower leaves the more of each breath to give it in (a type test allows 5 %).
    aim_below_share: float = 0.03
    mean_share: float = 0.3  # of the breath's ripple that lies below its mean: inspiration rises, expiration falls off
    band_mmhg: float = 0.35  # noise of a pause's reading, and what a breath is not alike the last one
    ripple_first_mmhg: float = 1.0
    ripple_least_mmhg: float = 0.2
    ripple_most_mmhg: float = 3.0  # more is no breathing: a cough does not stop the gas
    ripple_block_s: float = 1.0
    ripple_blocks: int = 6  # a breath and a little, at 12/min

    # Observer of the breath's mean and of the leak, and what is asked of the gas by them.
    observer_s: float = 4.0
    leak_catch_s: float = 1.5  # how fast the leak follows when the abdomen leaves the breath's band
    leak_least_ml_s: float = -20.0  # below zero is no leak: it trims what the one-sided valve adds
    leak_most_ml_s: float = 670.0  # 40 l/min, the most that any mode gives
    hold_s: float = 4.0  # time constant towards the aim, once there
    refill_s: float = 0.6  # time constant towards the breath's trough, from below
    compliance_first_ml_mmhg: float = 200.0  # a large adult has more, until it is learned
    compliance_first_paediatric_ml_mmhg: float = 30.0  # an infant at 8 mmHg has about 40
    compliance_least_ml_mmhg: float = 8.0
    compliance_most_ml_mmhg: float = 600.0
    compliance_step_mmhg: float = 2.0  # expected rise after which the compliance is judged, while filling
    filled_mmhg: float = 1.5  # the filling ends this far below P1: compliance is known, the leak is learned from here
    reached_mmhg: float = 0.6  # "at set pressure": the mean within this of P1 for a breath, until twice as far

    # Long strokes: PI of the flow, duty per l/min.  The feed-forward is a valve of 50 l/min at full duty without dead
    # travel, so it stays a little under the wanted flow by itself; the integral finds the rest.
    feed_forward: float = 1.0 / 50.0
    proportional: float = 0.003
    integral_per_s: float = 0.06
    flow_blind_s: float = 0.12  # after a stroke's start the flow sensor still shows the pause: the integral waits
    settle_s: float = 0.10  # and so long until line and flow belong together
    flow_slew_l_min_s: float = 250.0  # how fast the wanted flow may rise ...
    first_slew_l_min_s: float = 40.0  # ... and into a line that is not known yet: a start is no blow
    smallest_flow_l_min: float = 0.3  # less is not worth a long stroke
    long_stroke_s: float = 2.5
    near_stroke_s: float = 0.7  # within `near_mmhg` of P1
    near_mmhg: float = 2.0
    long_gap_mmhg: float = 1.0  # nearer to P1 than this only short strokes are given
    line_share: float = 0.9  # part of the gap that the line's drop may take in a long stroke

    # First guess of the line's drop = factor * flow^1.5, mmHg for l/min (between laminar and turbulent).  Learned in
    # the first pause; high at first, so that an unknown line starts with little flow near P1.
    line_drop_first: float = 0.1
    line_drop_min: float = 0.002
    line_drop_max: float = 8.0  # a needle: about 3 mmHg at 1 l/min
    narrow_line: float = 0.6  # a line with more drop than this needs more than `pause_s` to fall back

    # Short strokes: a few pulses into the line, which may pass P1 (the valves then close within two cycles), and a
    # pause in which it falls back to the abdomen's pressure.
    short_cycles: int = 3
    more_cycles: int = 1  # as long as the line stays below P1 and much is owed
    cycle_s: float = 0.020
    first_margin_mmhg: float = 0.6  # of the first pulse's reading to P1, where the stroke is to last longer
    first_share: float = 0.6  # not worth it when the first pulse must be smaller than this part of the others
    pause_s: float = 0.060
    residual_most: float = 0.12
    narrow_pause_s: float = 0.5  # at most, for a needle
    still_mmhg: float = 0.25  # fall from reading to reading of a line that has come to rest
    p2_margin_mmhg: float = 1.5  # the line's peak stays this far below P2
    dead_duty: float = 0.05
    first_duty: float = 0.12  # of an unknown line; then at most `duty_growth` a stroke
    duty_growth: float = 1.3
    rise_first: float = 30.0  # first guess of the line's peak, mmHg = factor * effective duty^1.5
    rise_seen_mmhg: float = 1.5
    dose_first_ml: float = 30.0  # a short stroke at full duty, before it is learned
    dose_mmhg: float = 0.05  # what a dose raises the abdomen by when little is asked for ...
    dose_most_mmhg: float = 0.3  # ... and at most
    dose_least_ml: float = 1.0
    owed_s: float = 0.4  # what is asked for in this time can be owed, and no more
    dose_of_standard_s: float = 0.2  # a dose is at most what the standard flow gives in this time

    # Cycles that come late, readings that get lost.  The module drives on with its last order meanwhile.
    gap_s: float = 0.030  # more between two readings: nobody knows how long what was ordered in between lasted
    pause_readings: int = 2  # after the first that says that the valves are shut: its time may be that of a late cycle
    irregular_pause_s: float = 0.1
    irregular_share: float = 0.05  # a stroke of unknown length that raised the line less is believed so far
    unopened_s: float = 0.3  # a short stroke that is not read back by then is given up

    # Without a new reading for this long a stroke ends: the abdomen is not filled blindly.
    blind_s: float = 0.07

    # The relief valve pauses this long to see the abdomen, for the line reads low while it lets gas out.
    relief_check_s: float = 0.25
    relief_first_s: float = 0.12  # open at first; an infant loses about 2 mmHg in it
    relief_fastest_mmhg_s: float = 16.0  # so it loses that much in a second, and nobody more
    relief_longest_s: float = 1.0
    relief_share: float = 0.7  # of what is above P1, to be let out before the next look
    vented_mmhg: float = 3.0  # below the opening pressure of any abdomen that holds gas
