"""Picture sheets: a detail of a frame by every method, beside the truth, for people to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vision.evaluation.figures import EARLY, LATE
from vision.evaluation.methods import FUSED, INPUT, KINDS
from vision.evaluation.quality import Luma, Mask
from vision.evaluation.shaken import TRUTH, BlurredScore
from vision.frames import Picture
from vision.opencv import cv2
from vision.training.shaking import ShakenFrame

DETAIL_PX = 156  # a side, in the frame
ZOOM = 2
COLUMNS = 4
GAP_PX = 8
LINE_PX = 26  # of text
WORST = 3  # frames of the least gain that get a sheet
_TYPICAL_AGES = (EARLY[2], LATE[2])  # which frame of a burst stands for its class: chosen before it was seen
_PAPER, _INK, _MARK = (245, 245, 245), (20, 20, 20), (60, 220, 60)


@dataclass(frozen=True, slots=True)
class _Detail:
    title: str
    overview: Picture  # recorded and fused side by side, the detail marked
    tiles: dict[str, Picture]  # label -> zoomed detail


class Sheets:
    """Collects details while frames are judged, and writes them.  They hold crops of the data: keep them out of the
    repository."""

    def __init__(self) -> None:
        self._typical: dict[str, _Detail] = {}
        self._worst: list[tuple[float, _Detail]] = []

    def watch(self, frame: ShakenFrame, score: BlurredScore, part: Mask, pictures: Mapping[str, Luma]) -> None:
        """A frame that has been judged: kept when it is the first of its class, or among the worst so far."""
        gain = score.gain_db(FUSED)
        name = _class_of(score)
        typical = name is not None and name not in self._typical
        worst = len(self._worst) < WORST or gain < self._worst[-1][0]
        if not (typical or worst):
            return
        detail = _detail(frame, score, part, pictures)
        if name is not None and typical:
            self._typical[name] = detail
        if worst:
            self._worst = sorted([*self._worst, (gain, detail)], key=lambda pair: pair[0])[:WORST]

    def write(self, folder: Path) -> list[Path]:
        """One PNG for each class of blur and each of the worst frames.  Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        named = self._typical | {f"worst-{place}": detail for place, (_, detail) in enumerate(self._worst, start=1)}
        written: list[Path] = []
        for name, detail in named.items():
            path = folder / f"{name}.png"
            path.write_bytes(cv2.imencode(".png", _sheet(detail))[1].tobytes())
            written.append(path)
        return written


def _class_of(score: BlurredScore) -> str | None:
    if score.age is None:
        return f"{score.kind}-no-memory" if score.first else None
    return f"{score.kind}-age-{score.age}" if score.age in _TYPICAL_AGES else None


def _detail(frame: ShakenFrame, score: BlurredScore, part: Mask, pictures: Mapping[str, Luma]) -> _Detail:
    truth = pictures.get(TRUTH, cv2.cvtColor(frame.truth, cv2.COLOR_BGR2GRAY))
    x, y = busiest(truth.astype(np.uint8, copy=False), part)
    box = np.s_[y : y + DETAIL_PX, x : x + DETAIL_PX]
    recorded = pictures[INPUT]
    tiles: dict[str, Picture] = {}
    for name in (name for name in KINDS if name in pictures):
        gain = "" if name == INPUT else f" {score.gain_db(name):+.1f} dB"
        label = (
            "recorded" if name == INPUT else KINDS[name].label.replace(".- ", "ardson-").replace("Deblur G", "DeblurG")
        )
        tiles[label + gain] = _zoomed(_coloured(frame.picture[box], recorded[box], pictures[name][box]))
    tiles[TRUTH] = _zoomed(frame.truth[box])
    fused = _coloured(frame.picture, recorded, pictures[FUSED])
    age = "no memory" if score.age is None else f"{score.age} frames after a clear one"
    title = f"{score.kind} {score.length_px:.1f} px, {age}, {score.region}, {score.operation}, {score.sequence}"
    return _Detail(title, np.hstack([_marked(picture, x, y) for picture in (frame.picture, fused)]), tiles)


def busiest(luma: Luma, part: Mask) -> tuple[int, int]:
    """Left and top of the square with the most fine structure inside the judged part."""
    slope = np.minimum(cv2.absdiff(luma, cv2.blur(luma, (9, 9))), 40).astype(np.float32)
    window = (DETAIL_PX, DETAIL_PX)
    structure = cv2.boxFilter(slope, -1, window, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    covered = cv2.boxFilter(part.astype(np.float32) / 255.0, -1, window, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    height, width = luma.shape
    inner = (structure * covered**4)[: max(1, height - DETAIL_PX + 1), : max(1, width - DETAIL_PX + 1)]
    y, x = np.unravel_index(int(np.argmax(inner)), inner.shape)
    return int(x), int(y)


def _coloured(picture: Picture, before: Luma, after: Luma) -> Picture:
    change = cv2.subtract(after, before, dtype=cv2.CV_16S)
    return cv2.add(picture, cv2.merge([change, change, change]), dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def _zoomed(detail: Picture) -> Picture:
    side = ZOOM * DETAIL_PX
    return cv2.resize(detail, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def _marked(picture: Picture, x: int, y: int) -> Picture:
    """The whole frame, two details wide, with the detail's place drawn into it."""
    width = 2 * ZOOM * DETAIL_PX + GAP_PX
    scale = width / picture.shape[1]
    small = cv2.resize(picture, (width, round(picture.shape[0] * scale)), interpolation=cv2.INTER_AREA)
    corner = (round(x * scale), round(y * scale))
    other = (round((x + DETAIL_PX) * scale), round((y + DETAIL_PX) * scale))
    return cv2.rectangle(small, corner, other, _MARK, 2).astype(np.uint8, copy=False)


def _sheet(detail: _Detail) -> Picture:
    side = ZOOM * DETAIL_PX
    width = COLUMNS * side + (COLUMNS + 1) * GAP_PX
    rows = -(-len(detail.tiles) // COLUMNS)
    overview = cv2.resize(detail.overview, (width - 2 * GAP_PX, detail.overview.shape[0]), interpolation=cv2.INTER_AREA)
    top = 2 * LINE_PX + overview.shape[0] + GAP_PX
    sheet = np.full((top + rows * (side + LINE_PX + GAP_PX), width, 3), _PAPER, np.uint8)
    _write(sheet, detail.title, GAP_PX, LINE_PX)
    sheet[LINE_PX + GAP_PX : LINE_PX + GAP_PX + overview.shape[0], GAP_PX : GAP_PX + overview.shape[1]] = overview
    for place, (label, tile) in enumerate(detail.tiles.items()):
        x = GAP_PX + place % COLUMNS * (side + GAP_PX)
        y = top + place // COLUMNS * (side + LINE_PX + GAP_PX)
        _write(sheet, label, x, y + LINE_PX - GAP_PX)
        sheet[y + LINE_PX : y + LINE_PX + side, x : x + side] = tile
    return sheet


def _write(sheet: Picture, text: str, x: int, baseline: int) -> None:
    ascii_text = text.encode("ascii", "replace").decode()  # OpenCV's strokes know no other letters
    cv2.putText(sheet, ascii_text, (x, baseline - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.55, _INK, 1, cv2.LINE_AA)
