"""Figures of merit: PSNR, area under the ROC curve, balanced accuracy."""

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
