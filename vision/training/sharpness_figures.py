"""Measures the sharpness net on val: by kind and size of blur, by camera, by gain and light; `python -m` prints it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from vision import runtime
from vision.field import to_luma
from vision.models.sharpness import SharpnessNet
from vision.settings import WeightsError
from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.state import SceneState
from vision.training.blur import Pose, choose_pose, defocus, expose, hand_path, look, straight_path
from vision.training.data import DataError, Manifest, Scene, read_manifest, read_pictures, read_scenes
from vision.training.metrics import auc
from vision.training.sharpness_data import PHANTOM_SEEDS, RECIPES, VIEW, bag_of, deliver, sharper_half

SHAKES_PX = (3.0, 4.0, 6.0, 8.0, 12.0, 20.0)
RADII_PX = (1.5, 2.0, 3.0, 4.0, 6.0)
GAINS_DB = (0.0, 10.0)
LIGHTS = (1.0, 0.25)
CAMERAS = {"laparoscopy": "case", "larynx": "larynx", "hysterectomy": "hysterectomy"}  # name -> prefix of its groups
POOLED_FROM_PX = 4.0  # shakes of this length, and discs of this diameter, count as blurred in the area under the curve


@dataclass(frozen=True, slots=True)
class Shown:
    """One frame that the net judges."""

    camera: str  # of CAMERAS, or "phantom"
    kind: (
        str  # recorded | view (both clear), soft, blurred (recorded), straight | curved | defocus, or a phantom's state
    )
    size_px: float  # length of the shake, radius of the defocus; 0 for clear
    bag: NDArray[np.uint8]  # (6, 128, 128)


def show_val(manifest: Manifest, seed: int = 77) -> list[Shown]:
    """Every frame that is judged; the same for the same seed."""
    shown: list[Shown] = []

    def add(camera: str, kind: str, size_px: float, luma: NDArray[np.uint8]) -> None:
        bag = bag_of(luma)
        if bag is not None:
            shown.append(Shown(camera, kind, size_px, bag))

    rng = np.random.default_rng(seed)
    for camera, prefix in CAMERAS.items():
        items = [item for item in manifest.select("val") if item.group.startswith(prefix)]
        scenes: list[Scene] = []
        for item in items:
            kind = {"sharp": "recorded", "mixed": "mixed"}.get(item.quality, item.quality)
            for picture in read_pictures(item):
                add(camera, kind, 0.0, to_luma(picture))
            if item.quality == "sharp":
                scenes += read_scenes([item])
            elif item.quality == "mixed":
                scenes += sharper_half(item)
        for scene in scenes:
            for kind, size_px, luma in _views(rng, scene):
                add(camera, kind, size_px, luma)
    for kind, size_px, luma in _phantom(rng):
        add("phantom", kind, size_px, luma)
    return shown


def _views(rng: np.random.Generator, scene: Scene) -> Iterator[tuple[str, float, NDArray[np.uint8]]]:
    """One clear view of a scene, and the same view with every blur; each recorded anew."""
    side = min(VIEW, int(0.9 * min(scene.linear.shape)))
    pose = choose_pose(rng, scene, side, RECIPES["val"].scales)
    for kind, size_px, light in _blurs(rng, scene, pose, side):
        yield kind, size_px, deliver(rng, light, RECIPES["val"])


def _blurs(
    rng: np.random.Generator, scene: Scene, pose: Pose, side: int
) -> Iterator[tuple[str, float, NDArray[np.float32]]]:
    sharp = look(scene.linear, pose, side)
    yield "view", 0.0, sharp
    for length in SHAKES_PX:
        straight = straight_path(length, float(rng.uniform(0.0, 2.0 * np.pi)))
        yield "straight", length, expose(scene.linear, pose, straight, 0.0, side)
        yield "curved", length, expose(scene.linear, pose, hand_path(rng, 1.5 * length), 0.0, side)
    for radius in RADII_PX:
        yield "defocus", radius, defocus(sharp, radius)


def _phantom(rng: np.random.Generator) -> Iterator[tuple[str, float, NDArray[np.uint8]]]:
    for seed in PHANTOM_SEEDS["val"]:
        camera = PhantomCamera(1280, 720, 30.0, seed)
        for gain_db in GAINS_DB:
            for light in LIGHTS:
                for index in rng.choice(600, 16, replace=False):
                    exposure = camera.expose(int(index), SceneState(light, 1.0, gain_db=gain_db))
                    name = f"gain {gain_db:.0f} dB, light {light:.0%}"
                    yield name, float(exposure.blurred) * exposure.shake_px, to_luma(exposure.image)


@torch.no_grad()
def probabilities_of(net: SharpnessNet, bags: Sequence[NDArray[np.uint8]]) -> NDArray[np.float64]:
    """P(clear) of bags (6, 128, 128) uint8."""
    parts = [
        torch.sigmoid(net(torch.from_numpy(np.stack(bags[start : start + 16])).float() / 255.0)).numpy()
        for start in range(0, len(bags), 16)
    ]
    return np.concatenate(parts).astype(np.float64)


def as_table(shown: Sequence[Shown], p: NDArray[np.float64], threshold: float = 0.5) -> str:
    """Shares and areas as Markdown tables.  `p`: P(clear) of each of `shown`."""
    camera = np.array([one.camera for one in shown])
    kind = np.array([one.kind for one in shown])
    size = np.array([one.size_px for one in shown])
    lines = ["| camera | frames | count | called clear |", "| --- | --- | ---: | ---: |"]
    for name in CAMERAS:
        for state in ("recorded", "view", "mixed", "soft", "smoke_haze", "blurred"):
            of = (camera == name) & (kind == state)
            if of.any():
                lines.append(f"| {name} | {state} | {of.sum()} | {np.mean(p[of] > threshold):.2f} |")
    lines += ["", "| camera | blurred | found at each size | AUC against clear views |", "| --- | --- | --- | ---: |"]
    for name in CAMERAS:
        clear = p[(camera == name) & (kind == "view")]
        for blur, sizes in (("straight", SHAKES_PX), ("curved", SHAKES_PX), ("defocus", RADII_PX)):
            of = (camera == name) & (kind == blur)
            found = [f"{value:g} px {np.mean(p[of & (size == value)] <= threshold):.2f}" for value in sizes]
            pooled = of & (size >= (POOLED_FROM_PX / 2.0 if blur == "defocus" else POOLED_FROM_PX))
            area = auc(clear.tolist(), p[pooled].tolist())
            lines.append(f"| {name} | {blur} | {', '.join(found)} | {area:.3f} |")
    lines += ["", "| phantom | clear called clear | shaken found |", "| --- | ---: | ---: |"]
    for state in sorted(set(kind[camera == "phantom"])):
        of = (camera == "phantom") & (kind == state)
        clear, shaken = p[of & (size == 0.0)], p[of & (size > 0.0)]
        lines.append(
            f"| {state} | {np.mean(clear > threshold):.2f} ({clear.size}) | "
            f"{np.mean(shaken <= threshold) if shaken.size else float('nan'):.2f} ({shaken.size}) |"
        )
    return "\n".join(lines)


def summary(shown: Sequence[Shown], p: NDArray[np.float64]) -> dict[str, float]:
    """Areas under the ROC curve: frames as recorded, made blur, both together; and by camera."""
    camera, kind = np.array([one.camera for one in shown]), np.array([one.kind for one in shown])
    size = np.array([one.size_px for one in shown])
    extent = np.where(kind == "defocus", 2.0 * size, size)
    blur = np.isin(kind, ("straight", "curved", "defocus"))
    made = blur & (extent >= POOLED_FROM_PX)
    view, recorded, blurred = kind == "view", kind == "recorded", kind == "blurred"
    areas = {
        "auc_real": auc(p[recorded].tolist(), p[blurred].tolist()),
        "auc_made": auc(p[view].tolist(), p[made].tolist()),
        "auc_together": auc(p[view | recorded].tolist(), p[made | blurred].tolist()),
        "auc_made_from_6_px": auc(p[view].tolist(), p[blur & (extent >= 6.0)].tolist()),
    }
    for name in CAMERAS:
        of = camera == name
        areas[f"auc_{name}"] = auc(p[view & of].tolist(), p[made & of].tolist())
    return areas


def main(arguments: Sequence[str] | None = None) -> int:
    """0 well, 1 when data or weights cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m vision.training.sharpness_figures", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), metavar="DIR")
    parser.add_argument("--models", type=Path, default=Path("resources/models"), metavar="DIR")
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        net = SharpnessNet()
        runtime.fill(net, runtime.read(args.models, "sharpness")[0], args.models / "sharpness.safetensors")
        shown = show_val(read_manifest(args.data))
    except (DataError, WeightsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    p = probabilities_of(net.eval(), [one.bag for one in shown])
    print(as_table(shown, p))
    print()
    for name, value in summary(shown, p).items():
        print(f"{name:24} {value:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
