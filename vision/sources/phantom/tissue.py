"""The phantom's tissue, drawn once: organs, folds, vessels and wet gloss as flat textures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.opencv import cv2

# OpenCV's stubs do not know the element type, so these names tell it to the reader alone.
F32 = NDArray[Any]  # float32
U8 = NDArray[Any]  # uint8


_EDGE = 0.70  # where the abdominal wall ends, as a share of its texture before it is trimmed


@dataclass(frozen=True, slots=True)
class Tissue:
    """Textures in display code (gamma 2: code = 255 sqrt(linear)), `scale` texels per px at 720 lines."""

    floor: U8  # (H, W, 4) BGR0, the organs; four channels because OpenCV warps them twice as fast
    ceiling: U8  # (h, W, 4) BGR premultiplied, and 255 - alpha (the shadow below the edge included)
    glints: F32  # (N, 2) places on the floor where wet tissue can mirror the light, texels
    opaque_rows: int  # rows from the ceiling's top that nothing shines through
    edge: float  # height of the ceiling's edge in its texture, as a share of it
    scale: float


def make_tissue(width: int, height: int, scale: float, seed: int) -> Tissue:
    """Draw the textures.  `width` and `height` are the floor's texels."""
    rng = np.random.default_rng((seed, 3))
    floor, gloss = _floor(width, height, scale, rng)
    tall = int(height * 0.95)
    ceiling = _ceiling(width, tall, scale, rng)
    opaque = int(np.argmax(ceiling[..., 3].any(axis=1)))
    return Tissue(floor, ceiling, _glint_places(gloss, rng, 40), opaque, _EDGE * tall / len(ceiling), scale)


def encode(linear: F32) -> U8:
    """Linear light 0..1 -> display code, gamma 2."""
    return cv2.convertScaleAbs(cv2.sqrt(np.clip(linear, 0, 1)), alpha=255.0)


def noise(shape: tuple[int, int], cell: float, rng: np.random.Generator) -> F32:
    """Smooth noise of standard deviation about 1 with features of `cell` texels."""
    h, w = shape
    small = rng.standard_normal((max(4, int(h / cell) + 3), max(4, int(w / cell) + 3)), dtype=np.float32)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC)


def fractal(shape: tuple[int, int], cell: float, octaves: int, rng: np.random.Generator, gain: float = 0.5) -> F32:
    """Octaves of `noise`, each of half the size and `gain` times the strength."""
    total, strength = np.zeros(shape, np.float32), 1.0
    for octave in range(octaves):
        total += strength * noise(shape, max(1.6, cell / 2**octave), rng)
        strength *= gain
    return total


def _rgb(red: float, green: float, blue: float) -> F32:
    """Display colour 0..255 -> linear BGR."""
    return (np.array([blue, green, red], np.float32) / 255) ** 2


def _tube(shape: tuple[int, int], points: NDArray[Any], radius: float, wobble: F32) -> F32:
    """Height of a tube along a curve; negative outside of it."""
    canvas = np.full(shape, 255, np.uint8)
    dense = _smooth(points)
    cv2.polylines(canvas, [np.rint(dense).astype(np.int32)], False, 0, 2)
    distance = cv2.distanceTransform(canvas, cv2.DIST_L2, 5) / radius * (1 + 0.10 * wobble)
    return np.where(distance < 1, np.sqrt(np.maximum(0, 1 - distance**2)), 4 * (1 - distance)) * radius


def _smooth(points: NDArray[Any], count: int = 120) -> NDArray[Any]:
    """A Catmull-Rom curve through the points."""
    p = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    out = []
    per = max(2, count // (len(points) - 1))
    for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True):
        t = np.linspace(0, 1, per, endpoint=False)[:, None]
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*out, points[-1:]])


def vessels(shape: tuple[int, int], count: int, thickness: float, length: float, rng: np.random.Generator) -> F32:
    """Coverage 0..1 of branching vessels."""
    canvas = np.zeros(shape, np.uint8)
    h, w = shape
    todo = [
        (rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0, 2 * math.pi), thickness * rng.uniform(0.5, 1.0), 0)
        for _ in range(count)
    ]
    while todo:
        x, y, heading, thick, depth = todo.pop()
        steps = max(6, int(length / 5 * rng.uniform(0.6, 1.2) * 0.8**depth))
        bend = 0.0
        points = [(x, y)]
        for _ in range(steps):
            bend = 0.7 * bend + rng.normal(0, 0.045)
            heading += bend
            x, y = x + 5 * math.cos(heading), y + 5 * math.sin(heading)
            points.append((x, y))
        for part in range(0, steps, 6):  # thinner along the way
            line = np.rint(np.array(points[part : part + 7]) * 16).astype(np.int32)
            now = thick * (1 - 0.45 * part / steps)
            cv2.polylines(canvas, [line], False, int(min(255, 70 + 75 * now)), max(1, round(now)), cv2.LINE_AA, 4)
            if depth < 4 and part and rng.uniform() < 0.5:
                bx, by = points[min(part, steps - 1)]
                side = rng.choice((-1, 1)) * rng.uniform(0.35, 0.9)
                todo.append((bx, by, heading + side, now * 0.62, depth + 1))
    return cv2.GaussianBlur(canvas, (0, 0), 0.7).astype(np.float32) / 255


