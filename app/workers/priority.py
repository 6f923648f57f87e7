"""Asks the system to run the tower before other programs, and its bus thread before all others, where it may."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

log = logging.getLogger(__name__)


AUTOGROUP = Path("/proc/self/autogroup")  # man 7 sched
NICE = -10  # halfway between an ordinary program (0) and the most urgent of them (-20)


def run_before_other_programs() -> bool:
    """Give the calling thread, and all that it starts later, a higher share of the processor (Linux).

    Real-time priority of the bus thread is not enough: it waits for the interpreter's lock while whoever holds it
    waits for other programs.  Beside eleven busy processes on two cores the raw view kept 28.9 of 30 frames/s with
    it and 10.6 without.  Where sessions are scheduled as groups, the terminal that the tower was started from goes
    along.  Needs root or a limit `nice` of -10 (docs/install.md).  False where the system refuses.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        os.setpriority(os.PRIO_PROCESS, 0, min(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
        if AUTOGROUP.exists():  # where sessions are scheduled as groups, a process's own value counts within its group
            AUTOGROUP.write_text(str(NICE))
    except OSError as error:
        log.info("the tower runs at ordinary priority (%s); docs/install.md tells how to grant it more", error)
        return False
    log.info("the tower runs before other programs (nice %d)", NICE)
    return True


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
