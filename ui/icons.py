"""Icons: our SVG line drawings from resources/icons, tinted and rendered once per size and colour."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"


@lru_cache(maxsize=256)
def icon(name: str, size: int, tint: str, ratio: float = 1.0) -> QPixmap:
    """The drawing `name`.svg in one colour, `size` device-independent pixels square.

    Raises `FileNotFoundError` when the program was installed without its icons.
    """
    path = FOLDER / f"{name}.svg"
    if not path.is_file():
        raise FileNotFoundError(f"icon {path} is missing: install the program again with its resources folder")
    drawing = path.read_text(encoding="utf-8").replace("currentColor", tint)
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
