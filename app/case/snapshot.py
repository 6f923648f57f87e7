"""Snapshots: the raw and the enhanced picture as PNG, with a JSON beside them that says what they are."""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import __version__
from app.case.files import CaseError, explain, free_name, make_directory, stamp, write_whole
from vision.frames import EnhancedFrame, Frame, Picture
from vision.opencv import cv2

# Level 1: 65 ms and 746 kB for a laparoscopic picture of 1280x720, against 215 ms and 640 kB at level 6 (two cores).
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 1)


class SnapshotError(CaseError):
    """The snapshot was not kept; nothing of it is left behind."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of one snapshot."""

    raw: Path
    enhanced: Path | None
    sidecar: Path

    def __str__(self) -> str:
        return f"{self.raw.name} in {self.raw.parent}"


def save_snapshot(
    directory: Path,
    raw: Frame,
    enhanced: EnhancedFrame | None,
    *,
    source: str,
    simulation: bool,
    now: datetime | None = None,
) -> Snapshot:
    """Keep `raw`, and `enhanced` when there is one, in `directory`, which is made when missing.

    `source` is the badge's name of the source; `now` is the time of the snapshot (default: this moment).  The JSON
    comes last: where it stands, the pictures it names are whole.  Raises `SnapshotError`.
    """
    taken = datetime.now(UTC) if now is None else now
    stem = f"snapshot_{stamp(taken)}" + ("_SIMULATION" if simulation else "")
    written: list[Path] = []
    target = directory
    try:
        make_directory(directory)
        target = sidecar = free_name(directory / f"{stem}.json")
        pictures = {"raw": raw.image} | ({"enhanced": enhanced.image} if enhanced is not None else {})
        paths: dict[str, Path] = {}
        for feed, image in pictures.items():
            target = paths[feed] = free_name(sidecar.with_name(f"{sidecar.stem}_{feed}.png"))
            data = _png(image, target)
            write_whole(target, data)
            written.append(target)
        target = sidecar
        facts = _facts(raw, enhanced, paths, taken, source, simulation)
        write_whole(sidecar, (json.dumps(facts, indent=2) + "\n").encode())
    except OSError as error:
        _remove(written)
        raise SnapshotError(f"Snapshot not saved: {explain(error, target)}") from error
    except SnapshotError:
        _remove(written)
        raise
    return Snapshot(paths["raw"], paths.get("enhanced"), sidecar)


def _png(image: Picture, path: Path) -> bytes:
    try:
        done, data = cv2.imencode(".png", image, _PNG)
    except cv2.error as error:
        raise SnapshotError(f"Snapshot not saved: {path.name} cannot be encoded: {error}") from error
    if not done:
        raise SnapshotError(f"Snapshot not saved: {path.name} cannot be encoded as PNG")
    return data.tobytes()


def _facts(
    raw: Frame, enhanced: EnhancedFrame | None, paths: dict[str, Path], taken: datetime, source: str, simulation: bool
) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "taken_utc": taken.astimezone(UTC).isoformat(),
        "source": source,
        "simulation": simulation,
        "program": f"limpid {__version__}",
        "raw": _picture_facts(raw, raw.image, paths["raw"]),
        "enhanced": None,
    }
    if enhanced is not None:
        facts["enhanced"] = _picture_facts(enhanced.source, enhanced.image, paths["enhanced"]) | {
            "action": str(enhanced.action),
            "reason": enhanced.reason,
            "p_clear": _number(enhanced.p_clear),
            "region": enhanced.region,
            "region_similarity": _number(enhanced.region_similarity),
            "memory_age_frames": enhanced.memory_age,
            "memory_clear": enhanced.memory_clear,
            "same_frame_as_raw": enhanced.source.id == raw.id,
        }
    return facts


def _picture_facts(frame: Frame, image: Picture, path: Path) -> dict[str, Any]:
    height, width = image.shape[:2]
    return {
        "file": path.name,
        "frame_id": frame.id,
        "captured_monotonic_s": frame.captured_s,
        "media_s": frame.media_s,
        "width": width,
        "height": height,
    }


def _number(value: float) -> float | None:
    """JSON has no NaN: an unknown number is null."""
    return round(float(value), 6) if math.isfinite(value) else None


def _remove(paths: list[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):  # the first error is the one to report
            path.unlink(missing_ok=True)
