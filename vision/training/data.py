"""The training data: what the manifest lists, by split, and the pictures themselves with their field of view."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.field import NothingToJudgeError, find_field, to_luma
from vision.frames import Picture
from vision.opencv import cv2

COLUMNS = ("path", "group", "region", "quality", "split", "licence")
CLIP_STEP = 5  # clips run at 2 frames/s: every fifth frame is another view of the scene
NOT_SCENES = ("out_of_body", "trocar", "unclear")  # rooms, plastic, and nothing to see: no tissue to learn from
GAMMA = 2.2  # of the cameras' transfer curve, taken as a power


class DataError(Exception):
    """The training data is not there or not as described.  The text says what was expected where."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the manifest."""

    path: Path
    group: str  # patient or clip
    region: str
    quality: str  # sharp, soft, blurred, smoke_haze, dark, colour_corrupt, mixed
    split: str  # train, val, ood
    licence: str

    @property
    def is_clip(self) -> bool:
        """A film, not a picture."""
        return self.path.suffix.lower() == ".avi"


@dataclass(frozen=True, slots=True)
class Manifest:
    """All items, and what identifies the list in a model card."""

    folder: Path
    items: tuple[Item, ...]
    sha256: str

    def select(self, split: str, *qualities: str) -> list[Item]:
        """Items of a split with one of these qualities (any, when none is given)."""
        return [item for item in self.items if item.split == split and (not qualities or item.quality in qualities)]

    def card(self) -> dict[str, object]:
        """What a model card says of the data."""
        fit = [item for item in self.items if item.split == "train"]
        return {
            "manifest_sha256": self.sha256,
            "fitted_on": f"split train: {len(fit)} files of {len({item.group for item in fit})} operations or clips",
            "chosen_on": "split val (other operations or clips)",
            "groups_train": sorted({item.group for item in fit}),
            "groups_val": sorted({item.group for item in self.items if item.split == "val"}),
            "licences": sorted({item.licence for item in self.items}),
        }


def read_manifest(folder: Path) -> Manifest:
    """Reads `folder`/manifest.tsv.  Raises `DataError`."""
    path = folder / "manifest.tsv"
    expected = f"a tab-separated list with the columns {', '.join(COLUMNS)} and the files that it names beside it"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror or error}); expected {expected}; say where with --data DIR"
        ) from error
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    if not rows or any(column not in rows[0] for column in COLUMNS):
        raise DataError(f"{path}: expected {expected}, found the columns {list(rows[0]) if rows else 'none'}")
    items = tuple(
        Item(folder / row["path"], row["group"], row["region"], row["quality"], row["split"], row["licence"])
        for row in rows
    )
    missing = [item.path for item in items if not item.path.is_file()]
    if missing:
        raise DataError(f"{path}: {len(missing)} of {len(items)} files are missing, first {missing[0]}")
    return Manifest(folder, items, hashlib.sha256(text.encode()).hexdigest())


def read_pictures(item: Item) -> list[Picture]:
    """The picture of an item, or every fifth frame of its clip, (H, W, 3) uint8 BGR.  Raises `DataError`."""
    if not item.is_clip:
        picture = cv2.imread(str(item.path), cv2.IMREAD_COLOR)
        if picture is None:
            raise DataError(f"{item.path}: not a picture that OpenCV can read")
        return [picture.astype(np.uint8, copy=False)]
    film = cv2.VideoCapture(str(item.path))
    pictures: list[Picture] = []
    index = 0
    while True:
        ok, picture = film.read()
        if not ok:
            break
        if index % CLIP_STEP == 0:
            pictures.append(picture.astype(np.uint8, copy=False))
        index += 1
    film.release()
    if not pictures:
        raise DataError(f"{item.path}: no frame of this film could be read")
    return pictures


@dataclass(frozen=True, slots=True)
class Scene:
    """A clear still that a virtual scope moves over."""

    linear: NDArray[np.float32]  # (H, W) luma or (H, W, 3) BGR as light, 0..1: before the transfer curve
    inside: NDArray[np.uint8]  # (H, W) 255 inside the field of view
    region: str
    name: str
    operation: str = ""  # group of the manifest: patient or clip


def to_linear(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """8-bit values of any shape -> light, 0..1.  Light adds up over an exposure; 8-bit values do not."""
    table = ((np.arange(256) / 255.0) ** GAMMA).astype(np.float32)
    return table[picture]


def to_bytes(linear: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Light of any shape, 0..1 -> 8-bit values, saturating as a sensor does."""
    return np.rint(np.clip(linear, 0.0, 1.0) ** (1.0 / GAMMA) * 255.0).astype(np.uint8)


def read_scenes(items: list[Item], colour: bool = False) -> list[Scene]:
    """Stills as scenes, text and surround masked out; those with nothing to see are left out.

    Luma unless `colour`, which takes three times the memory (11 MB for 1280x720).
    """
    scenes: list[Scene] = []
    for item in items:
        for index, picture in enumerate(read_pictures(item)):
            luma = to_luma(picture)
            try:
                field = find_field(luma)
            except NothingToJudgeError:
                continue
            light = to_linear(picture if colour else luma)
            name = f"{item.path.stem}:{index}"
            scenes.append(Scene(light, field_mask(luma, field.mask), item.region, name, item.group))
    return scenes


def field_mask(luma: NDArray[np.uint8], reduced: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Full-size mask of the field of view: its largest part, filled, without the overlay text in the corners."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(reduced.astype(np.uint8), connectivity=4)
    if count > 1:
        reduced = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    closed = cv2.morphologyEx(reduced.astype(np.uint8) * 255, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    size = (luma.shape[1], luma.shape[0])
    return cv2.resize(closed, size, interpolation=cv2.INTER_NEAREST).astype(np.uint8, copy=False)
