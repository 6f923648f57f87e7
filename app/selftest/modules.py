"""Bus and modules: the port is open, each module answers, and its software is one this program can work with."""

from __future__ import annotations

from collections.abc import Callable

from app.selftest.evidence import Evidence
from app.selftest.result import Result, failed, passed
from hardware.protocol import PROTOCOL_VERSION
from hardware.readings import Address
from ui.viewstate import LinkState


def judge_bus(e: Evidence) -> Result | None:
    """The port is open and somebody answers on it."""
    if not e.status.port_error and LinkState.UP in e.status.links.values():
        return passed("bus", port=e.status.bus.port)
    return None


def bus_late(e: Evidence) -> Result:
    """Why nobody was heard."""
    if e.status.port_error:
        return failed("bus_port", why=e.status.port_error)
    return failed("bus_silent", port=e.status.bus.port)


def module_judge(address: Address) -> Callable[[Evidence], Result | None]:
    """The judge of one module."""

    def judge(e: Evidence) -> Result | None:
        if problem := e.status.unfit.get(address):
            return failed("module_unfit", why=problem)
        firmware = e.status.firmware.get(address)
        if firmware is None:
            return None
        return passed("module", firmware=firmware, version=str(PROTOCOL_VERSION))

    return judge


def module_late(address: Address) -> Callable[[Evidence], Result]:
    """What there is to say of a module that has not told who it is."""

    def late(e: Evidence) -> Result:
        if e.status.links.get(address) is LinkState.UP:
            return failed("module_unnamed")
        return failed("module_silent")

    return late
