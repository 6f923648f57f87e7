"""Aligns the three deblurred pictures into one frame: two-layer, then three-layer mosaic, projection (A21 to A23)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.float32]  # (H, W)
Shift = tuple[float, float]  # x, y in pixels: how far the content of a layer lies from that of the reference

MINIMUM_SHIFT_PX = 0.1  # below it a warp would only soften; phase correlation is right to about 0.05 px
MAXIMUM_SHIFT_PX = 4.0  # networks with zero-padded convolutions cannot displace further: a larger value is a misread
MINIMUM_RESPONSE = 0.1  # of the correlation peak; flat pictures give none
WINDOW_PX = 256


def measure_shift(reference: Luma, layer: Luma) -> Shift:
    """Shift of `layer` against `reference` by phase correlation on the central 256 pixels; (0, 0) if there is none
    that can be trusted."""
    height, width = reference.shape
    side_y, side_x = min(WINDOW_PX, height), min(WINDOW_PX, width)
    top, left = (height - side_y) // 2, (width - side_x) // 2
    a = reference[top : top + side_y, left : left + side_x]
    b = layer[top : top + side_y, left : left + side_x]
    if min(side_x, side_y) < 16:
        return 0.0, 0.0
    (dx, dy), response = cv2.phaseCorrelate(
        np.ascontiguousarray(a), np.ascontiguousarray(b), cv2.createHanningWindow((side_x, side_y), cv2.CV_32F)
    )
    size = max(abs(dx), abs(dy))
    if response < MINIMUM_RESPONSE or not MINIMUM_SHIFT_PX <= size <= MAXIMUM_SHIFT_PX:
        return 0.0, 0.0
    return float(dx), float(dy)


def measure_mosaic(layers: Sequence[Luma]) -> list[Shift]:
    """Shift of each layer into the frame of the first: the second against the first, the third against the mosaic of
    both, and so on.  The first is (0, 0)."""
    shifts: list[Shift] = [(0.0, 0.0)]
    mosaic = layers[0]
    for count, layer in enumerate(layers[1:], start=1):
        shift = measure_shift(mosaic, layer)
        shifts.append(shift)
        aligned = project(layer, shift)
        mosaic = cv2.addWeighted(mosaic, count / (count + 1), aligned, 1.0 / (count + 1), 0.0).astype(
            np.float32, copy=False
        )
    return shifts


def project(layer: Luma, shift: Shift) -> Luma:
    """The layer moved into the common frame; the layer itself when its shift is zero."""
    if shift == (0.0, 0.0):
        return layer
    height, width = layer.shape
    matrix = np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]]], dtype=np.float64)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(layer, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return moved.astype(np.float32, copy=False)
