"""Tries out what was chosen: who answers on a port, whether a folder can be written.  Slow: for a thread of its own."""

from __future__ import annotations

from pathlib import Path

from app.adapters import MODULE_NAMES
from app.checks import Level, recordings
from app.config import RecordingConfig
from app.setup.identify import identify
from app.simulation import SimulatorError, SimulatorProcess
from hardware.bus.port import PortError, PortLostError
from ui.setup.view import SIMULATED, Choice, Step, Tested


def try_port(choice: Choice) -> Tested:
    """Who answers; simulated modules are started for it, and ended."""
    try:
        if choice.port == SIMULATED:
            with SimulatorProcess() as simulator:
                simulator.start()
                return _asked(simulator.url)
        return _asked(choice.port or "")
    except (PortError, PortLostError, SimulatorError) as error:
        return Tested(Step.PORT, False, (str(error),))


def try_folder(choice: Choice) -> Tested:
    """The doctor's own check of the recording folder and its space."""
    least = RecordingConfig.model_fields["min_free_mb"].default
    findings = recordings(Path(choice.directory).expanduser(), least)
    lines = tuple(f"{f.text}: {f.action}" if f.action else f.text for f in findings)
    return Tested(Step.FOLDER, all(f.level is Level.OK for f in findings), lines)


def _asked(port: str) -> Tested:
    found = identify(port)
    lines: list[str] = []
    for module in found:
        name = MODULE_NAMES[module.address]
        lines.append(f"{name}: {module.problem or module.name or 'does not answer'}")
    good = all(module.name and not module.problem for module in found)
    if not any(module.name or module.problem for module in found):
        lines.append("Nobody answers. Check power, the two wires of the line, and whether this is the right port.")
    return Tested(Step.PORT, good, tuple(lines))
