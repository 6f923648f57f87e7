"""A tower in a bottle: control unit and simulated modules over real frames, in simulated time, faster than real."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from hardware.ccu import CcuInputs, CcuOutput, CcuParams, CcuState, GasOrder, step
from hardware.gas_modes import InsufflationMode
from hardware.protocol import (
    REPLY_HEADER,
    Applied,
    DriveInsufflator,
    DriveLight,
    FrameDecoder,
    ReplyMalformedError,
    ReplyMismatchError,
    Request,
    SetFlow,
    SetGas,
    SetIntensity,
    SetLight,
    SetMode,
    SetPressure,
    decode_reply,
    encode_request,
)
from hardware.readings import InsufflatorDrive, InsufflatorReading, LightDrive, LightReading
from hardware.simulator.rig import Rig

CYCLE_S = 0.020
LIGHT_EVERY = 5  # cycles between exchanges with the light source
ASK_AGAIN_S = 0.2  # an order of people that the module did not confirm is sent again after this


class Law(Protocol):
    """What regulates: `hardware.ccu.step`, or another insufflator's law in its place.

    `state` is whatever the law returned last, None at first.
    """

    def __call__(self, state: Any, inputs: CcuInputs, params: CcuParams, dt_s: float, /) -> tuple[Any, CcuOutput]: ...


def our_law(state: CcuState | None, inputs: CcuInputs, params: CcuParams, dt_s: float, /) -> tuple[CcuState, CcuOutput]:
    """The tower's own control unit."""
    return step(CcuState.initial() if state is None else state, inputs, params, dt_s)


