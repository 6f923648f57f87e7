"""Who is on the bus: which modules answer, which of them can be worked with, and what their silence means.  Pure."""

from __future__ import annotations

from collections.abc import Mapping

from hardware.protocol import Identity, identity_problem
from hardware.readings import MODULES, Address
from ui.viewstate import LinkState

SEARCH_S = 1.0  # modules may take so long to be found after the start
STATUS_WITHIN_S = 1.0  # a module that answers, but never with its status, is as good as none
LINK_CONDITIONS: dict[Address, str] = {
    Address.INSUFFLATOR: "link_insufflator",
    Address.LIGHT: "link_light",
    Address.CAMERA: "link_camera",
}
WATCHDOG_CONDITIONS: dict[Address, str] = {
    Address.INSUFFLATOR: "insufflator_watchdog",
    Address.LIGHT: "light_watchdog",
    Address.CAMERA: "camera_watchdog",
}
UNFIT_CONDITION = "module_unfit"


_SIMULATOR_FIRMWARE = "SIM"  # what every simulated module's firmware begins with (docs/configuration.md, [bus])


class ModuleRoll:
    """Keeps one line for each module.  Times are monotonic seconds and come in."""

    def __init__(self) -> None:
        self._search_until_s: float | None = None
        self._links: dict[Address, LinkState] = dict.fromkeys(MODULES, LinkState.NEVER)
        self._details: dict[Address, str] = {}
        self._found_s: dict[Address, float] = {}
        self._status_s: dict[Address, float] = {}
        self._unfit: dict[Address, str] = {}
        self._identified: set[Address] = set()  # since they were last found
        self._greeted: set[Address] = set()
        self._simulated = False
        self._identities: dict[Address, Identity] = {}

    # -- to those who ask ------------------------------------------------------------------------------------------

    @property
    def links(self) -> Mapping[Address, LinkState]:
        """Link state of each module."""
        return dict(self._links)

    @property
    def details(self) -> Mapping[Address, str]:
        """What there is to say of a module, in words."""
        return dict(self._details)

    @property
    def simulated(self) -> bool:
        """True once any module of this run has said that it is a simulated one."""
        return self._simulated

    def firmware(self, address: Address) -> str:
        """What the module last said of its software; empty when it has not."""
        return self._identities[address].firmware if address in self._identities else ""

    def identity(self, address: Address) -> Identity | None:
        """What the module last said it is; None when it has not."""
        return self._identities.get(address)

    @property
    def fit_firmware(self) -> Mapping[Address, str]:
        """Firmware of each module that answers, has said who it is and may be worked with."""
        return {address: self.firmware(address) for address in self._links if self.fit(address)}

    @property
    def problems(self) -> Mapping[Address, str]:
        """Why a module that answers must not be worked with."""
        return dict(self._unfit)

    def up(self, address: Address) -> bool:
        """True while the module answers."""
        return self._links[address] is LinkState.UP

    def unfit(self, address: Address) -> str:
        """Why the module must not be worked with; empty when it may."""
        return self._unfit.get(address, "")

    def fit(self, address: Address) -> bool:
        """True once the module has said who it is, since it was found, and may be worked with."""
        return address in self._identified and not self.unfit(address)

    def greeted(self, address: Address) -> bool:
        """True once the module has reported in this run that its watchdog is at rest.

        The watchdog's bit stays set until the next order to switch (docs/protocol.md, Watchdog).  One that tripped
        before this program was there is old news: it is cleared by a greeting, and no alarm.
        """
        return address in self._greeted

    def conditions(self, now_s: float) -> frozenset[str]:
        """Conditions of the links, for the alarms."""
        if self._search_until_s is None:
            self._search_until_s = now_s + SEARCH_S
        found: set[str] = set()
        for address, state in self._links.items():
            if state is LinkState.UP:
                heard_s = max(self._found_s[address], self._status_s.get(address, self._found_s[address]))
                missing = now_s - heard_s > STATUS_WITHIN_S
            else:
                missing = state is LinkState.DOWN or now_s >= self._search_until_s
            if missing and not self.unfit(address):  # an unfit one answers, but not as this program reads it
                found.add(LINK_CONDITIONS[address])
        if self._unfit:
            found.add(UNFIT_CONDITION)
        return frozenset(found)

    def old_news(self) -> frozenset[str]:
        """Watchdog conditions that do not count yet."""
        return frozenset(name for address, name in WATCHDOG_CONDITIONS.items() if address not in self._greeted)

    # -- from the bus ----------------------------------------------------------------------------------------------

    def lost(self, address: Address, why: str) -> None:
        """The module no longer answers."""
        self._links[address] = LinkState.DOWN
        self._details[address] = why
        self._unfit.pop(address, None)  # whoever comes back is asked again
        self._identified.discard(address)

    def found(self, address: Address, now_s: float) -> None:
        """The module answers, for the first time or again."""
        self._links[address] = LinkState.UP
        self._found_s[address] = now_s
        self._details[address] = ""

    def identified(self, address: Address, identity: Identity) -> str:
        """The module has said who it is.  Returns what is wrong with that, empty when nothing."""
        problem = identity_problem(identity, address) or ""
        self._identified.add(address)
        self._simulated = self._simulated or identity.firmware.startswith(_SIMULATOR_FIRMWARE)
        self._identities[address] = identity
        self._details[address] = problem or f"{identity.firmware} · {identity.serial_number}"
        if problem:
            self._unfit[address] = problem
        else:
            self._unfit.pop(address, None)
        return problem

    def will_not(self, address: Address, why: str, *, unfit: bool = False) -> None:
        """The module refused what every module of its kind must do; `unfit`: it cannot be worked with at all."""
        self._details[address] = why
        if unfit:
            self._unfit[address] = why

    def unreadable(self, address: Address, why: str) -> None:
        """The module answers, but not in this program's words."""
        if not self.unfit(address):
            self._details[address] = (
                f"Its answers cannot be read ({why}): its software and this program's are of different versions; "
                "update the older one"
            )

    def status(self, address: Address, time_s: float, *, watchdog: bool) -> None:
        """A status has come; `watchdog`: with the watchdog's bit set."""
        self._status_s[address] = time_s
        if not watchdog:
            self._greeted.add(address)

    def give_up_greeting(self, address: Address) -> None:
        """The module will not be greeted: from now on its watchdog counts as it stands."""
        self._greeted.add(address)
