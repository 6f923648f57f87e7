"""The control room: one bus cycle, one control step, and what people asked for.  No Qt; used from one thread."""

from app.control.room import TowerControl
from app.control.safety import SafeState
from app.control.start import StartValues

__all__ = ["SafeState", "StartValues", "TowerControl"]
