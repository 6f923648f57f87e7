"""The blur itself: point spread function estimated from memory or motion, and the deconvolution by it."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]  # (H, W)
Kernel = NDArray[np.float32]  # (N, N), N odd, sums to 1; in half-resolution pixels

KERNEL = 25  # half-resolution pixels a side: blur up to 48 full-size pixels
WINDOW = 256  # half-resolution pixels a side used for the estimate
NOISE = 0.012  # noise-to-signal power at low frequencies
NOISE_SLOPE = 0.25  # how fast it rises with frequency (tissue has a 1/f spectrum, noise is white)
PAD = 24  # half-resolution pixels of reflection against ringing from the border


def halve(luma: Luma) -> Luma:
    """Half-size luma: what shake wipes out lies above its resolution anyway, at a quarter of the cost."""
    height, width = luma.shape
    return cv2.resize(luma, (width // 2, height // 2), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def estimate_psf(blurred_half: Luma, memory_half: Luma) -> Kernel | None:
    """The kernel that turns the aligned memory into the blurred picture: regularised least squares on gradients.

    Solved in the frequency domain on the central window.  None where nothing can be told: flat pictures, or a result
    without a clear peak (the memory does not fit).
    """
    height, width = blurred_half.shape
    side_y, side_x = min(WINDOW, height), min(WINDOW, width)
    if min(side_y, side_x) < 2 * KERNEL:
        return None
    top, left = (height - side_y) // 2, (width - side_x) // 2
    window = cv2.createHanningWindow((side_x, side_y), cv2.CV_32F)
    cross = power = None
    for dx, dy in ((1, 0), (0, 1)):
        b = cv2.Sobel(blurred_half[top : top + side_y, left : left + side_x], cv2.CV_32F, dx, dy, ksize=3) * window
        m = cv2.Sobel(memory_half[top : top + side_y, left : left + side_x], cv2.CV_32F, dx, dy, ksize=3) * window
        fb = cv2.dft(b, flags=cv2.DFT_COMPLEX_OUTPUT)
        fm = cv2.dft(m, flags=cv2.DFT_COMPLEX_OUTPUT)
        product = cv2.mulSpectrums(fb, fm, 0, conjB=True)
        square = fm[..., 0] ** 2 + fm[..., 1] ** 2
        cross = product if cross is None else cross + product
        power = square if power is None else power + square
    assert cross is not None
    assert power is not None
    floor = 0.02 * float(power.mean())
    if floor < 1.0:
        return None
    response = cv2.idft(cross / (power + floor)[..., None], flags=cv2.DFT_REAL_OUTPUT | cv2.DFT_SCALE)
    half = KERNEL // 2
    kernel = np.roll(response, (half, half), axis=(0, 1))[:KERNEL, :KERNEL].astype(np.float32)
    return _clean(kernel)


def _clean(kernel: Kernel) -> Kernel | None:
    """Positive, without specks far from the main part, centred, sum 1."""
    kernel = cv2.GaussianBlur(kernel, (3, 3), 0.6).astype(np.float32, copy=False)
    peak = float(kernel.max())
    if not np.isfinite(peak) or peak <= 0.0:
        return None
    kernel = np.where(kernel > 0.15 * peak, kernel, 0.0).astype(np.float32)
    _, labels = cv2.connectedComponents((kernel > 0).astype(np.uint8), connectivity=8)
    sums = np.bincount(labels.ravel(), weights=kernel.ravel())
    sums[0] = 0.0
    best = int(np.argmax(sums))
    if sums[best] < 0.5 * float(kernel.sum()):
        return None
    kernel[labels != best] = 0.0
    kernel = kernel / kernel.sum()
    # Flow has already put the memory on the middle of the movement; a kernel off its centre would shift the picture.
    y, x = np.indices(kernel.shape, dtype=np.float32)
    middle = KERNEL // 2
    matrix = np.array([[1, 0, middle - float((kernel * x).sum())], [0, 1, middle - float((kernel * y).sum())]])
    kernel = cv2.warpAffine(kernel, matrix.astype(np.float64), (KERNEL, KERNEL)).astype(np.float32, copy=False)
    return kernel / kernel.sum()


def line_psf(dx: float, dy: float) -> Kernel | None:
    """Kernel of a straight movement by (dx, dy) full-size pixels during the exposure; None below 2 pixels, where it
    is no more than the optics' own blur, or above what the kernel holds."""
    length = float(np.hypot(dx, dy)) / 2.0
    if not 1.0 <= length <= KERNEL - 1:
        return None
    kernel = np.zeros((KERNEL, KERNEL), dtype=np.float32)
    centre = KERNEL // 2
    for t in np.linspace(-0.5, 0.5, 8 * KERNEL):
        x, y = centre + t * dx / 2.0, centre + t * dy / 2.0
        x0, y0 = int(np.floor(x)), int(np.floor(y))
        fx, fy = x - x0, y - y0
        for px, py, weight in (
            (0, 0, (1 - fx) * (1 - fy)),
            (1, 0, fx * (1 - fy)),
            (0, 1, (1 - fx) * fy),
            (1, 1, fx * fy),
        ):
            if x0 + px < KERNEL and y0 + py < KERNEL:
                kernel[y0 + py, x0 + px] += weight
    return kernel / kernel.sum()


def spread(kernel: Kernel) -> float:
    """Root mean square radius of a kernel in full-size pixels; a straight movement of length L has L / sqrt(12)."""
    y, x = np.indices(kernel.shape, dtype=np.float64)
    cx, cy = float((kernel * x).sum()), float((kernel * y).sum())
    return 2.0 * float(np.sqrt((kernel * ((x - cx) ** 2 + (y - cy) ** 2)).sum()))


def deconvolve(luma: Luma, half: Luma, kernel: Kernel) -> Luma:
    """Wiener deconvolution of the half-size picture; its change is added to the full-size luma (H, W)."""
    height, width = half.shape
    rows, columns = cv2.getOptimalDFTSize(height + 2 * PAD), cv2.getOptimalDFTSize(width + 2 * PAD)
    bottom, right = rows - height - PAD, columns - width - PAD
    padded = cv2.copyMakeBorder(half, PAD, bottom, PAD, right, cv2.BORDER_REFLECT).astype(np.float32)
    placed = np.zeros((rows, columns), dtype=np.float32)
    placed[:KERNEL, :KERNEL] = kernel
    placed = np.roll(placed, (-(KERNEL // 2), -(KERNEL // 2)), axis=(0, 1))
    h = cv2.dft(placed, flags=cv2.DFT_COMPLEX_OUTPUT)
    spectrum = cv2.mulSpectrums(cv2.dft(padded, flags=cv2.DFT_COMPLEX_OUTPUT), h, 0, conjB=True)
    power = h[..., 0] * h[..., 0]
    power += h[..., 1] * h[..., 1]
    power += _noise(rows, columns)
    spectrum *= ((1.0 + NOISE) / power)[..., None]  # so that the mean brightness stays
    sharp = cv2.idft(spectrum, flags=cv2.DFT_REAL_OUTPUT | cv2.DFT_SCALE)
    change = sharp[PAD : PAD + height, PAD : PAD + width] - half
    full = cv2.resize(change, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.add(luma, full, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


@lru_cache(maxsize=4)
def _noise(rows: int, columns: int) -> NDArray[np.float32]:
    fy = np.fft.fftfreq(rows)[:, None]
    fx = np.fft.fftfreq(columns)[None, :]
    return (NOISE + NOISE_SLOPE * (fx * fx + fy * fy)).astype(np.float32)
