"""A long list under the finger: painted rows of one height, scrolled by dragging, with a grip at the right edge."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QTouchEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme
from ui.theme import Sizes
from ui.widgets.base import Sized

SLOP_PX = 12  # a finger that moves less has tapped


class TouchList(QWidget, Sized):
    """Subclasses say how many rows there are, how high, and paint one.  Only what is in sight is painted."""

    pressed = Signal(int, QPointF)  # row on which a finger has come down, and the place within it
    tapped = Signal(int, QPointF)  # the same where it was lifted again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offset = 0
        self._grabbed: tuple[QPointF, int] | None = None  # where the finger came down, and the offset then
        self._dragging = self._on_grip = False
        self.pressed_at: QPointF | None = None  # a finger that may become a tap
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def count(self) -> int:
        """Rows of the list."""
        raise NotImplementedError

    def row_height(self) -> int:
        """Pixels of one row."""
        raise NotImplementedError

    def paint_row(self, painter: QPainter, row: int, room: QRect) -> None:
        """Draw a row into `room`."""
        raise NotImplementedError

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self.scroll_to(self._offset)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 100)

    @property
    def offset(self) -> int:
        """Pixels by which the list is scrolled."""
        return self._offset

    def furthest(self) -> int:
        """Pixels by which the list can be scrolled."""
        return max(0, self.count() * self.row_height() - self.height())

    def scroll_to(self, offset: int) -> None:
        """Scroll, as far as there is something."""
        self._offset = max(0, min(offset, self.furthest()))
        self.update()

    def visible_rows(self) -> range:
        """Rows of which something is in sight."""
        height = self.row_height()
        return range(self._offset // height, min(self.count(), -(-(self._offset + self.height()) // height)))

    def room_of(self, row: int) -> QRect:
        """Where a row lies in this widget now."""
        return QRect(0, row * self.row_height() - self._offset, self.width() - self.grip(), self.row_height())

    def grip(self) -> int:
        """Width kept free for the grip."""
        return self.sizes.service_key // 2 if self.furthest() else 0

    def resizeEvent(self, event: object) -> None:
        self.scroll_to(self._offset)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.scroll_to(self._offset - event.angleDelta().y())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            points = event.points()
            if points:
                self._finger(event.type(), points[0].position())
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._finger(QEvent.Type.TouchBegin, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._finger(QEvent.Type.TouchUpdate, event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._finger(QEvent.Type.TouchEnd, event.position())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in self.visible_rows():
            self.paint_row(painter, row, self.room_of(row))
        if self.grip():
            path = QPainterPath()
            wide = self.grip() // 3
            path.addRoundedRect(QRectF(self.width() - wide, self._grip_top(), wide, self._grip_height()), 4, 4)
            painter.fillPath(path, theme.colour(theme.now().key_line))
        painter.end()

    def _finger(self, kind: QEvent.Type, at: QPointF) -> None:
        if kind == QEvent.Type.TouchBegin:
            self._grabbed, self._dragging = (at, self._offset), False
            self._on_grip = bool(self.grip()) and at.x() >= self.width() - self.sizes.service_key
            self.pressed_at = None if self._on_grip else at
            if not self._on_grip:
                self._tell(self.pressed, at)
        elif self._grabbed is not None:
            began, offset = self._grabbed
            moved = at.y() - began.y()
            if abs(moved) > SLOP_PX:
                self._dragging, self.pressed_at = True, None
            if kind == QEvent.Type.TouchUpdate and self._dragging:
                free = max(1, self.height() - self._grip_height())
                self.scroll_to(
                    round(offset + moved * self.furthest() / free) if self._on_grip else round(offset - moved)
                )
            elif kind != QEvent.Type.TouchUpdate:
                self._grabbed = self.pressed_at = None
                if kind == QEvent.Type.TouchEnd and not self._dragging and not self._on_grip:
                    self._tell(self.tapped, at)
        self.update()

    def _tell(self, what: SignalInstance, at: QPointF) -> None:
        row = (round(at.y()) + self._offset) // self.row_height()
        if 0 <= row < self.count():
            what.emit(row, at - QPointF(self.room_of(row).topLeft()))

    def _grip_height(self) -> int:
        whole = max(1, self.count() * self.row_height())
        return max(self.sizes.service_key, self.height() * self.height() // whole)

    def _grip_top(self) -> int:
        return round((self.height() - self._grip_height()) * self._offset / max(1, self.furthest()))
