"""Tries out what was chosen: who answers on a port, whether a folder can be written.  Slow: for a thread of its own."""

from __future__ import annotations

from pathlib import Path

from app.adapters import MODULE_NAMES
from app.checks import Level, recordings
from app.config import RecordingConfig
from app.setup.identify import identify
from app.simulation import SimulatorError, SimulatorProcess
from hardware.bus.port import PortError, PortLostError
from ui.setup.view import SIMULATED, Choice, Line, Step, Trial


def try_port(choice: Choice) -> Trial:
    """Who answers; simulated modules are started for it, and ended."""
    try:
        if choice.port == SIMULATED:
            with SimulatorProcess() as simulator:
                return _asked(simulator.url)
        return _asked(choice.port or "")
    except (PortError, PortLostError, SimulatorError) as error:
        return Trial(Step.PORT, False, (Line(str(error), False),))


def try_folder(choice: Choice) -> Trial:
    """The doctor's own check of the recording folder and its space."""
    least = RecordingConfig.model_fields["min_free_mb"].default
    findings = recordings(Path(choice.directory).expanduser(), least)
    lines = tuple(Line(f"{f.text}: {f.action}" if f.action else f.text, f.level is Level.OK) for f in findings)
    return Trial(Step.FOLDER, all(f.level is Level.OK for f in findings), lines)


def _asked(port: str) -> Trial:
    found = identify(port)
    lines: list[Line] = []
    for module in found:
        well = bool(module.name) and not module.problem
        lines.append(Line(module.problem or module.name, well, MODULE_NAMES[module.address]))
    good = all(line.good for line in lines)
    if not any(module.name or module.problem for module in found):
        hint = "Nobody answers. Check power, the two wires of the line, and whether this is the right port."
        lines.append(Line(hint, False))
    return Trial(Step.PORT, good, tuple(lines))
