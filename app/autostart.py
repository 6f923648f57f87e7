"""The demonstration's start: light on and gas supplied by the program, once all is known.  Never in a real tower."""

from __future__ import annotations

from app.status import TowerStatus
from ui.intents import SetLight, StartGas
from ui.viewstate import LinkState, SetpointState

AFTER_S = 1.0  # people see the tower at rest first
ORDERS = (SetLight(True), StartGas())
NOTICE = "Demonstration: light switched on and gas started by the program"


def may_start(status: TowerStatus, since_start_s: float) -> bool:
    """True when every module answers and every setpoint has been read back."""
    known = all(setpoint.state is SetpointState.ACTIVE for setpoint in status.setpoints.values())
    up = bool(status.links) and all(link is LinkState.UP for link in status.links.values())
    return since_start_s >= AFTER_S and known and up
