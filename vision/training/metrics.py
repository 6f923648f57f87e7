"""Figures of merit: PSNR, SSIM, area under the ROC curve, balanced accuracy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.opencv import cv2

Plane = NDArray[np.uint8]  # (H, W)


def psnr(picture: Plane, truth: Plane) -> float:
    """Peak signal-to-noise ratio in dB for 8-bit planes; 99 for equal ones."""
    error = float(np.mean((picture.astype(np.float64) - truth.astype(np.float64)) ** 2))
    return 99.0 if error == 0.0 else min(99.0, 10.0 * float(np.log10(255.0**2 / error)))


def ssim(picture: Plane, truth: Plane) -> float:
    """Structural similarity (Wang 2004): Gaussian window 11x11, sigma 1.5, K1 0.01, K2 0.03, population moments.

    Mean over the pixels whose window lies inside the picture; both sides at least 11 pixels.
    """
    if min(picture.shape) < 11 or picture.shape != truth.shape:
        raise ValueError(f"SSIM needs two pictures of the same size, at least 11x11: {picture.shape}, {truth.shape}")
    x, y = picture.astype(np.float64), truth.astype(np.float64)

    def local(plane: NDArray[np.float64]) -> NDArray[np.float64]:
        return cv2.GaussianBlur(plane, (11, 11), 1.5)[5:-5, 5:-5].astype(np.float64, copy=False)

    mean_x, mean_y = local(x), local(y)
    var_x, var_y = local(x * x) - mean_x**2, local(y * y) - mean_y**2
    covariance = local(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255.0) ** 2, (0.03 * 255.0) ** 2
    top = (2.0 * mean_x * mean_y + c1) * (2.0 * covariance + c2)
    return float(np.mean(top / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))))


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive scores above a negative, ties counted half; NaN when either is empty."""
    if len(positive) == 0 or len(negative) == 0:
        return float("nan")
    a, b = np.asarray(positive)[:, None], np.asarray(negative)[None, :]
    return float(np.mean((a > b) + 0.5 * (a == b)))


def balanced_accuracy(truth: Sequence[str], found: Sequence[str | None]) -> float:
    """Mean over the regions that occur in `truth` of the share found right."""
    regions = sorted(set(truth))
    shares = [np.mean([f == t for t, f in zip(truth, found, strict=True) if t == region]) for region in regions]
    return float(np.mean(shares)) if shares else float("nan")


def laplacian_variance(crops: NDArray[np.uint8]) -> float:
    """The classic sharpness figure, mean over crops (K, H, W): the baseline that the sharpness net has to beat."""
    return float(np.mean([cv2.Laplacian(crop, cv2.CV_64F).var() for crop in crops]))
