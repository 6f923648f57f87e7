"""Measures the light: settling, overshoot, error and noise of the LED current; what heat, faults and age do to it."""

from __future__ import annotations

import argparse
import math
from statistics import fmean, pstdev
from typing import Any

from hardware.ccu.light import LightState, step_light
from hardware.ccu.params import LightParams
from hardware.limits import RATED_LED_CURRENT_MA, STANDBY_INTENSITY_PERCENT
from hardware.protocol import REPLY_HEADER, DriveLight, FrameDecoder, Request, SetIntensity, SetLight, decode_reply
from hardware.protocol import encode_request as encode
from hardware.readings import LightReading
from hardware.simulator.lamp import Lamp
from hardware.simulator.light import Light

TICK_S = 0.02  # how often the true current is looked at
POLL_S = 0.1  # the bus reaches the light every 100 ms
SETTLED = 0.02  # of the new current
FULL_S = 20.0 * 60.0  # of full light, for the heat to come to rest

_AMBIENTS_C = (20.0, 30.0, 40.0)
_OLD_H = 10_000.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--seed`: of the simulated sensors' noise."""
    parser.add_argument("--seed", type=int, default=1, help="of the simulated sensors' noise (1)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Figures per case: currents in % of the setpoint, overshoot in % of the step, temperatures at the LED."""
    seed: int = args.seed
    cases: dict[str, Any] = {}
    for ambient_c in _AMBIENTS_C:
        cases[f"steps_{ambient_c:.0f}_c"] = _steps(_Bench(seed, ambient_c))
        cases[f"full_light_{ambient_c:.0f}_c"] = _full_light(_Bench(seed, ambient_c))
    cases["steps_aged_led"] = _steps(_Bench(seed, 23.0, hours=_OLD_H))
    cases["full_light_dead_fan_23_c"] = _full_light(_Bench(seed, 23.0, fan_dead=True))
    cases["full_light_dead_fan_40_c"] = _full_light(_Bench(seed, 40.0, fan_dead=True))
    cases["poll_s"] = POLL_S
    return cases


class _Bench:
    """Light law, simulated light source and lamp, over real frames, in simulated time."""

    def __init__(
        self, seed: int, ambient_c: float, *, hours: float = 412.0, fan_dead: bool = False, poll_s: float = POLL_S
    ) -> None:
        self.lamp = Lamp(seed=seed, ambient_c=ambient_c, hours=hours)
        self.lamp.fan_dead = fan_dead
        self.params = LightParams()
        self.currents: list[float] = []  # true, mA, one a tick
        self.peak_c = ambient_c
        self.first_seen_s: dict[str, float] = {}  # condition -> when
        self._module = Light(self.lamp)
        self._state = LightState()
        self._wanted = False
        self._every = round(poll_s / TICK_S)
        self._decoder = FrameDecoder(REPLY_HEADER)
        self._sequence = 0
        self._ticks = 0

    @property
    def now_s(self) -> float:
        return self._ticks * TICK_S

    def shine(self, intensity_percent: float, *, on: bool = True) -> None:
        """Set the intensity and the switch, as the screen does."""
        self._ask(SetIntensity(intensity_percent))
        self._ask(SetLight(on))
        self._wanted = on

    def run(self, seconds: float) -> list[float]:
        """So many seconds; the true currents of them."""
        first = len(self.currents)
        for _ in range(round(seconds / TICK_S)):
            if self._ticks % self._every == 0:
                reading = self._ask(DriveLight(self._state.drive))
                if not isinstance(reading, LightReading):
                    raise RuntimeError(f"the simulated light source answered a drive with {reading!r}")
                self._state = step_light(self._state, reading, self.now_s, self._wanted, self.params)
                for condition in self._state.conditions:
                    self.first_seen_s.setdefault(str(condition), self.now_s)
            self._ticks += 1
            self.lamp.advance(TICK_S)
            self._module.advance(TICK_S)
            self.currents.append(self.lamp.current_ma)
            self.peak_c = max(self.peak_c, self.lamp.led_c)
        return self.currents[first:]

    def _ask(self, request: Request) -> object:
        self._sequence = (self._sequence + 1) & 0xFF
        frames = self._decoder.feed(self._module.receive(encode(request, self._sequence)))
        if not frames:
            raise RuntimeError(f"the simulated light source did not answer {request}")
        return decode_reply(frames[0], request, self._sequence, self.now_s)


def _steps(bench: _Bench) -> dict[str, Any]:
    """Standby -> 30 -> 100 -> 10 %, ten seconds each."""
    bench.shine(30.0, on=False)
    bench.run(5.0)
    before = STANDBY_INTENSITY_PERCENT
    figures: dict[str, Any] = {}
    for goal in (30.0, 100.0, 10.0):
        bench.shine(goal)
        figures[f"{before:.0f}_to_{goal:.0f}_percent"] = _step_figures(bench.run(10.0), before, goal, bench.params)
        before = goal
    return figures


def _step_figures(
    currents: list[float], before_percent: float, goal_percent: float, params: LightParams
) -> dict[str, float | None]:
    goal, before = (p / 100.0 * RATED_LED_CURRENT_MA for p in (goal_percent, before_percent))
    rising = goal > before
    slew = params.slew_up_percent_s if rising else params.slew_down_percent_s
    outside = [i for i, c in enumerate(currents) if abs(c - goal) > SETTLED * goal]
    settled = outside[-1] + 1 if outside else 0
    beyond = max(currents) - goal if rising else goal - min(currents)
    last = currents[-round(3.0 / TICK_S) :]
    return {
        "settling_s": round(settled * TICK_S, 2) if settled < len(currents) else None,
        "slew_limited_s": round(abs(goal_percent - before_percent) / slew, 2),
        "overshoot_percent": round(100.0 * max(0.0, beyond) / abs(goal - before), 2),
        "error_percent": round(100.0 * (fmean(last) - goal) / goal, 3),
        "noise_percent": round(100.0 * pstdev(last) / goal, 3),
    }


def _full_light(bench: _Bench) -> dict[str, Any]:
    """Full light until the heat has come to rest."""
    bench.shine(100.0)
    bench.run(FULL_S)
    last = bench.currents[-round(60.0 / TICK_S) :]
    seen = bench.first_seen_s
    figures: dict[str, Any] = {
        "peak_led_c": round(bench.peak_c, 1),
        "current_at_last_percent": round(100.0 * fmean(last) / RATED_LED_CURRENT_MA, 1),
        "swing_at_last_percent": round(100.0 * (max(last) - min(last)) / RATED_LED_CURRENT_MA, 2),
        "light_given_percent": round(bench.lamp.light_percent, 1),
    }
    names = ("light_sensor_fault", "light_led_fault", "light_fan_fault", "light_hot", "light_derated", "light_off")
    for name in names:
        figures[f"{name}_after_s"] = round(seen[name], 1) if name in seen else None
    assert all(math.isfinite(c) for c in last)
    return figures
