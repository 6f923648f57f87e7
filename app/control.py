"""The control room: one bus cycle, one control step, and what people asked for.  No Qt; used from one thread."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from app.confirmation import Confirmation
from app.modules import ModuleRoll
from app.setpoints import SetpointTracker
from app.status import TowerStatus
from hardware.bus import (
    BusLink,
    Drives,
    LinkLost,
    LinkRestored,
    PortDown,
    PortUp,
    Refused,
    ReplyReceived,
    RequestLost,
)
from hardware.ccu import CcuInputs, CcuParams, CcuState, GasOrder, step
from hardware.protocol import (
    AllStop,
    Applied,
    Identify,
    Identity,
    Reason,
    Request,
    ResetGasUsed,
    SetFlow,
    SetGas,
    SetIntensity,
    SetLight,
    SetPressure,
)
from hardware.quantities import SetpointRange
from hardware.readings import (
    Address,
    CameraFault,
    CameraReading,
    InsufflatorFault,
    InsufflatorReading,
    LightFault,
    LightReading,
)
from ui.intents import Intent as ScreenIntent
from ui.intents import ResetGasUsed as ResetGasUsedIntent
from ui.intents import SetLight as SetLightIntent
from ui.intents import SetSetpoint, StartGas, StopGas

log = logging.getLogger(__name__)

DIAGNOSE_EVERY_S = 0.5
DISOWN_EVERY_S = 1.0  # a module that refuses to end a supply nobody asked for is not asked at bus speed
RESOLUTION = 0.01  # of every setpoint on the wire, in its unit (docs/protocol.md)
_SETPOINT_REQUESTS = {"pressure_setpoint": SetPressure, "flow_setpoint": SetFlow, "light_intensity": SetIntensity}
_SETPOINT_MODULE = {
    "pressure_setpoint": Address.INSUFFLATOR,
    "flow_setpoint": Address.INSUFFLATOR,
    "light_intensity": Address.LIGHT,
}
_SUBJECTS = {"SetGas": "gas supply", "SetLight": "light", "ResetGasUsed": "gas used"}
REASONS: dict[Reason, str] = {
    Reason.UNKNOWN_COMMAND: "the module does not know this command; its software may be older",
    Reason.BAD_LENGTH: "the module could not read the command; its software may be older",
    Reason.OUT_OF_RANGE: "outside the module's own range",
    Reason.NOT_NOW: "the module's interlock forbids it now; clear its alarm first",
    Reason.FAULT: "the module has a fault; see its alarm",
    Reason.PROTOCOL_VERSION: "the module speaks another protocol version; update it",
}


@dataclass(frozen=True, slots=True)
class SafeState:
    """Whether gas off and light in standby were read back, or what is missing."""

    confirmed: bool
    text: str
    asked_s: float = 0.0  # when it was asked for, monotonic


class TowerControl:
    """Everything between the screen's wishes and the bus.

    `cycle` is called at 50 Hz; `obey` in between.  Setpoints become active by readback alone; gas and light are on
    only while their module says so.
    """

    def __init__(self, link: BusLink, ranges: Mapping[str, SetpointRange], params: CcuParams) -> None:
        self._link = link
        self._params = params
        self._state = CcuState.initial()
        self._drives = Drives()
        self._last_cycle_s: float | None = None
        self._readings: dict[Address, InsufflatorReading | LightReading | CameraReading] = {}
        self._roll = ModuleRoll()
        self._port_error = ""
        self._setpoints = {key: SetpointTracker(spec, RESOLUTION) for key, spec in ranges.items()}
        self._setpoint_tickets: dict[int, str] = {}
        self._chosen: set[str] = set()  # setpoints that somebody has set in this run: their start values are over
        self._to_start_at: set[str] = set()  # setpoints of newly found modules, not yet brought to their start values
        self._gas = Confirmation("gas supply")
        self._light = Confirmation("light")
        self._reset_ticket: int | None = None
        self._disown_at_s = float("-inf")
        self._greetings: dict[int, Address] = {}  # tickets
        self._notices: list[str] = []
        self._diagnosis = self._logged_diagnosis = ""
        self._diagnose_at_s = 0.0

    # -- from the screen -------------------------------------------------------------------------------------------

    def obey(self, intent: ScreenIntent, now_s: float) -> None:
        """Do what a person at the screen asked, or say why not by a notice."""
        match intent:
            case SetSetpoint(key=key, value=value):
                self._set(key, value, now_s)
            case StartGas():
                if self._may_work_with(Address.INSUFFLATOR, "Gas not started") and self._gas_setpoints_allow_start():
                    self._gas.ask(True, self._link.submit(SetGas(True)), now_s)
            case StopGas():
                self._gas.ask(False, self._link.submit(SetGas(False)), now_s)
            case SetLightIntent(on=on):
                if not on or self._may_work_with(Address.LIGHT, "Light not switched on"):
                    self._light.ask(on, self._link.submit(SetLight(on)), now_s)
            case ResetGasUsedIntent():
                self._reset_ticket = self._link.submit(ResetGasUsed())
            case _:
                raise ValueError(f"{type(intent).__name__} is not for the bus")

    def make_safe(self, now_s: float) -> None:
        """Gas off and light to standby: by broadcast at once, then by requests that are confirmed."""
        self._link.broadcast(AllStop())
        self._gas.ask(False, self._link.submit(SetGas(False)), now_s)
        self._light.ask(False, self._link.submit(SetLight(False)), now_s)

    def safe_state(self, since_s: float) -> SafeState:
        """Judged by readings received after `since_s` only."""
        missing: list[str] = []
        gas = self._readings.get(Address.INSUFFLATOR)
        light = self._readings.get(Address.LIGHT)
        if not isinstance(gas, InsufflatorReading) or gas.time_s <= since_s:
            missing.append("the insufflator does not answer")
        elif gas.running or gas.solenoid_open or gas.duty > 0:
            missing.append("the insufflator has not closed its valves")
        if not isinstance(light, LightReading) or light.time_s <= since_s:
            missing.append("the light source does not answer")
        elif light.on:
            missing.append("the light is not in standby")
        if missing:
            return SafeState(False, "Not confirmed: " + "; ".join(missing), since_s)
        return SafeState(True, "Gas off, light in standby: confirmed", since_s)

    def _may_work_with(self, address: Address, else_say: str) -> bool:
        problem = self._roll.unfit(address)
        if problem:
            self._notices.append(f"{else_say}: {problem}")
        return not problem

    def _gas_setpoints_allow_start(self) -> bool:
        """Gas starts only to a pressure and at a flow that the module has told and this site allows."""
        problems = [self._setpoints[key].out_of_range() for key in ("pressure_setpoint", "flow_setpoint")]
        self._notices.extend(f"Gas not started: {problem}" for problem in problems if problem)
        return not any(problems)

    # -- one cycle -------------------------------------------------------------------------------------------------

    def cycle(self, now_s: float) -> TowerStatus:
        """Talk to the bus once, take one control step, and say how the tower is."""
        for event in self._link.cycle(self._drives):
            self._take(event, now_s)
        for key, tracker in self._setpoints.items():
            tracker.poll(now_s)
            if not self._roll.up(_SETPOINT_MODULE[key]):
                tracker.link_down()
        if now_s >= self._diagnose_at_s:
            self._diagnosis = self._link.diagnosis() or ""
            if self._diagnosis and self._diagnosis != self._logged_diagnosis:
                log.warning("bus: %s", self._diagnosis)
                self._logged_diagnosis = self._diagnosis
            self._diagnose_at_s = now_s + DIAGNOSE_EVERY_S
        self._notices.extend(self._gas.poll(now_s))
        self._notices.extend(self._light.poll(now_s))
        return self._control(now_s)

    def take_notices(self) -> list[str]:
        """What there is to tell the people at the screen since the last call."""
        notices, self._notices = self._notices, []
        return notices

    def _control(self, now_s: float) -> TowerStatus:
        gas = self._readings.get(Address.INSUFFLATOR)
        light = self._readings.get(Address.LIGHT)
        camera = self._readings.get(Address.CAMERA)
        assert gas is None or isinstance(gas, InsufflatorReading)
        assert light is None or isinstance(light, LightReading)
        assert camera is None or isinstance(camera, CameraReading)
        roll = self._roll
        dt_s = 0.0 if self._last_cycle_s is None else max(0.0, now_s - self._last_cycle_s)
        self._last_cycle_s = now_s
        inputs = CcuInputs(
            now_s=now_s,
            insufflator=gas,
            light=light,
            camera=camera,
            gas=GasOrder.SUPPLY
            if self._gas.wanted and gas is not None and gas.running and not roll.unfit(Address.INSUFFLATOR)
            else GasOrder.OFF,
            light_requested=self._light.wanted and light is not None and light.on and not roll.unfit(Address.LIGHT),
        )
        self._state, output = step(self._state, inputs, self._params, dt_s)
        self._drives = Drives(output.insufflator, output.light)
        judged = frozenset(str(c) for c in output.conditions) - roll.old_news()
        details = dict(roll.details)
        if output.faulty_sensors:
            details[Address.INSUFFLATOR] = "Faulty: " + ", ".join(output.faulty_sensors)
        return TowerStatus(
            time_s=now_s,
            insufflator=gas,
            light=light,
            camera=camera,
            links=roll.links,
            simulated_modules=self._roll.simulated,
            details=details,
            setpoints={key: tracker.view() for key, tracker in self._setpoints.items()},
            phase=str(output.phase),
            conditions=judged | roll.conditions(now_s) | ({"bus_port_lost"} if self._port_error else set()),
            p2_mmhg=output.p2_mmhg,
            rated_current_ma=self._params.light.rated_current_ma,
            port_error=self._port_error,
            diagnosis=self._diagnosis,
            gas_pending=self._gas.pending,
            light_pending=self._light.pending,
        )

    # -- from the bus ----------------------------------------------------------------------------------------------

    def _take(self, event: object, now_s: float) -> None:
        match event:
            case ReplyReceived(reply=reply, ticket=ticket, address=address):
                self._replied(address, reply, ticket, now_s)
            case Refused(ticket=None, reason=reason, address=address):
                self._roll.will_not(address, f"Gives no status: {REASONS[reason]}")
            case Refused(ticket=int(ticket), reason=reason, request=request):
                self._ended(ticket, request, REASONS[reason], reason)
            case RequestLost(ticket=ticket, request=request, why=why):
                self._ended(ticket, request, why, None)
            case LinkLost(address=address, why=why):
                self._lost(address, why)
            case LinkRestored(address=address):
                self._roll.found(address, now_s)
                self._to_start_at |= {key for key, module in _SETPOINT_MODULE.items() if module is address}
                log.info("%s: answers", address.name.lower())
                self._link.submit(Identify(address))
            case PortDown(text=text):
                self._port_error = text
            case PortUp():
                self._port_error = ""

    def _replied(self, address: Address, reply: object, ticket: int | None, now_s: float) -> None:
        match reply:
            case InsufflatorReading():
                self._readings[address] = reply
                self._setpoints["pressure_setpoint"].readback(reply.pressure_setpoint_mmhg, reply.time_s)
                self._setpoints["flow_setpoint"].readback(reply.flow_setpoint_l_min, reply.time_s)
                self._notices.extend(self._gas.readback(reply.running, reply.time_s))
                watchdog = bool(reply.faults & InsufflatorFault.WATCHDOG)
                self._roll.status(address, reply.time_s, watchdog=watchdog)
                self._set_start_values(address, on=reply.running, order=self._gas, now_s=now_s)
                if self._gas.pending or self._gas.wanted:
                    return
                if reply.running and now_s >= self._disown_at_s:
                    # Nobody here asked for gas: module and control unit must agree that it is off.
                    self._disown_at_s = now_s + DISOWN_EVERY_S
                    self._gas.ask(False, self._link.submit(SetGas(False)), now_s)
                elif watchdog:
                    self._greet(address, SetGas(False))
            case LightReading():
                self._readings[address] = reply
                self._setpoints["light_intensity"].readback(reply.intensity_setpoint_percent, reply.time_s)
                self._notices.extend(self._light.readback(reply.on, reply.time_s))
                watchdog = bool(reply.faults & LightFault.WATCHDOG)
                self._roll.status(address, reply.time_s, watchdog=watchdog)
                self._set_start_values(address, on=reply.on, order=self._light, now_s=now_s)
                if self._light.pending or self._light.wanted:
                    return
                if reply.on:
                    self._light.adopt()  # a light that burns is not taken from a surgeon
                elif watchdog:
                    self._greet(address, SetLight(False))
            case CameraReading():
                self._readings[address] = reply
                self._roll.status(address, reply.time_s, watchdog=bool(reply.faults & CameraFault.WATCHDOG))
            case Identity():
                if problem := self._roll.identified(address, reply):
                    self._turn_away(address, problem, now_s)
            case Applied(value=value) if ticket is not None:
                self._applied(ticket, value, now_s)

    def _set_start_values(self, address: Address, *, on: bool, order: Confirmation, now_s: float) -> None:
        """Bring a module that was found at rest to this site's start values, once, when it has said who it is.

        What is on already is not changed: somebody may rely on it.
        """
        due = {key for key in self._to_start_at if _SETPOINT_MODULE[key] is address}
        if on or order.wanted:
            self._to_start_at -= due
        elif due and self._roll.fit(address) and not order.pending:
            self._to_start_at -= due
            for key in sorted(due - self._chosen):
                if (value := self._setpoints[key].start_value()) is not None:
                    self._submit(key, value, now_s)

    def _greet(self, address: Address, order: SetGas | SetLight) -> None:
        """Tell a module at rest to stay so: that clears a watchdog which tripped before this program was there."""
        if not self._roll.greeted(address) and address not in self._greetings.values():
            self._greetings[self._link.submit(order)] = address

    def _turn_away(self, address: Address, problem: str, now_s: float) -> None:
        """A module of another kind or version is not worked with (docs/protocol.md, Version)."""
        log.error("%s: %s", address.name.lower(), problem)
        self._notices.append(problem)
        if address is Address.INSUFFLATOR and self._gas.wanted:
            self._gas.ask(False, self._link.submit(SetGas(False)), now_s)

    def _applied(self, ticket: int, value: float | bool, now_s: float) -> None:
        self._greetings.pop(ticket, None)
        key = self._setpoint_tickets.pop(ticket, None)
        if key is not None:
            self._setpoints[key].acknowledged(ticket, float(value), now_s)
        elif ticket == self._reset_ticket:
            self._reset_ticket = None
            self._notices.append("Gas used: counting from zero")
        else:
            self._gas.acknowledged(ticket, now_s)
            self._light.acknowledged(ticket, now_s)

    def _ended(self, ticket: int, request: Request, why: str, refusal: Reason | None) -> None:
        """A request was refused with `refusal`, or lost when that is None."""
        if (address := self._greetings.pop(ticket, None)) is not None:
            if refusal is not None:
                self._roll.give_up_greeting(address)
            return
        key = self._setpoint_tickets.pop(ticket, None)
        if key is not None:
            tracker = self._setpoints[key]
            (tracker.lost if refusal is None else tracker.refused)(ticket, why)
            return
        if isinstance(request, Identify) and refusal is not None:
            unfit = refusal is Reason.PROTOCOL_VERSION
            self._roll.will_not(request.address, f"Does not say who it is: {why}", unfit=unfit)
            if unfit:
                self._turn_away(request.address, why, self._last_cycle_s or 0.0)
        subject = _SUBJECTS.get(type(request).__name__)
        if subject is not None:
            word = "lost" if refusal is None else "refused"
            self._notices.append(f"{subject.capitalize()}: {word}, {why}")
        self._gas.failed(ticket)
        self._light.failed(ticket)

    def _set(self, key: str, value: float, now_s: float) -> None:
        tracker = self._setpoints[key]
        if self._may_work_with(_SETPOINT_MODULE[key], f"{tracker.spec.label} not changed") and (
            self._submit(key, value, now_s)
        ):
            self._chosen.add(key)

    def _submit(self, key: str, value: float, now_s: float) -> bool:
        """Ask the module for `value`.  False: rejected, with the range shown as the reason."""
        tracker = self._setpoints[key]
        if not tracker.request(value, now_s):
            return False
        ticket = self._link.submit(_SETPOINT_REQUESTS[key](value))
        self._setpoint_tickets[ticket] = key
        tracker.sent(ticket)
        return True

    def _lost(self, address: Address, why: str) -> None:
        # A port that is gone is said once, by its own alarm and notice, not once for each module.
        self._roll.lost(address, "" if why == self._port_error else why)
        log.warning("%s: no answer: %s", address.name.lower(), why)
        if address is Address.INSUFFLATOR:
            self._gas.link_down()
        elif address is Address.LIGHT:
            self._light.link_down()
