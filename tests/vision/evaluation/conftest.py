"""Pictures, weights and a small data folder for the tests of the evaluation; nothing of it is real footage."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from vision import runtime
from vision.training.data import Scene, read_manifest, read_scenes

ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / "resources" / "models"
COLUMNS = ["path", "group", "region", "quality", "split", "width", "height", "frames", "source", "commit", "licence"]
SIZE = (320, 240)


@pytest.fixture(autouse=True)
def threads():
    """The evaluation sets the process's threads to one; other tests have their own."""
    before = torch.get_num_threads(), cv2.getNumThreads()
    yield
    torch.set_num_threads(before[0])
    cv2.setNumThreads(before[1])


@pytest.fixture(scope="session")
def weights() -> runtime.Weights:
    """The committed weights."""
    return runtime.load(MODELS)


def tissue(seed: int, blurred: bool = False, size: tuple[int, int] = (640, 480)) -> np.ndarray:
    """A textured picture with vessels in a round field of view, (H, W, 3) uint8 BGR."""
    width, height = size
    rng = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for cell in (2, 5, 13, 47):
        rough = rng.normal(0, 1, (height // cell + 2, width // cell + 2, 3)).astype(np.float32)
        picture += cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC) * 4 * cell**0.4
    picture += np.array([90, 100, 150]) + rng.uniform(-25, 25, 3)
    for _ in range(40):
        points = np.cumsum(np.vstack([rng.uniform(0, width, (1, 2)), rng.normal(0, 16, (20, 2))]), axis=0)
        cv2.polylines(picture, [points.astype(np.int32)], False, (40, 40, 90), int(rng.integers(1, 4)), cv2.LINE_AA)
    if blurred:
        picture = cv2.blur(picture, (21, 5))
    field = cv2.circle(np.zeros((height, width), np.uint8), (width // 2, height // 2), round(0.49 * height), 1, -1)
    return np.clip(picture, 25, 255).astype(np.uint8) * field[..., None]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manifest and its pictures, in the shape of the real one: two regions, sharp and blurred, train and val."""
    folder = tmp_path_factory.mktemp("data")
    lines = ["\t".join(COLUMNS)]
    seed = 0
    for split, group in (("train", "case01"), ("val", "case09")):
        for region in ("bowel", "liver"):
            for quality in ("sharp", "sharp", "blurred"):
                seed += 1
                name = f"{split}_{region}_{seed}.png"
                cv2.imwrite(str(folder / name), tissue(seed, quality == "blurred"))
                lines.append("\t".join([name, group, region, quality, split, "640", "480", "1", "made", "0", "CC0"]))
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="session")
def scene(data_folder: Path) -> Scene:
    """A colour scene that sequences are shot over."""
    items = read_manifest(data_folder).select("val", "sharp")
    return read_scenes(items[:1], colour=True)[0]
