"""Who may use the screen and how: its lock, idle times, roles with their code pad, and the keys of the foot switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent

from ui.idle import IdleWatch
from ui.intents import LeaveRole
from ui.lock import ScreenLock
from ui.serviceview import AccessView, Habits, Role
from ui.shortcuts import ActionKeys
from ui.viewstate import TowerView

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Guard(QObject):
    """Outlives the window's widgets, which are built anew under another theme or language: `attach` follows them."""

    def __init__(self, window: MainWindow, habits: Habits) -> None:
        """Raises `ValueError` for a key of `habits` that is none."""
        super().__init__(window)
        self._window, self._habits = window, habits
        self._access = AccessView()
        self.keys = ActionKeys(window, habits.keys)
        self.idle = IdleWatch(self, (habits.lock_after_s, habits.role_after_s))

        self.keys.intent.connect(window.intent)
        self.keys.dead.connect(self._on_dead_key)
        self.idle.passed.connect(self._on_idle)

    def attach(self) -> None:
        """Take the window's new widgets; a locked screen stays locked."""
        window, locked = self._window, hasattr(self, "lock") and self.lock.locked
        bar, side = window.alarm_bar, window.side
        self.lock = ScreenLock(
            window.ground,
            places=(window.camera, side.camera),
            stops=(window.insufflator.stop, side.stop),
            holds=(window.all_stop, window.light.standby_key, side.standby),
            live=(bar.acknowledge, bar.next, bar.list_key, bar.sound, window.alarm_page),
            above=(window.closing,),
        )
        self.pad = window.cards.code
        self.lock.intent.connect(window.intent)
        self.lock.notice.connect(window.show_notice)
        self.lock.changed.connect(self._on_lock)
        self.pad.shown.connect(self.keys.set_typing)
        window.status.lock_wanted.connect(self.lock.lock)
        window.service.code_wanted.connect(self._on_code_wanted)
        window.service.change_wanted.connect(self._on_change_wanted)
        if locked:
            self.lock.lock()

    def show_tower(self, view: TowerView) -> None:
        """Follow the tower."""
        self._access = view.access
        self.idle.watch(self._window.windowHandle())
        self.keys.show_tower(view)
        self._window.status.show_role(view.access.role)
        if self.pad.isVisible():
            self.pad.show_access(view.access)
        self.lock.show_tower(view)

    def name_key(self, event: QKeyEvent) -> None:
        """Somebody sets up a foot switch: say what it sends."""
        if not event.isAutoRepeat() and self._window.service.isVisible():
            try:
                name = Qt.Key(event.key()).name.removeprefix("Key_")
            except ValueError:
                name = f"0x{event.key():X}"
            self._window.show_notice(self.tr("This key is called {name}; no action has it").format(name=name))

    @Slot(bool)
    def _on_lock(self, locked: bool) -> None:
        self.keys.set_locked(locked)
        if locked:
            self._window.leave_pages()
            if self._access.role is not Role.CLINICAL:
                self._window.intent.emit(LeaveRole())

    @Slot()
    def _on_dead_key(self) -> None:
        self.lock.shield.touched.emit()

    @Slot(float)
    def _on_idle(self, passed_s: float) -> None:
        if passed_s == self._habits.role_after_s and self._access.role is not Role.CLINICAL:
            self._window.intent.emit(LeaveRole())
        if passed_s == self._habits.lock_after_s and not self._window.closing.isVisible():
            self.lock.lock()

    @Slot(object)
    def _on_code_wanted(self, role: Role) -> None:
        self._window.cards.ask_code(role, self._access, changing=False)

    @Slot(object)
    def _on_change_wanted(self, role: Role) -> None:
        self._window.cards.ask_code(role, self._access, changing=True)
