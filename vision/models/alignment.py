"""Aligns the three deblurred pictures into one frame: two-layer, then three-layer mosaic, projection (A21 to A23)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from vision.opencv import cv2

Luma = NDArray[np.float32]  # (H, W)
Shift = tuple[float, float]  # x, y in pixels: how far the content of a layer lies from that of the reference

MINIMUM_SHIFT_PX = 0.1  # below it a warp would only soften; the measurement is right to about 0.05 px
MAXIMUM_SHIFT_PX = 4.0  # networks with zero-padded convolutions cannot displace further: a larger value is a misread
MINIMUM_RESPONSE = 0.1  # of the correlation peak, 1 for equal pictures; flat pictures give none
WINDOW_PX = 128  # of the half-size pictures that are compared
PASS_BAND = 0.12  # cycles a pixel: phase of higher frequencies is noise in pictures that were blurred


def phase_shift(reference: NDArray[np.float32], moved: NDArray[np.float32]) -> tuple[float, float, float]:
    """Shift (x, y) in pixels of `moved` against `reference`, both (H, W), and the peak's height, 0..1.

    Phase correlation, low-passed, with a parabola through the peak; OpenCV's takes a centroid instead, which was found
    to err by up to 0.3 px on pictures without high frequencies.
    """
    rows, columns = reference.shape
    window, band = _windows(rows, columns)
    a, b = torch.from_numpy(reference), torch.from_numpy(moved)
    spectra = torch.fft.rfft2(torch.stack([a - a.mean(), b - b.mean()]) * window)
    cross = spectra[0].conj() * spectra[1]
    size = cross.abs()
    level = float(size.max())
    if not math.isfinite(level) or level < 1e-3:
        return 0.0, 0.0, 0.0
    surface = torch.fft.irfft2(cross / (size + 1e-3 * level) * band, s=(rows, columns))
    y, x = divmod(int(surface.argmax()), columns)
    height = float(surface[y, x]) / (float(band.sum()) * 2.0 / (rows * columns))
    fine_y = _parabola([float(surface[(y + step) % rows, x]) for step in (-1, 0, 1)])
    fine_x = _parabola([float(surface[y, (x + step) % columns]) for step in (-1, 0, 1)])
    return _signed(x, columns) + fine_x, _signed(y, rows) + fine_y, height


@lru_cache(maxsize=8)
def _windows(rows: int, columns: int) -> tuple[torch.Tensor, torch.Tensor]:
    window = torch.outer(torch.hann_window(rows, periodic=False), torch.hann_window(columns, periodic=False))
    square = torch.fft.fftfreq(rows)[:, None] ** 2 + torch.fft.rfftfreq(columns)[None, :] ** 2
    return window, torch.exp(-square / (2.0 * PASS_BAND**2))


def _parabola(values: list[float]) -> float:
    left, middle, right = values
    curve = left - 2.0 * middle + right
    return 0.0 if curve >= 0.0 else (left - right) / (2.0 * curve)


def _signed(index: int, count: int) -> int:
    return index - count if index > count // 2 else index


def measure_shift(reference: Luma, layer: Luma) -> Shift:
    """Shift of `layer` against `reference` by phase correlation on the central 128 pixels; (0, 0) if there is none
    that can be trusted."""
    height, width = reference.shape
    side_y, side_x = min(WINDOW_PX, height), min(WINDOW_PX, width)
    top, left = (height - side_y) // 2, (width - side_x) // 2
    if min(side_x, side_y) < 16:
        return 0.0, 0.0
    inner = np.s_[top : top + side_y, left : left + side_x]
    dx, dy, response = phase_shift(reference[inner], layer[inner])
    if response < MINIMUM_RESPONSE or not MINIMUM_SHIFT_PX <= max(abs(dx), abs(dy)) <= MAXIMUM_SHIFT_PX:
        return 0.0, 0.0
    return dx, dy


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
