"""Which sensors of the light source can be believed: current against drive, values that stand still, the tachometer.

Nothing here is reported by the module.  What cannot be told from these readings: docs/recognition.md, Light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from hardware.ccu.params import LightParams
from hardware.quantities import LIGHT_CURRENT, LIGHT_FAN, LIGHT_TEMPERATURE
from hardware.readings import LightReading


@dataclass(frozen=True, slots=True)
class Run:
    """Readings of one sensor that are exactly the same, and how far meanwhile that moved which must move it."""

    value: float = math.nan
    since_s: float = 0.0
    count: int = 0
    low: float = 0.0
    high: float = 0.0

    def after(self, value: float, cause: float, now_s: float) -> Run:
        """With one more reading; `cause` is what should have moved the value."""
        if value != self.value:
            return Run(value, now_s, 1, cause, cause)
        return replace(self, count=self.count + 1, low=min(self.low, cause), high=max(self.high, cause))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding that must last before it counts, and be gone for a while before it no longer does."""

    since_s: float | None = None
    until_s: float = -math.inf
    told: bool = False

    def after(self, found: bool, gone: bool, now_s: float, delay_s: float, well_s: float) -> Doubt:
        """With one more reading.  Between `found` and `gone` lies the hysteresis of what is told already."""
        since_s = (now_s if self.since_s is None else self.since_s) if found else None
        if (since_s is not None and now_s - since_s >= delay_s) or (self.told and not gone):
            return Doubt(since_s, now_s + well_s, True)
        return Doubt(since_s, self.until_s, self.told and now_s < self.until_s)


@dataclass(frozen=True, slots=True)
class LightWatch:
    """What the watch remembers, and what it holds now."""

    drive: float = 0.0  # of the reading before: the current in a reading belongs to it or to the reading's own
    reading_s: float | None = None
    power: float = 0.0  # share of rated current, as slow as the LED's temperature follows it
    current: Run = field(default_factory=Run)
    temperature: Run = field(default_factory=Run)
    current_frozen: Doubt = field(default_factory=Doubt)
    temperature_frozen: Doubt = field(default_factory=Doubt)
    more: Doubt = field(default_factory=Doubt)  # current than the drive can make
    less: Doubt = field(default_factory=Doubt)
    fan: Doubt = field(default_factory=Doubt)  # does not turn as ordered, or its tachometer says so

    @property
    def current_wrong(self) -> bool:
        """The current sensor cannot be believed (or, what looks the same, the board gives more than it is driven)."""
        return self.current_frozen.told or self.more.told

    @property
    def temperature_wrong(self) -> bool:
        """The temperature stands still where it must have moved."""
        return self.temperature_frozen.told

    @property
    def weak(self) -> bool:
        """Less current than driven, more than the trim makes good: LED, board, or a current sensor that reads low."""
        return self.less.told and not self.current_wrong


def watch_light(watch: LightWatch, reading: LightReading, fan_ordered: float, params: LightParams) -> LightWatch:
    """One fresh reading more.  `fan_ordered` is the share of full fan ordered before it."""
    now_s = reading.time_s
    watch = _watch_temperature(_watch_current(watch, reading, params), reading, params)
    return replace(
        watch,
        fan=_watch_fan(watch.fan, reading, fan_ordered, params),
        drive=reading.drive,
        reading_s=now_s,
    )


def _watch_current(watch: LightWatch, reading: LightReading, params: LightParams) -> LightWatch:
    """A reading without a value tells nothing here and ends every count."""
    current_ma, now_s, well_s = reading.current_ma, reading.time_s, params.sensor_well_s
    if not LIGHT_CURRENT.plausible(current_ma):
        return replace(watch, current=Run(), current_frozen=Doubt(), more=Doubt(), less=Doubt())
    full_ma, tolerance_ma = params.board_full_scale_ma, params.current_tolerance_ma
    driven_ma = reading.drive * full_ma
    run = watch.current.after(current_ma, driven_ma, now_s)
    for_s = now_s - run.since_s
    # Near zero a unipolar sensor stands still and is right: an LED without current has a name of its own.
    frozen = abs(current_ma) > tolerance_ma and (
        (run.high - run.low >= params.current_moved_ma and run.count >= 4 and for_s >= params.current_moved_s)
        or (run.count >= params.still_readings and for_s >= params.current_still_s)
    )
    low_ma, high_ma = (f(watch.drive, reading.drive) * full_ma for f in (min, max))
    less = current_ma < low_ma / (1.0 + params.trim_share) - tolerance_ma
    more = current_ma > high_ma / (1.0 - params.trim_share) + tolerance_ma or current_ma < -tolerance_ma
    # Told once, the trim is off: what it had hidden shows, and half of it is asked for before the sensor is believed.
    half = 0.5 * params.trim_share
    not_less = current_ma >= low_ma / (1.0 + half) - tolerance_ma
    not_more = -tolerance_ma <= current_ma <= high_ma / (1.0 - half) + tolerance_ma
    delay_s = params.led_fault_delay_s
    return replace(
        watch,
        current=run,
        current_frozen=watch.current_frozen.after(frozen, not frozen, now_s, 0.0, well_s),
        more=watch.more.after(more, not_more, now_s, delay_s, well_s),
        less=watch.less.after(less, not_less, now_s, delay_s, well_s),
    )


def _watch_temperature(watch: LightWatch, reading: LightReading, params: LightParams) -> LightWatch:
    """Light and heat go together: a LED that has changed its power for seconds has changed its temperature."""
    now_s = reading.time_s
    dt_s = 0.0 if watch.reading_s is None else now_s - watch.reading_s
    share = watch.drive * params.board_full_scale_ma / params.rated_current_ma
    power = watch.power + (share - watch.power) * -math.expm1(-dt_s / params.heat_follows_s)
    if not LIGHT_TEMPERATURE.plausible(reading.temperature_c):
        return replace(watch, power=power, temperature=Run(), temperature_frozen=Doubt())
    run = watch.temperature.after(reading.temperature_c, power, now_s)
    frozen = (run.high - run.low >= params.power_moved_share and run.count >= 10) or (
        run.count >= params.still_readings
        and now_s - run.since_s >= params.temperature_still_s
        and run.low >= params.power_moved_share
    )
    doubt = watch.temperature_frozen.after(frozen, not frozen, now_s, 0.0, params.sensor_well_s)
    return replace(watch, power=power, temperature=run, temperature_frozen=doubt)


def _watch_fan(fan: Doubt, reading: LightReading, ordered: float, params: LightParams) -> Doubt:
    speed = reading.fan_percent
    slow = ordered >= params.fan_fault_from and (
        not LIGHT_FAN.plausible(speed) or speed < 100.0 * params.fan_fault_share * ordered
    )
    fast = speed > 100.0 * ordered + params.fan_excess_percent  # false for no value
    found = slow or fast
    return fan.after(found, not found, reading.time_s, params.fan_fault_delay_s, 0.0)
