"""Main pages and sheets of the gallery look as their reference pictures do, in both themes, languages and sizes."""

import json

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from tests.ui import pictures

# Levels of 255.  A key moved by its width, or another colour of it, is 10 and more in its tile; another machine's
# rendering of the same font below 3.
ON_AVERAGE, IN_A_TILE = 1.5, 9.0
TILES = (16, 16)  # across and down
SHIFT = 2  # pixels by which a key may lie elsewhere
AGAIN = "If that is meant: python -m tests.ui.pictures, look at the new pictures, commit them."


def worst(first: QImage, second: QImage) -> tuple[float, float]:
    """Mean difference of two pictures of one size, and that of the tile where they differ most."""
    apart = np.abs(pictures.pixels(first) - pictures.pixels(second)).mean(axis=2)
    rows = np.array_split(apart, TILES[1], axis=0)
    tiles = [tile.mean() for row in rows for tile in np.array_split(row, TILES[0], axis=1)]
    return float(apart.mean()), float(max(tiles))


@pytest.fixture(scope="module")
def known():
    return json.loads(pictures.PLACES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", pictures.cases(), ids=lambda case: f"{case.page}-{case.theme}-{case.language}")
def test_the_page_looks_as_its_reference(qapp, known, case):
    for shot in pictures.shots(case):
        reference = QImage(str(shot.path))
        assert not reference.isNull(), f"{shot.path} is missing. {AGAIN}"
        assert reference.size() == shot.picture.size()
        assert set(shot.places) == set(known[shot.name]), f"{shot.name}: other keys or numbers. {AGAIN}"
        moved = {
            name: (place, known[shot.name][name])
            for name, place in shot.places.items()
            if max(abs(a - b) for a, b in zip(place, known[shot.name][name], strict=True)) > SHIFT
        }
        assert moved == {}, f"{shot.name}: moved. {AGAIN}"
        mean, tile = worst(shot.picture, reference)
        assert mean <= ON_AVERAGE, f"{shot.name}: {mean:.2f} apart on average. {AGAIN}"
        assert tile <= IN_A_TILE, f"{shot.name}: {tile:.1f} apart in a tile. {AGAIN}"


def test_every_reference_belongs_to_a_page(known):
    names = {case.name(size) for case in pictures.cases() for size in case.sizes}
    assert names == set(known) == {path.stem for path in pictures.FOLDER.glob("*.png")}
    assert sum(path.stat().st_size for path in pictures.FOLDER.iterdir()) < 4_000_000


def test_a_key_in_another_colour_is_seen():
    """The measure itself: a patch as large as a small key, in a colour that is not far from the ground's."""
    name = f"keys-dark-en-{pictures.SIZES[0].width()}"
    changed = QImage(str(pictures.FOLDER / f"{name}.png")).convertToFormat(QImage.Format.Format_RGB888)
    before = changed.copy()
    painter = QPainter(changed)
    painter.fillRect(60, 190, 30, 16, QColor(90, 90, 90))
    painter.end()
    assert worst(before, before) == (0.0, 0.0)
    assert worst(before, changed)[1] > IN_A_TILE
