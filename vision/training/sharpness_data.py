"""What the sharpness net is fitted on and judged by: recorded frames, views over stills with made blur, the phantom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from vision.field import NothingToJudgeError, cut_crops, find_field, to_luma
from vision.opencv import cv2
from vision.sources.phantom.scene import PhantomCamera
from vision.sources.phantom.state import SceneState
from vision.training.blur import choose_pose, defocus, expose, hand_path, look, record, straight_path
from vision.training.data import Item, Manifest, Scene, read_pictures, read_scenes
from vision.training.metrics import laplacian_variance

VIEW = 448  # pixels a side of a synthetic view; crops are cut from it as from a frame
ORIGINS = ("real", "made", "phantom")  # a frame as recorded, a view over a still, a frame of the tower's phantom
CLEAR_BELOW_PX = 1.5  # movement during the exposure that still counts as clear
LONGEST_PX = 30.0
PHANTOM_SEEDS = {"train": range(100, 108), "val": range(200, 203)}  # the tower shows seed 0 unless told otherwise
PHANTOM_VIEWS = 14  # clear ones a seed, and as many blurred
REAL_VIEWS = 8  # further views of each real blurred frame, turned and scaled: they are few


@dataclass(frozen=True, slots=True)
class Recipe:
    """Limits that synthetic views are drawn from."""

    shortest_px: float  # of what is called blurred; between CLEAR_BELOW_PX and this nothing is taught
    scales: tuple[float, float]  # scene pixels a pixel of the view: below 1 enlarges, which is softer
    noise: tuple[float, float]  # 8-bit steps at mid grey
    quality: tuple[int, int]  # JPEG
    light: tuple[float, float]  # share of the still's
    treated: float  # share of the views with smoke, and of those sharpened as cameras do


# `val` is judged on what a usual camera delivers.  Fitting goes further on every side: noise, smoke, compression and
# dim light are not blur, and a camera's own sharpening is no proof of a steady hand.
RECIPES = {
    "val": Recipe(4.0, (0.9, 1.3), (0.3, 3.0), (70, 97), (0.6, 1.15), 0.0),
    "train": Recipe(3.0, (0.85, 1.4), (0.3, 8.0), (50, 97), (0.25, 1.15), 0.3),
}


@dataclass(slots=True)
class Bags:
    """Frames as crops (N, 6, 128, 128) uint8, whether each is clear, and its origin, one of ORIGINS."""

    crops: NDArray[np.uint8]
    clear: NDArray[np.bool_]
    origin: NDArray[np.str_]


def bag_of(luma: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Crops of a frame as the running tower cuts them; None when there is nothing to judge."""
    try:
        return cut_crops(luma, find_field(luma))
    except NothingToJudgeError:
        return None


def synthetic_view(rng: np.random.Generator, scene: Scene, clear: bool, recipe: Recipe) -> NDArray[np.uint8]:
    """A view of a scene, sharp or blurred by shake, defocus or both, as a camera and a recorder would deliver it."""
    side = min(VIEW, int(0.9 * min(scene.linear.shape)))
    pose = choose_pose(rng, scene, side, recipe.scales)
    kind = rng.random()
    if clear:
        light = look(scene.linear, pose, side)
        if rng.random() < 0.4:
            light = expose(scene.linear, pose, hand_path(rng, rng.uniform(0.3, CLEAR_BELOW_PX)), 0.0, side)
    elif kind < 0.25:
        light = defocus(look(scene.linear, pose, side), float(rng.uniform(0.55 * recipe.shortest_px, 6.0)))
    else:
        # Even in the logarithm: 4 px are as often as 8 and as 16.
        length = float(recipe.shortest_px * (LONGEST_PX / recipe.shortest_px) ** rng.random())
        path = straight_path(length, rng.uniform(0, 2 * np.pi)) if kind < 0.6 else hand_path(rng, 1.5 * length)
        light = expose(scene.linear, pose, path, float(rng.normal(0.0, 0.01)), side)
        if kind > 0.9:
            light = defocus(light, float(rng.uniform(0.8, 2.5)))
    return deliver(rng, light, recipe)


