"""How the screen looks and speaks: language, theme and unit of pressure, each changed by one touch."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme, units
from ui.appearance import LANGUAGES, PRESSURE_UNITS, THEMES, Appearance
from ui.intents import SetAppearance
from ui.languages import OWN_NAMES
from ui.theme import Sizes
from ui.widgets.base import Panel
from ui.widgets.key import Key
from ui.widgets.text_line import TextLine


class AppearanceCard(Panel):
    """Lies over the enhanced picture.  The choice in force is drawn inverted; a touch on it changes nothing."""

    intent = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, role="card")
        self._appearance = Appearance()
        self.title = TextLine("key_text", bold=True, chars=16)
        self.title.set_text(self.tr("Language and display"))
        self.close_key = Key(self.tr("Close"), "cancel", row=True)
        themes = {"dark": self.tr("Dark"), "daylight": self.tr("Daylight")}
        self.languages = {code: Key(OWN_NAMES[code], critical=False) for code in LANGUAGES}
        self.themes = {name: Key(themes[name], critical=False) for name in THEMES}
        self.units = {unit: Key(units.SCALES[unit].name, critical=False) for unit in PRESSURE_UNITS}
        self._choices = {"language": self.languages, "theme": self.themes, "pressure_unit": self.units}

        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.close_key)
        self._grid = QGridLayout()
        captions = (self.tr("Language"), self.tr("Colours"), self.tr("Pressure in"))
        for row, (caption, keys) in enumerate(zip(captions, self._choices.values(), strict=True)):
            line = TextLine("body", tint=theme.now().text_soft, fit=True)
            line.set_text(caption)
            self._grid.addWidget(line, row, 0)
            for at, key in enumerate(keys.values()):
                self._grid.addWidget(key, row, 1 + at)
                key.clicked.connect(self._on_key)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addLayout(self._grid)
        self.hide()

        self.close_key.clicked.connect(self.hide)

    def set_sizes(self, sizes: Sizes) -> None:
        super().set_sizes(sizes)
        self._grid.setSpacing(sizes.gap)
        for keys in self._choices.values():
            for key in keys.values():
                # No patient depends on these, but a gloved finger finds them.
                key.setFixedHeight(max(sizes.service_key, sizes.critical_key * 3 // 4))
                key.setMinimumWidth(sizes.critical_key * 3 // 2)
        self.adjustSize()

    def open_with(self, appearance: Appearance) -> None:
        """Show the card with what is in force."""
        self._appearance = appearance
        for field, keys in self._choices.items():
            for name, key in keys.items():
                key.set_face(key.text(), on=name == getattr(appearance, field))
        self.show()
        self.raise_()

    @Slot()
    def _on_key(self) -> None:
        touched = self.sender()
        for field, keys in self._choices.items():
            for name, key in keys.items():
                if key is touched and name != getattr(self._appearance, field):
                    self.intent.emit(SetAppearance(replace(self._appearance, **{field: name})))
