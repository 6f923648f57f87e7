"""The program's own weights, damaged as files are."""

from __future__ import annotations

import shutil
from pathlib import Path

from app import paths


def damaged_weights(folder: Path, net: str, damage: str) -> Path:
    """A copy of all weights and of the library in `folder`, one net "missing" or "altered"; returns that one's file."""
    shutil.copytree(paths.models(), folder / "models")
    shutil.copytree(paths.models().parent / "library", folder / "library")
    weights = folder / "models" / f"{net}.safetensors"
    if damage == "missing":
        weights.unlink()
    else:
        data = bytearray(weights.read_bytes())
        data[len(data) // 2] ^= 1
        weights.write_bytes(data)
    return weights
