"""Weights and their cards: written, read, and refused when they are not what the program was built for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays
from torch import nn

from vision.library import Library
from vision.models.generator import Generator, Generators
from vision.models.region import RegionNet
from vision.models.sharpness import SharpnessNet
from vision.settings import WeightsError

CARD_VERSION = 1
# What each file's network is fed and gives.  A change of preprocessing or shape is a new name: old weights are refused.
CONTRACTS = {
    "sharpness": "luma crops 6x128x128 uint8/255, native resolution -> logit of clear; v2",
    "region": "BGR 3x112x112 uint8/255, middle square of the field of view -> unit vector 64; v1",
    "generator": "half-size luma, grid 4x: blurred, 4(memory-blurred), 4(deconvolved-blurred), 4 confidence = 52"
    " -> 16 and 12 gates a branch; v2",
    "blind": "luma, grid 4x: blurred, 4(memory-blurred), 4(deconvolved-blurred), confidence = 49"
    " -> 16 and 3 gates a branch; v1",
    "nafnet": "luma 1xHxW uint8/255 of one picture -> restored luma, 0..1; v1",  # peers to compare with, vision.peers
    "deblurgan-v2": "luma 1xHxW uint8/255 of one picture -> restored luma, 0..1; v1",
    "library": "unit vectors 64 of region v1, label a row, limit a region; v2",
}
REMEDY = "restore the file from the installation, or train it again: main.py train {net}"
REMEDY_LIBRARY = (
    "restore the file from the installation, or build it again: main.py library build DIR --out {folder}"
    " (main.py train region makes one as well)"
)


@dataclass(frozen=True, slots=True)
class Weights:
    """All networks of the enhanced view, ready to run, and their cards."""

    sharpness: SharpnessNet
    region: RegionNet
    generators: Generators
    library: Library
    cards: Mapping[str, Mapping[str, Any]]


def pick_device() -> torch.device:
    """Where networks run: a GPU where torch finds one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def load(models_dir: Path, library_dir: Path | None = None) -> Weights:
    """Loads and checks everything in `models_dir` and the region library (default: `models_dir`/../library).

    Raises `WeightsError`.
    """
    library_dir = models_dir.parent / "library" if library_dir is None else library_dir
    cards: dict[str, Mapping[str, Any]] = {}
    arrays: dict[str, dict[str, np.ndarray]] = {}
    for net in ("sharpness", "region", "generator", "blind"):
        arrays[net], cards[net] = read(models_dir, net)
    informed, blind = (_generator(cards[net], models_dir, net) for net in ("generator", "blind"))
    sharpness, region = SharpnessNet(), RegionNet()
    nets = {"sharpness": sharpness, "region": region, "generator": informed, "blind": blind}
    for net, module in nets.items():
        fill(module, arrays[net], models_dir / f"{net}.safetensors")
        module.eval()
    library, cards["library"] = read_library(library_dir, str(cards["region"]["sha256"]))
    return Weights(sharpness, region, Generators(informed, blind), library, cards)


def _generator(card: Mapping[str, Any], models_dir: Path, net: str) -> Generator:
    try:
        settings = card["architecture"]
        size = int(settings["features"]), int(settings["width"])
        return Generator(settings["regions"], *size, halved=net == "generator")
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(
            f"{models_dir}: a card's architecture cannot be read ({error!r}); {REMEDY.format(net=net)}"
        ) from error


def read_library(folder: Path, region_sha256: str | None = None) -> tuple[Library, dict[str, Any]]:
    """The region library of a folder and its card; with `region_sha256`, refused if built with another region network.

    Raises `WeightsError`.
    """
    found, card = read(folder, "library")
    remedy = REMEDY_LIBRARY.format(folder=folder)
    if region_sha256 is not None and card.get("region_sha256") != region_sha256:
        raise WeightsError(
            f"{folder / 'library.json'}: built with other weights of the region network: SHA-256 expected "
            f"{region_sha256}, found {card.get('region_sha256')}; {remedy}"
        )
    try:
        facts = card["architecture"]
        embeddings, labels = found["embeddings"].astype(np.float32), found["labels"].astype(np.int64)
        library = Library(tuple(facts["regions"]), embeddings, labels, tuple(float(limit) for limit in facts["limits"]))
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(
            f"{folder / 'library.json'}: the library does not fit together ({error!r}); {remedy}"
        ) from error
    return library, card


