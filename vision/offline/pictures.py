"""Pictures on disk: which files of a folder are pictures, their order, reading one without trusting it, writing it."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.frames import Picture, SourceError
from vision.offline.reader import PICTURE_SUFFIXES
from vision.opencv import cv2

_ORIENTATION = 0x0112  # tag of Exif 2.3, 4.6.4: where the first row and column lie, 1 to 8
_DEPTHS = (np.uint8, np.uint16)
_CHANNELS = (1, 3, 4)
_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 100, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
_ENCODING = {
    ".png": [cv2.IMWRITE_PNG_COMPRESSION, 2],  # lossless at any level; higher ones cost much time for few bytes
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".webp": [cv2.IMWRITE_WEBP_QUALITY, 101],  # above 100: lossless
    ".jp2": [cv2.IMWRITE_JPEG2000_COMPRESSION_X1000, 1000],  # lossless
}
# OpenCV writes these pixels into these formats all the same, and leaves out what does not fit without a word.
_CANNOT_HOLD: dict[str, Callable[[NDArray[Any]], bool]] = {
    kind: lambda pixels: pixels.dtype != np.uint8 or pixels.shape[2:] == (4,) for kind in (".jpg", ".jpeg")
} | {kind: lambda pixels: pixels.dtype != np.uint8 for kind in (".bmp", ".webp")}


class BrokenPictureError(Exception):
    """A file with a picture's name that holds no whole picture.  The text says why."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture twice, turned the same way up: as the enhanced view takes it, and as its file holds it."""

    image: Picture  # (H, W, 3) uint8 BGR
    stored: NDArray[Any]  # (H, W) grey, (H, W, 3) BGR or (H, W, 4) BGRA; uint8 or uint16
    data: bytes  # the file itself
    loss: str = ""  # what `stored` lacks of the file; empty: nothing

    def with_image(self, image: Picture) -> NDArray[Any]:
        """The change from `self.image` to `image`, (H, W, 3) uint8, made to `stored`, whose kind stays.

        Grey stays grey, for the enhanced view changes B, G and R by the same step; alpha and the finer steps of 16 bits
        are the file's own.
        """
        if self.stored.dtype == np.uint16:
            change = (image.astype(np.int32) - self.image) * 257  # full scale to full scale
            before = np.dstack([self.stored] * 3) if self.stored.ndim == 2 else self.stored[..., :3]
            image = np.clip(before + change, 0, 65535).astype(np.uint16)  # type: ignore[assignment]  # the name alone
        if self.stored.ndim == 2:
            return np.ascontiguousarray(image[..., 0])
        return np.dstack([image, self.stored[..., 3]]) if self.stored.shape[2] == 4 else image


def encode_picture(suffix: str, pixels: NDArray[Any]) -> tuple[bytes, str, str]:
    """(content, suffix, loss): `pixels` in the format of `suffix` where it can hold them, else as PNG, whose suffix is
    then added; and what the format could not keep ("": nothing).  Raises `OSError` when no encoder works.
    """
    kind = suffix.lower()
    if kind not in _CANNOT_HOLD or not _CANNOT_HOLD[kind](pixels):
        try:
            done, data = cv2.imencode(kind, pixels, _ENCODING.get(kind, []))
        except cv2.error:
            done, data = False, np.zeros(0, np.uint8)
        if done:
            again = kind in (".jpg", ".jpeg")
            return data.tobytes(), suffix, "is JPEG again, of quality 100: off by a few grey levels" if again else ""
    done, data = cv2.imencode(".png", pixels, _ENCODING[".png"])
    if not done:
        raise OSError(f"a picture of {pixels.shape[1]}x{pixels.shape[0]} cannot be encoded as PNG")
    return data.tobytes(), f"{suffix}.png", f"is written as PNG: {kind[1:].upper()} cannot hold it"


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
    """(H, W, 3) uint8 BGR, contiguous, turned as its EXIF says.  Raises `BrokenPictureError`."""
    return _as_colour(path, _read_whole(path), cv2.IMREAD_COLOR)


def read_stored_picture(path: Path) -> StoredPicture:
    """The picture with the depth and the channels of its file, turned as its EXIF says.  Raises as `read_picture`."""
    data = _read_whole(path)
    # Both are turned here and by one reading of the EXIF: OpenCV never turns what it decodes unchanged.
    image = _as_colour(path, data, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    try:
        stored, kinds, facts = cv2.imdecodeWithMetadata(np.frombuffer(data, np.uint8), flags=cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise BrokenPictureError(f"cannot be decoded: {error.err}") from error
    if stored is None:
        raise BrokenPictureError(f"is no {path.suffix[1:].upper()} picture that can be decoded")
    exif = [fact for kind, fact in zip(kinds, facts, strict=True) if kind == cv2.IMAGE_METADATA_EXIF]
    turn = _orientation(np.asarray(exif[0], np.uint8).tobytes()) if exif else 1
    image, channels = _turned(image, turn), 1 if stored.ndim == 2 else stored.shape[2]
    if stored.dtype not in _DEPTHS or channels not in _CHANNELS:
        return StoredPicture(image, image, data, f"had {channels} channels of {stored.dtype}, now 8-bit colour")
    stored = _turned(np.asarray(stored), turn)
    if stored.shape[:2] != image.shape[:2]:
        raise BrokenPictureError(
            f"decodes to two sizes: {image.shape[1]}x{image.shape[0]} and {stored.shape[1]}x{stored.shape[0]}"
        )
    return StoredPicture(image, stored, data)


def _read_whole(path: Path) -> bytes:
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
    return data


def _as_colour(path: Path, data: bytes, flags: int) -> Picture:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise BrokenPictureError(f"cannot be decoded: {error.err}") from error
    if image is None:
        raise BrokenPictureError(f"is no {path.suffix[1:].upper()} picture that can be decoded")
    return np.ascontiguousarray(image, dtype=np.uint8)


def _orientation(exif: bytes) -> int:
    """1 to 8; 1 (upright) when it is not said, or the EXIF is damaged."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, directory)
        for index in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, directory + 2 + 12 * index)
            if tag == _ORIENTATION:
                return value
    except struct.error:
        return 1
    return 1


def _turned(image: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Upright and contiguous.  5 to 8 are 4 ways to lie on the side: height and width change places."""
    if orientation in (5, 6, 7, 8):
        image = image.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        image = image[:, ::-1]
    if orientation in (3, 4, 7, 8):
        image = image[::-1]
    return np.ascontiguousarray(image)


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", name.casefold())
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts if part] + [(-1, 0, name)]
