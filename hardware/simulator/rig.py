"""The simulated bus with everything on it, in injected time: for the server, and in-process for tests."""

from __future__ import annotations

import heapq
import math
import random

from hardware.protocol import REPLY_HEADER, FrameDecoder, encode_frame
from hardware.simulator.camera import Camera
from hardware.simulator.insufflator import Insufflator
from hardware.simulator.lamp import Lamp
from hardware.simulator.light import Light
from hardware.simulator.patient import PATIENTS, Patient
from hardware.simulator.pneumatics import Pneumatics
from hardware.simulator.slave import Slave


class Tap:
    """What can go wrong between one slave and the line."""

    __slots__ = ("answer_as", "deaf", "delay_s", "jitter_s", "loss", "mute")

    def __init__(self) -> None:
        self.mute = False  # hears everything, says nothing
        self.deaf = False  # hears nothing
        self.answer_as: int | None = None  # signs its replies with this address
        self.delay_s = 0.0  # answers so much later
        self.jitter_s = 0.0  # and up to so much more, by chance
        self.loss = 0.0  # share of its replies that never come


class Rig:
    """Insufflator with gas path and patient, light with lamp, camera, on one line.

    `receive` takes what the master sent; `take_replies` gives what is due by now; `advance` lets time pass.
    """

    def __init__(self, *, patient: str | Patient = "adult", seed: int = 0) -> None:
        """Raises `ValueError` for the name of a patient that is not in `PATIENTS`."""
        if isinstance(patient, str):
            if patient not in PATIENTS:
                raise ValueError(f"patient must be one of {', '.join(PATIENTS)}, got {patient!r}")
            patient = PATIENTS[patient]
        self.gas = Pneumatics(patient, seed=seed)
        self.lamp = Lamp(seed=seed + 1)
        self.insufflator = Insufflator(self.gas)
        self.light = Light(self.lamp)
        self.camera = Camera(self.lamp)
        self.slaves: dict[str, Slave] = {
            "insufflator": self.insufflator,
            "light": self.light,
            "camera": self.camera,
        }
        self.taps: dict[str, Tap] = {name: Tap() for name in self.slaves}
        self.wire_cut = False
        self.bit_error_rate = 0.0  # of every bit, in both directions
        self.fault_bit_error_rate = 0.0  # of the fault "line.noise"
        self._noise_bursts: list[tuple[float, float]] = []  # (until, rate)
        self.faults_in_force: dict[str, float] = {}  # name -> value; kept by `faults`
        self.cylinder_before_l = 0.0  # what a cylinder that was made empty had; kept by `faults`
        self.time_s = 0.0
        self._rng = random.Random(seed + 2)
        self._due: list[tuple[float, int, bytes]] = []
        self._count = 0

    def advance(self, dt_s: float) -> None:
        """Let `dt_s` pass for plant and slaves."""
        self.time_s += dt_s
        self.gas.advance(dt_s)
        self.lamp.advance(dt_s)
        for slave in self.slaves.values():
            slave.advance(dt_s)

    def receive(self, data: bytes) -> None:
        """Bytes that the master has put on the line, now."""
        if self.wire_cut:
            return
        for name, slave in self.slaves.items():
            tap = self.taps[name]
            if tap.deaf:
                continue
            reply = slave.receive(self._noisy(data))
            if not reply or tap.mute or (tap.loss > 0.0 and self._rng.random() < tap.loss):
                continue
            if tap.answer_as is not None:
                reply = _signed(reply, tap.answer_as)
            delay_s = tap.delay_s + (tap.jitter_s * self._rng.random() if tap.jitter_s > 0.0 else 0.0)
            self._count += 1  # keeps the order of replies that are due at once
            heapq.heappush(self._due, (self.time_s + delay_s, self._count, reply))

    def take_replies(self) -> bytes:
        """What the slaves have put on the line by now."""
        parts: list[bytes] = []
        while self._due and self._due[0][0] <= self.time_s:
            parts.append(self._noisy(heapq.heappop(self._due)[2]))
        return b"" if self.wire_cut else b"".join(parts)

    def exchange(self, data: bytes) -> bytes:
        """`receive` and `take_replies` in one."""
        self.receive(data)
        return self.take_replies()

    @property
    def next_due_s(self) -> float | None:
        """When the next late reply is due, in the rig's time."""
        return self._due[0][0] if self._due else None

    def disturb_line(self, bit_error_rate: float, duration_s: float) -> None:
        """Noise from now on for `duration_s`; the highest rate in force counts."""
        self._noise_bursts.append((self.time_s + duration_s, bit_error_rate))

    @property
    def ambient_c(self) -> float:
        """Temperature of the room, degC: of the lamp's air and of the cylinder."""
        return self.lamp.ambient_c

    @ambient_c.setter
    def ambient_c(self, value: float) -> None:
        self.lamp.ambient_c = value
        self.gas.cylinder.ambient_c = value

    @property
    def noise_now(self) -> float:
        """Bit error rate of the line at this moment: the highest of what was set, of the fault, and of the bursts."""
        rate = max(self.bit_error_rate, self.fault_bit_error_rate)
        if self._noise_bursts:
            self._noise_bursts = [burst for burst in self._noise_bursts if burst[0] > self.time_s]
            rate = max((rate, *(burst[1] for burst in self._noise_bursts)))
        return rate

    def _noisy(self, data: bytes) -> bytes:
        rate = self.noise_now
        if rate <= 0.0:
            return data
        # From one flipped bit to the next at once: the gaps of independent bits are geometrically distributed.
        flipped, bits, log_kept, rng = bytearray(data), 8 * len(data), math.log1p(-rate), self._rng
        bit = int(math.log(1.0 - rng.random()) / log_kept)
        while bit < bits:
            flipped[bit >> 3] ^= 1 << (bit & 7)
            bit += 1 + int(math.log(1.0 - rng.random()) / log_kept)
        return bytes(flipped)

    def truth(self) -> dict[str, float | bool | str]:
        """The true state, for judges: what no module knows."""
        gas, lamp = self.gas, self.lamp
        return {
            "time_s": round(self.time_s, 4),
            "abdomen_mmhg": round(gas.abdomen_mmhg, 4),
            "abdomen_ml": round(gas.abdomen_ml, 1),
            "line_mmhg": round(gas.node_mmhg, 4),
            "supply_l_min": round(gas.supply_l_min, 3),
            "supplied_l": round(gas.supplied_ml / 1000.0, 4),
            "cylinder_l": round(gas.cylinder.left_l, 2),
            "cylinder_c": round(gas.cylinder.temperature_c, 2),
            "running": self.insufflator.running,
            "pressure_setpoint_mmhg": self.insufflator.pressure_setpoint_mmhg,
            "flow_setpoint_l_min": self.insufflator.flow_setpoint_l_min,
            "duty": gas.duty,
            "solenoid_open": gas.solenoid_open,
            "relief_open": gas.relief_open,
            "own_limit": self.insufflator.own_limit,
            "light_on": self.light.on,
            "led_ma": round(lamp.current_ma, 1),
            "led_c": round(lamp.led_c, 2),
            "light_percent": round(lamp.light_percent, 2),
            "patient": gas.patient.name,
        }


def _signed(reply: bytes, address: int) -> bytes:
    """The frames in `reply` with another address and a CRC that fits."""
    frames = FrameDecoder(REPLY_HEADER).feed(reply)
    return b"".join(encode_frame(f.header, address, f.command, f.data) for f in frames)
