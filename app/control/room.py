"""The control room: one bus cycle, one control step, and the desks that follow what people asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from app.bus_health import BusHealth
from app.control.answers import REASONS
from app.control.camera import CameraDesk
from app.control.gas import GasDesk
from app.control.light import LightDesk
from app.control.outbox import Outbox
from app.control.presets import PresetDesk
from app.control.safety import SafeState, judge_safe_state
from app.control.setpoint_desk import EXPOSURE_KEYS, SetpointDesk
from app.control.start import Arrivals, StartValues
from app.modules import ModuleRoll
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
    ReplyUnreadable,
    RequestLost,
)
from hardware.ccu import CcuInputs, CcuParams, CcuState, step
from hardware.protocol import AllStop, Applied, Identify, Identity, Reason, Request
from hardware.quantities import SetpointRange
from hardware.readings import Address, CameraReading, InsufflatorReading, LightReading
from ui import intents

log = logging.getLogger(__name__)

DIAGNOSE_EVERY_S = 0.5
IDENTIFY_AGAIN_S = 1.0  # a module that has not said who it is is asked again
OVERTAKEN = "overtaken by the all-stop"


class TowerControl:
    """Everything between the screen's wishes and the bus.

    `cycle` is called at 50 Hz; `obey` in between.  Setpoints become active by readback alone; gas and light are on
    only while their module says so.  Times are monotonic seconds and come in.
    """

    def __init__(
        self,
        link: BusLink,
        ranges: Mapping[str, SetpointRange],
        params: CcuParams,
        start: StartValues | None = None,
    ) -> None:
        """`ranges`: what may be set at this site, by setpoint; `start`: what modules fresh from power-on are set to,
        beside the ranges' defaults."""
        self._link = link
        self._params = params
        self._state = CcuState.initial()
        self._drives = Drives()
        self._last_cycle_s: float | None = None
        self._gas_reading: InsufflatorReading | None = None
        self._light_reading: LightReading | None = None
        self._camera_reading: CameraReading | None = None
        self._port_error = ""
        self._notices: list[str] = []
        self._diagnosis = self._logged_diagnosis = ""
        self._diagnose_at_s = 0.0
        self._identifying: dict[int, Address] = {}  # tickets
        self._identify_at_s: dict[Address, float] = {}
        self._health = BusHealth()

        start = start or StartValues()
        notify = self._notices.append
        self._roll = roll = ModuleRoll()
        self._outbox = outbox = Outbox(link.submit)
        self._arrivals = arrivals = Arrivals()
        self._setpoints = setpoints = SetpointDesk(outbox, roll, ranges, start, notify)
        self._gas = GasDesk(outbox, roll, arrivals, setpoints, ranges, start, notify)
        self._light = LightDesk(outbox, roll, arrivals, setpoints, notify)
        self._camera = CameraDesk(outbox, roll, arrivals, setpoints, start, notify)
        self._presets = PresetDesk(setpoints, self._gas, self._camera, notify)

    # -- from the screen -------------------------------------------------------------------------------------------

    def obey(self, intent: intents.Intent, now_s: float) -> None:
        """Do what a person at the screen asked, or say why not by a notice."""
        match intent:
            case intents.SetSetpoint(key=key, value=value):
                if key in EXPOSURE_KEYS:
                    self._camera.exposure_edited()
                self._setpoints.ask(key, value, now_s)
            case intents.SeenSetpoint(key=key):
                self._setpoints.seen(key)
            case intents.ApplyPreset():
                self._presets.apply(intent, now_s)
            case intents.StartGas():
                self._gas.start(now_s)
            case intents.PauseGas():
                self._gas.pause()
            case intents.StopGas():
                self._gas.stop(now_s)
            case intents.VentGas():
                self._gas.vent(now_s)
            case intents.SetGasMode(key=key):
                self._gas.set_mode(key, now_s)
            case intents.ResetGasUsed():
                self._gas.reset_used()
            case intents.SetLight(on=on):
                self._light.switch(on is True, now_s)
            case intents.SetCameraAutomatic(on=on):
                self._camera.set_automatic(on is True, now_s)
            case intents.MeasureWhiteBalance():
                self._camera.measure_white_balance()
            case _:
                raise ValueError(f"{type(intent).__name__} is not for the bus")

    def make_safe(self, now_s: float) -> None:
        """Gas off and light to standby: by broadcast at once, then by requests that are confirmed."""
        self._outbox.forget()
        self._setpoints.give_up(OVERTAKEN)
        self._presets.give_up(OVERTAKEN)
        self._camera.give_up()
        self._link.broadcast(AllStop())
        self._gas.make_safe(now_s)
        self._light.make_safe(now_s)

    def safe_state(self, since_s: float) -> SafeState:
        """Judged by readings received after `since_s` only."""
        return judge_safe_state(self._gas_reading, self._light_reading, since_s)

    def take_notices(self) -> list[str]:
        """What there is to tell the people at the screen since the last call."""
        notices = list(self._notices)
        self._notices.clear()
        return notices

    def log_health(self) -> None:
        """One line for each module into the log: how its link has been since the last such lines."""
        self._health.log(self._link.counters())

    # -- one cycle -------------------------------------------------------------------------------------------------

    def cycle(self, now_s: float) -> TowerStatus:
        """Talk to the bus once, take one control step, and say how the tower is."""
        for event in self._link.cycle(self._drives):
            self._take(event, now_s)
        self._identify(now_s)
        self._setpoints.poll(now_s)
        if now_s >= self._diagnose_at_s:
            self._diagnosis = self._link.diagnosis() or ""
            if self._diagnosis and self._diagnosis != self._logged_diagnosis:
                log.warning("bus: %s", self._diagnosis)
                self._logged_diagnosis = self._diagnosis
            self._diagnose_at_s = now_s + DIAGNOSE_EVERY_S
        self._gas.poll(now_s)
        self._light.poll(now_s)
        self._camera.poll(now_s)
        self._presets.poll(now_s)
        self._notices.extend(self._arrivals.poll(now_s))
        return self._control(now_s)

    def _control(self, now_s: float) -> TowerStatus:
        roll, gas = self._roll, self._gas
        dt_s = 0.0 if self._last_cycle_s is None else max(0.0, now_s - self._last_cycle_s)
        self._last_cycle_s = now_s
        inputs = CcuInputs(
            now_s=now_s,
            insufflator=self._gas_reading,
            light=self._light_reading,
            camera=self._camera_reading,
            gas=gas.order(),
            light_requested=self._light.requested,
        )
        self._state, output = step(self._state, inputs, self._params, dt_s)
        self._drives = Drives(output.insufflator, output.light)
        gas.law_says(output.vent_done)
        judged = frozenset(str(c) for c in output.conditions) - roll.old_news()
        details = dict(roll.details)
        if output.faulty_sensors:
            details[Address.INSUFFLATOR] = "Faulty: " + ", ".join(output.faulty_sensors)
        for address, said in ((Address.INSUFFLATOR, gas.detail), (Address.LIGHT, self._light.detail)):
            if said and roll.up(address):
                details[address] = f"{said} · {details[address]}" if details.get(address) else said
        return TowerStatus(
            time_s=now_s,
            insufflator=gas.whole_case(self._gas_reading),
            light=self._light_reading,
            camera=self._camera_reading,
            links=roll.links,
            simulated_modules=roll.simulated,
            details=details,
            firmware=roll.fit_firmware,
            unfit=roll.problems,
            setpoints=self._setpoints.views(),
            preset=self._presets.run,
            phase=str(output.phase),
            conditions=judged
            | roll.conditions(now_s)
            | gas.conditions
            | self._light.conditions
            | ({"bus_port_lost"} if self._port_error else set()),
            p2_mmhg=output.p2_mmhg,
            abdomen_mmhg=output.pressure_estimate_mmhg,
            rated_current_ma=self._params.light.rated_current_ma,
            port_error=self._port_error,
            diagnosis=self._diagnosis,
            gas_pending=gas.pending,
            gas_mode_pending=gas.mode_pending,
            gas_paused=gas.paused,
            gas_venting=gas.venting,
            light_pending=self._light.pending,
            bus=self._health.view(self._link, roll, self._diagnosis, now_s),
        )

    # -- from the bus ----------------------------------------------------------------------------------------------

    def _take(self, event: object, now_s: float) -> None:
        match event:
            case ReplyReceived(reply=reply, ticket=ticket, address=address):
                self._replied(address, reply, ticket, now_s)
            case Refused(ticket=None, reason=reason, address=address):
                self._roll.will_not(address, f"Gives no status: {REASONS[reason]}")
            case Refused(ticket=int(ticket), reason=reason, request=request):
                self._ended(ticket, request, REASONS[reason], reason, now_s)
            case RequestLost(ticket=ticket, request=request, why=why):
                self._ended(ticket, request, why, None, now_s)
            case ReplyUnreadable(address=address, why=why):
                self._roll.unreadable(address, why)
            case LinkLost(address=address, why=why):
                self._lost(address, why)
            case LinkRestored(address=address):
                self._roll.found(address, now_s)
                self._arrivals.found(address, now_s)
                self._identify_at_s[address] = now_s
                log.info("%s: answers", address.name.lower())
            case PortDown(text=text):
                self._port_error = text
            case PortUp():
                self._port_error = ""

    def _replied(self, address: Address, reply: object, ticket: int | None, now_s: float) -> None:
        match reply:
            case InsufflatorReading():
                self._gas_reading = reply
                self._gas.readback(reply, now_s)
            case LightReading():
                self._light_reading = reply
                self._light.readback(reply, now_s)
            case CameraReading():
                self._camera_reading = reply
                self._camera.readback(reply, now_s)
            case Identity():
                if ticket is not None:
                    self._identifying.pop(ticket, None)
                if problem := self._roll.identified(address, reply):
                    self._turn_away(address, problem, now_s)
            case Applied(value=value) if ticket is not None and (number := self._outbox.settle(ticket)) is not None:
                self._desk(address).applied(number, value, now_s)

    def _ended(self, ticket: int, request: Request, why: str, refusal: Reason | None, now_s: float) -> None:
        """A request was refused with `refusal`, or lost when that is None."""
        if isinstance(request, Identify):
            self._not_identified(ticket, request.address, why, refusal, now_s)
            return
        if (number := self._outbox.settle(ticket)) is None:
            return
        if request.address is Address.INSUFFLATOR:
            self._gas.ended(number, request, why, refusal)
        elif request.address is Address.LIGHT:
            self._light.ended(number, why, refusal)
        else:
            self._camera.ended(number, why, refusal)

    def _desk(self, address: Address) -> GasDesk | LightDesk | CameraDesk:
        desks: dict[Address, Any] = {Address.INSUFFLATOR: self._gas, Address.LIGHT: self._light}
        return desks.get(address, self._camera)

    # -- who is there ----------------------------------------------------------------------------------------------

    def _identify(self, now_s: float) -> None:
        """Ask every module that answers who it is, and again when its answer was lost."""
        for address, at_s in list(self._identify_at_s.items()):
            if now_s >= at_s and address not in self._identifying.values():
                self._identifying[self._link.submit(Identify(address))] = address
                del self._identify_at_s[address]

    def _not_identified(self, ticket: int, address: Address, why: str, refusal: Reason | None, now_s: float) -> None:
        if self._identifying.pop(ticket, None) is None or not self._roll.up(address):
            return
        if refusal is None:
            self._identify_at_s[address] = now_s + IDENTIFY_AGAIN_S
            return
        unfit = refusal is Reason.PROTOCOL_VERSION
        self._roll.will_not(address, f"Does not say who it is: {why}", unfit=unfit)
        if unfit:
            self._turn_away(address, why, now_s)

    def _turn_away(self, address: Address, problem: str, now_s: float) -> None:
        """A module of another kind or version is not worked with (docs/protocol.md, Version)."""
        log.error("%s: %s", address.name.lower(), problem)
        self._notices.append(problem)
        if address is Address.INSUFFLATOR:
            self._gas.turned_away(now_s)

    def _lost(self, address: Address, why: str) -> None:
        # A port that is gone is said once, by its own alarm and notice, not once for each module.
        self._roll.lost(address, "" if why == self._port_error else why)
        self._arrivals.lost(address)
        self._identify_at_s.pop(address, None)
        log.warning("%s: no answer: %s", address.name.lower(), why)
        self._desk(address).link_down()
