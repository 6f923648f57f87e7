"""A still made ready for a virtual scope: where the view lies, what is beyond the still's rim, reflections apart."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.opencv import cv2
from vision.training.blur import Light, Pose
from vision.training.data import Scene

Plane = NDArray[np.float32]  # (H, W)

MARGIN_PX = 110  # of scene kept around the view


@dataclass(frozen=True, slots=True)
class Views:
    """How views over a whole still are chosen."""

    surround_share: float = 0.65  # with the round field of view standing still; the others are zoomed into it
    rolled_rad: float = 0.15  # standard deviation of the view's roll over the still
    least_seen: float = 0.985  # of the field that shows the still itself, not its mirrored surround, before movement


VIEWS = Views()


def choose_view(rng: np.random.Generator, scene: Scene, size: tuple[int, int]) -> tuple[Plane | None, Pose]:
    """The field of view on the sensor (None: the whole picture) and where over the scene it lies.

    The view is enlarged as little as the still allows: it has to lie in the still's field of view.
    """
    width = size[0]
    rows, columns = np.flatnonzero(scene.inside.any(axis=1)), np.flatnonzero(scene.inside.any(axis=0))
    if rows.size == 0:
        raise ValueError(f"{scene.name}: nothing of this scene lies inside its field of view")
    centre = (float(columns[0] + columns[-1]) / 2.0, float(rows[0] + rows[-1]) / 2.0)
    has_surround = float(scene.inside.mean()) < 0.95 * 255.0
    field = None
    if has_surround and rng.random() < VIEWS.surround_share:
        radius = 0.5 * (columns[-1] - columns[0] + 1) * width / scene.inside.shape[1] * float(rng.uniform(0.93, 1.02))
        field = _round_field(size, radius, width / 2.0 + float(rng.normal(0.0, 0.02)) * width)
    roll, mirrored = float(rng.normal(0.0, VIEWS.rolled_rad)), bool(rng.random() < 0.5)
    scale = 1.1
    pose = _centred(Pose(*centre, roll, scale, mirrored), field)
    while scale > 0.2 and _seen(scene, pose, size, field) < VIEWS.least_seen:
        scale *= 0.97
        pose = _centred(Pose(*centre, roll, scale, mirrored), field)
    return field, dataclasses.replace(pose, scale=scale * float(rng.uniform(0.92, 0.98)))


def _centred(pose: Pose, field: Plane | None) -> Pose:
    """The pose that shows in the field's middle, wherever that is on the sensor, what was to be in the picture's."""
    if field is None:
        return pose
    width = field.shape[1]
    return pose.moved(float(np.average(np.arange(width), weights=field.sum(axis=0))) - (width - 1) / 2.0, 0.0)


def _seen(scene: Scene, pose: Pose, size: tuple[int, int], field: Plane | None) -> float:
    """Share of the field on the sensor that the still's field of view covers."""
    matrix = pose.matrix(*size) @ np.diag([8.0, 8.0, 1.0])
    small = (size[0] // 8, size[1] // 8)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    inside = cv2.warpAffine(scene.inside, matrix, small, flags=flags, borderMode=cv2.BORDER_CONSTANT).astype(np.float32)
    weight = np.ones_like(inside) if field is None else cv2.resize(field, small, interpolation=cv2.INTER_NEAREST)
    return float((inside * weight).sum()) / (255.0 * float(weight.sum()))


def _round_field(size: tuple[int, int], radius: float, centre_x: float) -> Plane:
    """A disc with a rim of two pixels, cut off by the picture's edges where it is larger."""
    y, x = np.ogrid[: size[1], : size[0]]
    distance = np.hypot(x - centre_x, y - (size[1] - 1) / 2.0)
    return np.clip((radius - distance) / 2.0 + 0.5, 0.0, 1.0).astype(np.float32)


def cut_out(scene: Scene, pose: Pose, size: tuple[int, int]) -> tuple[Light, Pose]:
    """The part of the scene that the view can reach, its surround filled, and the pose over that part."""
    width, height = size
    matrix = pose.matrix(width, height)
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ matrix.T
    rows, columns = scene.inside.shape
    margin = MARGIN_PX * pose.scale
    left, top = (max(0, int(value - margin)) for value in corners.min(axis=0))
    right, bottom = (int(value + margin) for value in corners.max(axis=0))
    part = np.s_[top : min(rows, max(bottom, top + 8)), left : min(columns, max(right, left + 8))]
    usable = _usable(scene.inside)
    light = fill_surround(scene.linear[part], usable[part])
    return light, Pose(pose.x - left, pose.y - top, pose.roll_rad, pose.scale, pose.mirrored)


def _usable(inside: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W) 1 where the field of view is, without its rim and the still's outermost rows: both are dark, and the mask
    is right to 8 pixels only."""
    framed = cv2.copyMakeBorder((inside > 0).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return cv2.erode(framed, np.ones((25, 25), np.uint8))[1:-1, 1:-1].astype(np.uint8, copy=False)


def fill_surround(light: Light, inside: NDArray[np.uint8]) -> Light:
    """A copy in which the surround shows the field of view mirrored at its rim: a still ends there, tissue does not.

    `inside` (H, W): 0 in the surround, above in the field.
    """
    outside = (inside == 0).astype(np.uint8)
    if not outside.any() or outside.all():
        return light.copy()
    _, labels = cv2.distanceTransformWithLabels(outside, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    labels = labels.astype(np.int64)
    known = np.argwhere(outside == 0)
    nearest = np.zeros((len(known) + 1, 2), np.int64)  # by label: the pixel of the field with that label
    nearest[labels[known[:, 0], known[:, 1]]] = known
    unknown = np.argwhere(outside)
    rim = nearest[labels[unknown[:, 0], unknown[:, 1]]]
    source = np.clip(2 * rim - unknown, 0, np.array(outside.shape) - 1)
    lost = outside[source[:, 0], source[:, 1]] > 0  # mirrored beyond the field's other side: the rim itself must do
    source[lost] = rim[lost]
    filled = light.copy()
    filled[unknown[:, 0], unknown[:, 1]] = light[source[:, 0], source[:, 1]]
    return filled


def split_gloss(light: Light, gloss_from: float) -> tuple[Light, Plane]:
    """Tissue without its small bright reflections, and these alone; both together are the scene."""
    least = light if light.ndim == 2 else light.min(axis=2)
    spots = cv2.dilate((least > gloss_from).astype(np.float32), np.ones((5, 5), np.uint8))
    around = (1.0 - spots) + np.float32(1e-4)
    base = cv2.GaussianBlur(least * around, (0, 0), 6.0) / cv2.GaussianBlur(around, (0, 0), 6.0)
    gloss = np.maximum(least - base, 0.0) * cv2.GaussianBlur(spots, (0, 0), 1.5)
    gloss = gloss.astype(np.float32, copy=False)
    return light - (gloss if light.ndim == 2 else gloss[..., None]), gloss
