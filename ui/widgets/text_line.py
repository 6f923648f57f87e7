"""Text that changes often: painted in place, so that a new word never makes the window lay itself out again."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme
from ui.theme import Sizes
from ui.widgets.base import Sized

# A unit stays with its number: neither begins a line of several.
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:s|ms|min|h|mmHg|kPa|cmH₂O|l/min|l|bar|%|°C|K|mA|dB)(?![\w/]))")


class TextLine(QWidget, Sized):
    """One or more lines of text, with an icon before them if asked; ends in "…" where it does not fit.

    `role` names a text size of `Sizes`; `chars` is the room in average characters that it asks for; with `fit` it asks
    for the room of its text, which costs a new layout at each change: for texts that seldom change.  A single line too
    long is first drawn smaller, down to the share `least` of its size, and only then shortened.  Several lines begin at
    the top, unless `align` has AlignVCenter, and may be given shorter ways to say the same.
    """

    def __init__(
        self,
        role: str = "body",
        *,
        chars: int = 6,
        lines: int = 1,
        bold: bool = False,
        tint: str | None = None,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        fit: bool = False,
        least: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._chars, self._lines, self._fit, self._least = role, chars, lines, fit, least
        self._bold, self._tint, self._align = bold, theme.now().text if tint is None else tint, align
        self._icon, self._text = "", ""
        self._shorter: tuple[str, ...] = ()
        across = QSizePolicy.Policy.Fixed if fit else QSizePolicy.Policy.MinimumExpanding
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """The whole text, also where it is drawn shortened: of several ways to say it the first that has room, else the
        last."""
        if not self._shorter:
            return self._text
        metrics, room = QFontMetrics(theme.font(self._pixels(), self._bold)), self._room()
        for text in (self._text, *self._shorter):
            if metrics.boundingRect(room, self._flags(), _held(text)).height() <= room.height():
                return text
        return self._shorter[-1]

    def set_text(
        self,
        text: str,
        *,
        tint: str | None = None,
        bold: bool | None = None,
        icon: str | None = None,
        shorter: tuple[str, ...] = (),
    ) -> None:
        """Draw `text`; `tint`, `bold` and `icon` (a name in resources/icons, "" for none) stay unless given.

        `shorter`, of several lines only: other ways to say it, for where it does not fit, the best first."""
        new = (
            text,
            self._tint if tint is None else tint,
            self._bold if bold is None else bold,
            self._icon if icon is None else icon,
            shorter,
        )
        if new != (self._text, self._tint, self._bold, self._icon, self._shorter):
            self._text, self._tint, self._bold, self._icon, self._shorter = new
            self.setAccessibleName(text)
            if self._fit:
                self.updateGeometry()
            self.update()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self._metrics()
        width = metrics.averageCharWidth() * self._chars
        if self._fit:
            width = metrics.horizontalAdvance(self._text) + 2 + self.rect().width() - self._room().width()
        # One pixel a line more than the lines' spacing: wrapped text is measured with its leading.
        return QSize(width, (metrics.lineSpacing() + 1) * self._lines)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def shown_text(self) -> str:
        """What fits into the widget as it is now."""
        room = self._room()
        metrics = QFontMetrics(theme.font(self.drawn_pixels(), self._bold))
        if self._lines == 1:
            return metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        text = self.text()
        words = _words(text)
        while words and metrics.boundingRect(room, self._flags(), _held(text)).height() > room.height():
            words.pop()
            text = "".join(words).rstrip() + "…"
        return text

    def has_room_for(self, text: str) -> bool:
        """Whether `text` would stand whole on its single line, at full size."""
        return self._metrics().horizontalAdvance(text) < self._room().width()

    def drawn_pixels(self) -> int:
        """Height of the font in which the text is drawn."""
        pixels, least = self._pixels(), max(1, round(self._pixels() * self._least))
        room = self._room().width()
        while (
            self._lines == 1
            and pixels > least
            # Its width is told in whole pixels: a text that fits by less than one would still be cut.
            and QFontMetrics(theme.font(pixels, self._bold)).horizontalAdvance(self._text) >= room
        ):
            pixels -= 1
        return pixels

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        painter = QPainter(self)
        painter.setFont(theme.font(self.drawn_pixels(), self._bold))
        painter.setPen(theme.colour(self._tint))
        room, shown = self._room(), _held(self.shown_text())
        if self._icon:
            size = self._icon_size()
            first = QFontMetrics(painter.font()).boundingRect(room, self._flags(), shown).top()
            top = first + max(0, (self._metrics().lineSpacing() - size) // 2)
            left = 0
            if self._align & Qt.AlignmentFlag.AlignRight:
                left = max(0, self.width() - self._metrics().horizontalAdvance(self._text) - size - size // 3)
            if self._lines == 1:
                top = (self.height() - size) // 2
            painter.drawPixmap(left, top, icons.icon(self._icon, size, self._tint, self.devicePixelRatioF()))
        painter.drawText(room, self._flags(), shown)
        painter.end()

    def _pixels(self) -> int:
        return int(getattr(self.sizes, self._role))

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(theme.font(self._pixels(), self._bold))

    def _icon_size(self) -> int:
        return round(self._pixels() * 1.15)

    def _room(self) -> QRect:
        room = self.rect()
        if self._icon:
            room.setLeft(self._icon_size() + self._icon_size() // 3)
        return room

    def _flags(self) -> int:
        flags = int(self._align)
        if self._lines == 1:
            return flags | int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
        if not self._align & Qt.AlignmentFlag.AlignVCenter:
            flags |= int(Qt.AlignmentFlag.AlignTop)
        return flags | int(Qt.TextFlag.TextWordWrap)


def _held(text: str) -> str:
    return _BEFORE_UNIT.sub("\u00a0", text)


def _words(text: str) -> list[str]:
    """What a text may be shortened by: words with the space after them; Chinese has none, there each character."""
    return re.findall(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+", text)
