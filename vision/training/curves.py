"""The course of a training as a CSV file, and drawn as a PNG."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vision.opencv import cv2

WIDTH, HEIGHT = 1000, 320  # pixels of one panel
LEFT, RIGHT, TOP, BOTTOM = 90, 190, 40, 50  # its margins; names of the curves stand on the right
COLOURS = ((176, 114, 31), (14, 127, 255), (44, 160, 44), (40, 39, 214), (189, 103, 148), (75, 86, 140), (90, 90, 90))
INK, GRID, PAPER = (40, 40, 40), (225, 225, 225), (255, 255, 255)  # BGR


Place = Callable[[NDArray[np.float64]], NDArray[np.int32]]  # (N, 2) step and value -> (N, 2) pixel x and y


class CurveLog:
    """A CSV file with the column `step` first; a column that a row lacks stays empty."""

    def __init__(self, path: Path, columns: Sequence[str], resume_step: int | None = None) -> None:
        """A new file; or, with `resume_step`, goes on with the one that is there and drops rows after that step,
        which an interrupted run wrote after its last checkpoint."""
        self.path = path
        self.columns = ["step", *columns]
        kept: list[dict[str, str]] = []
        if resume_step is not None and path.is_file():
            with path.open(newline="", encoding="utf-8") as file:
                rows = csv.DictReader(file)
                kept = [row for row in rows if row.get("step", "").isdigit() and int(row["step"]) <= resume_step]
        partial = path.with_name(path.name + ".part")
        with partial.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self.columns, extrasaction="ignore", restval="")
            writer.writeheader()
            writer.writerows(kept)
        partial.replace(path)

    def add(self, step: int, values: Mapping[str, float]) -> None:
        """One row, on the disk when this returns.  Values beyond the columns are left out."""
        row = {"step": str(step)} | {key: f"{value:.6g}" for key, value in values.items()}
        with self.path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self.columns, extrasaction="ignore", restval="").writerow(row)


@dataclass(frozen=True, slots=True)
class Panel:
    """One diagram over the steps: its title with the unit, and the columns drawn in it."""

    title: str
    columns: tuple[str, ...]


def draw(log: Path, target: Path, panels: Sequence[Panel]) -> None:
    """Draws columns of a `CurveLog` file over the steps, one panel under the other, into a PNG.

    Columns that are not in the file, or hold no number, are left out.  Raises OSError when `target` cannot be
    written.
    """
    with log.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pictures = [_panel(panel, rows) for panel in panels]
    ok, data = cv2.imencode(".png", np.concatenate(pictures))
    if not ok:
        raise OSError(f"{target}: the curves could not be encoded as PNG")
    partial = target.with_name(target.name + ".part")
    partial.write_bytes(data.tobytes())
    partial.replace(target)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About `count` round values (1, 2 or 5 times a power of ten) within low..high."""
    if not high > low:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough)
    return [index * step for index in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _panel(panel: Panel, rows: Sequence[Mapping[str, str]]) -> NDArray[np.uint8]:
    picture = np.full((HEIGHT, WIDTH, 3), PAPER, dtype=np.uint8)
    _write(picture, panel.title, (LEFT, 26), 0.6)
    curves = {column: _points(rows, column) for column in panel.columns}
    curves = {column: points for column, points in curves.items() if len(points)}
    if not curves:
        _write(picture, "no values yet", (LEFT + 20, HEIGHT // 2), 0.5)
        return picture
    points = np.concatenate(list(curves.values()))
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    right = right if right > left else left + 1.0
    space = 0.05 * (high - low) if high > low else max(abs(high), 1.0) * 0.05
    low, high = low - space, high + space

    def place(xy: NDArray[np.float64]) -> NDArray[np.int32]:
        x = LEFT + (xy[:, 0] - left) / (right - left) * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - (xy[:, 1] - low) / (high - low) * (HEIGHT - TOP - BOTTOM)
        return np.rint(np.stack([x, y], axis=1)).astype(np.int32)

    _axes(picture, place, (left, right), (low, high))
    for number, (column, xy) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        line = place(xy)
        cv2.polylines(picture, [line[:, None]], False, colour, 2, cv2.LINE_AA)
        if len(line) == 1:
            cv2.circle(picture, (int(line[0, 0]), int(line[0, 1])), 3, colour, -1, cv2.LINE_AA)
        y = TOP + 14 + 22 * number
        cv2.line(picture, (WIDTH - RIGHT + 10, y - 4), (WIDTH - RIGHT + 28, y - 4), colour, 2, cv2.LINE_AA)
        _write(picture, column, (WIDTH - RIGHT + 34, y), 0.42)
    return picture


def _axes(picture: NDArray[np.uint8], place: Place, x: tuple[float, float], y: tuple[float, float]) -> None:
    for value in ticks(*y):
        _, at = place(np.array([[x[0], value]]))[0]
        cv2.line(picture, (LEFT, int(at)), (WIDTH - RIGHT, int(at)), GRID, 1)
        label = f"{value:.4g}"
        (width, _), _ = cv2.getTextSize(label, cv2.FONT_HERSHEY_SIMPLEX, 0.42, 1)
        _write(picture, label, (LEFT - 8 - width, int(at) + 4), 0.42)
    for value in ticks(*x):
        at, _ = place(np.array([[value, y[0]]]))[0]
        cv2.line(picture, (int(at), HEIGHT - BOTTOM), (int(at), HEIGHT - BOTTOM + 4), INK, 1)
        _write(picture, f"{value:.0f}", (int(at) - 16, HEIGHT - BOTTOM + 20), 0.42)
    cv2.rectangle(picture, (LEFT, TOP), (WIDTH - RIGHT, HEIGHT - BOTTOM), INK, 1)
    _write(picture, "step", ((LEFT + WIDTH - RIGHT) // 2 - 16, HEIGHT - 12), 0.45)


def _points(rows: Sequence[Mapping[str, str]], column: str) -> NDArray[np.float64]:
    """(N, 2) step and value of the rows that hold a finite number there."""
    found: list[tuple[float, float]] = []
    for row in rows:
        try:
            value = float(row.get(column) or "nan")
            step = float(row["step"])
        except ValueError:
            continue
        if math.isfinite(value):
            found.append((step, value))
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _write(picture: NDArray[np.uint8], text: str, at: tuple[int, int], scale: float) -> None:
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, INK, 1, cv2.LINE_AA)
