"""Notices that nobody has touched the screen for a while."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot

_LOOK_MS = 200
_ACTS = frozenset(
    {
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
    }
)


class IdleWatch(QObject):
    """Watches what comes to a window of the system; one signal for each limit that is passed, until the next touch."""

    passed = Signal(float)  # the limit, seconds

    def __init__(self, parent: QObject, limits_s: tuple[float, ...]) -> None:
        """Limits in seconds; those that are not above 0 never pass."""
        super().__init__(parent)
        self._limits_s = tuple(sorted(limit_s for limit_s in set(limits_s) if limit_s > 0))
        self._told = 0
        self._last_s = time.monotonic()
        self._watched: QObject | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)

        self._timer.timeout.connect(self._look)
        self._timer.start()

    def watch(self, window: QObject | None) -> None:
        """Follow this window's events; it may be told again and again."""
        if window is not None and window is not self._watched:
            self._watched = window
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTS:
            self._last_s, self._told = time.monotonic(), 0
        return False

    @Slot()
    def _look(self) -> None:
        idle_s = time.monotonic() - self._last_s
        while self._told < len(self._limits_s) and idle_s >= self._limits_s[self._told]:
            self._told += 1
            self.passed.emit(self._limits_s[self._told - 1])
