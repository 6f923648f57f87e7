"""Names of the keys that a foot switch or a keyboard may send for the picture, and what is wrong with others."""

from __future__ import annotations

import difflib
import string
from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {"freeze": "F", "snapshot": "S", "record": "R", "enhanced": "E"}  # with their usual keys

_MEDIA = (
    *("MediaPlay", "MediaStop", "MediaPrevious", "MediaNext", "MediaRecord", "MediaPause", "MediaTogglePlayPause"),
    *("VolumeDown", "VolumeMute", "VolumeUp", "MicMute", "TouchpadToggle", "TouchpadOn", "TouchpadOff"),
    *("Tools", "HomePage", "Favorites", "Search", "Calculator"),
    *(f"Launch{number}" for number in range(10)),
    *(f"Launch{letter}" for letter in "ABCDEFGH"),
)
# As Qt names them, so that the screen needs no table of its own.
NAMES: tuple[str, ...] = (
    *string.ascii_uppercase,
    *(f"F{number}" for number in range(1, 25)),
    *("Space", "Tab", "Insert", "Home", "End", "PageUp", "PageDown", "Left", "Right", "Pause", "ScrollLock", "Menu"),
    *_MEDIA,
)
# What the pads take for themselves while a value is typed.
_OF_THE_PADS = (*string.digits, "Return", "Enter", "Escape", "Backspace", "Up", "Down", "Period", "Comma")


def key_problem(name: str) -> str:
    """What is wrong with `name` as a key of the configuration; empty when nothing is.  "" switches an action's key
    off."""
    if not name or name in NAMES:
        return ""
    if name in _OF_THE_PADS:
        return f'"{name}" is a key of the pads on which values are typed; take another'
    near = {known.lower(): known for known in NAMES}
    if found := difflib.get_close_matches(name.lower(), near, n=1, cutoff=0.7):
        return f'no key is called "{name}"; did you mean "{near[found[0]]}"?'
    return f'no key is called "{name}"; there are letters, F1 to F24, MediaPlay and others (docs/configuration.md)'


def conflicts(keys: Mapping[str, str]) -> dict[str, str]:
    """Action -> what is wrong, for each action whose key an earlier one has already."""
    taken: dict[str, str] = {}
    found: dict[str, str] = {}
    for action, name in keys.items():
        if name and name in taken:
            found[action] = f'"{name}" is the key of {taken[name]} already; give each its own'
        else:
            taken[name] = action
    return found
