"""When the gas side's faults count as recognised: every threshold, with its unit and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hardware.gas_modes import InsufflationMode


def _leak_limits() -> Mapping[InsufflationMode, float]:
    return MappingProxyType(
        {
            InsufflationMode.VERESS: 0.6,
            InsufflationMode.ADULT: 5.0,
            InsufflationMode.HIGH_FLOW: 10.0,
            InsufflationMode.PAEDIATRIC: 1.0,
        }
    )


@dataclass(frozen=True, slots=True)
class RecognitionParams:
    """Derived from the figures of line and abdomens (docs/recognition.md) where no other source is given."""

    # Gaps between readings.  The gas of a gap is the module's own count: the flow at its end says nothing of it.
    missed_s: float = 0.030  # a cycle is missing: nobody knows what the valves were driven to meanwhile
    unseen_s: float = 0.050  # a stroke (60 ms and more) may have come and gone in it
    silent_s: float = 0.15  # longer than a module may take to answer: the bus itself stood still
    creep_l_min: float = 0.15  # less flow is the sensor's zero

    # Line at rest: valves read back as closed this long.  A trocar's line forgets a stroke in 40 ms, a needle's in
    # 0.3 s.
    settle_s: float = 0.035
    settle_veress_s: float = 0.35
    no_pause_s: float = 4.0  # longer than any stroke: then the line is taken as it is
    still_mmhg: float = 0.25  # fall from reading to reading of a line that has come to rest

    # Occlusion.  Tube and box alone take 0.5 ml/mmHg, an infant's abdomen 5 ml/mmHg and more (D): less gas than this
    # for a rise that stays has not reached a patient.
    line_ml_mmhg: float = 2.5
    vented_ml_mmhg: float = 1.2
    jump_mmhg: float = 1.5
    free_ml: float = 12.0  # gas of one stroke beyond the line's own that surely went into the patient
    through_ml_s: float = 4.0  # what a kink still lets through at 12 mmHg
    occlusion_confirm_s: float = 4.0  # contains part of an inspiration
    occlusion_flat_mmhg: float = 0.7  # a line that rises less than this shows no breathing
    wait_blind_s: float = 0.8  # the smooth pressure has forgotten the stroke
    cough_s: float = 1.2  # a line that has fallen back by then did so by itself
    occlusion_strokes: int = 4
    occlusion_rise_mmhg: float = 4.0
    occlusion_within_s: float = 15.0
    # A tube that is narrowed, not shut: its line takes tenths of a second to come to rest, a free one's 0.06 s.
    narrow_from_s: float = 0.075
    narrow_until_s: float = 0.3
    narrow_rise_mmhg: float = 3.0
    narrow_fall_mmhg: float = 1.5
    narrow_quick_mmhg: float = 0.5
    narrow_strokes: int = 3
    # Breathing that was seen in the line and is gone: the line no longer shows the patient.
    breath_window_s: float = 8.0  # contains a breath at 8/min or faster
    breath_seen_mmhg: float = 0.7
    breath_gone_share: float = 0.45
    breath_gone_mmhg: float = 0.65
    breath_gone_windows: int = 3
    breath_most_mmhg: float = 2.5  # ventilation makes 1-2 (clinical.md); more is coughs and strokes

    # Disconnection: gas that raises any abdomen well above this (40 ml/mmHg before it opens; a child 14) does not.
    disconnected_mmhg: float = 0.7
    disconnected_clear_mmhg: float = 1.2
    disconnected_s: float = 1.0
    disconnected_ml: float = 80.0
    disconnected_paediatric_ml: float = 25.0

    # Leak: so much in each of these parts of a time, only to hold the pressure.  An instrument's exchange is shorter.
    leak_l_min: Mapping[InsufflationMode, float] = field(default_factory=_leak_limits)
    leak_part_s: float = 5.0
    leak_parts: int = 6
    leak_held_mmhg: float = 4.0  # a breath's mean this far below P1 is still held; its peak may be 2 mmHg higher
    leak_clear_share: float = 0.7
    leak_rise_mmhg_l: float = 0.3  # more, for each litre, is filling: a large adult rises by 1

    # Pressure not reached.
    not_reached_mmhg: float = 2.0  # this far below P1 without getting on
    not_reached_delay_s: float = 15.0
    not_reached_gas_l: float = 1.5  # gas that must have raised any abdomen by `not_reached_rise_mmhg`
    not_reached_rise_mmhg: float = 0.5
    not_reached_flow_share: float = 0.3  # of the flow asked for: the gas does not come at all

    # Misplacement of the Veress needle: 4.1 +- 1.3 (2-8) mmHg at 1 l/min when placed right (clinical.md, Gas).
    misplaced_mmhg: float = 8.0
    misplaced_clear_mmhg: float = 7.0
    misplaced_s: float = 5.0  # one breath: the lowest pressure of it counts, as an inspiration adds 1-2
    misplaced_from_l: float = 0.01
    misplaced_until_l: float = 0.25  # "from the start": an infant is at 6 mmHg then, when placed right
    misplaced_filled_mmhg: float = 5.0  # there before any gas: an abdomen that is filled already
    # A needle drops 3 mmHg at 1 l/min (general knowledge): taken off only where no pause shows the abdomen.
    needle_mmhg_per_l_min: float = 3.0

    # Valves.
    shut_s: float = 0.25  # ordered closed this long, the flow sensor (30 ms) has forgotten any stroke
    shut_flow_l_min: float = 0.5  # ten times the sensor's noise
    shut_for_s: float = 0.2
    shut_after_gap_s: float = 0.8  # more, where strokes may have come and gone in gaps between readings
    full_flow_l_min: float = 53.0  # at full duty: this tower's valve passes 50 at most
    excess_spared_l_min: float = 0.5
    excess_least_ml: float = -40.0  # the flow sensor lags behind a stroke's beginning by so much
    excess_ml: float = 15.0  # gas beyond what the duty can pass, in strokes ...
    excess_echo_s: float = 0.2  # ... and until the flow sensor has forgotten them
    no_flow_duty: float = 0.12  # beyond the valve's dead travel
    no_flow_l_min: float = 0.3
    no_flow_s: float = 1.0  # of open time
    relief_from_mmhg: float = 4.0  # less is too little to see a fall
    relief_least_s: float = 0.09
    relief_most_s: float = 0.5
    relief_fall_share: float = 0.12  # the line falls by two thirds at once when the relief valve opens (D)
    relief_failures: int = 2
    relief_shut_s: float = 0.25  # after a short opening the line is back at the abdomen's pressure by then
    relief_short_s: float = 0.3
    relief_back_share: float = 0.2
    relief_gas_ml: float = 40.0  # that did not raise the line after a short opening

    # Test of each supply valve alone, before the gas starts.  50 l/min for 40 ms would be 33 ml.
    check_rest_s: float = 0.05
    check_duty: float = 0.2
    check_open_s: float = 0.035
    check_look_s: float = 0.055
    check_flow_l_min: float = 0.45

    # Sensors.  A live one jitters by 0.05 mmHg; the same value to the last digit for so long is none.
    frozen_s: float = 1.0
    doubtful_s: float = 0.06  # a live flow sensor shows the same thrice in a row once in a thousand readings
    frozen_other_mmhg: float = 0.3  # while the other one has moved by so much, ...
    frozen_gas_ml: float = 40.0  # ... or both stand still while so much gas flows
    frozen_clear_s: float = 2.0
    frozen_flow_l_min: float = 0.2  # a flow beyond zero that stands still
    stroke_echo_s: float = 0.1  # so long after a stroke the line still moves by it
    frozen_line_mmhg: float = 1.5  # zero flow that stands still while the strokes move the line by so much
    zero_drift_l_min: float = 0.5  # flow with the valves closed that has crept there
    zero_step_l_min: float = 0.4  # more at once is a valve
