"""The blur itself: point spread function estimated from memory or motion, and the deconvolution by it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)
Plane = NDArray[np.float32]
Kernel = NDArray[np.float32]  # (N, N), N odd, sums to 1; in half-resolution pixels

KERNEL = 25  # half-resolution pixels a side: blur up to 48 full-size pixels
WINDOW = 256  # half-resolution pixels a side used for the estimate
NOISE = 0.012  # noise-to-signal power at low frequencies
NOISE_SLOPE = 0.25  # how fast it rises with frequency (tissue has a 1/f spectrum, noise is white)
MINIMUM_LIKENESS = 0.35  # correlation of slopes, blurred memory with picture: 0.43-0.97 where it fits, else below 0.1
SMALL_KERNEL = 11  # pixels a side, up to which cv2 filters directly; above it, spectra take 0.6 of its time
PAD = 24  # half-resolution pixels of reflection against ringing from the border


def halve(luma: Luma) -> Luma:
    """Half-size luma: what shake wipes out lies above its resolution anyway, at a quarter of the cost."""
    height, width = luma.shape
    return cv2.resize(luma, (width // 2, height // 2), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


@dataclass(frozen=True, slots=True)
class Blurred:
    """A blurred picture of half size with what of its spectra needs no memory."""

    half: Luma  # (H/2, W/2)
    slopes: torch.Tensor  # see `_slopes`
    spectrum: torch.Tensor  # see `_spectrum`

    @classmethod
    def of(cls, half: Luma) -> Blurred:
        """Of the picture (H/2, W/2)."""
        return cls(half, _slopes(half), _spectrum(half.astype(np.float32)))


def _slopes(half: Luma) -> torch.Tensor:
    """Spectra of the slopes across and down in the central window, (2, rows, columns/2+1) complex."""
    height, width = half.shape
    side_y, side_x = min(WINDOW, height), min(WINDOW, width)
    top, left = (height - side_y) // 2, (width - side_x) // 2
    part = half[top : top + side_y, left : left + side_x]
    slopes = np.stack([cv2.Sobel(part, cv2.CV_32F, dx, dy, ksize=3) for dx, dy in ((1, 0), (0, 1))])
    return torch.fft.rfft2(torch.from_numpy(slopes).mul_(_window(side_y, side_x)))


def estimate_psf(picture: Blurred, memory_half: Luma) -> Kernel | None:
    """The kernel that turns the aligned memory into the blurred picture: regularised least squares on gradients.

    Solved in the frequency domain on the central window.  None where nothing can be told: flat pictures, or a result
    without a clear peak or that does not explain the picture (the memory does not fit).
    """
    side_y, side_x = (min(WINDOW, side) for side in memory_half.shape)
    if min(side_y, side_x) < 2 * KERNEL:
        return None
    blurred, memory = picture.slopes, _slopes(memory_half)
    power = _power(memory[0]).add_(_power(memory[1]))
    floor = 0.02 * float(power.mean())
    if floor < 1.0:
        return None
    cross = (blurred * memory.conj()).sum(dim=0)
    response = torch.fft.irfft2(cross / (power + floor), s=(side_y, side_x)).numpy()
    half = KERNEL // 2
    kernel = _clean(np.roll(response, (half, half), axis=(0, 1))[:KERNEL, :KERNEL].astype(np.float32))
    if kernel is None:
        return None
    again = memory * _transfer(kernel, side_y, side_x)  # the memory, blurred by it
    one, other = (torch.view_as_real(spectrum).flatten() for spectrum in (blurred, again))
    common, sizes = float(one @ other), float(one @ one) * float(other @ other)
    if common < MINIMUM_LIKENESS * math.sqrt(sizes):
        return None
    return _centre(kernel)


def _clean(kernel: Kernel) -> Kernel | None:
    """Positive, without specks far from the main part, sum 1."""
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
    return (kernel / kernel.sum()).astype(np.float32)


def _centre(kernel: Kernel) -> Kernel:
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


def blur(picture: Plane, kernel: Kernel) -> Plane:
    """The half-size picture blurred by a kernel."""
    used = _trimmed(kernel)
    if used.shape[0] > SMALL_KERNEL:
        return _picture(_spectrum(picture).mul_(_transfer(kernel, *_sizes(picture.shape))), picture.shape)
    turned = np.ascontiguousarray(used[::-1, ::-1])  # cv2 correlates; a blur is a convolution
    return cv2.filter2D(picture, cv2.CV_32F, turned, borderType=cv2.BORDER_REFLECT).astype(np.float32, copy=False)


def _trimmed(kernel: Kernel) -> Kernel:
    """Without the empty rim, still centred: filtering costs by the kernel's area."""
    used = np.argwhere(kernel > 0.0)
    if used.size == 0:
        return kernel
    middle = kernel.shape[0] // 2
    reach = int(np.abs(used - middle).max())
    return kernel[middle - reach : middle + reach + 1, middle - reach : middle + reach + 1]


