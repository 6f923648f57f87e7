"""The checks, one file per group of clauses; importing this package enters them all into the registry."""

from hardware.conformance.checks import (
    broadcasts,
    camera,
    framing,
    insufflator,
    light,
    modes,
    refusals,
    setpoints,
    status,
    watchdog,
)

__all__ = [
    "broadcasts",
    "camera",
    "framing",
    "insufflator",
    "light",
    "modes",
    "refusals",
    "setpoints",
    "status",
    "watchdog",
]
