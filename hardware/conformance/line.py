"""The line that a slave is examined over: bytes out, bytes in, a clock; and the one on a real port."""

from __future__ import annotations

import time
from typing import Protocol

from hardware.bus.port import Port

BITS_A_BYTE = 10  # start bit, eight data bits, stop bit


class Line(Protocol):
    """What the examination needs of a line.  A simulated one has a clock of its own."""

    @property
    def allowance_s(self) -> float:
        """What host and adapter may add to a delay; a slave is given so much more time than the page says."""
        ...

    def now_s(self) -> float:
        """Monotonic seconds."""
        ...

    def send(self, data: bytes) -> float:
        """Put `data` on the line; returns when its last stop bit is over, as far as this end can tell."""
        ...

    def read(self, until_s: float) -> bytes:
        """What has come, as soon as anything has; empty when nothing has come by `until_s`."""
        ...


class PortLine:
    """A serial port, a pseudo-terminal or `socket://HOST:PORT`."""

    def __init__(self, port: Port, allowance_s: float, baud_rate: int | None) -> None:
        """`baud_rate` None: bytes take no time (a pseudo-terminal or a socket)."""
        self._port = port
        self._allowance_s = allowance_s
        self._byte_s = BITS_A_BYTE / baud_rate if baud_rate else 0.0
        self._free_s = 0.0  # when the bytes sent so far have left

    @property
    def allowance_s(self) -> float:
        return self._allowance_s

    def now_s(self) -> float:
        return time.monotonic()

    def send(self, data: bytes) -> float:
        """Raises `PortLostError`, as does `read`."""
        self._free_s = max(self._free_s, time.monotonic()) + len(data) * self._byte_s
        self._port.write(data)
        return max(self._free_s, time.monotonic())

    def read(self, until_s: float) -> bytes:
        while True:
            # One byte ends the wait as soon as it is there; what lies behind it is taken along.
            first = self._port.read(1)
            if first:
                return first + self._port.read_waiting()
            if time.monotonic() >= until_s:
                return b""
