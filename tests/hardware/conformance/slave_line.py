"""A line in simulated time with one simulated slave on it."""

from __future__ import annotations

from hardware.simulator.lamp import Lamp
from hardware.simulator.pneumatics import Pneumatics
from hardware.simulator.slave import Slave

STEP_S = 0.001


class SlaveLine:
    """`hardware.conformance.Line` onto a slave and its plant.  A reply is on the line `delay_s` after its request."""

    allowance_s = 0.0

    def __init__(self, slave: Slave, plant: Pneumatics | Lamp) -> None:
        self.slave, self.plant = slave, plant
        self.delay_s = 0.0005
        self._time_s = 100.0
        self._due: list[tuple[float, bytes]] = []

    def now_s(self) -> float:
        return self._time_s

    def send(self, data: bytes) -> float:
        self._pass(len(data) * 86.8e-6)
        reply = self.slave.receive(data)
        if reply:
            self._due.append((self._time_s + self.delay_s, reply))
        return self._time_s

    def read(self, until_s: float) -> bytes:
        while True:
            if self._due and self._due[0][0] <= self._time_s:
                return self._due.pop(0)[1]
            if self._time_s >= until_s:
                return b""
            next_s = min(until_s, self._time_s + STEP_S)
            if self._due:
                next_s = min(next_s, max(self._due[0][0], self._time_s + 1e-6))
            self._pass(next_s - self._time_s)

    def _pass(self, dt_s: float) -> None:
        self._time_s += dt_s
        self.plant.advance(dt_s)
        self.slave.advance(dt_s)
