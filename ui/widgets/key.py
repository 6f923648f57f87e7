"""Keys: large, clearly tappable, each finger on its own, with an optional deliberate hold."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QTouchEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui import icons, theme
from ui.theme import Sizes
from ui.widgets.base import Sized

TICK_MS = 33
# A stalled event loop must not count as a held finger: one tick adds at most this much.
LONGEST_TICK_S = 0.1


class Key(QAbstractButton, Sized):
    """A key with an icon, a word and a small hint.  `pressed` comes at touch, `clicked` at release inside it.

    It takes touch points itself instead of Qt's mouse emulation, which follows one finger only: STOP must work
    while another finger or a drape rests on the screen.
    """

    def __init__(
        self,
        text: str,
        icon: str = "",
        *,
        hint: str = "",
        role: str = "key_text",
        row: bool = False,
        critical: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._hint, self._role, self._row, self._critical = icon, hint, role, row, critical
        self._on = False
        self._strong = False
        self.progress = 0.0
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.MinimumExpanding)

    def set_face(self, text: str, icon: str | None = None, *, hint: str | None = None, on: bool = False) -> None:
        """What stands on the key; `on` draws it inverted."""
        new = (text, self._icon if icon is None else icon, self._hint if hint is None else hint, on)
        if new != (self.text(), self._icon, self._hint, self._on):
            self._icon, self._hint, self._on = new[1:]
            if text != self.text():
                self.setText(text)
            self.update()

    def set_strong(self, strong: bool) -> None:
        """A bold outline: the key that matters now."""
        if strong != self._strong:
            self._strong = strong
            self.update()

    @property
    def on(self) -> bool:
        """Drawn as switched on."""
        return self._on

    @property
    def hint(self) -> str:
        """The small text under the word."""
        return self._hint

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        sizes, words = self.sizes, QFontMetrics(theme.font(self._pixels(), True))
        hints = QFontMetrics(theme.font(sizes.small))
        text_w = max(
            max(words.horizontalAdvance(line) for line in self.text().split("\n")), hints.horizontalAdvance(self._hint)
        )
        text_h = words.lineSpacing() * len(self.text().split("\n")) * bool(self.text())
        text_h += hints.lineSpacing() * bool(self._hint)
        icon = sizes.icon * bool(self._icon)
        if self._row:
            width, height = text_w + icon + sizes.gap * bool(icon), max(text_h, icon)
        else:
            width, height = max(text_w, icon), text_h + icon + 2 * bool(icon)
        width, height = width + 2 * 6, height + 2 * 4
        if self._critical:
            width, height = max(width, sizes.critical_key), max(height, sizes.critical_key)
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QTouchEvent) and self.isEnabled():
            inside = any(self.rect().contains(point.position().toPoint()) for point in event.points())
            if kind == QEvent.Type.TouchBegin:
                self.setDown(True)
                self.pressed.emit()
            elif kind == QEvent.Type.TouchUpdate:
                if self.isDown() and not inside:
                    self.setDown(False)
                    self.released.emit()
            elif self.isDown():
                self.setDown(False)
                self.released.emit()
                if kind == QEvent.Type.TouchEnd and inside:
                    self.clicked.emit()
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.paint_ground(painter)
        self.paint_face(painter, ink)
        painter.end()

    def paint_ground(self, painter: QPainter, line_style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> str:
        """Draw the body of the key with the hold's progress; returns the colour to write on it."""
        ground, line, ink = theme.now().key, theme.now().key_line, theme.now().text
        if self._on:
            ground, line, ink = theme.now().key_on, theme.now().key_on, theme.now().key_on_text
        if not self.isEnabled():
            ground, line, ink = theme.now().key_disabled, theme.now().panel_line, theme.now().text_disabled
        elif self.isDown():
            ground, ink = theme.now().key_pressed, theme.now().text
        width = 1.0
        if self._strong and self.isEnabled():
            line, width = theme.now().text, 2.0
        if line_style != Qt.PenStyle.SolidLine:
            line, width = theme.now().text_soft, 2.0
        body = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        path = QPainterPath()
        path.addRoundedRect(body, self.sizes.radius, self.sizes.radius)
        painter.fillPath(path, theme.colour(ground))
        if self.progress > 0:
            painter.save()
            painter.setClipPath(path)
            painter.fillRect(
                QRectF(0, 0, self.width() * min(1.0, self.progress), self.height()), theme.colour(theme.now().progress)
            )
            painter.restore()
        painter.setPen(QPen(theme.colour(line), width, line_style))
        painter.drawPath(path)
        return ink

    def paint_face(self, painter: QPainter, ink: str) -> None:
        """Draw icon, word and hint, centred as one block."""
        sizes = self.sizes
        word_font, hint_font = theme.font(self._pixels(), True), theme.font(sizes.small)
        words, hints = QFontMetrics(word_font), QFontMetrics(hint_font)
        lines = [line for line in self.text().split("\n") if line]
        text_h = words.lineSpacing() * len(lines) + hints.lineSpacing() * bool(self._hint)
        icon = sizes.icon * bool(self._icon)
        if self._row and icon:
            text_w = max([words.horizontalAdvance(line) for line in lines] + [hints.horizontalAdvance(self._hint)])
            left = max(6, (self.width() - icon - sizes.gap - text_w) // 2)
            top = (self.height() - icon) // 2
            painter.drawPixmap(left, top, icons.icon(self._icon, icon, ink, self.devicePixelRatioF()))
            x, y, room, align = (
                left + icon + sizes.gap,
                (self.height() - text_h) // 2,
                self.width() - left - icon - sizes.gap,
                Qt.AlignmentFlag.AlignLeft,
            )
        else:
            y = (self.height() - text_h - icon - 2 * bool(icon and text_h)) // 2
            if icon:
                tint = icons.icon(self._icon, icon, ink, self.devicePixelRatioF())
                painter.drawPixmap((self.width() - icon) // 2, y, tint)
                y += icon + 2
            x, room, align = 0, self.width(), Qt.AlignmentFlag.AlignHCenter
        painter.setPen(theme.colour(ink))
        painter.setFont(word_font)
        for line in lines:
            painter.drawText(QRect(x, y, room, words.lineSpacing()), int(align | Qt.AlignmentFlag.AlignVCenter), line)
            y += words.lineSpacing()
        if self._hint:
            painter.setFont(hint_font)
            painter.drawText(
                QRect(x, y, room, hints.lineSpacing()), int(align | Qt.AlignmentFlag.AlignVCenter), self._hint
            )

    def _pixels(self) -> int:
        return int(getattr(self.sizes, self._role))


class HoldKey(Key):
    """A key that acts only after being held; the hold is seen filling it.  `held` comes once per full hold."""

    held = Signal()

    def __init__(self, text: str, icon: str = "", *, hold_s: float = 1.0, **options: object) -> None:
        super().__init__(text, icon, **options)  # type: ignore[arg-type]
        self.hold_s = hold_s
        self._elapsed_s = 0.0
        self._last_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)

        self._timer.timeout.connect(self._tick)
        self.pressed.connect(self._begin)
        self.released.connect(self._cancel)

    def hideEvent(self, event: object) -> None:
        self._cancel()
        super().hideEvent(event)  # type: ignore[arg-type]

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self._cancel()
        super().changeEvent(event)

    def cancel_hold(self) -> None:
        """What the hold was for has changed: it comes to nothing, and the finger must come down anew."""
        self._cancel()

    @Slot()
    def _begin(self) -> None:
        self._elapsed_s, self._last_s = 0.0, time.monotonic()
        self._timer.start()

    @Slot()
    def _cancel(self) -> None:
        self._timer.stop()
        if self.progress:
            self.progress = 0.0
            self.update()

    @Slot()
    def _tick(self) -> None:
        if not self.isDown():
            self._cancel()
            return
        now_s = time.monotonic()
        self._elapsed_s += min(now_s - self._last_s, LONGEST_TICK_S)
        self._last_s = now_s
        self.progress = self._elapsed_s / self.hold_s
        self.update()
        if self.progress >= 1.0:
            self._cancel()
            self.held.emit()
