"""A data folder of made pictures in the shape of the real one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

COLUMNS = ["path", "group", "region", "quality", "split", "width", "height", "frames", "source", "commit", "licence"]


def made_picture(seed, blurred=False):
    rng = np.random.default_rng(seed)
    picture = np.zeros((540, 720, 3), np.float32)
    for cell in (3, 11, 47):
        rough = rng.normal(0, 1, (540 // cell + 2, 720 // cell + 2, 3)).astype(np.float32)
        picture += cv2.resize(rough, (720, 540), interpolation=cv2.INTER_CUBIC) * 4 * cell**0.4
    picture = picture + np.array([90, 100, 150]) + rng.uniform(-25, 25, 3)
    if blurred:
        picture = cv2.blur(picture, (21, 5))
    mask = cv2.circle(np.zeros((540, 720), np.uint8), (360, 270), 265, 1, -1)
    return np.clip(picture, 25, 255).astype(np.uint8) * mask[..., None]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    lines = ["\t".join(COLUMNS)]
    seed = 0
    for split in ("train", "val"):
        for region in ("bowel", "liver"):
            for quality in ("sharp", "sharp", "blurred"):
                seed += 1
                name = f"{split}_{region}_{seed}.png"
                cv2.imwrite(str(folder / name), made_picture(seed, quality == "blurred"))
                group = "case01" if split == "train" else "case09"
                values = [name, group, region, quality, split, "720", "540", "1", "made", "0", "CC0"]
                lines.append("\t".join(values))
    (folder / "manifest.tsv").write_text("\n".join(lines) + "\n")
    return folder