def deliver(rng: np.random.Generator, light: NDArray[np.float32], recipe: Recipe) -> NDArray[np.uint8]:
    """Smoke, the camera's sharpening, brightness, noise and JPEG, (H, W) linear light -> (H, W) 8-bit luma."""
    if rng.random() < recipe.treated:
        smoke, dense = np.float32(rng.uniform(0.1, 0.5)), np.float32(rng.uniform(0.05, 0.5))
        light = (light + (smoke - light) * dense).astype(np.float32, copy=False)
    if rng.random() < recipe.treated:
        soft = cv2.GaussianBlur(light, (0, 0), float(rng.uniform(0.8, 1.8)))
        light = (light + (light - soft) * np.float32(rng.uniform(0.2, 1.2))).astype(np.float32, copy=False)
    brightness, noise = (float(low * (high / low) ** rng.random()) for low, high in (recipe.light, recipe.noise))
    quality = int(rng.integers(*recipe.quality)) if rng.random() < 0.6 else None
    return record(rng, np.clip(light * np.float32(brightness), 0, 1).astype(np.float32), noise, quality)


def make_bags(manifest: Manifest, split: str, seed: int, views: int) -> Bags:
    """Bags of a split: its real clear and blurred frames, and `views` clear and as many blurred ones of each still."""
    rng, recipe = np.random.default_rng(seed), RECIPES[split]
    crops: list[NDArray[np.uint8]] = []
    clear: list[bool] = []
    origin: list[str] = []

    def add(luma: NDArray[np.uint8], is_clear: bool, of: str) -> None:
        bag = bag_of(luma)
        if bag is not None:
            crops.append(bag)
            clear.append(is_clear)
            origin.append(of)

    for item in manifest.select(split, "sharp", "blurred"):
        for picture in read_pictures(item):
            add(to_luma(picture), item.quality == "sharp", "real")
    if split == "train":
        for scene in read_scenes(manifest.select(split, "blurred")):
            for _ in range(REAL_VIEWS):
                side = min(VIEW, int(0.9 * min(scene.linear.shape)))
                light = look(scene.linear, choose_pose(rng, scene, side, (0.7, 1.0)), side)
                add(deliver(rng, light, recipe), False, "real")
    for luma, is_clear in phantom_views(rng, PHANTOM_SEEDS[split]):
        add(luma, is_clear, "phantom")
    for scene in tqdm(clear_scenes(manifest, split), desc=f"views {split}", mininterval=5.0):
        for _ in range(views):
            for is_clear in (True, False):
                add(synthetic_view(rng, scene, is_clear, recipe), is_clear, "made")
    return Bags(np.stack(crops), np.array(clear), np.array(origin))


def clear_scenes(manifest: Manifest, split: str) -> list[Scene]:
    """The stills of a split that were called sharp; to fit on, also the sharper half of each clip's frames."""
    scenes = read_scenes(manifest.select(split, "sharp"))
    if split == "train":
        for item in manifest.select(split, "mixed"):
            scenes += sharper_half(item)
    return scenes


def sharper_half(item: Item) -> list[Scene]:
    """Clips mix clear, soft and smoky frames.  What is left of them holds all the detail that their camera draws."""
    scenes = read_scenes([item])
    worth = [laplacian_variance((scene.linear**0.4545 * 255.0).astype(np.uint8)[None]) for scene in scenes]
    middle = float(np.median(worth)) if worth else 0.0
    return [scene for scene, value in zip(scenes, worth, strict=True) if value >= middle]


def phantom_views(rng: np.random.Generator, seeds: Iterable[int]) -> Iterator[tuple[NDArray[np.uint8], bool]]:
    """Luma of phantom frames in every light, gain and room, and whether each is clear; as many shaken as clear."""
    for seed in seeds:
        camera = PhantomCamera(1280, 720, 30.0, seed)
        indices = np.arange(600)
        shaken = np.array([camera.motion.shaken(int(index)) for index in indices])
        for is_clear in (True, False):
            for index in rng.choice(indices[shaken != is_clear], PHANTOM_VIEWS, replace=False):
                light, room, gain_db = rng.uniform(0.15, 1.0), rng.uniform(0.0, 1.0), rng.uniform(0.0, 12.0)
                state = SceneState(float(light), float(room), gain_db=float(gain_db))
                yield to_luma(camera.expose(int(index), state).image), is_clear
