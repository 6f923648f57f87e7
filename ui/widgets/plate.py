"""Words on an inverted ground, as a picture to be laid on a feed: drawn once, not with each frame."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap

from ui import theme
from ui.theme import Sizes


def paint_plate(text: str, sizes: Sizes, ratio: float) -> QPixmap:
    """The first line bold, a second one small.  `ratio` is that of device pixels to lengths."""
    lines = text.split("\n")
    fonts = [theme.font(sizes.body, True), *(theme.font(sizes.small) for _ in lines[1:])]
    metrics = [QFontMetrics(font) for font in fonts]
    width = max(m.horizontalAdvance(line) for m, line in zip(metrics, lines, strict=True)) + 24
    pixmap = QPixmap(round(width * ratio), round((sum(m.height() for m in metrics) + 10) * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(theme.colour(theme.now().key_on))
    painter = QPainter(pixmap)
    painter.setPen(theme.colour(theme.now().key_on_text))
    y = 5
    for line, font, measure in zip(lines, fonts, metrics, strict=True):
        painter.setFont(font)
        painter.drawText(QRect(0, y, width, measure.height()), int(Qt.AlignmentFlag.AlignCenter), line)
        y += measure.height()
    painter.end()
    return pixmap
