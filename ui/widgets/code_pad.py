"""The pad on which a code is typed: large keys, dots only; takes a role, or gives one another code."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import phrases, servicemodels, theme
from ui.intents import ChangeCode, EnterCode
from ui.serviceview import AccessView, Role
from ui.theme import Sizes
from ui.widgets.base import Panel
from ui.widgets.countdown import CountDown
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine

EXPIRY_S = 30.0
TICK_MS = 100
MOST_DIGITS = 12


class CodePad(Panel):
    """Not modal.  What is typed is drawn as dots, is in no other widget, and is forgotten when the pad closes."""

    intent = Signal(object)
    shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self.role = Role.SERVICE
        self._changing = False
        self._first: str | None = None  # of a new code, typed twice
        self._entry = ""
        self._answers: int | None = None  # seen when the code was sent; None: none is awaited
        self._access = AccessView()
        self._until_s = 0.0
        self.title = TextLine("key_text", bold=True, chars=22, least=0.8)
        self.dots = TextLine("value", bold=True, chars=MOST_DIGITS + 2, align=Qt.AlignmentFlag.AlignHCenter)
        self.message = TextLine("small", bold=True, chars=24, lines=4)
        self.left = TextLine("small", tint=theme.now().text_soft, chars=20)
        self.bar = CountDown()
        self.cancel = Key(self.tr("Cancel"), "cancel", row=True)
        self.enter = Key(self.tr("Enter"), "apply", row=True)
        self.enter.set_strong(True)
        self.digits = {text: Key(text, role="value") for text in "7894561230"}
        self.backspace = Key("", "backspace")
        self.backspace.setAccessibleName(self.tr("Delete"))
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)

        ends = QHBoxLayout()
        ends.addWidget(self.cancel)
        ends.addWidget(self.enter)
        side = self._side = QVBoxLayout()
        for widget in (self.title, self.dots, self.message):
            side.addWidget(widget)
        side.addStretch(1)
        side.addLayout(ends)
        side.addWidget(self.left)
        side.addWidget(self.bar)
        self._grid = QGridLayout()
        for at, text in enumerate("789456123"):
            self._grid.addWidget(self.digits[text], at // 3, at % 3)
        self._grid.addWidget(self.digits["0"], 3, 0, 1, 2)
        self._grid.addWidget(self.backspace, 3, 2)
        row = QHBoxLayout(self)
        row.addLayout(side, 5)
        row.addLayout(self._grid, 4)
        self.hide()

        self.cancel.clicked.connect(self.dismiss)
        self.enter.clicked.connect(self._on_enter)
        self.backspace.clicked.connect(self._delete)
        for key in self.digits.values():
            key.clicked.connect(self._on_digit)
        self._timer.timeout.connect(self._tick)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        self._side.setSpacing(sizes.gap // 2)
        self.adjustSize()

    def open_for(self, role: Role, access: AccessView) -> None:
        """Ask for this role's code; says how to set one where there is none."""
        self._open(role, access, changing=False)
        title = self.tr("Code of service") if role is Role.SERVICE else self.tr("Code of administration")
        self.title.set_text(title, icon="locked")
        if role not in access.codes:
            self._say(servicemodels.no_code(role))

    def open_change(self, role: Role, access: AccessView) -> None:
        """Ask twice for a new code of this role."""
        self._open(role, access, changing=True)
        self._ask_new()

    @Slot()
    def dismiss(self) -> None:
        """Close and forget what was typed."""
        self._timer.stop()
        self._entry, self._first, self._answers = "", None, None
        self.hide()

    def show_access(self, access: AccessView) -> None:
        """Follow the role in force, and how the code was taken."""
        self._access = access
        if self._answers is None or access.answers == self._answers or access.checking:
            return
        self._answers = None
        if access.taken and not self._changing:
            self.dismiss()
            return
        self._entry, self._first = "", None
        if self._changing and not access.taken:
            self._ask_new()
        self._touch()
        self._say(phrases.say(access.answer), "apply" if access.taken else "refused")

    def typed(self) -> int:
        """How many digits are typed."""
        return len(self._entry)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if text and text in self.digits:
            self.type_digit(text)
        elif event.key() == Qt.Key.Key_Backspace:
            self._delete()
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)

    def type_digit(self, text: str) -> None:
        """Append a digit."""
        if self._answers is None and len(self._entry) < MOST_DIGITS:
            self._entry += text
            self._say("")
            self._touch()

    def _open(self, role: Role, access: AccessView, *, changing: bool) -> None:
        self.role, self._changing, self._access = role, changing, access
        self._entry, self._first, self._answers = "", None, None
        self._say("")
        self._touch()
        self._timer.start()
        self.show()
        self.raise_()
        self.setFocus()

    def _ask_new(self) -> None:
        service = self.role is Role.SERVICE
        title = self.tr("New code of service") if service else self.tr("New code of administration")
        if self._first is not None:
            title = self.tr("The same code again")
        self.title.set_text(title, icon="locked")

    @Slot()
    def _on_digit(self) -> None:
        key = self.sender()
        if isinstance(key, Key):
            self.type_digit(key.text())

    @Slot()
    def _delete(self) -> None:
        if self._answers is None:
            self._entry = self._entry[:-1]
            self._touch()

    @Slot()
    def _on_enter(self) -> None:
        if not self._entry or self._answers is not None:
            return
        entry = self._entry
        if self._changing and self._first is None:
            self._first, self._entry = entry, ""
            self._ask_new()
            self._touch()
            return
        if self._changing and entry != self._first:
            self._first, self._entry = None, ""
            self._ask_new()
            self._touch()
            self._say(self.tr("The two codes differ. Type the new code again."), "refused")
            return
        self._answers = self._access.answers
        self._touch()
        self._say(self.tr("The code is being checked…"), "pending")
        order = ChangeCode if self._changing else EnterCode
        self.intent.emit(order(self.role, entry))

    def _say(self, text: str, icon: str = "refused") -> None:
        self.message.set_text(text, icon=icon if text else "")

    def _touch(self) -> None:
        """Something was typed: draw it and start the time again."""
        self._until_s = time.monotonic() + EXPIRY_S
        self.dots.set_text("●" * len(self._entry))
        # A screen reader would say it aloud.
        self.dots.setAccessibleName(self.tr("{n} digits typed").format(n=len(self._entry)))
        self.enter.setEnabled(bool(self._entry) and self._answers is None)
        self._tick()

    @Slot()
    def _tick(self) -> None:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            self.dismiss()
            return
        self.left.set_text(self.tr("closes in {s} s").format(s=math.ceil(left_s)))
        self.bar.show_left(left_s / EXPIRY_S)
