"""Figures of merit of one picture: PSNR and SSIM against the truth inside the field of view, and the blur effect."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)
Mask = NDArray[np.uint8]  # (H, W), 0 or 255

RIM_PX = 24  # left out along the field's edge, which stands still on the sensor and is never deblurred
EQUAL_DB = 99.0  # PSNR of equal pictures, which would be infinite
REBLUR_PX = 11  # box of the blur effect; scikit-image takes the same

_REACH = 5  # of SSIM's window to each side
_SIGMA = 1.5
_C1, _C2 = (0.01 * 255.0) ** 2, (0.03 * 255.0) ** 2


def judged_part(inside: Mask, rim_px: int = RIM_PX) -> Mask:
    """The field of view without `rim_px` pixels along its edge and along the picture's."""
    side = 2 * max(rim_px, _REACH) + 1
    return cv2.erode(inside, np.ones((side, side), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0.0).astype(
        np.uint8, copy=False
    )


class Truth:
    """A sharp picture that others are held against.  What SSIM needs of it is worked out once for all of them."""

    def __init__(self, luma: Luma, judged: Mask) -> None:
        """`judged`: the part that counts, at least 5 pixels from the picture's edge.  Raises `ValueError`."""
        left, top, width, height = cv2.boundingRect(judged)
        tall, wide = luma.shape
        if not width or min(left, top, wide - left - width, tall - top - height) < _REACH or judged.shape != luma.shape:
            raise ValueError(
                f"the judged part must lie {_REACH} pixels inside a picture of its size: {width}x{height} at"
                f" {left},{top} of {wide}x{tall}"
            )
        # Nothing outside is looked at, so nothing outside is worked on.
        self._box = np.s_[top - _REACH : top + height + _REACH, left - _REACH : left + width + _REACH]
        self._judged = np.ascontiguousarray(judged[self._box])
        self._luma = np.ascontiguousarray(luma[self._box])
        self._centred = _centred(self._luma)
        self._mean = _local(self._centred)
        self._variance = _local(self._centred * self._centred) - self._mean * self._mean
        self._pixels = cv2.countNonZero(self._judged)

    def psnr(self, luma: Luma) -> float:
        """Peak signal-to-noise ratio in dB of (H, W) uint8; 99 for equal pictures."""
        error = cv2.norm(luma[self._box], self._luma, cv2.NORM_L2SQR, self._judged) / self._pixels
        return EQUAL_DB if error == 0.0 else min(EQUAL_DB, 10.0 * float(np.log10(255.0**2 / error)))

    def ssim(self, luma: Luma) -> float:
        """Structural similarity (Wang et al. 2004): Gaussian window 11x11, sigma 1.5, K1 0.01, K2 0.03, population
        moments; mean over the judged part."""
        # Moments of values around 0 keep float32 exact to five digits; variances do not mind the shift.  In place:
        # fresh memory for every product would cost more than the products.
        x = _centred(luma[self._box])
        mean, likeness, spread = _local(x), _local(x * self._centred), _local(x * x)
        likeness -= mean * self._mean  # covariance
        likeness += likeness
        likeness += _C2
        spread -= mean * mean  # variance
        spread += self._variance
        spread += _C2
        mean += 128.0
        other = self._mean + np.float32(128.0)
        both = mean * other
        both += both
        both += _C1
        likeness *= both
        mean *= mean
        other *= other
        mean += other
        mean += _C1
        spread *= mean
        likeness /= spread
        return float(cv2.mean(likeness, self._judged)[0])


def colour_psnr(picture: NDArray[np.uint8], truth: NDArray[np.uint8], judged: Mask) -> float:
    """PSNR in dB over B, G and R of two (H, W, 3) pictures in the judged part."""
    error = cv2.norm(picture, truth, cv2.NORM_L2SQR, judged) / (3.0 * cv2.countNonZero(judged))
    return EQUAL_DB if error == 0.0 else min(EQUAL_DB, 10.0 * float(np.log10(255.0**2 / error)))


def blur_effect(luma: Luma, judged: Mask) -> float:
    """How blurred a picture is by itself, 0 (sharp) to 1: the blur effect of Crete et al. (2007, SPIE 6492).

    The share of the slopes that a further blur (box of 11 pixels) leaves; the larger of the two directions.  A flat
    picture has no slopes: NaN.
    """
    left, top, width, height = cv2.boundingRect(judged)
    reach = REBLUR_PX // 2 + 1
    grown = np.s_[max(0, top - reach) : top + height + reach, max(0, left - reach) : left + width + reach]
    part, mask = luma[grown].astype(np.float32), np.ascontiguousarray(judged[grown])
    kept: list[float] = []
    for dx, dy in ((1, 0), (0, 1)):
        box = (REBLUR_PX, 1) if dx else (1, REBLUR_PX)
        before = _slopes(part, dx, dy)
        whole = cv2.mean(before, mask)[0]
        if whole <= 0.0:
            return float("nan")
        before -= _slopes(cv2.blur(part, box).astype(np.float32, copy=False), dx, dy)
        kept.append(1.0 - cv2.mean(np.maximum(before, 0.0, out=before), mask)[0] / whole)
    return max(kept)


def _centred(luma: Luma) -> NDArray[np.float32]:
    return luma.astype(np.float32) - np.float32(128.0)


def _local(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    side = 2 * _REACH + 1
    return cv2.GaussianBlur(plane, (side, side), _SIGMA).astype(np.float32, copy=False)


def _slopes(plane: NDArray[np.float32], dx: int, dy: int) -> NDArray[np.float32]:
    slopes = cv2.Sobel(plane, cv2.CV_32F, dx, dy, ksize=3).astype(np.float32, copy=False)
    return np.abs(slopes, out=slopes)
