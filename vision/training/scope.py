"""A virtual scope over a still: what falls onto the sensor while it moves, in linear light, sub-frame by sub-frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vision.opencv import cv2
from vision.training.blur import Light, Pose, defocus
from vision.training.data import Scene
from vision.training.hand import Array, Path
from vision.training.instrument import Instrument
from vision.training.stage import Plane, cut_out, split_gloss


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


class Scope:
    """One scene under one scope.  `width`, `height`: the picture; `field` (H, W) 0..1: its field of view, which stands
    still on the sensor (None: all of it)."""

    def __init__(
        self,
        rng: np.random.Generator,
        scene: Scene,
        pose: Pose,
        size: tuple[int, int],
        field: Plane | None = None,
        optics: Optics = OPTICS,
    ) -> None:
        self._optics = optics
        self._width, self._height = size
        self._field = field
        self._part = _used_part(field, size)
        light, self._pose = cut_out(scene, pose, size)
        tissue, gloss = split_gloss(light, optics.gloss_from)
        gloss *= np.float32(rng.uniform(*optics.gloss_gain))
        self._follow = 0.5 if rng.random() < optics.lamp_share and float(gloss.max()) > 0.0 else 1.0
        if self._follow == 1.0:
            tissue += gloss if light.ndim == 2 else gloss[..., None]
        self._tissue, self._gloss = tissue, gloss
        self._nearness = self._find_nearness() * np.float32(rng.uniform(*optics.parallax))
        self._bends = [self._draw_bend(rng) for _ in range(2)]
        self._bend_amplitude = float(rng.uniform(*optics.bend_px)) * self._pose.scale
        self._bend_waves = rng.uniform(0.0, 2.0 * np.pi, 2), rng.uniform(*optics.bend_period_frames, size=2)
        self._drift = float(rng.normal(0.0, optics.exposure_drift)), *rng.uniform(0.0, 6.0, 2)
        self._instrument = Instrument(rng, size, light.ndim) if rng.random() < optics.instrument_share else None

    def expose(self, path: Path, frame: int, radius_px: float = 0.0) -> Light:
        """Light of a frame, (H, W) or (H, W, 3) like the scene: the mean over its exposure."""
        steps = int(np.ceil(path.length_px(frame) / self._optics.sub_frame_step_px)) + 2
        return self._gather(path.exposure(frame, min(steps, self._optics.maximum_sub_frames)), frame, radius_px)

    def look(self, path: Path, frame: int, radius_px: float = 0.0) -> Light:
        """The truth of a frame: what would be seen in focus, in an instant, in the middle of the exposure.

        `radius_px` of the frame's defocus changes the magnification alone.
        """
        return self._gather(path.middle(frame)[None], frame, radius_px, in_focus=True)

    def _gather(self, states: Array, frame: int, radius_px: float, in_focus: bool = False) -> Light:
        left, top, right, bottom = self._part
        total: Light = np.zeros((bottom - top, right - left, *self._tissue.shape[2:]), dtype=np.float32)
        bend = self._bend(frame)
        breath = self._optics.breathing * radius_px
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
        whole = np.full((self._height, self._width, *light.shape[2:]), self._optics.surround, dtype=np.float32)
        if self._field is not None:
            weight = self._field[top:bottom, left:right]
            weight = weight if light.ndim == 2 else weight[..., None]
            light = np.add(light * weight, self._optics.surround * (1.0 - weight), dtype=np.float32)
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


def _used_part(field: Plane | None, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what has to be rendered."""
    if field is None:
        return 0, 0, size[0], size[1]
    columns, rows = np.flatnonzero(field.any(axis=0)), np.flatnonzero(field.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
