"""An instrument in the view of a virtual scope."""

from __future__ import annotations

import numpy as np

from vision.opencv import cv2
from vision.training.blur import Light

NEARER = 1.3  # how much more than the tissue it moves when the scope does


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
        tip = self._tip + reach * np.array([cos, sin]) + NEARER * np.array([x, y]) - np.array(corner)
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
