"""Builds a region library from standard pictures in folders or a manifest, and says how well it tells them apart."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vision import runtime
from vision.field import NothingToJudgeError, cut_thumbnail, find_field, to_luma
from vision.frames import Picture, SourceError
from vision.library import LOST_SHARE, NEAREST, PER_REGION, LeftOut, Library, build, calibrate, leave_out
from vision.models.region import EMBEDDING, RegionNet
from vision.offline.pictures import BrokenPictureError, list_pictures, read_picture

MINIMUM_PICTURES = NEAREST  # of a region: fewer would win by one lucky likeness
MANIFEST = "manifest.tsv"
UNKNOWN = "unknown"  # column of what no region is near to; no region may bear this name
TITLE = "Region library: embeddings of standard pictures (no pictures), compared by cosine similarity"


class LibraryError(Exception):
    """A library cannot be built or examined.  The text says what was expected, what was found and what to do."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures as embeddings (N, 64), the region and the group (operation) of each, and what was left out."""

    embeddings: NDArray[np.float32]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    standard: NDArray[np.bool_]  # (N,) which are fit to be prototypes; the others only help to set the limits
    skipped: tuple[str, ...]  # "path: why", for people
    by_operation: bool  # False: each picture is a group of its own, for nothing tells which belong together
    source: dict[str, Any]  # for the card: where they came from


def load_net(models: Path) -> tuple[RegionNet, str]:
    """The region network of a folder of weights and their SHA-256.  Raises `WeightsError`."""
    arrays, card = runtime.read(models, "region")
    net = RegionNet()
    runtime.fill(net, arrays, models / "region.safetensors")
    return net.eval(), str(card["sha256"])


@torch.no_grad()
def embed(net: RegionNet, thumbnails: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, 112, 112, 3) uint8 BGR -> unit vectors (N, 64)."""
    net.eval()
    parts = [
        net(torch.from_numpy(np.ascontiguousarray(thumbnails[at : at + 32])).permute(0, 3, 1, 2).float() / 255.0)
        for at in range(0, len(thumbnails), 32)
    ]
    return torch.cat(parts).numpy() if parts else np.zeros((0, EMBEDDING), np.float32)


def thumbnail_of(picture: Picture) -> Picture:
    """As the running tower cuts it.  Raises `NothingToJudgeError`."""
    return cut_thumbnail(picture, find_field(to_luma(picture)))


def read_folders(net: RegionNet, folder: Path) -> Pictures:
    """One folder a region, named after it; a folder within it holds the pictures of one operation.

    Pictures that cannot be used are left out and named.  Raises `LibraryError`.
    """
    if not folder.is_dir():
        kind = "a file" if folder.exists() else "not there"
        raise LibraryError(f"{folder}: expected a folder with one folder of pictures a region, it is {kind}")
    regions = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not regions:
        raise LibraryError(
            f"{folder}: expected one folder of pictures a region, found no folder in it; "
            f"put the pictures of each region into a folder that bears the region's name"
        )
    skipped = [f"{path}: lies beside the regions' folders" for path in sorted(folder.iterdir()) if path.is_file()]
    thumbnails: list[Picture] = []
    names: list[str] = []
    groups: list[str] = []
    for region in regions:
        if region.name == UNKNOWN:
            raise LibraryError(f'{region}: a region cannot be called "{UNKNOWN}"; rename the folder')
        try:
            paths = list_pictures(region)
        except SourceError as error:
            raise LibraryError(f"{region}: a region without pictures ({error}); fill or remove the folder") from error
        for path in paths:
            try:
                thumbnails.append(thumbnail_of(read_picture(path)))
            except (BrokenPictureError, NothingToJudgeError) as error:
                skipped.append(f"{path}: {error}")
                continue
            names.append(region.name)
            inner = path.relative_to(region).parts
            groups.append(inner[0] if len(inner) > 1 else "")
    by_operation = len({group for group in groups if group}) > 1
    groups = [group or f"picture {at}" for at, group in enumerate(groups)] if by_operation else _each(names)
    source = {
        "folder": folder.resolve().name,
        "pictures": {region.name: names.count(region.name) for region in regions},
    }
    return _embedded(net, thumbnails, names, groups, skipped, by_operation, source)


def read_split(net: RegionNet, folder: Path, split: str) -> Pictures:
    """Pictures of a split of `folder`/manifest.tsv.

    Raises `LibraryError`.
    """
    # Only here: a tower builds libraries from folders and needs nothing of the training.
    from vision.training.data import DataError, read_manifest
    from vision.training.train_region import embedded, read_thumbnails

    try:
        manifest = read_manifest(folder)
        read = read_thumbnails(manifest, split)
    except DataError as error:
        raise LibraryError(str(error)) from error
    return embedded(net, read, manifest)


def _embedded(
    net: RegionNet,
    thumbnails: Sequence[Picture],
    names: Sequence[str],
    groups: Sequence[str],
    skipped: Sequence[str],
    by_operation: bool,
    source: dict[str, Any],
) -> Pictures:
    if not thumbnails:
        raise LibraryError("none of the pictures can be used:\n  " + "\n  ".join(skipped))
    vectors = embed(net, np.stack(thumbnails))
    every = np.ones(len(names), dtype=np.bool_)
    return Pictures(vectors, tuple(names), tuple(groups), every, tuple(skipped), by_operation, source)


def _each(names: Sequence[str]) -> list[str]:
    return [f"picture {at}" for at in range(len(names))]


@dataclass(frozen=True, slots=True)
class Built:
    """A new library and what it says of its own pictures when their group is left out."""

    library: Library
    left_out: list[LeftOut]
    path: Path


def build_library(
    pictures: Pictures, out: Path, region_sha256: str, command: str, per_region: int = PER_REGION
) -> Built:
    """Builds a library and writes it into `out`; what lies there is replaced only when everything is known.

    Raises `LibraryError` for regions with too few pictures, or when `out` cannot be written.
    """
    fit = np.flatnonzero(pictures.standard)
    usable = [pictures.names[at] for at in fit]
    counts = {name: usable.count(name) for name in pictures.source["pictures"]}
    few = [f"{name} has {count}" for name, count in counts.items() if count < MINIMUM_PICTURES]
    if few:
        raise LibraryError(
            f"too few pictures: {', '.join(few)}; each region needs at least {MINIMUM_PICTURES} that can be used"
            + "".join(f"\n  left out: {line}" for line in pictures.skipped)
        )
    given = (pictures.embeddings, pictures.names, pictures.groups, per_region)
    limits = calibrate(*given, pictures.standard)
    library = build(pictures.embeddings[fit], usable, per_region, limits)
    left_out = leave_out(*given, limits, pictures.standard)
    prototypes = {name: int((library.labels == at).sum()) for at, name in enumerate(library.regions)}
    card = {
        "title": TITLE,
        "architecture": {"regions": list(library.regions), "limits": list(library.limits)},
        "region_sha256": region_sha256,
        "prototypes": prototypes,
        "limits": f"similarity with the nearest prototype that {1.0 - LOST_SHARE:.0%} of a region's pictures reach, "
        + ("operation by operation left out" if pictures.by_operation else "each picture left out in turn"),
        "data": pictures.source,
        "built": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "command": command,
    }
    try:
        path = runtime.write(out, "library", {"embeddings": library.embeddings, "labels": library.labels}, card)
    except OSError as error:
        raise LibraryError(f"{out}: cannot be written ({error}); choose another folder with --out") from error
    return Built(library, left_out, path)
