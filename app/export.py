"""Logs and bus statistics as one zip in a folder that a person chose; frames of the bus as a text file."""

from __future__ import annotations

import json
import os
import platform
import string
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from app import __version__
from app.case.files import free_name, stamp, write_whole
from ui.serviceview import FrameRow
from ui.viewstate import BusView

_LOGS = ("limpid.log*", "crash.log*", "alarms*.jsonl")
_MEDIA = ("/media", "/run/media")
MOST_PLACES = 4


class ExportError(Exception):
    """Nothing was written.  The text says what, why, and what to do."""


def places(own: Path, media: Iterable[str] = _MEDIA) -> tuple[str, ...]:
    """Folders to export to: this tower's own first, then what is plugged in, four in all."""
    found = [str(own)]
    if sys.platform == "win32":
        drives = (Path(f"{letter}:\\") for letter in string.ascii_uppercase[3:])
        found += [str(drive) for drive in drives if drive.is_dir()]
    else:
        for root in map(Path, media):
            # /media/STICK or /media/USER/STICK; a folder that nothing is mounted on is none.
            mounts = [*root.glob("*"), *root.glob("*/*")]
            found += sorted(str(mount) for mount in mounts if os.path.ismount(mount) and os.access(mount, os.W_OK))
    return tuple(found[:MOST_PLACES])


def export_logs(folder: Path, logs: Path, bus: BusView, now: datetime) -> Path:
    """Pack the logs in `logs`, and the statistics of bus and modules, into a new zip in `folder`; returns it.

    Raises `ExportError`.  The file is there whole or not at all.
    """
    about = {
        "program": f"limpid {__version__}",
        "made": now.astimezone(UTC).isoformat(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    packed = BytesIO()
    skipped: list[str] = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for pattern in _LOGS for path in logs.glob(pattern)):
            try:
                archive.writestr(path.name, path.read_bytes())
            except OSError as error:
                skipped.append(f"{path.name}: {error.strerror or error}")
        archive.writestr("bus.json", json.dumps(asdict(bus), indent=1))
        archive.writestr("about.json", json.dumps(about | {"not_readable": skipped}, indent=1))
    return _write(folder, f"limpid-logs-{stamp(now)}.zip", packed.getvalue())


def save_frames(folder: Path, rows: Sequence[FrameRow], now: datetime) -> Path:
    """Write frames, one a line with tabs between, to a new text file in `folder`; returns it.

    Raises `ExportError`.
    """
    lines = ["time\tdirection\tmodule\tcommand\tlength\tcrc\thex"]
    for row in rows:
        way, crc = "sent" if row.sent else "received", "good" if row.good else "bad"
        lines.append(f"{row.time}\t{way}\t{row.module}\t{row.command}\t{row.length}\t{crc}\t{row.hex}")
    return _write(folder, f"limpid-frames-{stamp(now)}.tsv", ("\n".join(lines) + "\n").encode())


def _write(folder: Path, name: str, data: bytes) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = free_name(folder / name)
        write_whole(path, data)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(f"Nothing was written to {folder}: {why}. Check the medium, or take another place.") from None
    return path
