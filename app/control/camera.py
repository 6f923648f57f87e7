"""What people order of the camera head beside its setpoints: its automatic, and a measured white balance."""

from __future__ import annotations

from collections.abc import Callable

from app.choice import Choice
from app.control.answers import outcome
from app.control.outbox import Outbox
from app.control.setpoint_desk import EXPOSURE_KEYS, SetpointDesk
from app.control.start import Arrival, Arrivals, StartValues
from app.modules import ModuleRoll
from hardware.protocol import MeasureWhiteBalance, Reason, SetExposureControl
from hardware.readings import Address, CameraFault, CameraReading
from ui.viewstate import SetpointState

_AUTOMATIC, _MEASURE = "camera automatic", "measure white balance"
_HERE = Address.CAMERA


class CameraDesk:
    """Orders of the camera head.  While its automatic works, exposure and gain are what the head reports."""

    def __init__(
        self,
        outbox: Outbox,
        roll: ModuleRoll,
        arrivals: Arrivals,
        setpoints: SetpointDesk,
        start: StartValues,
        notify: Callable[[str], None],
    ) -> None:
        self._outbox = outbox
        self._roll = roll
        self._arrivals = arrivals
        self._setpoints = setpoints
        self._start = start
        self._notify = notify
        self._automatic: Choice[bool] = Choice(
            "camera's exposure control", lambda automatic: "automatic" if automatic else "as set"
        )
        self._measuring: int | None = None
        self._failed = (SetpointState.LOST, "")  # how the last order of the automatic ended, when not well

    def set_automatic(self, on: bool, now_s: float) -> str:
        """Exposure and gain by the head itself, or as set.  Returns why not; empty when it is on its way."""
        if problem := self._roll.unfit(_HERE):
            return self._tell(f"Camera's exposure control not changed: {problem}")
        self._failed = (SetpointState.LOST, "")
        if on:
            self._setpoints.automatic_asked()
        self._automatic.ask(on, self._outbox.post(_AUTOMATIC, SetExposureControl(on)), now_s)
        return ""

    def standing(self, on: bool) -> tuple[SetpointState, str]:
        """How the order of the automatic, accepted before, stands now, with the reason when not well."""
        if self._automatic.pending is on:
            return SetpointState.SENT, ""
        if self._automatic.pending is None and self._automatic.active is on:
            return SetpointState.ACTIVE, ""
        if self._automatic.pending is not None or (self._automatic.active is not None and not self._failed[1]):
            return SetpointState.REJECTED, "exposure or gain has been set by hand meanwhile"
        state, why = self._failed
        return state, why or "the camera head does not answer"

    def exposure_edited(self) -> None:
        """Exposure or gain is being set, which ends the automatic: an order of it that waits to be sent is over."""
        self._outbox.cancel(_AUTOMATIC)
        self._automatic.give_up()

    def measure_white_balance(self) -> None:
        """Take what the head sees now for white."""
        if problem := self._roll.unfit(_HERE):
            self._notify(f"White balance not measured: {problem}")
            return
        self._measuring = self._outbox.post(_MEASURE, MeasureWhiteBalance())

    def give_up(self) -> None:
        """Nothing of before is waited for."""
        self._automatic.give_up()
        self._measuring = None

    def readback(self, reading: CameraReading, now_s: float) -> None:
        """A status of the camera head has come."""
        # An exposure or gain that is set ends the automatic: that is no change by the module itself.
        was_automatic = self._automatic.active
        for text in self._automatic.readback(reading.automatic, reading.time_s):
            if reading.automatic:
                self._notify(text)
        self._setpoints.readback(_HERE, reading, EXPOSURE_KEYS if reading.automatic or was_automatic else ())
        watchdog = bool(reading.faults & CameraFault.WATCHDOG)
        self._roll.status(_HERE, reading.time_s, watchdog=watchdog)
        arrival = self._arrivals.status(
            _HERE, now_s, on=False, watchdog=watchdog, counted=False, fit=self._roll.fit(_HERE)
        )
        if arrival is Arrival.FRESH:
            self._setpoints.start_values(_HERE)
            if self._start.camera_automatic is not reading.automatic:
                self.set_automatic(self._start.camera_automatic, now_s)
        elif arrival is Arrival.KEPT:
            how = "automatic" if reading.automatic else "as set"
            self._arrivals.tell(f"Camera kept from before: {self._setpoints.describe(_HERE)}, {how}")
        if self._automatic.pending is None:
            self._setpoints.send_start_values(_HERE, now_s)

    def applied(self, number: int, value: float | bool, now_s: float) -> None:
        """The module has answered an order."""
        self._setpoints.applied(number, value, now_s)
        if self._automatic.acknowledged(number, now_s) and value:
            self._setpoints.automatic_took_over()
        if number == self._measuring:
            self._measuring = None
            self._setpoints.white_balance_measured(float(value), now_s)
            self._notify(f"White balance measured: {value:.0f} K")

    def ended(self, number: int, why: str, refusal: Reason | None) -> None:
        """An order was refused with `refusal`, or lost when that is None."""
        self._setpoints.ended(number, why, refusal)
        if self._automatic.failed(number):
            self._failed = (SetpointState.LOST if refusal is None else SetpointState.REJECTED, why)
            self._notify(outcome("Camera's exposure control", why, refusal))
        elif number == self._measuring:
            self._measuring = None
            self._notify(outcome("White balance", why, refusal))

    def link_down(self) -> None:
        """The module no longer answers."""
        self._automatic.link_down()

    def poll(self, now_s: float) -> None:
        """Let time pass."""
        for text in self._automatic.poll(now_s):
            self._failed = (SetpointState.LOST, self._tell(text))

    def _tell(self, problem: str) -> str:
        self._notify(problem)
        return problem
