"""One feed: the picture and the badge that says what it is, where it comes from and how late it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRect, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import theme, viewmodels
from ui.theme import Sizes
from ui.viewstate import NoPicture, PictureView
from ui.widgets.base import Sized
from ui.widgets.text_line import TextLine
from ui.widgets.video_view import VideoView

BADGE_MS = 250
INSET_LINE = 3  # pixels around a picture in the picture
_NO_PIXELS = np.zeros((0, 0, 4), np.uint8)


class Feed(QWidget, Sized):
    """Picture below, badge above.  The badge follows at 4 Hz with the mean delay of the frames drawn since."""

    def __init__(self, *, enhanced: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._enhanced = enhanced
        self._frozen = False
        self._inset = False
        self._delays_ms: list[float] = []
        self._told: PictureView | None = None  # the one that most is to be said of, of those drawn since the last badge
        self.view = VideoView()
        self.title = TextLine("body", bold=True, chars=12, least=0.7)
        self.rate = TextLine("body", chars=18, align=Qt.AlignmentFlag.AlignRight, least=0.7)
        self.detail = TextLine("small", tint=theme.now().text_soft, chars=20)
        self._timer = QTimer(self)
        self._timer.setInterval(BADGE_MS)

        self._badge = QWidget()
        badge = QGridLayout(self._badge)
        badge.setContentsMargins(2, 0, 2, 0)
        badge.setVerticalSpacing(0)
        badge.addWidget(self.title, 0, 0)
        badge.addWidget(self.rate, 0, 1)
        badge.addWidget(self.detail, 1, 0, 1, 2)
        badge.setColumnStretch(0, 3)
        badge.setColumnStretch(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)  # the text has its own room below; the rest is the picture's
        column.addWidget(self._badge)
        column.addWidget(self.view, 1)
        self._column = column

        self._timer.timeout.connect(self._write_badge)
        self.view.painted.connect(self._on_painted)
        self._timer.start()
        self._write_badge()

    def lie_alone(self) -> None:
        """Badge and picture are wholly in sight."""
        self._lie(inset=False, badge=(0, 0), seen=None)

    def lie_as_inset(self) -> None:
        """A small picture in a large one: no badge, a line around it, its name written on it."""
        self._lie(inset=True, badge=(0, 0), seen=None)

    def lie_left_of(self, x: int) -> None:
        """Another feed of the same place lies over it from `x` on; the badge takes the left half."""
        half = self.width() // 2
        self._lie(inset=False, badge=(0, self.width() - half + self.sizes.gap), seen=(0, x))

    def lie_right_of(self, x: int) -> None:
        """Lies over another feed of the same place from `x` on; the badge takes the right half."""
        self._lie(inset=False, badge=(self.width() // 2 + self.sizes.gap, 0), seen=(x, self.width()))
        badge = QRegion(self.width() // 2, 0, self.width(), self.view.y())
        self.setMask(badge.united(QRegion(x, self.view.y(), self.width() - x, self.view.height())))

    def _lie(self, *, inset: bool, badge: tuple[int, int], seen: tuple[int, int] | None) -> None:
        self.clearMask()
        self._badge.setVisible(not inset)
        line = INSET_LINE if inset else 0
        self._column.setContentsMargins(line, line, line, line)
        layout = self._badge.layout()
        if layout is not None:
            layout.setContentsMargins(2 + badge[0], 0, 2 + badge[1], 0)
        # Not `activate`: before the window is shown, that would leave the view where it was.
        self._column.setGeometry(self.rect())
        part = None if seen is None else QRect(seen[0], 0, seen[1] - seen[0], self.view.height())
        self.view.set_seen(part)
        if inset != self._inset:
            self._inset = inset
            self._write_badge()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._inset:
            painter = QPainter(self)
            painter.fillRect(self.rect(), theme.colour(theme.now().key_on))
            painter.end()

    def show_feed(self, shown: PictureView | NoPicture) -> None:
        """Draw a picture, or say why there is none."""
        if isinstance(shown, PictureView):
            first = self.view.picture is None
            self.view.show_picture(shown)
            if first:
                self._write_badge()
        else:
            self.view.show_nothing(shown)
            self._delays_ms.clear()
            self._told = None
            self._write_badge()

    def set_marks(self, *, simulation: bool, frozen: bool) -> None:
        """Marks on the picture."""
        if frozen != self._frozen:
            self._frozen = frozen
            self._write_badge()
        self.view.set_marks(simulation=simulation, frozen=frozen)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)

    @Slot(int, float)
    def _on_painted(self, frame_id: int, at_s: float) -> None:
        self._delays_ms.append(self.view.delay_ms)
        picture = self.view.picture
        # A burst of shake may last 50 ms: what was done to it is said all the same, and not only if it is the latest.
        if picture is not None and (self._told is None or _rank(picture) >= _rank(self._told)):
            self._told = replace(
                picture, image=_NO_PIXELS, original=None
            )  # the picture itself is let go with the next one

    @Slot()
    def _write_badge(self) -> None:
        picture = self.view.picture
        name = self.tr("ENHANCED") if self._enhanced else self.tr("RAW")
        self.view.set_label(name if self._inset else "")
        if picture is None:
            self.title.set_text(name)
            self.detail.set_text(self.tr("no picture"))
            self.rate.set_text("")
            return
        told, self._told = self._told, None
        if told is None or told.enhanced != picture.enhanced or self._frozen:
            told = picture  # nothing new was drawn, or the view was switched: only what stands there counts
        if self._enhanced:
            if told.enhanced:
                name = f"{name} · {viewmodels.feed_action(told)}"
            else:
                name = self.tr("RAW · enhanced view is off")
        self.title.set_text(name)
        self.view.set_label(name if self._inset else "")
        self._write_detail(viewmodels.feed_details(told))
        delays = self._delays_ms or [self.view.delay_ms]
        if self._frozen:
            self.rate.set_text(self.tr("frozen"))
        else:
            self.rate.set_text(viewmodels.feed_rate(picture, sum(delays) / len(delays)))
        self._delays_ms.clear()

    def _write_detail(self, parts: list[str]) -> None:
        """As many parts as there is room for: a whole fact less is better than a torn one."""
        while len(parts) > 1 and not self.detail.has_room_for(_joined(parts)):
            parts = parts[:-1]
        self.detail.set_text(_joined(parts))


def _joined(parts: list[str]) -> str:
    return " · ".join(parts)


def _rank(picture: PictureView) -> int:
    """How much a picture's badge has to say: raw for a fault most, then what was done to it, then nothing was."""
    if picture.action == "raw":
        return 3 if picture.fault else 2
    return 1 if picture.action == "deblurred" else 0
