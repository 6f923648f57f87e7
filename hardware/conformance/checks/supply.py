"""What several checks of the insufflator do with gas: start it, see it flow, read its counters."""

from __future__ import annotations

from hardware.conformance.probe import Probe, UnseenError
from hardware.gas_modes import InsufflationMode
from hardware.protocol import DriveInsufflator, SetGas, SetMode
from hardware.readings import InsufflatorDrive, InsufflatorReading

# About 5 l/min: enough to be seen, and over in a second or two.
LOW = InsufflatorDrive(duty=0.15, solenoid_open=True)
_VISIBLE_L_MIN = 0.5


def gas_status(p: Probe, drive: InsufflatorDrive | None = None) -> InsufflatorReading:
    """The status in reply to `drive`, by default to one that closes everything."""
    reading = p.status(DriveInsufflator(drive or InsufflatorDrive()))
    assert isinstance(reading, InsufflatorReading)
    return reading


def supply_s(p: Probe) -> float:
    """The supply time, read with closed valves."""
    return gas_status(p).supply_s


def flowing(p: Probe) -> InsufflatorReading:
    """Gas on and driven for a second; the status with the flow.  Raises `UnseenError` where none is measured."""
    p.apply(SetMode(InsufflationMode.ADULT))
    p.apply(SetGas(True))
    p.keep(1.0, DriveInsufflator(LOW), 0.02)
    reading = gas_status(p, LOW)
    if not reading.flow_l_min >= _VISIBLE_L_MIN:
        raise UnseenError(
            f"no gas flows ({reading.flow_l_min:g} l/min at duty {LOW.duty:g}), so closed valves can't be told from"
            " open ones: connect a small supply whose outlet ends in open air"
        )
    return reading
