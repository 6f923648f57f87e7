"""Fingers on a picture: one pans, two zoom and pan, a touch that stays in its place is a tap."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTouchEvent, QWheelEvent

TAP_PX = 12.0  # a finger that moves further means to pan
WHEEL_STEP = 120.0


@dataclass(frozen=True, slots=True)
class Motion:
    """What the fingers did since the last event: about `at`, all in the widget's pixels."""

    factor: float
    at: QPointF
    by: QPointF


class Gestures:
    """Reads the events of one widget.  Whatever number of fingers comes and goes, the picture never jumps: each change
    of their number begins anew from where they are."""

    def __init__(self, moved: Callable[[Motion], None], tapped: Callable[[], None]) -> None:
        self._moved, self._tapped = moved, tapped
        self._last: list[QPointF] = []
        self._first = QPointF()
        self._may_tap = False

    def take(self, event: QEvent) -> bool:
        """True when the event was one of the fingers', the mouse's or its wheel's."""
        if isinstance(event, QTouchEvent):
            self._take_touch(event)
        elif isinstance(event, QWheelEvent):
            factor = 1.25 ** (event.angleDelta().y() / WHEEL_STEP)
            self._moved(Motion(factor, event.position(), QPointF(0, 0)))
        elif isinstance(event, QMouseEvent) and event.type() in (
            QEvent.Type.MouseButtonPress,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseButtonRelease,
        ):
            self._take_mouse(event)
        else:
            return False
        event.accept()
        return True

    def _take_touch(self, event: QTouchEvent) -> None:
        if event.type() == QEvent.Type.TouchCancel:
            self._last, self._may_tap = [], False
            return
        down = [p.position() for p in event.points() if p.state() != p.state().Released]
        if event.type() == QEvent.Type.TouchBegin:
            self._begin(down)
        elif event.type() == QEvent.Type.TouchEnd:
            self._end()
        else:
            self._follow(down)

    def _take_mouse(self, event: QMouseEvent) -> None:
        if event.type() == QEvent.Type.MouseButtonPress:
            self._begin([event.position()])
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._end()
        elif event.buttons() & Qt.MouseButton.LeftButton and self._last:
            self._follow([event.position()])

    def _begin(self, down: list[QPointF]) -> None:
        self._last = down[:2]
        self._may_tap = len(down) == 1
        self._first = down[0] if down else QPointF()

    def _follow(self, down: list[QPointF]) -> None:
        now, before = down[:2], self._last
        self._last = now
        if len(now) != 1:
            self._may_tap = False
        if not now or len(now) != len(before):
            return
        if len(now) == 1 and self._may_tap:
            if _distance(now[0], self._first) <= TAP_PX:
                self._last = before  # what it has strayed within a tap's room is made up for when it pans
                return
            self._may_tap = False
        at, was = _middle(now), _middle(before)
        factor = 1.0
        if len(now) == 2:
            apart, were = _distance(*now), _distance(*before)
            factor = apart / were if apart > 1.0 and were > 1.0 else 1.0
        self._moved(Motion(factor, at, at - was))

    def _end(self) -> None:
        self._last = []
        if self._may_tap:
            self._may_tap = False
            self._tapped()


def _distance(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())


def _middle(points: list[QPointF]) -> QPointF:
    return QPointF(sum(p.x() for p in points) / len(points), sum(p.y() for p in points) / len(points))