def soften(picture: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    """The half-size picture low-passed by a Gaussian."""
    return cv2.GaussianBlur(picture, (0, 0), sigma_px, borderType=cv2.BORDER_REFLECT).astype(np.float32, copy=False)


def undo(half: Luma, kernel: Kernel, noise: float = NOISE) -> Plane:
    """What Wiener's deconvolution adds to the half-size picture (H/2, W/2).

    `noise`: noise-to-signal power at low frequencies.
    """
    seen = half.astype(np.float32)
    sharp = _filtered(_spectrum(seen), _transfer(kernel, *_sizes(half.shape)), noise, half.shape)
    return sharp * np.float32(1.0 + noise) - seen  # so much gain that the mean brightness stays


def deconvolve(luma: Luma, half: Luma, kernel: Kernel, noise: float = NOISE) -> Luma:
    """Wiener's deconvolution of the half-size picture `half`; its change is added to the full-size `luma` (H, W)."""
    full = cv2.resize(undo(half, kernel, noise), (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.add(luma, full, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def undo_residual(picture: Blurred, expected_half: Plane, kernel: Kernel, noise: float) -> Plane:
    """What is to be added to the expected picture (H/2, W/2) so that it explains the blurred one, deconvolved.

    Only what the expected picture, blurred, leaves unexplained is deconvolved (residual deconvolution, Yuan 2007): far
    less rings, and what the blur has wiped out comes from the expected picture.
    """
    transfer = _transfer(kernel, *_sizes(expected_half.shape))
    unexplained = torch.addcmul(picture.spectrum, _spectrum(expected_half), transfer, value=-1)
    return _filtered(unexplained, transfer, noise, expected_half.shape)


def _sizes(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a picture of `shape` once padded."""
    height, width = shape
    return cv2.getOptimalDFTSize(height + 2 * PAD), cv2.getOptimalDFTSize(width + 2 * PAD)


def _spectrum(half: Plane) -> torch.Tensor:
    """Of the picture (H/2, W/2), padded: (rows, columns/2+1) complex."""
    rows, columns = _sizes(half.shape)
    bottom, right = rows - half.shape[0] - PAD, columns - half.shape[1] - PAD
    return torch.fft.rfft2(torch.from_numpy(cv2.copyMakeBorder(half, PAD, bottom, PAD, right, cv2.BORDER_REFLECT)))


def _transfer(kernel: Kernel, rows: int, columns: int) -> torch.Tensor:
    """Spectrum of a blur by the kernel, by its few pixels."""
    across, down, _ = _waves(rows, columns)
    used = _trimmed(kernel)
    first = (KERNEL - used.shape[0]) // 2
    kept = slice(first, first + used.shape[0])
    return (down[:, kept] @ torch.from_numpy(used).to(torch.complex64)) @ across[kept]


def _filtered(spectrum: torch.Tensor, transfer: torch.Tensor, noise: float, shape: tuple[int, ...]) -> Plane:
    """The picture of `shape` whose blurred spectrum is given, by Wiener's filter."""
    strength = _power(transfer).add_(_waves(*_sizes(shape))[2], alpha=noise).reciprocal_()
    sharp = spectrum * transfer.conj()
    torch.view_as_real(sharp).mul_(strength.unsqueeze(-1))  # not as a product of complex numbers: half the work
    return _picture(sharp, shape)


def _power(spectrum: torch.Tensor) -> torch.Tensor:
    return spectrum.real.square().addcmul_(spectrum.imag, spectrum.imag)


def _picture(spectrum: torch.Tensor, shape: tuple[int, ...]) -> Plane:
    return torch.fft.irfft2(spectrum, s=_sizes(shape)).numpy()[PAD : PAD + shape[0], PAD : PAD + shape[1]]


@lru_cache(maxsize=4)
def _waves(rows: int, columns: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Complex waves over a centred kernel, (KERNEL, columns/2+1) and (rows, KERNEL); rise of the noise, (rows, ...)."""
    place = torch.arange(KERNEL, dtype=torch.float64) - KERNEL // 2
    fy, fx = torch.fft.fftfreq(rows, dtype=torch.float64), torch.fft.rfftfreq(columns, dtype=torch.float64)
    across = torch.exp(-2j * math.pi * torch.outer(place, fx)).to(torch.complex64)
    down = torch.exp(-2j * math.pi * torch.outer(fy, place)).to(torch.complex64)
    rise = 1.0 + NOISE_SLOPE / NOISE * (fy[:, None] ** 2 + fx[None, :] ** 2)
    return across, down, rise.float()


@lru_cache(maxsize=4)
def _window(rows: int, columns: int) -> torch.Tensor:
    return torch.outer(torch.hann_window(rows, periodic=False), torch.hann_window(columns, periodic=False))
