"""Whether the patient is safe: gas off and light in standby, by readback alone."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.readings import InsufflatorReading, LightReading


@dataclass(frozen=True, slots=True)
class SafeState:
    """Whether gas off and light in standby were read back, or what is missing."""

    confirmed: bool
    text: str
    asked_s: float = 0.0  # when it was asked for, monotonic


def judge_safe_state(gas: InsufflatorReading | None, light: LightReading | None, since_s: float) -> SafeState:
    """Judged by readings received after `since_s` only."""
    missing: list[str] = []
    if gas is None or gas.time_s <= since_s:
        missing.append("the insufflator does not answer")
    elif gas.running or gas.solenoid_open or gas.duty > 0:
        missing.append("the insufflator has not closed its valves")
    if light is None or light.time_s <= since_s:
        missing.append("the light source does not answer")
    elif light.on:
        missing.append("the light is not in standby")
    if missing:
        return SafeState(False, "Not confirmed: " + "; ".join(missing), since_s)
    return SafeState(True, "Gas off, light in standby: confirmed", since_s)
