"""Paints the newest picture of one feed, unscaled, and says when it did."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, phrases, theme, viewmodels
from ui.viewstate import NoPicture, PictureView
from ui.widgets.base import Sized
from ui.widgets.gestures import Gestures, Motion
from ui.widgets.plate import paint_plate
from ui.widgets.simulation_mark import paint_simulation_tape, tape_size

# A live picture older than this is told to be old: at 30 frames/s it stands for 15 lost frames.
OLD_PICTURE_S = 0.5


class VideoView(QWidget, Sized):
    """One feed.  Pictures come fitted to `target_size`; one of another size (while the window is resized) is scaled."""

    target_size_changed = Signal(int, int)  # device pixels
    painted = Signal(int, float)  # frame_id, monotonic time when its painting ended
    moved = Signal(float, float, float, float, float)  # zoom factor about x, y and pan dx, dy, in shares of the picture
    tapped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.picture: PictureView | None = None
        self.nothing = NoPicture(self.tr("Waiting for the first picture"))
        self.delay_ms = 0.0  # age of the shown picture when it was first drawn
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._new = False
        self._simulation = False
        self._frozen = False
        self._old_s = 0.0
        self._label = ""
        self._seen: QRect | None = None  # what of the view no other lies over; None: all
        self._tape: QPixmap | None = None
        self._plates: dict[str, QPixmap] = {}
        self._gestures = Gestures(self._on_moved, self.tapped.emit)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._watch = QTimer(self)
        self._watch.setInterval(250)

        self._watch.timeout.connect(self._look_at_age)

    def target_size(self) -> tuple[int, int]:
        """Width and height in device pixels to which pictures should be fitted."""
        ratio = self.devicePixelRatioF()
        return round(self.width() * ratio), round(self.height() * ratio)

    def show_picture(self, picture: PictureView) -> None:
        """Draw this picture at the next repaint.  The array is kept, not copied."""
        height, width = picture.image.shape[:2]
        if height == 0 or width == 0:
            self.show_nothing(NoPicture(self.tr("The source sent an empty picture")))
            return
        self.picture = picture
        # QImage reads the array's own memory: `_pixels` keeps it alive.
        self._pixels = pixels = np.ascontiguousarray(picture.image)
        self._image = QImage(pixels.data.cast("B"), width, height, pixels.strides[0], QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(self.devicePixelRatioF())
        self._new, self._old_s = True, 0.0
        if not self._watch.isActive():
            self._watch.start()
        self.update()

    def show_nothing(self, why: NoPicture) -> None:
        """Say why there is no picture; no old one stays on the screen."""
        self.picture, self._image, self._pixels = None, None, None
        self.nothing, self._old_s = phrases.nothing(why), 0.0
        self._watch.stop()
        self.update()

    def set_marks(self, *, simulation: bool, frozen: bool) -> None:
        """Marks drawn on the picture."""
        if (simulation, frozen) != (self._simulation, self._frozen):
            self._simulation, self._frozen = simulation, frozen
            self.update()

    def marks(self) -> list[str]:
        """The marks now drawn on the picture."""
        marks = []
        if self._simulation or (self.picture is not None and self.picture.simulation):
            marks.append("simulation")
        if self._frozen:
            marks.append("frozen")
        if self._old_s:
            marks.append("old")
        if self.look_words():
            marks.append("look")
        return marks

    def look_words(self) -> str:
        """How the picture differs from the one that came: "ZOOM 2.0×"; empty when it does not."""
        return "" if self.picture is None else self.picture.look.words()

    def set_label(self, text: str) -> None:
        """What this picture is, written on it; for where no badge stands above."""
        if text != self._label:
            self._label = text
            self.update()

    @property
    def label(self) -> str:
        """What is written on the picture of what it is."""
        return self._label

    def set_seen(self, seen: QRect | None) -> None:
        """The part that is seen, where another view lies over the rest: marks are drawn in it.  None: all."""
        if seen != self._seen:
            self._seen = seen
            self.update()

    def frame(self) -> QRect:
        """Where in the view the picture is drawn; the whole view without one."""
        if self._image is None:
            return self.rect()
        size = self._image.deviceIndependentSize().toSize()
        if size.width() > self.width() or size.height() > self.height():
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRect(QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2), size)

    def mark_width(self) -> int:
        """Room at the left edge that the SIMULATION mark takes, 0 without it."""
        if "simulation" not in self.marks():
            return 0
        return tape_size(self.tr("SIMULATION"), self.sizes.body).width() + 3 * self.sizes.gap

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.target_size_changed.emit(*self.target_size())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.target_size_changed.emit(*self.target_size())
        return self._gestures.take(event) or super().event(event)

    def _on_moved(self, motion: Motion) -> None:
        frame = self.frame()
        if self.picture is None or frame.isEmpty():
            return
        wide, high = frame.width(), frame.height()
        at_x, at_y = (motion.at.x() - frame.left()) / wide, (motion.at.y() - frame.top()) / high
        inside = (min(max(at_x, 0.0), 1.0), min(max(at_y, 0.0), 1.0))
        self.moved.emit(motion.factor, *inside, motion.by.x() / wide, motion.by.y() / high)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image is None:
            painter.fillRect(self.rect(), theme.colour(theme.now().picture))
            self._paint_nothing(painter)
            frame = self.rect()
        else:
            frame = self._paint_picture(painter, self._image)
        self._paint_marks(painter, frame)
        painter.end()
        if self._new and self.picture is not None:
            self._new = False
            now_s = time.monotonic()
            self.delay_ms = 1000 * (now_s - self.picture.captured_s)
            self.painted.emit(self.picture.frame_id, now_s)

    def _paint_picture(self, painter: QPainter, image: QImage) -> QRect:
        frame = self.frame()
        bars = (
            QRect(0, 0, self.width(), frame.top()),
            QRect(0, frame.bottom() + 1, self.width(), self.height() - frame.bottom() - 1),
            QRect(0, frame.top(), frame.left(), frame.height()),
            QRect(frame.right() + 1, frame.top(), self.width() - frame.right() - 1, frame.height()),
        )
        for bar in bars:
            if not bar.isEmpty():
                painter.fillRect(bar, theme.colour(theme.now().picture))
        if frame.size() == image.deviceIndependentSize().toSize():
            painter.drawImage(frame.topLeft(), image)
        else:
            painter.drawImage(frame, image)
        return frame

    def _paint_marks(self, painter: QPainter, frame: QRect) -> None:
        """The marks are pictures, made when their words change: a frame costs no drawing of text."""
        marks = self.marks()
        room = frame if self._seen is None else frame.intersected(self._seen)
        inset = self.sizes.gap
        if "simulation" in marks:
            if self._tape is None or self._tape.devicePixelRatio() != self.devicePixelRatioF():
                self._tape = paint_simulation_tape(self.tr("SIMULATION"), self.sizes.body, self.devicePixelRatioF())
            painter.drawPixmap(room.left() + inset, room.top() + inset, self._tape)
        said = self.tr("FROZEN") if "frozen" in marks else ""
        if "old" in marks and not said:
            said = self.tr("NO NEW PICTURE FOR {age}").format(age=viewmodels.age(self._old_s))
        looks, where = self.look_words(), self.tr("only on the screen")
        words = [said, f"{looks}\n{where}" if looks else ""]
        self._plates = {text: self._plate(text) for text in (*words, self._label) if text}
        top = room.top() + inset
        for text in filter(None, words):
            plate = self._plates[text].deviceIndependentSize().toSize()
            if top == room.top() + inset and "simulation" in marks and self._tape is not None:
                taken = self._tape.deviceIndependentSize().toSize()
                if taken.width() + plate.width() + 3 * inset > room.width():
                    top += taken.height() + inset  # a narrow part: below the tape instead of over it
            painter.drawPixmap(room.right() + 1 - inset - plate.width(), top, self._plates[text])
            top += plate.height() + inset // 2
        if self._label:
            plate = self._plates[self._label]
            below = room.bottom() + 1 - inset - plate.deviceIndependentSize().toSize().height()
            painter.drawPixmap(room.left() + inset, below, plate)

    def _plate(self, text: str) -> QPixmap:
        made = self._plates.get(text)
        if made is None or made.devicePixelRatio() != self.devicePixelRatioF():
            made = paint_plate(text, self.sizes, self.devicePixelRatioF())
        return made

    def _paint_nothing(self, painter: QPainter) -> None:
        sizes, wrap = self.sizes, int(Qt.TextFlag.TextWordWrap)
        big = sizes.icon * 2
        whole = self.rect() if self._seen is None else self._seen
        middle = whole.center()
        drawing = icons.icon("no-picture", big, theme.now().picture_text_soft, self.devicePixelRatioF())
        painter.drawPixmap(middle.x() - big // 2, middle.y() - big - sizes.gap, drawing)
        room = whole.adjusted(sizes.margin * 2, 0, -sizes.margin * 2, 0)
        centred = wrap | int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        y = middle.y() + sizes.gap
        for text, pixels, tint in (
            (self.nothing.text, sizes.alarm_text, theme.now().picture_text),
            (self.nothing.action, sizes.body, theme.now().picture_text_soft),
        ):
            chosen = theme.font(pixels)
            painter.setFont(chosen)
            painter.setPen(theme.colour(tint))
            line = QRect(room.left(), y, room.width(), self.height() - y)
            painter.drawText(line, centred, text)
            y += QFontMetrics(chosen).boundingRect(line, centred, text).height() + sizes.gap

    def set_sizes(self, sizes: theme.Sizes) -> None:
        super().set_sizes(sizes)
        self._tape = None
        self._plates = {}
        self.update()

    @Slot()
    def _look_at_age(self) -> None:
        if self.picture is None or self._frozen:
            self._set_old(0.0)
            return
        # Age of the newest picture beyond the delay that it already had when drawn.
        age_s = time.monotonic() - self.picture.captured_s - self.delay_ms / 1000
        self._set_old(round(age_s, 1) if age_s > OLD_PICTURE_S else 0.0)

    def _set_old(self, old_s: float) -> None:
        if old_s != self._old_s:
            self._old_s = old_s
            self.update()
