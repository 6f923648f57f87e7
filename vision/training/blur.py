"""Exposure-true blur from stills: a virtual scope moves over a scene while light is summed, sub-frame by sub-frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.opencv import cv2
from vision.training.data import Scene, to_bytes

Light = NDArray[np.float32]  # (H, W) or (H, W, 3), 0..1, linear
KINDS = ("straight", "curved", "defocus", "mixed", "none")

STEP_PX = 0.75  # a sub-frame for each so many pixels of movement


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the virtual scope looks: scene point in the middle of the picture, roll, scene pixels a pixel."""

    x: float
    y: float
    roll_rad: float
    scale: float
    mirrored: bool = False

    def moved(self, dx: float, dy: float, roll_rad: float = 0.0, scale: float = 1.0) -> Pose:
        """The pose after the picture's content has moved by (dx, dy) pixels of the picture, rolled and grown."""
        sx = -dx if self.mirrored else dx
        cos, sin = np.cos(self.roll_rad) * self.scale, np.sin(self.roll_rad) * self.scale
        return Pose(
            self.x - (cos * sx - sin * dy),
            self.y - (sin * sx + cos * dy),
            self.roll_rad + roll_rad,
            self.scale / scale,
            self.mirrored,
        )

    def matrix(self, width: int, height: int | None = None) -> NDArray[np.float64]:
        """Picture pixel -> scene pixel, 2x3; a square picture when no height is given."""
        cos, sin = np.cos(self.roll_rad) * self.scale, np.sin(self.roll_rad) * self.scale
        sign = -1.0 if self.mirrored else 1.0
        middle = np.array([width - 1, (width if height is None else height) - 1]) / 2.0
        linear = np.array([[cos * sign, -sin], [sin * sign, cos]])
        offset = np.array([self.x, self.y]) - linear @ middle
        return np.column_stack([linear, offset])


def look(scene: Light, pose: Pose, side: int) -> Light:
    """What the scope sees from a pose in an instant, (side, side)."""
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    view = cv2.warpAffine(scene, pose.matrix(side), (side, side), flags=flags, borderMode=cv2.BORDER_REFLECT_101)
    return np.clip(view, 0.0, 1.0).astype(np.float32, copy=False)


def straight_path(length_px: float, angle_rad: float) -> NDArray[np.float64]:
    """(N, 2) offsets in pixels along a line at constant speed, centred on their mean."""
    count = max(2, int(np.ceil(length_px / STEP_PX)) + 1)
    along = np.linspace(-0.5, 0.5, count) * length_px
    return np.column_stack([along * np.cos(angle_rad), along * np.sin(angle_rad)])


def hand_path(rng: np.random.Generator, length_px: float) -> NDArray[np.float64]:
    """(N, 2) offsets of a shaking hand: inertia, random pushes and now and then a jerk; arc length `length_px`."""
    steps = 64
    velocity = rng.normal(size=2)
    points = np.zeros((steps, 2))
    inertia = rng.uniform(0.85, 0.97)
    for index in range(1, steps):
        push = rng.normal(size=2) * (4.0 if rng.random() < 0.02 else 0.35)
        velocity = inertia * velocity + push
        points[index] = points[index - 1] + velocity
    lengths = np.linalg.norm(np.diff(points, axis=0), axis=1)
    points *= length_px / max(float(lengths.sum()), 1e-9)
    count = max(2, int(np.ceil(length_px / STEP_PX)) + 1)
    # Even in time, not in length: where the hand is slow, more light falls.
    times = np.linspace(0.0, steps - 1.0, count)
    path = np.column_stack([np.interp(times, np.arange(steps), points[:, axis]) for axis in (0, 1)])
    return path - path.mean(axis=0)


def expose(scene: Light, pose: Pose, path: NDArray[np.float64], roll_rad: float, side: int) -> Light:
    """Light summed over the exposure while the scope follows `path` and rolls by `roll_rad`, (side, side)."""
    total = np.zeros((side, side), dtype=np.float32)
    for (dx, dy), share in zip(path, np.linspace(-0.5, 0.5, len(path)), strict=True):
        total += look(scene, pose.moved(float(dx), float(dy), float(share) * roll_rad), side)
    return total / np.float32(len(path))


def defocus(light: Light, radius_px: float) -> Light:
    """Light spread over the disc of a lens out of focus, its rim antialiased."""
    reach = int(np.ceil(radius_px)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius_px + 0.5 - np.hypot(x, y), 0.0, 1.0).astype(np.float32)
    spread = cv2.filter2D(light, -1, disc / disc.sum(), borderType=cv2.BORDER_REFLECT_101)
    return spread.astype(np.float32, copy=False)


def record(rng: np.random.Generator, light: Light, noise: float, quality: int | None) -> NDArray[np.uint8]:
    """Sensor and recorder: shot and read noise of `noise` 8-bit steps in full light, then JPEG of a quality, if any.

    `light` (H, W) or (H, W, 3); the noise of each value is its own.
    """
    shot = np.sqrt(0.3 + 0.7 * light)
    picture = to_bytes(light).astype(np.float32) + rng.standard_normal(light.shape, dtype=np.float32) * shot * noise
    bytes_ = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    if quality is None:
        return bytes_
    _, packed = cv2.imencode(".jpg", bytes_, [cv2.IMWRITE_JPEG_QUALITY, quality])
    flag = cv2.IMREAD_GRAYSCALE if light.ndim == 2 else cv2.IMREAD_COLOR
    return np.asarray(cv2.imdecode(packed, flag), dtype=np.uint8)


def choose_pose(rng: np.random.Generator, scene: Scene, side: int, scales: tuple[float, float] | None = None) -> Pose:
    """A pose whose picture lies in the field of view; one in six may show its rim.

    `scales` are the limits of scene pixels a pixel of the picture; by default 0.7 (0.5 for small scenes) to 1.15.
    """
    height, width = scene.inside.shape
    low, high = ((0.7 if min(height, width) >= 480 else 0.5), 1.15) if scales is None else scales
    x, y, scale = width / 2.0, height / 2.0, low
    for attempt in range(12):
        scale = float(rng.uniform(low, high))  # scene pixels a pixel: below 1 enlarges
        scale = min(scale, 0.95 * min(height, width) / side)
        reach = scale * side / 2.0
        x = float(rng.uniform(min(reach, width / 2), max(width - reach, width / 2)))
        y = float(rng.uniform(min(reach, height / 2), max(height - reach, height / 2)))
        r = max(1, int(reach * 0.9))
        part = scene.inside[max(0, int(y) - r) : int(y) + r, max(0, int(x) - r) : int(x) + r]
        if part.size and part.mean() > (140.0 if attempt % 6 == 5 else 245.0):
            break
    roll = float(rng.integers(0, 4)) * np.pi / 2 + float(rng.normal(0.0, 0.15))
    return Pose(x, y, roll, scale, bool(rng.random() < 0.5))


def replace_part(rng: np.random.Generator, view: Light, other: Light) -> Light:
    """An instrument or fold that was there before: a random polygon of another scene's view."""
    side = view.shape[0]
    angles = np.sort(rng.uniform(0.0, 2.0 * np.pi, 7))
    radii = rng.uniform(0.08, 0.3, 7) * side
    centre = rng.uniform(0.2, 0.8, 2) * side
    points = np.column_stack([centre[0] + radii * np.cos(angles), centre[1] + radii * np.sin(angles)])
    mask = cv2.fillPoly(np.zeros((side, side), np.float32), [points.astype(np.int32)], 1.0)
    mask = cv2.GaussianBlur(mask, (0, 0), 1.5)
    return (view + (other - view) * mask).astype(np.float32)
