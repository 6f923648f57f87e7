"""A key that stands for one of several choices, and says which when it is touched."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from ui.widgets.key import Key


class ChoiceKey(Key):
    """`chosen` comes with `clicked`: one slot serves all keys of a choice.  (A QButtonGroup would not hear of touches,
    which keys take themselves.)"""

    chosen = Signal(object)

    def __init__(self, choice: object, text: str, icon: str = "", *, critical: bool = True) -> None:
        super().__init__(text, icon, critical=critical)
        self.choice = choice
        self.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.choice)
