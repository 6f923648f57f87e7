"""Whether this machine has a screen to open a window on.  Asked before Qt is, which would abort the process."""

from __future__ import annotations

import os
import sys

NO_SCREEN = (
    "no screen found: neither DISPLAY nor WAYLAND_DISPLAY is set. Start from a desktop session, or set"
    " QT_QPA_PLATFORM=offscreen to run without one (then --seconds, --screenshot and --report show the result)"
)


def has_person() -> bool:
    """True where somebody may sit before the screen and answer: not on a platform that draws nowhere."""
    return has_display() and os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] not in ("offscreen", "minimal")


def has_display() -> bool:
    """True when Qt has a platform to open on: named by the environment, or, but for Linux, by the system itself."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
