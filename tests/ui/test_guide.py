"""The user's guide: its pictures are there, small, of states that exist, and made by the script that it names."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter, qRgb

from ui import guide
from ui.gallery_states import STATES

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "user-guide.md"
MOST_BYTES = 3_000_000
PALETTE = 3  # colour type of a PNG


def pictures() -> list[str]:
    """Files that the guide shows."""
    return re.findall(r"!\[[^\]]+\]\(images/([^)]+)\)", GUIDE.read_text(encoding="utf-8"))


def test_every_picture_of_the_guide_is_there_and_made_by_the_script():
    shown = pictures()
    assert len(shown) > 20
    assert [name for name in shown if not (guide.FOLDER / name).is_file()] == []
    assert sorted(shown) == sorted(shot.file_name for shot in guide.SHOTS)


def test_no_picture_lies_there_that_the_guide_does_not_show():
    assert {path.name for path in guide.FOLDER.glob("guide-*.png")} == set(pictures())


def test_every_state_that_the_script_asks_for_is_in_the_gallery():
    assert [shot.state for shot in guide.SHOTS if shot.state not in STATES] == []


def test_the_pictures_are_of_one_size_with_a_palette_and_small_together():
    total = 0
    for shot in guide.SHOTS:
        data = (guide.FOLDER / shot.file_name).read_bytes()
        total += len(data)
        width, height, _, colour = struct.unpack(">IIBB", data[16:26])
        assert (width, height) == (guide.SIZE.width(), guide.SIZE.height()), shot.file_name
        assert colour == PALETTE, shot.file_name
    assert total < MOST_BYTES


def test_the_guide_speaks_to_nurse_surgeon_and_service():
    parts = re.findall(r"^## (.+)$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert parts == ["For the nurse", "For the surgeon", "For service"]


def test_a_picture_is_drawn_and_saved_under_its_name(qapp, tmp_path):
    shot = next(shot for shot in guide.SHOTS if shot.state == "mode")
    saved = QImage(str(guide.take(shot, tmp_path)))
    kept = QImage(str(guide.FOLDER / shot.file_name))
    assert saved.size() == kept.size() == guide.SIZE

    def values(image: QImage) -> np.ndarray:
        grey = image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(160, 100)
        rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
        return rows[:, : grey.width()].astype(float)

    assert np.abs(values(saved) - values(kept)).mean() < 4.0, "the page has changed: make guide, and look at it"


def test_a_folder_that_is_not_there_is_said(qapp, tmp_path, capsys):
    name = guide.SHOTS[0].file_name
    assert guide.main(["--folder", str(tmp_path / "none"), "--only", name]) == 1
    assert "check that the folder exists" in capsys.readouterr().err


def test_few_colours_stay_as_they_are_and_small_things_keep_theirs(qapp):
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(qRgb(10, 20, 30))
    painter = QPainter(image)
    for x in range(64):
        painter.fillRect(x, 0, 1, 60, qRgb(4 * x, 60, 60))
    painter.end()
    image.setPixel(5, 62, qRgb(255, 255, 0))
    made = guide.reduced(image)
    assert made.colorCount() <= guide.COLOURS
    assert made.pixel(5, 62) == qRgb(255, 255, 0)
    assert made.pixel(30, 62) == qRgb(10, 20, 30)


@pytest.mark.parametrize("colours", [2, 16, 256])
def test_a_palette_has_no_more_colours_than_asked_for(colours):
    pixels = np.random.default_rng(3).integers(0, 256, (5000, 3), dtype=np.uint8)
    assert len(guide.palette(pixels, colours)) == colours
