"""The simulated lamp: constant-current board, LED, heat sink, fan, ambient, ageing.

Figures are of a 100 W LED engine as data sheets of its kind have them (general knowledge, no particular type): a
board that settles in about 0.1 s, an LED string of 33 V at 3 A, 70 % of the electrical power going into heat.
"""

from __future__ import annotations

import math
import random

from hardware.limits import BOARD_FULL_SCALE_MA, RATED_LED_CURRENT_MA
from hardware.simulator.sensors import Sensor

STEP_S = 0.010  # against a board's time constant of 30 ms, exact for it; heat moves in seconds
SHORTED_SHARE = 1.0 / 3.0


class Lamp:
    """The lamp in time.  Set `drive` and `fan`, call `advance`, read the sensors."""

    board_tau_s = 0.030
    board_gain_per_k = -0.0006  # the board delivers less when warm: what the PID is for
    forward_v = 30.0  # LED string at no current, and its slope
    forward_ohm = 1.0
    heat_share = 0.70
    led_j_per_k = 12.0
    led_w_per_k = 6.0  # LED board to heat sink
    sink_j_per_k = 140.0
    sink_still_w_per_k = 0.7  # heat sink to room, fan at rest
    sink_blown_w_per_k = 2.2  # what the full fan adds
    fan_tau_s = 0.8
    fan_start = 0.12  # below this order the fan does not turn
    droop_per_k = 0.002  # light lost per kelvin above 25 degC
    loss_per_1000_h = 0.03  # light lost by ageing

    def __init__(self, *, seed: int = 0, ambient_c: float = 23.0, hours: float = 412.0, step_s: float = STEP_S) -> None:
        self.drive = 0.0  # 0..1
        self.fan = 0.0  # 0..1, ordered
        self.ambient_c = ambient_c
        self.hours = hours
        self.led_open = False
        self.led_short = False  # a third of the LED string is bridged: it shines no more, and heats less
        self.led_share = 1.0  # of the light that its hours would leave it: early ageing, dirt on the fibre
        self.fan_dead = False
        self.fan_share = 1.0  # of the ordered speed that a worn fan reaches
        self._current_ma = 0.0
        self._led_c = ambient_c
        self._sink_c = ambient_c
        self._speed = 0.0  # 0..1
        self._step_s = step_s
        self._debt_s = 0.0
        self._to_board = -math.expm1(-step_s / self.board_tau_s)
        self._to_fan = -math.expm1(-step_s / self.fan_tau_s)
        self._rng = random.Random(seed)
        self.current = Sensor(noise=1.5, quantum=1.0, rail=9999.0)
        self.temperature = Sensor(noise=0.05, quantum=0.0625, rail=300.0, value=ambient_c)
        self.tachometer = Sensor(noise=0.2, quantum=0.5, rail=300.0)

    @property
    def current_ma(self) -> float:
        """True LED current, mA."""
        return self._current_ma

    @property
    def led_c(self) -> float:
        """True temperature at the LED, degC."""
        return self._led_c

    @property
    def light_percent(self) -> float:
        """Light given, % of a new lamp at rated current and 25 degC."""
        droop = 1.0 - self.droop_per_k * (self._led_c - 25.0)
        age = 1.0 - self.loss_per_1000_h * self.hours / 1000.0
        lit = self.led_share * (1.0 - SHORTED_SHARE if self.led_short else 1.0)
        return 100.0 * self._current_ma / RATED_LED_CURRENT_MA * max(0.0, droop) * max(0.0, age) * lit

    def advance(self, dt_s: float) -> None:
        """Integrate over `dt_s`; what is left of a step is done in the next call."""
        self._debt_s += dt_s
        steps = int(self._debt_s / self._step_s + 1e-9)
        if steps == 0:
            return
        self._debt_s -= steps * self._step_s
        dt = self._step_s
        to_board, to_fan = self._to_board, self._to_fan
        fan_goal = 0.0 if self.fan_dead or self.fan < self.fan_start else self.fan * self.fan_share
        forward_v = self.forward_v * (1.0 - SHORTED_SHARE if self.led_short else 1.0)
        for _ in range(steps):
            gain = BOARD_FULL_SCALE_MA * (1.0 + self.board_gain_per_k * (self._led_c - 25.0))
            goal_ma = 0.0 if self.led_open else self.drive * gain
            self._current_ma += (goal_ma - self._current_ma) * to_board
            self._speed += (fan_goal - self._speed) * to_fan
            amps = self._current_ma / 1000.0
            heat_w = amps * (forward_v + self.forward_ohm * amps) * self.heat_share
            across_w = self.led_w_per_k * (self._led_c - self._sink_c)
            away = self.sink_still_w_per_k + self.sink_blown_w_per_k * self._speed
            self._led_c += (heat_w - across_w) / self.led_j_per_k * dt
            self._sink_c += (across_w - away * (self._sink_c - self.ambient_c)) / self.sink_j_per_k * dt
        elapsed_s = steps * dt
        if self._current_ma > 10.0:
            self.hours += elapsed_s / 3600.0
        self.current.convert(self._current_ma, elapsed_s, self._rng)
        self.temperature.convert(self._led_c, elapsed_s, self._rng)
        self.tachometer.convert(100.0 * self._speed, elapsed_s, self._rng)
