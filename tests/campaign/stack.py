"""The whole tower in simulated time: control room, link, master, noisy line, simulated modules, patient, screen."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from app.adapters import tower_view
from app.control import TowerControl
from app.status import TowerStatus
from hardware.bus import BusLink, Drives, Event, Refused, ReplyReceived, RequestLost
from hardware.ccu import CcuParams
from hardware.protocol import AllStop, Heartbeat, Request, SetGas
from hardware.quantities import SETPOINTS
from hardware.readings import Address, CameraReading, InsufflatorDrive, InsufflatorReading, LightReading
from hardware.simulator.control import Control
from hardware.simulator.rig import Rig
from tests.campaign.wire import Wire, on_simulated_ports
from ui.intents import Intent, StartGas
from ui.viewstate import TowerView

CYCLE_S = 0.020  # app/workers/bus.py
SCREEN_EVERY = 5  # cycles: the display's 10 Hz
STEP_SLACK_S = 0.025  # modules and judge look at the time every 10 ms; wire time of a frame
SETTLED_S = 0.3  # after a trouble of the bus, before its timing counts as that of a clean one


@dataclass(frozen=True, slots=True)
class Told:
    """A status that reached the control unit, with the clock of this judge at its arrival."""

    reading: InsufflatorReading | LightReading | CameraReading
    at_s: float
    cycle: int
    drive: InsufflatorDrive | None  # the order that it answers, of the insufflator


class Judge(Protocol):
    """An invariant.  Each hook may call `stack.accuse`."""

    def on_truth(self, stack: Stack) -> None:
        """A piece of simulated time, 10 ms at the most, has passed."""

    def on_order(self, stack: Stack, order: InsufflatorDrive) -> None:
        """The control unit hands its order of the last cycle to the bus."""

    def on_cycle(self, stack: Stack, status: TowerStatus) -> None:
        """A control cycle has ended."""

    def on_view(self, stack: Stack, view: TowerView) -> None:
        """The screen has been given something to draw."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A law broken: which, when, and in what way."""

    invariant: int
    time_s: float
    text: str


class SimLink(BusLink):
    """The product's link, on a simulated port, that notes what passes."""

    def __init__(self, stack: Stack) -> None:
        super().__init__("simulated", clock=stack.wire.clock)
        self._stack = stack

    def submit(self, request: Request) -> int:
        ticket = super().submit(request)
        self._stack.submitted(request, ticket)
        return ticket

    def broadcast(self, request: Heartbeat | AllStop) -> bool:
        if isinstance(request, AllStop):
            self._stack.all_stop_cycle = self._stack.cycle
        return super().broadcast(request)

    def cycle(self, drives: Drives) -> tuple[Event, ...]:
        self._stack.ordered(drives)
        events = super().cycle(drives)
        self._stack.heard(events)
        return events


