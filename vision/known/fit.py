"""How far an aligned memory explains a blurred picture, and what of it may be shown in its place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.known import motion
from vision.known.box import enlarged
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)
Plane = NDArray[np.float32]

CAUTION = 4.0  # energy of the misfit against that of the detail offered; see docs/enhanced-view.md
NOISE_FLOOR = 1.0  # squared 8-bit steps: detail weaker than this is noise
UNKNOWN_BLUR_PX = 2.5  # half-size pixels, standard deviation: what both pictures still show when the blur is not known
WINDOW = 5  # quarter-size pixels over which energies are averaged


@dataclass(frozen=True, slots=True)
class Fit:
    """What the memory offers: the blurred picture with the detail that the blur took, from the memory."""

    half: Plane  # (H/2, W/2), what is offered at half size
    misfit: Plane  # (H/2, W/2): added to the memory, it gives what is offered
    weight: Plane  # (H/4, W/4), 0..1: how much of that is likely to be right
    unexplained: float  # energy of the misfit against that of the detail; 0: the memory explains the picture


def weigh(blurred_half: Luma, memory_half: Luma, kernel: motion.Kernel | None) -> Fit:
    """Blurs the aligned memory as the picture was blurred and compares it with the picture, both (H/2, W/2).

    What the blurred memory lacks or has too much of is put right in it: so an offset of brightness or of place below
    the blur's own size does no harm, and only the detail that the blur took comes from the memory.  Where the misfit is
    strong beside that detail, the weight is low: small blurs, of which little is to be had, are left alone.
    """
    half, seen = memory_half.astype(np.float32), blurred_half.astype(np.float32)
    if kernel is None:
        again, seen_again = (motion.soften(picture, UNKNOWN_BLUR_PX) for picture in (half, seen))
        misfit = seen_again - again
        # What the picture has of fine detail itself, the memory need not bring: only what it has beyond that counts.
        detail_energy = np.maximum(_energy(half - again) - _energy(seen - seen_again), 0.0)
    else:
        again = motion.blur(half, kernel)
        misfit = seen - again
        detail_energy = _energy(half - again)
    misfit_energy = _energy(misfit)
    weight = detail_energy / (detail_energy + CAUTION * misfit_energy + NOISE_FLOOR)
    unexplained = float(misfit_energy.mean()) / max(NOISE_FLOOR, float(detail_energy.mean()))
    offered = (half + misfit).astype(np.float32, copy=False)
    return Fit(offered, misfit, weight.astype(np.float32, copy=False), unexplained)


def expect(blurred_half: Luma, fit: Fit, weight: Plane) -> tuple[Plane, Plane]:
    """What the sharp picture is likely to be, (H/2, W/2), and the weight (H/4, W/4) scaled up to that size."""
    seen = blurred_half.astype(np.float32)
    fits = enlarged(weight, seen.shape[1], seen.shape[0], 0, seen.shape[0])
    return (seen + fits * (fit.half - seen)).astype(np.float32, copy=False), fits


def _energy(plane: Plane) -> Plane:
    """Mean square around each cell of the quarter size."""
    size = (plane.shape[1] // 2, plane.shape[0] // 2)
    square = cv2.resize(cv2.multiply(plane, plane), size, interpolation=cv2.INTER_AREA)
    return cv2.blur(square, (WINDOW, WINDOW)).astype(np.float32, copy=False)


def mix(blurred: Luma, offered: Luma, weight: Plane) -> Luma:
    """The blurred picture with what is offered, (H, W), by a weight of any size."""
    fits = cv2.resize(weight, (blurred.shape[1], blurred.shape[0]), interpolation=cv2.INTER_LINEAR)
    return _blend(blurred, offered, fits.astype(np.float32, copy=False))


def _blend(blurred: Luma, offered: Luma, fits: Plane) -> Luma:
    return cv2.blendLinear(offered, blurred, fits, 1.0 - fits).astype(np.uint8, copy=False)