class OrderLike(Protocol):
    """What people order at some time of a scenario (`scenario.Order`); None: as it is."""

    @property
    def mode(self) -> InsufflationMode | None: ...
    @property
    def pressure_mmhg(self) -> float | None: ...
    @property
    def flow_l_min(self) -> float | None: ...
    @property
    def gas(self) -> GasOrder | None: ...
    @property
    def light(self) -> bool | None: ...
    @property
    def intensity_percent(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Recording:
    """The truth at 50 Hz, all arrays (N,) float64 or bool: what the patient got, not what the sensors said."""

    time_s: np.ndarray
    abdomen_mmhg: np.ndarray
    line_mmhg: np.ndarray
    supplied_l: np.ndarray  # gas through the valves since the start
    setpoint_mmhg: np.ndarray  # P1 active in the module
    solenoid_open: np.ndarray  # as driven
    relief_open: np.ndarray  # as driven
    supplying: np.ndarray  # people want gas, and the module's supply is on


class ClosedLoop:
    """Rig and control unit, one exchange a cycle; `loss_rate` of the insufflator's replies get lost on the way.

    Orders: `start`, `ask`, `obey`, or set `gas_order` and `light_requested`.  Nothing reads a clock.
    """

    def __init__(
        self, rig: Rig, *, law: Law = our_law, params: CcuParams | None = None, loss_rate: float = 0.0, seed: int = 7
    ) -> None:
        self.rig = rig
        self.law = law
        self.params = params or CcuParams()
        self.state: Any = None
        self.loss_rate = loss_rate
        self.gas_order = GasOrder.OFF
        self.light_requested = False
        self.output: CcuOutput | None = None
        self.gas: InsufflatorReading | None = None
        self.light: LightReading | None = None
        self.abdomen: list[float] = []  # true, each cycle
        self.conditions: set[str] = set()  # all that ever held
        self._rows: list[tuple[float, float, float, float, bool, bool, bool]] = []
        self._drive, self._light_drive = InsufflatorDrive(), LightDrive()
        self._decoder = FrameDecoder(REPLY_HEADER)
        self._sequence = 0
        self._cycles = 0
        self._losses = random.Random(seed)
        self._orders: list[Request] = []  # of people, until the module confirmed them
        self._asked_s = -math.inf

    def ask(self, request: Request) -> Any:
        """One exchange: the reply, or None when none came back that fits."""
        self._sequence = (self._sequence + 1) & 0xFF
        frames = self._decoder.feed(self.rig.exchange(encode_request(request, self._sequence)))
        for frame in frames:
            try:
                return decode_reply(frame, request, self._sequence, self.rig.time_s)
            except (ReplyMismatchError, ReplyMalformedError):
                continue  # a late reply to an earlier request, or a damaged one that passed: not this one's
        return None

    def start(self, pressure: float = 12.0, flow: float = 10.0, mode: InsufflationMode | None = None) -> None:
        """Set the module up and switch the gas on.  Raises `RuntimeError` when it does not obey."""
        requests: list[Request] = [SetPressure(pressure), SetFlow(flow), SetGas(True)]
        if mode is not None:
            requests.insert(0, SetMode(mode))
        for request in requests:
            if not isinstance(self.ask(request), Applied):
                raise RuntimeError(f"the simulated insufflator did not obey {request}")
        self.gas_order = GasOrder.SUPPLY

    def obey(self, order: OrderLike) -> None:
        """What people order at the screen: setpoints go to the module until it confirms, gas and light at once."""
        if order.mode is not None:
            self._orders.append(SetMode(order.mode))
        if order.pressure_mmhg is not None:
            self._orders.append(SetPressure(order.pressure_mmhg))
        if order.flow_l_min is not None:
            self._orders.append(SetFlow(order.flow_l_min))
        if order.gas is not None:
            self.gas_order = order.gas
            self._orders = [r for r in self._orders if not isinstance(r, SetGas)]
            self._orders.append(SetGas(order.gas in (GasOrder.SUPPLY, GasOrder.PAUSE)))
        if order.intensity_percent is not None:
            self._orders.append(SetIntensity(order.intensity_percent))
        if order.light is not None:
            self.light_requested = order.light
            self._orders.append(SetLight(order.light))

    def run(self, seconds: float, each: Callable[[], None] | None = None) -> list[float]:
        """So many seconds, `each` called after every cycle; the true abdominal pressures of them, one a cycle."""
        first = len(self.abdomen)
        for _ in range(round(seconds / CYCLE_S)):
            self.cycle()
            if each is not None:
                each()
        return self.abdomen[first:]

    def cycle(self) -> None:
        """One cycle of 20 ms: orders out, readings in, one control step, and the plant moves on."""
        rig = self.rig
        self._send_orders()
        gas = self.ask(DriveInsufflator(self._drive))
        lost = self.loss_rate > 0.0 and self._losses.random() < self.loss_rate
        if isinstance(gas, InsufflatorReading) and not lost:
            self.gas = gas
        if self._cycles % LIGHT_EVERY == 0:
            light = self.ask(DriveLight(self._light_drive))
            self.light = light if isinstance(light, LightReading) else self.light
        self._cycles += 1
        inputs = CcuInputs(rig.time_s, self.gas, self.light, None, self.gas_order, self.light_requested)
        self.state, self.output = self.law(self.state, inputs, self.params, CYCLE_S)
        self._drive, self._light_drive = self.output.insufflator, self.output.light
        self.conditions |= {str(c) for c in self.output.conditions}
        rig.advance(CYCLE_S)
        plant, module = rig.gas, rig.insufflator
        self.abdomen.append(plant.abdomen_mmhg)
        self._rows.append(
            (
                plant.node_mmhg,
                plant.supplied_ml / 1000.0,
                module.pressure_setpoint_mmhg,
                rig.time_s,
                plant.solenoid_open,
                plant.relief_open,
                self.gas_order is GasOrder.SUPPLY and module.running,
            )
        )

    def recording(self) -> Recording:
        """Everything since the start."""
        line, supplied, setpoint, time_s, solenoid, relief, supplying = (
            zip(*self._rows, strict=True) if self._rows else ((),) * 7
        )
        return Recording(
            time_s=np.array(time_s, dtype=np.float64),
            abdomen_mmhg=np.array(self.abdomen, dtype=np.float64),
            line_mmhg=np.array(line, dtype=np.float64),
            supplied_l=np.array(supplied, dtype=np.float64),
            setpoint_mmhg=np.array(setpoint, dtype=np.float64),
            solenoid_open=np.array(solenoid, dtype=bool),
            relief_open=np.array(relief, dtype=bool),
            supplying=np.array(supplying, dtype=bool),
        )

    def _send_orders(self) -> None:
        """One a cycle, first come, first served; one that is not confirmed is sent again, as the bus does."""
        if not self._orders or self.rig.time_s - self._asked_s < ASK_AGAIN_S:
            return
        order = self._orders.pop(0)
        if not isinstance(self.ask(order), Applied):
            self._orders.append(order)
            self._asked_s = self.rig.time_s
