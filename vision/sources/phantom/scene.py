"""The phantom's camera: poses the textures, adds light, glints and noise, and exposes a frame, shaken or not.

Pictures are drawn in display code with gamma 2 (code = 255 sqrt(linear light)): light then acts as a factor on the
code, shot noise has the same size everywhere, and going to linear light and back costs a square and a root.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.frames import Picture
from vision.opencv import cv2
from vision.sources.phantom.colour import white_balance_gains
from vision.sources.phantom.instruments import make_instruments, overlay
from vision.sources.phantom.motion import BURST_EVERY_S, EXPOSURE_FRACTION, Motion, ScopePose
from vision.sources.phantom.scratch import Scratch
from vision.sources.phantom.state import Exposure, SceneState
from vision.sources.phantom.tissue import F32, U8, make_tissue

FIELD_DIAMETER = 1.29  # of the picture's height: the usual crop of a round field of view in 16:9
_REFERENCE_LIGHT = 0.7  # lamp share at which the picture is well exposed
_DARK = 4e-4  # linear light left when the lamp is off: stray light and dark current
_NOISE_SIGMA = 1.7  # display code; of the order seen on the dark parts of real endoscopic frames
_NOISE_MEAN = 8
_STRIP = 24  # rows summed at a time, so that the sums stay in the second-level cache
_TEXTURE_LIMIT = 1.5  # texels per px at 720 lines; above, textures are magnified: a scope resolves no more


@dataclass(frozen=True, slots=True)
class _View:
    """One pose of everything, padded by `pad` px on each side of the field of view."""

    image: (
        U8  # scratch, overwritten by the next; (h + 2 pad, w + 2 pad, 3) display code, before light, glints and noise
    )
    glints: list[tuple[int, int, float, int]]  # x, y in px of the unpadded field, strength, shape
    pad: int


class PhantomCamera:
    """Draws frames by index.  The same seed, size, rate, index and scene state give the same picture.

    Calls from several threads are allowed; they wait for each other.
    """

    def __init__(
        self, width: int, height: int, frame_rate: float, seed: int = 0, burst_every_s: float = BURST_EVERY_S
    ) -> None:
        self.width, self.height, self.frame_rate, self.seed = width, height, frame_rate, seed
        self.scale = height / 720
        self.motion = Motion(seed, frame_rate, burst_every_s)
        self._lock = threading.Lock()
        self._scratch = Scratch()
        texel_scale = min(self.scale, _TEXTURE_LIMIT)
        radius = FIELD_DIAMETER * height / 2
        self._left = max(0, math.floor(width / 2 - radius))
        self._right = min(width, math.ceil(width / 2 + radius))
        field_w = (self._right - self._left) / self.scale
        # Room for drift, roll, shake and its padding around what the field of view shows at magnification 1.
        self._tissue = make_tissue(
            round((field_w + 2 * 170) * texel_scale), round((720 + 2 * 170) * texel_scale), texel_scale, seed
        )
        self._instruments = make_instruments(self.scale)
        self._sparkles = _sparkles(self.scale)
        self._make_field()
        self._make_noise()
        rng = np.random.default_rng((seed, 4))
        self._glint_view = rng.normal(0, 26, (len(self._tissue.glints), 2))
        self._glint_gain = rng.uniform(0.5, 3.0, len(self._tissue.glints))
        self._glint_shape = rng.integers(0, len(self._sparkles), len(self._tissue.glints))

    def expose(self, index: int, scene: SceneState) -> Exposure:
        """Frame `index` as the camera delivers it: sharp, or shaken in a burst, with sensor noise."""
        began = time.perf_counter()
        with self._lock:
            shaken = self.motion.shaken(index)
            length = self.motion.shake_length_px(index, self.scale, scene.exposure) if shaken else 0.0
            if shaken:
                field = self._integrate(index, scene)
            else:
                field = self._develop(self._draw(index, scene, 0))
            image = self._light(field, scene, index)
        return Exposure(index, image, shaken, length, (time.perf_counter() - began) * 1e3)

    def sharp(self, index: int, scene: SceneState) -> Picture:
        """The scene at mid-exposure of frame `index`: no shake blur, no noise.  (H, W, 3) uint8 BGR."""
        with self._lock:
            return self._light(self._develop(self._draw(index, scene, 0)), scene, None)

    def sub_frames(self, index: int, scene: SceneState) -> list[F32]:
        """What the sensor sees at each moment of the exposure of a shaken frame: linear light before the lamp's

        falloff, (h, w, 3) float32 BGR of the field of view, 1.0 is white and highlights go beyond.  Slow: for tests
        and training, it is what `expose` integrates.
        """
        path = self.motion.exposure_path(index, self.scale, scene.exposure)
        pad = int(np.abs(path).max())
        with self._lock:
            view = self._draw(index, scene, pad)
            h, w = self.height, self._right - self._left
            out = []
            for dx, dy in path:
                part = view.image[pad - dy : pad - dy + h, pad - dx : pad - dx + w].astype(np.float32)
                linear = part * part * np.float32(1 / 65025)
                for x, y, strength, shape in view.glints:
                    _add(linear, self._sparkles[shape], x + int(dx), y + int(dy), strength)
                out.append(linear)
        return out

    def light_and_encode(self, linear: F32, scene: SceneState) -> Picture:
        """Linear light of the field of view -> the finished picture without noise."""
        field = cv2.convertScaleAbs(cv2.sqrt(linear), alpha=255.0)
        with self._lock:
            return self._light(field, scene, None)

    def _draw(self, index: int, scene: SceneState, pad: int) -> _View:
        """Everything in its place at mid-exposure, not yet lit."""
        moment = index + EXPOSURE_FRACTION / 2
        pose = self.motion.scope(moment)
        jolt = self.motion.shake(moment)
        w, h = self._right - self._left + 2 * pad, self.height + 2 * pad
        closed = 1.0 - scene.insufflation
        centre = (self.width / 2 - self._left + pad, self.height / 2 + pad)
        floor_map = self._map(pose, jolt, pose.zoom * (1 + 0.38 * closed), 1.0, centre, (0.5, 0.5), self._tissue.floor)
        ceiling_map = self._ceiling_map(pose, jolt, scene, centre)
        hidden, reached = self._ceiling_rows(ceiling_map, h)
        canvas = self._scratch.get("canvas", (h, w, 3))
        if hidden < h:
            lower = floor_map.copy()
            lower[:, 2] += lower[:, 1] * hidden
            warped = cv2.warpAffine(
                self._tissue.floor, lower, (w, h - hidden), dst=self._scratch.get("four", (h - hidden, w, 4)),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101,
            )  # fmt: skip
            cv2.cvtColor(warped, cv2.COLOR_BGRA2BGR, dst=canvas[hidden:])
        if reached:
            layer = cv2.warpAffine(
                self._tissue.ceiling, ceiling_map, (w, reached), dst=self._scratch.get("four", (reached, w, 4)),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
            )  # fmt: skip
            if hidden:
                cv2.cvtColor(layer[:hidden], cv2.COLOR_BGRA2BGR, dst=canvas[:hidden])
            if reached > hidden:
                overlay(canvas[hidden:reached], layer[hidden:], self._scratch)
        shift_x, shift_y = (pose.x_px + jolt[0]) * self.scale, (pose.y_px + jolt[1]) * self.scale
        for which, tool in enumerate(self._instruments):
            x, y, opening = self.motion.instrument(which, moment)
            tip = (centre[0] + tool.rest[0] * self.height + x * self.scale + 1.2 * shift_x,
                   centre[1] + tool.rest[1] * self.height + y * self.scale + 1.2 * shift_y)  # fmt: skip
            entry = (centre[0] + tool.entry[0] * self.height + shift_x, centre[1] + tool.entry[1] * self.height)
            tool.draw(canvas, tip, entry, opening, self._scratch)
        return _View(canvas, self._place_glints(floor_map, pose, pad, canvas), pad)

    def _map(
        self, pose: ScopePose, jolt: tuple[float, float], zoom: float, parallax: float,
        centre: tuple[float, float], anchor: tuple[float, float], texture: U8,
    ) -> NDArray[Any]:  # fmt: skip
        """Canvas px -> texels.  `anchor` is the share of the texture that stands at `centre` without motion."""
        per_px = self._tissue.scale / self.scale / zoom
        c, s = math.cos(pose.roll_rad) * per_px, math.sin(pose.roll_rad) * per_px
        # The drift moves near things more than far ones; the jolt turns the scope, which moves all alike.
        cx = centre[0] + (pose.x_px * parallax + jolt[0]) * self.scale
        cy = centre[1] + (pose.y_px * parallax + jolt[1]) * self.scale
        ax, ay = texture.shape[1] * anchor[0], texture.shape[0] * anchor[1]
        return np.array([[c, s, ax - c * cx - s * cy], [-s, c, ay + s * cx - c * cy]])

    def _ceiling_map(
        self, pose: ScopePose, jolt: tuple[float, float], scene: SceneState, centre: tuple[float, float]
    ) -> NDArray[Any]:
        """Canvas px -> texels of the abdominal wall: gas lifts it out of the view."""
        edge = -0.40 + 0.52 * (1 - scene.insufflation) + 0.012 * pose.breath
        zoom = pose.zoom * (1.0 + 0.15 * (1 - scene.insufflation))
        here = (centre[0], centre[1] + edge * self.height)
        return self._map(pose, jolt, zoom, 1.3, here, (0.5, self._tissue.edge), self._tissue.ceiling)

    def _ceiling_rows(self, ceiling_map: NDArray[Any], h: int) -> tuple[int, int]:
        """How many rows from the top the abdominal wall hides altogether, and how many it reaches."""
        inverse = cv2.invertAffineTransform(ceiling_map)
        wide, tall = self._tissue.ceiling.shape[1], self._tissue.ceiling.shape[0]

        def rows(texel_row: float) -> tuple[float, float]:
            # Over the canvas and the texture's whole width: a rolled scope tilts the line.
            ends = inverse @ np.array([[0.0, wide], [texel_row, texel_row], [1.0, 1.0]])
            return float(ends[1].min()), float(ends[1].max())

        hidden = min(h, max(0, math.floor(rows(self._tissue.opaque_rows - 2)[0])))
        reached = min(h, max(0, math.ceil(rows(tall - 2)[1])))
        return hidden, reached

    def _place_glints(
        self, floor_map: NDArray[Any], pose: ScopePose, pad: int, canvas: U8
    ) -> list[tuple[int, int, float, int]]:
        """Glints come and go as the scope moves, because each mirrors the light in one direction only."""
        places = np.column_stack([self._tissue.glints, np.ones(len(self._tissue.glints))])
        xy = places @ cv2.invertAffineTransform(floor_map).T
        off = self._glint_view - (pose.x_px, pose.y_px)
        strength = self._glint_gain * np.exp(-(off**2).sum(axis=1) / (2 * 30.0**2))
        out = []
        h, w = canvas.shape[:2]
        for (x, y), value, shape in zip(xy, strength, self._glint_shape, strict=True):
            px, py = round(x), round(y)
            if value < 0.05 or not (0 <= px < w and 0 <= py < h):
                continue
            if math.hypot(px - w / 2, py - h / 2) > 0.55 * self.height:
                continue  # the light does not reach far enough for a highlight there
            # Something dark or foreign lies over the wet place: shafts, shadows and the wall have no such highlight.
            b, g, r = (int(v) for v in canvas[py, px])
            if r < 90 or r - b < 12 or r - g < 12:
                continue
            out.append((px - pad, py - pad, float(value), int(shape)))
        return out

    def _develop(self, view: _View) -> U8:
        """A sharp field: glints added in linear light, then display code again."""
        for x, y, strength, shape in view.glints:
            sparkle = self._sparkles[shape]
            top, left = y - sparkle.shape[0] // 2, x - sparkle.shape[1] // 2
            y0, x0 = max(0, top), max(0, left)
            y1 = min(view.image.shape[0], top + sparkle.shape[0])
            x1 = min(view.image.shape[1], left + sparkle.shape[1])
            if y1 <= y0 or x1 <= x0:
                continue
            part = view.image[y0:y1, x0:x1]
            linear = part.astype(np.float32)
            cv2.multiply(linear, linear, dst=linear, scale=1 / 65025)
            cv2.scaleAdd(sparkle[y0 - top : y1 - top, x0 - left : x1 - left], strength, linear, dst=linear)
            cv2.convertScaleAbs(cv2.sqrt(linear), dst=part, alpha=255.0)
        return view.image

    def _integrate(self, index: int, scene: SceneState) -> U8:
        """The exposure of a shaken frame: the mean over its sub-frames in linear light.

        Each sub-frame is the whole scene at one place of the path; places are whole pixels, so a sub-frame is a
        window of the padded view, and light, which the scope carries with it, is the same for all and comes after.
        """
        path = self.motion.exposure_path(index, self.scale, scene.exposure)
        pad, count = int(np.abs(path).max()), len(path)
        view = self._draw(index, scene, pad)
        h, w = self.height, self._right - self._left
        wide = self._scratch.get("wide", view.image.shape, np.uint16)
        np.copyto(wide, view.image)
        # 16-bit sums: each sub-frame brings its square (65025 is white) divided by their number.
        cv2.multiply(wide, wide, dst=wide, scale=1 / count)
        total = self._scratch.get("total", (h, w, 3), np.uint16)
        total.fill(0)
        for y in range(0, h, _STRIP):
            strip = total[y : y + _STRIP]
            rows = strip.shape[0]
            for dx, dy in path:
                cv2.add(strip, wide[pad + y - dy : pad + y - dy + rows, pad - dx : pad - dx + w], dst=strip)
        linear = self._scratch.get("linear", (h, w, 3), np.float32)
        np.copyto(linear, total)
        for shape in {glint[3] for glint in view.glints}:
            streak = self._streak(shape, path)
            for x, y, strength, which in view.glints:
                if which == shape:
                    _add(linear, streak, x, y, strength * 65025)
        cv2.sqrt(linear, dst=linear)
        return cv2.convertScaleAbs(linear, dst=self._scratch.get("canvas", (h, w, 3)))

    def _streak(self, shape: int, path: NDArray[Any]) -> F32:
        """A glint's mark over the exposure: the mean of its places on the path."""
        sparkle = self._sparkles[shape]
        reach = int(np.abs(path).max())
        h, w = sparkle.shape[:2]
        streak = np.zeros((h + 2 * reach, w + 2 * reach, 3), np.float32)
        for dx, dy in path:
            streak[reach + dy : reach + dy + h, reach + dx : reach + dx + w] += sparkle
        return streak / len(path)

    def _light(self, field: U8, scene: SceneState, noisy_index: int | None) -> Picture:
        """Lamp, falloff, exposure, gain, colour, field stop, sensor noise and the black surround: the finished picture.

        Noise is mostly that of the light's own grains, so in display code it grows with the root of the gain.
        """
        gain = 10.0 ** (scene.gain_db / 20.0)
        signal = max(scene.light_fraction, _DARK) / _REFERENCE_LIGHT * scene.exposure * gain
        nearer = 1.0 + 0.22 * (1 - scene.insufflation)  # tissue close to the scope gets more light
        strongest = self._set_falloff(scene)
        picture = np.zeros((self.height, self.width, 3), np.uint8)
        target = picture[:, self._left : self._right]
        cv2.multiply(field, self._falloff, dst=field, scale=math.sqrt(signal) * strongest * nearer / 255)
        if noisy_index is None:
            target[:] = field
            return picture
        rng = np.random.default_rng((self.seed, 5, noisy_index))
        y, x = (int(v) for v in rng.integers(0, 32, 2))
        grain = self._noise[int(rng.integers(len(self._noise)))]
        grain = grain[y : y + field.shape[0], x : x + field.shape[1]]
        stop = self._stop
        if gain > 1.0:
            grain = cv2.convertScaleAbs(grain, alpha=math.sqrt(gain), dst=self._scratch.get("grain", field.shape))
            stop = cv2.convertScaleAbs(stop, alpha=math.sqrt(gain), dst=self._scratch.get("stop", field.shape))
        cv2.add(field, grain, dst=field)
        cv2.subtract(field, stop, dst=target)
        return picture

    def _set_falloff(self, scene: SceneState) -> float:
        """Falloff and colour of the light for this room and white balance; returns the strongest colour's factor on
        the display code, which the falloff, of 8 bits, does not hold."""
        blue, green, red = (math.sqrt(f) for f in white_balance_gains(scene.light_k, scene.white_balance_k))
        strongest = max(blue, green, red)
        look = (scene.insufflation, scene.light_k, scene.white_balance_k)
        if look != self._falloff_for:
            near, far = self._falloff_close, self._falloff_open
            self._falloff = cv2.addWeighted(far, scene.insufflation, near, 1 - scene.insufflation, 0, dst=self._falloff)
            if strongest > 1.0:
                shares = (blue / strongest, green / strongest, red / strongest, 1.0)
                cv2.multiply(self._falloff, np.array(shares), dst=self._falloff)
            self._falloff_for = look
        return strongest

    def _make_field(self) -> None:
        """Falloff of the light for the open and the closed room, and the field stop, over the field of view."""
        h, w = self.height, self._right - self._left
        y, x = np.ogrid[:h, :w]
        radius = FIELD_DIAMETER * h / 2
        r = np.hypot(x - (self.width / 2 - self._left) + 0.5, y - h / 2 + 0.5).astype(np.float32)
        inside = np.clip(radius - r, 0, 1.5) / 1.5
        # The light guide lies beside the lens, so the brightest place is a little above the centre.
        lamp_r = np.hypot(x - (self.width / 2 - self._left), y - 0.46 * h).astype(np.float32) / radius

        def falloff(reach: float) -> U8:
            # Inverse square over the slant distance, times the cosine of incidence; the root is the display code.
            linear = 1.0 / (1.0 + (lamp_r / reach) ** 2) ** 1.5
            return cv2.merge([np.rint(255 * np.sqrt(linear) * inside).astype(np.uint8)] * 3)

        self._falloff_open, self._falloff_close = falloff(0.95), falloff(0.62)
        self._falloff = self._falloff_open.copy()
        self._falloff_for: tuple[float, float, float] | None = None
        stop = np.where(inside > 0, _NOISE_MEAN, 255).astype(np.uint8)
        self._stop = cv2.merge([stop] * 3)

    def _make_noise(self) -> None:
        h, w = self.height + 32, self._right - self._left + 32
        rng = np.random.default_rng((self.seed, 6))
        sheets = []
        for _ in range(3):
            # Colour noise is coarser than brightness noise, as a demosaiced sensor gives it.
            luma = rng.standard_normal((h, w, 1), dtype=np.float32)
            chroma = cv2.resize(rng.standard_normal((h // 2, w // 2, 3), dtype=np.float32), (w, h))
            grain = _NOISE_MEAN + _NOISE_SIGMA * (0.85 * luma + 0.6 * chroma)
            sheets.append(np.clip(np.rint(grain), 0, 2 * _NOISE_MEAN).astype(np.uint8))
        self._noise = tuple(sheets)


def _add(linear: F32, stamp: F32, x: int, y: int, strength: float) -> None:
    """linear += strength * stamp, centred at x, y and cut at the borders."""
    top, left = y - stamp.shape[0] // 2, x - stamp.shape[1] // 2
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(linear.shape[0], top + stamp.shape[0]), min(linear.shape[1], left + stamp.shape[1])
    if y1 > y0 and x1 > x0:
        part = linear[y0:y1, x0:x1]
        cv2.scaleAdd(stamp[y0 - top : y1 - top, x0 - left : x1 - left], strength, part, dst=part)


def _sparkles(scale: float) -> list[F32]:
    """Shapes of a highlight, (n, n, 3) linear with peak 1: small ones, and curved streaks along folds."""
    out = []
    for length, width, angle, bend in ((3, 2.2, 0, 0), (7, 2.4, 0.5, 0.02), (13, 3.2, -0.7, 0.015), (9, 4.5, 1.2, 0)):
        half = math.ceil(2.6 * max(length, width) * scale)
        y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32) / scale
        u = x * math.cos(angle) + y * math.sin(angle)
        v = -x * math.sin(angle) + y * math.cos(angle) + bend * u * u
        spot = np.exp(-((np.hypot(u / length, v / width)) ** 3))
        spot *= np.clip(1.3 - np.hypot(x, y) / (half / scale), 0, 1)
        out.append(cv2.merge([spot.astype(np.float32)] * 3))
    return out
