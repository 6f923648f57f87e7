"""The role in force on the service page: taking one, ending it, changing codes."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import phrases, servicemodels, theme
from ui.intents import LeaveRole
from ui.serviceview import AccessView, Role
from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine


class AccessPage(QWidget, Sized):
    """Clinical work needs no role: everything for the patient is open to everybody."""

    intent = Signal(object)
    code_wanted = Signal(object)  # Role
    change_wanted = Signal(object)  # Role

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._access = AccessView()
        self.role = TextLine("value", bold=True, chars=16, least=0.7)
        self.meaning = TextLine("body", tint=theme.now().text_soft, chars=24, lines=2)
        self.enter = {role: Key("", "locked", row=True, critical=False) for role in servicemodels.ROLE_KEYS}
        self.change = {role: Key("", "edit", row=True, critical=False) for role in servicemodels.ROLE_KEYS}
        self.leave = Key(self.tr("End role"), "cancel", row=True, critical=False)
        self.codes = TextLine("small", chars=24, lines=3)

        self._grid = QGridLayout()
        for at, role in enumerate(servicemodels.ROLE_KEYS):
            self._grid.addWidget(self.enter[role], 0, at)
            self._grid.addWidget(self.change[role], 1, at)
        self._grid.addWidget(self.leave, 2, 0, 1, 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for line in (self.role, self.meaning):
            self._column.addWidget(line)
        self._column.addLayout(self._grid)
        self._column.addWidget(self.codes)
        self._column.addStretch(1)

        for role in servicemodels.ROLE_KEYS:
            self.enter[role].clicked.connect(self._on_enter)
            self.change[role].clicked.connect(self._on_change)
        self.leave.clicked.connect(self._on_leave)
        self._draw()

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._column.setSpacing(sizes.gap)
        self._grid.setSpacing(sizes.gap)
        for key in (*self.enter.values(), *self.change.values(), self.leave):
            key.setFixedHeight(sizes.service_key)

    def show_access(self, access: AccessView) -> None:
        """Draw the role in force."""
        if access != self._access:
            self._access = access
            self._draw()

    def _draw(self) -> None:
        access, clinical = self._access, self._access.role is Role.CLINICAL
        name = servicemodels.role_text(access.role)
        self.role.set_text(self.tr("Role: {role}").format(role=name), icon="" if clinical else "unlocked")
        meanings = {
            Role.CLINICAL: self.tr("Service can be read. What changes something there needs a code."),
            Role.SERVICE: self.tr("Saving, export and the simulated modules are open."),
            Role.ADMINISTRATION: self.tr("As service; codes can be changed as well."),
        }
        demo = clinical and access.may_change
        self.meaning.set_text(
            self.tr("Demonstration: what the service role may is open to everybody.") if demo else meanings[access.role]
        )
        administration = access.role is Role.ADMINISTRATION
        for role in servicemodels.ROLE_KEYS:
            self.enter[role].set_face(servicemodels.role_text(role), on=role is access.role)
            self.enter[role].setEnabled(role is not access.role)
            self.change[role].set_face(self.tr("New code"), hint=servicemodels.role_text(role))
            self.change[role].setEnabled(administration)
        self.leave.setEnabled(not clinical)
        missing = [role for role in servicemodels.ROLE_KEYS if role not in access.codes]
        trouble = "" if access.codes else phrases.say(access.answer)  # such as a damaged file of codes
        self.codes.set_text(trouble or (servicemodels.no_code(missing[0]) if missing else ""))

    def _role_of(self, keys: dict[Role, Key]) -> Role:
        pressed = self.sender()
        return next(role for role, key in keys.items() if key is pressed)

    @Slot()
    def _on_enter(self) -> None:
        self.code_wanted.emit(self._role_of(self.enter))

    @Slot()
    def _on_change(self) -> None:
        self.change_wanted.emit(self._role_of(self.change))

    @Slot()
    def _on_leave(self) -> None:
        self.intent.emit(LeaveRole())
