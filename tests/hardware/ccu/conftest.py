"""Readings made by hand, and a tower in a bottle: control unit and simulated modules, in injected time."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest

from hardware.ccu import CcuInputs, CcuOutput, CcuParams, CcuState, GasOrder, step
from hardware.ccu.light import LightState, step_light
from hardware.ccu.params import LightParams
from hardware.ccu.recognition_params import RecognitionParams
from hardware.protocol import (
    REPLY_HEADER,
    DriveLight,
    FrameDecoder,
    SetIntensity,
    SetLight,
    decode_reply,
    encode_request,
)
from hardware.readings import (
    InsufflatorDrive,
    InsufflatorFault,
    InsufflatorReading,
    LightFault,
    LightReading,
)
from hardware.simulator.closed_loop import ClosedLoop
from hardware.simulator.faults import FAULTS
from hardware.simulator.lamp import Lamp
from hardware.simulator.light import Light
from hardware.simulator.rig import Rig

GAS = InsufflatorReading(
    time_s=0.0,
    pressure_mmhg=5.0,
    pressure2_mmhg=5.0,
    flow_l_min=0.0,
    cylinder_bar=57.0,
    gas_used_l=0.0,
    duty=0.0,
    solenoid_open=False,
    relief_open=False,
    running=True,
    pressure_setpoint_mmhg=12.0,
    flow_setpoint_l_min=10.0,
    faults=InsufflatorFault.NONE,
)
LIGHT = LightReading(
    time_s=0.0,
    current_ma=0.0,
    drive=0.0,
    temperature_c=25.0,
    fan_percent=0.0,
    on=True,
    intensity_setpoint_percent=80.0,
    hours=1.0,
    faults=LightFault.NONE,
)


def make_gas(time_s: float = 0.0, pressure: float = 5.0, **changes: object) -> InsufflatorReading:
    """A healthy reading with both pressure sensors at `pressure`, changed as told."""
    return replace(GAS, time_s=time_s, **{"pressure_mmhg": pressure, "pressure2_mmhg": pressure, **changes})


def make_light(time_s: float = 0.0, **changes: object) -> LightReading:
    """A healthy reading changed as told; the temperature jitters by a thousandth, as a live sensor's."""
    reading = replace(LIGHT, time_s=time_s, **changes)
    return replace(reading, temperature_c=reading.temperature_c + 0.001 * (round(time_s / 0.1) % 2))


class Unit:
    """The control unit alone, fed reading by reading, 20 ms apart.

    What is not told is as of a live module: valves as ordered, sensors that jitter by a thousandth, no flow with the
    valves shut.
    """

    def __init__(self) -> None:
        self.state = CcuState.initial()
        # What a test tells of the flow does not follow the duty as a valve's would.
        self.params = CcuParams(recognition=RecognitionParams(excess_ml=math.inf))
        self.now_s = 10.0
        self.drive = InsufflatorDrive()
        self.shut = 9  # readings since the supply was open

    def see(
        self,
        pressure: float = 5.0,
        *,
        times: int = 1,
        requested: bool = True,
        **changes: object,
    ) -> CcuOutput:
        """`times` fresh readings at `pressure`; the output of the last."""
        assert times > 0
        for _ in range(times):
            self.now_s += 0.02
            valves = {
                "duty": self.drive.duty,
                "solenoid_open": self.drive.solenoid_open,
                "relief_open": self.drive.relief_open,
            }
            jitter = 0.001 * (round(self.now_s / 0.02) % 2)
            told = float(changes.get("flow_l_min", 0.0))
            self.shut = 0 if self.drive.solenoid_open and self.drive.duty > 0.0 else self.shut + 1
            flow = (0.0 if self.shut > 3 and 0.0 < told < 60.0 else told) - jitter
            reading = make_gas(self.now_s, pressure, **{**valves, **changes, "flow_l_min": flow})
            if "pressure2_mmhg" not in changes:
                reading = replace(reading, pressure2_mmhg=pressure - jitter)
            elif "pressure_mmhg" not in changes:
                reading = replace(reading, pressure_mmhg=pressure - jitter)
            output = self.give(reading, requested=requested)
        return output

    def give(
        self,
        gas: InsufflatorReading | None,
        light: LightReading | None = None,
        *,
        requested: bool = True,
        light_requested: bool = True,
    ) -> CcuOutput:
        """One step at `now_s` with these readings."""
        inputs = CcuInputs(
            self.now_s, gas, light, None, GasOrder.SUPPLY if requested else GasOrder.OFF, light_requested
        )
        self.state, output = step(self.state, inputs, self.params, 0.02)
        self.drive = output.insufflator
        return output


def make_bottle(*, patient: str = "adult", seed: int = 1, **options) -> ClosedLoop:
    """Control unit and simulated modules over real frames; `options` as of `ClosedLoop`."""
    return ClosedLoop(Rig(patient=patient, seed=seed), **options)


class Lantern:
    """Light law, simulated light source and lamp alone, over real frames, a reading every `period_s`."""

    def __init__(self, period_s: float = 0.1) -> None:
        self.lamp = Lamp(seed=1)
        self.slave = Light(self.lamp)
        self.state = LightState()
        self.params = LightParams()
        self.wanted = False
        self.currents: list[float] = []  # true, mA, every 20 ms
        self.conditions: set[str] = set()  # all that ever held
        self.first_s: dict[str, float] = {}  # condition -> when first
        self.reading: LightReading | None = None
        self._period = round(period_s / 0.02)
        self._decoder = FrameDecoder(REPLY_HEADER)
        self._sequence = 0
        self._cycles = 0

    def ask(self, request):
        self._sequence = (self._sequence + 1) & 0xFF
        frames = self._decoder.feed(self.slave.receive(encode_request(request, self._sequence)))
        return decode_reply(frames[0], request, self._sequence, self._cycles * 0.02)

    @property
    def now_s(self) -> float:
        return self._cycles * 0.02

    def fault(self, name: str, value: float | None = None) -> None:
        """Begin a fault of the simulator; it needs no more of the rig than the lamp."""
        fault = FAULTS[name]
        default = fault.severity.default if fault.severity else 0.0
        fault.begin(SimpleNamespace(lamp=self.lamp), default if value is None else value)

    def repair(self, name: str) -> None:
        FAULTS[name].end(SimpleNamespace(lamp=self.lamp))

    def shine(self, intensity: float) -> None:
        self.ask(SetIntensity(intensity))
        self.ask(SetLight(True))
        self.wanted = True

    def run(self, seconds: float) -> list[float]:
        """So many seconds; returns the true currents of them, mA, one every 20 ms."""
        first = len(self.currents)
        for _ in range(round(seconds * 50)):
            if self._cycles % self._period == 0:
                self.reading = self.ask(DriveLight(self.state.drive))
                self.state = step_light(self.state, self.reading, self._cycles * 0.02, self.wanted, self.params)
                self.conditions |= {str(c) for c in self.state.conditions}
                for condition in self.state.conditions:
                    self.first_s.setdefault(str(condition), self.now_s)
            self._cycles += 1
            self.lamp.advance(0.02)
            self.slave.advance(0.02)
            self.currents.append(self.lamp.current_ma)
        return self.currents[first:]


@pytest.fixture
def lantern():
    return Lantern


@pytest.fixture
def unit() -> Unit:
    return Unit()


@pytest.fixture
def gas_reading():
    return make_gas


@pytest.fixture
def light_reading():
    return make_light


@pytest.fixture
def bottle():
    return make_bottle
