"""What a module that was found is: fresh from power-on, in use before this program was there, or at work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hardware.gas_modes import InsufflationMode
from hardware.readings import Address

DECIDE_WITHIN_S = 1.0  # a module that does not say who it is within this is not waited for


@dataclass(frozen=True, slots=True)
class StartValues:
    """What this site brings a module to that is fresh from power-on, beside the defaults of its setpoint ranges."""

    gas_mode: InsufflationMode = InsufflationMode.ADULT
    camera_automatic: bool = True  # then exposure and gain have no start values: setting one would end it
    own_defaults: frozenset[str] = frozenset()  # setpoints whose start value this site has named itself


class Arrival(StrEnum):
    """What was found."""

    FRESH = "fresh"  # at rest, no watchdog, nothing counted: from power-on
    KEPT = "kept"  # at rest, but in use until its master vanished: its values stay
    ADOPTED = "adopted"  # at work when this program first met it, and heard all the time: goes on
    AT_WORK = "at work"  # met before in this run: whether it may go on is for the orders to say


@dataclass(slots=True)
class _Sighting:
    found_s: float
    first: bool
    on: bool | None = None  # at work in its first status
    used: bool = False  # the watchdog's bit, or a count, in any status since


class Arrivals:
    """Judges each module once since it was found, as soon as it has said who it is.  Pure; time comes in.

    A module tells by its watchdog's bit that its master fell silent, and keeps what it was set to until then; at
    power-on the bit is clear and the counts are zero (docs/protocol.md, Watchdog).
    """

    def __init__(self) -> None:
        self._open: dict[Address, _Sighting] = {}
        self._met: set[Address] = set()
        self._texts: list[str] = []

    def found(self, address: Address, now_s: float) -> None:
        """The module answers, for the first time or again."""
        self._open[address] = _Sighting(now_s, address not in self._met)

    def lost(self, address: Address) -> None:
        """The module no longer answers."""
        self._open.pop(address, None)

    def waiting(self, address: Address) -> bool:
        """True while it is not settled what this module is: nothing may be told to it by itself until then."""
        return address in self._open

    def status(
        self, address: Address, now_s: float, *, on: bool, watchdog: bool, counted: bool, fit: bool
    ) -> Arrival | None:
        """A status has come.  `counted`: it shows counts of use; `fit`: it has said who it is and may be worked with.

        Returns what the module is, once; None before and afterwards, and for a module that can't be worked with.
        """
        sighting = self._open.get(address)
        if sighting is None:
            return None
        sighting.on = on if sighting.on is None else sighting.on
        sighting.used = sighting.used or watchdog or counted
        if not fit:
            if now_s - sighting.found_s >= DECIDE_WITHIN_S:
                del self._open[address]
            return None
        del self._open[address]
        self._met.add(address)
        if on:
            heard_all_the_time = sighting.on and not watchdog
            return Arrival.ADOPTED if sighting.first and heard_all_the_time else Arrival.AT_WORK
        return Arrival.KEPT if sighting.used else Arrival.FRESH

    def tell(self, text: str) -> None:
        """Something to say of a module that was found; said with that of the others."""
        self._texts.append(text)

    def poll(self, now_s: float) -> list[str]:
        """One notice of all that was found, once nothing is open any more."""
        for address, sighting in list(self._open.items()):
            if now_s - sighting.found_s >= 2 * DECIDE_WITHIN_S:  # it answers, but never with its status
                del self._open[address]
        if self._open or not self._texts:
            return []
        texts, self._texts = self._texts, []
        return ["; ".join(texts)]
