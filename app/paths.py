"""Where the program's own files and the user's files lie, from a checkout and from a bundle alike."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

_APP = "limpid"


def frozen() -> bool:
    """True inside a PyInstaller bundle."""
    return bool(getattr(sys, "frozen", False))


def resources() -> Path:
    """The `resources` folder: data that came with the program, read-only."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parent.parent
    return root / "resources"


def models() -> Path:
    """The weights that came with the program."""
    return resources() / "models"


def sounds() -> Path:
    """The alarms' sounds, made by packaging/make_sounds.py."""
    return resources() / "sounds"


def presets() -> Path:
    """The presets by procedure and patient that came with the program."""
    return resources() / "presets"


def example_config() -> Path:
    """The commented configuration that shows every key with its default."""
    return resources() / "config" / "limpid.toml"


def user_config() -> Path:
    """The user's own configuration: what `main.py` starts with when none is named, written by the set-up."""
    return platformdirs.user_config_path(_APP, appauthor=False) / "limpid.toml"


def program() -> list[str]:
    """The command line that starts this program again, to be followed by a subcommand."""
    if frozen():
        return [sys.executable]
    return [sys.executable, str(Path(__file__).resolve().parent.parent / "main.py")]


def default_recording_directory() -> Path:
    """Where recordings and snapshots go unless the configuration says otherwise."""
    return platformdirs.user_data_path(_APP, appauthor=False) / "recordings"


def appearance_file() -> Path:
    """Where the language, colours and unit that were last chosen at the screen are kept."""
    return platformdirs.user_config_path(_APP, appauthor=False) / "appearance.json"


def default_log_directory() -> Path:
    """Where log files go unless the configuration says otherwise."""
    return platformdirs.user_log_path(_APP, appauthor=False)


def access_file() -> Path:
    """Where the hashes of the codes for service and administration are kept, for this user."""
    return platformdirs.user_data_path(_APP, appauthor=False) / "access" / "codes.json"
