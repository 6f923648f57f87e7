"""What is shown on the second screen: nothing, raw, enhanced or split; with or without numbers; on which monitor."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.arrangement import Layout
from ui.second_screen import CHOICES, SecondScreen
from ui.theme import Sizes
from ui.widgets.base import Panel
from ui.widgets.choice_key import ChoiceKey
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine


class SecondCard(Panel):
    """The keys are off where there is no second monitor, and the card says so."""

    back = Signal()

    def __init__(self, second: SecondScreen, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self._second = second
        self.title = TextLine("key_text", bold=True, chars=20)
        self.title.set_text(self.tr("Second screen"))
        self.state = TextLine("small", tint=theme.now().text_soft, chars=34, lines=2)
        self.close_key = Key(self.tr("Back"), "cancel", row=True)
        words = {
            None: (self.tr("Off"), "no-picture"),
            Layout.RAW: (self.tr("Raw"), "layout-raw"),
            Layout.ENHANCED: (self.tr("Enhanced"), "layout-enhanced"),
            Layout.SPLIT: (self.tr("Split"), "layout-split"),
        }
        choices: tuple[Layout | None, ...] = (None, *CHOICES)
        self.keys = {choice: ChoiceKey(choice, *words[choice]) for choice in choices}
        self.numbers = Key(self.tr("Numbers on the picture"), row=True)
        self.monitor = Key(self.tr("Next monitor"), "next", row=True)

        top = QHBoxLayout()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.state)
        top.addLayout(texts, 1)
        top.addWidget(self.close_key)
        self._grid = QGridLayout()
        for at, key in enumerate(self.keys.values()):
            key.chosen.connect(self._on_choice)
            self._grid.addWidget(key, 0, at)
            self._grid.setColumnStretch(at, 1)
        self._grid.addWidget(self.numbers, 1, 0, 1, 2)
        self._grid.addWidget(self.monitor, 1, 2, 1, 2)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addLayout(self._grid)
        self.hide()
        self._show()

        self.close_key.clicked.connect(self.back)
        self.numbers.clicked.connect(self._on_numbers)
        self.monitor.clicked.connect(second.next_monitor)
        second.changed.connect(self._show)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        below = max(key.sizeHint().width() for key in (self.numbers, self.monitor))  # each under two of the choices
        widest = max(*(key.sizeHint().width() for key in self.keys.values()), (below - sizes.gap + 1) // 2)
        for key in self.keys.values():
            key.setMinimumWidth(widest)
        self.adjustSize()

    def open(self) -> None:
        """Show the card."""
        self._show()
        self.show()
        self.raise_()

    @Slot()
    def _show(self) -> None:
        choice, why = self._second.choice, self._second.why_off()
        names = [monitor.name for monitor in self._second.monitors()]
        shown_on = choice.monitor if choice.monitor in names else names[0] if names else ""
        said = self.tr("Monitor {name}. No patient data is shown.").format(name=shown_on)
        if choice.numbers:
            said = f"{shown_on} · {self.numbers.text()}"
        self.state.set_text(why or said)
        for layout, key in self.keys.items():
            key.set_face(key.text(), on=layout is choice.layout)
            key.setEnabled(not why)
        hint = self.tr("on") if choice.numbers else self.tr("off")
        self.numbers.set_face(self.numbers.text(), hint=hint, on=choice.numbers)
        self.numbers.setEnabled(not why)
        self.monitor.setEnabled(len(names) > 1)
        self.monitor.set_face(self.monitor.text(), hint=self.tr("{n} found").format(n=len(names)))

    @Slot(object)
    def _on_choice(self, layout: Layout | None) -> None:
        self._second.choose(replace(self._second.choice, layout=layout))

    @Slot()
    def _on_numbers(self) -> None:
        self._second.choose(replace(self._second.choice, numbers=not self._second.choice.numbers))