def read(folder: Path, net: str) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Arrays and card of `folder`/`net`.safetensors and .json, with hash and input contract checked."""
    path, card_path = folder / f"{net}.safetensors", folder / f"{net}.json"
    remedy = REMEDY_LIBRARY.format(folder=folder) if net == "library" else REMEDY.format(net=net)
    try:
        card = json.loads(card_path.read_text(encoding="utf-8"))
        if not isinstance(card, dict):
            raise TypeError("not an object")
    except FileNotFoundError as error:
        raise WeightsError(f"{card_path}: the model card is missing; {remedy}") from error
    except (OSError, ValueError, TypeError) as error:
        raise WeightsError(f"{card_path}: the model card cannot be read ({error}); {remedy}") from error
    for key, expected in (("card_version", CARD_VERSION), ("net", net), ("input_contract", CONTRACTS[net])):
        if card.get(key) != expected:
            raise WeightsError(f"{card_path}: {key} expected {expected!r}, found {card.get(key)!r}; {remedy}")
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise WeightsError(
            f"{path}: the weights are missing (expected SHA-256 {card.get('sha256')}); {remedy}"
        ) from error
    except OSError as error:
        raise WeightsError(f"{path}: the weights cannot be read ({error}); {remedy}") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != card.get("sha256"):
        size = f"{len(data)} bytes, {card.get('bytes')} expected"
        raise WeightsError(
            f"{path}: truncated or altered ({size}): SHA-256 expected {card.get('sha256')}, found {digest}; {remedy}"
        )
    try:
        return load_arrays(data), card
    except (SafetensorError, ValueError) as error:
        raise WeightsError(f"{path}: not a safetensors file ({error}); {remedy}") from error


def fill(module: nn.Module, arrays: Mapping[str, np.ndarray], path: Path) -> None:
    """Copies arrays into a network.  Raises `WeightsError` when names or shapes are those of another network."""
    expected = module.state_dict()
    wrong = sorted(expected.keys() ^ arrays.keys())
    wrong += [key for key in expected.keys() & arrays.keys() if tuple(expected[key].shape) != arrays[key].shape]
    if wrong:
        raise WeightsError(
            f"{path}: weights of another network or version: {len(wrong)} of {len(expected)} tensors differ "
            f"in name or shape, first {wrong[0]}; {REMEDY.format(net=path.stem)}"
        )
    module.load_state_dict({key: torch.from_numpy(np.array(value)) for key, value in arrays.items()})


def write(folder: Path, net: str, arrays: Mapping[str, np.ndarray], card: Mapping[str, Any]) -> Path:
    """Writes `net`.safetensors and its card (completed with version, contract, size and hash); returns the former."""
    folder.mkdir(parents=True, exist_ok=True)
    data = save_arrays({key: np.array(value, order="C") for key, value in arrays.items()})
    full = {
        "card_version": CARD_VERSION,
        "net": net,
        "input_contract": CONTRACTS[net],
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        **card,
    }
    path = folder / f"{net}.safetensors"
    # Card last: a break between the two leaves a hash that does not fit, which is refused at load.
    for target, content in ((path, data), (folder / f"{net}.json", json.dumps(full, indent=1).encode() + b"\n")):
        partial = target.with_name(target.name + ".part")
        try:
            partial.write_bytes(content)
            partial.replace(target)
        except OSError:
            partial.unlink(missing_ok=True)  # what is half written only fills the disk further
            raise
    return path


def arrays_of(module: nn.Module) -> dict[str, np.ndarray]:
    """State of a network as plain arrays."""
    return {key: value.detach().cpu().numpy() for key, value in module.state_dict().items()}
