"""A whole tower for journeys by touch: real window, session, threads and control, simulated modules on a real line."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from app.adapters import gas_mode_specs, quantity_specs, setpoint_specs
from app.appearance import AppearanceDesk
from app.control import TowerControl
from app.presets import load_presets
from app.service_desk import ServiceDesk, ServicePlaces
from app.status import TowerStatus
from hardware.bus import BusLink
from hardware.bus.tap import FrameTap
from hardware.ccu import CcuParams
from hardware.quantities import SETPOINTS
from hardware.simulator.rig import Rig
from tests.app.conftest import CYCLE_S, Modules
from tests.ui.conftest import Fingers
from ui.appearance import Appearance
from ui.main_window import MainWindow
from ui.viewstate import SetpointState, SetpointView

WAIT_MS, LOOK_MS = 20_000, 20
HOLDS, HOLD_MS = 3, 4_000
SPECS = setpoint_specs(SETPOINTS), quantity_specs(), gas_mode_specs(SETPOINTS)


class Control(TowerControl):
    """The tower's own control on the modules' line; the modules' time goes on with its cycles, however busy the machine
    is."""

    def __init__(self, port: Path) -> None:
        self.modules_s, self.cycled = 0.0, 0
        self.may_go_on = threading.Event()
        self.modules = Modules(port, lambda: self.modules_s)
        self._line = BusLink(str(port))
        super().__init__(self._line, SETPOINTS, CcuParams())

    def cycle(self, now_s: float) -> TowerStatus:
        self.modules_s += CYCLE_S
        self.cycled += 1
        return super().cycle(now_s)

    def close(self) -> None:
        self._line.close()


class Journey:
    """A person in front of the tower: sees the window, touches it, and may look at what the modules really do."""

    def __init__(self, start: Callable[..., Any], qtbot: Any, folder: Path) -> None:
        self._qtbot, self._fingers = qtbot, Fingers()
        self.control = Control(folder / "bus")
        presets = load_presets(None, SETPOINTS).presets
        window = MainWindow(SPECS[0], SPECS[1], gas_modes=SPECS[2], presets=presets)
        window.resize(1920, 1080)
        self.codes = folder / "codes.json"
        service = ServiceDesk(ServicePlaces(self.codes, folder, folder), FrameTap())
        self.tower = start(control=self.control, window=window, service=service)
        self.window: MainWindow = self.tower.window
        self._appearance = AppearanceDesk(Appearance(), SPECS, None)
        self._appearance.serve(self.window, self.tower.session.say)
        self.sees("all modules", lambda: len([d for d in self.status.details.values() if d]) == 3)
        self.sees("what the gas is doing", self.window.insufflator.start.isEnabled)

    @property
    def rig(self) -> Rig:
        """The modules themselves."""
        return self.control.modules.rig

    @property
    def status(self) -> TowerStatus:
        """The tower as the session knows it."""
        return self.tower.session.status

    def pressure(self) -> SetpointView:
        """The set pressure as the window was told it last."""
        shown = self.window.insufflator.set_pressure
        return self.status.setpoints.get(shown.spec.key, SetpointView())

    def sees(self, what: str, there: Callable[[], object]) -> None:
        """Wait until it is there."""
        assert self._within(WAIT_MS, there), f"not seen: {what}; notice {self.window.status.notice.text()!r}"

    def _within(self, milliseconds: int, there: Callable[[], object]) -> bool:
        """Looks are counted, not seconds: a machine that stood still has missed none."""
        for _ in range(milliseconds // LOOK_MS):
            if there():
                return True
            self._qtbot.wait(LOOK_MS)
        return False

    def waits(self, milliseconds: int) -> None:
        self._qtbot.wait(milliseconds)

    def taps(self, key: QWidget) -> None:
        self._fingers.tap(key)

    def presses(self, key: QWidget) -> None:
        assert key.isVisible()
        self._fingers.press(key)

    def holds(self, key: QWidget, until: Callable[[], object]) -> None:
        """Keep a finger on the key until something is seen; once more where the key went off under the finger, as it
        does when the modules seem silent to a machine that stood still."""
        for _ in range(HOLDS):
            self.presses(key)
            done = self._within(HOLD_MS, until)
            self._fingers.release(self.window)
            if done:
                return
            self.sees("the key on again", key.isEnabled)
        raise AssertionError(
            f"holding {key.accessibleName() or key} does nothing; {self.window.status.notice.text()!r}"
        )

    def types(self, digits: str) -> None:
        """On the open pad."""
        self.sees("the pad", self.window.pad.isVisible)
        for digit in digits:
            self.taps(self.window.pad.digits[digit])

    def sets_pressure(self, digits: str) -> None:
        self.taps(self.window.insufflator.set_pressure)
        self.types(digits)
        self.taps(self.window.pad.apply)

    def active(self, value: float) -> bool:
        """Is this pressure confirmed by readback, and what the module holds?"""
        shown = self.pressure()
        return (shown.state, shown.active) == (SetpointState.ACTIVE, value) and (
            self.rig.insufflator.pressure_setpoint_mmhg == value
        )

    def leaves(self) -> None:
        """After the tower is over."""
        self.control.modules.end()
