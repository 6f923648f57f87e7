"""Colours as numbers: contrast by WCAG, and what is left of a difference for an eye that lacks one kind of cone."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

# Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency, IEEE TVCG
# 15(6), 2009; severity 1.0, on linear RGB.  Its tritanopia is the roughest of the three, as the authors say.
MACHADO_2009 = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE_D65 = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> NDArray[np.float64]:
    """Linear RGB, 0 to 1, of "#RRGGBB"."""
    made = QColor(colour)
    parts = np.array([made.redF(), made.greenF(), made.blueF()])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours by WCAG 2.1 (relative luminance), 1 to 21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    light, dark = sorted((float(weights @ linear(first)), float(weights @ linear(second))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) of linear RGB."""
    ratio = _XYZ @ np.clip(rgb, 0, 1) / _WHITE_D65
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(first: str, second: str, eye: str) -> float:
    """CIE 1976 colour difference as `eye`, a key of `MACHADO_2009`, sees it."""
    matrix = MACHADO_2009[eye]
    return float(np.linalg.norm(lab(matrix @ linear(first)) - lab(matrix @ linear(second))))
