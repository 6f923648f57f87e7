"""The second step before a value above safe practice: the risk in one sentence, back, and a hold that sets it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import Sizes
from ui.widgets.base import Sized
from ui.widgets.key import HoldKey, Key
from ui.widgets.text_line import TextLine

HOLD_S = 1.0


class PadQuestion(QWidget, Sized):
    """Takes the place of the pad's digits.  A tap sets nothing: the hold cannot be meant for anything else."""

    back = Signal()
    sure = Signal()
    touched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.risk = TextLine("body", bold=True, chars=20, lines=5)
        self.back_key = Key(self.tr("Change value"), "edit", row=True)
        self.sure_key = HoldKey("", "apply", hint=self.tr("hold 1 s"), hold_s=HOLD_S, row=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)
        self._column.addWidget(self.risk)
        self._column.addStretch(1)
        self._column.addWidget(self.back_key, alignment=Qt.AlignmentFlag.AlignBottom)
        self._column.addWidget(self.sure_key, alignment=Qt.AlignmentFlag.AlignBottom)

        self.back_key.clicked.connect(self.back)
        self.sure_key.pressed.connect(self.touched)
        self.sure_key.held.connect(self.sure)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._column.setSpacing(sizes.gap)

    def ask(self, risk: str, value: str) -> None:
        """Name the risk; `value` with its unit stands on the key that sets it."""
        self.risk.set_text(risk, icon="caution")
        self.sure_key.set_face(self.tr("Set {value}").format(value=value))

    def set_ready(self, ready: bool) -> None:
        """Whether anything could be sent now."""
        self.sure_key.setEnabled(ready)