def _organs(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> list[tuple[F32, F32, float, float]]:
    """(height, linear BGR albedo, vessel strength, wetness) of each organ, heights in texels."""
    h, w = shape
    wobble = fractal(shape, 90 * scale, 3, rng)
    jitter = lambda *xy: np.array(xy, float) * (w, h) + rng.normal(0, 0.012, 2) * (w, h)  # noqa: E731
    organs: list[tuple[F32, F32, float, float]] = []
    wall = 26 * scale * fractal(shape, 330 * scale, 3, rng) - 30 * scale
    organs.append((wall, _rgb(214, 142, 142), 0.9, 0.7))
    fat = _tube(shape, np.array([jitter(-0.1, 0.86), jitter(0.2, 0.80), jitter(0.42, 0.93), jitter(0.6, 1.05)]),
                190 * scale, wobble)  # fmt: skip
    fat = fat * 0.45 + np.abs(fractal(shape, 58 * scale, 2, rng)) * 15 * scale - 18 * scale
    organs.append((fat, _rgb(226, 168, 98), 0.5, 0.9))
    liver = _tube(shape, np.array([jitter(1.02, 0.02), jitter(0.92, 0.36), jitter(0.97, 0.75), jitter(1.1, 1.1)]),
                  265 * scale, wobble * 0.5)  # fmt: skip
    organs.append((liver * 0.42 - 6 * scale, _rgb(142, 58, 56), 0.25, 0.8))
    loops = (
        ((-0.05, 0.22), (0.12, 0.35), (0.10, 0.55), (-0.06, 0.68), 92, 0.62),
        ((0.22, 1.06), (0.30, 0.86), (0.52, 0.80), (0.74, 0.92), 84, 0.66),
        ((0.58, 1.10), (0.66, 0.98), (0.80, 0.98), (0.95, 1.08), 76, 0.60),
    )
    for a, b, c, d, radius, flat in loops:
        tube = _tube(shape, np.array([jitter(*a), jitter(*b), jitter(*c), jitter(*d)]), radius * scale, wobble)
        rings = 1.6 * scale * noise(shape, 24 * scale, rng)
        organs.append((tube * flat + rings, _rgb(218, 128, 116), 1.0, 1.0))
    bladder = _tube(shape, np.array([jitter(0.60, 0.30), jitter(0.56, 0.42), jitter(0.50, 0.52)]), 78 * scale, wobble)
    organs.append((bladder * 0.8 + 4 * scale, _rgb(178, 158, 136), 0.9, 1.0))
    fold = _tube(shape, np.array([jitter(0.20, 0.12), jitter(0.36, 0.30), jitter(0.42, 0.50), jitter(0.36, 0.74)]),
                 30 * scale, wobble * 1.6)  # fmt: skip
    organs.append((fold * 0.9, _rgb(206, 132, 128), 0.8, 0.9))
    return organs


def _shade(height: F32, scale: float) -> tuple[F32, F32, F32]:
    """Diffuse shade, ambient occlusion and mirror term (0..1 each) of a height field lit from the scope."""
    gx = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    gy = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    norm = np.sqrt(gx * gx + gy * gy + 1)
    lx, ly, lz = -0.18, -0.30, 0.94  # the light guide's exit lies above the lens
    diffuse = np.clip((-gx * lx - gy * ly + lz) / norm, 0, 1)
    occlusion = np.ones_like(height)
    for radius, strength in ((8, 0.035), (28, 0.016), (75, 0.007)):
        small = cv2.resize(height, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        around = cv2.resize(cv2.GaussianBlur(small, (0, 0), radius * scale / 2), height.shape[::-1])
        occlusion *= np.clip(1 - strength / scale * np.maximum(0, around - height), 0.25, 1)
    hx, hy, hz = -0.09, -0.15, 0.985
    mirror = np.clip((-gx * hx - gy * hy + hz) / norm, 0, 1)
    return diffuse.astype(np.float32), occlusion, mirror.astype(np.float32)


def _floor(width: int, height: int, scale: float, rng: np.random.Generator) -> tuple[U8, F32]:
    shape = (height, width)
    top = np.full(shape, -1e9, np.float32)
    albedo = np.zeros((*shape, 3), np.float32)
    vascular, wet = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for organ, colour, strength, wetness in _organs(shape, scale, rng):
        above = organ > top
        albedo[above], vascular[above], wet[above] = colour, strength, wetness
        top = np.maximum(top, organ)
    albedo = cv2.GaussianBlur(albedo, (0, 0), 1.2 * scale)  # tissue has no cut-out edges
    top = cv2.GaussianBlur(top, (0, 0), 1.5 * scale)

    blotch = fractal(shape, 70 * scale, 4, rng, 0.6)
    grain = fractal(shape, 7 * scale, 3, rng, 0.7)
    albedo *= np.exp(0.13 * blotch + 0.04 * grain)[..., None]
    redness = np.clip(fractal(shape, 150 * scale, 3, rng) - 0.6, 0, 1)[..., None]
    albedo *= 1 - redness * np.array([0.42, 0.45, 0.12], np.float32)

    thin = vessels(shape, 70, 2.6 * scale, 190 * scale, rng)
    thick = vessels(shape, 7, 7.0 * scale, 330 * scale, rng)
    for cover, colour, share in ((thick, _rgb(120, 42, 62), 0.55), (thin, _rgb(158, 34, 40), 0.75)):
        mix = (cover * vascular * share)[..., None]
        albedo = albedo * (1 - mix) + colour * mix

    relief = top + scale * (1.3 * fractal(shape, 34 * scale, 4, rng, 0.42) + 1.4 * thick + 0.5 * thin)
    diffuse, occlusion, mirror = _shade(relief, scale)
    lit = albedo * ((0.14 + 1.15 * diffuse**1.6) * occlusion)[..., None]
    patches = np.clip(fractal(shape, 60 * scale, 2, rng) * 0.6 + 0.35, 0, 1) * wet
    gloss = mirror**90 * patches * 0.10 + np.clip((mirror - 0.985) * 66, 0, 1) ** 3 * patches * noise_gate(
        shape, scale, rng
    )
    lit += gloss[..., None] * np.array([1.0, 1.0, 1.0], np.float32) * occlusion[..., None]
    return cv2.cvtColor(encode(lit), cv2.COLOR_BGR2BGRA), mirror * patches * occlusion


def noise_gate(shape: tuple[int, int], scale: float, rng: np.random.Generator) -> F32:
    """Where the wet film breaks into sparkles, 0..1."""
    return np.clip(fractal(shape, 9 * scale, 2, rng) - 1.1, 0, 1)


def _glint_places(gloss: F32, rng: np.random.Generator, count: int) -> F32:
    """Places of the strongest mirror term, spread over the floor."""
    h, w = gloss.shape
    places: list[tuple[float, float]] = []
    tile_h, tile_w = max(1, h // 9), max(1, w // 11)
    for y in range(0, h - tile_h + 1, tile_h):
        for x in range(0, w - tile_w + 1, tile_w):
            tile = gloss[y : y + tile_h, x : x + tile_w]
            best = np.unravel_index(int(tile.argmax()), tile.shape)
            places.append((x + float(best[1]), y + float(best[0])))
    chosen = rng.permutation(len(places))[:count]
    return np.array([places[i] for i in chosen], np.float32)


def _ceiling(width: int, height: int, scale: float, rng: np.random.Generator) -> U8:
    """The abdominal wall above the scene: premultiplied BGR and 255 - alpha."""
    shape = (height, width)
    x = np.linspace(-1, 1, width, dtype=np.float32)
    edge = height * (_EDGE + 0.09 * x**2) + 14 * scale * noise((4, width), 120 * scale, rng)[1]
    y = np.arange(height, dtype=np.float32)[:, None]
    inside = edge[None, :] - y  # texels above the edge
    relief = 34 * scale * (1 - np.exp(-np.maximum(inside, 0) / (60 * scale)))
    relief = relief + scale * (9 * fractal(shape, 130 * scale, 2, rng) + 0.9 * fractal(shape, 30 * scale, 4, rng, 0.42))
    diffuse, _, mirror = _shade(relief.astype(np.float32), scale)
    fibres = cv2.resize(
        rng.standard_normal((height // 3, 40), dtype=np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    albedo = (
        np.broadcast_to(_rgb(205, 132, 126), (*shape, 3))
        * np.exp(0.12 * fractal(shape, 80 * scale, 3, rng) + 0.05 * fibres + 0.05 * fractal(shape, 6 * scale, 2, rng))[
            ..., None
        ]
    )
    cover = (vessels(shape, 22, 3.0 * scale, 190 * scale, rng) * 0.7)[..., None]
    albedo = albedo * (1 - cover) + _rgb(150, 40, 48) * cover
    lit = albedo * (0.12 + 1.1 * diffuse**1.7)[..., None] + (mirror**120 * 0.06)[..., None]
    alpha = np.clip(inside / (2.0 * scale) + 0.5, 0, 1)
    shadow = 0.62 * np.exp(-np.maximum(-inside, 0) / (18 * scale)) * (inside < 2 * scale)
    code = encode(lit.astype(np.float32)).astype(np.float32) * alpha[..., None]
    through = (1 - alpha) * (1 - shadow) * 255
    seen = through[:, width // 12 : -(width // 12)]  # no view reaches the texture's sides, where its edge hangs lowest
    used = np.flatnonzero((seen < 252).any(axis=1))[-1] + 2
    return np.ascontiguousarray(np.dstack([np.rint(code), np.rint(through)]).astype(np.uint8)[:used])
