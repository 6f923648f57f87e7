"""The master of the bus: what to ask when (sans-IO), over one serial port."""

from hardware.bus.counters import BusCounters, SlaveCounters
from hardware.bus.diagnosis import diagnose
from hardware.bus.events import (
    Event,
    LinkLost,
    LinkRestored,
    PortDown,
    PortUp,
    Refused,
    ReplyReceived,
    ReplyUnreadable,
    RequestLost,
)
from hardware.bus.link import BusLink
from hardware.bus.master import Master
from hardware.bus.plan import BusPlan, Drives, Poll
from hardware.bus.port import PortError, PortLostError
from hardware.bus.tap import Chunk, FrameSplitter, FrameTap, TappedFrame

__all__ = [
    "BusCounters",
    "BusLink",
    "BusPlan",
    "Chunk",
    "Drives",
    "Event",
    "FrameSplitter",
    "FrameTap",
    "LinkLost",
    "LinkRestored",
    "Master",
    "Poll",
    "PortDown",
    "PortError",
    "PortLostError",
    "PortUp",
    "Refused",
    "ReplyReceived",
    "ReplyUnreadable",
    "RequestLost",
    "SlaveCounters",
    "TappedFrame",
    "diagnose",
]
