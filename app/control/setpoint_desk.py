"""The setpoints of all modules: their ranges, what was asked for, what the modules say, and their start values."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.control.modes import FLOW_KEY, MODE_SETPOINTS, PRESSURE_KEY, mode_range, own_defaults
from app.control.outbox import Outbox
from app.control.start import StartValues
from app.modules import ModuleRoll
from app.setpoints import SetpointTracker
from hardware.gas_modes import MODES, InsufflationMode
from hardware.protocol import (
    Reason,
    Request,
    SetExposure,
    SetFlow,
    SetGain,
    SetIntensity,
    SetPressure,
    SetWhiteBalance,
)
from hardware.quantities import SetpointRange
from hardware.readings import Address
from ui.viewstate import SetpointState, SetpointView

WHITE_BALANCE_KEY = "camera_white_balance"
EXPOSURE_KEYS = ("camera_exposure", "camera_gain")  # those that the head's automatic works on


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a setpoint lives.  `resolution` is the wire's step in the setpoint's unit (docs/protocol.md)."""

    address: Address
    request: Callable[[float], Request]
    read: Callable[[Any], float]
    resolution: float = 0.01


_ROWS: dict[str, _Row] = {
    PRESSURE_KEY: _Row(Address.INSUFFLATOR, SetPressure, lambda reading: reading.pressure_setpoint_mmhg),
    FLOW_KEY: _Row(Address.INSUFFLATOR, SetFlow, lambda reading: reading.flow_setpoint_l_min),
    "light_intensity": _Row(Address.LIGHT, SetIntensity, lambda reading: reading.intensity_setpoint_percent),
    "camera_exposure": _Row(Address.CAMERA, SetExposure, lambda reading: reading.exposure_us / 1000.0),
    "camera_gain": _Row(Address.CAMERA, SetGain, lambda reading: reading.gain_db),
    WHITE_BALANCE_KEY: _Row(Address.CAMERA, SetWhiteBalance, lambda reading: reading.white_balance_k, 1.0),
}


