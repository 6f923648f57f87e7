"""How the bus is: one row for each module for the service page, one line for each in the log now and then."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hardware.bus import BusCounters, BusLink, SlaveCounters
from hardware.readings import MODULES, Address
from ui.serviceview import ModuleFacts
from ui.viewstate import BusRow, BusView

if TYPE_CHECKING:
    from app.modules import ModuleRoll

log = logging.getLogger(__name__)

SHOW_EVERY_S = 1.0
LOG_EVERY_S = 60.0
NAMES: dict[Address, str] = {
    Address.INSUFFLATOR: "Insufflator",
    Address.LIGHT: "Light",
    Address.CAMERA: "Camera",
}


class BusHealth:
    """Looks at the link's counters once a second.  Times are monotonic seconds and come in."""

    def __init__(self) -> None:
        self._view = BusView()
        self._show_at_s = float("-inf")
        self._log_at_s: float | None = None
        self._logged: Mapping[Address, SlaveCounters] = {}

    def view(self, link: BusLink, roll: ModuleRoll, diagnosis: str, now_s: float) -> BusView:
        """The same value until a second has passed.  The lateness of the cycle is for the worker to add."""
        if now_s < self._show_at_s:
            return self._view
        self._show_at_s = now_s + SHOW_EVERY_S
        counters = link.counters()
        self._view = BusView(
            rows=tuple(_row(address, counters.slaves[address], roll) for address in MODULES),
            port=link.port_url,
            port_losses=counters.port_losses,
            discarded_bytes=counters.discarded_bytes,
            diagnosis=diagnosis,
            modules=tuple(_facts(address, roll) for address in MODULES),
        )
        if self._log_at_s is None:
            self._log_at_s = now_s + LOG_EVERY_S
        elif now_s >= self._log_at_s:
            self._log_at_s = now_s + LOG_EVERY_S
            self.log(counters)
        return self._view

    def log(self, counters: BusCounters) -> None:
        """One line for each module: a warning where retries, timeouts or damaged frames came since the last line."""
        for address, now in counters.slaves.items():
            before = self._logged.get(address)
            worse = _troubles(now) > (0 if before is None else _troubles(before))
            log.log(
                logging.WARNING if worse else logging.INFO,
                "bus: %s: %d requests, %d replies, %d refusals, %d retries, %d timeouts, %d CRC errors, "
                "%d unreadable, %d late, round trip median %s ms, p99 %s ms",
                NAMES[address].lower(),
                now.requests,
                now.replies,
                now.refusals,
                now.retries,
                now.timeouts,
                now.crc_errors,
                now.malformed_replies,
                now.late_replies,
                _text(now.round_trip_median_ms),
                _text(now.round_trip_p99_ms),
            )
        self._logged = dict(counters.slaves)


def _row(address: Address, slave: SlaveCounters, roll: ModuleRoll) -> BusRow:
    return BusRow(
        name=NAMES[address],
        link=roll.links[address],
        requests=slave.requests,
        replies=slave.replies,
        retries=slave.retries,
        timeouts=slave.timeouts,
        crc_errors=slave.crc_errors,
        refusals=slave.refusals,
        round_trip_median_ms=_known(slave.round_trip_median_ms),
        round_trip_p99_ms=_known(slave.round_trip_p99_ms),
        firmware=roll.firmware(address),
        detail=roll.details.get(address, ""),
    )


def _facts(address: Address, roll: ModuleRoll) -> ModuleFacts:
    identity = roll.identity(address)
    if identity is None:
        return ModuleFacts(NAMES[address])
    return ModuleFacts(NAMES[address], identity.firmware, identity.protocol_version, identity.serial_number)


def _troubles(slave: SlaveCounters) -> int:
    return slave.retries + slave.timeouts + slave.crc_errors + slave.malformed_replies


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _text(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else "---"
