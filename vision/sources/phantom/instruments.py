"""The phantom's instruments: shafts and jaws drawn once as sprites, then posed in each frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.opencv import cv2
from vision.sources.phantom.scratch import Scratch
from vision.sources.phantom.tissue import F32, U8, encode

JAW_STEPS = 9  # drawn openings from closed to 26 degrees
_TILE = 96  # columns
_MARGIN = 64  # px around the sprite at 720 lines: OpenCV is three times as slow where a warp looks beyond its source


@dataclass(frozen=True, slots=True)
class Instrument:
    """Sprites for each opening: (h, w, 4) BGR premultiplied and 255 - alpha, tip at `tip`, shaft towards -x."""

    sprites: tuple[U8, ...]
    tip: tuple[float, float]
    used: tuple[int, int, int]  # first and last row, and last column, that hold anything
    entry: tuple[float, float]  # where the shaft comes from, in view heights from the view's centre
    rest: tuple[float, float]  # where the tip works, likewise

    def draw(
        self, canvas: U8, tip_xy: tuple[float, float], entry_xy: tuple[float, float], opening: float, scratch: Scratch
    ) -> None:
        """Lay the instrument over `canvas` (h, w, 3) uint8 in display code, tip and entry in canvas px."""
        sprite = self.sprites[round(opening * (JAW_STEPS - 1))]
        angle = math.atan2(tip_xy[1] - entry_xy[1], tip_xy[0] - entry_xy[0])
        c, s = math.cos(angle), math.sin(angle)
        forward = np.array(
            [[c, -s, tip_xy[0] - c * self.tip[0] + s * self.tip[1]],
             [s, c, tip_xy[1] - s * self.tip[0] - c * self.tip[1]]]
        )  # fmt: skip
        y0, y1, x_end = self.used
        corners = (forward @ np.array([[0, x_end, x_end, 0], [y0, y0, y1, y1], [1, 1, 1, 1]])).T
        left = max(0, math.floor(corners[:, 0].min()))
        right = min(canvas.shape[1], math.ceil(corners[:, 0].max()))
        # In upright tiles: a slanting shaft fills a small part of the rectangle around it.
        for x0 in range(left, right, _TILE):
            x1 = min(x0 + _TILE, right)
            top, bottom = _rows_between(corners, x0, x1, canvas.shape[0])
            if x1 - x0 < 2 or bottom - top < 2:
                continue
            placed = forward.copy()
            placed[:, 2] -= (x0, top)
            posed = cv2.warpAffine(
                sprite, placed, (x1 - x0, bottom - top), dst=scratch.get("instrument", (bottom - top, x1 - x0, 4)),
                flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0, 0, 0, 255),
            )  # fmt: skip
            overlay(canvas[top:bottom, x0:x1], posed, scratch)


def _rows_between(corners: NDArray[Any], x0: int, x1: int, limit: int) -> tuple[int, int]:
    """Rows that a convex outline covers between two columns, within 0..limit."""
    rows: list[float] = []
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        low, high = max(x0, min(ax, bx)), min(x1, max(ax, bx))
        if low > high:
            continue
        slope = (by - ay) / (bx - ax) if bx != ax else 0.0
        rows += (ay + slope * (low - ax), ay + slope * (high - ax)) if bx != ax else (ay, by)
    if not rows:
        return 0, 0
    return max(0, math.floor(min(rows))), min(limit, math.ceil(max(rows)))


def overlay(canvas: U8, layer: U8, scratch: Scratch) -> None:
    """canvas = canvas * through + layer, where `layer` is (h, w, 4): BGR premultiplied, and `through` 0..255."""
    h, w = layer.shape[:2]
    single = cv2.extractChannel(layer, 3, dst=scratch.get("overlay through", (h, w)))
    three = scratch.get("overlay bgr", (h, w, 3))
    cv2.multiply(canvas, cv2.cvtColor(single, cv2.COLOR_GRAY2BGR, dst=three), dst=canvas, scale=1 / 255)
    cv2.add(canvas, cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR, dst=three), dst=canvas)


def make_instruments(scale: float) -> tuple[Instrument, ...]:
    """A grasper from the left and a dissector from the right, mirrored so that its shadow falls downwards too."""
    grasper, tip = _sprites(scale, length=640, near=40, far=23, jaw=92, jaw_width=13, shaft=(46, 47, 50))
    dissector, other_tip = _sprites(scale, length=600, near=34, far=20, jaw=62, jaw_width=9, shaft=(150, 152, 158))
    mirrored = tuple(np.ascontiguousarray(sprite[::-1]) for sprite in dissector)
    return (
        Instrument(grasper, tip, _used(grasper), entry=(-0.95, 0.50), rest=(-0.12, 0.12)),
        Instrument(mirrored, other_tip, _used(mirrored), entry=(0.95, 0.34), rest=(0.20, 0.02)),
    )


def _used(sprites: tuple[U8, ...]) -> tuple[int, int, int]:
    marks = np.min([sprite[..., 3] for sprite in sprites], axis=0) < 254
    rows, columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    return max(0, int(rows[0]) - 1), int(rows[-1]) + 2, int(columns[-1]) + 2


def _sprites(
    scale: float, *, length: float, near: float, far: float, jaw: float, jaw_width: float, shaft: tuple[int, int, int]
) -> tuple[tuple[U8, ...], tuple[float, float]]:
    """Sprites of all openings and the tip's place in them.  `near` and `far` are the shaft's radii: it tapers away."""
    w = int((length + jaw + 2 * _MARGIN) * scale)
    h = int((2 * near + 2 * _MARGIN + 40) * scale)
    mid = h / 2
    start = (length + _MARGIN) * scale  # where the jaws are hinged
    x = np.arange(w, dtype=np.float32)[None, :]
    y = np.arange(h, dtype=np.float32)[:, None] - mid
    radius = scale * (near + (far - near) * np.clip(x / start, 0, 1))
    across = y / radius
    body = np.clip(radius - np.abs(y) + 0.5, 0, 1) * np.clip(start - x + 0.5, 0, 1)
    collar = (x > start - 34 * scale).astype(np.float32)  # bare metal before the jaws
    base = (np.array(shaft[::-1], np.float32) / 255) ** 2
    metal = (np.array([176, 172, 170], np.float32) / 255) ** 2
    colour = base * (1 - collar[..., None]) + metal * collar[..., None]
    shade = np.sqrt(np.clip(1 - across**2, 0.02, 1))
    streak = np.exp(-(((across + 0.42) / 0.10) ** 2)) * (0.10 + 0.75 * collar + 0.4 * float(base.mean()))
    ring = 1 - 0.55 * np.exp(-(((x - start + 34 * scale) / (2.2 * scale)) ** 2))
    lit = (colour * (0.10 + 0.9 * shade)[..., None] + streak[..., None]) * ring[..., None]
    sprites = []
    for step in range(JAW_STEPS):
        opening = math.radians(26) * step / (JAW_STEPS - 1)
        image, alpha = lit.astype(np.float32).copy(), body.copy()
        for side in (-1, 1):
            _jaw(
                image, alpha, (start - 8 * scale, mid), side * opening / 2, side, jaw * scale, jaw_width * scale, metal
            )
        shadow = cv2.GaussianBlur(np.roll(alpha, (int(20 * scale), int(9 * scale)), (0, 1)), (0, 0), 8 * scale) * 0.55
        through = (1 - alpha) * (1 - shadow)
        edge = np.clip(np.minimum(np.arange(w)[None, :], 1e9) / (30 * scale), 0, 1)  # the rear end fades, never cut
        code = encode(image).astype(np.float32) * (alpha * edge)[..., None]
        through = 1 - (1 - through) * edge
        sprites.append(np.dstack([np.rint(code), np.rint(through * 255)]).astype(np.uint8))
    return tuple(sprites), (start + jaw * scale * 0.9, mid)


def _jaw(
    image: F32, alpha: F32, hinge: tuple[float, float], angle: float, side: int,
    length: float, width: float, metal: F32,
) -> None:  # fmt: skip
    """One jaw: a curved, tapering metal finger with teeth inside and a bright back."""
    t = np.linspace(0, 1, 24)
    bow = 0.30 * width * np.sin(math.pi * t) * side
    half = width * (1 - 0.55 * t**1.4)
    back = np.stack([t * length, bow + side * half * 1.1], 1)
    teeth = 0.10 * width * np.sign(np.sin(t * 60)) * (t > 0.25)
    front = np.stack([t * length, bow * 0.5 + side * (0.06 * width + teeth)], 1)[::-1]
    tip = np.array([[length * 1.05, side * 0.35 * width]])
    outline = np.vstack([back, tip, front])
    c, s = math.cos(angle), math.sin(angle)
    outline = outline @ np.array([[c, s], [-s, c]]) + hinge
    mask = np.zeros(alpha.shape, np.uint8)
    cv2.fillPoly(mask, [np.rint(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    cover = mask.astype(np.float32) / 255
    depth = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 3) / max(1.0, width * 0.6)
    shade = 0.18 + 0.62 * np.clip(depth, 0, 1) + 1.2 * np.clip(depth - 0.62, 0, 1) ** 2
    if side < 0:
        shade = shade * 1.35  # the upper jaw looks into the light
    image[:] = image * (1 - cover[..., None]) + (metal * shade[..., None]) * cover[..., None]
    np.maximum(alpha, cover, out=alpha)
