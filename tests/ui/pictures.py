"""Reference pictures of the screen: how they are taken, kept and compared.  Made anew by `python -m tests.ui.pictures`.

Look at what has changed (`git diff --stat tests/ui/reference`, and the pictures themselves) before committing new ones.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.walking import area, visible
from ui import gallery
from ui.appearance import LANGUAGES, THEMES, Appearance
from ui.widgets.key import Key
from ui.widgets.readout import Readout

FOLDER = Path(__file__).resolve().parent / "reference"
PLACES = FOLDER / "places.json"
LARGE, SMALL = SIZES = (QSize(1920, 1080), QSize(1280, 800))
# In every theme, language and size; then those in two looks, between which each theme, language and size is seen.
WHOLLY = ("keys", "values", "normal")
TWICE = (
    "alarms",
    "pad",
    "plots",
    "locked",
    "raw",
    "split",
    "appearance",
    "second-screen",
    "self-test",
    "service",
)
LOOKS = (("dark", "en", LARGE), ("daylight", "zh", SMALL))
HURRIED_MS, ROUND_MS = 5, 20  # the window's timers, and how long it is looked at for something that still moves
REDUCED = 4  # glyphs are drawn a little differently from machine to machine: a quarter of the size evens it out


@dataclass(frozen=True, slots=True)
class Case:
    """One page in one look, at these sizes of one window."""

    page: str
    theme: str
    language: str
    sizes: tuple[QSize, ...]

    def name(self, size: QSize) -> str:
        """Of its picture at this size: "pad-dark-en-1920"."""
        return f"{self.page}-{self.theme}-{self.language}-{size.width()}"


@dataclass(frozen=True, slots=True)
class Shot:
    """One page as it is now: its picture, reduced, and where its keys and numbers lie, [x, y, width, height]."""

    name: str
    picture: QImage
    places: dict[str, list[int]]

    @property
    def path(self) -> Path:
        """Where its reference lies."""
        return FOLDER / f"{self.name}.png"


def cases() -> list[Case]:
    """All that is kept a picture of."""
    wholly = [Case(page, theme, language, SIZES) for page, theme, language in product(WHOLLY, THEMES, LANGUAGES)]
    return wholly + [Case(page, theme, language, (size,)) for page, (theme, language, size) in product(TWICE, LOOKS)]


def shots(case: Case) -> list[Shot]:
    """The page at every size of the case, one window resized."""
    taken = []
    with gallery.standing_clock():
        look = Appearance(theme=case.theme, language=case.language)
        window, page = gallery.opened(case.sizes[0], case.page, look, settled=False)
        hurry(window)
        for size in case.sizes:
            page.resize(size)
            reduced = gallery.picture(page, ROUND_MS).scaled(
                size / REDUCED, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            taken.append(Shot(case.name(size), reduced.convertToFormat(QImage.Format.Format_RGB888), places(page)))
    gallery.put_away(window, page)
    QApplication.processEvents()
    return taken


def hurry(window: QWidget) -> None:
    """Nobody waits for a clock that stands: what the window draws by and by (numbers, plots) comes at once."""
    for timer in window.findChildren(QTimer):
        if timer.interval() <= gallery.SETTLE_MS:
            timer.setInterval(HURRIED_MS)


def places(page: QWidget) -> dict[str, list[int]]:
    """Where keys and numbers lie.  Each has its kind and its number in the tree as its name: the words may change."""
    found: dict[str, list[int]] = {}
    for kind in (Key, Readout):
        for at, widget in enumerate(visible(page, kind)):
            place = area(widget, page)
            found[f"{type(widget).__name__} {at}"] = [place.x(), place.y(), place.width(), place.height()]
    return found


def pixels(image: QImage) -> NDArray[np.float64]:
    """(H, W, 3) of a picture, 0 to 255."""
    made = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(made.constBits(), np.uint8).reshape(made.height(), made.bytesPerLine())
    return rows[:, : 3 * made.width()].reshape(made.height(), made.width(), 3).astype(np.float64)


def make() -> int:
    """Write all references anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    all_places: dict[str, dict[str, list[int]]] = {}
    for case in cases():
        for shot in shots(case):
            if not shot.picture.save(str(shot.path)):
                print(f"cannot write {shot.path}: check that the folder can be written", file=sys.stderr)
                return 1
            all_places[shot.name] = shot.places
            print(shot.path)
    lines = [f" {json.dumps(name)}: {json.dumps(places)}" for name, places in sorted(all_places.items())]
    PLACES.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    sys.exit(make())
