"""Pictures on disk: which files of a folder are pictures, their order, and reading one without trusting it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from vision.film_reader import PICTURE_SUFFIXES
from vision.frames import Picture, SourceError
from vision.opencv import cv2


class BrokenPictureError(Exception):
    """A file with a picture's name that holds no whole picture.  The text says why."""


def list_pictures(folder: Path) -> list[Path]:
    """The pictures of a folder and its sub-folders in name order; numbers in names count as numbers (2 before 10).

    Hidden files and folders are left out.  Raises `SourceError` when the folder is missing or holds no picture.
    """
    if not folder.is_dir():
        raise SourceError(f"folder {folder} doesn't exist; name a folder with pictures")
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in PICTURE_SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    ]
    if not found:
        raise SourceError(
            f"folder {folder} holds no pictures; {', '.join(sorted(s[1:] for s in PICTURE_SUFFIXES))} are read"
        )
    return sorted(found, key=lambda path: _natural(path.relative_to(folder).as_posix()))


def read_picture(path: Path) -> Picture:
    """(H, W, 3) uint8 BGR, contiguous.  Raises `BrokenPictureError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BrokenPictureError(f"cannot be read: {error.strerror or error}") from error
    if not data:
        raise BrokenPictureError("is empty")
    # Said here because decoders only refuse it, and older ones filled what is missing with grey.
    if data.startswith(b"\xff\xd8") and data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda"):
        raise BrokenPictureError("is cut off: a JPEG without its end")
    if data.startswith(b"\x89PNG") and b"IEND" not in data[-64:]:
        raise BrokenPictureError("is cut off: a PNG without its end")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise BrokenPictureError(f"cannot be decoded: {error.err}") from error
    if image is None:
        raise BrokenPictureError(f"is no {path.suffix[1:].upper()} picture that can be decoded")
    return np.ascontiguousarray(image, dtype=np.uint8)


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name.casefold())
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts if part] + [(-1, 0, name)]
