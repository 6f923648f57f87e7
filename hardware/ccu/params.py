"""Every number of the control unit, with its unit and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field

from hardware.ccu.insufflation_params import InsufflationParams
from hardware.ccu.recognition_params import RecognitionParams
from hardware.limits import BOARD_FULL_SCALE_MA, RATED_LED_CURRENT_MA, STANDBY_INTENSITY_PERCENT
from hardware.quantities import CYLINDER, LIGHT_CURRENT, LIGHT_TEMPERATURE, PRESSURE


@dataclass(frozen=True, slots=True)
class ConditionParams:
    """When the gas side's conditions hold."""

    over_pressure_mmhg: float = 3.0  # above P1: early, well before P2 at P1 + 10
    over_pressure_delay_s: float = 3.0  # longer than an inspiration's peak or a cough
    over_pressure_clear_mmhg: float = 2.0
    over_pressure_shut_s: float = 0.05  # at P2 told at once, when no stroke has just made it
    unseen_s: float = 0.05  # between two readings: a stroke may have ended in it
    relief_echo_s: float = 0.25  # after the relief valve has closed the line is back at the abdomen's pressure by then
    own_stroke_s: float = 0.1  # a supply valve open so lately: the relief valve lets out what our stroke gave ...
    own_relief_s: float = 0.3  # ... unless it stays open for longer
    relief_again_s: float = 1.0  # closed for so long, its next opening is another occurrence
    cylinder_low_bar: float = CYLINDER.safe_min
    cylinder_empty_bar: float = 3.0
    cylinder_clear_bar: float = 2.0  # above the limit


@dataclass(frozen=True, slots=True)
class InterlockParams:
    """What the last word on the gas side goes by."""

    stale_s: float = PRESSURE.stale_after_s
    disagreement_mmhg: float = 2.5
    disagreement_delay_s: float = 0.2
    disagreement_clear_s: float = 2.0  # agreement that long clears it
    # Gas with both valves shut: the flow sensor has forgotten the last stroke, and so much is no drift of it.
    passing_lag_s: float = 0.2
    passing_flow_l_min: float = 2.0
    passing_s: float = 0.05
    passing_unseen_s: float = 0.05  # between two readings: nobody knows that the valves stayed shut


@dataclass(frozen=True, slots=True)
class LightParams:
    """The lamp.  Temperatures are those at the LED."""

    rated_current_ma: float = RATED_LED_CURRENT_MA
    board_full_scale_ma: float = BOARD_FULL_SCALE_MA
    standby_percent: float = STANDBY_INTENSITY_PERCENT
    stale_s: float = LIGHT_CURRENT.stale_after_s

    # PID on current as a share of the rated one.  Gains hold for readings from every 20 ms to every 250 ms.
    proportional: float = 0.10
    integral_per_s: float = 2.0
    derivative_s: float = 0.001
    longest_dt_s: float = 0.25  # after a gap in the readings the integral moves as for this long
    # What the integral may add to the feed-forward: this share of it, and a little.  A current sensor that reads low
    # cannot drive the LED further than that.
    trim_share: float = 0.2
    trim_least: float = 0.01
    trim_scaled_from_percent: float = 3.0
    order_readings: int = 3  # from an order's making to the reading that shows its whole effect
    slew_up_percent_s: float = 40.0  # start low: full light takes 2.5 s
    slew_down_percent_s: float = 200.0

    # Fan: share ordered over temperature, straight lines in between; it falls only `fan_hysteresis_k` later.
    fan_curve: tuple[tuple[float, float], ...] = ((30.0, 0.0), (32.0, 0.25), (45.0, 0.5), (58.0, 1.0))
    fan_hysteresis_k: float = 3.0

    hot_c: float = LIGHT_TEMPERATURE.safe_max
    hot_clear_c: float = LIGHT_TEMPERATURE.safe_max - 4.0
    derate_from_c: float = 72.0  # full light below, `derate_to` at `derate_until_c`
    derate_until_c: float = 82.0
    derate_to: float = 0.3
    derated_clear_percent: float = 2.0  # "derated" ends when so much more is allowed than is set
    off_c: float = 85.0
    on_again_c: float = 60.0

    led_fault_share: float = 0.4  # less current than this part of the target ...
    led_fault_delay_s: float = 1.0  # ... for this long, with the drive applied
    led_fault_drive: float = 0.05  # driven on at this, so that a loose contact does not flash
    fan_fault_share: float = 0.5  # less speed than this part of the order ...
    fan_fault_delay_s: float = 4.0
    fan_fault_from: float = 0.2  # orders below do not surely turn a fan
    fan_excess_percent: float = 30.0  # of full speed above the order; a fan's speed is not quite straight over it

    # Sensors (light_watch.py).  Simulated noise: 1.5 mA, 0.05 K in steps of 0.0625; the chance of the same value again
    # is 0.19 and about 0.5, so 40 readings do not stand still by chance.
    current_tolerance_ma: float = 40.0  # about `trim_least` of full scale
    current_moved_ma: float = 100.0  # driven so much further, with exactly the same current read ...
    current_moved_s: float = 0.5  # ... for this long; the board follows in 0.1 s, an LED fault counts after 1 s
    current_still_s: float = 20.0
    temperature_still_s: float = 60.0
    still_readings: int = 40
    # LED board on its heat sink: 12 J/K over 6 W/K are 2 s; with the sensor's own lag.  A fifth of rated power (14 W)
    # is 2.3 K between LED and heat sink.
    heat_follows_s: float = 5.0
    power_moved_share: float = 0.2
    sensor_well_s: float = 2.0
    # The most light by a sensor that is wrong, or without a current.  Safe even with the temperature not known and the
    # fan dead: 900 mA at 31 V give 19.5 W of heat, 28 K over a heat sink in still air (0.7 W/K) and 3 K over the LED
    # board (6 W/K): 71 degC in a room of 40 (the simulated lamp's figures: estimates).  Darkness is no remedy here.
    doubtful_percent: float = 30.0
    over_current_share: float = 1.15  # of rated: drive cut at once


@dataclass(frozen=True, slots=True)
class CcuParams:
    """All of it."""

    insufflation: InsufflationParams = field(default_factory=InsufflationParams)
    conditions: ConditionParams = field(default_factory=ConditionParams)
    recognition: RecognitionParams = field(default_factory=RecognitionParams)
    interlocks: InterlockParams = field(default_factory=InterlockParams)
    light: LightParams = field(default_factory=LightParams)
