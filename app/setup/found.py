"""What the set-up offers: ports, cameras and folders of this machine, and what an earlier configuration says."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app import paths
from app.checks import camera_devices
from app.config import Config
from hardware.bus.port import serial_port_names
from ui.appearance import LANGUAGES
from ui.setup.view import PHANTOM, SIMULATED, Choice, Option, Options

_GB = 1_000_000_000
# Where Linux desktops put drives that are plugged in.
DRIVES = (Path("/media"), Path("/run/media"), Path("/mnt"))


def options(choice: Choice) -> Options:
    """What there is to choose, the present choice among it although it may not be plugged in."""
    return Options(
        ports=_with_present(_options(serial_port_names()), choice.port, SIMULATED),
        cameras=_with_present(_options(camera_devices()), choice.source, PHANTOM),
        folders=_with_present(_folders(), choice.directory, ""),
    )


def present_choice(config: Config | None) -> Choice:
    """What a configuration says; without one, what can be said beforehand."""
    if config is None:
        return Choice(directory=str(paths.default_recording_directory()))
    simulated = config.bus.mode == "simulated"
    return Choice(
        language=config.screen.language,
        diagonal_inch=config.screen.diagonal_inch,
        port=SIMULATED if simulated else config.bus.port,
        source=config.video.source,
        directory=str(config.recording.directory),
    )


def saved_from(path: Path) -> Choice:
    """What can still be read of a configuration that cannot be used: a start for the set-up, nothing more."""
    blank = present_choice(None)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # TOML's and the text's own errors are both ValueErrors
        return blank
    bus, screen = _table(data, "bus"), _table(data, "screen")
    language, diagonal, port = screen.get("language"), screen.get("diagonal_inch"), bus.get("port")
    source, directory = _table(data, "video").get("source"), _table(data, "recording").get("directory")
    if bus.get("mode") == "simulated":
        port = SIMULATED
    return Choice(
        language=language if language in LANGUAGES else blank.language,
        diagonal_inch=float(diagonal) if isinstance(diagonal, int | float) and 7 <= diagonal <= 110 else None,
        port=port if isinstance(port, str) else None,
        source=source if isinstance(source, str) and source.strip() else None,
        directory=directory if isinstance(directory, str) and directory.strip() else blank.directory,
    )


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _options(names: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, value, name) for value, name in names.items())


def _with_present(found: tuple[Option, ...], value: str | None, own: str) -> tuple[Option, ...]:
    if value is None or value == own or any(option.value == value for option in found):
        return found
    return (Option(value, value), *found)


def _folders() -> tuple[Option, ...]:
    """The usual folder, and one on each drive that is plugged in and may be written."""
    places = [paths.default_recording_directory()]
    for root in DRIVES:
        # /media/USER/NAME, /run/media/USER/NAME, /mnt/NAME
        drives = (*root.glob("*"), *root.glob("*/*")) if root.is_dir() else ()
        places += [drive / "limpid" for drive in sorted(drives) if drive.is_mount() and os.access(drive, os.W_OK)]
    return tuple(Option(str(place), str(place), _free(place)) for place in places)


def _free(place: Path) -> str:
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        return f"{shutil.disk_usage(place).free / _GB:.0f} GB"
    except OSError:
        return ""
