"""A preset on its way: the mode first, pressure and flow once it is entered, each followed as its own request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.control.camera import CameraDesk
from app.control.gas import GasDesk
from app.control.modes import MODE_SETPOINTS
from app.control.setpoint_desk import SetpointDesk
from ui.intents import ApplyPreset, SetCameraAutomatic, SetGasMode, SetSetpoint
from ui.viewstate import PresetRun, PresetStep, SetpointState

MODE_STEP, CAMERA_STEP = "gas_mode", "camera_automatic"
_WAITING = PresetStep("", 0.0, SetpointState.SENT, "waits for the mode")
_FAILED = (SetpointState.REJECTED, SetpointState.LOST)


class PresetDesk:
    """Sends what was reviewed, and nothing else: no preset starts gas, vents, or switches the light.

    A step that fails does not stop the others, but pressure and flow of a mode that was not entered are not sent:
    in another mode they may mean harm.
    """

    def __init__(
        self, setpoints: SetpointDesk, gas: GasDesk, camera: CameraDesk, notify: Callable[[str], None]
    ) -> None:
        self._setpoints = setpoints
        self._gas = gas
        self._camera = camera
        self._notify = notify
        self._run: PresetRun | None = None
        self._waiting: set[str] = set()  # steps that wait for the mode
        self._told = True

    @property
    def run(self) -> PresetRun | None:
        """The preset that was applied last, step by step."""
        return self._run

    def apply(self, preset: ApplyPreset, now_s: float) -> None:
        """Send the changes.  One that is still under way from an earlier preset is superseded."""
        modes = any(isinstance(change, SetGasMode) for change in preset.changes)
        steps: list[PresetStep] = []
        self._waiting.clear()
        for change in sorted(preset.changes, key=lambda change: not isinstance(change, SetGasMode)):
            match change:
                case SetGasMode(key=mode):
                    steps.append(_begun(MODE_STEP, mode, self._gas.set_mode(mode, now_s)))
                case SetSetpoint(key=key, value=value) if modes and key in MODE_SETPOINTS:
                    self._waiting.add(key)
                    steps.append(replace(_WAITING, key=key, value=value))
                case SetSetpoint(key=key, value=value):
                    steps.append(_begun(key, value, self._setpoints.ask(key, value, now_s)))
                case SetCameraAutomatic(on=on):
                    steps.append(_begun(CAMERA_STEP, on, self._camera.set_automatic(on, now_s)))
        number = 1 if self._run is None else self._run.number + 1
        self._run, self._told = PresetRun(preset.key, tuple(steps), number), False

    def give_up(self, why: str) -> None:
        """Nothing that is under way is waited for, and what waits for the mode is not sent any more."""
        self._waiting.clear()
        if self._run is not None:
            steps = (
                replace(step, state=SetpointState.LOST, reason=why) if step.state is SetpointState.SENT else step
                for step in self._run.steps
            )
            self._run = replace(self._run, steps=tuple(steps))

    def poll(self, now_s: float) -> None:
        """Let time pass: follow each step, and send what has waited for the mode."""
        run = self._run
        if run is None or self._told:
            return
        mode = next((step for step in run.steps if step.key == MODE_STEP), None)
        self._run = run = replace(run, steps=tuple(self._follow(step, mode, now_s) for step in run.steps))
        if all(step.state is not SetpointState.SENT for step in run.steps):
            self._told = True
            failed = sum(step.state in _FAILED for step in run.steps)
            if failed:
                self._notify(f"Preset: {failed} of {len(run.steps)} changes not made; the others are active")
            else:
                self._notify("Preset: all changes are active")

    def _follow(self, step: PresetStep, mode: PresetStep | None, now_s: float) -> PresetStep:
        if step.state is not SetpointState.SENT:
            return step
        if step.key in self._waiting and mode is not None:
            return self._after_mode(step, mode, now_s)
        value = step.value
        if step.key == MODE_STEP:
            state, why = self._gas.mode_standing(str(value))
        elif step.key == CAMERA_STEP:
            state, why = self._camera.standing(value is True)
        else:
            state, why = self._setpoints.standing(step.key, float(value))
        return replace(step, state=state, reason=why)

    def _after_mode(self, step: PresetStep, mode: PresetStep, now_s: float) -> PresetStep:
        if mode.state is SetpointState.SENT:
            return step
        self._waiting.discard(step.key)
        if mode.state is not SetpointState.ACTIVE:
            return replace(step, state=SetpointState.REJECTED, reason="not sent, because the mode was not entered")
        if self._gas.mode_standing(str(mode.value))[0] is not SetpointState.ACTIVE:
            return replace(step, state=SetpointState.REJECTED, reason="not sent, because the mode has changed again")
        return _begun(step.key, step.value, self._setpoints.ask(step.key, step.value, now_s))


def _begun(key: str, value: float | str | bool, problem: str) -> PresetStep:
    """The step after it was asked for; `problem` says why it was not taken."""
    return PresetStep(key, value, SetpointState.REJECTED if problem else SetpointState.SENT, problem)
