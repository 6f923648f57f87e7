"""The rectangle of a picture that is worked on: around the field of view, with sides that the generator takes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vision.models.generator import CELL, MULTIPLE
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)


class Box(NamedTuple):
    """A rectangle of the picture; right and bottom are exclusive and may lie past the picture's edge."""

    left: int
    top: int
    right: int
    bottom: int


def box_around(shape: tuple[int, ...], inside: NDArray[np.uint8] | None) -> Box:
    """The rectangle around what is inside, with sides that the generator takes."""
    left, top, right, bottom = 0, 0, shape[1], shape[0]
    if inside is not None and inside.any():
        columns, rows = np.flatnonzero(inside.any(axis=0)) * CELL, np.flatnonzero(inside.any(axis=1)) * CELL
        left, right = int(columns[0]) // MULTIPLE * MULTIPLE, int(columns[-1]) + CELL
        top, bottom = int(rows[0]) // MULTIPLE * MULTIPLE, int(rows[-1]) + CELL
    right = left + -(-(right - left) // MULTIPLE) * MULTIPLE
    bottom = top + -(-(bottom - top) // MULTIPLE) * MULTIPLE
    # At least three steps: a field of view that small is no field, and the reductions need something to reduce.
    return Box(left, top, max(right, left + 3 * MULTIPLE), max(bottom, top + 3 * MULTIPLE))


def cut(plane: NDArray[np.uint8], box: Box, border: int = cv2.BORDER_REFLECT) -> NDArray[np.uint8]:
    """The rectangle, contiguous; what lies past the picture's edge is made up from what lies before it."""
    part = plane[box.top : box.bottom, box.left : box.right]
    grow_y, grow_x = box.bottom - box.top - part.shape[0], box.right - box.left - part.shape[1]
    if grow_y or grow_x:
        part = cv2.copyMakeBorder(part, 0, grow_y, 0, grow_x, border).astype(np.uint8, copy=False)
    return np.ascontiguousarray(part)


def paste(luma: Luma, box: Box, part: Luma) -> Luma:
    """A copy of the picture with the rectangle replaced."""
    result = luma.copy()
    target = result[box.top : box.bottom, box.left : box.right]
    target[:] = part[: target.shape[0], : target.shape[1]]
    return result


def enlarged(plane: NDArray[np.float32], width: int, height: int, top: int, bottom: int) -> NDArray[np.float32]:
    """Rows `top` to `bottom` of a plane (h, w, ...) scaled up to (`height`, `width`), a multiple of its own size."""
    times = height // plane.shape[0]
    if times == 1:
        return plane[top:bottom]
    # One row more on each side: the rows are those that the whole plane would give.
    first, last = max(0, top // times - 1), min(plane.shape[0], -(-bottom // times) + 1)
    part = cv2.resize(plane[first:last], (width, (last - first) * times), interpolation=cv2.INTER_LINEAR)
    return part[top - first * times : bottom - first * times].astype(np.float32, copy=False)
