"""When this process was started, so that the wait for the first picture counts the loading of all libraries."""

from __future__ import annotations

import os
import time
from pathlib import Path

_LOADED_S = time.monotonic()


def process_started_s() -> float:
    """Monotonic time of this process's start; where the system does not tell, of this file's loading."""
    try:
        # proc(5): field 22, clock ticks after boot; the name in field 2 may hold blanks and brackets.
        after_name = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        since_boot_s = int(after_name[19]) / os.sysconf("SC_CLK_TCK")
        return time.monotonic() - (time.clock_gettime(time.CLOCK_BOOTTIME) - since_boot_s)
    except (OSError, AttributeError, IndexError, ValueError):
        return _LOADED_S
