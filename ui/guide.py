"""The pictures of the user's guide: states of the gallery as small PNG files.  `make guide`, or `python -m ui.guide`.

Fake data is marked in them as on the screen: SIMULATION stands on every picture that the tower shows.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ui import gallery
from ui.appearance import Appearance

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE = QSize(1280, 800)
COLOURS = 256  # as many as a byte tells apart; nothing of the screen is lost to the eye
BITS = 5  # of each channel, by which colours are counted


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the guide: a state of the gallery under a look."""

    state: str
    appearance: Appearance = gallery.DEFAULT

    @property
    def file_name(self) -> str:
        """Its file in `FOLDER`: "guide-pad.png"; another look stands in the name: "guide-normal-daylight-zh.png"."""
        look, usual = self.appearance, gallery.DEFAULT
        marks = [
            value for value, plain in ((look.theme, usual.theme), (look.language, usual.language)) if value != plain
        ]
        return "-".join(["guide", self.state, *marks]) + ".png"


SHOTS = (
    *(
        Shot(state)
        for state in (
            "self-test-passed",
            "self-test-failed",
            "normal",
            "pad",
            "pad-asks",
            "pending",
            "mode",
            "preset",
            "alarms",
            "alarm-list",
            "alarm-history",
            "plots",
            "venting",
            "appearance",
            "closing-failed",
            "locked",
            "raw",
            "split",
            "inset",
            "looked-at",
            "camera",
            "second-screen",
            "stale",
            "set-up-port",
            "set-up-screen",
            "set-up-camera",
            "set-up-save",
            "service",
            "frames",
            "modules",
            "log",
            "role",
            "code",
        )
    ),
    Shot("normal", Appearance(theme="daylight", language="zh")),
)


def palette(pixels: NDArray[np.uint8], colours: int = COLOURS) -> NDArray[np.uint8]:
    """The (`colours`, 3) colours that stand for all of `pixels` (N, 3), by median cut: the box of colours with the
    widest spread over the most pixels is halved until there are enough."""
    coarse = pixels >> (8 - BITS)
    keys = (coarse[:, 0].astype(np.int64) << 2 * BITS) | (coarse[:, 1].astype(np.int64) << BITS) | coarse[:, 2]
    _, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(where, pixels[:, c]) / counts for c in range(3)], axis=1)
    boxes = [np.arange(len(counts))]
    while len(boxes) < colours:
        spreads = [
            np.ptp(means[box], axis=0).max() * np.log1p(counts[box].sum()) if len(box) > 1 else 0 for box in boxes
        ]
        widest = int(np.argmax(spreads))
        if spreads[widest] == 0:
            break
        box = boxes.pop(widest)
        box = box[np.argsort(means[box, np.argmax(np.ptp(means[box], axis=0))], kind="stable")]
        heard = np.cumsum(np.sqrt(counts[box]))  # by its root: small letters count beside wide ground
        cut = min(max(1, int(np.searchsorted(heard, heard[-1] / 2))), len(box) - 1)
        boxes += [box[:cut], box[cut:]]
    chosen = [np.average(means[box], axis=0, weights=counts[box]) for box in boxes]
    return np.round(chosen).astype(np.uint8)


def reduced(picture: QImage) -> QImage:
    """`picture` in `COLOURS` colours of its own."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    pixels = rows[:, : 3 * plain.width()].reshape(-1, 3)
    table = [0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in palette(pixels)]
    return plain.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.ThresholdDither)


def take(shot: Shot, folder: Path) -> Path:
    """Draw and save one picture; its path.  Raises `OSError` when it cannot be written."""
    with gallery.standing_clock():
        window, page = gallery.opened(SIZE, shot.state, shot.appearance, settled=False)
        taken = gallery.picture(page)
    gallery.put_away(window, page)
    path = folder / shot.file_name
    if not reduced(taken).save(str(path), quality=0):  # 0: the smallest file
        raise OSError(f"cannot write {path}: check that the folder exists and can be written")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Make all pictures of the guide anew, or those named."""
    parser = argparse.ArgumentParser(prog="python -m ui.guide", description=__doc__, allow_abbrev=False)
    names = [shot.file_name for shot in SHOTS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="FILE", help=", ".join(names))
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they go (default: docs/images)")
    options = parser.parse_args(arguments)
    application = QApplication.instance()
    if application is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # the pictures need no screen, and none rules their looks
        application = QApplication(sys.argv[:1])
    for shot in SHOTS:
        if shot.file_name not in options.only:
            continue
        try:
            print(take(shot, options.folder), flush=True)
        except OSError as error:
            print(error, file=sys.stderr)
            return gallery.FAILED
    application.processEvents()
    return gallery.OK


if __name__ == "__main__":
    sys.exit(main())
