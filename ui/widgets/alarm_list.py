"""The lists of the alarm page: all alarms of now with a key to acknowledge each, and the past ones from the log."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from ui import icons, phrases, theme, viewmodels
from ui.viewstate import AlarmView, PastAlarmView, Priority
from ui.widgets.aim import Aim
from ui.widgets.alarm_lamp import MARKS, shape
from ui.widgets.touch_list import TouchList

RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}
LEAST = 0.7  # share of its size down to which a long text is drawn smaller
EDGE = 8


class AlarmRows(TouchList):
    """What both lists share: the sign of the priority at the left, lines of text beside it."""

    def paint_sign(self, painter: QPainter, priority: Priority, room: QRect, *, filled: bool) -> None:
        """Shape, marks and word of a priority, in the left of a row."""
        palette, sizes = theme.now(), self.sizes
        wide, word_h = self.sign_width(), sizes.small + 4
        side = min(room.height() - word_h - 14, wide - 2 * EDGE)
        place = QRectF((wide - side * 1.2) / 2, room.top() + 6, side * 1.2, side)
        tint = theme.colour(palette.alarm(priority))
        path = shape(priority, place)
        painter.setPen(QPen(theme.colour(palette.alarm_text(priority)), 1))
        if filled:
            painter.fillPath(path, tint)
        painter.drawPath(path)
        ink = palette.alarm_ink(priority) if filled else palette.alarm_text(priority)
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font(max(9, round(side * 0.42)), True))
        drop = 0.16 * side if priority is Priority.HIGH else 0.0
        painter.drawText(place.translated(0, drop), int(Qt.AlignmentFlag.AlignCenter), MARKS[priority])
        painter.setPen(theme.colour(palette.alarm_text(priority)))
        painter.setFont(theme.font(sizes.small, True))
        word = QRect(0, room.bottom() - word_h - 3, wide, word_h)
        painter.drawText(word, int(Qt.AlignmentFlag.AlignCenter), viewmodels.priority_text(priority))

    def sign_width(self) -> int:
        """Pixels that the sign takes."""
        metrics = QFontMetrics(theme.font(self.sizes.small, True))
        return max(metrics.horizontalAdvance(viewmodels.priority_text(p)) for p in Priority) + 2 * EDGE

    def fitting(self, text: str, pixels: int, bold: bool, width: int) -> QFont:
        """The font in which a text stands in one line, not below `LEAST` of its size."""
        wanted = QFontMetrics(theme.font(pixels, bold)).horizontalAdvance(text)
        if wanted <= width:
            return theme.font(pixels, bold)
        return theme.font(max(round(pixels * LEAST), pixels * width // max(1, wanted)), bold)

    def rule(self, painter: QPainter, room: QRect) -> None:
        """The line under a row."""
        painter.setPen(theme.colour(theme.now().panel_line))
        painter.drawLine(room.bottomLeft(), room.bottomRight())


class AlarmsNow(AlarmRows):
    """Highest first, in an order that an acknowledgement does not change: nothing moves away under the finger."""

    acknowledged = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alarms: tuple[AlarmView, ...] = ()
        self._aim: Aim[tuple[str, ...]] = Aim(())
        self._meant = ""  # the alarm on whose key the finger came down
        self.pressed.connect(self._on_pressed)
        self.tapped.connect(self._on_tapped)

    def showEvent(self, event: QShowEvent) -> None:
        self._aim = Aim(())  # what stood here when the page was closed has been seen by nobody now
        self._aim.stands(self._names())
        super().showEvent(event)

    def show_alarms(self, alarms: tuple[AlarmView, ...]) -> None:
        """Draw these."""
        ordered = tuple(sorted(alarms, key=lambda a: (RANK[a.priority], a.since_s, a.name)))
        if ordered != self.alarms:
            self.alarms = ordered
            self._aim.stands(self._names())
            self.scroll_to(self.offset)

    def count(self) -> int:
        return len(self.alarms)

    def row_height(self) -> int:
        line = QFontMetrics(theme.font(self.sizes.small)).lineSpacing()
        title = QFontMetrics(theme.font(self.sizes.body, True)).lineSpacing()
        return max(self.sizes.critical_key + 8, title + 3 * line + 14)

    def key_room(self, row: int) -> QRect:
        """Where the key of a row lies."""
        room, side = self.room_of(row), self.sizes.critical_key
        words = QFontMetrics(theme.font(self.sizes.small, True)).horizontalAdvance(self.tr("Acknowledge"))
        wide = max(side, words + 2 * EDGE)
        return QRect(room.right() - wide - EDGE, room.center().y() - side // 2, wide, side)

    def lines(self, row: int) -> tuple[str, str, str]:
        """What stands in a row: text, what to do, how it stands."""
        alarm = self.alarms[row]
        return alarm.text, alarm.action, viewmodels.alarm_state(alarm)

    def action_room(self, row: int) -> QRect:
        """Where what to do stands: two lines."""
        room, left = self.room_of(row), self.sign_width() + EDGE
        title = QFontMetrics(theme.font(self.sizes.body, True)).lineSpacing()
        line = QFontMetrics(theme.font(self.sizes.small)).lineSpacing()
        return QRect(left, room.top() + 5 + title, self.key_room(row).left() - EDGE - left, 2 * line + 2)

    def paint_row(self, painter: QPainter, row: int, room: QRect) -> None:
        """Sign, text, what to do, state, key."""
        alarm, palette, sizes = self.alarms[row], theme.now(), self.sizes
        painter.fillRect(room.adjusted(0, 1, 0, -1), theme.colour(palette.alarm_ground(alarm.priority)))
        self.paint_sign(painter, alarm.priority, room, filled=not alarm.acknowledged)
        text, action, state = self.lines(row)
        middle = self.action_room(row)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(theme.colour(palette.text))
        painter.setFont(self.fitting(text, sizes.body, True, middle.width()))
        painter.drawText(
            QRect(middle.left(), room.top() + 4, middle.width(), middle.top() - room.top() - 4), flags, text
        )
        painter.setFont(theme.font(sizes.small))
        painter.drawText(middle, int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap), action)
        painter.setPen(theme.colour(palette.text_soft))
        below = QRect(middle.left(), middle.bottom(), middle.width(), room.bottom() - middle.bottom() - 2)
        icon = "acknowledge" if alarm.acknowledged else "" if alarm.active else "latched"
        if icon:
            mark = icons.icon(icon, sizes.small + 2, palette.text_soft, self.devicePixelRatioF())
            painter.drawPixmap(below.left(), below.center().y() - sizes.small // 2, mark)
            below.setLeft(below.left() + sizes.small + 6)
        painter.setFont(self.fitting(state, sizes.small, False, below.width()))
        painter.drawText(below, flags, state)
        if not alarm.acknowledged:
            self._paint_key(painter, self.key_room(row))

    def _paint_key(self, painter: QPainter, place: QRect) -> None:
        palette, sizes = theme.now(), self.sizes
        down = self.pressed_at is not None and place.contains(self.pressed_at.toPoint())
        path = QPainterPath()
        path.addRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), sizes.radius, sizes.radius)
        painter.fillPath(path, theme.colour(palette.key_pressed if down else palette.key))
        painter.setPen(theme.colour(palette.key_line))
        painter.drawPath(path)
        mark = icons.icon("acknowledge", sizes.icon, palette.text, self.devicePixelRatioF())
        painter.drawPixmap(place.center().x() - sizes.icon // 2, place.center().y() - sizes.icon, mark)
        painter.setPen(theme.colour(palette.text))
        painter.setFont(theme.font(sizes.small, True))
        painter.drawText(place.adjusted(0, sizes.icon, 0, 0), int(Qt.AlignmentFlag.AlignCenter), self.tr("Acknowledge"))

    def _names(self) -> tuple[str, ...]:
        return tuple(alarm.name for alarm in self.alarms)

    def _on_key(self, row: int, at: QPointF) -> bool:
        return self.key_room(row).translated(-self.room_of(row).topLeft()).contains(at.toPoint())

    @Slot(int, QPointF)
    def _on_pressed(self, row: int, at: QPointF) -> None:
        names = self._aim.meant()
        self._meant = names[row] if row < len(names) and self._on_key(row, at) else ""

    @Slot(int, QPointF)
    def _on_tapped(self, row: int, at: QPointF) -> None:
        """A new alarm may have pushed the rows on under the finger: the one that it came down for counts."""
        meant, self._meant = self._meant, ""
        if self._on_key(row, at) and any(a.name == meant and not a.acknowledged for a in self.alarms):
            self.acknowledged.emit(meant)


class AlarmsPast(AlarmRows):
    """The log, newest first, of one priority or of all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[PastAlarmView, ...] = ()
        self._only: Priority | None = None
        self.shown: tuple[PastAlarmView, ...] = ()

    def show_past(self, past: tuple[PastAlarmView, ...]) -> None:
        """Draw these; what is in sight stays in sight while newer ones come in above it."""
        if past is not self._all:
            self._all = past
            self._filter(keep=self.offset > 0)

    def show_only(self, priority: Priority | None) -> None:
        """Draw those of one priority; None for all."""
        if priority is not self._only:
            self._only = priority
            self._filter(keep=False)

    def count(self) -> int:
        return len(self.shown)

    def row_height(self) -> int:
        line = QFontMetrics(theme.font(self.sizes.small)).lineSpacing()
        return QFontMetrics(theme.font(self.sizes.body, True)).lineSpacing() + 2 * line + 12

    def lines(self, row: int) -> tuple[str, str, str]:
        """What stands in a row: text, when and how long, whether acknowledged."""
        past = self.shown[row]
        began = time.strftime("%Y-%m-%d  %H:%M:%S", time.localtime(past.began_s))
        if past.cut_off:
            lasted = self.tr("until the program ended")
        elif past.lasted_s is None:
            lasted = self.tr("still there")
        else:
            lasted = self.tr("lasted {time}").format(time=viewmodels.lasted(past.lasted_s))
        seen = self.tr("not acknowledged")
        if past.acknowledged_s is not None:
            at = time.strftime("%H:%M:%S", time.localtime(past.acknowledged_s))
            seen = self.tr("acknowledged at {time}").format(time=at)
        return phrases.say(past.text), f"{began}  ·  {lasted}", seen

    def paint_row(self, painter: QPainter, row: int, room: QRect) -> None:
        """Sign, text, when and how long, acknowledged when."""
        palette, sizes = theme.now(), self.sizes
        self.rule(painter, room)
        self.paint_sign(painter, self.shown[row].priority, room, filled=False)
        left = self.sign_width() + EDGE
        wide, top = room.right() - left - EDGE, room.top() + 5
        for at, text in enumerate(self.lines(row)):
            pixels, bold = (sizes.body, True) if at == 0 else (sizes.small, False)
            height = QFontMetrics(theme.font(pixels, bold)).lineSpacing()
            painter.setFont(self.fitting(text, pixels, bold, wide))
            painter.setPen(theme.colour(palette.text_soft if at == 2 else palette.text))
            painter.drawText(QRect(left, top, wide, height), int(Qt.AlignmentFlag.AlignVCenter), text)
            top += height

    def _filter(self, *, keep: bool) -> None:
        before, old_count = self.offset, len(self.shown)
        self.shown = tuple(past for past in self._all if self._only in (None, past.priority))
        more = (len(self.shown) - old_count) * self.row_height()
        self.scroll_to(before + more if keep else 0)