class SetpointDesk:
    """Every setpoint's tracker, and what is sent for it.  Edits faster than the bus replace each other (`Outbox`)."""

    def __init__(
        self,
        outbox: Outbox,
        roll: ModuleRoll,
        site: Mapping[str, SetpointRange],
        start: StartValues,
        notify: Callable[[str], None],
    ) -> None:
        self._outbox = outbox
        self._roll = roll
        self._site = dict(site)
        self._start = start
        self._notify = notify
        self._own_defaults = own_defaults(site, start.own_defaults)
        self._trackers = {key: SetpointTracker(spec, _ROWS[key].resolution) for key, spec in site.items()}
        self._edited: set[str] = set()  # by somebody in this run: their start values are over
        self._to_start: set[str] = set()  # of modules fresh from power-on, not yet brought to their start values
        self._mode_problem = ""

    # -- from the screen -------------------------------------------------------------------------------------------

    def ask(self, key: str, value: object, now_s: float) -> str:
        """Set `key` to `value`, or say why not.  Returns why not; empty when it is on its way."""
        tracker = self._trackers.get(key)
        if tracker is None:
            return self._tell(f"Not changed: there is no setpoint {key!r}; there are {', '.join(self._trackers)}")
        spec = tracker.spec
        number = _number(value)
        if number is None:
            said = repr(value) if len(repr(value)) <= 40 else f"{repr(value)[:40]}..."
            allowed = f"{spec.minimum:g} to {spec.maximum:g} {spec.unit}"
            return self._tell(f"{spec.label} not changed: expected a number from {allowed}, got {said}")
        if problem := self._roll.unfit(_ROWS[key].address):
            return self._tell(f"{spec.label} not changed: {problem}")
        if not self._submit(key, number, now_s):
            return tracker.view().reason
        self._edited.add(key)
        return ""

    def seen(self, key: str) -> None:
        """A person has seen why the last request of `key` failed: the active value stands alone again."""
        if (tracker := self._trackers.get(key)) is not None:
            tracker.dismiss()

    def gas_problems(self) -> list[str]:
        """Why gas must not start: a setpoint that is unknown, or outside of what mode and site allow."""
        problems = [self._trackers[key].out_of_range() for key in MODE_SETPOINTS]
        return [problem for problem in (self._mode_problem, *problems) if problem]

    # -- modes and what else changes setpoints ---------------------------------------------------------------------

    def mode_is(self, mode: InsufflationMode) -> None:
        """The insufflator has entered `mode`: its ranges hold, and its setpoints are what its status says."""
        self._mode_problem = ""
        for key in MODE_SETPOINTS:
            tracker = self._trackers[key]
            spec = mode_range(mode, key, self._site, self._own_defaults)
            if spec is None:
                self._mode_problem = f"{MODES[mode].label} is not used at this site; choose another mode"
            tracker.spec = spec or self._site[key]
            tracker.range_note = f"mode {MODES[mode].label}"
            tracker.superseded()

    def correct_after_mode(self, now_s: float) -> None:
        """Bring what the module took on entering a mode, but this site does not allow, to the mode's start value."""
        for key in MODE_SETPOINTS:
            tracker = self._trackers[key]
            if not self._mode_problem and tracker.active is not None and tracker.out_of_range() and not tracker.pending:
                self._submit(key, tracker.spec.default, now_s)

    def automatic_asked(self) -> None:
        """The automatic of exposure and gain was asked for: edits of them that wait to be sent are over."""
        for key in EXPOSURE_KEYS:
            if self._outbox.cancel(key):
                self._trackers[key].withdraw()

    def automatic_took_over(self) -> None:
        """The camera head has taken over exposure and gain."""
        for key in EXPOSURE_KEYS:
            if key in self._trackers:
                self._trackers[key].superseded()

    def white_balance_measured(self, value_k: float, now_s: float) -> None:
        """The camera head has measured its white balance and set it by itself."""
        self._edited.add(WHITE_BALANCE_KEY)
        if (tracker := self._trackers.get(WHITE_BALANCE_KEY)) is not None:
            tracker.expect(value_k, now_s)

    def start_values(self, address: Address) -> None:
        """A module fresh from power-on is to be brought to its start values, but for what was set in this run."""
        keys = {key for key in self._trackers if _ROWS[key].address is address}
        if self._start.camera_automatic:
            keys -= set(EXPOSURE_KEYS)
        self._to_start |= keys - self._edited

    def send_start_values(self, address: Address, now_s: float) -> None:
        """Send those that are due and differ from what the module says."""
        for key in sorted(key for key in self._to_start if _ROWS[key].address is address):
            self._to_start.discard(key)
            value = self._trackers[key].start_value()
            if value is not None and key not in self._edited:
                self._submit(key, value, now_s)

    # -- from the bus ----------------------------------------------------------------------------------------------

    def readback(self, address: Address, reading: Any, drifting: Collection[str] = ()) -> None:
        """A status has come; `drifting`: keys that the module changes by itself, as it is meant to."""
        for key, tracker in self._trackers.items():
            if _ROWS[key].address is address:
                tracker.readback(_ROWS[key].read(reading), reading.time_s, drifts=key in drifting)

    def applied(self, number: int, value: float | bool, now_s: float) -> None:
        """A module has answered an order with the value it applied."""
        for tracker in self._trackers.values():
            tracker.acknowledged(number, float(value), now_s)

    def ended(self, number: int, why: str, refusal: Reason | None) -> None:
        """An order was refused with `refusal`, or lost when that is None."""
        for tracker in self._trackers.values():
            (tracker.lost if refusal is None else tracker.refused)(number, why)

    def give_up(self, why: str) -> None:
        """Nothing that is under way is waited for any more."""
        for tracker in self._trackers.values():
            tracker.give_up(why)

    def poll(self, now_s: float) -> None:
        """Let time pass, and mind the links."""
        for key, tracker in self._trackers.items():
            tracker.poll(now_s)
            if not self._roll.up(_ROWS[key].address):
                tracker.link_down()

    # -- to the screen ---------------------------------------------------------------------------------------------

    def views(self) -> dict[str, SetpointView]:
        """Every setpoint as it is to be drawn."""
        return {key: tracker.view() for key, tracker in self._trackers.items()}

    def standing(self, key: str, value: float) -> tuple[SetpointState, str]:
        """How a request of `key` for `value`, accepted before, stands now, with the reason when not well."""
        view = self._trackers[key].view()
        same = _ROWS[key].resolution / 2 * (1 + 1e-9)
        if view.requested is not None and abs(view.requested - value) <= same:
            return view.state, view.reason
        if view.active is not None and abs(view.active - value) <= same:
            return SetpointState.ACTIVE, ""
        return SetpointState.REJECTED, "another value has been set meanwhile"

    def describe(self, address: Address) -> str:
        """The active setpoints of a module in words: "12 mmHg, 10.0 l/min"."""
        return ", ".join(t.describe() for key, t in self._trackers.items() if _ROWS[key].address is address)

    def _tell(self, problem: str) -> str:
        self._notify(problem)
        return problem

    def _submit(self, key: str, value: float, now_s: float) -> bool:
        """Ask the module for `value`.  False: rejected, with the range shown as the reason."""
        tracker = self._trackers[key]
        if not tracker.request(value, now_s):
            return False
        tracker.sent(self._outbox.post(key, _ROWS[key].request(value)))
        return True


def _number(value: object) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
