"""A virtual scope over a still: what falls onto the sensor while it moves, in linear light, sub-frame by sub-frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.opencv import cv2
from vision.training.blur import Light, Pose, defocus
from vision.training.data import Scene
from vision.training.hand import Array, Path

Plane = NDArray[np.float32]  # (H, W)


@dataclass(frozen=True, slots=True)
class Optics:
    """What a scene and a scope do beside moving; pairs are limits to draw from, shares are of sequences."""

    sub_frame_step_px: float = 1.0
    maximum_sub_frames: int = 22
    parallax: tuple[float, float] = (0.0, 0.5)  # share of the movement that goes with nearness, not with all alike
    bend_px: tuple[float, float] = (0.0, 2.5)  # amplitude of tissue giving way, over a grid of 5 x 5
    bend_period_frames: tuple[float, float] = (15.0, 60.0)
    gloss_from: float = 0.75  # light above which a spot much brighter than what is around it is a reflection
    gloss_gain: tuple[float, float] = (1.0, 3.0)  # reflections are brighter than the still could hold
    lamp_share: float = 0.35  # sequences in which reflections follow the tissue by half only, since the lamp moves too
    instrument_share: float = 0.2
    exposure_drift: float = 0.03  # standard deviation of its amplitude, relative
    breathing: float = 0.002  # magnification by a pixel of defocus radius
    surround: float = 0.0003  # light outside the field of view: 6 of 255


OPTICS = Optics()
_MARGIN_PX = 110  # of scene kept around the view


class Scope:
    """One scene under one scope.  `width`, `height`: the picture; `field` (H, W) 0..1: its field of view, which stands
    still on the sensor (None: all of it)."""

    def __init__(
        self, rng: np.random.Generator, scene: Scene, pose: Pose, size: tuple[int, int], field: Plane | None = None
    ) -> None:
        self._width, self._height = size
        self._field = field
        self._part = _used_part(field, size)
        light, self._pose = _cut(scene, pose, size)
        tissue, gloss = _split_gloss(light)
        gloss *= np.float32(rng.uniform(*OPTICS.gloss_gain))
        self._follow = 0.5 if rng.random() < OPTICS.lamp_share and float(gloss.max()) > 0.0 else 1.0
        if self._follow == 1.0:
            tissue += gloss if light.ndim == 2 else gloss[..., None]
        self._tissue, self._gloss = tissue, gloss
        self._nearness = self._find_nearness() * np.float32(rng.uniform(*OPTICS.parallax))
        self._bends = [self._draw_bend(rng) for _ in range(2)]
        self._bend_amplitude = float(rng.uniform(*OPTICS.bend_px)) * self._pose.scale
        self._bend_waves = rng.uniform(0.0, 2.0 * np.pi, 2), rng.uniform(*OPTICS.bend_period_frames, size=2)
        self._drift = float(rng.normal(0.0, OPTICS.exposure_drift)), *rng.uniform(0.0, 6.0, 2)
        self._instrument = Instrument(rng, size, light.ndim) if rng.random() < OPTICS.instrument_share else None

    def expose(self, path: Path, frame: int, radius_px: float = 0.0) -> Light:
        """Light of a frame, (H, W) or (H, W, 3) like the scene: the mean over its exposure."""
        steps = int(np.ceil(path.length_px(frame) / OPTICS.sub_frame_step_px)) + 2
        return self._gather(path.exposure(frame, min(steps, OPTICS.maximum_sub_frames)), frame, radius_px)

    def look(self, path: Path, frame: int, radius_px: float = 0.0) -> Light:
        """The truth of a frame: what would be seen in focus, in an instant, in the middle of the exposure.

        `radius_px` of the frame's defocus changes the magnification alone.
        """
        return self._gather(path.middle(frame)[None], frame, radius_px, in_focus=True)

    def _gather(self, states: Array, frame: int, radius_px: float, in_focus: bool = False) -> Light:
        left, top, right, bottom = self._part
        total: Light = np.zeros((bottom - top, right - left, *self._tissue.shape[2:]), dtype=np.float32)
        bend = self._bend(frame)
        breath = OPTICS.breathing * radius_px
        for x, y, roll, zoom in states:
            view = self._remap(self._tissue, (x, y, roll, zoom + breath), bend)
            if self._follow != 1.0:
                gloss = self._look_at_gloss(self._follow * np.array([x, y, roll, zoom]), breath)
                view += gloss if view.ndim == 2 else gloss[..., None]
            if self._instrument is not None:
                self._instrument.cover(view, (left, top), float(x), float(y), frame)
            total = np.add(total, view, out=total)
        total *= np.float32(1.0 / len(states))
        if radius_px > 0.3 and not in_focus:
            total = defocus(total, radius_px)
        size, phase, speed = self._drift
        total *= np.float32(1.0 + size * np.sin(phase + 0.1 * speed * frame))
        return self._onto_sensor(np.maximum(total, 0.0))

    def _onto_sensor(self, light: Light) -> Light:
        left, top, right, bottom = self._part
        whole = np.full((self._height, self._width, *light.shape[2:]), OPTICS.surround, dtype=np.float32)
        if self._field is not None:
            weight = self._field[top:bottom, left:right]
            weight = weight if light.ndim == 2 else weight[..., None]
            light = np.add(light * weight, OPTICS.surround * (1.0 - weight), dtype=np.float32)
        whole[top:bottom, left:right] = light
        return whole

    def _remap(self, layer: Light, state: tuple[float, float, float, float], bend: tuple[Plane, Plane]) -> Light:
        """A layer as seen in a state: the rigid movement, what nearness adds to it, and the tissue's bend."""
        x, y, roll, zoom = (float(value) for value in state)
        moved = self._pose.moved(x, y, roll, float(np.exp(zoom))).matrix(self._width, self._height)
        rest = self._pose.matrix(self._width, self._height)[:, :2] @ np.array([-x, -y])
        maps: list[Plane] = []
        for row, give, more in zip(moved, bend, rest, strict=True):
            plane = cv2.scaleAdd(self._nearness, float(more), give)
            maps.append(plane.astype(np.float32, copy=False) + self._affine(row))
        view = cv2.remap(layer, maps[0], maps[1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
        return view.astype(np.float32, copy=False)

    def _look_at_gloss(self, state: Array, breath: float) -> Plane:
        """The reflections alone: they take no part in what nearness and bending do to the tissue below."""
        x, y, roll, zoom = (float(value) for value in state)
        left, top, right, bottom = self._part
        matrix = self._pose.moved(x, y, roll, float(np.exp(zoom + breath))).matrix(self._width, self._height)
        matrix[:, 2] += matrix[:, :2] @ np.array([left, top])
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        gloss = cv2.warpAffine(self._gloss, matrix, (right - left, bottom - top), flags=flags)
        return gloss.astype(np.float32, copy=False)

    def _affine(self, row: Array) -> Plane:
        left, top, right, bottom = self._part
        across = (row[0] * np.arange(left, right) + row[2]).astype(np.float32)
        down = (row[1] * np.arange(top, bottom)).astype(np.float32)
        return across[None, :] + down[:, None]

    def _find_nearness(self) -> Plane:
        """Deviation of nearness from its mean, about -0.4..0.6.  The lamp sits at the scope's tip, so light falls with
        the square of the distance: the root of the low-passed light tells of it."""
        light = self._tissue if self._tissue.ndim == 2 else self._tissue.mean(axis=2)
        left, top, right, bottom = self._part
        maps = [self._affine(row) for row in self._pose.matrix(self._width, self._height)]
        seen = cv2.remap(light, maps[0][::8, ::8], maps[1][::8, ::8], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        near = np.sqrt(cv2.GaussianBlur(np.maximum(seen, 0.002), (0, 0), min(seen.shape) / 10.0))
        near = np.clip(near / near.mean() - 1.0, -0.4, 0.6).astype(np.float32)
        return cv2.resize(near, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR).astype(np.float32)

    def _draw_bend(self, rng: np.random.Generator) -> tuple[Plane, Plane]:
        left, top, right, bottom = self._part
        give = rng.normal(0.0, 1.0, (5, 5, 2)).astype(np.float32)
        plane = cv2.resize(give, (right - left, bottom - top), interpolation=cv2.INTER_CUBIC).astype(np.float32)
        return np.ascontiguousarray(plane[..., 0]), np.ascontiguousarray(plane[..., 1])

    def _bend(self, frame: int) -> tuple[Plane, Plane]:
        # Tissue gives way slowly: within an exposure it moves by less than a quarter of a pixel and is taken as still.
        phases, periods = self._bend_waves
        one, two = (self._bend_amplitude * np.sin(phases + 2.0 * np.pi * frame / periods)).astype(np.float32)
        (ax, ay), (bx, by) = self._bends
        return one * ax + two * bx, one * ay + two * by


class Instrument:
    """The shaft of an instrument pushed across the picture: metal, nearer than the tissue, in its own motion."""

    def __init__(self, rng: np.random.Generator, size: tuple[int, int], dimensions: int) -> None:
        width, height = size
        side = min(width, height)
        self._angle = float(rng.uniform(0.0, 2.0 * np.pi))
        thickness = float(rng.uniform(0.06, 0.13)) * side
        offset = float(rng.uniform(-0.3, 0.3)) * side  # how far its axis passes from the middle
        cos, sin = np.cos(self._angle), np.sin(self._angle)
        self._tip = np.array([width / 2.0 - sin * offset, height / 2.0 + cos * offset])
        self._advance = float(rng.uniform(-0.3, 0.3)) * side, float(rng.uniform(-0.02, 0.02)) * side  # start, a frame
        self._patch = _shaft(rng, int(thickness), int(1.5 * np.hypot(width, height)), dimensions)

    def cover(self, view: Light, corner: tuple[int, int], x: float, y: float, frame: int) -> None:
        """Draws the shaft over `view` in place; (x, y) pixels: how far the scope has moved the picture."""
        reach = self._advance[0] + self._advance[1] * frame
        cos, sin = np.cos(self._angle), np.sin(self._angle)
        length, thickness = self._patch.shape[1], self._patch.shape[0]
        nearer = 1.3
        tip = self._tip + reach * np.array([cos, sin]) + nearer * np.array([x, y]) - np.array(corner)
        linear = np.array([[cos, -sin], [sin, cos]])
        matrix = np.column_stack([linear, tip - linear @ np.array([length - 1.0, (thickness - 1.0) / 2.0])])
        size = (view.shape[1], view.shape[0])
        drawn = cv2.warpAffine(self._patch, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        opaque = drawn[..., -1]
        view *= 1.0 - (opaque if view.ndim == 2 else opaque[..., None])
        view += drawn[..., 0] if view.ndim == 2 else drawn[..., :-1]


def _shaft(rng: np.random.Generator, thickness: int, length: int, dimensions: int) -> Light:
    """(thickness, length, 2 or 4) light times opacity, and opacity; its round tip is at the right end."""
    v = (np.arange(thickness) - (thickness - 1) / 2.0) / (thickness / 2.0 - 1.5)
    u = (length - 1 - np.arange(length)) / (thickness / 2.0)  # from the tip, in radii
    beyond = np.hypot(np.maximum(1.0 - u, 0.0)[None, :], v[:, None])
    opaque = np.clip((1.0 - beyond) * thickness / 2.0, 0.0, 1.0)
    shade = np.sqrt(np.clip(1.0 - v**2, 0.0, 1.0)) * float(rng.uniform(0.05, 0.35))
    shine = 0.8 * np.exp(-(((v - float(rng.uniform(-0.4, 0.4))) / 0.12) ** 2))
    rings = 1.0 - 0.5 * (np.sin(u * float(rng.uniform(2.0, 5.0))) > 0.6) * (u < float(rng.uniform(2.0, 8.0)))
    light = (shade + shine)[:, None] * rings[None, :] * opaque
    layers = [light] * (1 if dimensions == 2 else 3)
    return np.dstack([*layers, opaque]).astype(np.float32)


def _used_part(field: Plane | None, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what has to be rendered."""
    if field is None:
        return 0, 0, size[0], size[1]
    columns, rows = np.flatnonzero(field.any(axis=0)), np.flatnonzero(field.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _cut(scene: Scene, pose: Pose, size: tuple[int, int]) -> tuple[Light, Pose]:
    """The part of the scene that the view can reach, its surround filled, and the pose over that part."""
    width, height = size
    matrix = pose.matrix(width, height)
    corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ matrix.T
    rows, columns = scene.inside.shape
    margin = _MARGIN_PX * pose.scale
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


def _split_gloss(light: Light) -> tuple[Light, Plane]:
    """Tissue without its small bright reflections, and these alone; both together are the scene."""
    least = light if light.ndim == 2 else light.min(axis=2)
    spots = cv2.dilate((least > OPTICS.gloss_from).astype(np.float32), np.ones((5, 5), np.uint8))
    around = (1.0 - spots) + np.float32(1e-4)
    base = cv2.GaussianBlur(least * around, (0, 0), 6.0) / cv2.GaussianBlur(around, (0, 0), 6.0)
    gloss = np.maximum(least - base, 0.0) * cv2.GaussianBlur(spots, (0, 0), 1.5)
    gloss = gloss.astype(np.float32, copy=False)
    return light - (gloss if light.ndim == 2 else gloss[..., None]), gloss
