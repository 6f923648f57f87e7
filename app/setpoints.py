"""The life of a setpoint: requested, sent, active only by readback, refused, lost.  Pure; time comes in."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

from hardware.quantities import SetpointRange
from ui.viewstate import SetpointState, SetpointView

# A transaction's three tries of 50 ms each, a queue of commands to three modules, and one status after it.
CONFIRM_WITHIN_S = 1.0
FAILURE_SHOWN_S = 10.0  # why a request failed is shown this long, or until the next one


@dataclass(slots=True)
class _Request:
    """A request on its way.  `ticket` is None until it has been handed to the bus."""

    value: float
    since_s: float
    ticket: Hashable | None = None
    acknowledged_at_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Failure:
    """How the last request ended when not well."""

    value: float
    state: SetpointState
    reason: str
    doubtful: bool  # it may have reached the module after all: a later readback can still prove it


class SetpointTracker:
    """Follows one setpoint between the screen and the module.

    Only a status of the module (`readback`) makes a value active; an acknowledgement alone never does.  While a
    request is under way, a status that was received before the module acknowledged it proves nothing either: it may
    show a value that an earlier, superseded request is about to change.
    """

    def __init__(self, spec: SetpointRange, resolution: float, confirm_within_s: float = CONFIRM_WITHIN_S) -> None:
        """`resolution` is the wire's step in `spec.unit`: values closer than half of it are the same value."""
        if not (math.isfinite(resolution) and resolution > 0):
            raise ValueError(f"resolution must be above 0 {spec.unit}, got {resolution}")
        self.spec = spec
        self._tolerance = resolution / 2 * (1 + 1e-9)
        self._confirm_within_s = confirm_within_s
        self._active: float | None = None
        self._confirmed: float | None = None  # the last value active by our own request
        self._request: _Request | None = None
        self._failure: _Failure | None = None
        self._note = ""
        self._failure_since_s: float | None = None  # when time first passed with it
        self.range_note = ""  # said with the range when a value is rejected: whose range it is

    # -- from the screen -------------------------------------------------------------------------------------------

    def request(self, value: float, now_s: float) -> bool:
        """Ask for `value`.  True: hand it to the bus, then call `sent`.  False: rejected, with the range as reason.

        A request that is still under way is superseded; a rejected one leaves it alone.
        """
        try:
            self.spec.check(value)
        except ValueError as error:
            reason = f"{error} ({self.range_note})" if self.range_note else str(error)
            self._set_failure(_Failure(value, SetpointState.REJECTED, reason, doubtful=False))
            return False
        self._request = _Request(value, now_s)
        self._set_failure(None)
        self._note = ""
        return True

    def dismiss(self) -> None:
        """Why a request failed has been shown: show the active value alone again."""
        self._set_failure(None)
        self._note = ""

    # -- from the bus ----------------------------------------------------------------------------------------------

    def sent(self, ticket: Hashable) -> None:
        """The request was handed to the bus under `ticket`.  Outcomes of any earlier ticket no longer count."""
        if self._request is not None:
            self._request.ticket = ticket

    def acknowledged(self, ticket: Hashable, applied: float, now_s: float) -> None:
        """The module answered `ticket` with the value it says it applied."""
        request = self._mine(ticket)
        if request is None:
            return
        if self._same(applied, request.value):
            request.acknowledged_at_s = now_s
        else:
            self._fail(SetpointState.REJECTED, f"the module applied {self._text(applied)} instead", doubtful=False)

    def refused(self, ticket: Hashable, reason: str) -> None:
        """The module refused `ticket`."""
        if self._mine(ticket) is not None:
            self._fail(SetpointState.REJECTED, reason, doubtful=False)

    def lost(self, ticket: Hashable, reason: str) -> None:
        """The bus gave up on `ticket`.  The module may have heard it all the same."""
        if self._mine(ticket) is not None:
            self._fail(SetpointState.LOST, reason, doubtful=True)

    def give_up(self, reason: str) -> None:
        """Whatever is under way will not be sent, or not be waited for.  The module may have heard it all the same."""
        self._fail(SetpointState.LOST, reason, doubtful=True)

    def superseded(self) -> None:
        """Another order that the module has obeyed since sets this value as well: a request that it had answered
        before is no longer waited for."""
        self._set_failure(None)
        self._note = ""
        if self._request is not None and self._request.acknowledged_at_s is not None:
            self._request = None

    def withdraw(self) -> None:
        """What was asked for last has not been sent, and will not be: another order has taken its place."""
        self._request = None

    def expect(self, value: float, now_s: float) -> None:
        """The module has answered that it sets `value` by itself (it was told to measure): the next status shows it."""
        self._request = _Request(value, now_s, None, now_s)
        self._set_failure(None)
        self._note = ""

    def readback(self, value: float, received_s: float, *, drifts: bool = False) -> None:
        """A status of the module, received at `received_s`, carries `value` as its active setpoint (NaN: none).

        `drifts`: the module changes it by itself and is meant to, so a change is not worth a word.
        """
        if not math.isfinite(value):
            self._active = None
            return
        before = self._active if self._active is not None else self._confirmed
        self._active = value
        request = self._request
        if request is not None:
            answered_s = request.acknowledged_at_s
            if answered_s is not None and received_s >= answered_s and self._same(value, request.value):
                self._request = None
                self._confirmed = value
                self._note = ""
        elif self._failure is not None and self._failure.doubtful and self._same(value, self._failure.value):
            self._set_failure(None)
            self._confirmed = value
        elif drifts:
            self._confirmed = None
            self._note = ""
        elif before is not None and not self._same(value, before):
            self._note = f"changed by the module itself from {self._text(before)} to {self._text(value)}"

    def link_down(self) -> None:
        """The module no longer answers: nothing is known of its setpoint, and a request under way is lost."""
        self._active = None
        if self._request is not None:
            self._fail(SetpointState.LOST, "the module does not answer", doubtful=True)

    def poll(self, now_s: float) -> None:
        """Let time pass: a request that is not confirmed in time is lost, and a failure is shown for 10 s."""
        if self._failure is not None:
            if self._failure_since_s is None:
                self._failure_since_s = now_s
            elif now_s - self._failure_since_s >= FAILURE_SHOWN_S:
                self._set_failure(None)
        request = self._request
        if request is None or now_s - request.since_s < self._confirm_within_s:
            return
        if request.acknowledged_at_s is None:
            reason = f"no answer within {self._confirm_within_s:g} s; apply it again"
        elif self._active is None:
            reason = "acknowledged, but no status has confirmed it; apply it again"
        else:
            reason = f"acknowledged, but the module still reports {self._text(self._active)}; apply it again"
        self._fail(SetpointState.LOST, reason, doubtful=True)

    # -- to the screen ---------------------------------------------------------------------------------------------

    @property
    def active(self) -> float | None:
        """What the module last reported as its setpoint, in the setpoint's unit; None when unknown."""
        return self._active

    @property
    def pending(self) -> bool:
        """True while a request is under way."""
        return self._request is not None

    def start_value(self) -> float | None:
        """The range's default when the module reports another value and no request is under way; otherwise None."""
        if self._active is None or self._request is not None or self._same(self._active, self.spec.default):
            return None
        return self.spec.default

    def describe(self) -> str:
        """The active value with its unit, "---" when unknown."""
        return "---" if self._active is None else self._text(self._active)

    def out_of_range(self) -> str:
        """Why the active value must not be worked with: unknown, or outside the range.  Empty when it may."""
        spec = self.spec
        allowed = f"{spec.minimum:g} to {spec.maximum:g} {spec.unit}"
        if self._active is None:
            return f"{spec.label} is unknown ({allowed} allowed here); wait until the module reports it, or set it"
        if spec.minimum - self._tolerance <= self._active <= spec.maximum + self._tolerance:
            return ""
        return f"{spec.label} is {self._active:g} {spec.unit} in the module, {allowed} allowed here; set it first"

    def view(self) -> SetpointView:
        """What to draw.  With state ACTIVE a reason, if any, says that the module changed the value by itself."""
        if self._failure is not None:
            return SetpointView(self._active, self._failure.value, self._failure.state, self._failure.reason)
        if self._request is not None:
            return SetpointView(self._active, self._request.value, SetpointState.SENT)
        if self._active is None:
            return SetpointView()
        return SetpointView(self._active, None, SetpointState.ACTIVE, self._note)

    def _mine(self, ticket: Hashable) -> _Request | None:
        request = self._request
        return request if request is not None and request.ticket is not None and request.ticket == ticket else None

    def _fail(self, state: SetpointState, reason: str, *, doubtful: bool) -> None:
        if self._request is not None:
            self._set_failure(_Failure(self._request.value, state, reason, doubtful))
            self._request = None

    def _set_failure(self, failure: _Failure | None) -> None:
        self._failure, self._failure_since_s = failure, None

    def _same(self, a: float, b: float) -> bool:
        return abs(a - b) <= self._tolerance

    def _text(self, value: float) -> str:
        return f"{value:.{self.spec.decimals}f} {self.spec.unit}"
