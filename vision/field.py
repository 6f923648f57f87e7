"""Where the picture is: the round field of view in its black surround, the crops and the thumbnail cut from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.frames import Picture
from vision.models.region import SIDE
from vision.models.sharpness import CROP, CROPS
from vision.opencv import cv2

Luma = NDArray[np.uint8]  # (H, W)

STEP = 8  # the field is searched on a picture reduced by this factor
RIM = 5  # cells of STEP pixels: width of the erosion window, two cells on each side
DARK = 14  # 8-bit luma; the surround of the footage seen lies at 0-8, tissue in its dark parts above 15
MINIMUM_SIDE = 48  # pixels; below it neither sharpness nor region can be judged
MINIMUM_SPREAD = 1.5  # 8-bit luma; a picture with less is uniform: lens cap, white-out, no signal


@dataclass(frozen=True, slots=True)
class Field:
    """The field of view: a reduced mask and its bounding box in full-size pixels."""

    quarter: Luma  # (ceil(H / 4), ceil(W / 4)), the picture itself, reduced
    mask: NDArray[np.bool_]  # (ceil(H / 8), ceil(W / 8)), True inside
    left: int
    top: int
    right: int  # exclusive
    bottom: int  # exclusive


class NothingToJudgeError(Exception):
    """A picture that is too small, too dark or uniform.  The text says which."""


def to_luma(image: Picture) -> Luma:
    """(H, W, 3) uint8 BGR -> (H, W) uint8 by BT.601."""
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)


def halve(plane: Luma) -> Luma:
    """Half-size mean, sides rounded up.  Thrice this is seven times faster than one reduction by 8 (OpenCV 5.0)."""
    height, width = plane.shape
    size = (-(-width // 2), -(-height // 2))
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def find_field(luma: Luma) -> Field:
    """Field of view of a picture.  Raises `NothingToJudgeError`."""
    height, width = luma.shape
    if min(height, width) < MINIMUM_SIDE:
        raise NothingToJudgeError(
            f"too small to judge: {width}x{height}, at least {MINIMUM_SIDE} pixels a side are needed"
        )
    quarter = halve(halve(luma))
    small = halve(quarter)
    mask = small > DARK
    if mask.mean() < 0.02:
        raise NothingToJudgeError("nothing to judge: the picture is dark")
    if float(small[mask].std()) < MINIMUM_SPREAD:
        raise NothingToJudgeError("nothing to judge: the picture is uniform")
    # Overlay text is thin: rows and columns of the field have many lit cells, those of a text line few.
    columns = np.flatnonzero(mask.sum(axis=0) > 0.12 * mask.shape[0])
    rows = np.flatnonzero(mask.sum(axis=1) > 0.12 * mask.shape[1])
    if columns.size < 2 or rows.size < 2:
        return Field(quarter, mask, 0, 0, width, height)
    left, right = int(columns[0]) * STEP, min((int(columns[-1]) + 1) * STEP, width)
    top, bottom = int(rows[0]) * STEP, min((int(rows[-1]) + 1) * STEP, height)
    inside = np.zeros_like(mask)
    inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    return Field(quarter, mask & inside, left, top, right, bottom)


def inner_weight(field: Field, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """How far each cell of a grid of `shape` (rows, columns) over the picture lies inside the field of view, 0..255.

    0 in the surround with its overlay text and on the rim, which does not shake with the scene; the field is taken as
    convex, so that dark tissue inside it counts as inside.
    """
    reduced = field.mask.astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(reduced, connectivity=4)
    if count > 1:
        reduced = (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)
    contours, _ = cv2.findContours(reduced, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(np.concatenate(contours)) if contours else None
    full = np.zeros_like(reduced) if hull is None else cv2.fillConvexPoly(np.zeros_like(reduced), hull, 255)
    # Outside the picture counts as inside: a field that fills the picture has no rim there.
    inner = cv2.erode(full, np.ones((RIM, RIM), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=255.0)
    return cv2.resize(inner, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def cut_crops(luma: Luma, field: Field) -> NDArray[np.uint8]:
    """(6, 128, 128) uint8: where the field of view has most structure, spread over it.

    Windows lie on a grid of half a crop; a window counts by its mean gradient on the quarter-size picture times how
    much of it lies inside the field, and takes its neighbours out of the choice.  Pictures smaller than a crop are
    reflected to its size; if there are fewer windows than crops, they are taken again in order.
    """
    height, width = luma.shape
    if height < CROP or width < CROP:
        grow_y, grow_x = max(0, CROP - height), max(0, CROP - width)
        luma = cv2.copyMakeBorder(luma, 0, grow_y, 0, grow_x, cv2.BORDER_REFLECT).astype(np.uint8, copy=False)
        height, width = luma.shape
        mask, quarter = np.ones((-(-height // STEP), -(-width // STEP)), dtype=np.bool_), halve(halve(luma))
    else:
        mask, quarter = field.mask, field.quarter
    slope = cv2.absdiff(quarter, cv2.blur(quarter, (5, 5)))
    inside = cv2.resize(mask.astype(np.float32), (slope.shape[1], slope.shape[0]), interpolation=cv2.INTER_NEAREST)
    # The rim of the field is the strongest edge of the picture and says nothing of its sharpness.
    inner = cv2.erode(inside, np.ones((9, 9), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1.0)
    window = CROP // 4
    sums = cv2.boxFilter(np.minimum(slope, 40).astype(np.float32) * inner, -1, (window, window), anchor=(0, 0))
    share = cv2.boxFilter(inner.astype(np.float32), -1, (window, window), anchor=(0, 0))
    last_y, last_x = (height - CROP) // 4, (width - CROP) // 4
    stride = window // 2
    ys = np.unique(np.append(np.arange(0, last_y + 1, stride), last_y))
    xs = np.unique(np.append(np.arange(0, last_x + 1, stride), last_x))
    score = sums[np.ix_(ys, xs)] * share[np.ix_(ys, xs)] ** 4
    chosen: list[tuple[int, int]] = []
    for _ in range(CROPS):
        row, column = np.unravel_index(int(np.argmax(score)), score.shape)
        if chosen and score[row, column] <= 0.0:
            break
        chosen.append((int(ys[row]) * 4, int(xs[column]) * 4))
        near_y = np.abs(ys - ys[row]) < window
        near_x = np.abs(xs - xs[column]) < window
        score[np.ix_(near_y, near_x)] = 0.0
    crops = [luma[y : y + CROP, x : x + CROP] for y, x in chosen]
    return np.stack([crops[index % len(crops)] for index in range(CROPS)])


def cut_thumbnail(image: Picture, field: Field) -> Picture:
    """(112, 112, 3) uint8 BGR: the middle square of the field of view."""
    left, top, right, bottom = field.left, field.top, field.right, field.bottom
    side = min(right - left, bottom - top)
    x, y = (left + right - side) // 2, (top + bottom - side) // 2
    # Large pictures are thinned out first: averaging all their pixels costs more than it tells.
    thin = side // max(1, side // (2 * SIDE))
    step = side // thin
    square = image[y : y + thin * step, x : x + thin * step]
    thinned = cv2.resize(square, (thin, thin), interpolation=cv2.INTER_NEAREST)  # four times as fast as a strided copy
    return cv2.resize(thinned, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