class Stack:
    """One tower, judged while it runs.  Use as a context manager; call `slot` for every 20 ms."""

    def __init__(self, patient: str, seed: int, judges: Iterable[Judge] = ()) -> None:
        self.judges = tuple(judges)
        self.violations: list[Violation] = []
        self.rig = Rig(patient=patient, seed=seed)
        self.wire = Wire(self.rig, self._watched)
        self.plant = Control(self.rig)
        self.cycle = 0
        self.told: dict[Address, Told] = {}
        self.under_way: dict[int, Request] = {}  # submitted, not ended, by ticket
        self.started_by_hand_s = float("-inf")
        self.gas_on_sent_s = float("-inf")
        self.all_stop_cycle = -100
        self.trouble_s = float("-inf")  # when the bus was last not a clean one
        self.noise_s = float("-inf")  # when the line was last noisy
        self.stood_still_until_s = float("-inf")
        self.sensor_failed_s: dict[int, float] = {}  # when a pressure sensor, by its fault bit, was last out of order
        self.start_s = self.wire.now_s
        self.status: TowerStatus | None = None
        self.view: TowerView | None = None
        self.log: deque[str] = deque(maxlen=400)  # one line a cycle, for a violation's timeline
        self.phases: Counter[str] = Counter()
        self.conditions: set[str] = set()
        self.max_abdomen_mmhg = 0.0
        self.order = InsufflatorDrive()
        self._slots = 0
        self._due_s = self.wire.now_s
        self._patched = on_simulated_ports(self.wire)

    def __enter__(self) -> Stack:
        self._patched.__enter__()
        self.restart()
        return self

    def __exit__(self, *_: object) -> None:
        self.link.close()
        self._patched.__exit__(None, None, None)

    # -- what happens ----------------------------------------------------------------------------------------------

    @property
    def time_s(self) -> float:
        """Since the beginning, s."""
        return self.wire.now_s - self.start_s

    def restart(self) -> None:
        """The program starts, or starts anew: nothing is remembered of before."""
        if hasattr(self, "link"):
            self.link.close()
        self.under_way.clear()
        self.told.clear()
        self.order = InsufflatorDrive()
        self.link = SimLink(self)
        self.control = TowerControl(self.link, SETPOINTS, CcuParams())
        self.status = None

    def obey(self, intent: Intent) -> None:
        """A person at the screen asks for something."""
        if isinstance(intent, StartGas):
            self.started_by_hand_s = self.wire.now_s
        self.control.obey(intent, self.wire.now_s)

    def slot(self) -> None:
        """The next 20 ms: one control cycle at the beat, and the screen at every fifth."""
        self.wire.advance_to(self._due_s)
        self._note_trouble()
        now_s = self.wire.now_s
        self.cycle += 1
        status = self.control.cycle(now_s)
        self.control.take_notices()
        self.status = status
        self.phases[status.phase] += 1
        self.conditions |= status.conditions
        self._remember()
        for judge in self.judges:
            judge.on_cycle(self, status)
        self._show()
        # As the bus worker does: beats that were missed are stepped over.
        late_s = self.wire.now_s - self._due_s
        self._due_s += CYCLE_S * (1 + max(0, int(late_s / CYCLE_S)))

    def silence(self, seconds: float) -> None:
        """The control cycle stands still; the screen goes on drawing."""
        end_s = self.wire.now_s + seconds
        self.trouble_s = self.stood_still_until_s = end_s
        while self._due_s < end_s:
            self.wire.advance_to(self._due_s)
            self._show()
            self._due_s += CYCLE_S

    def accuse(self, invariant: int, text: str) -> None:
        """An invariant is broken."""
        self.violations.append(Violation(invariant, self.time_s, text))

    @property
    def bus_clean(self) -> bool:
        """No noise, cut, mute or slow module, port loss or standstill, now or a little before."""
        return self.wire.now_s - self.trouble_s > SETTLED_S

    # -- what is noted ---------------------------------------------------------------------------------------------

    def submitted(self, request: Request, ticket: int) -> None:
        self.under_way[ticket] = request
        if isinstance(request, SetGas) and request.running:
            self.gas_on_sent_s = self.wire.now_s

    def ordered(self, drives: Drives) -> None:
        self.order = drives.insufflator
        for judge in self.judges:
            judge.on_order(self, drives.insufflator)

    def heard(self, events: Iterable[Event]) -> None:
        for event in events:
            match event:
                case ReplyReceived(ticket=ticket, reply=reply, address=address, request=request):
                    if ticket is not None:
                        self.under_way.pop(ticket, None)
                    if isinstance(reply, InsufflatorReading | LightReading | CameraReading):
                        drive = getattr(request, "drive", None)
                        drive = drive if isinstance(drive, InsufflatorDrive) else None
                        self.told[address] = Told(reply, event.time_s, self.cycle, drive)
                case Refused(ticket=int(ticket)) | RequestLost(ticket=ticket):
                    self.under_way.pop(ticket, None)

    def _watched(self) -> None:
        self.max_abdomen_mmhg = max(self.max_abdomen_mmhg, self.rig.gas.abdomen_mmhg)
        for judge in self.judges:
            judge.on_truth(self)

    def _note_trouble(self) -> None:
        rig = self.rig
        taps = any(
            tap.mute or tap.deaf or tap.delay_s or tap.jitter_s or tap.loss or tap.answer_as is not None
            for tap in rig.taps.values()
        )
        noisy = rig.bit_error_rate > 0.0 or rig.fault_bit_error_rate > 0.0
        if noisy:
            self.noise_s = self.wire.now_s
        if noisy or taps or rig.wire_cut or not self.wire.port_there:
            self.trouble_s = self.wire.now_s

    def _show(self) -> None:
        self._slots += 1
        if self._slots % SCREEN_EVERY or self.status is None:
            return
        self.view = tower_view(
            self.status,
            (),
            self.wire.now_s,
            simulation=True,
            recording=False,
            recording_s=0.0,
            recording_detail="",
            frozen=False,
            enhanced_on=True,
            notice="",
        )
        for judge in self.judges:
            judge.on_view(self, self.view)

    def _remember(self) -> None:
        gas, told, status = self.rig.gas, self.told.get(Address.INSUFFLATOR), self.status
        reading = told.reading if told else None
        shown = "no status yet"
        if isinstance(reading, InsufflatorReading) and told is not None:
            age_ms = (self.wire.now_s - told.at_s) * 1e3
            shown = (
                f"told {reading.pressure_mmhg:6.2f}/{reading.pressure2_mmhg:6.2f} P1 {reading.pressure_setpoint_mmhg:g}"
                f" {'on ' if reading.running else 'off'} faults {int(reading.faults):02x} age {age_ms:4.0f} ms"
            )
        self.log.append(
            f"{self.time_s:7.3f} abdomen {gas.abdomen_mmhg:6.2f} line {gas.node_mmhg:6.2f} | {shown} | order "
            f"{self.order.duty:.2f}{' sol' if self.order.solenoid_open else ''}"
            f"{' REL' if self.order.relief_open else ''} | valves {gas.duty:.2f}{' sol' if gas.solenoid_open else ''}"
            f"{' REL' if gas.relief_open else ''}{' own' if self.rig.insufflator.own_limit else ''}"
            f" | {status.phase if status else ''}"
        )
