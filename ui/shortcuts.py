"""Keys of keyboard and foot switch for the picture: freeze, snapshot, record, the enhanced view on or off."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QKeyCombination, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.intents import SetEnhanced, SetFrozen, SetRecording, TakeSnapshot
from ui.viewstate import TowerView

USUAL: Mapping[str, str] = {"freeze": "F", "snapshot": "S", "record": "R", "enhanced": "E"}
# The surgeon's own foot switch is no stray touch: what it does to the picture changes nothing at the patient.
WHILE_LOCKED = frozenset({"freeze", "snapshot"})


class ActionKeys(QObject):
    """One shortcut an action; a key held down acts once."""

    intent = Signal(object)
    dead = Signal()  # a key that does nothing while the screen is locked

    def __init__(self, window: QWidget, keys: Mapping[str, str]) -> None:
        """`keys`: action -> Qt's name of the key without "Key_", "" for none.  Raises `ValueError` for names that are
        none."""
        super().__init__(window)
        self._view = TowerView(time_s=0.0)
        self._locked = False
        self._shortcuts: dict[str, QShortcut] = {}
        for action, name in {**USUAL, **keys}.items():
            if action not in USUAL:
                raise ValueError(f"expected an action of {', '.join(USUAL)}, got {action!r}")
            if name:
                self._shortcuts[action] = self._make(window, action, name)

    def show_tower(self, view: TowerView) -> None:
        """Know what is frozen, recorded and enhanced."""
        self._view = view

    def set_typing(self, typing: bool) -> None:
        """While a code is typed no key does anything else."""
        for shortcut in self._shortcuts.values():
            shortcut.setEnabled(not typing)

    def set_locked(self, locked: bool) -> None:
        """The screen is locked: only `WHILE_LOCKED` act."""
        self._locked = locked

    def _make(self, window: QWidget, action: str, name: str) -> QShortcut:
        key = getattr(Qt.Key, f"Key_{name}", None)
        if key is None:
            raise ValueError(f"{action}: no key is called {name!r}")
        shortcut = QShortcut(QKeySequence(QKeyCombination(key)), window)
        shortcut.setAutoRepeat(False)
        shortcut.setObjectName(action)
        shortcut.activated.connect(self._on_key)
        return shortcut

    @Slot()
    def _on_key(self) -> None:
        action, view = self.sender().objectName(), self._view
        if self._locked and action not in WHILE_LOCKED:
            self.dead.emit()
            return
        match action:
            case "freeze":
                self.intent.emit(SetFrozen(not view.frozen))
            case "snapshot":
                self.intent.emit(TakeSnapshot())
            case "record":
                self.intent.emit(SetRecording(not view.recording))
            case "enhanced":
                self.intent.emit(SetEnhanced(not view.enhanced_on))
