"""Asks the system to run the bus thread before all others, where the system grants that."""

from __future__ import annotations

import logging
import os
import sys

log = logging.getLogger(__name__)


def run_first() -> bool:
    """Give the calling thread the lowest real-time priority (Linux): it then waits for no other program's turn.

    The bus thread works about 1 ms in 20 and sleeps otherwise, so it takes nothing from anybody.  Needs root or a
    limit `rtprio` of 1 (docs/install.md).  False where the system does not grant it: the cycle then runs as any
    other thread does.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except OSError as error:
        log.info("the bus thread runs at ordinary priority (%s); docs/install.md tells how to grant it more", error)
        return False
    log.info("the bus thread runs at real-time priority")
    return True
